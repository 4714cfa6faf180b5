"""Schema `audit`: dead letters. What could not be worked off is kept here with its cause, until a person or a replay takes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from shared.events.envelope import Event
from shared.storage.database import Database, Statement
from shared.storage.outbox import COLUMNS, Outbox, Row, as_row, numbered

#: A dead letter, and what the person is told of it; the same event again only counts up.
_BURY = Statement(
    f"""
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (event_id text, function text, type text, topic text, event text,
        cause text, attempts integer, first_at timestamptz, last_at timestamptz, outbox json)) WITH ORDINALITY AS unit (event_id,
        function, type, topic, event, cause, attempts, first_at, last_at, outbox, n)
), buried AS (
    INSERT INTO audit.dead_letters AS d (event_id, function, type, topic, event, cause, attempts, first_at, last_at)
    SELECT event_id, function, type, topic, event, cause, attempts, first_at, last_at FROM unit
    ON CONFLICT (function, event_id, type) DO UPDATE SET attempts = d.attempts + excluded.attempts, cause = excluded.cause,
        last_at = excluded.last_at
), told AS (
    INSERT INTO audit.outbox (event_id, type, partition_key, event)
    SELECT o.event_id, o.type, o.partition_key, o.event FROM unit, json_to_recordset(unit.outbox) AS o ({COLUMNS})
    ON CONFLICT DO NOTHING RETURNING seq, event_id
)
SELECT unit.n, json_object_agg(told.event_id, told.seq)::text
FROM unit, json_to_recordset(unit.outbox) AS o (event_id text) JOIN told USING (event_id)
GROUP BY unit.n
"""
)

#: The function will not look at this event again, until a replay says so.
_CLOSE = """
INSERT INTO {schema}.claims (function, event_id, state, claimed_at) VALUES (%s, %s, 'dead', %s)
ON CONFLICT (function, event_id) DO UPDATE SET state = 'dead', lease_until = NULL WHERE claims.state <> 'done'
"""

_LIST = "SELECT event_id, function, type, cause, attempts, first_at, last_at FROM audit.dead_letters ORDER BY last_at, event_id"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that was given up, without its content."""

    event_id: str
    function: str
    type: str
    cause: str
    attempts: int
    first_at: datetime
    last_at: datetime


class AuditStore:
    """Dead letters."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox = Outbox(database, "audit")

    async def bury(
        self, event: Event, *, function: str, cause: str, attempts: int, now: datetime, told: Event | None
    ) -> list[Row]:
        """Keep `event` as a dead letter of `function`, with the notification (`told`) that tells the person, if any.

        Raises:
            DatabaseUnavailable: it is not kept; do not let go of the event.
        """
        unit = {
            "event_id": event.id,
            "function": function,
            "type": event.type,
            "topic": event.topic,
            "event": event.to_json(),
            "cause": cause,
            "attempts": attempts,
            "first_at": event.time.isoformat(),
            "last_at": now.isoformat(),
            "outbox": [as_row(told)] if told else [],
        }
        return numbered("audit", [told] if told else [], await self.database.run(_BURY, json.dumps(unit)))

    async def bury_unreadable(self, text: str, *, function: str, key: str, cause: str, now: datetime) -> None:
        """Keep what was delivered as an event and is none; `key` identifies it (a hash of its bytes)."""
        unit = {
            "event_id": key,
            "function": function,
            "type": "unreadable",
            "topic": "messages",
            "event": text,
            "cause": cause,
            "attempts": 1,
            "first_at": now.isoformat(),
            "last_at": now.isoformat(),
            "outbox": [],
        }
        await self.database.run(_BURY, json.dumps(unit))

    async def close_claim(self, schema: str, *, function: str, event_id: str, now: datetime) -> None:
        """Mark the event dead for this function in its own schema."""
        await self.database.fetch(_CLOSE.format(schema=schema), function, event_id, now)

    async def dead_letters(self) -> list[DeadLetter]:
        """Every dead letter, oldest first."""
        return [DeadLetter(*row) for row in await self.database.fetch(_LIST)]  # type: ignore[arg-type]
