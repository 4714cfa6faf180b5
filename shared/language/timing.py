"""Finding time in a clause: which words are a date, a repeat or both.

`chains.py` and `repeating.py` read them, `standing.py` doubts them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from shared.language.chains import Time, read_chain
from shared.language.language import Language
from shared.language.parse import Parse
from shared.language.repeating import each_working_day, is_working_week, led_repeat, read_repeat, time_then_repeat
from shared.language.standing import is_holiday, stands
from shared.language.text import Token

#: What a statement of time can begin with.
TIMES: Final = frozenset({"piece", "repeat", "ending"})


def find_times(parse: Parse, start: int, end: int) -> list[Time]:
    """Every stretch of tokens in [start, end) that states time, in order, not overlapping."""
    key = ("times", start, end)
    known: list[Time] | None = parse.memory.get(key)
    if known is None:
        known = parse.memory[key] = _find_times(parse, start, end)
    return known


def _find_times(parse: Parse, start: int, end: int) -> list[Time]:
    language: Language = parse.context.language
    found: list[Time] = []
    free = start  # the first token behind the last time
    for at in _spots(parse):
        time = read_time(parse, at, end) if free <= at < end else None
        if time is None:
            continue
        if stands(language, parse.tokens, time, start, end):
            found.append(_with_brackets(parse.tokens, time, free, end))
            free = found[-1].end
        elif is_holiday(time):
            free = time.end  # within "black friday sale" there is no Friday either
    return found


def _with_brackets(tokens: Sequence[Token], time: Time, start: int, end: int) -> Time:
    """E.g. "(every friday)": the brackets go with the time. `start` is the first token that is free."""
    if time.start > start and time.end < end and tokens[time.start - 1].text == "(" and tokens[time.end].text == ")":
        return replace(time, start=time.start - 1, end=time.end + 1)
    return time


def read_time(parse: Parse, at: int, end: int) -> Time | None:
    """The longest statement of time that begins at `at`."""
    if at >= end or at not in _spots(parse) or _only_figures(parse.tokens, at):
        return None
    key = (at, end)
    if key not in parse.memory:
        parse.memory[key] = _read_time(parse, at, end)
    known: Time | None = parse.memory[key]
    return known


def _spots(parse: Parse) -> Collection[int]:
    """Where a statement of time can begin, in order."""
    known: Collection[int] | None = parse.memory.get(_spots)
    if known is None:
        found = {at for symbol in TIMES for at in parse.spots(symbol)}
        known = parse.memory[_spots] = dict.fromkeys(sorted(found))
    return known


def _only_figures(tokens: Sequence[Token], at: int) -> bool:
    """Three numbers in a row are no time."""
    return tokens[at].kind == "int" and [token.kind for token in tokens[at + 1 : at + 3]] == ["int", "int"]


def _read_time(parse: Parse, at: int, end: int) -> Time | None:
    repeat = read_repeat(parse, at, end) or led_repeat(parse, at, end)
    plain = read_chain(parse, at, end)
    if repeat is not None and (plain is None or repeat.end >= plain.end):
        return repeat
    if plain is not None and is_working_week(plain):
        return each_working_day(plain)
    if plain is None or plain.stated is None:
        return repeat
    if plain.stated.day is None:  # "at 3pm every day"
        return time_then_repeat(parse, plain, end) or plain
    return plain
