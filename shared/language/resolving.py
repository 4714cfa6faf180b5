"""From what was stated to a `When`: the instant or day in the person's zone, the reading not chosen, and whether it is over.

Clocks that change, other zones, and the half of the day are decided here. The defaults are those of docs/conversations.md, section 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from shared.language.calendar import add_to_day, at_local, clock_time, say_day, say_time, shift
from shared.language.model import Moment, When
from shared.language.moments import DAY, CalendarDay, Clock, Context, Day, Stated


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
        clock, last_clock = in_order(clock, stated.last_clock)
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
        over = f"{day.said or say_day(context, day.date)} {say_time(context, clock_time(chosen))}"
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
        return _Choice(tomorrow, clock, aside=context.language.saying.not_today)
    chosen, aside, other = _half(context, tomorrow, clock)
    return _Choice(tomorrow, chosen, aside, other)


def _today_at(context: Context, day: Day, clock: Clock) -> _Choice:
    halves = _halves(clock)
    for half in halves:
        if at_local(context, day.date, half)[0] >= context.minute:
            return _Choice(day.date, half)
    last = halves[-1]
    return _Choice(day.date, last, over=f"{day.said or context.language.saying.today} {say_time(context, clock_time(last))}")


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
    return chosen, context.language.saying.other.format(say_time(context, clock_time(other))), _moment(context, day, other)


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


def in_order(first: Clock, last: Clock) -> tuple[Clock, Clock]:
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
    there = Context(context.now.astimezone(zone), zone, context.meanings, context.language)
    found = resolve(there, replace(stated, zone=None))
    if found is None or found.start.at is None:
        return found
    local = found.start.at.astimezone(context.zone)
    end = found.end.at.astimezone(context.zone) if found.end and found.end.at else None
    said = f"{context.language.saying.weekdays[found.start.day.weekday()]} {say_time(context, found.start.at.time())} {label}"
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
