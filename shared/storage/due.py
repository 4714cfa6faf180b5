"""What is due in schema `todo`: reminders and digests, found by their time and written down as sent in one statement.

Finding locks nothing. Writing is compare and set like every change of a person: it names the version that was read, and takes the
rows only if nobody took them before. So two workers on one tick, and one that is killed anywhere, send everything once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from shared.events.envelope import Event
from shared.events.schemas import NotificationEnded
from shared.storage.database import Database, Statement
from shared.storage.outbox import COLUMNS, Row, as_row, numbered
from shared.todos.model import Dialogue, Person, Task
from shared.todos.reminding import Planned

_TASK = """json_build_object('id', k.id, 'number', k.number, 'title', k.title, 'status', k.status, 'due_day', k.due_day,
    'due_at', k.due_at, 'end_day', k.end_day, 'end_at', k.end_at, 'zone', k.zone, 'repeat', k.repeat, 'series_id', k.series_id,
    'parent_id', k.parent_id, 'remind', k.remind, 'priority', k.priority, 'tags', k.tags, 'note', k.note,
    'created_at', k.created_at, 'completed_at', k.completed_at, 'version', k.version)"""
_PERSON = """'id', u.id, 'party', u.party, 'phone', u.phone, 'version', u.version, 'known', true, 'settings', u.settings,
    'dialogue', u.dialogue, 'channel', u.channel, 'ours', u.ours"""

#: People with reminders that are due, the one that waits longest first. Ordered by the index alone: of ten thousand that are due
#: at one second, only those that are asked for are read.
REMINDERS = f"""
WITH due AS MATERIALIZED (
    SELECT * FROM todo.reminders WHERE state = 'scheduled' AND at <= %(now)s ORDER BY at LIMIT %(limit)s
)
SELECT json_build_object('person', json_build_object({_PERSON}, 'tasks', json_agg({_TASK} ORDER BY due.meant_for, k.number)),
    'reminders', json_agg(json_build_object('id', due.id, 'task_id', due.task_id, 'at', due.at, 'meant_for', due.meant_for)
        ORDER BY due.meant_for, k.number))::text
FROM due JOIN todo.users u ON u.id = due.user_id JOIN todo.tasks k ON k.id = due.task_id
GROUP BY u.id ORDER BY min(due.at)
"""

#: People whose digest is due, with their open todos.
DIGESTS = f"""
WITH due AS MATERIALIZED (
    SELECT * FROM todo.users WHERE digest_at <= %(now)s ORDER BY digest_at LIMIT %(limit)s
)
SELECT json_build_object('person', json_build_object({_PERSON}, 'tasks', coalesce(task.list, '[]')),
    'digest_at', u.digest_at)::text
FROM due u LEFT JOIN LATERAL (
    SELECT json_agg({_TASK}) AS list FROM todo.tasks k WHERE k.user_id = u.id AND k.status = 'open'
) task ON true
ORDER BY u.digest_at, u.id
"""

#: When the next thing is due.
_NEXT = """
SELECT least((SELECT min(at) FROM todo.reminders WHERE state = 'scheduled' AND at > %(after)s),
             (SELECT min(digest_at) FROM todo.users WHERE digest_at > %(after)s))
"""

#: A text goes out: the person moves on by a version, the reminders it carries are taken, and the events are in the outbox.
_HAND_OVER = Statement(
    f"""
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (user_id uuid, version bigint, dialogue jsonb, digest_at timestamptz,
        at timestamptz, message_id uuid, reminders json, coming json, outbox json))
        WITH ORDINALITY AS unit (user_id, version, dialogue, digest_at, at, message_id, reminders, coming, outbox, n)
), saved AS (
    UPDATE todo.users u SET version = u.version + 1, dialogue = unit.dialogue,
        digest_at = CASE WHEN unit.digest_at = '-infinity' THEN u.digest_at ELSE unit.digest_at END
    FROM unit WHERE u.id = unit.user_id AND u.version = unit.version
    RETURNING u.id
), won AS (
    SELECT unit.* FROM unit JOIN saved ON saved.id = unit.user_id
), taken AS (
    UPDATE todo.reminders r SET state = 'triggered', triggered_at = won.at, message_id = won.message_id
    FROM won, json_array_elements_text(won.reminders) AS asked (id) WHERE r.id = asked.id::uuid AND r.state || '' = 'scheduled'
), planned AS (
    INSERT INTO todo.reminders (id, user_id, task_id, at, meant_for)
    SELECT p.id, won.user_id, p.task_id, p.at, p.meant_for
    FROM won, json_to_recordset(won.coming) AS p (id uuid, task_id uuid, at timestamptz, meant_for timestamptz)
    ON CONFLICT (id) DO NOTHING
), sent AS (
    INSERT INTO todo.outbox (event_id, type, partition_key, event)
    SELECT o.event_id, o.type, o.partition_key, o.event
    FROM won, ROWS FROM (json_to_recordset(won.outbox) AS ({COLUMNS})) WITH ORDINALITY
         AS o (event_id, type, partition_key, event, for_function, attempt, not_before, n)
    ORDER BY won.n, o.n
    ON CONFLICT DO NOTHING
    RETURNING seq, event_id
)
SELECT won.n, (
    SELECT coalesce(json_object_agg(sent.event_id, sent.seq), '{{}}')
    FROM json_to_recordset(won.outbox) AS o (event_id text) JOIN sent USING (event_id))::text
