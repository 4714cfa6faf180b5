"""From what was said about time to a `When`: the calendar behind the words, the same for every language.

The forms of a language produce `Day`, `Clock` and `Stated` values; `Stated` pieces that stand together ("friday" "at 5") are
merged, and `resolve` turns the whole into an instant or a day in the person's zone, with the reading not chosen (`aside`,
`other`), the mark of a stated time that is over (`over`), clocks that change, and other zones.
The defaults are those of docs/conversations.md, section 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.language.model import Meanings, Moment, When

DAY: Final = timedelta(days=1)
CalendarDay = date  # inside classes that have a field named date
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(slots=True)
class Context:
    """What every meaning may ask: the person's clock, zone and settings."""

    now: datetime  # aware, in `zone`
    zone: ZoneInfo
    meanings: Meanings

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
    grain: str = "day"
    weekday: int | None = None  # 0 is Monday; set when only a weekday was named
    full: bool = False
    aside: str | None = None
    other: CalendarDay | None = None
    past: bool = False  # the words themselves point back: yesterday, last friday
    today: bool = False  # "today" was said
    said: str = ""


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
        if named.weekday is not None and period.grain in ("week", "month", "weekend"):
            monday = period.date - timedelta(days=period.date.weekday() if period.grain != "month" else 0)
            offset = (named.weekday - monday.weekday()) % 7
            return Day(monday + timedelta(days=offset), full=True)
        if named.weekday is not None and period.weekday is None and period.grain == "day":
            return period
    return first if first.date == second.date else None


def resolve(context: Context, stated: Stated, *, period: bool = False) -> When | None:
    """The `When` that was meant; with `period`, the end of a week or month named as a whole is kept (for questions)."""
    if stated.instant is not None:
        return _from_instant(context, stated)
    if stated.day is None and not stated.timed:
        return None
    if stated.zone is not None and stated.clock is not None and stated.zone[1] != context.zone:
        return _from_other_zone(context, stated)
    if stated.clock is None and not stated.part:
        return _all_day(context, stated, period=period)
    return _timed(context, stated)


def _from_instant(context: Context, stated: Stated) -> When:
    assert stated.instant is not None  # noqa: S101 - the caller chose this branch
    start = stated.instant.astimezone(context.zone)
    end = None
    if stated.length is not None:
        finish = shift(start, stated.length)
        end = Moment(day=finish.date(), at=finish)
    over = f"{say_day(context, start.date())} {say_time(context, start.time())}" if start < context.now else None
    return When(start=Moment(day=start.date(), at=start), end=end, day_stated=True, time_stated=True, over=over)


def _all_day(context: Context, stated: Stated, *, period: bool) -> When | None:
    day = stated.day
    if day is None:
        return None
    last = stated.last_day.date if stated.last_day else None
    if last is None and period:
        last = day.last
    if last is None and stated.length is not None and not stated.length.timed:
        last = add_to_day(day.date, stated.length) - DAY
    over = None
    if day.date < context.today and not (last and last >= context.today) and not (day.last and day.last >= context.today):
        over = day.said or say_day(context, day.date)
    return When(
        start=Moment(day=day.date),
        end=Moment(day=last) if last and last > day.date else None,
        full=day.full,
        aside=day.aside,
        other=Moment(day=day.other) if day.other else None,
        over=over,
    )


def _timed(context: Context, stated: Stated) -> When | None:
    day, clock = stated.day, stated.clock
    if clock is None:
        clock = part_of_day(context, stated.part)
    elif stated.part and not clock.sure:
        clock = _in_part(clock, stated.part)
    if stated.last_clock is not None:
        clock, last_clock = _range(clock, stated.last_clock)
    else:
        last_clock = None
    choice = _choose(context, day, clock)
    start, note = at_local(context, choice.date, choice.clock)
    finish = _finish(context, stated, choice, start, last_clock)
    aside = note or choice.aside
    return When(
        start=Moment(day=start.date(), at=start),
        end=Moment(day=finish.date(), at=finish) if finish and finish > start else None,
        day_stated=day is not None,
        time_stated=True,
        full=bool(day and day.full),
        aside=aside,
        other=choice.other if aside == choice.aside else None,
        over=choice.over,
    )


