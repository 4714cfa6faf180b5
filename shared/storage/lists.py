"""Lists of one person's todos: filtered, searched, sorted, a page at a time; and what else the API shows of them.

A page goes on where the last one ended, by the sort key and id of its last row, so that what is added or done meanwhile moves nobody.
Words are found by PostgreSQL's full text search in title, note and tags: every word must be there, in any of its English forms or as
the start of a word. What has no words that could be looked up, like an emoji or a script without spaces, is looked for letter by
letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from shared.storage.database import Database
from shared.todos import matching
from shared.todos.model import Settings, Task

#: What a pattern of LIKE gives a meaning.
_LIKE: Final = re.compile(r"[%_\\]")

Sort = Literal["due", "-due", "priority", "-priority", "created", "-created", "title", "-title"]

#: What each order sorts by, ascending and descending, and its type: what has no date comes last both ways.
_ORDERS: Final = {
    "due": ("k.due_on", "timestamp"),
    "-due": ("CASE WHEN k.due_on = 'infinity' THEN '-infinity' ELSE k.due_on END", "timestamp"),
    "priority": ("k.urgency", "smallint"),
    "created": ("k.created_at", "timestamptz"),
    "title": ("lower(k.title)", "text"),
}

_TASK: Final = """k.id, k.number, k.title, k.status, k.due_day, k.due_at, k.end_day, k.end_at, k.zone, k.repeat, k.series_id, k.parent_id,
    k.remind, k.priority, k.tags, k.note, k.created_at, k.completed_at, k.version"""

#: A page of a person's todos, each with its sort key and its next reminder; and their settings.
_PAGE: Final = f"""
{{asked}}SELECT u.settings::text, {{key}}::text, (SELECT min(r.at) FROM todo.reminders r WHERE r.task_id = k.id AND r.state = 'scheduled'),
    row_to_json((SELECT one FROM (SELECT {_TASK}) one))::text
FROM todo.users u JOIN todo.tasks k ON k.user_id = u.id{{joined}}
WHERE u.id = %(user_id)s AND {{filters}} ORDER BY {{order}} LIMIT %(limit)s
"""

#: Today, where the person is.
_TODAY: Final = """(%(now)s AT TIME ZONE CASE
    WHEN (%(now)s AT TIME ZONE coalesce(u.settings ->> 'zone', 'UTC'))::date > (u.settings ->> 'zone_until')::date
    THEN u.settings ->> 'zone_home' ELSE coalesce(u.settings ->> 'zone', 'UTC') END)::date"""

#: As `writing.is_overdue`: by the end where there is one, an all-day todo from the next day on.
_OVERDUE: Final = f"""coalesce(CASE
    WHEN k.end_day IS NOT NULL THEN CASE WHEN k.end_at IS NULL THEN k.end_day < {_TODAY} ELSE k.end_at < %(now)s END
    ELSE CASE WHEN k.due_at IS NULL THEN k.due_day < {_TODAY} ELSE k.due_at < %(now)s END END, false)"""

#: All words, as they stand or each as the start of a word: made once, not for every row.
_ASKED: Final = """WITH asked AS MATERIALIZED (
    SELECT words, numnode(words) = 0 AS nothing
    FROM (SELECT plainto_tsquery('english', %(words)s) || to_tsquery('english', %(starts)s) AS words) made
)
"""
_WORDS: Final = "(NOT asked.nothing AND k.search @@ asked.words)"
#: What cannot be looked up.
_LETTERS: Final = "(k.title ILIKE %(letters)s OR k.note ILIKE %(letters)s)"
_TAGGED: Final = "k.tags <> '[]' AND todo.tagged(k.user_id, k.tags) @> %(tagged)s"

#: The reminders to come, the next first.
_REMINDERS: Final = f"""
SELECT r.id, r.at, (SELECT min(first.at) FROM todo.reminders first WHERE first.task_id = k.id AND first.state = 'scheduled'),
    row_to_json((SELECT one FROM (SELECT {_TASK}) one))::text
