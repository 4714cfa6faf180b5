"""Finding time in a clause: which words are a date, a repeat or an early reminder, and what they mean together.

Pieces of time that stand together are chained ("tomorrow, in the evening at 8"); a repeat takes its time of day, its start and
its end with it. Words are not dates by default: a match must survive `_stands` (capitals inside a name, a bare "sun" or "may",
an ordinal that belongs to a noun).
"""


# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from shared.language.english.lexicon import AMBIGUOUS
from shared.language.english.talk import FUNCTION_WORDS
from shared.language.english.verbs import ACTIONS, PAST
from shared.language.grammar import Parse
from shared.language.model import Moment, Reminder, Repeat, When
from shared.language.moments import DAY, Clock, Context, Day, Stated, merge, resolve, shift
from shared.language.recurrence import NO_ENDING, Ending, Rule, until_text
from shared.language.text import Token

_CONNECTORS: Final = frozenset({",", "at", "on", "in", "@", "-", "and", "the", "by", "from"})
_TO: Final = frozenset({"-", "to", "until", "till", "through"})
_TIMES: Final = frozenset({"piece", "repeat", "ending"})
_LONGEST_CHAIN: Final = 6
_NAME_BEFORE: Final = frozenset(
    {
        "the",
        "a",
        "an",
        "my",
        "with",
        "ask",
        "tell",
        "call",
        "text",
        "email",
        "of",
        "watch",
        "read",
        "play",
        "miss",
        "mr",
        "mrs",
        "'s",
    }
)
_PREPOSITIONS: Final = frozenset(
    {
        "on",
        "by",
        "in",
        "at",
        "this",
        "next",
        "until",
        "till",
        "before",
        "after",
        "from",
        "every",
        "for",
        "coming",
        "last",
        "since",
    }
)


@dataclass(frozen=True, slots=True)
class Time:
    """A stretch of tokens that states a time, a repeat, or both."""

    start: int
    end: int
    stated: Stated | None = None
    rule: Rule | None = None
    ending: Ending = NO_ENDING


def find_times(parse: Parse, start: int, end: int) -> list[Time]:
    """Every stretch of tokens in [start, end) that states time, in order, not overlapping."""
    key = ("times", start, end)
    if key not in parse.memory:
        parse.memory[key] = _find_times(parse, start, end)
    known: list[Time] = parse.memory[key]
    return known


def _find_times(parse: Parse, start: int, end: int) -> list[Time]:
    found: list[Time] = []
    at = start
    while at < end:
        time = read_time(parse, at, end)
        if time is not None and stands(parse.tokens, time, start, end):
            found.append(time)
            at = time.end
        else:
            at += 1
    return found


def read_time(parse: Parse, at: int, end: int) -> Time | None:
    """The longest statement of time that begins at `at`."""
    if at >= end or not parse.begins(at, _TIMES) or _only_figures(parse.tokens, at):
        return None
    key = (at, end)
    if key not in parse.memory:
        parse.memory[key] = _read_time(parse, at, end)
    known: Time | None = parse.memory[key]
    return known


def _only_figures(tokens: Sequence[Token], at: int) -> bool:
    """Three numbers in a row are no time."""
    return tokens[at].kind == "int" and [token.kind for token in tokens[at + 1 : at + 3]] == ["int", "int"]


def _read_time(parse: Parse, at: int, end: int) -> Time | None:
    repeat = _read_repeat(parse, at, end) or _led_repeat(parse, at, end)
    plain = _read_chain(parse, at, end)
    if repeat is not None and (plain is None or repeat.end >= plain.end):
        return repeat
    if plain is None or plain.stated is None:
        return repeat
    if plain.stated.day is None:  # "at 3pm every day"
        return _time_then_repeat(parse, plain, end) or plain
    return plain


