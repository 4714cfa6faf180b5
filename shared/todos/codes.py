"""Codes that confirm an address: how one is kept, and how it is found in a text."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

TRIES: Final = 5
"""How often a code may be guessed: one in 200,000 gets through."""

MOST_A_DAY: Final = 5
"""Codes that one person may have mailed within 24 hours, lest we fill a stranger's mailbox."""

_DIGITS: Final = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)")
_AROUND: Final = frozenset("the my jotline code number is it it's its here confirm and thanks please".split())
"""Words that may stand around a code; with others six digits may be anything."""


def seal(message_id: str, code: str) -> str:
    """A code as it is kept between two messages: nobody reads it by chance. `message_id`: of the message that led to it."""
    return sha256(f"{message_id}/{code}".encode()).hexdigest()


def typed(text: str) -> str | None:
    """The six digits of a text that is about nothing else; None for any other."""
    found = _DIGITS.findall(text)
    around = re.findall(r"[^\W_]+(?:'\w+)?", _DIGITS.sub(" ", text).casefold())
    return "".join(found[0]) if len(found) == 1 and _AROUND.issuperset(around) else None
