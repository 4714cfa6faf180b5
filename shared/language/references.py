"""Which todos are meant: numbers, ranges, positions, words, "last", "all".

Numbers are read as a chain ("1-2 and 4", "#3, #5"); free text becomes a `Ref` by taking off what says nothing about which todo
("the", "one", "task") and keeping the words.
"""

# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.chains import Time
from shared.language.language import Language
from shared.language.model import Moment, Ref
from shared.language.moments import Context
from shared.language.parse import Found, Parse
from shared.language.resolving import resolve
from shared.language.text import Token
from shared.language.timing import find_times
from shared.language.words import Pointing

_LONGEST_POINTER: Final = 12  # tokens
_MOST_NUMBERS: Final = 99


def read_numbers(parse: Parse, at: int) -> list[Found]:
    """Todo numbers from token `at`: every end they can have, the longest first."""
    tokens = parse.tokens
    known: Pointing = parse.context.language.pointing
    found: list[Found] = []
    numbers: list[int] = []
    here = at
    while here < len(tokens) and len(found) < _MOST_NUMBERS:
        start = here
        if found:
            skipped = 0
            while here < len(tokens) and tokens[here].word in known.separators and skipped < 2:
                here, skipped = here + 1, skipped + 1
            if not skipped and not ("int" in tokens[here - 1].values and here < len(tokens) and "int" in tokens[here].values):
                break
        step = _one_number(known, tokens, here)
        if step is None:
            here = start
            break
        here, some = step
        numbers += [number for number in some if number not in numbers]
        found.append((here, tuple(numbers)))
    return found[::-1]


def _one_number(known: Pointing, tokens: Sequence[Token], at: int) -> tuple[int, list[int]] | None:
    items = tokens[at : at + 8]
    here = 0
    while here < len(items) and here < 3 and items[here].word in known.number_nouns:
        here += 1
    if here < len(items) and items[here].word == "." and here:
        here += 1
    first = _number(items, here)
    if first is None:
        return None
    here += 1
    if here + 1 < len(items) and items[here].word in known.up_to:
        skip = 2 if items[here + 1].word == "#" else 1
        last = _number(items, here + skip)
        if last is not None and first < last <= first + _MOST_NUMBERS:
            return at + here + skip + 1, list(range(first, last + 1))
    return at + here, [first]


def _number(items: Sequence[Token], at: int) -> int | None:
    if at >= len(items):
        return None
    number = items[at].values.get("num")
    if not isinstance(number, int) or number < 1:
        return None
    following = items[at + 1] if at + 1 < len(items) else None
    # "5pm" and "1h" are times; "3 am" as well.
    if following is not None and ("ampm" in following.values or (not following.spaced and "unit" in following.values)):
        return None
    return number


def read_ref(context: Context, parse: Parse, start: int, end: int) -> Ref | None:
    """The todos a stretch of free text names; None when it names none."""
    tokens, known = parse.tokens, context.language.pointing
    while start < end and tokens[end - 1].word in (".", "!", "?", ",", ";", ":", "-"):
        end -= 1
    while start < end and tokens[start].word in known.led_by:
        start += 1
    if start >= end:
        return None
    counted = read_numbers(parse, start)
    numbers = next((value for stop, value in counted if stop == end), None)
    if numbers is not None:
        return Ref(numbers=numbers)
    mixed = _numbers_and_words(context, parse, start, end, counted)
    if mixed is not None:
        return mixed
    quoted = [token for token in tokens[start:end] if token.kind == "quote"]
    if quoted:
        return Ref(words=quoted[0].text[1:-1].lower())
    return pointed(context.language, tokens[start:end]) or _filtered(context, parse, start, end)


