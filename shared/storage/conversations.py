"""What the API shows of a person's messages and recordings, a page at a time, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.storage.database import Database

#: The texts both ways. The words of codes are left out: whoever may read messages may not sign in by that alone.
_MESSAGES: Final = """
SELECT m.id, m.direction, m.message_type, CASE WHEN m.metadata ->> 'kind' = 'code' THEN '' ELSE m.body END, m.status,
    coalesce(m.metadata ->> 'kind', ''), m.created_at, m.sent_at, m.delivered_at, m.attachments
FROM messaging.conversations c JOIN messaging.messages m ON m.conversation_id = c.id
WHERE c.participant_from = %(phone)s AND c.channel_type <> 'email'
    AND (%(before)s::timestamptz IS NULL OR (m.created_at, m.id) < (%(before)s, %(before_id)s))
ORDER BY m.created_at DESC, m.id DESC LIMIT %(limit)s
"""

#: Recordings with what was heard in them last.
_RECORDINGS: Final = """
SELECT r.id, r.said_at, r.seconds, r.channel, r.content_type, r.audio IS NOT NULL, (
    SELECT t.text FROM voice.transcripts t WHERE t.recording_id = r.id AND t.finished_at IS NOT NULL ORDER BY t.version DESC LIMIT 1)
FROM voice.recordings r
WHERE r.party = %(party)s AND (%(id)s = '' OR r.id = %(id)s)
    AND (%(before)s::timestamptz IS NULL OR (r.said_at, r.id) < (%(before)s, %(before_id)s))
ORDER BY r.said_at DESC, r.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Message:
    """A text, theirs or ours."""

    id: UUID
    direction: str
    channel: str
    text: str
    status: str
    kind: str
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    media: list[Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording, and its words; None: not heard yet."""

    id: str
    said_at: datetime
    seconds: float
    channel: str
    content_type: str
    kept: bool
    text: str | None


async def messages(database: Database, phone: str, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Message]:
    """A page of a person's texts, older than `before`. `phone`: E.164.

    Raises:
        DatabaseUnavailable: try again later.
    """
    at, id_ = before or (None, None)
    rows: list[tuple[Any, ...]] = await database.fetch(
        _MESSAGES, {"phone": phone, "before": at, "before_id": id_, "limit": limit}
    )
    return [Message(*row) for row in rows]


async def recordings(
    database: Database, party: str, *, recording_id: str = "", before: tuple[datetime, str] | None = None, limit: int = 1
) -> list[Heard]:
    """A page of a person's recordings, older than `before`, or the one of that id.

    Raises:
        DatabaseUnavailable: try again later.
    """
    at, id_ = before or (None, None)
    parameters = {"party": party, "id": recording_id, "before": at, "before_id": id_, "limit": limit}
    rows: list[tuple[Any, ...]] = await database.fetch(_RECORDINGS, parameters)
    return [Heard(*row) for row in rows]
