"""When a repeating todo comes next.

The rule is RFC 5545's RRULE without DTSTART, and the occurrence at hand is its start: "every 2 weeks" counts from there. Three
things differ from the letter of the RFC, because people mean them so:

* "Every 31st" is the last day of a shorter month, not no day at all (`FREQ=MONTHLY;BYMONTHDAY=31`; likewise 29 February).
* Wall-clock time is kept when the clocks change. A time that the change leaves out comes an hour later that day, and the rule
  remembers the hour it came from (BYHOUR, BYMINUTE) for the day after.
* `after_done` counts from completion: "3 days after done".

COUNT is what is left of the series, this occurrence included; the days left out (`except_days`) count too, as RFC 5545 has it.
A moved occurrence moves alone: `anchor` pins the weekday or day of the month when the repeat is set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, time, timedelta, tzinfo
from heapq import merge
from itertools import count
from typing import Final, cast
from zoneinfo import ZoneInfo

from shared.language.model import Moment, Repeat

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STEP_SECONDS: Final = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600}
FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY", *STEP_SECONDS})
LONGEST_INTERVAL: Final = 999_999
YEARS_AHEAD: Final = 400
"""The calendar is the same again after that: a rule that has not come by then never comes."""
SHORTEST_MONTH: Final = 28
MONTHS: Final = ",".join(map(str, range(1, 13)))
CLOCK_PARTS: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
DAY_HOURS: Final = frozenset({6, 8, 12, 24})
"""Hour steps that come at the same hours every day: "every 12 hours" stays at 8am and 8pm when the clocks change."""


@dataclass(frozen=True, slots=True)
class Next:
    """The next time of a series."""

    moment: Moment
    missed: int
    """Occurrences that passed between the one at hand and this one."""
    repeat: Repeat
    """The rule the next occurrence goes on with: COUNT is one less for every step."""


def next_due(
    repeat: Repeat, due: Moment, zone: str, *, after: datetime, done_at: datetime, years_ahead: int = YEARS_AHEAD
) -> Next | None:
    """The first occurrence later than both `due` and `after`; None when the series has ended.

    An all-day occurrence counts as later from the next day on: a todo done today does not come back today.

    Args:
        repeat: the rule; with `after_done` it counts from `done_at`.
        due: the occurrence that was done or skipped.
        zone: IANA name whose wall-clock time is kept.
        after: aware; usually the time of the message.
        done_at: aware; when it was done.
        years_ahead: how far a rule is followed whose parts may have no day in common.

    Raises:
        ValueError: the rule is no RRULE.
        zoneinfo.ZoneInfoNotFoundError: there is no such zone.
    """
    there = ZoneInfo(zone)
    anchored = anchor(repeat, due)
    parts = parts_of(anchored.rrule)
    if parts["FREQ"] in STEP_SECONDS and (repeat.after_done or _counts_elapsed_time(parts)):
        start = done_at.replace(second=0, microsecond=0) if repeat.after_done else due.at or _aware(_wall(due, there), there)
        return _elapsed(anchored, parts, start.astimezone(there), max(start, after, key=datetime.timestamp))
    meant = _meant(parts, due, there)
    if repeat.after_done:
        found = _moments(_after_done(parts, meant.time(), done_at.astimezone(there)), due, there)
    else:
        found = _apart(_moments(_calendar(parts, meant, years_ahead), due, there), due)
    left_out = 0
    for step, (wall, moment) in enumerate(found, start=1):
        if wall.date() in repeat.except_days:
            left_out += 1
            continue
        if _has_ended(parts, step, wall, there):
            return None
        if repeat.after_done or _is_later(moment, after.astimezone(there)):
            return Next(moment, step - 1 - left_out, _carried_on(anchored, parts, step, wall, moment))
    return None


def anchor(repeat: Repeat, due: Moment) -> Repeat:
    """Pin what the rule takes from its first date (weekday, day of the month): moving one occurrence then moves only that one.

    Call it when a todo gets a repeat, with its due date then; what is pinned already stays.
    """
    parts = parts_of(repeat.rrule)
    if repeat.after_done or parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}:
        return repeat
    match parts["FREQ"]:
        case "WEEKLY":
            pinned = {"BYDAY": WEEKDAYS[due.day.weekday()]}
        case "MONTHLY":
            pinned = {"BYMONTHDAY": str(due.day.day)}
        case "YEARLY":
            pinned = {"BYMONTH": parts.get("BYMONTH", str(due.day.month)), "BYMONTHDAY": str(due.day.day)}
        case _:
            return repeat
    return repeat.model_copy(update={"rrule": rule_of({**parts, **pinned})})


def parts_of(rrule: str) -> dict[str, str]:
    """The parts of a rule by name, upper case; FREQ is always there.

    Raises:
        ValueError: no FREQ, or one that RFC 5545 does not know; a part without a value; no INTERVAL that leads on.
    """
    parts = dict(part.split("=", 1) for part in rrule.upper().removeprefix("RRULE:").split(";") if part)
    if parts.get("FREQ") not in FREQUENCIES:
        raise ValueError(f"a rule without FREQ: {rrule!r}")
    if not 1 <= int(parts.get("INTERVAL", 1)) <= LONGEST_INTERVAL:
        raise ValueError(f"a rule that does not lead on: {rrule!r}")
    return parts


def rule_of(parts: Mapping[str, str]) -> str:
    """The rule of its parts."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def until_of(parts: Mapping[str, str], zone: tzinfo | None = None) -> datetime | None:
    """The last local instant of a series, naive; a date lasts to its end. A UTC time (Z) is taken to `zone`."""
    text = parts.get("UNTIL")
    if text is None:
        return None
    if len(text) == len("20261204"):
        return datetime.combine(datetime.strptime(text, "%Y%m%d").date(), time.max)  # noqa: DTZ007 - local: RFC 5545, 3.3.5
    local = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    return local.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if text.endswith("Z") and zone else local


