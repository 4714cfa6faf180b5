"""What asks for something without a command form: a bare date or number, a question about one's lists, a freely worded order."""


# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.calendar import shift
from shared.language.chains import Time
from shared.language.commands import Reading, day_query
from shared.language.english.asking import asks_about_lists
from shared.language.english.elsewhere import bare_subject, other_subject
from shared.language.english.helping import asks_for_help
from shared.language.english.nouns import OURS
from shared.language.english.plans import asks_about_plans
from shared.language.english.talk import FUNCTION_WORDS, QUESTIONS, TODO_NOUNS
from shared.language.english.unlisting import DELETING, all_of_it, deletes, drops
from shared.language.english.verbs import ACTIONS
from shared.language.grammar import Gap
from shared.language.model import Command, Intent, Moment, Query, Ref, When
from shared.language.occurrences import repeat_of, when_of
from shared.language.references import pointed
from shared.language.standing import stands
from shared.language.timing import find_times, read_time

_MOST_SHOWN: Final = 20  # "the 27th" is a date, "the third" a place in what was shown
_LONGEST_SNOOZE: Final = 31 * 86_400


def bare(reading: Reading, start: int, end: int) -> list[Command]:
    """Only a date, a number, a length or a position: a question, or the answer to one."""
    tokens, parse = reading.parse.tokens, reading.parse
    numbers = parse.whole("numbers", start, end)
    if numbers is not None:
        return [Command(intent=Intent.SHOW, ref=Ref(numbers=numbers), bare=True, rule="bare_number")]
    length = parse.whole("length", start, end) or (
        parse.whole("length", start + 1, end) if tokens[start].word in ("in", "for") else None
    )
    if length is not None and length.total_seconds <= _LONGEST_SNOOZE:
        at = shift(reading.context.now, length)
        when = When(start=Moment(day=at.date(), at=at), time_stated=True) if length.timed else When(start=Moment(day=at.date()))
        return [Command(intent=Intent.SNOOZE, when=when, bare=True, rule="bare_length")]
    ordinal = pointed(tokens[start:end]) if tokens[start].word not in ("on", "by") else None
    if (
        ordinal is not None
        and ordinal == Ref(ordinals=ordinal.ordinals)
        and ordinal.ordinals
        and max(ordinal.ordinals) <= _MOST_SHOWN
    ):
        return [Command(intent=Intent.SHOW, ref=ordinal, bare=True, rule="bare_position")]
    if ordinal is not None and ordinal in (Ref(last=True), Ref(that=True)) and end - start <= 3:
        return [Command(intent=Intent.SHOW, ref=ordinal, bare=True, rule="bare_position")]
    time = read_time(parse, start, end)
    if time is None or time.end != end or not stands(tokens, time, start, end):
        return []
    if time.rule is not None:
        first = when_of(reading.context, time)
        repeat = repeat_of(reading.context, time, first, reading.words(Gap(start, end)))
        return [Command(intent=Intent.EDIT, ref=Ref(that=True), when=first, repeat=repeat, bare=True, rule="bare_repeat")]
    query = day_query(reading, time)
    stated = when_of(reading.context, time)
    return [Command(intent=Intent.QUERY, query=query, when=stated, bare=True, rule="bare_date")] if query else []