def _read_chain(parse: Parse, at: int, end: int) -> Time | None:
    stated: Stated | None = None
    stop = here = at
    for _ in range(_LONGEST_CHAIN):
        step = _next_piece(parse, here, end, stated)
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
    if here + 1 >= end or parse.tokens[here].word not in _TO:
        return time
    last = _read_chain(parse, here + 1, end)
    if (
        last is None
        or last.stated is None
        or last.stated.clock is None
        or last.stated.day is None
        or last.stated.day.date < stated.day.date
    ):
        return time
    return Time(time.start, last.end, replace(stated, last_day=last.stated.day, last_clock=last.stated.clock))


def _next_piece(parse: Parse, here: int, end: int, stated: Stated | None) -> tuple[int, Stated] | None:
    """The longest piece from `here` (after a connector) that agrees with what was stated before."""
    starts = [here]
    if stated is not None and here < end and parse.tokens[here].word in _CONNECTORS:
        starts.append(here + 1)
        if here + 1 < end and parse.tokens[here + 1].word in _CONNECTORS:
            starts.append(here + 2)
    for start in starts:
        for stop, piece in _pieces(parse, start, stated):
            if stop > end or _cut_short(parse.tokens, stop, end):
                continue
            together = piece if stated is None else merge(stated, piece)
            if together is not None and (stated is None or together != stated):
                return stop, together
    return None


def _pieces(parse: Parse, start: int, stated: Stated | None) -> list[tuple[int, Stated]]:
    """Pieces that can begin here; behind a day, a bare hour too."""
    pieces = parse.match("piece", start)
    if stated is not None and stated.day is not None and not stated.timed:
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


def _read_repeat(parse: Parse, at: int, end: int) -> Time | None:
    for stop, rule in parse.match("repeat", at):
        if stop <= end:
            return _extend_repeat(parse, Time(at, stop, None, rule), end)
    return None


def _led_repeat(parse: Parse, at: int, end: int) -> Time | None:
    """A repeat behind its start ("starting tomorrow every day") or its time of day ("at 10 on the 15th of every month")."""
    for stop, ending in parse.match("ending", at):
        if ending.start is not None:
            found = _read_repeat(parse, stop + (stop < end and parse.tokens[stop].word == ","), end)
            if found is not None:
                return Time(at, found.end, found.stated, found.rule, ending + found.ending)
    for stop, piece in parse.match("piece", at):
        if piece.day is None and piece.clock is not None and piece.last_clock is None and stop < end:
            found = _time_then_repeat(parse, Time(at, stop, piece), end)
            if found is not None:
                return found
    return None


def _time_then_repeat(parse: Parse, plain: Time, end: int) -> Time | None:
    here = plain.end
    if here < end and parse.tokens[here].word in (",", "on"):
        here += 1
    found = _read_repeat(parse, here, end)
    if found is None or (found.stated is not None and found.stated.clock is not None):
        return None
    return Time(plain.start, found.end, plain.stated, found.rule, found.ending)


def _extend_repeat(parse: Parse, time: Time, end: int) -> Time:
    """Take in the time of day, the start and the end that follow a repeat."""
    stated, ending, stop = time.stated, time.ending, time.end
    for _ in range(_LONGEST_CHAIN):
        found = next(((at, value) for at, value in parse.match("ending", stop) if at <= end), None)
        if found is not None:
            stop, ending = found[0], ending + found[1]
            continue
        step = _next_piece(parse, stop, end, stated or Stated())
        if step is None:
            break
        stop, stated = step
    return Time(time.start, stop, stated, time.rule, ending)


