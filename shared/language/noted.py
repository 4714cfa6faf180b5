"""Whether free words are something to do. In doubt they are not: nothing is stored that nobody asked to store."""


# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.attributes import is_marked
from shared.language.chains import Time
from shared.language.commands import Reading
from shared.language.language import Hearing, Language
from shared.language.timing import find_times
from shared.language.words import begins_with


def looks_like_todo(reading: Reading, start: int, end: int) -> bool:
    """Whether free words are something to do. In doubt they are not: nothing is stored that nobody asked to store."""
    tokens, language = reading.parse.tokens[start:end], reading.context.language
    known, hearing = language.noting, language.hearing
    if tokens[0].kind == "quote":
        return True
    times = find_times(reading.parse, start, end)
    led = times[0].end - start if times and times[0].start == start else 0
    tokens = tokens[led:] or tokens
    words = [token.word for token in tokens if token.kind == "word"]
    if not words:
        return any(ord(token.text[0]) > 0x2000 for token in tokens)
    if is_marked(reading.context, reading.parse, reading.text, start, end) and not hearing.asks(words):
        return True
    if len(words) == 1 and (tokens[0].values or words[0] in language.function_words):
        return False
    asked = _asked_of_us(reading, start, words)
    if asked is not None:
        return asked
    dated = bool(times) and any(not _now(reading, time) for time in times)
    visits = dated and _visits(language, words)
    if not visits and _is_talk(language, words, [token.word for token in tokens if token.kind == "word" and not token.values]):
        return False
    if not dated and len(words) <= _SHORT and words[1:2] and words[1] in known.pointed:
        return False  # "read that", "say it again": what, is not said
    if words[0] in known.by_oneself and not known.own.isdisjoint(words[1:2]):
        return True  # "complete the visa form": of oneself, whatever it is about
    if not dated and (_is_for_others(hearing, words) or _politely(reading, start, end)):
        return False
    return visits or words[0] in language.actions or (tokens[-1].word != "?" and _names_something(language, words, dated=dated))


def _asked_of_us(reading: Reading, start: int, words: Sequence[str]) -> bool | None:
    """Whether what is politely asked of somebody is a todo all the same; None where nothing is asked."""
    if begins_with(words, reading.context.language.noting.for_me):
        return True
    return _longed_for(reading, start, words) if start > 0 and _asked_politely(reading, start) else None


def _longed_for(reading: Reading, start: int, words: Sequence[str]) -> bool:
    """E.g. "i want to buy a car", of oneself; "can you buy a car" is not."""
    language = reading.context.language
    said = {token.word for token in reading.parse.tokens[max(0, start - 4) : start]}
    own = not said.isdisjoint(language.noting.subjects) and said.isdisjoint(language.parting.you | language.parting.can)
    plain = not _is_for_others(language.hearing, words) and words[-1] not in language.questions
    return own and words[0] in language.noting.longed_for and plain and len(words) > 1


def _visits(language: Language, words: Sequence[str]) -> bool:
    """E.g. "mum is visiting (on friday)", "rahul will come with me": somebody comes, something begins."""
    if words[0] in language.questions or language.hearing.always_elsewhere(words):
        return False
    if words[0] in language.noting.persons:
        return bool(begins_with(words, language.noting.visiting))
    return any(
        begins_with(words[at : at + _LONGEST_PLEASE], language.noting.visiting) for at in range(min(len(words), _LATEST))
    )


_LATEST: Final = 6


def _is_talk(language: Language, words: Sequence[str], plain: list[str]) -> bool:
    """Questions, requests to a listener, mash: with or without a date no todo."""
    known, hearing = language.noting, language.hearing
    if hearing.mailbox(words) and not known.mailed.isdisjoint(words):
        return True
    if hearing.always_elsewhere(words) and words[0] not in language.actions:
        return True
    if words[0] in known.dates and len(words) <= 2:
        return True
    return hearing.asks(words) or hearing.asked_of_someone(words) or hearing.leave_me_alone(words) or hearing.gibberish(plain)


def _is_for_others(hearing: Hearing, words: Sequence[str]) -> bool:
    """Orders to a machine or a service, statements: no todo unless a date says that it is a plan."""
    told = hearing.switches(words) or hearing.in_a_language(words) or hearing.sought(words) or hearing.states(words)
    asked = hearing.question_inside(words) or hearing.asked_of_machine(words)
    return told or asked or hearing.mailbox(words) or hearing.other_subject(words)


def _names_something(language: Language, words: Sequence[str], *, dated: bool) -> bool:
    """Words that name a thing or an event: "oat milk", "my exam friday"."""
    known = language.noting
    if words[0] in language.questions or (words[0] in language.pronouns and not (dated and words[0] in known.own_event)):
        return False
    if words[-1] == "?" or not known.asking.isdisjoint(words[1:]) or not (dated or known.asking_undated.isdisjoint(words[1:])):
        return False
    return not (language.function_words.issuperset(words) or (language.hearing.bare_subject(words) and not dated))


_SHORT: Final = 3


def _now(reading: Reading, time: Time) -> bool:
    """E.g. "now" dates nothing."""
    return time.stated is not None and time.stated.instant == reading.context.now


def _politely(reading: Reading, start: int, end: int) -> bool:
    """Nobody says please to a note of their own."""
    tokens, known = reading.parse.tokens, reading.context.language.noting
    behind = [token.word for token in tokens[end : end + _LONGEST_PLEASE]]
    return (start > 0 and tokens[start - 1].word in known.please_before) or bool(begins_with(behind, known.please_behind))


_LONGEST_PLEASE: Final = 4


def _asked_politely(reading: Reading, start: int) -> bool:
    """E.g. "can you book a car": asked of somebody, not noted for oneself."""
    words = {token.word for token in reading.parse.tokens[max(0, start - 4) : start]}
    known = reading.context.language.noting
    return not known.asked.isdisjoint(words) or (bool(known.wished) and known.wished <= words)
