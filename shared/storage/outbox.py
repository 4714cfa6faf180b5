"""The outbox of a schema: events that were committed and not yet consumed by everyone.

In the single box these rows are the broker's log; on Knative the relay posts them. A row ends when it is consumed, not when
it is posted. A row with `for_function` is a retry addressed to that function alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shared.events.envelope import Event
from shared.storage.database import Database, Statement

Schema = Literal["todo", "messaging", "audit"]

#: Columns of the JSON rows that every statement with an `outbox` field takes.
COLUMNS = "event_id text, type text, partition_key text, event text, for_function text, attempt integer, not_before timestamptz"

#: Append rows; a row that is already there is left alone and gives no number.
_APPEND = """
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (rows json)) WITH ORDINALITY AS unit (rows, n)
), added AS (
    INSERT INTO {schema}.outbox (event_id, type, partition_key, event, for_function, attempt, not_before)
    SELECT row.event_id, row.type, row.partition_key, row.event, coalesce(row.for_function, ''), coalesce(row.attempt, 0),
           row.not_before
    FROM unit, json_to_recordset(unit.rows) AS row ({columns})
    ORDER BY unit.n
    ON CONFLICT (event_id, type, for_function, attempt) DO NOTHING
    RETURNING seq, event_id
)
SELECT unit.n, json_object_agg(added.event_id, added.seq)::text
FROM unit, json_to_recordset(unit.rows) AS row (event_id text) JOIN added USING (event_id)
GROUP BY unit.n
"""

#: Everything that waits, oldest first.
_LOAD = """
SELECT seq, event, for_function, attempt, not_before FROM {schema}.outbox ORDER BY seq
"""

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

    async def load(self) -> list[Waiting]:
        """Every row that waits, oldest first."""
        rows = await self._database.fetch(_LOAD.format(schema=self.schema))
        return [Waiting(self.schema, *row) for row in rows]  # type: ignore[arg-type]

    async def remove(self, numbers: list[int]) -> None:
        """Forget consumed rows."""
        await self._database.fetch(_REMOVE.format(schema=self.schema), numbers)