def _counts_elapsed_time(parts: Mapping[str, str]) -> bool:
    """Hours and minutes are elapsed time, unless they come out at the same hours every day or the rule names hours."""
    return parts["FREQ"] in STEP_SECONDS and not _by_day_hours(parts) and not any(name.startswith("BY") for name in parts)


def _by_day_hours(parts: Mapping[str, str]) -> bool:
    return parts["FREQ"] == "HOURLY" and int(parts.get("INTERVAL", 1)) in DAY_HOURS


def _lists_hours(parts: Mapping[str, str]) -> bool:
    """Whether the rule itself says at which times of day it comes; a single time is that of the occurrence at hand."""
    several = any("," in parts.get(name, "") for name in CLOCK_PARTS)
    return several or (parts["FREQ"] in STEP_SECONDS and not _by_day_hours(parts))


def _elapsed(repeat: Repeat, parts: Mapping[str, str], start: datetime, after: datetime) -> Next | None:
    """Steps of equal length from `start`, aware in the person's zone."""
    there, step = start.tzinfo, timedelta(seconds=STEP_SECONDS[parts["FREQ"]] * int(parts.get("INTERVAL", 1)))
    steps = max(0, (after.astimezone(UTC) - start.astimezone(UTC)) // step) + 1
    at = (start.astimezone(UTC) + steps * step).astimezone(there)
    wall, moment = at.replace(tzinfo=None), Moment(day=at.date(), at=at)
    if _has_ended(parts, steps, wall, there):
        return None
    return Next(moment, steps - 1, _carried_on(repeat, parts, steps, wall, moment))


def _after_done(parts: Mapping[str, str], at: time, done_at: datetime) -> Iterator[datetime]:
    """Days, weeks, months or years after the day it was done, at its time of day; a short month gives its last day."""
    from dateutil.relativedelta import relativedelta

    unit = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}[parts["FREQ"]]
    interval = int(parts.get("INTERVAL", 1))
    for times in count(1):
        away = relativedelta(**{unit: times * interval})  # type: ignore[arg-type]  # its keywords have different types
        yield datetime.combine(done_at.date(), at) + away


def _calendar(parts: Mapping[str, str], start: datetime, years_ahead: int) -> Iterator[datetime]:
    """The occurrences after `start` by the calendar, as the clock on the wall shows them."""
    from dateutil.rrule import rrule, rrulestr

    going_on = {name: value for name, value in parts.items() if name not in {"COUNT", "UNTIL"}}
    if _by_day_hours(parts) and not _lists_hours(parts):  # what it remembers of its hours is in `start`
        going_on = {name: value for name, value in going_on.items() if name not in CLOCK_PARTS}
    rules = [cast(rrule, rrulestr(rule_of(rule), dtstart=start)) for rule in _by_month_day(going_on)]
    if sum(name.startswith("BY") for name in going_on) > 1:  # parts that may have no day in common
        last = start.replace(year=min(start.year + years_ahead, MAXYEAR), day=1)
        rules = [rule.replace(until=last) for rule in rules]
    for wall in merge(*map(iter, rules)):
        if wall > start:
            yield wall


