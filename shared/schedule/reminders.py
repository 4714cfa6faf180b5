"""The instant a reminder comes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from shared.language.model import Moment, Reminder

MORNING: Final = time(9)
"""When an all-day todo's day begins for its reminders, unless the person's own morning is given."""

DAY_SECONDS: Final = 86_400


def remind_at(reminder: Reminder, due: Moment | None, zone: tzinfo, *, morning: time = MORNING) -> datetime | None:
    """When `reminder` comes, aware in `zone`; None when it counts from a date that is not there.

    Whole days before are days on the calendar ("the day before" at 9am is at 9am, also when the clocks change in between);
    the rest is elapsed time.
    """
    if reminder.at is not None:
        return instant_of(reminder.at, zone, morning=morning)
    if due is None or reminder.before_seconds is None:
        return None
    days, seconds = divmod(reminder.before_seconds, DAY_SECONDS)
    on_the_day = instant_of(due, zone, morning=morning) - timedelta(days=days)
    return (on_the_day.astimezone(UTC) - timedelta(seconds=seconds)).astimezone(zone)


def instant_of(moment: Moment, zone: tzinfo, *, morning: time = MORNING) -> datetime:
    """The moment as an instant in `zone`; an all-day one is at that day's `morning`."""
    if moment.at is not None:
        return moment.at.astimezone(zone)
    return datetime.combine(moment.day, morning, zone).astimezone(UTC).astimezone(zone)
