"""What people text or say, as commands.

`understand` is a pure function of the text, the time it was sent, the person's zone and what their words mean to them. Its values
are in `shared.language.model`; how to add a form is told in docs/language.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.language.model import Meanings, Understanding

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

__all__ = ["Meanings", "Understanding", "understand"]


def understand(text: str, now: datetime, zone: str | ZoneInfo, meanings: Meanings | None = None) -> Understanding:
    """What `text` asks for; see `shared.language.reading.understand`. The grammar is loaded at the first call."""
    from shared.language.reading import understand as read

    return read(text, now, zone, meanings)
