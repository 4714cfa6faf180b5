"""The messages and calls the stand-in carries, kept in one SQLite file. What is attached or said is beside them: see `media`.

Every change of a message gets the next number of one counter (`changed`), so a page that was away asks for what came after the
last number it saw. `settled` is 0 as long as the stand-in still owes something for a message (a webhook, a status callback):
after a restart, killed or not, it goes on from there. SQLite's own journal outlives a killed process; only a power cut could
cost the last moments, and these are demonstration messages.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

Channel = Literal["sms", "whatsapp"]
Direction = Literal["inbound", "outbound-api", "outbound-reply", "call"]
FINAL = {"delivered", "undelivered", "failed", "read", "received", "canceled"}

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY,
    sid TEXT NOT NULL UNIQUE,
    direction TEXT NOT NULL,
    phone TEXT NOT NULL,
    channel TEXT NOT NULL,
    body TEXT NOT NULL,
    media TEXT NOT NULL,
    segments INTEGER NOT NULL,
    encoding TEXT NOT NULL,
    status TEXT NOT NULL,
    error_code INTEGER,
    service_sid TEXT NOT NULL,
    status_callback TEXT NOT NULL,
    token TEXT UNIQUE,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    settled INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS messages_changed ON messages (changed);
CREATE INDEX IF NOT EXISTS messages_phone ON messages (phone, id);
CREATE INDEX IF NOT EXISTS messages_unsettled ON messages (id) WHERE settled = 0;
CREATE TABLE IF NOT EXISTS opted_out (phone TEXT PRIMARY KEY) STRICT;
"""
_COLUMNS = (
    "sid, direction, phone, channel, body, media, segments, encoding, status, error_code, service_sid, status_callback,"
    " token, created_at, updated_at, settled, changed"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message between a phone and the number of the box; or a call, whose status is Twilio's for calls."""

    sid: str  # SM… or, with media, MM…; CA… of a call
    direction: Direction
    phone: str  # the person's number, E.164, without channel
    channel: Channel
    body: str
    media: tuple[tuple[str, str], ...] = ()  # URL, or the path at the stand-in, and content type
    segments: int
    encoding: str  # GSM-7 or UCS-2
    status: str  # Twilio's; `received` for inbound ones
    error_code: int | None = None
    service_sid: str = ""  # MG…: sent through a Messaging Service
    status_callback: str = ""
    token: str | None = None  # the page's own name for what it sent: a repeated send is the same message
    created_at: datetime
    updated_at: datetime
    settled: bool = False
    changed: int = 0


class Store:
    """The messages of one folder. Not for several threads."""

    def __init__(self, folder: Path) -> None:
        """Open (or make) `folder`/phone.sqlite."""
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "phone.sqlite", isolation_level=None)
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + _SCHEMA)
        self._changed: int = self._db.execute("SELECT coalesce(max(changed), 0) FROM messages").fetchone()[0]

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @property
    def changed(self) -> int:
        """The number of the last change."""
        return self._changed

    def add(self, message: Message) -> Message:
        """Keep a new message.

        Raises:
            sqlite3.IntegrityError: its sid or token is there already.
        """
        message = self._stamped(message)
        self._db.execute(f"INSERT INTO messages ({_COLUMNS}) VALUES ({', '.join('?' * 17)})", _row(message))  # noqa: S608 - constants
        return message

    def update(self, message: Message) -> Message:
        """Keep the new status, error and settledness of a message."""
        message = self._stamped(message)
        self._db.execute(
            "UPDATE messages SET status = ?, error_code = ?, updated_at = ?, settled = ?, changed = ? WHERE sid = ?",
            (message.status, message.error_code, message.updated_at.isoformat(), message.settled, message.changed, message.sid),
        )
        return message

    def by_sid(self, sid: str) -> Message | None:
        """The message of that sid."""
        return next(iter(self._select("WHERE sid = ?", sid)), None)

    def by_token(self, token: str) -> Message | None:
        """The message the page sent under that name."""
        return next(iter(self._select("WHERE token = ?", token)), None)

    def with_phone(self, phone: str, *, limit: int = 500) -> list[Message]:
        """The newest messages with one phone, oldest first."""
        return self._select("WHERE phone = ? ORDER BY id DESC LIMIT ?", phone, limit)[::-1]

    def changed_after(self, changed: int, *, limit: int = 1000) -> list[Message]:
        """Messages as they are now that changed after that number, in order of change."""
        return self._select("WHERE changed > ? ORDER BY changed LIMIT ?", changed, limit)

    def all(self) -> list[Message]:
        """Every message, oldest first."""
        return self._select("ORDER BY id")

    def latest(self) -> list[Message]:
        """The newest message of each phone, newest first."""
        return self._select("WHERE id IN (SELECT max(id) FROM messages GROUP BY phone) ORDER BY id DESC")

    def unsettled(self) -> list[Message]:
        """Messages we still owe something for, oldest first."""
        return self._select("WHERE settled = 0 ORDER BY id")

    def listed(self, query: Query) -> list[Message]:
        """One page of Twilio's list, newest first; one more than `limit` when there are more."""
        clauses, values = query.where()
        return self._select(f"{clauses} ORDER BY id DESC LIMIT ?", *values, query.limit + 1)

    def opt_out(self, phone: str) -> None:
        """STOP."""
        self._db.execute("INSERT OR IGNORE INTO opted_out VALUES (?)", (phone,))

    def opt_in(self, phone: str) -> bool:
        """START; True when the phone had opted out."""
        return self._db.execute("DELETE FROM opted_out WHERE phone = ?", (phone,)).rowcount > 0

    def opted_out(self, phone: str) -> bool:
        """True between STOP and START."""
        return self._db.execute("SELECT 1 FROM opted_out WHERE phone = ?", (phone,)).fetchone() is not None

    def _stamped(self, message: Message) -> Message:
        self._changed += 1
        return replace(message, changed=self._changed)

    def _select(self, rest: str, *values: object) -> list[Message]:
        return [_message(row) for row in self._db.execute(f"SELECT {_COLUMNS} FROM messages {rest}", values)]  # noqa: S608 - constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The filters of Twilio's list: addresses are phone and channel, our own is a channel; days are GMT."""

    inbound: bool | None = None
    channel: Channel | None = None
    phone: tuple[str, Channel] | None = None
    sent_on: date | None = None
    sent_until: date | None = None
    sent_since: date | None = None
    before_sid: str = ""  # only older messages than this one
    limit: int = 50

    def where(self) -> tuple[str, Sequence[Any]]:
        """As SQL and its values."""
        conditions: list[tuple[str, Any]] = [("direction <> ?", "call")]
        if self.inbound is not None:
            conditions.append(("(direction = 'inbound') = ?", self.inbound))
        if self.channel is not None:
            conditions.append(("channel = ?", self.channel))
        if self.phone is not None:
            conditions += [("phone = ?", self.phone[0]), ("channel = ?", self.phone[1])]
        if self.before_sid:
            conditions.append(("id < (SELECT id FROM messages WHERE sid = ?)", self.before_sid))
        days = (("=", self.sent_on), ("<=", self.sent_until), (">=", self.sent_since))
        conditions += [(f"substr(created_at, 1, 10) {sign} ?", day.isoformat()) for sign, day in days if day is not None]
        clauses = " AND ".join(clause for clause, _ in conditions)
        return f"WHERE {clauses}", [value for _, value in conditions]


def _row(message: Message) -> tuple[Any, ...]:
    return (
        message.sid,
        message.direction,
        message.phone,
        message.channel,
        message.body,
        json.dumps(message.media),
        message.segments,
        message.encoding,
        message.status,
        message.error_code,
        message.service_sid,
        message.status_callback,
        message.token,
        message.created_at.isoformat(),
        message.updated_at.isoformat(),
        message.settled,
        message.changed,
    )


def _message(row: tuple[Any, ...]) -> Message:
    return Message(
        sid=row[0],
        direction=row[1],
        phone=row[2],
        channel=row[3],
        body=row[4],
        media=tuple((url, kind) for url, kind in json.loads(row[5])),
        segments=row[6],
        encoding=row[7],
        status=row[8],
        error_code=row[9],
        service_sid=row[10],
        status_callback=row[11],
        token=row[12],
        created_at=datetime.fromisoformat(row[13]),
        updated_at=datetime.fromisoformat(row[14]),
        settled=bool(row[15]),
        changed=row[16],
    )
