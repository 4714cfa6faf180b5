"""Which todos are meant: numbers, ranges, positions, words, "last", "all".

Numbers are read as a chain ("1-2 and 4", "#3, #5"); free text becomes a `Ref` by taking off what says nothing about which todo
("the", "one", "task") and keeping the words.
"""

# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.chains import Time
from shared.language.english.talk import ARTICLES, TODO_NOUNS, WEAK_NOUNS
from shared.language.grammar import Found, Parse
from shared.language.model import Moment, Ref
from shared.language.moments import Context
from shared.language.resolving import resolve
from shared.language.text import Token
from shared.language.timing import find_times

_SEPARATORS: Final = frozenset({",", "and", "n", "&", "+", "or", "then"})
_NUMBER_NOUNS: Final = frozenset(
    {"number", "numbers", "no", "nr", "num", "task", "tasks", "todo", "todos", "item", "items", "#", "reminder", "reminders"}
)
_LONGEST_POINTER: Final = 12  # tokens
_MOST_NUMBERS: Final = 99
_EVERYTHING: Final = frozenset(
    {
        "all",
        "everything",
        "them all",
        "all of them",
        "it all",
        "whole list",
        "to do list",
        "to-do list",
        "todo list",
        "shopping list",
        "whole to do list",
        "entire list",
        "the lot",
        "everything on list",
        "all of these",
        "all of those",
        "list",
        "all on list",
        "them",
    }
)
_LAST: Final = frozenset(
    {"last", "latest", "newest", "most recent", "last added", "last i added", "i just added", "just added", "previous"}
)
_THAT: Final = frozenset({"it", "that", "this", "same", "that again", "it again", "current"})


def read_numbers(parse: Parse, at: int) -> list[Found]:
    """Todo numbers from token `at`: every end they can have, the longest first."""
    tokens = parse.tokens
    found: list[Found] = []
    numbers: list[int] = []
    here = at
    while here < len(tokens) and len(found) < _MOST_NUMBERS:
        start = here
        if found:
            skipped = 0
            while here < len(tokens) and tokens[here].word in _SEPARATORS and skipped < 2:
                here, skipped = here + 1, skipped + 1
            if not skipped and not ("int" in tokens[here - 1].values and here < len(tokens) and "int" in tokens[here].values):
                break
        step = _one_number(tokens, here)
        if step is None:
            here = start
            break
        here, some = step
        numbers += [number for number in some if number not in numbers]
        found.append((here, tuple(numbers)))
    return found[::-1]


def _one_number(tokens: Sequence[Token], at: int) -> tuple[int, list[int]] | None:
    items = tokens[at : at + 8]
    here = 0
    while here < len(items) and here < 3 and items[here].word in _NUMBER_NOUNS:
        here += 1
    if here < len(items) and items[here].word == "." and here:
        here += 1
    first = _number(items, here)
    if first is None:
        return None
    here += 1
    if here + 1 < len(items) and items[here].word in ("-", "to", "through", "thru"):
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
    tokens = parse.tokens
    while start < end and tokens[end - 1].word in (".", "!", "?", ",", ";", ":", "-"):
        end -= 1
    while start < end and tokens[start].word in (",", ":", "-", "with"):
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
    return pointed(tokens[start:end]) or _filtered(context, parse, start, end)


def _numbers_and_words(context: Context, parse: Parse, start: int, end: int, counted: Sequence[Found]) -> Ref | None:
    """E.g. "2 and the milk one", "the milk one and 2"."""
    tokens = parse.tokens
    for stop, numbers in counted:
        if stop + 1 < end and tokens[stop].word in ("and", ",", "&", "plus"):
            rest = read_ref(context, parse, stop + 1, end)
            return (
                rest.model_copy(update={"numbers": numbers}) if rest is not None and rest.words and not rest.numbers else None
            )
    for at in range(end - 2, max(start, end - 6), -1):
        if tokens[at].word in ("and", "&", "plus"):
            behind = next((value for stop, value in read_numbers(parse, at + 1) if stop == end), None)
            if behind is not None and tokens[at - 1].word in ("one", "thing", "task", "todo"):
                rest = read_ref(context, parse, start, at)
                return rest.model_copy(update={"numbers": behind}) if rest is not None and rest.words else None
            return None
    return None


