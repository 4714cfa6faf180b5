"""What stands beside a todo's own words: tags, priority, note, reminders, and when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.language.chains import Time
from shared.language.language import Language
from shared.language.model import Priority
from shared.language.moments import Context
from shared.language.parse import Parse
from shared.language.standing import is_bygone
from shared.language.timing import find_times
from shared.language.words import Titling


@dataclass(slots=True)
class Draft:
    """What has been found in a clause so far; `taken` marks tokens that are not title."""

    taken: set[int] = field(default_factory=set)
    times: list[Time] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    remind_at: Time | None = None
    priority: Priority | None = None
    tags: list[str] = field(default_factory=list)
    note: str = ""


def draft(context: Context, parse: Parse, text: str, start: int, end: int) -> Draft:
    """Read the attributes of tokens [start, end)."""
    found = Draft()
    end = _take_note(parse, text, start, end, found)
    _take_marks(parse, start, end, found)
    _take_reminders(parse, start, end, found)
    for first, last in runs([at for at in range(start, end) if at not in found.taken]):
        found.times += [time for time in find_times(parse, first, last) if not is_bygone(context, parse.tokens, time)]
    return found


def is_marked(context: Context, parse: Parse, text: str, start: int, end: int) -> bool:
    """True when a tag, a priority or a note stands beside the words of tokens [start, end)."""
    if not _marks(parse) and ":" not in parse.words:
        return False
    found = Draft()
    end = _take_note(parse, text, start, end, found)
    _take_marks(parse, start, end, found)
    return bool(found.tags or found.priority or found.note)


def runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring positions as [start, end) stretches."""
    found: list[tuple[int, int]] = []
    first = last = -1
    for at in positions:
        if at != last:
            if last >= 0:
                found.append((first, last))
            first = at
        last = at + 1
    return [*found, (first, last)] if positions else found


def _take_note(parse: Parse, text: str, start: int, end: int, found: Draft) -> int:
    """E.g. "... note: gate code 4411" to the end."""
    words, tokens = parse.words, parse.tokens
    if ":" not in words:
        return end
    notes = parse.context.language.titling.notes
    for at in range(start + 1, end - 1):
        if words[at] in notes and words[at + 1] == ":":
            first = at + 2
            if first < end:
                found.note = text[tokens[first].start : tokens[end - 1].end].strip()
                found.taken.update(range(at, end))
                return at
    return end


def _take_marks(parse: Parse, start: int, end: int, found: Draft) -> None:
    free = start
    for at in _marks(parse):
        if not free <= at < end:
            continue
        token = parse.tokens[at]
        if token.kind == "tag":
            found.tags.append(token.text[1:])
            found.taken.add(at)
            continue
        stop = _priority_end(parse, at, start, end)
        if stop is not None:
            free, priority = stop
            found.priority = found.priority or priority
            said = parse.context.language.titling.is_so
            found.taken.update(range(at - (at > start and parse.tokens[at - 1].word in said), free))


def _marks(parse: Parse) -> list[int]:
    """Where a tag or a priority may stand."""
    known: list[int] | None = parse.memory.get(_marks)
    if known is None:
        urgent = parse.context.language.titling.urgent
        marked = [at for at, token in enumerate(parse.tokens) if token.word in urgent or token.kind == "tag"]
        known = parse.memory[_marks] = sorted({*marked, *parse.spots("rank")})
    return known


def _priority_end(parse: Parse, at: int, start: int, end: int) -> tuple[int, Priority] | None:
    for stop, value in parse.match("rank", at):
        if stop <= end and parse.tokens[stop - 1].spaced is not None:
            if value in ("p1", "p2", "p3", "p4") and parse.tokens[at + 1].spaced:
                return None
            return stop, _RANKS[value]
    known: Titling = parse.context.language.titling
    priority = known.urgent.get(parse.tokens[at].word)
    if priority is None:
        return None
    following = parse.tokens[at + 1].word if at + 1 < end else None
    if at == start and following in (":", "-", ",", "!") and at + 2 < end:
        return at + 2, priority
    if following in (None, "!") and at > start and parse.tokens[at - 1].word not in known.no_priority_behind:
        return min(at + (2 if following else 1), end), priority
    return None


_RANKS: Final = {
    "urgent": Priority.URGENT,
    "high": Priority.HIGH,
    "medium": Priority.MEDIUM,
    "low": Priority.LOW,
    "p1": Priority.URGENT,
    "p2": Priority.HIGH,
    "p3": Priority.MEDIUM,
    "p4": Priority.LOW,
}


def _take_reminders(parse: Parse, start: int, end: int, found: Draft) -> None:
    language: Language = parse.context.language
    words = parse.words
    free = start
    for at in _reminders(parse):
        if not free <= at < end:
            continue
        match = next(((stop, value) for stop, value in parse.match("earlier", at) if stop <= end), None)
        if match is not None and not (at > start and words[at - 1] in language.every):
            found.before.append(match[1])
            found.taken.update(range(at, match[0]))
            free = _take_second_reminder(parse, match[0], end, found)
            continue
        asked = at > start and at + 1 < end and words[at] in language.remind
        if asked and words[at + 1] in language.me:
            time = next(iter(find_times(parse, at + 2, end)), None)
            if time is not None and time.start <= at + 3 and time.end == end:
                found.remind_at = time
                found.taken.update(range(at - _joins(language, words[at - 1]), time.end))
                return


def _reminders(parse: Parse) -> list[int]:
    """Where a reminder may stand."""
    known: list[int] | None = parse.memory.get(_reminders)
    if known is None:
        remind = parse.context.language.remind
        asked = [at for at, word in enumerate(parse.words) if word in remind]
        known = parse.memory[_reminders] = sorted({*asked, *parse.spots("earlier")})
    return known


def _joins(language: Language, word: str) -> bool:
    return word == "," or word in language.ands


def _take_second_reminder(parse: Parse, at: int, end: int, found: Draft) -> int:
    """E.g. "(remind me a day before) and an hour before"."""
    if at + 1 >= end or not _joins(parse.context.language, parse.tokens[at].word):
        return at
    match = next(((stop, seconds) for stop, seconds in parse.match("before", at + 1) if stop <= end), None)
    if match is None:
        return at
    found.before.append(match[1])
    found.taken.update(range(at, match[0]))
    return match[0]
