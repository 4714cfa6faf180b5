"""The claims of a schema: which event each function has worked off, is working on, or has given up.

Functions write their claims in the statements of their own work. Here is what everyone else does with them: the relay asks, a
burial closes, a replay opens again. A closed claim has as many attempts as work was begun on it and not ended: none, when the
function surely left nothing behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.storage.database import Database
from shared.storage.outbox import Schema

#: The claims asked for that there are. No datetime can hold a lease that was ended ('-infinity'): it is none.
_STATES = """
SELECT c.function, c.event_id, c.state, nullif(c.lease_until, '-infinity')
FROM unnest(%s::text[], %s::text[]) AS asked (function, event_id) JOIN {schema}.claims c USING (function, event_id)
"""

#: The function will not look at this event again, until a replay says so.
_CLOSE = """
INSERT INTO {schema}.claims (function, event_id, state, attempts, claimed_at) VALUES (%s, %s, 'dead', 0, %s)
ON CONFLICT (function, event_id) DO UPDATE SET state = 'dead', lease_until = NULL WHERE claims.state <> 'done'
"""

#: Nothing was left behind: as if the event had never been there. Work was begun and nobody knows how it ended: as if the worker
#: had died, so that whoever takes it up finds out first.
_OPEN = """
WITH fresh AS (DELETE FROM {schema}.claims WHERE function = %s AND event_id = %s AND state = 'dead' AND attempts = 0)
UPDATE {schema}.claims SET state = 'working', lease_until = '-infinity'
WHERE function = %s AND event_id = %s AND state = 'dead' AND attempts > 0
"""

#: Rows come in time order, so the oldest are found by the few bytes a page that a BRIN index has of it.
_FORGET = """
WITH gone AS (
    DELETE FROM {schema}.claims WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM {schema}.claims WHERE claimed_at < %(before)s AND event_id <> ALL (%(kept)s)
        LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING 1
)
SELECT count(*) FROM gone
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose work on which event. `type`: the event's, for who tells events of one id apart by it (the trail); not of a row here."""

    function: str
    event_id: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How far that work has come: working (until its lease is over), done or dead."""

    state: str
    lease_until: datetime | None

    @property
    def ended(self) -> bool:
        """Done, or given up."""
        return self.state in ("done", "dead")

    def held(self, now: datetime) -> bool:
        """Somebody is at it."""
        return self.state == "working" and self.lease_until is not None and self.lease_until > now


class Claims:
    """The claims of one schema."""

    def __init__(self, database: Database, schema: Schema) -> None:
        self._database = database
        self._schema = schema

    async def states(self, claims: Iterable[Claim]) -> dict[Claim, State]:
        """The states of these claims; those nobody made are left out.

        Raises:
            DatabaseUnavailable: nobody knows.
        """
        asked = list(claims)
        if not asked:
            return {}
        names, ids = [one.function for one in asked], [one.event_id for one in asked]
        rows = await self._database.fetch(_STATES.format(schema=self._schema), names, ids)
        return {Claim(str(row[0]), str(row[1])): State(str(row[2]), row[3]) for row in rows}  # type: ignore[arg-type]

    async def close(self, claim: Claim, now: datetime) -> None:
        """Mark the event dead for this function, unless it is done with it."""
        await self._database.fetch(_CLOSE.format(schema=self._schema), claim.function, claim.event_id, now)

    async def open(self, claim: Claim) -> None:
        """Let the function take a dead event again."""
        names = (claim.function, claim.event_id)
        await self._database.fetch(_OPEN.format(schema=self._schema), *names, *names)

    async def forget(self, before: datetime, kept: Collection[str], limit: int) -> int:
        """Delete at most `limit` claims that were made before that, but for those on the events `kept`; returns how many.

        Raises:
            DatabaseUnavailable: try again later.
        """
        wanted = {"before": before, "kept": list(kept), "limit": limit}
        [(gone,)] = await self._database.fetch(_FORGET.format(schema=self._schema), wanted)
        return int(str(gone))