def pointed(pieces: Sequence[Token]) -> Ref | None:
    """The todos that words point at without describing them: "the second", "last", "it", "all of them", "both"."""
    if len(pieces) > _LONGEST_POINTER:
        return None
    words = [token.word for token in pieces]
    content = [
        word
        for word in words
        if word
        not in (
            "the",
            "my",
            "of",
            "one",
            "thing",
            "task",
            "todo",
            "item",
            "reminder",
            "i",
            "on",
            "ones",
            "tasks",
            "todos",
            "items",
            "reminders",
        )
    ]
    phrase = " ".join(words)
    core = " ".join(content)
    if (
        len(content) == 2
        and content[0] in ("first", "last")
        and pieces[words.index(content[1])].values.get("num", 0) in range(2, 10)
    ):
        count = int(pieces[words.index(content[1])].values["num"])
        return Ref(ordinals=tuple(range(1, count + 1)) if content[0] == "first" else tuple(range(-count, 0)))
    if "both" in words:
        return Ref(both=True)
    if phrase in _LAST or core in _LAST:
        return Ref(last=True)
    if phrase in _THAT or (core in _THAT and len(words) <= 3):
        return Ref(that=True)
    if phrase in _EVERYTHING or (core in _EVERYTHING and core != "them"):
        return Ref(everything=True)
    ordinals = [token.values.get("ord") for token in pieces if token.word in content]
    joined = [token for token in content if token not in ("and", ",", "&")]
    if (
        joined
        and len(words) <= 8
        and all(number is not None for number, word in zip(ordinals, content, strict=True) if word not in ("and", ",", "&"))
    ):
        return Ref(ordinals=tuple(number for number in ordinals if isinstance(number, int)))
    return None


def _filtered(context: Context, parse: Parse, start: int, end: int) -> Ref | None:
    """E.g. "all overdue", "everything today", "all #shop", "the milk one"."""
    tokens = parse.tokens[start:end]
    words = [token.word for token in tokens]
    tags = [token.text[1:] for token in tokens if token.kind == "tag"]
    wide = any(
        word in ("all", "everything", "every", "tasks", "todos", "items", "reminders", "what's", "stuff") for word in words
    )
    if tags and all(
        token.kind == "tag"
        or token.word in ARTICLES
        or token.word in TODO_NOUNS
        or token.word in ("everything", "tagged", "in", "under")
        for token in tokens
    ):
        return Ref(tag=tags[0])
    status = next((word for word in words if word in ("overdue", "done", "completed", "finished", "late")), "")
    rest = [
        word
        for word in words
        if word not in ARTICLES
        and word not in TODO_NOUNS
        and word not in ("everything", "that's", "which", "is", "are", "i", "have", "what's", "stuff", "late")
    ]
    if status and set(rest) <= {status, "overdue", "done", "completed", "finished", "items"}:
        return Ref(status="overdue" if status in ("overdue", "late") else "done")
    if wide or words[-1] in TODO_NOUNS or words[0].endswith("'s") or words[-1].endswith("'s"):
        day = _day(context, parse, start, end)
        if day is not None:
            return Ref(day=day)
    if wide and not rest:
        return Ref(everything=True)
    return _dated(context, parse, start, end, wide=wide) or _by_words(list(tokens))