def _numbers_and_words(context: Context, parse: Parse, start: int, end: int, counted: Sequence[Found]) -> Ref | None:
    """E.g. "2 and the milk one", "the milk one and 2"."""
    tokens, known = parse.tokens, context.language.pointing
    for stop, numbers in counted:
        if stop + 1 < end and (tokens[stop].word == "," or tokens[stop].word in known.more):
            rest = read_ref(context, parse, stop + 1, end)
            return (
                rest.model_copy(update={"numbers": numbers}) if rest is not None and rest.words and not rest.numbers else None
            )
    for at in range(end - 2, max(start, end - 6), -1):
        if tokens[at].word in known.more:
            behind = next((value for stop, value in read_numbers(parse, at + 1) if stop == end), None)
            if behind is not None and tokens[at - 1].word in known.one:
                rest = read_ref(context, parse, start, at)
                return rest.model_copy(update={"numbers": behind}) if rest is not None and rest.words else None
            return None
    return None


def pointed(language: Language, pieces: Sequence[Token]) -> Ref | None:
    """The todos that words point at without describing them: "the second", "last", "it", "all of them", "both"."""
    if len(pieces) > _LONGEST_POINTER:
        return None
    known = language.pointing
    words = [token.word for token in pieces]
    if known.hints.isdisjoint(words) and not any("ord" in token.values for token in pieces):
        return None
    content = [word for word in words if word not in known.idle]
    phrase = " ".join(words)
    core = " ".join(content)
    if len(content) == 2 and (content[0] in known.first or content[0] in known.last):
        count = pieces[words.index(content[1])].values.get("num", 0)
        if count in range(2, 10):
            return Ref(ordinals=tuple(range(1, count + 1)) if content[0] in known.first else tuple(range(-count, 0)))
    if not known.both.isdisjoint(words):
        return Ref(both=True)
    if phrase in known.latest or core in known.latest:
        return Ref(last=True)
    if phrase in known.that or (core in known.that and len(words) <= 3):
        return Ref(that=True)
    if phrase in known.everything or (core in known.everything and core not in known.them):
        return Ref(everything=True)
    return _in_order(language, pieces)


def _in_order(language: Language, pieces: Sequence[Token]) -> Ref | None:
    """E.g. "the second and third": places in what was shown, and nothing else."""
    idle, ands = language.pointing.idle, language.ands
    places = [
        piece.values.get("ord") for piece in pieces if piece.word not in idle and piece.word != "," and piece.word not in ands
    ]
    if not places or len(pieces) > _LONGEST_COUNT or None in places:
        return None
    return Ref(ordinals=tuple(place for place in places if isinstance(place, int)))


_LONGEST_COUNT: Final = 8  # tokens


def _filtered(context: Context, parse: Parse, start: int, end: int) -> Ref | None:
    """E.g. "all overdue", "everything today", "all #shop", "the milk one"."""
    tokens, language = parse.tokens[start:end], context.language
    known, articles, nouns = language.pointing, language.articles, language.todo_nouns
    words = [token.word for token in tokens]
    tags = [token.text[1:] for token in tokens if token.kind == "tag"]
    wide = not known.wide.isdisjoint(words)
    if tags and all(
        token.kind == "tag" or token.word in articles or token.word in nouns or token.word in known.tagged for token in tokens
    ):
        return Ref(tag=tags[0])
    status = next((word for word in words if word in known.statuses), "")
    rest = [word for word in words if word not in articles and word not in nouns and word not in known.beside_status]
    if status and known.statuses.keys() >= set(rest):
        return Ref(status=known.statuses[status])
    if wide or words[-1] in nouns or words[0].endswith(language.possessive) or words[-1].endswith(language.possessive):
        day = _day(context, parse, start, end)
        if day is not None:
            return Ref(day=day)
    if wide and not rest:
        return Ref(everything=True)
    return _dated(context, parse, start, end, wide=wide) or _by_words(language, list(tokens))


