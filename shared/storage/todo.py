"""Schema `todo`: a person with their todos, read and written in one statement each.

Writing is compare and set: a decision names the version of the person it was made from. When someone else was faster, nothing
is written and the caller reads again. That serialises one person's changes without holding a lock between two round trips.
The claim on the event, the tasks, their events and the outbox are in the same statement: all of it, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from shared.events.envelope import Event
from shared.storage.database import Database, Statement
from shared.storage.due import as_reminder
from shared.storage.outbox import COLUMNS, Outbox, Row, as_row, numbered
from shared.todos.digests import next_digest
from shared.todos.model import Decision, Person, Settings
from shared.todos.reminding import Replanned

#: Done todos are kept in sight this long: "reopen 1", "what did I get done this week".
DONE_IN_SIGHT = "31 days"
#: How many changes back undo can go in one sitting.
HISTORY = 2000

#: A person with everything a decision needs, and whether this event was worked off before.
_READ = Statement(
    f"""
SELECT asked.n, json_build_object(
    'claimed', claim.event_id IS NOT NULL,
    'answer', (
        SELECT json_build_object('request', a.request, 'status', a.status, 'headers', a.headers, 'body', a.body, 'at', a.at)
        FROM todo.answers a WHERE asked.key <> '' AND a.user_id = u.id AND a.key = asked.key),
    'left_at', (SELECT d.asked_at FROM todo.departures d WHERE d.party = asked.party),
    'person', CASE WHEN u.id IS NOT NULL THEN json_build_object(
        'id', u.id, 'party', u.party, 'phone', u.phone, 'version', u.version, 'known', true,
        'settings', u.settings, 'dialogue', u.dialogue,
        'channel', u.channel, 'ours', u.ours, 'tasks', coalesce(task.list, '[]'), 'history', coalesce(past.list, '[]'),
        'quoted', coalesce(reminder.tasks, '[]')
    ) END)::text
FROM ROWS FROM (json_to_recordset(%s) AS (party text, function text, event_id text, history boolean, quoted text, key text,
        named uuid[])) WITH ORDINALITY AS asked (party, function, event_id, history, quoted, key, named, n)
LEFT JOIN todo.claims claim ON claim.function = asked.function AND claim.event_id = asked.event_id
LEFT JOIN todo.users u ON u.party = asked.party
LEFT JOIN LATERAL (
    SELECT json_agg(h) AS list, array_agg(h.task_id) AS ids FROM (
        SELECT e.id, e.task_id, e.version, e.type, e.message_id, e.index, e.at, e.undoes, e.changed, e.before
        FROM todo.task_events e WHERE asked.history AND e.user_id = u.id ORDER BY e.sequence DESC LIMIT {HISTORY}
    ) h
) past ON true
LEFT JOIN LATERAL (
    SELECT json_agg(t ORDER BY t.created_at, t.number) AS list FROM (
        SELECT k.id, k.number, k.title, k.status, k.due_day, k.due_at, k.end_day, k.end_at, k.zone, k.repeat, k.series_id,
               k.parent_id, k.remind, k.priority, k.tags, k.note, k.created_at, k.completed_at, k.version
        FROM todo.tasks k
        WHERE k.user_id = u.id AND (k.status = 'open'
              OR (k.status = 'done' AND k.completed_at > u.updated_at - interval '{DONE_IN_SIGHT}')
              OR k.id = ANY (past.ids) OR k.id = ANY (asked.named))
    ) t
) task ON true
LEFT JOIN LATERAL (
    SELECT json_agg(r.task_id ORDER BY r.meant_for, r.task_id) AS tasks FROM todo.reminders r
    WHERE asked.quoted <> '' AND r.provider_id = asked.quoted AND r.user_id = u.id
) reminder ON true
""",
    pace_seconds=0.12,
)

#: What parse-command needs to read a person's words.
_CONTEXT = Statement(
    """
