"""Pieces of time that stand together, chained: "tomorrow" "in the evening" "at 8" state one time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from shared.language.moments import Stated, merge
from shared.language.parse import Parse
from shared.language.recurrence import NO_ENDING, Ending, Rule
from shared.language.text import Token
from shared.language.words import Joining, Words

LONGEST_CHAIN: Final = 6


@dataclass(frozen=True, slots=True)
class Time:
    """A stretch of tokens that states a time, a repeat, or both."""

    start: int
    end: int
    stated: Stated | None = None
    rule: Rule | None = None
    ending: Ending = NO_ENDING


def read_chain(parse: Parse, at: int, end: int) -> Time | None:
    """The pieces from `at`, as long as they agree."""
    stated: Stated | None = None
    stop = here = at
    for _ in range(LONGEST_CHAIN):
        step = next_piece(parse, here, end, stated)
        if step is None:
            break
        stop, stated = step
        here = stop
    if stated is None or (stated.day is None and stated.instant is None and not stated.timed):
        return None
    return _ranged(parse, Time(at, stop, stated), end)


def _ranged(parse: Parse, time: Time, end: int) -> Time:
    """E.g. "friday 5pm to sunday 3pm": a second statement behind "to" ends the first."""
    stated = time.stated
    if stated is None or stated.last_day or stated.last_clock or not stated.day or not stated.timed:
        return time
    here = time.end
    until: Words = parse.context.language.joining.until
    if here + 1 >= end or parse.tokens[here].word not in until:
        return time
    last = read_chain(parse, here + 1, end)
    if (
        last is None
        or last.stated is None
        or not (last.stated.clock or last.stated.part)
        or last.stated.day is None
        or last.stated.day.date < stated.day.date
    ):
        return time
    return Time(time.start, last.end, replace(stated, last_day=last.stated.day, last_clock=last.stated.clock))


def next_piece(parse: Parse, here: int, end: int, stated: Stated | None) -> tuple[int, Stated] | None:
    """The longest piece from `here` (after a connector) that agrees with what was stated before."""
    tokens = parse.tokens
    known: Joining = parse.context.language.joining
    starts = [here]
    if stated is not None and here < end and tokens[here].word in known.connectors:
        starts.append(here + 1)
        if here + 1 < end and tokens[here + 1].word in known.connectors:
            starts.append(here + 2)
    for start in starts:
        for stop, piece in _pieces(parse, start, stated):
            if stop > end or _cut_short(tokens, stop, end) or (piece.zone and not _is_zone(known, tokens, start, stop)):
                continue
            together = piece if stated is None else merge(stated, piece)
            if together is not None and (stated is None or together != stated):
                return stop, together
    return _in_brackets(parse, here, end, stated)


def _in_brackets(parse: Parse, here: int, end: int, stated: Stated | None) -> tuple[int, Stated] | None:
    """E.g. "9am (BST)", "4 dec (friday)": the pieces within belong to what stands before."""
    if stated is None or here + 2 >= end or parse.tokens[here].text != "(":
        return None
    for stop, piece in parse.match("piece", here + 1):
        together = merge(stated, piece)
        if stop < end and parse.tokens[stop].text == ")" and together is not None:
            return stop + 1, together
    return None


def _is_zone(known: Joining, tokens: Sequence[Token], start: int, stop: int) -> bool:
    """Short zones are words but for their capitals: "5pm ET"."""
    return stop > start + 1 or tokens[start].word not in known.shouted_zones or tokens[start].text.isupper()


def _pieces(parse: Parse, start: int, stated: Stated | None) -> list[tuple[int, Stated]]:
    """Pieces that can begin here; behind a day, a bare hour too."""
    pieces = parse.match("piece", start)
    if stated is not None and stated.day is not None and stated.clock is None and stated.instant is None:
        return sorted([*pieces, *parse.match("beside_day", start)], key=lambda found: -found[0])
    return pieces


def _cut_short(tokens: Sequence[Token], stop: int, end: int) -> bool:
    """True when the last number of a piece belongs to the next word: "until 4" of "until 4 dec"."""
    if stop >= end or "int" not in tokens[stop - 1].values:
        return False
    return bool(tokens[stop].values.keys() & {"month", "longunit", "ampm"}) or (
        tokens[stop].word in ("%", "$")
        or (tokens[stop].word == "-" and stop + 1 < end and _run_on(tokens[stop], tokens[stop + 1]))
        or (stop > 1 and "month" in tokens[stop - 2].values and _no_such_days(tokens[stop : stop + 3]))
    )


def _no_such_days(behind: Sequence[Token]) -> bool:
    """E.g. "february 20 - 29, 2022": had the calendar those days, the whole would have been read."""
    return len(behind) == 3 and behind[0].word == "-" and behind[1].kind == "int" and behind[2].word == ","


def _run_on(dash: Token, following: Token) -> bool:
    """E.g. "10 - 10.1", "2027-q1"."""
    return following.kind == "decimal" or not (dash.spaced or following.kind != "word" or following.values)
