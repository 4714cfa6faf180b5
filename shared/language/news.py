"""What is told about a todo without asking for anything: "milk bought", "the party is cancelled".

It changes nothing by itself: when exactly one open todo fits, the todo side takes it for what was told.
"""

from __future__ import annotations

from typing import Final

from shared.language.adding import content_words, raised
from shared.language.commands import Reading
from shared.language.model import Command, Intent, Ref
from shared.language.parse import Gap
from shared.language.timing import find_times
from shared.language.words import ends_in

_MOST_WORDS: Final = 9
_FEW_WORDS: Final = 4


def done_behind(reading: Reading, start: int, end: int) -> Command | None:
    """E.g. "milk bought", "consider the invoice sent"."""
    tokens, language = reading.parse.tokens, reading.context.language
    known = language.noting
    first = start + 1 if tokens[start].word in known.considered else start
    words = reading.parse.words[first:end]
    if not 1 < len(words) <= _FEW_WORDS or words[-1] not in known.participles:
        return None
    if not known.telling.isdisjoint(words) or not known.persons.isdisjoint(words):
        return None
    about = content_words(language, " ".join(words[:-1]))
    return _told(reading, start, end, about, Intent.COMPLETE) if about and words[0] not in language.actions else None


def called_off(reading: Reading, start: int, end: int) -> Command | None:
    """E.g. "the party is cancelled", "my friday class was called off", "milk is no longer needed"."""
    tokens, language = reading.parse.tokens, reading.context.language
    known = language.noting
    words = reading.parse.words[start:end]
    if len(words) > _MOST_WORDS or not ends_in(words, known.called_off):
        return None
    verb = next((place for place in range(start + 1, end) if tokens[place].word in known.telling), 0)
    if not verb:
        return None
    if words[0] in language.questions or words[0] in known.persons:
        return None
    taken = {place for time in find_times(reading.parse, start, end) for place in range(time.start, time.end)}
    kept = [tokens[place].word for place in range(start, verb) if place not in taken and tokens[place].kind == "word"]
    about = content_words(language, " ".join(kept))
    return _told(reading, start, end, about, Intent.DELETE) if about else None


def _told(reading: Reading, start: int, end: int, about: str, intent: Intent) -> Command:
    return Command(
        intent=Intent.NONE,
        title=raised(reading.words(Gap(start, end))),
        maybe=Ref(words=about),
        maybe_intent=intent,
        rule="told",
        confidence=0.5,
    )
