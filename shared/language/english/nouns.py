"""Nouns of ours: what lists, reminders and appointments are called."""

# ruff: noqa: E501 - a pattern is one string

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final

OURS: Final = frozenset(
    """list lists todo todos to-do to-dos task tasks reminder reminders agenda calendar calender calendars notification notifications checklist checklists to-do's nudge nudges chores""".split()
)
EVENTS: Final = frozenset(
    """event events meeting meetings appointment appointments schedule plans alarm alarms alert alerts deadline deadlines birthday anniversary party interview conference lunch dinner breakfast brunch
birthdays anniversaries parties interviews conferences lunches dinners calls classes sessions visits weddings exams shift shifts lesson lessons practice rehearsal test game play recital concert brunch picnic barbecue bbq gym yoga
graduation ceremony seminar seminars workshop workshops lecture lectures tournament funeral prom gala retreat orientation audition fundraiser baptism christening potluck cookout sleepover playdate
therapy manicure pedicure surgery inspection rehearsals recitals ceremonies
call haircut class session visit wedding exam dentist doctor checkup standup webinar presentation reunion trip""".split()
)


def phrases(text: str) -> frozenset[tuple[str, ...]]:
    """The phrases of `text`, parted by "|" or line ends, as words."""
    return frozenset(tuple(phrase.split()) for phrase in text.replace("\n", "|").split("|") if phrase.strip())


def begins(words: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> int:
    """Length of the longest phrase the words begin with; 0 for none."""
    for phrase in _by_first(phrases).get(words[0], ()) if words else ():
        if tuple(words[: len(phrase)]) == phrase:
            return len(phrase)
    return 0


@cache
def _by_first(phrases: frozenset[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    """The phrases by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return found


def to_do(words: Sequence[str]) -> bool:
    """True when a to-do list is spoken of: "my to do", "the to dos"."""
    return any(
        pair in (("to", "do"), ("to", "dos")) and (at == 0 or words[at - 1] in ("my", "the", "show", "on"))
        for at, pair in enumerate(pairwise(words))
    )
