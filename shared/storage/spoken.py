"""How far somebody's calls and recordings are, read from the trail: no function but audit hears of all of it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime, TypeAdapter

from shared.language.model import Value
from shared.storage.database import Database, Statement

#: Nobody asks how far more recordings are than this.
AT_MOST: Final = 200

#: A person's events of these types since then, oldest first.
_SINCE = Statement(
    f"""
SELECT asked.n, coalesce(found.list, '[]')::text
FROM ROWS FROM (json_to_recordset(%s) AS (user_id uuid, since timestamptz, types json)) WITH ORDINALITY
     AS asked (user_id, since, types, n)
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('type', newest.type, 'at', newest.recorded_at,
                                      'correlation_id', newest.correlation_id, 'data', newest.data) ORDER BY newest.at) AS list
    FROM (
        SELECT t.type, t.at, t.recorded_at, t.correlation_id, t.data FROM audit.trail t
        -- `at` is when it was said: it may have waited long to be heard. Types are compared so that no index of them is of use.
        WHERE t.user_id = asked.user_id AND t.at >= asked.since - interval '1 day' AND t.recorded_at >= asked.since
              AND asked.types::jsonb ? (t.type || '')
        ORDER BY t.at DESC LIMIT {AT_MOST}
    ) newest
) found ON true
""",
    pace_seconds=0.02,
)


class Facts(Value):
    """What of such an event says how far something is."""

    model_config = {"extra": "ignore"}

    recording_id: str = ""
    status: str = ""  # of a call that ended, in Twilio's words
    version: int = 1  # of the transcript
    seconds: float | None = None  # of the call or the recording
    end_seconds: float = 0.0  # of a piece
    seconds_done: float = 0.0
    reason: str = ""  # it was refused


class Step(Value):
    """Something happened to a call or a recording."""

    type: str
    at: AwareDatetime  # when that was known
    correlation_id: str  # of a call its id, of a recording that of the call or the message it came with
    data: Facts


_STEPS: Final = TypeAdapter(tuple[Step, ...])


class SpokenStore:
    """Calls and recordings on their way."""

    def __init__(self, database: Database) -> None:
        """Args: database: of the schema `audit`."""
        self._database = database

    async def since(self, user_id: UUID, since: datetime, types: Collection[str]) -> tuple[Step, ...]:
        """What of these types became known of somebody since then, of what was said in the day before it or later.

        Raises:
            DatabaseUnavailable: try again later.
        """
        asked = {"user_id": str(user_id), "since": since.isoformat(), "types": list(types)}
        return _STEPS.validate_json(await self._database.run(_SINCE, json.dumps(asked)) or "[]")
