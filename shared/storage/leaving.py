"""Somebody leaves: what each schema deletes of them, and what keeps it deleted (docs/privacy.md).

In `todo` the person's row goes in the statement of the decision, and with it whatever names it: todos, their events, reminders, sign-ins,
tokens, the calendar's address. What is left behind is a departure: an HMAC and two times. By it an event that comes late is known for one.
`asked_at` parts what a person said before from what they say anew; `left_at` what came by itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.events.envelope import Event
from shared.events.schemas import Left
from shared.storage.database import Database
from shared.storage.outbox import COLUMNS, Row, as_row, numbered
from shared.todos.model import Person

#: Todos as their person sees them.
_COUNT = "SELECT count(*) FROM todo.tasks WHERE user_id = %s AND status <> 'deleted'"

#: A person leaves, if they are still at the version it was decided from and the event was not worked off before.
_LEAVE = f"""
WITH gone AS (
    DELETE FROM todo.users u WHERE u.id = %(user_id)s AND u.version = %(version)s
        AND NOT EXISTS (SELECT FROM todo.claims c WHERE c.function = %(function)s AND c.event_id = %(event_id)s)
    RETURNING u.party
), claimed AS (
    INSERT INTO todo.claims (function, event_id, state, claimed_at) SELECT %(function)s, %(event_id)s, 'done', %(at)s FROM gone
), departed AS (
    INSERT INTO todo.departures AS d (party, asked_at, left_at) SELECT party, %(asked_at)s, %(left_at)s FROM gone
    ON CONFLICT (party) DO UPDATE SET asked_at = greatest(d.asked_at, excluded.asked_at), left_at = greatest(d.left_at, excluded.left_at)
), told AS (
    INSERT INTO todo.outbox (event_id, type, partition_key, event)
    SELECT o.event_id, o.type, o.partition_key, o.event
    FROM gone, ROWS FROM (json_to_recordset(%(outbox)s) AS ({COLUMNS})) WITH ORDINALITY
         AS o (event_id, type, partition_key, event, for_function, attempt, not_before, n)
    ORDER BY o.n RETURNING seq, event_id
)
SELECT (SELECT json_object_agg(event_id, seq) FROM told)::text FROM gone
"""

#: An event that is not to be worked off any more.
_IGNORE = """
INSERT INTO todo.claims (function, event_id, state, claimed_at) VALUES (%s, %s, 'done', %s) ON CONFLICT DO NOTHING
"""

#: Recordings from before, by a departure that is written down first: who keeps one meanwhile sees it, or is seen here.
_DEPART = """
INSERT INTO voice.departures AS d (party, asked_at, left_at) VALUES (%(party)s, %(asked_at)s, %(left_at)s)
ON CONFLICT (party) DO UPDATE SET asked_at = greatest(d.asked_at, excluded.asked_at), left_at = greatest(d.left_at, excluded.left_at)
"""
_RECORDINGS = "SELECT id, audio FROM voice.recordings WHERE party = %s AND said_at <= %s"
#: Whether what this person said then is still theirs to keep.
_GONE = "SELECT 1 FROM voice.departures WHERE party = %s AND asked_at >= %s"
#: What else schema voice knows of somebody: how long to keep their recordings, and that they called.
_REST = """
WITH days AS (
    DELETE FROM voice.retention WHERE party = %(party)s AND NOT EXISTS (
        SELECT FROM voice.recordings WHERE party = %(party)s AND said_at > %(asked_at)s)
)
DELETE FROM voice.calls WHERE sender = %(phone)s AND created_at <= %(asked_at)s
"""
#: Recordings that were being kept when their person left.
_LATE = (
    "SELECT r.id, r.audio FROM voice.recordings r JOIN voice.departures d USING (party) WHERE r.said_at <= d.asked_at LIMIT %s"
)
_DELETE = "DELETE FROM voice.recordings WHERE id = ANY(%s)"

#: Everything said both ways before, the mails, and what the provider said of it. How many that were is written down with the first
#: deletion, and is the same ever after. The message that asked for it counts, whether it was kept yet or not. A reminder may have been
#: decided on a little after, by another clock; the conversation goes with its last message, but for one that went on meanwhile.
_FORGET_MESSAGES = """
WITH texts AS MATERIALIZED (
    SELECT m.id, m.conversation_id, m.provider_message_id, m.direction, m.created_at, m.metadata
    FROM messaging.conversations c JOIN messaging.messages m ON m.conversation_id = c.id
    WHERE c.participant_from = %(phone)s AND c.channel_type <> 'email'
    UNION ALL
    SELECT m.id, m.conversation_id, m.provider_message_id, m.direction, m.created_at, m.metadata
    FROM messaging.messages m WHERE m.message_type = 'email' AND m.metadata ->> 'party' = %(party)s
), theirs AS MATERIALIZED (
    SELECT id, conversation_id, provider_message_id FROM texts
    WHERE direction = 'inbound' AND created_at <= %(asked_at)s
), mine AS MATERIALIZED (
    SELECT id, conversation_id, provider_message_id FROM theirs
    UNION ALL
    SELECT id, conversation_id, provider_message_id FROM texts WHERE direction = 'outbound' AND id <> %(farewell)s AND (
        created_at <= %(left_at)s
        OR (metadata ->> 'kind' IN ('reminder', 'digest') AND created_at <= %(left_at)s + interval '5 seconds')
        OR metadata ->> 'in_reply_to' IN (SELECT provider_message_id FROM theirs))
), gone AS (
    DELETE FROM messaging.messages m USING mine WHERE m.id = mine.id RETURNING m.provider_message_id
), said AS (
    DELETE FROM messaging.message_events e USING mine WHERE e.message_id = mine.id
), ended AS (
    DELETE FROM messaging.conversations c
    WHERE ((c.participant_from = %(phone)s AND c.channel_type <> 'email') OR c.id IN (SELECT conversation_id FROM mine))
        AND c.updated_at <= %(left_at)s
        AND NOT EXISTS (SELECT FROM messaging.messages m WHERE m.conversation_id = c.id AND m.id NOT IN (SELECT id FROM mine))
), departed AS (
    INSERT INTO messaging.departures AS d (party, asked_at, left_at, receipt, messages, farewell)
    SELECT %(party)s, %(asked_at)s, %(left_at)s, %(receipt)s, (
        SELECT count(*) FROM gone WHERE provider_message_id IS DISTINCT FROM %(asked_by)s) + (%(asked_by)s <> '')::integer, %(farewell)s
    ON CONFLICT (party) DO UPDATE SET asked_at = excluded.asked_at, left_at = excluded.left_at, receipt = excluded.receipt,
        messages = excluded.messages, farewell = excluded.farewell
    WHERE d.receipt <> excluded.receipt AND d.asked_at <= excluded.asked_at
    RETURNING messages
)
SELECT coalesce((SELECT messages FROM departed), (SELECT messages FROM messaging.departures WHERE party = %(party)s))
"""

#: Those who left long ago, with the last text they got.
_FORGET_FAREWELLS = """
WITH old AS MATERIALIZED (
    SELECT party, farewell FROM messaging.departures WHERE left_at < %s LIMIT %s FOR UPDATE SKIP LOCKED
), said AS (
    DELETE FROM messaging.message_events e USING old WHERE e.message_id = old.farewell
), gone AS (
    DELETE FROM messaging.messages m USING old WHERE m.id = old.farewell RETURNING m.id, m.conversation_id, m.created_at
), ended AS (
    DELETE FROM messaging.conversations c USING gone WHERE c.id = gone.conversation_id AND c.updated_at <= gone.created_at
        AND NOT EXISTS (SELECT FROM messaging.messages m WHERE m.conversation_id = c.id AND m.id <> gone.id)
), forgotten AS (
    DELETE FROM messaging.departures d USING old WHERE d.party = old.party RETURNING 1
)
SELECT count(*) FROM forgotten
"""

_FORGET = """
WITH gone AS (
    DELETE FROM {schema}.departures WHERE party = ANY (ARRAY(
        SELECT party FROM {schema}.departures WHERE left_at < %s LIMIT %s FOR UPDATE SKIP LOCKED))
    RETURNING 1
)
SELECT count(*) FROM gone
"""


class LeavingStore:
    """People who leave, in schema `todo`. Every method raises DatabaseUnavailable when it is to be tried again later."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, user_id: UUID) -> int:
        """How many todos a person has, open and done. It holds for the version that is left at: see `leave`."""
        [(number,)] = await self._database.fetch(_COUNT, user_id)
        return int(str(number))

    async def leave(
        self, person: Person, left: Left, events: Sequence[Event], *, function: str, cause: Event, now: datetime
    ) -> list[Row] | None:
        """Delete a person, with the events that tell of it: the rows to carry.

        Args:
            person: as read before their todos were counted.
            left: how they left.
            events: what is told of it.
            function: whose claim on `cause` this is.
            cause: the event.
            now: the time it is.

        Returns None when the person has changed since, or the event was worked off by someone else: read and decide again.
        """
        parameters = {
            "user_id": person.id,
            "version": person.version,
            "function": function,
            "event_id": cause.id,
            "at": now,
            "asked_at": left.asked_at,
            "left_at": left.left_at,
            "outbox": json.dumps([as_row(event) for event in events]),
        }
        rows = await self._database.fetch(_LEAVE, parameters)
        return numbered("todo", list(events), str(rows[0][0])) if rows else None

    async def pass_over(self, cause: Event, *, function: str, now: datetime) -> None:
        """Claim an event that says something about somebody who has left: nothing is done about it."""
        await self._database.fetch(_IGNORE, function, cause.id, now)


