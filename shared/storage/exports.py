"""Everything that is kept of a person, row by row and in order, a page at a time: for exports, however long somebody has been here.

Each part is read on from where the page before ended, so that nothing is held between two pages and nothing is read twice. What changes
meanwhile is in it or not.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.storage.database import Database
from shared.todos.model import Task

#: Rows of a page.
PAGE: Final = 500

_PERSON = """
SELECT json_build_object('user_id', u.id, 'phone', u.phone, 'channel', u.channel, 'settings', u.settings,
    'dialogue', u.dialogue #- '{question,code}',
    'created_at', u.created_at, 'updated_at', u.updated_at)::text
FROM todo.users u WHERE u.id = %s
"""

_TASK = """json_build_object('id', k.id, 'number', k.number, 'title', k.title, 'status', k.status, 'due_day', k.due_day,
    'due_at', k.due_at, 'end_day', k.end_day, 'end_at', k.end_at, 'zone', k.zone, 'repeat', k.repeat, 'series_id', k.series_id,
    'parent_id', k.parent_id, 'remind', k.remind, 'priority', k.priority, 'tags', k.tags, 'note', k.note,
    'created_at', k.created_at, 'completed_at', k.completed_at, 'version', k.version)"""

#: Parts of an export: from which row on, in which order. A row is JSON, behind what it is ordered by.
_TODO: Final = {
    "tasks": f"""
SELECT k.created_at::text, k.id::text, ({_TASK})::text FROM todo.tasks k
WHERE k.user_id = %(user_id)s AND (k.created_at, k.id) > (%(after)s::timestamptz, %(id)s::uuid) ORDER BY k.created_at, k.id LIMIT %(limit)s
""",
    "task_events": """
SELECT e.at::text, e.sequence::text, (to_jsonb(e) - 'user_id' - 'sequence')::text FROM todo.task_events e
WHERE e.user_id = %(user_id)s AND e.sequence > %(id)s::bigint ORDER BY e.sequence LIMIT %(limit)s
""",
    "reminders": """
SELECT r.at::text, r.id::text, (to_jsonb(r) - 'user_id')::text FROM todo.reminders r
WHERE r.user_id = %(user_id)s AND (r.at, r.id) > (%(after)s::timestamptz, %(id)s::uuid) ORDER BY r.at, r.id LIMIT %(limit)s
""",
    "sign_ins": """
SELECT s.created_at::text, s.id::text, json_build_object('created_at', s.created_at, 'used_at', s.used_at,
    'expires_at', s.expires_at)::text FROM todo.sessions s
WHERE s.user_id = %(user_id)s AND (s.created_at, s.id) > (%(after)s::timestamptz, %(id)s::uuid)
ORDER BY s.created_at, s.id LIMIT %(limit)s
""",
    "access_tokens": """
SELECT t.created_at::text, t.id::text, json_build_object('id', t.id, 'name', t.name, 'created_at', t.created_at,
    'used_at', t.used_at, 'expires_at', t.expires_at)::text FROM todo.access_tokens t
WHERE t.user_id = %(user_id)s AND (t.created_at, t.id) > (%(after)s::timestamptz, %(id)s::uuid)
ORDER BY t.created_at, t.id LIMIT %(limit)s
""",
    "calendar": """
SELECT f.created_at::text, f.user_id::text, json_build_object('created_at', f.created_at)::text FROM todo.feeds f
WHERE f.user_id = %(user_id)s AND (f.created_at, f.user_id) > (%(after)s::timestamptz, %(id)s::uuid) LIMIT %(limit)s
""",
}
#: The words of codes are left out: whoever may read messages may not sign in by that alone.
_MESSAGE = """m.created_at::text, m.id::text, (to_jsonb(m) - 'conversation_id' || jsonb_build_object(
    'body', CASE WHEN m.metadata ->> 'kind' = 'code' THEN '' ELSE m.body END,
    'our_number', c.participant_to,
    'reports', (SELECT coalesce(jsonb_agg(jsonb_build_object('status', e.event_type, 'at', e.created_at)
        ORDER BY e.created_at), '[]') FROM messaging.message_events e WHERE e.message_id = m.id)))::text"""
_MESSAGING: Final = {
    "messages": f"""
SELECT {_MESSAGE} FROM messaging.conversations c JOIN messaging.messages m ON m.conversation_id = c.id
WHERE c.participant_from = %(phone)s AND c.channel_type <> 'email'
    AND (m.created_at, m.id) > (%(after)s::timestamptz, %(id)s::uuid) ORDER BY m.created_at, m.id LIMIT %(limit)s
""",
    "mails": f"""
SELECT {_MESSAGE} FROM messaging.messages m JOIN messaging.conversations c ON m.conversation_id = c.id
WHERE m.message_type = 'email' AND m.metadata ->> 'party' = %(party)s
    AND (m.created_at, m.id) > (%(after)s::timestamptz, %(id)s::uuid) ORDER BY m.created_at, m.id LIMIT %(limit)s
""",
    "consents": """
SELECT c.at::text, c.channel_type, json_build_object('channel', c.channel_type, 'stopped', c.stopped, 'word', c.word, 'at', c.at)::text
FROM messaging.consents c WHERE c.phone = %(phone)s AND c.channel_type > %(id)s ORDER BY c.channel_type LIMIT %(limit)s
""",
}
_VOICE: Final = {
    "recordings": """
SELECT r.said_at::text, r.id, (to_jsonb(r) - 'party' - 'audio' || jsonb_build_object('audio_kept', r.audio IS NOT NULL,
    'transcripts', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'recording_id' - 'request' ORDER BY t.version), '[]')
        FROM voice.transcripts t WHERE t.recording_id = r.id)))::text