@dataclass(frozen=True, slots=True)
class _Choice:
    date: CalendarDay
    clock: Clock
    aside: str | None = None
    other: Moment | None = None
    over: str | None = None


def _choose(context: Context, day: Day | None, clock: Clock) -> _Choice:
    """Which day and which half of it a time of day means."""
    if clock.midnight:
        return _choose_midnight(context, day, clock)
    if day is None:
        return _next_to_come(context, clock)
    if day.date == context.today and not day.past:
        return _today_at(context, day, clock)
    chosen, aside, other = _half(context, day.date, clock)
    if day.other is not None and day.aside:
        aside, other = day.aside, _moment(context, day.other, chosen)
    elif day.aside:
        aside, other = day.aside, None
    over = None
    if at_local(context, day.date, chosen)[0] < context.now:
        over = f"{day.said or say_day(context, day.date)} {say_time(context, _clock_time(chosen))}"
    return _Choice(day.date, chosen, aside, other, over)


def _choose_midnight(context: Context, day: Day | None, clock: Clock) -> _Choice:
    """Midnight ends the day that was named; "12am" begins it (a Clock without `midnight`)."""
    return _Choice((day.date if day else context.today) + DAY, clock)


def _next_to_come(context: Context, clock: Clock) -> _Choice:
    for half in _halves(clock):
        if at_local(context, context.today, half)[0] >= context.minute:
            return _Choice(context.today, half)
    tomorrow = context.today + DAY
    if clock.sure:
        return _Choice(tomorrow, clock, aside="not today")
    chosen, aside, other = _half(context, tomorrow, clock)
    return _Choice(tomorrow, chosen, aside, other)


def _today_at(context: Context, day: Day, clock: Clock) -> _Choice:
    halves = _halves(clock)
    for half in halves:
        if at_local(context, day.date, half)[0] >= context.minute:
            return _Choice(day.date, half)
    last = halves[-1]
    return _Choice(day.date, last, over=f"{day.said or 'Today'} {say_time(context, _clock_time(last))}")


def _halves(clock: Clock) -> list[Clock]:
    if clock.sure:
        return [clock]
    morning = replace(clock, hour=clock.hour % 12, sure=True)
    return [morning, replace(morning, hour=morning.hour + 12)]


def _half(context: Context, day: date, clock: Clock) -> tuple[Clock, str | None, Moment | None]:
    """Morning or afternoon on a day that is not today; 7 and 8 name the other."""
    if clock.sure:
        return clock, None, None
    hour = clock.hour % 12
    pm = hour < 7
    chosen = replace(clock, hour=hour + 12 if pm else hour, sure=True)
    if hour not in (7, 8):
        return chosen, None, None
    other = replace(chosen, hour=hour + 12)
    return chosen, f"not {say_time(context, _clock_time(other))}", _moment(context, day, other)


def _in_part(clock: Clock, part: str) -> Clock:
    """5 in the afternoon is 17:00; 12 at night is midnight, 2 at night is 2:00."""
    hour = clock.hour % 12
    if part in ("morning", "dawn"):
        return replace(clock, hour=hour, sure=True)
    if part == "night" and hour < 5:
        return replace(clock, hour=hour, sure=True, midnight=hour == 0 and clock.minute == 0)
    if part in ("tonight", "evening") and hour == 0 and clock.minute == 0:
        return Clock(0, midnight=True)
    return replace(clock, hour=hour + 12, sure=True)


