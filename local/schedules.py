"""Cron schedules as PingSources have them: five fields, in whatever zone the caller means (a cluster: UTC)."""

from __future__ import annotations

from datetime import datetime

#: Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday).
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


class BadSchedule(ValueError):
    """No cron schedule of five fields."""


def matches(schedule: str, at: datetime) -> bool:
    """Whether a cron schedule names this minute. When day of month and day of week are both restricted, either is enough.

    Raises:
        BadSchedule: it cannot be read.
    """
    fields = schedule.split()
    if len(fields) != len(RANGES):
        raise BadSchedule(schedule)
    minutes, hours, days, months, weekdays = (
        _numbers(field, low, high) for field, (low, high) in zip(fields, RANGES, strict=True)
    )
    day, weekday = at.day in days, bool({at.isoweekday(), at.isoweekday() % 7} & weekdays)
    right_day = (day or weekday) if "*" not in (fields[2], fields[4]) else (day and weekday)
    return at.minute in minutes and at.hour in hours and at.month in months and right_day


def _numbers(field: str, low: int, high: int) -> set[int]:
    """The numbers a field names: `*`, `*/5`, `1-5`, `0,30`."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("", "", "") if span == "*" else span.partition("-")
        try:
            begin = int(first or low)
            end = int(last or (begin if first and not step else high))
            found |= set(range(begin, end + 1, int(step or 1)))
        except ValueError:
            raise BadSchedule(field) from None
    if not found <= set(range(low, high + 1)):
        raise BadSchedule(field)
    return found
