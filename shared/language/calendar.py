"""Calendar arithmetic, wall clocks, and the few words an aside needs (replies are written by `shared.messages`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from shared.language.moments import DAY, Clock, Context, Span


def at_local(context: Context, day: date, clock: Clock) -> tuple[datetime, str | None]:
    """The instant of a wall-clock time; a time the clocks skip moves forward, and says so."""
    if clock.hour == 24:
        day, clock = day + DAY, replace(clock, hour=0)
    wall = datetime.combine(day, clock_time(clock), context.zone)
    real = wall.astimezone(UTC).astimezone(context.zone)
    moved = real.replace(tzinfo=None) != wall.replace(tzinfo=None)
    return real, context.language.saying.clocks_change if moved else None


def clock_time(clock: Clock) -> time:
    """The time of day."""
    return time(clock.hour % 24, clock.minute, clock.second)


# Calendar arithmetic.


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the last day where the month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, days_in_month(year, month)))


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - DAY).day


def add_to_day(day: date, span: Span) -> date:
    """A day moved by the calendar part of `span`."""
    return add_months(day, span.months) + timedelta(days=span.days)


def shift(start: datetime, span: Span) -> datetime:
    """An instant moved: months and days keep the wall clock, hours and minutes are elapsed time."""
    if span.months or span.days:
        start = datetime.combine(add_to_day(start.date(), span), start.timetz())
    moved = start.astimezone(UTC) + timedelta(seconds=span.seconds)
    return moved.astimezone(start.tzinfo)


# The few words an aside needs; replies are written by shared.messages.


def say_date(context: Context, day: date) -> str:
    """27 Nov, with the year where it is another."""
    year = f" {day.year}" if day.year != context.today.year else ""
    return f"{day.day} {say_month(context, day)}{year}"


def say_month(context: Context, day: date) -> str:
    """Nov."""
    return context.language.saying.months[day.month - 1]


def say_day(context: Context, day: date) -> str:
    """Today, Yesterday, or Fri 20 Nov."""
    if day == context.today:
        return context.language.saying.today
    if day == context.today - DAY:
        return context.language.saying.yesterday
    return f"{context.language.saying.weekdays[day.weekday()]} {say_date(context, day)}"


def say_time(context: Context, at: time) -> str:
    """9am, 7:30pm, noon; 17:00 for who wants it."""
    if context.meanings.hours == 24:
        return f"{at.hour}:{at.minute:02}"
    saying = context.language.saying
    if (at.hour, at.minute) == (12, 0):
        return saying.noon
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{saying.am if at.hour < 12 else saying.pm}"