FROM won
""",
    pace_seconds=0.0,
)

#: What became of the text that reminders went out with. The claim and the rows in one statement.
_END = Statement(
    """
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (function text, event_id text, message_id uuid, state text,
        provider_id text, at timestamptz))
        WITH ORDINALITY AS unit (function, event_id, message_id, state, provider_id, at, n)
), claimed AS (
    INSERT INTO todo.claims (function, event_id, state, claimed_at) SELECT function, event_id, 'done', at FROM unit
    ON CONFLICT DO NOTHING RETURNING event_id
), ended AS (
    UPDATE todo.reminders r SET state = unit.state, ended_at = unit.at, provider_id = nullif(unit.provider_id, '') FROM unit
    WHERE r.message_id = unit.message_id AND r.state = 'triggered'
)
SELECT unit.n, '1' FROM unit JOIN claimed USING (event_id)
"""
)


#: Reminders whose text has been gone, or refused, for long.
_FORGET = """
WITH gone AS (
    DELETE FROM todo.reminders WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM todo.reminders WHERE state <> 'scheduled' AND coalesce(ended_at, triggered_at) < %(before)s
        LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING 1
)
SELECT count(*) FROM gone
"""


log = logging.getLogger("jotline")


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder whose time has come."""

    id: UUID
    task_id: UUID
    at: datetime
    meant_for: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A person for whom something is due. Of their tasks only those that matter here are in `person`."""

    person: Person
    reminders: tuple[DueReminder, ...] = ()
    digest_at: datetime | None = None


class DueStore:
    """What comes by itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reminders(self, now: datetime, limit: int) -> list[Due]:
        """People with reminders that are due at `now`; at most `limit` reminders.

        Raises:
            DatabaseUnavailable: try again later.
        """
        return _readable(await self._database.fetch(REMINDERS, {"now": now, "limit": limit}))

    async def digests(self, now: datetime, limit: int) -> list[Due]:
        """At most `limit` people whose digest is due at `now`.

        Raises:
            DatabaseUnavailable: try again later.
        """
        return _readable(await self._database.fetch(DIGESTS, {"now": now, "limit": limit}))

    async def next_after(self, instant: datetime) -> datetime | None:
        """The first moment later than `instant` at which something is due; None: nothing is.

        Raises:
            DatabaseUnavailable: try again later.
        """
        rows = await self._database.fetch(_NEXT, {"after": instant})
        return cast("datetime | None", rows[0][0])

    async def hand_over(
        self,
        due: Due,
        events: Sequence[Event],
        *,
        dialogue: Dialogue,
        now: datetime,
        message_id: UUID | None = None,
        coming: Iterable[tuple[UUID, Task, Planned]] = (),
        next_digest: datetime | Literal["as it is"] | None = "as it is",
    ) -> list[Row] | None:
        """Write down that what is due goes out, with the events that say so; None when somebody changed the person meanwhile.

        Raises:
            DatabaseUnavailable: try again later.
        """
        digest_at = "-infinity" if next_digest == "as it is" else next_digest and next_digest.isoformat()
        unit = json.dumps(
            {
                "user_id": str(due.person.id),
                "version": due.person.version,
                "dialogue": dialogue.model_dump(mode="json", exclude_defaults=True),
                "digest_at": digest_at,
                "at": now.isoformat(),
                "message_id": str(message_id) if message_id else None,
                "reminders": [str(reminder.id) for reminder in due.reminders],
                "coming": [as_reminder(*one) for one in coming],
                "outbox": [as_row(event) for event in events],
            }
        )
        numbers = await self._database.run(_HAND_OVER, unit)
        return None if numbers is None else numbered("todo", list(events), numbers)

    async def end(
        self, event: Event, ended: NotificationEnded, state: Literal["sent", "failed"], *, function: str, now: datetime
    ) -> None:
        """Write down what became of the text that reminders went out with, once.

        Raises:
            DatabaseUnavailable: try again later.
        """
        unit = {
            "function": function,
            "event_id": event.id,
            "message_id": str(ended.message_id),
            "state": state,
            "provider_id": ended.provider_id,
            "at": now.isoformat(),
        }
        await self._database.run(_END, json.dumps(unit))

    async def forget(self, before: datetime, limit: int) -> int:
        """Delete at most `limit` reminders that ended before that; returns how many.

        Raises:
            DatabaseUnavailable: try again later.
        """
        [(gone,)] = await self._database.fetch(_FORGET, {"before": before, "limit": limit})
        return int(str(gone))


def _readable(rows: Iterable[tuple[object, ...]]) -> list[Due]:
    """What this version can read: somebody's row that a newer one has written keeps nobody else waiting."""
    found = []
    for row in rows:
        try:
            found.append(_due(row))
        except ValueError as error:  # without its text, which quotes the row
            log.error("somebody for whom something is due cannot be read", extra={"cause": type(error).__name__})  # noqa: TRY400
    return found


def as_reminder(reminder_id: UUID, task: Task, planned: Planned) -> dict[str, str]:
    """A reminder to come, as the statements that write it take it."""
    return {
        "id": str(reminder_id),
        "task_id": str(task.id),
        "at": planned.at.isoformat(),
        "meant_for": planned.meant_for.isoformat(),
    }


def _due(row: tuple[object, ...]) -> Due:
    found = json.loads(str(row[0]))
    return Due(
        person=Person.model_validate(found["person"], strict=False),
        reminders=tuple(
            DueReminder(
                UUID(one["id"]),
                UUID(one["task_id"]),
                datetime.fromisoformat(one["at"]),
                datetime.fromisoformat(one["meant_for"]),
            )
            for one in found.get("reminders", ())
        ),
        digest_at=datetime.fromisoformat(found["digest_at"]) if found.get("digest_at") else None,
    )
