"""From a stretch that states time to values: the `When`, the `Repeat` with its first day, the `Reminder`s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from shared.language.calendar import shift
from shared.language.chains import Time
from shared.language.model import Moment, Reminder, Repeat, When
from shared.language.moments import DAY, Clock, Context, Day, Stated
from shared.language.recurrence import Rule, instant_text, until_text
from shared.language.resolving import resolve

# From what was stated to values.


def when_of(context: Context, time: Time, *, period: bool = False) -> When | None:
    """The date or time a stretch states; the first occurrence for a repeat."""
    if time.rule is not None:
        return _first_of(context, time)
    return resolve(context, time.stated, period=period) if time.stated is not None else None


def repeat_of(context: Context, time: Time, when: When | None, said: str) -> Repeat | None:
    """The recurrence a stretch states."""
    if time.rule is None:
        return None
    start = when.start if when else Moment(day=context.today)
    last = time.ending.last_day(start.day)
    until = _last_instant(context, time) or (until_text(last, start.at) if last is not None else None)
    rrule = time.rule.text(count=time.ending.count, until=until)
    whole = replace(time.rule, skipped=())
    days = tuple(day for day in time.rule.skipped if day >= start.day and whole.first_day(day) == day)
    return Repeat(rrule=rrule, after_done=time.rule.after_done, except_days=days, said=said)


def _last_instant(context: Context, time: Time) -> str | None:
    """UNTIL of a repeat within the day: "every 15 minutes for 2 hours", "every hour until 6pm"."""
    if time.rule is None or not time.rule.timed:
        return None
    if time.ending.clock is not None:
        last = resolve(context, Stated(clock=time.ending.clock))
        return instant_text(last.start.at) if last is not None and last.start.at is not None else None
    length = time.stated.length if time.stated is not None and time.stated.clock is None else None
    return instant_text(shift(context.minute, length)) if length is not None else None


def _first_of(context: Context, time: Time) -> When | None:
    rule, stated = time.rule, time.stated or Stated()
    assert rule is not None  # noqa: S101 - the caller chose this branch
    if stated.instant is not None:
        return resolve(context, stated)
    if rule.part and not stated.part:
        stated = Stated(
            stated.day,
            stated.clock,
            rule.part,
            last_day=stated.last_day,
            last_clock=stated.last_clock,
            length=stated.length,
            zone=stated.zone,
        )
    anchored = stated.day is not None or time.ending.start is not None
    if rule.timed and not anchored and stated.clock is None:
        return resolve(context, Stated(instant=shift(context.minute, rule.span)))
    if rule.hours:
        return _first_hour(
            context,
            rule,
            max(time.ending.start or (stated.day.date if stated.day else context.today), context.today),
            anchored=anchored,
        )
    base = time.ending.start or (stated.day.date if stated.day else context.today)
    base = max(base, context.today)
    first = rule.first_day(base)
    found = _on(context, stated, first)
    if found is not None and found.start.at is not None and found.start.at <= context.now:
        first = rule.first_day(first + DAY)
        found = _on(context, stated, first)
    if found is None:
        return None
    named = bool(rule.month_days) or (stated.day is not None and stated.day.full)
    return found.model_copy(update={"day_stated": anchored, "full": named, "over": None})


def _first_hour(context: Context, rule: Rule, base: date, *, anchored: bool) -> When | None:
    """The first of several times a day that is to come."""
    first = rule.first_day(base)
    for day in (first, rule.first_day(first + DAY)):
        for hour in rule.hours:
            found = resolve(context, Stated(Day(day), Clock(hour, rule.minute)))
            if found is not None and found.start.at is not None and found.start.at > context.now:
                return found.model_copy(update={"day_stated": anchored, "over": None})
    return None


def _on(context: Context, stated: Stated, day: date) -> When | None:
    """The stated time of day on `day`; "at 7" of a repeat is never the evening because the morning has passed."""
    clock = stated.clock
    if clock is not None and not clock.sure and not stated.part and stated.last_clock is None:
        hour = clock.hour % 12
        clock = Clock(hour + 12 if hour < 7 else hour, clock.minute, clock.second)
    fixed = Stated(Day(day), clock, stated.part, last_clock=stated.last_clock, length=stated.length, zone=stated.zone)
    return resolve(context, fixed)


def reminders_of(before: Sequence[int]) -> tuple[Reminder, ...]:
    """Reminders so many seconds before."""
    return tuple(Reminder(before_seconds=seconds) for seconds in before)


def morning_of(context: Context, when: When) -> Reminder | None:
    """The reminder for an all-day todo someone asked to be reminded of: its morning, unless that is over."""
    if when.start.at is not None or when.over is not None:
        return None
    stated = Stated(Day(when.start.day), part="morning")
    found = resolve(context, stated)
    if found is None or found.start.at is None or found.start.at <= context.now:
        return None
    return Reminder(at=found.start)


def shifted(when: When, seconds: int) -> When:
    """A relative move: `seconds` from the todo's own due time."""
    at = when.start.at
    start = Moment(day=(at + timedelta(seconds=seconds)).date(), at=at + timedelta(seconds=seconds)) if at else when.start
    return when.model_copy(update={"start": start, "shift_seconds": seconds})
