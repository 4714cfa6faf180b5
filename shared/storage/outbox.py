"""The outbox of a schema: events that were committed and not yet consumed by everyone.

In the single box these rows are the broker's log; on a cluster the relay looks after them. A row ends when it is consumed, not
when it is posted. A row with `for_function` is for that function alone: a retry, or a replay.

`due_at` is the relay's: when it looks at the row next (a retry's time, or a minute after the commit). Taking a row pushes that
ahead, which is all the lease it needs: a relay that dies leaves rows that come due again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from shared.events.envelope import Event
from shared.storage.database import Database, Statement

Schema = Literal["todo", "messaging", "voice", "audit"]

#: Columns of the JSON rows that every statement with an `outbox` field takes.
COLUMNS = "event_id text, type text, partition_key text, event text, for_function text, attempt integer, not_before timestamptz"

#: Append rows; a row that is already there is left alone and gives no number.
_APPEND = """
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (rows json)) WITH ORDINALITY AS unit (rows, n)
), added AS (
    INSERT INTO {schema}.outbox (event_id, type, partition_key, event, for_function, attempt, not_before, due_at)
    SELECT row.event_id, row.type, row.partition_key, row.event, coalesce(row.for_function, ''), coalesce(row.attempt, 0),
           row.not_before, coalesce(row.not_before, clock_timestamp() + interval '60 seconds')
    FROM unit, json_to_recordset(unit.rows) AS row ({columns})
    ORDER BY unit.n
    ON CONFLICT (event_id, type, for_function, attempt) DO NOTHING
    RETURNING seq, event_id
)
SELECT unit.n, json_object_agg(added.event_id, added.seq)::text
FROM unit, json_to_recordset(unit.rows) AS row (event_id text) JOIN added USING (event_id)
GROUP BY unit.n
"""

#: Everything that waits, oldest first, but for what the asker has already: first tries of some types, or all but these.
_LOAD = """
SELECT seq, event, for_function, attempt, not_before FROM {schema}.outbox
WHERE seq <> ALL (%s) AND (type = ANY (%s) AND not_before IS NULL) = %s ORDER BY seq LIMIT %s
"""

#: The row by which an event is on its way to everyone.
_FIND = "SELECT seq FROM {schema}.outbox WHERE event_id = %s AND type = %s AND for_function = ''"

#: Take rows that are due, those that came first first, and hold them for a while. A person's own messages come one after the other:
#: one that still stands here lets no later one pass.
_TAKE = """
UPDATE {schema}.outbox SET due_at = %(until)s WHERE seq = ANY (ARRAY(
    SELECT seq FROM {schema}.outbox o
    WHERE due_at <= %(now)s AND NOT (type = ANY (%(ordered)s) AND EXISTS (
        SELECT FROM {schema}.outbox earlier WHERE earlier.seq < o.seq AND earlier.partition_key = o.partition_key
            AND earlier.for_function = o.for_function AND earlier.type = ANY (%(ordered)s)))
    ORDER BY due_at, seq LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING seq, event_id, type, event, for_function, attempt, tries
"""

#: Look at a row again later.
_POSTPONE = "UPDATE {schema}.outbox SET due_at = %s, tries = tries + %s WHERE seq = %s"

#: Of these events, which wait here as a row for a function alone.
_ADDRESSED = """
SELECT DISTINCT o.for_function, o.event_id, o.type FROM unnest(%s::text[], %s::text[]) AS asked (event_id, type)
JOIN {schema}.outbox o USING (event_id, type) WHERE o.for_function <> ''
"""

#: Events that have been on their way since before then.
_STANDING = "SELECT DISTINCT event_id FROM {schema}.outbox WHERE created_at < %s"

#: How long the row that waits longest has been due.
_OVERDUE = "SELECT greatest(0, extract(epoch FROM %s - min(due_at)))::float8 FROM {schema}.outbox WHERE due_at > '-infinity'"

#: Forget rows that everyone has consumed.
_REMOVE = "DELETE FROM {schema}.outbox WHERE seq = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an outbox: an event on its way. `for_function` is empty unless it is a retry for that one function."""

    schema: Schema
    seq: int
    event: Event
    for_function: str = ""
    attempt: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row as loaded: its event still as text, for it may be unreadable to this version."""

    schema: Schema
    seq: int
    text: str
    for_function: str
    attempt: int
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Taken:
    """A row as the relay takes it. Its event stays text: most rows end without anybody's reading it."""

    seq: int
    event_id: str
    type: str
    text: str
    for_function: str
    attempt: int
    tries: int  # of the relay, without an answer that ends the row


def as_row(event: Event, *, for_function: str = "", attempt: int = 0, not_before: datetime | None = None) -> dict[str, object]:
    """An event as the JSON row that the statements take."""
    return {
        "event_id": event.id,
        "type": event.type,
        "partition_key": event.partitionkey,
        "event": event.to_json(),
        "for_function": for_function,
        "attempt": attempt,
        "not_before": not_before.isoformat() if not_before else None,
    }


def numbered(schema: Schema, events: Iterable[Event], numbers: str | None) -> list[Row]:
    """The rows of events that were just committed, in order. `numbers`: JSON, event id to the number its row got."""
    known: dict[str, int] = json.loads(numbers or "{}")
    return [Row(schema, known[event.id], event) for event in events if event.id in known]


class Outbox:
    """The outbox of one schema."""

    def __init__(self, database: Database, schema: Schema) -> None:
        self._database = database
        self.schema = schema
        self._append = Statement(_APPEND.format(schema=schema, columns=COLUMNS))

    async def append(self, event: Event) -> list[Row]:
        """Commit one event; empty when it is there already.

        Raises:
            DatabaseUnavailable: it was not, or not surely, committed.
        """
        found = await self._database.run(self._append, json.dumps({"rows": [as_row(event)]}))
        return numbered(self.schema, [event], found)

    async def retry(self, event: Event, *, function: str, attempt: int, not_before: datetime) -> list[Row]:
        """Commit a retry of `event` for `function`, not before the given time; once per attempt.

        Raises:
            DatabaseUnavailable: it was not, or not surely, committed.
        """
        row = as_row(event, for_function=function, attempt=attempt, not_before=not_before)
        found = await self._database.run(self._append, json.dumps({"rows": [row]}))
        return [
            replace(one, for_function=function, attempt=attempt, not_before=not_before)
            for one in numbered(self.schema, [event], found)
        ]

    async def find(self, event: Event) -> int | None:
        """The number of the row by which an event is on its way to everyone; None when it has none.

        Raises:
            DatabaseUnavailable: nobody knows.
        """
        rows = await self._database.fetch(_FIND.format(schema=self.schema), event.id, event.type)
        return int(str(rows[0][0])) if rows else None

    async def load(self, known: Collection[int] = (), *, but: Collection[str] = ()) -> list[Waiting]:
        """Every row that waits, oldest first. Left out are those with a `known` number, and first tries of the types `but`."""
        rows = await self._database.fetch(_LOAD.format(schema=self.schema), list(known), list(but), False, None)  # noqa: FBT003 - SQL
        return [Waiting(self.schema, *row) for row in rows]  # type: ignore[arg-type]

    async def load_some(self, types: Collection[str], limit: int, known: Collection[int]) -> list[Waiting]:
        """At most `limit` first tries of these types, oldest first; those with a `known` number are left out."""
        rows = await self._database.fetch(_LOAD.format(schema=self.schema), list(known), list(types), True, limit)  # noqa: FBT003 - SQL
        return [Waiting(self.schema, *row) for row in rows]  # type: ignore[arg-type]

    async def take(self, now: datetime, *, lease: timedelta, ordered: Collection[str], limit: int) -> list[Taken]:
        """Rows that are due, in the order of their commits, held for `lease`: nobody else is given them before that is over.

        Args:
            now: the time it is.
            lease: how long they are this caller's.
            ordered: event types of which a person's come one after the other.
            limit: rows at most.
        """
        parameters = {"now": now, "until": now + lease, "ordered": list(ordered), "limit": limit}
        rows = await self._database.fetch(_TAKE.format(schema=self.schema), parameters)
        return sorted((Taken(*row) for row in rows), key=lambda one: one.seq)  # type: ignore[arg-type]

    async def postpone(self, number: int, due_at: datetime, *, counted: bool) -> None:
        """Let a row be due at that time; `counted`: the try that just failed counts."""
        await self._database.fetch(_POSTPONE.format(schema=self.schema), due_at, int(counted), number)

    async def addressed(self, events: Collection[tuple[str, str]]) -> set[tuple[str, str, str]]:
        """Of these events (id, type), the rows for one function alone, as (function, id, type)."""
        ids, types = [event_id for event_id, _ in events], [kind for _, kind in events]
        rows = await self._database.fetch(_ADDRESSED.format(schema=self.schema), ids, types)
        return {(str(row[0]), str(row[1]), str(row[2])) for row in rows}

    async def standing(self, before: datetime) -> set[str]:
        """The ids of events that were committed before then and are still on their way to somebody.

        Raises:
            DatabaseUnavailable: nobody knows.
        """
        return {str(row[0]) for row in await self._database.fetch(_STANDING.format(schema=self.schema), before)}

    async def overdue(self, now: datetime) -> float:
        """For how many seconds the row that waits longest has been due; 0 when none is.

        Raises:
            DatabaseUnavailable: nobody knows.
        """
        [(seconds,)] = await self._database.fetch(_OVERDUE.format(schema=self.schema), now)
        return float(str(seconds or 0))

    async def remove(self, numbers: list[int]) -> None:
        """Forget consumed rows."""
        await self._database.fetch(_REMOVE.format(schema=self.schema), numbers)
