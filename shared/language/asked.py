"""What asks for something without a command form: a bare date or number, a question about one's lists, a freely worded order."""


# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.calendar import shift
from shared.language.chains import Time
from shared.language.commands import Reading, day_query
from shared.language.language import Language
from shared.language.model import Command, Intent, Moment, Query, Ref, When
from shared.language.occurrences import repeat_of, when_of
from shared.language.parse import Gap
from shared.language.references import pointed
from shared.language.standing import stands
from shared.language.text import Token
from shared.language.timing import find_times, read_time
from shared.language.words import begins_with

_MOST_SHOWN: Final = 20  # "the 27th" is a date, "the third" a place in what was shown
_LONGEST_SNOOZE: Final = 31 * 86_400


def bare(reading: Reading, start: int, end: int) -> list[Command]:
    """Only a date, a number, a length or a position: a question, or the answer to one."""
    tokens, parse, language = reading.parse.tokens, reading.parse, reading.context.language
    known = language.noting
    numbers = parse.whole("numbers", start, end)
    if numbers is not None:
        return [Command(intent=Intent.SHOW, ref=Ref(numbers=numbers), bare=True, rule="bare_number")]
    length = parse.whole("length", start, end) or (
        parse.whole("length", start + 1, end) if tokens[start].word in known.before_length else None
    )
    if length is not None and length.total_seconds <= _LONGEST_SNOOZE:
        at = shift(reading.context.now, length)
        when = When(start=Moment(day=at.date(), at=at), time_stated=True) if length.timed else When(start=Moment(day=at.date()))
        return [Command(intent=Intent.SNOOZE, when=when, bare=True, rule="bare_length")]
    ordinal = pointed(language, tokens[start:end]) if tokens[start].word not in known.before_day else None
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
    if time is None or time.end != end or not stands(language, tokens, time, start, end):
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
    tokens, language = reading.parse.tokens[start:end], reading.context.language
    hearing = language.hearing
    if not _OWN_KINDS.isdisjoint([token.kind for token in tokens]):
        return []
    times = find_times(reading.parse, start, end)
    led = times[0].end - start if times and _leads(language, times[0], reading.parse.tokens, start) else 0
    words = [token.word for token in (tokens[led:] or tokens) if token.kind in ("word", "int", "ordinal")]
    if len(words) > 1 and words[0] in language.noting.complete and words[1] in language.actions:
        ref = reading.ref(Gap(start + 1, end))
        return [Command(intent=Intent.COMPLETE, ref=ref, rule="complete_action")] if ref else []
    rest = _without(reading, start, end, times) if times else words
    if hearing.deletes(words) or (times and hearing.drops(rest)):
        return [_unlisted(reading, start, end, times)]
    if hearing.asks_for_help(words):
        return [Command(intent=Intent.HELP, rule="about_help", confidence=0.7)]
    # "chores every weekend" is to be added.
    repeated = bool(times) and any(time.rule is not None for time in times) and words[0] not in language.questions
    dated = bool(times)
    if not repeated and (hearing.asks_about_lists(words, dated=dated) or hearing.asks_about_plans(words, rest, dated=dated)):
        query = _asked_when(language, words) or (day_query(reading, times[0]) if times and times[0].rule is None else None)
        return [Command(intent=Intent.QUERY, query=query or Query(what="open"), rule="about_lists", confidence=0.7)]
    return []


_OWN_KINDS: Final = frozenset({"quote", "tag"})  # of what is meant for a list


def _leads(language: Language, time: Time, tokens: Sequence[Token], start: int) -> bool:
    """E.g. "tomorrow (delete ...)", "for tomorrow (delete ...)"."""
    return time.start == start or (time.start == start + 1 and tokens[start].word in language.titling.before_date)


def _without(reading: Reading, start: int, end: int, times: Sequence[Time]) -> list[str]:
    """The words that state no time."""
    taken = {at for time in times for at in range(time.start, time.end)}
    tokens = reading.parse.tokens
    return [tokens[at].word for at in range(start, end) if at not in taken and tokens[at].kind in ("word", "int", "ordinal")]


def _asked_when(language: Language, words: Sequence[str]) -> Query | None:
    """E.g. "when is my dentist appointment", "when is Ana's birthday": the todo that is asked about."""
    known = language.noting
    size = begins_with(words, known.when_is)
    idle = (language.todo_nouns, known.ours, known.which_one)
    about = [word for word in words[size:] if not any(word in table for table in idle)]
    named = size and 1 <= len(about) <= _MOST_NAMED and language.function_words.isdisjoint(about)
    return Query(what="search", words=" ".join(about)) if named else None


_MOST_NAMED: Final = 3


def _unlisted(reading: Reading, start: int, end: int, times: Sequence[Time]) -> Command:
    """DELETE of what the words name besides verbs and nouns of lists; of a day; or of everything, which is asked about first."""
    tokens, language = reading.parse.tokens, reading.context.language
    known = language.noting
    idle = (known.deleting, language.function_words, known.ours, language.todo_nouns)
    taken = {at for time in times for at in range(time.start, time.end)}
    kept = [token for at, token in enumerate(tokens[start:end], start) if at not in taken and token.kind == "word"]
    when = when_of(reading.context, times[0]) if times else None
    whole = when_of(reading.context, times[0], period=True) if times else None
    words = [token.text.lower() for token in kept if not any(token.word in table for table in idle)]
    dropped = tokens[start].word in known.no and when is not None and when.start.at is None
    if not words:  # "all my meetings": those, not all there is
        words = _gathered(language, [token.word for token in kept])
        dropped = dropped or (bool(words) and when is not None and when.start.at is None)
    if words:
        ref = Ref(words=" ".join(words), day=when.start if dropped and when else None)
    elif whole is not None and whole.end is not None:
        ref = Ref(words=reading.words(Gap(times[0].start, times[0].end)).lower())  # no todo: a period is not deleted at once
    elif when is not None:
        ref = Ref(day=when.start)
    else:
        ref = Ref(everything=True) if language.hearing.all_of_it([token.word for token in kept]) else Ref(that=True)
    return Command(intent=Intent.DELETE, ref=ref, rule="about_delete", confidence=0.7)


def _gathered(language: Language, words: Sequence[str]) -> list[str]:
    """E.g. meeting, of "this meeting" and of "all my meetings"."""
    known = language.pointing
    several = {word: one for word, one in known.appointed.items() if word != one}
    return [several.get(word, word) for word in words if word in known.gatherings or word in several]


def asked_for(reading: Reading, start: int, end: int) -> Command | None:
    """E.g. "groceries?", "milk?": is it there?"""
    tokens, language = reading.parse.tokens, reading.context.language
    words = [token.word for token in tokens[start:end]]
    if end >= len(tokens) or tokens[end].word != "?" or len(words) > 3:
        return None
    if words[0] in language.actions or words[0] in language.questions:
        return None
    if any(token.kind != "word" or token.values for token in tokens[start:end]) or not language.function_words.isdisjoint(
        words
    ):
        return None
    ref = reading.ref(Gap(start, end))
    if ref is None or not ref.words or language.hearing.other_subject(words) or language.hearing.bare_subject(words):
        return None
    return Command(intent=Intent.QUERY, query=Query(what="search", words=ref.words), rule="word_asked", confidence=0.7)
