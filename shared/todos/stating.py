"""Dates as a program states them, and the moments they are: a day, an instant, or a time on the person's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from shared.language.model import Moment, Value
from shared.todos import dates
from shared.todos.errors import DateTooFar
from shared.todos.model import Settings

LAST_YEAR: Final = 2999
"""Later is a slip of the keys, and calculating with it would soon leave the calendar."""
FIRST_YEAR: Final = 2


class Stated(Value):
    """Either an `instant`, or a `day` that may have a time on the person's clock."""

    day: date | None = None
    at: time | None = None  # on the clock of the zone the person is in that day
    instant: AwareDatetime | None = None


def moment(stated: Stated, settings: Settings) -> Moment:
    """The moment in the zone the person is in that day. A time that the clocks leave out comes an hour later.

    Args:
        stated: the date.
        settings: the person's, as they are in force.

    Raises:
        DateTooFar: it is after 2999.
    """
    named = stated.instant.date() if stated.instant else stated.day
    if named is None or not FIRST_YEAR <= named.year <= LAST_YEAR:
        raise DateTooFar
    if stated.instant:
        zone = ZoneInfo(dates.zone_on(settings, stated.instant.astimezone(ZoneInfo(settings.zone)).date()))
        at = stated.instant.astimezone(zone)
    elif stated.at:
        zone = ZoneInfo(dates.zone_on(settings, named))
        at = datetime.combine(named, stated.at, zone).astimezone(UTC).astimezone(zone)
    else:
        return Moment(day=named)
    return Moment(day=at.date(), at=at)


def due_fields(start: Moment, end: Moment | None, settings: Settings) -> dict[str, Any]:
    """The fields of a task due from `start` to `end`, both as `moment` makes them: their instants stay as they are."""
    return dates.due_fields(start, end, settings, said_in=dates.zone_on(settings, start.day))
