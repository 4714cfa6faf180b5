"""A person who corrects themselves in one message: "call mum at 5, no wait, 6" means what was said last.

The text is put right before it is read: the words that were meant replace the ones they take back, and nothing else changes. A time
replaces the time, or the part of it, that makes sense in its place ("friday at 3, sorry, thursday" is thursday at 3); words replace
what the verb was about ("buy milk, sorry, oat milk"), a whole order the order. Where neither fits, the text stays as it was sent:
then the words are the todo's, and the echo shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final

from shared.language.chains import Time
from shared.language.commands import Reading
from shared.language.parse import Gap
from shared.language.text import Token
from shared.language.timing import find_times, read_time
from shared.language.words import Words, begins_with

_LONGEST: Final = 80  # tokens: beyond this a message is prose
_MOST_MEANT: Final = 8  # tokens
_MOST_TAKEN_BACK: Final = 3  # tokens of an object that is replaced as a whole
_MOST_TIME: Final = 8  # tokens of a time of which a part is replaced

Begin = Callable[[str], Reading]
"""Reads a text from its beginning."""


def corrected(reading: Reading, begin: Begin) -> str | None:
    """The text with its first correction carried out; None when it has none that is understood."""
    tokens, correcting = reading.parse.tokens, reading.context.language.correcting
    if len(tokens) > _LONGEST or correcting.first.isdisjoint(reading.parse.words):
        return None
    for at in range(1, len(tokens) - 1):
        if tokens[at].word in correcting.first:
            found = _at(reading, begin, at)
            if found is not None:
                return found
    return None


def _at(reading: Reading, begin: Begin, at: int) -> str | None:
    """The text when the words that take something back stand at `at`."""
    tokens, correcting = reading.parse.tokens, reading.context.language.correcting
    said = [token.word for token in tokens[at : at + correcting.longest]]
    paused = tokens[at - 1].word in correcting.pauses
    size = begins_with(said, correcting.anywhere) or (begins_with(said, correcting.after_pause) if paused else 0)
    quiet = 0 if size or not paused else begins_with(said, correcting.between_pauses)
    first = at + (size or quiet)
    if first == at or first >= len(tokens):
        return None
    broken = tokens[first].word in correcting.pauses
    first += broken
    back = Gap(_since(tokens, correcting.stops, at - 1), at - paused)
    meant = Gap(
        first, next((place for place in range(first, len(tokens)) if tokens[place].word in correcting.stops), len(tokens))
    )
    if back.end <= back.start or not 0 < meant.end - meant.start <= _MOST_MEANT:
        return None
    found = _timed(reading, begin, back, meant)
    if found is not None or not (paused or broken or _runs_on(reading, back, meant)):
        return found
    return _worded(reading, back, meant) if size or broken else None


def _runs_on(reading: Reading, back: Gap, meant: Gap) -> bool:
    """Without a pause ("buy milk no wait oat milk") no word may need what follows it: "about the no wait policy"."""
    tokens, idle = reading.parse.tokens, reading.context.language.function_words
    return tokens[back.end - 1].word not in idle and tokens[meant.start].word not in idle


def taken_back(reading: Reading) -> bool:
    """True when the whole message is: "add milk, never mind"."""
    correcting = reading.context.language.correcting
    said = reading.parse.words.copy()
    if correcting.pauses.isdisjoint(said):
        return False
    while said and said[-1] in correcting.stops:
        said.pop()
    size = next((len(phrase) for phrase in correcting.at_end if tuple(said[-len(phrase) :]) == phrase), 0)
    return 0 < size < len(said) - 1 and said[-size - 1] in correcting.pauses


def _since(tokens: Sequence[Token], stops: Words, at: int) -> int:
    return next((place + 1 for place in range(at, -1, -1) if tokens[place].word in stops), 0)


# A time instead of a time, a number instead of a number.


def _timed(reading: Reading, begin: Begin, back: Gap, meant: Gap) -> str | None:
    tokens, parse = reading.parse.tokens, reading.parse
    times = find_times(parse, back.start, back.end)
    if times:
        return _other_time(reading, begin, times[-1], meant)
    number = meant.end == meant.start + 1 and "num" in tokens[meant.start].values and "num" in tokens[back.end - 1].values
    return _spliced(reading, Gap(back.end - 1, back.end), meant) if number else None


def _other_time(reading: Reading, begin: Begin, time: Time, meant: Gap) -> str | None:
    """The smallest part of the time in whose place what was meant makes a time again; the last of those."""
    if time.end - time.start > _MOST_TIME:
        return None
    sizes = range(1, time.end - time.start + 1)
    parts = chain.from_iterable([Gap(at, at + size) for at in range(time.end - size, time.start - 1, -1)] for size in sizes)
    for part in parts:
        words = [reading.words(gap) for gap in (Gap(time.start, part.start), meant, Gap(part.end, time.end))]
        tried = begin(" ".join(filter(None, words)))
        found = read_time(tried.parse, 0, len(tried.parse.tokens))
        if found is not None and found.end == len(tried.parse.tokens):
            return _spliced(reading, part, meant)
    return None


# Words instead of words.


def _worded(reading: Reading, back: Gap, meant: Gap) -> str | None:
    tokens, language = reading.parse.tokens, reading.context.language
    times = find_times(reading.parse, meant.start, meant.end)
    named = [token.word for token in tokens[meant.start : times[0].start if times else meant.end]]
    if not named or not (language.pronouns | language.questions | language.correcting.no_words).isdisjoint(named):
        return None
    verb = next((at for at in range(back.start, back.end) if tokens[at].word in language.actions), None)
    if named[0] in language.actions and len(named) > 1:
        return _spliced(reading, Gap(verb, back.end), meant) if verb is not None else None
    thing = _object(reading, back, verb, timed=bool(times))
    if thing.end - thing.start in range(1, _MOST_TAKEN_BACK + 1):
        return _spliced(reading, thing, meant)
    same = next((at for at in range(thing.end - 1, thing.start, -1) if tokens[at].word == named[-1]), None)
    return _spliced(reading, Gap(same, same + 1), meant) if same is not None else None


def _object(reading: Reading, back: Gap, verb: int | None, *, timed: bool) -> Gap:
    """What the verb is about, without the time behind it unless another is meant (`timed`)."""
    tokens, correcting = reading.parse.tokens, reading.context.language.correcting
    first = back.start if verb is None else verb + 1
    while first < back.end - 1 and tokens[first].word in correcting.particles:
        first += 1
    times = find_times(reading.parse, first, back.end)
    behind = times[-1].start if times and times[-1].end == back.end and not timed else back.end
    return Gap(first, behind)


def _spliced(reading: Reading, part: Gap, meant: Gap) -> str:
    """The text with the words of `meant` in the place of `part`, and without what stood between."""
    text, tokens = reading.text, reading.parse.tokens
    kept = text[tokens[part.end - 1].end : _end_of_back(reading, meant.start)]
    return f"{text[: tokens[part.start].start]}{reading.words(meant)}{kept}{text[tokens[meant.end - 1].end :]}"


def _end_of_back(reading: Reading, meant: int) -> int:
    """Where the words end that something of is taken back."""
    tokens, correcting = reading.parse.tokens, reading.context.language.correcting
    at = meant
    while at > 1 and tokens[at - 1].word in correcting.markers:
        at -= 1
    return tokens[at - 1].end
