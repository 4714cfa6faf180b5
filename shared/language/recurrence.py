"""Repeats as RFC 5545 rules: what a language's forms build, written out, with the first day they fall on.

A `Rule` is what "every friday" says, an `Ending` what follows it ("until 4 dec", "5 times", "starting monday").
`Rule.text` writes the RRULE value (RFC 5545 section 3.3.10) without DTSTART. A day of the month that some months lack means
their last day there: people who are paid "every 31st" are paid in November too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from shared.language.calendar import add_to_day, days_in_month
from shared.language.moments import DAY, Clock, Span

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SECONDS: Final = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
_TIMED: Final = tuple(_SECONDS)
_STEP_DAYS: Final = {"DAILY": 1, "WEEKLY": 7}
_SEARCH_DAYS: Final = 366 * 8 + 3  # 29 February is never further away


@dataclass(frozen=True, slots=True)
class Rule:
    """How often, and on which days."""

    frequency: str
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()  # (nth or 0, weekday)
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    part: str = ""  # "every morning"
    hours: tuple[int, ...] = ()  # several times a day, all at `minute`
    minute: int = 0
    after_done: bool = False
    skipped: tuple[date, ...] = ()  # single days left out: an RRULE has no place for them

    def after(self) -> Rule:
        """The same, counted from completion."""
        return replace(self, after_done=True)

    def every(self, interval: int) -> Rule:
        """The same at another interval."""
        return replace(self, interval=interval)

    def at_hours(self, hours: tuple[int, ...], minute: int) -> Rule:
        """The same, several times a day."""
        return replace(self, hours=hours, minute=minute)

    def without(self, days: tuple[int, ...]) -> Rule | None:
        """The same but for some weekdays; None where a rule cannot say so."""
        plain = self.interval == 1 and not (self.month_days or self.months or self.positions)
        if not plain or self.frequency not in ("DAILY", "WEEKLY") or (self.frequency == "WEEKLY" and not self.weekdays):
            return None
        kept = tuple((0, day) for day in ([day for _, day in self.weekdays] or range(7)) if day not in days)
        return replace(self, frequency="WEEKLY", weekdays=kept) if kept else None

    def but_in(self, months: tuple[int, ...]) -> Rule | None:
        """The same but in some months; None where nothing is left, or for a repeat of once a year."""
        kept = tuple(month for month in self.months or range(1, 13) if month not in months)
        return replace(self, months=kept) if kept and self.frequency != "YEARLY" else None

    def but_on(self, days: tuple[date, ...]) -> Rule | None:
        """The same but on single days."""
        return replace(self, skipped=(*self.skipped, *days)) if not self.timed and not self.after_done else None

    def yearly(self, month: int) -> Rule:
        """The same, in one month of each year."""
        return replace(self, frequency="YEARLY", months=(month,))

    @property
    def timed(self) -> bool:
        """True for repeats within a day."""
        return self.frequency in _TIMED

    @property
    def span(self) -> Span:
        """The time between two occurrences of a repeat within a day."""
        return Span(seconds=self.interval * _SECONDS[self.frequency])

    def text(self, *, count: int | None = None, until: str | None = None) -> str:
        """The RRULE value."""
        month_days, positions = (
            _clamped(self.month_days, self.positions) if self.frequency == "MONTHLY" else (self.month_days, self.positions)
        )
        parts = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.months:
            parts.append("BYMONTH=" + _joined(self.months))
        if month_days:
            parts.append("BYMONTHDAY=" + _joined(month_days))
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(f"{nth or ''}{_DAYS[day]}" for nth, day in self.weekdays))
        if positions:
            parts.append("BYSETPOS=" + _joined(positions))
        if self.hours:
            parts.append("BYHOUR=" + _joined(self.hours))
            if self.minute:
                parts.append(f"BYMINUTE={self.minute}")
        if count is not None:
            parts.append(f"COUNT={count}")
        elif until is not None:
            parts.append(f"UNTIL={until}")
        return ";".join(parts)

    def first_day(self, start: date) -> date:
        """The first day on or after `start` the rule falls on (`start` itself for plain intervals)."""
        if not (self.weekdays or self.month_days or self.months or self.skipped):
            return start
        day = start
        for _ in range(_SEARCH_DAYS):
            if self._falls_on(day, start):
                return day
            day += DAY
        return start

    def _falls_on(self, day: date, start: date) -> bool:
        if day in self.skipped or (self.months and day.month not in self.months):
            return False
        if self.frequency in _STEP_DAYS and not (self.weekdays or self.month_days):
            return (day - start).days % (_STEP_DAYS[self.frequency] * self.interval) == 0
        if self.month_days:
            size = days_in_month(day.year, day.month)
            wanted = {min(each, size) if self.frequency == "MONTHLY" else each for each in self.month_days if each > 0}
            return day.day in wanted or day.day - size - 1 in self.month_days
        if not self.weekdays:
            return day.day == (start.day if day.month == start.month else 1)
        if self.positions:
            return day in self._positioned(day)
        return any(weekday == day.weekday() and _nth_matches(nth, day) for nth, weekday in self.weekdays)

    def _positioned(self, day: date) -> list[date]:
        days = {weekday for _, weekday in self.weekdays}
        size = days_in_month(day.year, day.month)
        all_days = [each for each in (day.replace(day=number) for number in range(1, size + 1)) if each.weekday() in days]
        return [all_days[nth - 1 if nth > 0 else nth] for nth in self.positions if abs(nth) <= len(all_days)]


@dataclass(frozen=True, slots=True)
class Ending:
    """What bounds a repeat. Several may stand together."""

    until: date | None = None
    count: int | None = None
    span: Span | None = None
    start: date | None = None
    clock: Clock | None = None  # "every hour until 6pm"

    def __add__(self, other: Ending) -> Ending:
        """Both; what was said first holds."""
        return Ending(
            self.until or other.until,
            self.count or other.count,
            self.span or other.span,
            self.start or other.start,
            self.clock or other.clock,
        )

    def last_day(self, first: date) -> date | None:
        """The last day the repeat may fall on, once its first day is known."""
        if self.until is not None:
            if self.until >= first:
                return self.until
            # "from monday to friday" ends in that week, "from november until february" in the next year.
            near = first - self.until < 7 * DAY
            return self.until + 7 * DAY if near else add_to_day(self.until, Span(months=12))
        return add_to_day(first, self.span) - DAY if self.span is not None else None


NO_ENDING: Final = Ending()


def until_text(last: date, at: datetime | None) -> str:
    """UNTIL for a repeat whose last possible day is `last`: a date, or for timed todos that day's instant in UTC."""
    if at is None:
        return last.strftime("%Y%m%d")
    return instant_text(datetime.combine(last, at.timetz()))


def instant_text(at: datetime) -> str:
    """UNTIL for the last instant of a repeat within a day, in UTC."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _joined(numbers: tuple[int, ...]) -> str:
    return ",".join(str(number) for number in numbers)


def _clamped(month_days: tuple[int, ...], positions: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if len(month_days) == 1 and month_days[0] > 28:
        return tuple(range(28, month_days[0] + 1)), (-1,)
    return month_days, positions


def _nth_matches(nth: int, day: date) -> bool:
    if nth == 0:
        return True
    if nth > 0:
        return (day.day - 1) // 7 + 1 == nth
    return (days_in_month(day.year, day.month) - day.day) // 7 + 1 == -nth
