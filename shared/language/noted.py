"""Whether free words are something to do. In doubt they are not: nothing is stored that nobody asked to store."""


# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.adding import draft
from shared.language.chains import Time
from shared.language.commands import Reading
from shared.language.english.elsewhere import (
    always_elsewhere,
    asked_of_machine,
    asked_of_someone,
    bare_subject,
    in_a_language,
    leave_me_alone,
    mailbox,
    other_subject,
    question_inside,
    sought,
    switches,
)
from shared.language.english.statements import asks, states
from shared.language.english.talk import ASSISTANTS, FUNCTION_WORDS, PRONOUNS, QUESTIONS, gibberish
from shared.language.english.verbs import ACTIONS
from shared.language.timing import find_times


def looks_like_todo(reading: Reading, start: int, end: int) -> bool:
    """Whether free words are something to do. In doubt they are not: nothing is stored that nobody asked to store."""
    tokens = reading.parse.tokens[start:end]
    if tokens[0].kind == "quote":
        return True
    led = next((time.end - start for time in find_times(reading.parse, start, end) if time.start == start), 0)
    tokens = tokens[led:] or tokens
    words = [token.word for token in tokens if token.kind == "word"]
    if not words:
        return any(ord(token.text[0]) > 0x2000 for token in tokens)
    if _marked(reading, start, end) and not asks(words):
        return True
    if len(words) == 1 and (tokens[0].values or words[0] in FUNCTION_WORDS):
        return False
    if start > 0 and _asked_politely(reading, start):
        return False
    dated = any(not _now(reading, time) for time in find_times(reading.parse, start, end))
    if _is_talk(words, [token.word for token in tokens if token.kind == "word" and not token.values]):
        return False
    if not dated and len(words) <= _SHORT and words[1:2] and words[1] in _POINTED:
        return False  # "read that", "say it again": what, is not said
    if words[0] in _BY_ONESELF and words[1:2] in (["the"], ["my"], ["our"]):
        return True  # "complete the visa form": of oneself, whatever it is about
    if not dated and (_is_for_others(words) or _politely(reading, start, end)):
        return False
    return words[0] in ACTIONS or (tokens[-1].word != "?" and _names_something(words, dated=dated))


def _is_talk(words: Sequence[str], plain: list[str]) -> bool:
    """Questions, requests to a listener, mash: with or without a date no todo."""
    if (mailbox(words) and not _MAILED.isdisjoint(words)) or (always_elsewhere(words) and words[0] not in ACTIONS):
        return True
    if words[0] in ("date", "day", "time") and len(words) <= 2:
        return True
    return asks(words) or asked_of_someone(words) or leave_me_alone(words) or gibberish(plain)


def _is_for_others(words: Sequence[str]) -> bool:
    """Orders to a machine or a service, statements: no todo unless a date says that it is a plan."""
    told = switches(words) or in_a_language(words) or sought(words) or states(words)
    return told or mailbox(words) or other_subject(words) or question_inside(words) or asked_of_machine(words)


def _names_something(words: Sequence[str], *, dated: bool) -> bool:
    """Words that name a thing or an event: "oat milk", "my exam friday"."""
    if words[0] in QUESTIONS or (words[0] in PRONOUNS and not (dated and words[0] in ("my", "the"))):
        return False
    if words[-1] == "?" or any(word in _ASKING for word in words[1:] if word != "am" or not dated):
        return False
    return not (all(word in FUNCTION_WORDS for word in words) or (bare_subject(words) and not dated))


_BY_ONESELF: Final = frozenset(
    "complete finish fill submit renew collect fix return repair pack sign print mail wrap iron".split()
)
_POINTED: Final = frozenset({"it", "that", "this", "them"})
_SHORT: Final = 3
_MAILED: Final = frozenset("saying subject body asking stating".split())
_ASKING: Final = frozenset(
    (
        "what which how why what's who whose is are was were isn't aren't am does did can could will "
        "would don't doesn't didn't can't i you he she they we i'm it's he's she's has had been got should"
    ).split()
)


def _now(reading: Reading, time: Time) -> bool:
    """E.g. "now" dates nothing."""
    return time.stated is not None and time.stated.instant == reading.context.now


def _politely(reading: Reading, start: int, end: int) -> bool:
    """Nobody says please to a note of their own."""
    tokens = reading.parse.tokens
    return (start > 0 and tokens[start - 1].word in ("please", "kindly")) or (
        end < len(tokens) and (tokens[end].word == "please" or [token.word for token in tokens[end : end + 2]] == ["for", "me"])
    )


def _asked_politely(reading: Reading, start: int) -> bool:
    """E.g. "can you book a car": asked of somebody, not noted for oneself."""
    words = {token.word for token in reading.parse.tokens[max(0, start - 4) : start]}
    return (
        bool(words & {"you", "u", "can", "could", "may"})
        or {"like", "to"} <= words
        or "want" in words
        or "wanna" in words
        or not ASSISTANTS.isdisjoint(words)
    )


def _marked(reading: Reading, start: int, end: int) -> bool:
    """True when a tag, a priority or a date stands beside the words."""
    found = draft(reading.context, reading.parse, reading.text, start, end)
    return bool(found.tags or found.priority or found.note)