SELECT asked.n, u.settings::text
FROM ROWS FROM (json_to_recordset(%s) AS (party text)) WITH ORDINALITY AS asked (party, n)
JOIN todo.users u ON u.party = asked.party
""",
    pace_seconds=0.12,
)

_TASK = """id uuid, number integer, title text, status text, due_day date, due_at timestamptz, end_day date, end_at timestamptz,
    zone text, repeat jsonb, series_id uuid, parent_id uuid, remind jsonb, priority text, tags jsonb, note text, created_at timestamptz,
    completed_at timestamptz, version integer"""
_TASK_NAMES = [column.split()[0] for column in _TASK.replace("\n", " ").split(", ")]

#: A decision, if the person is still at the version it was made from and the event was not worked off before.
_COMMIT = Statement(
    f"""
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (function text, event_id text, at timestamptz, user_id uuid, party text,
        phone text, version bigint, settings jsonb, dialogue jsonb, channel text, ours text, digest_at timestamptz,
        tasks json, events json, replanned json, reminders json, outbox json, answer json, tokens_from timestamptz))
        WITH ORDINALITY AS unit (function, event_id, at, user_id, party, phone, version, settings, dialogue, channel, ours,
            digest_at, tasks, events, replanned, reminders, outbox, answer, tokens_from, n)
), fresh AS (
    SELECT DISTINCT ON (user_id) * FROM unit
    WHERE NOT EXISTS (SELECT FROM todo.claims c WHERE c.function = unit.function AND c.event_id = unit.event_id)
    ORDER BY user_id, n
), come AS (
    INSERT INTO todo.users (id, party, phone, version, settings, dialogue, channel, ours, digest_at, created_at, updated_at)
    SELECT user_id, party, phone, 1, settings, dialogue, channel, ours, digest_at, at, at FROM fresh WHERE version = 0
    ON CONFLICT (id) DO NOTHING
    RETURNING id
), moved AS (
    -- Never an insert: who has left meanwhile does not come back by this.
    UPDATE todo.users u SET version = u.version + 1, settings = fresh.settings, dialogue = fresh.dialogue,
        updated_at = greatest(u.updated_at, fresh.at), channel = fresh.channel, ours = fresh.ours,
        tokens_from = coalesce(fresh.tokens_from, u.tokens_from),
        digest_at = CASE WHEN fresh.digest_at = '-infinity' THEN u.digest_at ELSE fresh.digest_at END
    FROM fresh WHERE u.id = fresh.user_id AND u.version = fresh.version AND fresh.version > 0
    RETURNING u.id
), won AS (
    SELECT fresh.* FROM fresh JOIN (SELECT id FROM come UNION ALL SELECT id FROM moved) saved ON saved.id = fresh.user_id
), claimed AS (
    INSERT INTO todo.claims (function, event_id, state, claimed_at) SELECT function, event_id, 'done', at FROM won
), changed AS (
    INSERT INTO todo.tasks (user_id, {", ".join(_TASK_NAMES)})
    SELECT won.user_id, {", ".join(f"t.{name}" for name in _TASK_NAMES)}
    FROM won, json_to_recordset(won.tasks) AS t ({_TASK})
    ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _TASK_NAMES if name != "id")}
), replanned AS (
    -- The plan is made while the tables are empty: OFFSET 0, and a state that no partial index fits, keep it to the todos' own rows.
    DELETE FROM todo.reminders r USING (
        SELECT old.id FROM won, json_array_elements_text(won.replanned) AS changed (id), LATERAL (
            SELECT p.id FROM todo.reminders p WHERE p.task_id = changed.id::uuid AND p.state || '' = 'scheduled' OFFSET 0
        ) old
        WHERE NOT EXISTS (SELECT FROM json_to_recordset(won.reminders) AS kept (id uuid) WHERE kept.id = old.id)
    ) stale WHERE r.id = stale.id
), planned AS (
    INSERT INTO todo.reminders AS r (id, user_id, task_id, at, meant_for)
    SELECT p.id, won.user_id, p.task_id, p.at, p.meant_for
    FROM won, json_to_recordset(won.reminders) AS p (id uuid, task_id uuid, at timestamptz, meant_for timestamptz)
    WHERE p.at IS NOT NULL
    ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE r.state = 'scheduled' AND r.at <> excluded.at
), answered AS (
    INSERT INTO todo.answers (user_id, key, request, status, headers, body, at)
    SELECT won.user_id, a.key, a.request, a.status, a.headers, a.body, won.at
    FROM won, json_to_record(won.answer) AS a (key text, request text, status integer, headers jsonb, body text)
    WHERE a.key IS NOT NULL
    ON CONFLICT (user_id, key) DO UPDATE SET request = excluded.request, status = excluded.status, headers = excluded.headers,
        body = excluded.body, at = excluded.at
), told AS (
    INSERT INTO todo.task_events (id, user_id, task_id, version, type, message_id, index, at, undoes, changed, before)
    SELECT e.id, won.user_id, e.task_id, e.version, e.type, e.message_id, e.index, e.at, e.undoes, e.changed, e.before
    FROM won, json_to_recordset(won.events) AS e (id text, task_id uuid, version integer, type text, message_id text,
        index integer, at timestamptz, undoes text, changed jsonb, before jsonb)
), sent AS (
    INSERT INTO todo.outbox (event_id, type, partition_key, event)
    SELECT o.event_id, o.type, o.partition_key, o.event
    FROM won, ROWS FROM (json_to_recordset(won.outbox) AS ({COLUMNS})) WITH ORDINALITY
         AS o (event_id, type, partition_key, event, for_function, attempt, not_before, n)
    ORDER BY won.n, o.n
    RETURNING seq, event_id
)
SELECT won.n, (
    SELECT coalesce(json_object_agg(sent.event_id, sent.seq), '{{}}')
    FROM json_to_recordset(won.outbox) AS o (event_id text) JOIN sent USING (event_id))::text
