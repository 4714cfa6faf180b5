"""What people attach and what callers say, as Twilio keeps it: bytes with a sid, in the stand-in's SQLite file.

Twilio's API answers a request for a file with a redirect to another place that asks for no credentials, only for a path nobody can
guess. So each file has such a `key` beside its sid. A call's recording is there from the start and `ready` when Twilio would be.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

#: The most that WhatsApp and Twilio take of one file.
BYTES_AT_MOST = 16 * 1024 * 1024

_SCHEMA = """
CREATE TABLE IF NOT EXISTS media (
    sid TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    content_type TEXT NOT NULL,
    seconds REAL,
    key TEXT NOT NULL UNIQUE,
    ready INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS media_owner ON media (owner);
"""
_COLUMNS = "sid, owner, content_type, seconds, key, ready, created_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A file that is kept; its bytes are read when they are asked for."""

    sid: str  # ME… of a message, RE… of a call
    owner: str  # the message's or the call's sid
    content_type: str
    seconds: float | None  # where it is known
    key: str
    ready: bool
    created_at: datetime


class MediaStore:
    """The files of one folder. Not for several threads."""

    def __init__(self, folder: Path) -> None:
        """Open (or make) `folder`/phone.sqlite."""
        self._db = sqlite3.connect(folder / "phone.sqlite", isolation_level=None)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add(
        self,
        kind: Literal["ME", "RE"],
        owner: str,
        data: bytes,
        content_type: str,
        created_at: datetime,
        *,
        seconds: float | None = None,
    ) -> Medium:
        """Keep a file; a recording is not ready yet."""
        medium = Medium(
            sid=kind + uuid4().hex,
            owner=owner,
            content_type=content_type,
            seconds=seconds,
            key=uuid4().hex,
            ready=kind == "ME",
            created_at=created_at,
        )
        row = (owner, content_type, seconds, medium.key, medium.ready, created_at.isoformat(), data)
        self._db.execute(f"INSERT INTO media ({_COLUMNS}, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (medium.sid, *row))  # noqa: S608 - constants
        return medium

    def finish(self, sid: str, data: bytes, seconds: float) -> None:
        """A recording is there for everyone to fetch, as long as it became."""
        self._db.execute("UPDATE media SET ready = 1, data = ?, seconds = ? WHERE sid = ?", (data, seconds, sid))

    def find(self, sid: str) -> Medium | None:
        """The file of that sid."""
        return next(iter(self._select("sid = ?", sid)), None)

    def by_key(self, key: str) -> Medium | None:
        """The file of that key."""
        return next(iter(self._select("key = ?", key)), None)

    def of(self, owner: str) -> list[Medium]:
        """The files of a message or a call, in order."""
        return self._select("owner = ? ORDER BY rowid", owner)

    def data(self, sid: str) -> bytes:
        """The bytes of a file.

        Raises:
            KeyError: there is none of that sid.
        """
        row = self._db.execute("SELECT data FROM media WHERE sid = ?", (sid,)).fetchone()
        if row is None:
            raise KeyError(sid)
        return bytes(row[0])

    def _select(self, condition: str, value: str) -> list[Medium]:
        return [_medium(row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM media WHERE {condition}", (value,))]  # noqa: S608 - constants


def _medium(row: tuple[Any, ...]) -> Medium:
    return Medium(
        sid=row[0],
        owner=row[1],
        content_type=row[2],
        seconds=row[3],
        key=row[4],
        ready=bool(row[5]),
        created_at=datetime.fromisoformat(row[6]),
    )