def _by_month_day(parts: dict[str, str]) -> Iterator[dict[str, str]]:
    """One rule for each day of the month past the 28th (and in a year for each month), which falls back to the month's last day."""
    days = [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day]
    late = [day for day in days if day > SHORTEST_MONTH]
    if not late or parts["FREQ"] not in {"MONTHLY", "YEARLY"} or parts.keys() & {"BYSETPOS", "BYDAY"}:
        yield parts
        return
    months = parts.get("BYMONTH", MONTHS).split(",") if parts["FREQ"] == "YEARLY" else []
    for day in late:
        last = {**parts, "BYMONTHDAY": ",".join(str(d) for d in range(SHORTEST_MONTH, day + 1)), "BYSETPOS": "-1"}
        yield from [{**last, "BYMONTH": month} for month in months] or [last]
    if early := [day for day in days if day <= SHORTEST_MONTH]:
        yield {**parts, "BYMONTHDAY": ",".join(map(str, early))}


def _moments(walls: Iterable[datetime], due: Moment, there: tzinfo) -> Iterator[tuple[datetime, Moment]]:
    """Each time on the wall with what it is: an instant and the day that has it, or all of a day."""
    for wall in walls:
        at = _aware(wall, there) if due.at else None
        yield wall, Moment(day=(at or wall).date(), at=at)


def _apart(found: Iterable[tuple[datetime, Moment]], due: Moment) -> Iterator[tuple[datetime, Moment]]:
    """Those later than the one before: two times on the wall are one instant where a clock change left one of them out."""
    latest = due
    for wall, moment in found:
        if _order(moment) > _order(latest):
            yield wall, moment
            latest = moment


def _order(moment: Moment) -> float:
    """What orders moments. Times of one zone are compared by their wall clocks, which an overlap sets back (PEP 495)."""
    return moment.at.timestamp() if moment.at else moment.day.toordinal()


def _meant(parts: Mapping[str, str], due: Moment, there: tzinfo) -> datetime:
    """Where the rule goes on from: of an occurrence that a clock change moved, the time that was left out."""
    wall = _wall(due, there)
    if due.at is None or not {"BYHOUR", "BYMINUTE"} <= parts.keys():
        return wall
    hours, minutes = (parts[name].split(",") for name in ("BYHOUR", "BYMINUTE"))
    times = [time(int(hour), int(minute), wall.second) for hour in hours for minute in minutes]
    days = (wall.date() - timedelta(days=1), wall.date())
    possible = (datetime.combine(day, at) for day in days for at in times)
    return next((one for one in possible if _aware(one, there).timestamp() == due.at.timestamp()), wall)


def _wall(due: Moment, there: tzinfo | None) -> datetime:
    """The moment on the clock on the wall; an all-day one at its midnight."""
    return due.at.astimezone(there).replace(tzinfo=None) if due.at else datetime.combine(due.day, time())


def _aware(wall: datetime, there: tzinfo) -> datetime:
    """The instant of a wall time. One that does not exist comes an hour later (PEP 495, fold 0)."""
    return wall.replace(tzinfo=there).astimezone(UTC).astimezone(there)


def _is_later(moment: Moment, after: datetime) -> bool:
    return moment.at.timestamp() > after.timestamp() if moment.at else moment.day > after.date()


def _has_ended(parts: Mapping[str, str], step: int, wall: datetime, there: tzinfo | None) -> bool:
    until = until_of(parts, there)
    return (until is not None and wall > until) or ("COUNT" in parts and step >= int(parts["COUNT"]))


def _carried_on(repeat: Repeat, parts: Mapping[str, str], steps: int, wall: datetime, moment: Moment) -> Repeat:
    """The rule for the next occurrence: COUNT goes down, and the hour that a clock change left out is remembered for once."""
    listed = _lists_hours(parts)
    going_on = {name: value for name, value in parts.items() if listed or name not in CLOCK_PARTS}
    if "COUNT" in parts:
        going_on["COUNT"] = str(int(parts["COUNT"]) - steps)
    remembers = not listed or "BYHOUR" in parts or parts["FREQ"] not in STEP_SECONDS
    if remembers and moment.at is not None and moment.at.replace(tzinfo=None) != wall:
        left_out = {"BYHOUR": str(wall.hour), "BYMINUTE": str(wall.minute)}
        going_on = left_out | going_on if listed else going_on | left_out
    return repeat.model_copy(update={"rrule": rule_of(going_on)})
