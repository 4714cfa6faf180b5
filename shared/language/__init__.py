"""What people text or say, as commands.

`understand` is a pure function of the text, the time it was sent, the person's zone, what their words mean to them, and their
language. Its values are in `shared.language.model`; how to add a form is told in docs/language.md.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from shared.language.language import Language
    from shared.language.model import Meanings, Understanding

__all__ = ["Meanings", "Understanding", "understand"]


def understand(
    text: str, now: datetime, zone: str | ZoneInfo, meanings: Meanings | None = None, language: Language | None = None
) -> Understanding:
    """What `text` asks for; see `shared.language.reading.understand`. English unless told; a grammar is loaded at the first call."""
    return _reader()(text, now, zone, meanings or _usual(), language or _english())


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the values of the model, loaded when first asked for (PEP 562)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from shared.language import model

    return getattr(model, name)


# Remembered: an import statement looks its names up again for every text.


@cache
def _reader() -> Callable[[str, datetime, str | ZoneInfo, Meanings, Language], Understanding]:
    from shared.language.reading import understand as read

    return read


@cache
def _usual() -> Meanings:
    from shared.language.model import Meanings

    return Meanings()


@cache
def _english() -> Language:
    from shared.language.english.language import ENGLISH

    return ENGLISH