FROM won
""",
    pace_seconds=0.12,
)


#: Answers that nobody is given again.
_FORGET_ANSWERS = """
DELETE FROM todo.answers USING (
    SELECT user_id, key FROM todo.answers WHERE at < %s LIMIT %s FOR UPDATE SKIP LOCKED
) old WHERE answers.user_id = old.user_id AND answers.key = old.key RETURNING 1
"""

NOTHING_PLANNED: Final = Replanned()
#: In `digest_at`: it stays as it is.
AS_IT_IS: Final = "-infinity"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to a request, to be answered again to the same one."""

    request: str
    """Hash of what was asked."""
    status: int
    headers: dict[str, str]
    body: str
    at: datetime | None = None
    """When; set by the store."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is stored about a person (None: nobody yet), and whether the event asked about was worked off already."""

    person: Person | None
    claimed: bool
    left_at: datetime | None = None
    """When they asked to be forgotten, if they did: what they said before that is not carried out any more."""
    answer: Reply | None = None
    """To the key that was asked about."""


class TodoStore:
    """People and their todos."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox = Outbox(database, "todo")

    async def settings_of(self, party: str) -> Settings | None:
        """A person's settings; None for someone we do not know.

        Raises:
            DatabaseUnavailable: try again later.
        """
        found = await self.database.run(_CONTEXT, json.dumps({"party": party}))
        return Settings.model_validate_json(found) if found else None

    async def party_of(self, user_id: UUID) -> str | None:
        """The partition key of a person; None for someone we do not know.

        Raises:
            DatabaseUnavailable: try again later.
        """
        rows = await self.database.fetch("SELECT party FROM todo.users WHERE id = %s", user_id)
        return str(rows[0][0]) if rows else None

    async def forget_answers(self, before: datetime, limit: int) -> int:
        """Delete answers that were given before then, a batch of them; how many.

        Raises:
            DatabaseUnavailable: try again later.
        """
        return len(await self.database.fetch(_FORGET_ANSWERS, before, limit))

    async def read(
        self,
        party: str,
        *,
        function: str,
        event_id: str,
        history: bool = False,
        quoted: str = "",
        key: str = "",
        tasks: Sequence[UUID] = (),
    ) -> Found:
        """A person as they are now.

        Args:
            party: the person.
            function: whose claim on the event is looked for.
            event_id: the event.
            history: load their past changes too, for undo and why.
            quoted: the provider's id of the text that the message answers; was it a reminder, its todos are found.
            key: the Idempotency-Key of a request: what was answered to it before.
            tasks: todos that are needed wherever they stand, deleted or done long ago.

        Raises:
            DatabaseUnavailable: try again later.
        """
        unit = {"party": party, "function": function, "event_id": event_id, "history": history, "quoted": quoted}
        unit |= {"key": key, "named": [str(task_id) for task_id in tasks]}
        found = json.loads(await self.database.run(_READ, json.dumps(unit)) or "{}")
        person = Person.model_validate(found["person"], strict=False) if found.get("person") else None
        left_at = datetime.fromisoformat(found["left_at"]) if found.get("left_at") else None
        answer = found.get("answer")
        known = Reply(**{**answer, "at": datetime.fromisoformat(answer["at"])}) if answer else None
        return Found(person, bool(found.get("claimed")), left_at, known)

    async def commit(
        self,
        person: Person,
        decision: Decision,
        events: list[Event],
        *,
        function: str,
        cause: Event,
        replanned: Replanned = NOTHING_PLANNED,
        channel: Literal["sms", "whatsapp"] | None = None,
        ours: str | None = None,
        answer: tuple[str, Reply] | None = None,
    ) -> list[Row] | None:
        """Write a decision made from `person` about the event `cause`, with the events that tell of it.

        Args:
            person: as read.
            decision: what became of it.
            events: what is told of it.
            function: whose claim on `cause` this is.
            cause: the event.
            replanned: what it does to their reminders.
            channel: where they wrote; None: nowhere now.
            ours: the number of ours they wrote to, likewise.
            answer: what is kept as answered to a request, by its Idempotency-Key.

        Returns the outbox rows; None when the person has changed since, or the event was worked off by someone else: read
        again and decide again.

        Raises:
            DatabaseUnavailable: try again later. UnstorableData: this can never be stored.
        """
        head = json.dumps(
            {
                "function": function,
                "event_id": cause.id,
                "at": cause.time.isoformat(),
                "user_id": str(person.id),
                "party": person.party,
                "phone": person.phone,
                "version": person.version,
                "channel": channel or person.channel,
                "ours": ours or person.ours,
                "digest_at": _digest_at(person, decision, cause.time),
                "replanned": [str(task_id) for task_id in replanned.tasks],
                "reminders": [
                    *(as_reminder(*one) for one in replanned.planned),
                    *({"id": str(id_)} for id_ in replanned.waiting),
                ],
                "outbox": [as_row(event) for event in events],
                "answer": _kept(*answer) if answer else None,
                "tokens_from": cause.time.isoformat() if decision.signs_out else None,
            }
        )
        parts = (
            f'"settings": {decision.settings.model_dump_json(exclude_defaults=True)}',
            f'"dialogue": {decision.dialogue.model_dump_json(exclude_defaults=True)}',
            f'"tasks": [{",".join(task.model_dump_json() for task in decision.tasks)}]',
            f'"events": [{",".join(event.model_dump_json() for event in decision.events)}]',
        )
        numbers = await self.database.run(_COMMIT, f"{head[:-1]}, {', '.join(parts)}}}")
        return None if numbers is None else numbered("todo", events, numbers)


def _kept(key: str, answer: Reply) -> dict[str, object]:
    """An answer as the statements take it."""
    return {"key": key, "request": answer.request, "status": answer.status, "headers": answer.headers, "body": answer.body}


def _digest_at(person: Person, decision: Decision, now: datetime) -> str | None:
    """When the next digest comes, where a decision may have changed that."""
    if person.known and person.settings == decision.settings:
        return AS_IT_IS
    coming = next_digest(decision.settings, now)
    return coming.isoformat() if coming else None