class DepartedVoices:
    """People who leave, in schema `voice`. Every method raises DatabaseUnavailable when it is to be tried again later."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def depart(self, party: str, left: Left) -> list[tuple[str, str | None]]:
        """Keep nothing more of what they said before; answers the recordings there are of it, with their keys in the audio store."""
        await self._database.fetch(_DEPART, {"party": party, "asked_at": left.asked_at, "left_at": left.left_at})
        return [(str(row[0]), row[1]) for row in await self._database.fetch(_RECORDINGS, party, left.asked_at)]  # type: ignore[misc]

    async def gone(self, party: str, said_at: datetime) -> bool:
        """Whether somebody has left since they said this."""
        return bool(await self._database.fetch(_GONE, party, said_at))

    async def forget_rest(self, party: str, phone: str, left: Left) -> None:
        """Delete what else is known of them."""
        await self._database.fetch(_REST, {"party": party, "phone": phone, "asked_at": left.asked_at})

    async def late(self, limit: int) -> list[tuple[str, str | None]]:
        """At most `limit` recordings that were being kept when their person left, with their keys in the audio store."""
        return [(str(row[0]), row[1]) for row in await self._database.fetch(_LATE, limit)]  # type: ignore[misc]

    async def delete(self, recording_ids: Sequence[str]) -> None:
        """Delete recordings with all that was heard in them; their audio has to be deleted before."""
        await self._database.fetch(_DELETE, list(recording_ids))


class DepartedMessages:
    """People who leave, in schema `messaging`. Every method raises DatabaseUnavailable when it is to be tried again later."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def forget(self, party: str, phone: str, left: Left, *, farewell: UUID) -> int:
        """Delete what was said before; answers how many messages that were, however often it is asked.

        Args:
            party: whose they are.
            phone: E.164, likewise.
            left: how they left.
            farewell: our id of the last text, which is not deleted.
        """
        parameters = {
            "party": party,
            "phone": phone,
            "asked_at": left.asked_at,
            "left_at": left.left_at,
            "receipt": left.receipt,
            "asked_by": left.asked_by,
            "farewell": farewell,
        }
        [(number,)] = await self._database.fetch(_FORGET_MESSAGES, parameters)
        return int(str(number))

    async def forget_departed(self, before: datetime, limit: int) -> int:
        """Forget at most `limit` of those who left before that, and the last text they got; returns how many."""
        [(gone,)] = await self._database.fetch(_FORGET_FAREWELLS, before, limit)
        return int(str(gone))


async def forget_departures(database: Database, schema: Literal["todo", "voice"], before: datetime, limit: int) -> int:
    """Forget at most `limit` of those who left before that; returns how many.

    Raises:
        DatabaseUnavailable: try again later.
    """
    [(gone,)] = await database.fetch(_FORGET.format(schema=schema), before, limit)
    return int(str(gone))
