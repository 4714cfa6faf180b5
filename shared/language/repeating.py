"""A repeat with what stands beside it: its time of day, several of them, its start, its end, the days left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.language.chains import LONGEST_CHAIN, Time, next_piece
from shared.language.moments import DAY, Clock, Stated
from shared.language.parse import Parse
from shared.language.recurrence import NO_ENDING, Ending, Rule
from shared.language.resolving import in_order
from shared.language.words import Joining

_BOUNDING: Final = frozenset({"week", "month", "quarter", "season", "range"})  # "every day this week" ends with it


def is_working_week(time: Time) -> bool:
    """E.g. "monday to friday at 4": a time of each of these days, not a meeting of five."""
    stated = time.stated
    if stated is None or stated.day is None or stated.last_day is None or stated.clock is None or stated.last_clock is not None:
        return False
    named = stated.day.weekday == 0 and stated.last_day.date - stated.day.date == 4 * DAY
    return named and stated.length is None


def each_working_day(time: Time) -> Time:
    """The repeat it is."""
    assert time.stated is not None  # noqa: S101 - the caller saw one
    rule = Rule("WEEKLY", weekdays=tuple((0, day) for day in range(5)))
    return Time(time.start, time.end, Stated(clock=time.stated.clock, part=time.stated.part, zone=time.stated.zone), rule)


def read_repeat(parse: Parse, at: int, end: int) -> Time | None:
    """The longest repeat from `at`, with what follows it."""
    for stop, rule in parse.match("repeat", at):
        if stop <= end:
            return _extend_repeat(parse, Time(at, stop, None, rule), end)
    return None


def led_repeat(parse: Parse, at: int, end: int) -> Time | None:
    """A repeat behind its start ("starting tomorrow every day") or its time of day ("at 10 on the 15th of every month")."""
    known: Joining = parse.context.language.joining
    for stop, ending in parse.match("ending", at):
        if ending.start is not None or parse.tokens[at].word in known.lasting:
            found = read_repeat(parse, stop + (stop < end and parse.tokens[stop].word == ","), end)
            if found is not None:
                return Time(at, found.end, found.stated, found.rule, ending + found.ending)
    for stop, hours in parse.match("at_hours", at):
        found = read_repeat(parse, stop, end) if stop < end else None
        if found is not None and found.rule is not None and found.stated is None:
            rule = several_hours(found.rule, hours)
            return replace(found, start=at, rule=rule) if rule is not None else None
    for stop, piece in parse.match("piece", at):
        if piece.day is None and piece.clock is not None and piece.last_clock is None and stop < end:
            found = time_then_repeat(parse, Time(at, stop, piece), end)
            if found is not None:
                return found
    return None


def time_then_repeat(parse: Parse, plain: Time, end: int) -> Time | None:
    """E.g. "(at 3pm) every day"."""
    known: Joining = parse.context.language.joining
    here = plain.end
    if here < end and parse.tokens[here].word in known.before_repeat:
        here += 1
    found = read_repeat(parse, here, end)
    if found is None or (found.stated is not None and found.stated.clock is not None):
        return None
    return Time(plain.start, found.end, plain.stated, found.rule, found.ending)


def _extend_repeat(parse: Parse, time: Time, end: int) -> Time:
    """Take in the time of day, the start and the end that follow a repeat."""
    stated, ending, stop, rule = time.stated, time.ending, time.end, time.rule
    assert rule is not None  # noqa: S101 - the caller read one
    for _ in range(LONGEST_CHAIN):
        narrower = _read_hours(parse, stop, end, rule) or _read_exception(parse, stop, end, rule)
        if narrower is not None:
            stop, rule = narrower
            continue
        bound = next(
            ((at, value) for at, value in parse.match("ending", stop) if at <= end and (rule.timed or value.clock is None)),
            None,
        )
        if bound is not None:
            stop, ending = bound[0], ending + bound[1]
            continue
        step = next_piece(parse, stop, end, stated or Stated())
        if step is None:
            break
        stop, stated = step
    rule, stated = _within_hours(rule, stated)
    if ending == NO_ENDING and stated is not None and stated.day is not None and stated.day.grain in _BOUNDING:
        ending = Ending(until=stated.day.last)
    return Time(time.start, stop, stated, rule, ending)


def _read_hours(parse: Parse, at: int, end: int, rule: Rule) -> tuple[int, Rule] | None:
    """E.g. "(every day) at 8am and 8pm"."""
    if rule.hours or rule.timed:
        return None
    found = next(((stop, hours) for stop, hours in parse.match("at_hours", at) if stop <= end), None)
    several = several_hours(rule, found[1]) if found is not None else None
    return (found[0], several) if found is not None and several is not None else None


def _read_exception(parse: Parse, at: int, end: int, rule: Rule) -> tuple[int, Rule] | None:
    """E.g. "(every day) except sunday", "except in july", "except christmas day": whichever says most."""
    kinds = (("exception", rule.without), ("exception_months", rule.but_in), ("exception_date", rule.but_on))
    found = [
        (stop, fewer)
        for kind, leave_out in kinds
        for stop, excepted in parse.match(kind, at)
        if stop <= end and (fewer := leave_out(excepted)) is not None
    ]
    return max(found, key=lambda each: each[0], default=None)


def _within_hours(rule: Rule, stated: Stated | None) -> tuple[Rule, Stated | None]:
    """E.g. "every hour from 9 to 5": the hours of the clock between."""
    if rule.frequency != "HOURLY" or stated is None or stated.clock is None or stated.last_clock is None:
        return rule, stated
    first, last = in_order(stated.clock, stated.last_clock)
    until = last.hour if last.sure or last.hour > first.hour else last.hour % 12 + 12
    hours = tuple(range(first.hour, until + 1, rule.interval))
    if len(hours) < 2 or last.minute < first.minute:
        return rule, stated
    daily = replace(rule, frequency="DAILY", interval=1) if rule.interval > 1 else rule
    return daily.at_hours(hours, first.minute), replace(stated, clock=None, last_clock=None)


def several_hours(rule: Rule, clocks: Sequence[Clock]) -> Rule | None:
    """The rule at several times a day; None when they differ in their minutes, which one RRULE cannot say."""
    if rule.timed or len({clock.minute for clock in clocks}) > 1:
        return None
    hours: list[int] = []
    for clock in clocks:
        halves = [clock.hour] if clock.sure else [clock.hour % 12, clock.hour % 12 + 12]
        later = [hour for hour in halves if clock.sure or not hours or hour > hours[-1]]
        if not hours and not clock.sure:
            later = [clock.hour % 12 + 12 if clock.hour % 12 < 7 else clock.hour % 12]
        if not later:
            return None
        hours.append(later[0])
    return rule.at_hours(tuple(sorted(set(hours))), clocks[0].minute)
