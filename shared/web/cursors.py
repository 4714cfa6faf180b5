"""Cursors: where a page ended, as text that says nothing to anybody and is read back with suspicion."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from shared.web.problems import named

LONGEST: Final = 2000

Cursor = Annotated[
    str | None,
    Field(
        description="`next_cursor` of the page before, with the same filters and order.",
        max_length=LONGEST,
        pattern="^[A-Za-z0-9_-]+$",
    ),
]
Limit = Annotated[int, Field(ge=1, le=200, description="How many at most.")]


def write(about: str, key: str, id_: object) -> str:
    """A cursor.

    Args:
        about: what the list is of, and its order: another list refuses the cursor.
        key: the sort key of the last row.
        id_: its id.
    """
    text = json.dumps([about, key, str(id_)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str, about: str, key_is: Callable[[str], object]) -> tuple[str, str]:
    """The sort key and the id that a cursor holds, both as text without NUL.

    Args:
        cursor: as `write` wrote it.
        about: what the list is of.
        key_is: raises ValueError for a text that is no key of this order.

    Raises:
        Problem: 422, it is none of this list.
    """
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
        was_about, key, id_ = found
        if was_about == about and isinstance(key, str) and isinstance(id_, str) and "\0" not in key + id_:
            (key + id_).encode()
            key_is(key)
            return key, id_
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error):
        pass
    raise named("cursor-unfit")


def read_uuid(cursor: str, about: str, key_is: Callable[[str], object]) -> tuple[str, UUID]:
    """As `read`, where ids are UUIDs."""
    key, id_ = read(cursor, about, key_is)
    try:
        return key, UUID(id_)
    except ValueError:
        raise named("cursor-unfit") from None


def instant(text: str) -> datetime:
    """An instant, as a key.

    Raises:
        ValueError: it is none.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at