def _dated(context: Context, parse: Parse, start: int, end: int, *, wide: bool) -> Ref | None:
    """E.g. "tomorrow's meeting", "my 3pm meeting", "the dentist on friday": words beside the day or time they are due."""
    tokens = parse.tokens
    for at in range(start, min(end, start + 4)):
        owned = parse.whole("owned_day", at, at + 1)
        if owned is not None:
            moment = Moment(day=owned.date)
            words = _named(tokens[start:at], tokens[at + 1 : end + _noun_behind(tokens, end)])
            return Ref(words=words, day=moment) if words else Ref(day=moment) if wide or at + 1 == end else None
    times = find_times(parse, start, end)
    if len(times) != 1 or times[0].stated is None:
        return None
    first, last = times[0].start, times[0].end
    if first == start and last == end:  # "cancel the meeting tomorrow": the form took the noun
        return _noun_on(context, times[0], tokens[start - 1]) if start else None
    behind = last == end and tokens[first].word in ("on", "at", "for", "from")
    when = resolve(context, times[0].stated)
    words = _named(tokens[start:first], tokens[last : end + _noun_behind(tokens, end)])
    if when is None or not (behind or words in WEAK_NOUNS or (not words and when.start.at is not None)):
        return None
    when_at = when.start if when.start.at is not None else None
    day = when.start if when.day_stated and when_at is None else None
    return Ref(words=words, day=day, at=when_at) if words or when_at else None


def _noun_on(context: Context, time: Time, noun: Token) -> Ref | None:
    when = resolve(context, time.stated) if time.stated and noun.word in _APPOINTED else None
    if when is None:
        return None
    at = when.start if when.start.at is not None else None
    return Ref(words=noun.word.removesuffix("s"), day=None if at else when.start, at=at)


_APPOINTED: Final = frozenset({"meeting", "meetings", "appointment", "appointments", "event"})


def _noun_behind(tokens: Sequence[Token], end: int) -> int:
    """1 when the form took "meeting" for itself: with only a time left it says which todo."""
    return int(end < len(tokens) and tokens[end].word in ("meeting", "appointment", "event"))


def _named(before: Sequence[Token], behind: Sequence[Token]) -> str:
    """The words around a date; a noun for a todo counts when nothing else was said ("meeting")."""
    tokens = [*before, *behind]
    ref = _by_words([token for token in tokens if token.word not in ("stuff", "things", "everything", "due")])
    if ref is not None:
        return ref.words
    return " ".join(token.word for token in tokens if token.word in WEAK_NOUNS and token.word != "with")


def _day(context: Context, parse: Parse, start: int, end: int) -> Moment | None:
    """The day, when nothing but it says which todos."""
    times = find_times(parse, start, end)
    if len(times) != 1 or times[0].stated is None:
        return None
    outside = [token.word for at, token in enumerate(parse.tokens[start:end], start) if not times[0].start <= at < times[0].end]
    if any(
        word not in ARTICLES
        and word not in TODO_NOUNS
        and word not in ("everything", "on", "for", "due", "from", "'s", "stuff", "'")
        for word in outside
    ):
        return None
    when = resolve(context, times[0].stated)
    return when.start if when else None


def _by_words(tokens: list[Token]) -> Ref | None:
    while tokens and (tokens[0].word in ARTICLES or [token.word for token in tokens[:2]] == ["to", "do"]):
        tokens = tokens[1:] if tokens[0].word in ARTICLES else tokens[2:]
    weak = [token for token in tokens if token.word not in TODO_NOUNS and token.word not in ARTICLES]
    strong = [
        token for token in tokens if (token.word not in TODO_NOUNS or token.word in WEAK_NOUNS) and token.word not in ARTICLES
    ]
    kept = strong if weak and any(token.word in WEAK_NOUNS for token in tokens) and len(weak) > 0 else weak
    while kept and kept[-1].word in ("task", "todo", "item", "reminder", "list", "off", "on", "from"):
        kept = kept[:-1]
    while kept and kept[0].word in ("to", "for", "about", "with"):
        kept = kept[1:]
    words = " ".join(token.text.lower() for token in kept if token.kind != "other" or token.text in "&+").strip()
    if not words and len(tokens) == 1 and tokens[0].word in ("meeting", "appointment"):
        words = tokens[0].word
    return Ref(words=words) if words else None