def stands(tokens: Sequence[Token], time: Time, start: int, end: int) -> bool:
    """False where the words are a name or a noun rather than a time."""
    if time.rule is not None:
        return True
    words = tokens[time.start : time.end]
    before = tokens[time.start - 1] if time.start > start else None
    after = tokens[time.end] if time.end < end else None
    if _is_name(words, before, after, first=time.start == start):
        return False
    if before is not None and (
        before.word in ("version", "v", "ver", "%", "$") or (before.word == ":" and words[0].kind == "date")
    ):
        return False
    if before is not None and not words[0].spaced and before.text in ("]", ")", "}", "/", "_"):
        return False
    if len(words) == 1:
        return _single_stands(words[0], before, after)
    if (
        len(words) == 2
        and words[0].word in ("at", "by", "before", "after", "around", "on", "in", "during")
        and "int" in words[1].values
        and _counts(after, before)
    ):
        return False
    if before is not None and not words[0].spaced and before.kind in ("word", "int", "decimal"):
        return False
    if _numbers_a_noun(words, after):
        return False
    if all(word.kind in ("ordinal", "word") and ("ord" in word.values or word.word == "the") for word in words):
        return (before is None and after is None) or _ordinal_stands(words, after)
    return True


def _counts(after: Token | None, before: Token | None) -> bool:
    """E.g. "at 5 main street", "after 3 beers": the number counts what follows."""
    if after is None or after.kind != "word" or before is None or before.word in ("me", "it", "this"):
        return False
    return after.word not in FUNCTION_WORDS and after.word not in ACTIONS and not after.values


def _is_name(words: Sequence[Token], before: Token | None, after: Token | None, *, first: bool) -> bool:
    """Friday Night Lights, Black Friday, Meet with Friday's band."""
    if words[-1].word.endswith("'s") or (
        after is not None and after.text == "'" and words[-1].kind == "word" and not after.spaced
    ):
        return True
    single = len(words) <= 2 and all(word.kind == "word" for word in words)
    if not single or not words[-1].capital or words[-1].text.isupper():
        return False
    if after is not None and after.kind == "word" and after.capital and not after.text.isupper() and not after.values:
        return True
    return before is not None and before.word in (
        "black",
        "good",
        "ash",
        "cyber",
        "freaky",
        "casual",
        "super",
        "big",
        "palm",
        "easter",
        "man",
        "ruby",
    )


def _single_stands(word: Token, before: Token | None, after: Token | None) -> bool:
    if word.word == "second" or (word.kind == "word" and "ord" in word.values):
        return False
    if word.kind == "ordinal":
        return after is None and (before is None or _dated_noun(before))
    if before is not None and before.word in _NAME_BEFORE and "weekday" in word.values:
        return False
    if word.word in AMBIGUOUS:
        return after is None or (before is not None and before.word in _PREPOSITIONS)
    if word.word in ("now", "later"):
        return after is None or before is None or after.kind == "other"
    if word.kind in ("slash", "decimal") and word.word.count("/") == 1:
        return True
    return True


def _numbers_a_noun(words: Sequence[Token], after: Token | None) -> bool:
    """E.g. "on the 5th floor"."""
    return (
        words[-1].kind == "ordinal"
        and len(words) == 3
        and [word.word for word in words[:2]] == ["on", "the"]
        and after is not None
        and after.kind == "word"
        and not after.values
        and after.word not in FUNCTION_WORDS
        and after.word not in ACTIONS
        and after.word not in _AFTER_DATE
    )


_AFTER_DATE: Final = frozenset(
    {"please", "reminder", "remind", "thanks", "until", "till", "because", "each", "every", "around", "about"}
)


def _dated_noun(before: Token) -> bool:
    """E.g. "rent 25th"; not "finish 3rd", "the 5th", "came in 2nd"."""
    return (
        before.kind == "word"
        and not before.values
        and before.word not in FUNCTION_WORDS
        and before.word not in ACTIONS
        and before.word not in PAST
    )


def _ordinal_stands(words: Sequence[Token], after: Token | None) -> bool:
    """E.g. "on the 15th" is a date, "the 15th floor" is not."""
    return after is None and words[0].word != "the"


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
    until = until_text(last, start.at) if last is not None else None
    return Repeat(rrule=time.rule.text(count=time.ending.count, until=until), after_done=time.rule.after_done, said=said)


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