def _dated(context: Context, parse: Parse, start: int, end: int, *, wide: bool) -> Ref | None:
    """E.g. "tomorrow's meeting", "my 3pm meeting", "the dentist on friday": words beside the day or time they are due."""
    tokens, language = parse.tokens, context.language
    for at in range(start, min(end, start + 4)):
        owned = parse.whole("owned_day", at, at + 1)
        if owned is not None:
            moment = Moment(day=owned.date)
            words = _named(language, tokens[start:at], tokens[at + 1 : end + _noun_behind(language, tokens, end)])
            return Ref(words=words, day=moment) if words else Ref(day=moment) if wide or at + 1 == end else None
    times = find_times(parse, start, end)
    if len(times) != 1 or times[0].stated is None:
        return None
    first, last = times[0].start, times[0].end
    if first == start and last == end:  # "cancel the meeting tomorrow": the form took the noun
        return _noun_on(context, times[0], tokens[start - 1]) if start else None
    behind = last == end and tokens[first].word in language.pointing.due
    when = resolve(context, times[0].stated)
    words = _named(language, tokens[start:first], tokens[last : end + _noun_behind(language, tokens, end)])
    if when is None or not (behind or words in language.pointing.strong or (not words and when.start.at is not None)):
        return None
    when_at = when.start if when.start.at is not None else None
    day = when.start if when.day_stated and when_at is None else None
    return Ref(words=words, day=day, at=when_at) if words or when_at else None


def _noun_on(context: Context, time: Time, noun: Token) -> Ref | None:
    named = context.language.pointing.appointed.get(noun.word)
    when = resolve(context, time.stated) if time.stated and named else None
    if when is None or named is None:
        return None
    at = when.start if when.start.at is not None else None
    return Ref(words=named, day=None if at else when.start, at=at)


def _noun_behind(language: Language, tokens: Sequence[Token], end: int) -> int:
    """1 when the form took "meeting" for itself: with only a time left it says which todo."""
    return int(end < len(tokens) and language.pointing.appointed.get(tokens[end].word) == tokens[end].word)


def _named(language: Language, before: Sequence[Token], behind: Sequence[Token]) -> str:
    """The words around a date; a noun for a todo counts when nothing else was said ("meeting")."""
    tokens, known = [*before, *behind], language.pointing
    ref = _by_words(language, [token for token in tokens if token.word not in known.unsaid])
    if ref is not None:
        return ref.words
    return " ".join(token.word for token in tokens if token.word in known.events)


def _day(context: Context, parse: Parse, start: int, end: int) -> Moment | None:
    """The day, when nothing but it says which todos."""
    times = find_times(parse, start, end)
    if len(times) != 1 or times[0].stated is None:
        return None
    language = context.language
    outside = [token.word for at, token in enumerate(parse.tokens[start:end], start) if not times[0].start <= at < times[0].end]
    beside = language.pointing.beside_day
    if any(word not in language.articles and word not in language.todo_nouns and word not in beside for word in outside):
        return None
    when = resolve(context, times[0].stated)
    return when.start if when else None


def _by_words(language: Language, tokens: list[Token]) -> Ref | None:
    known, articles, nouns = language.pointing, language.articles, language.todo_nouns
    size = len(known.to_do)
    while tokens and (tokens[0].word in articles or (size and tuple(token.word for token in tokens[:size]) == known.to_do)):
        tokens = tokens[1:] if tokens[0].word in articles else tokens[size:]
    weak = [token for token in tokens if token.word not in nouns and token.word not in articles]
    strong = [
        token for token in tokens if (token.word not in nouns or token.word in known.strong) and token.word not in articles
    ]
    kept = strong if weak and any(token.word in known.strong for token in tokens) else weak
    while kept and kept[-1].word in known.tail:
        kept = kept[:-1]
    while kept and kept[0].word in known.lead:
        kept = kept[1:]
    words = " ".join(token.text.lower() for token in kept if token.kind != "other" or token.text in "&+").strip()
    if not words and len(tokens) == 1 and tokens[0].word in known.gatherings:
        words = tokens[0].word
    return Ref(words=words) if words else None
