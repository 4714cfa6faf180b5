"""What was said about time, the same for every language: `Day`, `Clock` and `Stated` values, and how pieces that agree merge.

The forms of a language produce them; `resolving.py` turns the whole into an instant or a day in the person's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from shared.language.model import Meanings

if TYPE_CHECKING:
    from shared.language.language import Language

DAY: Final = timedelta(days=1)
Part = Literal["dawn", "early", "morning", "lunch", "afternoon", "evening", "tonight", "night", "end_of_day"]
"""Parts of a day; most are a field of `Meanings`."""
Grain = Literal["day", "weekend", "week", "month", "quarter", "season", "half", "year", "decade", "range"]
"""How long a named time is."""
CalendarDay = date  # inside classes that have a field named date


@dataclass(slots=True)
class Context:
    """What every meaning may ask: the person's clock, zone and settings, and the language they speak."""

    now: datetime  # aware, in `zone`
    zone: ZoneInfo
    meanings: Meanings
    language: Language

    @property
    def today(self) -> date:
        """The calendar day in the person's zone."""
        return self.now.date()

    @property
    def minute(self) -> datetime:
        """The minute it is: "at 9" said at 9:00:20 is now, not tomorrow."""
        return self.now.replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time. Months and days follow the calendar, seconds the clock."""

    months: int = 0
    days: int = 0
    seconds: float = 0

    @property
    def timed(self) -> bool:
        """True when hours, minutes or seconds were said."""
        return self.seconds != 0

    @property
    def total_seconds(self) -> int:
        """The length in seconds; a month counts 30 days."""
        return int((self.months * 30 + self.days) * 86_400 + self.seconds)

    def __add__(self, other: Span) -> Span:
        """Both lengths, one after the other."""
        return Span(self.months + other.months, self.days + other.days, self.seconds + other.seconds)

    def __neg__(self) -> Span:
        """The same length backwards."""
        return Span(-self.months, -self.days, -self.seconds)

    def times(self, count: float) -> Span:
        """`count` of them; half a month is 15 days, half a day 12 hours."""
        months, days, seconds = self.months * count, self.days * count, self.seconds * count
        days += (months - int(months)) * 30
        seconds += (days - int(days)) * 86_400
        return Span(int(months), int(days), seconds)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, or the first day of a longer time ("next week")."""

    date: CalendarDay
    last: CalendarDay | None = None  # the last day of the week, weekend, month
    first: CalendarDay | None = None  # where a time that is under way began; `date` is then today
    grain: Grain = "day"
    weekday: int | None = None  # 0 is Monday; set when only a weekday was named
    full: bool = False
    aside: str | None = None
    other: CalendarDay | None = None
    past: bool = False  # the words themselves point back: yesterday, last friday
    today: bool = False  # "today" was said
    said: str = ""
    rule: tuple[int, int, int] | None = None  # of a holiday: month, nth, weekday; or month, 0, day
    kind: str = ""  # "ordinal" (the 3rd), "holiday": days that read differently beside other words


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. `sure` is False while am or pm is open."""

    hour: int
    minute: int = 0
    second: int = 0
    sure: bool = True
    midnight: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """What was said about time so far; pieces merge into one."""

    day: Day | None = None
    clock: Clock | None = None
    part: str = ""  # morning, afternoon, evening, night, tonight, end_of_day: a field of Meanings or near it
    instant: datetime | None = None
    last_day: Day | None = None  # explicit ranges
    last_clock: Clock | None = None
    length: Span | None = None  # "for two hours"
    zone: tuple[str, ZoneInfo] | None = None
    weak: bool = False  # needs a neighbour or the edge of the clause to count ("sat", "sun")

    @property
    def timed(self) -> bool:
        """True when a time of day is known."""
        return self.clock is not None or self.instant is not None or bool(self.part)


def merge(first: Stated, second: Stated) -> Stated | None:
    """Both pieces as one, or None when they contradict each other."""
    if first.instant or second.instant:
        return _merge_instant(first, second)
    if (first.clock and second.clock) or (first.last_clock and second.last_clock) or (first.zone and second.zone):
        return None
    if first.part and second.part and first.part != second.part:
        return None
    day = _merge_days(first.day, second.day)
    if day is None and first.day and second.day:
        return None
    return Stated(
        day=day,
        clock=first.clock or second.clock,
        part=first.part or second.part,
        last_day=first.last_day or second.last_day,
        last_clock=first.last_clock or second.last_clock,
        length=first.length or second.length,
        zone=first.zone or second.zone,
        weak=first.weak and second.weak,
    )


def _merge_instant(first: Stated, second: Stated) -> Stated | None:
    base, extra = (first, second) if first.instant else (second, first)
    if base.instant and extra == Stated(length=extra.length):
        return replace(base, length=extra.length)
    return None


def _merge_days(first: Day | None, second: Day | None) -> Day | None:
    if not first or not second:
        return first or second
    for named, period in ((first, second), (second, first)):
        if named.kind == "ordinal" and period.grain == "month":
            return _in_month(named, period)
        if named.weekday is not None and period.grain in ("week", "month", "weekend"):
            monday = period.date - timedelta(days=period.date.weekday() if period.grain != "month" else 0)
            offset = (named.weekday - monday.weekday()) % 7
            return Day(monday + timedelta(days=offset), full=True)
        if named.weekday is not None and period.weekday is None and period.grain == "day":
            return period
    return first if first.date == second.date else None


def _in_month(named: Day, month: Day) -> Day | None:
    """The 3rd next month."""
    last = month.last
    if last is None or named.date.day > last.day:
        return None
    return Day(last.replace(day=named.date.day), full=True)