def about(reading: Reading, start: int, end: int) -> list[Command]:
    """Freely worded: a question about one's lists, an order to delete, a call for help."""
    tokens = reading.parse.tokens[start:end]
    if any(token.kind in ("quote", "tag") for token in tokens):
        return []
    times = find_times(reading.parse, start, end)
    led = times[0].end - start if times and times[0].start == start else 0
    words = [token.word for token in (tokens[led:] or tokens) if token.kind in ("word", "int", "ordinal")]
    if words[:1] == ["complete"] and words[1:2] and words[1] in ACTIONS:
        ref = reading.ref(Gap(start + 1, end))
        return [Command(intent=Intent.COMPLETE, ref=ref, rule="complete_action")] if ref else []
    rest = _without(reading, start, end, times)
    if deletes(words) or (times and drops(rest)):
        return [_unlisted(reading, start, end, times)]
    if asks_for_help(words):
        return [Command(intent=Intent.HELP, rule="about_help", confidence=0.7)]
    if asks_about_lists(words, dated=bool(times)) or asks_about_plans(words, rest, dated=bool(times)):
        query = _asked_when(words) or (day_query(reading, times[0]) if times and times[0].rule is None else None)
        return [Command(intent=Intent.QUERY, query=query or Query(what="open"), rule="about_lists", confidence=0.7)]
    return []


def _without(reading: Reading, start: int, end: int, times: Sequence[Time]) -> list[str]:
    """The words that state no time."""
    taken = {at for time in times for at in range(time.start, time.end)}
    tokens = reading.parse.tokens
    return [tokens[at].word for at in range(start, end) if at not in taken and tokens[at].kind in ("word", "int", "ordinal")]


def _asked_when(words: Sequence[str]) -> Query | None:
    """E.g. "when is my dentist appointment", "when is Ana's birthday": the todo that is asked about."""
    size = next((len(start) for start in _WHEN_IS if tuple(words[: len(start)]) == start), 0)
    about = [word for word in words[size:] if word not in TODO_NOUNS and word not in OURS and word not in _WHICH_ONE]
    named = size and 1 <= len(about) <= _MOST_NAMED and FUNCTION_WORDS.isdisjoint(about)
    return Query(what="search", words=" ".join(about)) if named else None


_WHEN_IS: Final = (("when", "is"), ("when's",), ("what", "time", "is"), ("what", "day", "is"), ("where", "is"), ("where's",))
_WHICH_ONE: Final = frozenset({"next", "first", "last", "my", "the", "our"})
_MOST_NAMED: Final = 3


def _unlisted(reading: Reading, start: int, end: int, times: Sequence[Time]) -> Command:
    """DELETE of what the words name besides verbs and nouns of lists; of a day; or of everything, which is asked about first."""
    tokens = reading.parse.tokens
    taken = {at for time in times for at in range(time.start, time.end)}
    kept = [token for at, token in enumerate(tokens[start:end], start) if at not in taken and token.kind == "word"]
    when = when_of(reading.context, times[0]) if times else None
    words = [
        token.text.lower()
        for token in kept
        if token.word not in DELETING
        and token.word not in FUNCTION_WORDS
        and token.word not in OURS
        and token.word not in TODO_NOUNS
    ]
    words = words or [token.word for token in kept if token.word in ("meeting", "appointment")]
    if words:
        dropped = tokens[start].word == "no" and when is not None and when.start.at is None
        ref = Ref(words=" ".join(words), day=when.start if dropped and when else None)
    elif when is not None:
        ref = Ref(day=when.start)
    else:
        ref = Ref(everything=True) if all_of_it([token.word for token in kept]) else Ref(that=True)
    return Command(intent=Intent.DELETE, ref=ref, rule="about_delete", confidence=0.7)


def asked_for(reading: Reading, start: int, end: int) -> Command | None:
    """E.g. "groceries?", "milk?": is it there?"""
    tokens = reading.parse.tokens
    words = [token.word for token in tokens[start:end]]
    if end >= len(tokens) or tokens[end].word != "?" or len(words) > 3 or words[0] in ACTIONS or words[0] in QUESTIONS:
        return None
    if any(token.kind != "word" or token.values for token in tokens[start:end]) or not FUNCTION_WORDS.isdisjoint(words):
        return None
    ref = reading.ref(Gap(start, end))
    if ref is None or not ref.words or other_subject(words) or bare_subject(words):
        return None
    return Command(intent=Intent.QUERY, query=Query(what="search", words=ref.words), rule="word_asked", confidence=0.7)