def _range(first: Clock, last: Clock) -> tuple[Clock, Clock]:
    """3-5pm: the half of the end holds for the start where that keeps them in order; 9-5 is 9 to 17."""
    if not first.sure and last.sure:
        late = [half for half in _halves(first) if _minutes(half) < _minutes(last)]
        if not late:
            return _halves(first)[1], last
        # 11-1pm starts in the morning; 3-5pm in the same half as its end.
        return late[-1], last
    if not first.sure:
        return replace(first, hour=first.hour % 12 + (12 if first.hour % 12 < 7 else 0), sure=True), last
    if not last.sure:
        after = [half for half in _halves(last) if _minutes(half) > _minutes(first)]
        return first, after[0] if after else _halves(last)[0]
    return first, last


def _minutes(clock: Clock) -> int:
    return clock.hour * 60 + clock.minute


def _finish(context: Context, stated: Stated, choice: _Choice, start: datetime, last_clock: Clock | None) -> datetime | None:
    if stated.length is not None:
        return shift(start, stated.length)
    last_day = stated.last_day.date if stated.last_day else choice.date
    if last_clock is None:
        if stated.last_day is None:
            return None
        return at_local(context, last_day, choice.clock)[0]
    for half in _halves(last_clock):
        finish = at_local(context, last_day, half)[0]
        if finish > start:
            return finish
    return at_local(context, last_day + DAY, _halves(last_clock)[0])[0]


def _from_other_zone(context: Context, stated: Stated) -> When | None:
    """Friday 9am JST: chosen there, told here."""
    assert stated.zone is not None  # noqa: S101 - the caller chose this branch
    label, zone = stated.zone
    there = Context(context.now.astimezone(zone), zone, context.meanings)
    found = resolve(there, replace(stated, zone=None))
    if found is None or found.start.at is None:
        return found
    local = found.start.at.astimezone(context.zone)
    end = found.end.at.astimezone(context.zone) if found.end and found.end.at else None
    said = f"{_WEEKDAYS[found.start.day.weekday()]} {say_time(context, found.start.at.time())} {label}"
    return found.model_copy(
        update={
            "start": Moment(day=local.date(), at=local),
            "end": Moment(day=end.date(), at=end) if end else None,
            "aside": said,
            "other": None,
        }
    )


def _moment(context: Context, day: date, clock: Clock) -> Moment:
    at = at_local(context, day, clock)[0]
    return Moment(day=at.date(), at=at)


def at_local(context: Context, day: date, clock: Clock) -> tuple[datetime, str | None]:
    """The instant of a wall-clock time; a time the clocks skip moves forward, and says so."""
    if clock.hour == 24:
        day, clock = day + DAY, replace(clock, hour=0)
    wall = datetime.combine(day, _clock_time(clock), context.zone)
    real = wall.astimezone(UTC).astimezone(context.zone)
    moved = real.replace(tzinfo=None) != wall.replace(tzinfo=None)
    return real, "the clocks change" if moved else None


def _clock_time(clock: Clock) -> time:
    return time(clock.hour % 24, clock.minute, clock.second)


def part_of_day(context: Context, part: str) -> Clock:
    """The person's own hour for a part of the day."""
    at = {
        "morning": context.meanings.morning,
        "early": time(7),
        "dawn": time(6),
        "lunch": time(12),
        "afternoon": context.meanings.afternoon,
        "evening": context.meanings.evening,
        "tonight": context.meanings.tonight,
        "night": context.meanings.tonight,
        "end_of_day": context.meanings.end_of_day,
    }[part]
    return Clock(at.hour, at.minute)


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
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


def say_month(day: date) -> str:
    """Nov."""
    return _MONTHS[day.month - 1]


def say_day(context: Context, day: date) -> str:
    """Today, Yesterday, or Fri 20 Nov."""
    if day == context.today:
        return "Today"
    if day == context.today - DAY:
        return "Yesterday"
    return f"{_WEEKDAYS[day.weekday()]} {say_date(context, day)}"


def say_time(context: Context, at: time) -> str:
    """9am, 7:30pm, noon; 17:00 for who wants it."""
    if context.meanings.hours == 24:
        return f"{at.hour}:{at.minute:02}"
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"
