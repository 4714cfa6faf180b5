"""What the live feed reads: a person's changes after one of them.

`sequence` numbers the rows of todo.task_events over everybody. One person's are taken under that person's row (a decision is compare and
set), so they become visible in their order: whoever has read up to one of them has missed none before it. Over everybody that is not so,
and nothing here compares two people's.
"""

from __future__ import annotations

import json
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime

from shared.language.model import Value
from shared.storage.database import Database, Statement
from shared.todos.model import Settings, Task

#: So many changes are handed over one by one; who is further behind reads the list anew.
REPLAYED_AT_MOST: Final = 500

#: A person's newest change, and the changes after `after` with their todos as they are now; no row for nobody.
_SINCE = Statement(
    f"""
SELECT asked.n, json_build_object(
    'settings', u.settings, 'settings_mark', md5(u.settings::text), 'newest', coalesce(newest.sequence, 0),
    'changes', coalesce(past.list, '[]'), 'tasks', coalesce(task.list, '[]')
)::text
FROM ROWS FROM (json_to_recordset(%s) AS (user_id uuid, after bigint)) WITH ORDINALITY AS asked (user_id, after, n)
JOIN todo.users u ON u.id = asked.user_id
LEFT JOIN LATERAL (
    SELECT e.sequence FROM todo.task_events e WHERE e.user_id = u.id ORDER BY e.sequence DESC LIMIT 1
) newest ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('sequence', h.sequence, 'type', h.type, 'task_id', h.task_id, 'at', h.at)
                    ORDER BY h.sequence) AS list, array_agg(DISTINCT h.task_id) AS ids
    FROM (
        SELECT e.sequence, e.type, e.task_id, e.at FROM todo.task_events e
        WHERE e.user_id = u.id AND e.sequence > asked.after ORDER BY e.sequence LIMIT {REPLAYED_AT_MOST + 1}
    ) h
) past ON true
LEFT JOIN LATERAL (
    SELECT json_agg(t) AS list FROM (
        SELECT k.id, k.number, k.title, k.status, k.due_day, k.due_at, k.end_day, k.end_at, k.zone, k.repeat, k.series_id,
               k.parent_id, k.remind, k.priority, k.tags, k.note, k.created_at, k.completed_at, k.version,
               -- OFFSET 0 and a state that no partial index fits: a todo's own reminders are looked up, not all that are planned.
               (SELECT min(r.at) FROM (
                    SELECT p.at FROM todo.reminders p WHERE p.task_id = k.id AND p.state || '' = 'scheduled' OFFSET 0
                ) r) AS reminder_at
        FROM todo.tasks k WHERE k.id = ANY (past.ids)
    ) t
) task ON true
""",
    pace_seconds=0.02,
)


class Change(Value):
    """A change of a todo, by its place in the person's history."""

    sequence: int
    type: str  # created, completed, reopened, updated, deleted, restored
    task_id: UUID
    at: AwareDatetime


class Shown(Task):
    """A todo, and when it reminds of itself next."""

    reminder_at: AwareDatetime | None


class Since(Value):
    """What has changed for a person."""

    newest: int  # sequence of their last change; 0: there is none
    changes: tuple[Change, ...]  # the first REPLAYED_AT_MOST + 1, oldest first
    settings: Settings
    settings_mark: str  # another one when they have changed
    tasks: tuple[Shown, ...]  # those that changed, as they are now

    @property
    def too_many(self) -> bool:
        """Whether there are more changes than are handed over one by one."""
        return len(self.changes) > REPLAYED_AT_MOST


class FeedStore:
    """Changes by person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, user_id: UUID, after: int | None) -> Since | None:
        """What changed after a sequence; only the newest one's number for None. None: nobody has that id.

        Raises:
            DatabaseUnavailable: try again later.
        """
        found = await self._database.run(_SINCE, json.dumps({"user_id": str(user_id), "after": after}))
        return None if found is None else Since.model_validate_json(found, strict=False)