FROM voice.recordings r WHERE r.party = %(party)s AND (r.said_at, r.id) > (%(after)s::timestamptz, %(id)s)
ORDER BY r.said_at, r.id LIMIT %(limit)s
""",
    "calls": """
SELECT l.created_at::text, l.id, json_build_object('id', l.id, 'to', l.recipient, 'at', l.created_at)::text
FROM voice.calls l WHERE l.sender = %(phone)s AND (l.created_at, l.id) > (%(after)s::timestamptz, %(id)s)
ORDER BY l.created_at, l.id LIMIT %(limit)s
""",
    "recordings_kept": """
SELECT v.days::text, v.party, json_build_object('days', v.days)::text FROM voice.retention v
WHERE v.party = %(party)s AND v.party > %(id)s LIMIT %(limit)s
""",
}
#: Where each part begins: before any row.
_BEGIN: Final = {"task_events": "0", "consents": "", "recordings": "", "calls": "", "recordings_kept": ""}
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"

PARTS: Final = (*_TODO, *_MESSAGING, *_VOICE)
"""What an export has beside the person themself, in its order."""

#: A person's todos with when each was last changed, by what `which` says.
_TASKS = """
SELECT k.created_at::text, k.id::text, json_build_object('task', {task}, 'changed_at', coalesce(
    (SELECT e.at FROM todo.task_events e WHERE e.task_id = k.id ORDER BY e.version DESC LIMIT 1), k.completed_at, k.created_at))::text
FROM todo.tasks k WHERE k.user_id = %(user_id)s AND {which}
    AND (k.created_at, k.id) > (%(after)s::timestamptz, %(id)s::uuid) ORDER BY k.created_at, k.id LIMIT %(limit)s
"""
_WITH_A_DATE = "k.status = 'open' AND k.due_day IS NOT NULL"
_NOT_DELETED = "k.status <> 'deleted'"

#: Whose calendar has this address: not one made before its person signed out everywhere.
_FEED = """
SELECT u.id, u.party FROM todo.feeds f JOIN todo.users u ON u.id = f.user_id
WHERE f.digest = %s AND f.created_at > coalesce(u.tokens_from, '-infinity')
"""
_KEEP_FEED = """
INSERT INTO todo.feeds (user_id, digest, created_at) SELECT id, %(digest)s, %(now)s FROM todo.users WHERE id = %(user_id)s
ON CONFLICT (user_id) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at
RETURNING 1
"""
_END_FEED = "DELETE FROM todo.feeds WHERE user_id = %s RETURNING 1"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose things are asked for."""

    user_id: UUID
    party: str
    phone: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A todo, and when it was last changed."""

    task: Task
    changed_at: datetime


class ExportStore:
    """What is kept of a person. Every method raises DatabaseUnavailable when it is to be tried again later."""

    def __init__(self, todo: Database, messaging: Database, voice: Database) -> None:
        self._todo = todo
        self._sources = {
            **dict.fromkeys(_TODO, todo),
            **dict.fromkeys(_MESSAGING, messaging),
            **dict.fromkeys(_VOICE, voice),
        }

    async def person(self, user_id: UUID) -> str | None:
        """A person with their settings as JSON; None for nobody."""
        rows = await self._todo.fetch(_PERSON, user_id)
        return str(rows[0][0]) if rows else None

    async def rows(self, part: str, owner: Owner) -> AsyncIterator[str]:
        """The rows of one of `PARTS` as JSON."""
        statement = {**_TODO, **_MESSAGING, **_VOICE}[part]
        parameters = {"user_id": owner.user_id, "party": owner.party, "phone": owner.phone}
        async for row in _pages(self._sources[part], statement, parameters, begin=_BEGIN.get(part, _NOBODY)):
            yield row

    async def tasks(self, user_id: UUID, *, with_a_date: bool = False) -> AsyncIterator[Dated]:
        """A person's todos, open and done; `with_a_date`: only those that are open and have one."""
        which = _WITH_A_DATE if with_a_date else _NOT_DELETED
        async for row in _pages(self._todo, _TASKS.format(task=_TASK, which=which), {"user_id": user_id}, begin=_NOBODY):
            found: dict[str, Any] = json.loads(row)
            yield Dated(Task.model_validate(found["task"]), datetime.fromisoformat(found["changed_at"]))

    async def keep_feed(self, user_id: UUID, digest: str, now: datetime) -> bool:
        """Keep what the address of a person's calendar is recognised by, instead of the one before; False for nobody."""
        return bool(await self._todo.fetch(_KEEP_FEED, {"user_id": user_id, "digest": digest, "now": now}))

    async def end_feed(self, user_id: UUID) -> bool:
        """End the address of a person's calendar; False when there was none."""
        return bool(await self._todo.fetch(_END_FEED, user_id))

    async def whose_feed(self, digest: str) -> tuple[UUID, str] | None:
        """Whose calendar has this address: their id and party; None for nobody's."""
        rows = await self._todo.fetch(_FEED, digest)
        return (UUID(str(rows[0][0])), str(rows[0][1])) if rows else None


async def _pages(database: Database, statement: str, parameters: dict[str, Any], *, begin: str) -> AsyncIterator[str]:
    """The rows of a part, from page to page."""
    after, last = "-infinity", begin
    while True:
        rows = await database.fetch(statement, {**parameters, "after": after, "id": last, "limit": PAGE})
        for _, _, row in rows:
            yield str(row)
        if len(rows) < PAGE:
            return
        after, last = str(rows[-1][0]), str(rows[-1][1])
