"""What a person changed, from the events of their todos: the newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.storage.database import Database

#: `sequence` numbers all changes of all people in the order in which they were written.
_PAGE: Final = """
SELECT e.sequence, e.id, e.at, e.type, e.task_id, k.number, k.title, e.version, e.message_id, e.undoes, e.changed, e.before
FROM todo.task_events e JOIN todo.tasks k ON k.id = e.task_id
WHERE e.user_id = %(user_id)s AND {conditions} ORDER BY e.sequence DESC LIMIT %(limit)s
"""
_CONDITIONS: Final = {
    "task_id": "e.task_id = %(task_id)s",
    "types": "e.type = ANY (%(types)s)",
    "since": "e.at >= %(since)s",
    "until": "e.at < %(until)s",
    "before": "e.sequence < %(before)s",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """What is asked for; what is left empty does not matter. `since` counts, `until` does not. `before`: the last one seen."""

    task_id: UUID | None = None
    types: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one todo. `number` and `title` are those it has now."""

    sequence: int
    id: str
    at: datetime
    type: str
    task_id: UUID
    number: int
    title: str
    version: int
    message_id: str
    undoes: str | None
    changed: dict[str, Any]
    before: dict[str, Any]


class HistoryStore:
    """What people changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, user_id: UUID, wanted: HistoryQuery) -> tuple[list[Change], int | None]:
        """A person's changes, the newest first, and behind which one the next page begins; None: that was all.

        Raises:
            DatabaseUnavailable: try again later.
        """
        given = {name: getattr(wanted, name) for name in _CONDITIONS if getattr(wanted, name) not in (None, ())}
        parameters = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
        statement = _PAGE.format(conditions=" AND ".join(_CONDITIONS[name] for name in given) or "true")
        rows = await self._database.fetch(statement, {**parameters, "user_id": user_id, "limit": wanted.limit + 1})
        found = [Change(*row) for row in rows[: wanted.limit]]  # type: ignore[arg-type]
        return found, found[-1].sequence if len(rows) > wanted.limit else None
