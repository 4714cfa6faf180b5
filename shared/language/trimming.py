"""A clause without the politeness around it: "could you please ... thanks"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.language import Language
from shared.language.text import Token

_ENDS: Final = frozenset({".", "!", ",", ";", ":", "\n", "-", "?"})
BULLETS: Final = frozenset({"-", "*", "/", "\u2022", "[", "]", "\u2610", "\u25a1", "\u25e6", "\u2013"})


def bare_edges(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The clause without the marks and the bullet at its edges."""
    while end > start + 1 and tokens[end - 1].word in _ENDS:
        end -= 1
    while start < end - 1 and (tokens[start].word in _ENDS or tokens[start].text in BULLETS):
        start += 1
    if (
        start + 2 < end
        and tokens[start].kind == "int"
        and tokens[start + 1].text in (".", ")")
        and tokens[start + 2].spaced
        and "month" not in tokens[start + 2].values
    ):
        start += 2  # "1. milk"
    return start, end


def trims_of(language: Language, tokens: Sequence[Token], start: int, end: int) -> list[tuple[int, int]]:
    """The clause as it is, and without the politeness around it."""
    trims = [(start, end)]
    first, last = start, end
    for _ in range(_MOST_LEADS):
        if tokens[first].word not in language.leads:
            break
        step = _lead(language, tokens, first, last)
        if step == first:
            break
        first = step
        trims.append((first, last))
    for _ in range(_MOST_TAILS):
        if tokens[last - 1].word not in language.tails:
            break
        step = _tail(language, tokens, first, last)
        if step == last:
            break
        last = step
        trims.append((first, last))
    return trims


_MOST_LEADS: Final = 6
_MOST_TAILS: Final = 2


def _begins_anew(language: Language, token: Token) -> bool:
    """True for what stands behind "first" when it only counts what is to come: "first, ...", "first call", "first i need"."""
    return token.word in _ENDS or token.word in language.actions or token.word in language.noting.subjects


def _lead(language: Language, tokens: Sequence[Token], start: int, end: int) -> int:
    best = start
    for phrase in language.leads.get(tokens[start].word, ()):
        stop = start + len(phrase)
        if len(phrase) == 1 and "ord" in tokens[start].values and stop < end and not _begins_anew(language, tokens[stop]):
            continue  # "first friday", "first of may": the beginning of a date, or of a name
        if best < stop < end and all(tokens[start + at].word == word for at, word in enumerate(phrase)):
            best = stop
    while best > start and best < end - 1 and tokens[best].word in _ENDS:
        best += 1
    return best


def _tail(language: Language, tokens: Sequence[Token], start: int, end: int) -> int:
    best = end
    for phrase in language.tails.get(tokens[end - 1].word, ()):
        first = end - len(phrase)
        if start < first < best and all(tokens[first + at].word == word for at, word in enumerate(phrase)):
            best = first
    while best < end and best - 1 > start and tokens[best - 1].word in _ENDS:
        best -= 1
    return best