FROM todo.reminders r JOIN todo.tasks k ON k.id = r.task_id
WHERE r.user_id = %(user_id)s AND r.state = 'scheduled' AND (r.at, r.id) > (%(after)s, %(after_id)s)
ORDER BY r.at, r.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which todos; what is left out does not narrow."""

    status: Literal["open", "done", "all"] = "open"
    priorities: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    due_from: date | None = None
    due_to: date | None = None
    overdue: bool | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the sort key of its last row, as text, and its id."""

    key: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Shown:
    """A todo with its next reminder."""

    task: Task
    reminder_at: datetime | None
    settings: Settings
    key: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A reminder to come, and when the next one of its todo comes."""

    id: UUID
    at: datetime
    reminder_at: datetime
    task: Task


class TaskLists:
    """What the API reads of people's todos."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def one(self, user_id: UUID, task_id: UUID) -> Shown | None:
        """A person's todo; None where they have none of that id.

        Raises:
            DatabaseUnavailable: try again later.
        """
        only = "k.id = %(task_id)s AND k.status <> 'deleted'"
        query = _PAGE.format(asked="", joined="", key="k.id", filters=only, order="k.id")
        found = await self._read(query, {"user_id": user_id, "task_id": task_id, "limit": 1})
        return found[0] if found else None

    async def page(
        self, user_id: UUID, wanted: Filter, sort: Sort, *, after: Place | None, limit: int, now: datetime
    ) -> list[Shown]:
        """A page of a person's todos.

        Args:
            user_id: the person.
            wanted: which todos.
            sort: in which order; what has no date comes last.
            after: where the page before ended.
            limit: how many at most.
            now: aware.

        Raises:
            DatabaseUnavailable: try again later.
        """
        falls = sort.startswith("-")
        key, kind = _ORDERS.get(sort) or _ORDERS[sort.removeprefix("-")]
        filters, parameters = _filters(user_id, wanted)
        if after is not None:
            filters.append(f"({key}, k.id) {'<' if falls else '>'} (%(key)s::{kind}, %(after)s)")
            parameters |= {"key": after.key, "after": after.id}
        direction = "DESC" if falls else "ASC"
        query = _PAGE.format(
            asked=_ASKED if wanted.words else "",
            joined=" CROSS JOIN asked" if wanted.words else "",
            key=key,
            filters=" AND ".join(filters),
            order=f"{key} {direction}, k.id {direction}",
        )
        return await self._read(query, parameters | {"user_id": user_id, "now": now, "limit": limit})

    async def reminders(self, user_id: UUID, *, after: tuple[datetime, UUID], limit: int) -> list[Coming]:
        """The reminders that are to come, the next first, later than `after`.

        Raises:
            DatabaseUnavailable: try again later.
        """
        parameters = {"user_id": user_id, "after": after[0], "after_id": after[1], "limit": limit}
        rows = await self.database.fetch(_REMINDERS, parameters)
        return [Coming(id_, at, next_at, _task(text)) for id_, at, next_at, text in rows]  # type: ignore[arg-type]

    async def _read(self, query: str, parameters: dict[str, Any]) -> list[Shown]:
        rows = await self.database.fetch(query, parameters)
        settings = Settings.model_validate_json(str(rows[0][0])) if rows else Settings()
        return [Shown(_task(text), reminder_at, settings, str(key)) for _, key, reminder_at, text in rows]  # type: ignore[arg-type]


def _filters(user_id: UUID, wanted: Filter) -> tuple[list[str], dict[str, Any]]:
    """The conditions, and their parameters."""
    statuses = ("open", "done") if wanted.status == "all" else (wanted.status,)
    found = [f"k.status IN {statuses!r}".replace(",)", ")")]
    parameters: dict[str, Any] = {}
    if wanted.priorities:
        found.append("k.priority = ANY (%(priorities)s)")
        parameters["priorities"] = list(wanted.priorities)
    if wanted.due_from:
        found.append("k.due_day >= %(due_from)s")
        parameters["due_from"] = wanted.due_from
    if wanted.due_to:
        found.append("k.due_day <= %(due_to)s")
        parameters["due_to"] = wanted.due_to
    if wanted.overdue is not None:
        found.append(_OVERDUE if wanted.overdue else f"NOT {_OVERDUE}")
    if wanted.tags:
        found.append(_TAGGED)
        parameters["tagged"] = [f"{user_id} {tag.lower()}" for tag in wanted.tags]
    if wanted.words:
        unknown = "asked.nothing" if wanted.words.isascii() else "true"
        found.append(f"({_WORDS} OR ({unknown} AND {_LETTERS}))")
        parameters["words"] = wanted.words
        parameters["starts"] = " & ".join(f"{_lexeme(word)}:*" for word in matching.content(wanted.words))
        parameters["letters"] = "%" + _LIKE.sub(r"\\\g<0>", wanted.words.strip()) + "%"
    return found, parameters


def _lexeme(word: str) -> str:
    """A word as a tsquery names it."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _task(text: object) -> Task:
    return Task.model_validate_json(str(text), strict=False)
