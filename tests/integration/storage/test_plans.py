"""How PostgreSQL finds what is due, and what was kept long enough: by indexes of just that, however much else is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import psycopg
import pytest

from shared.storage.claims import Claims
from shared.storage.database import OPTIONS, Database
from shared.storage.due import DueStore
from tests.database import Server

pytestmark = pytest.mark.asyncio

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
#: So many people, each with a todo, a reminder to come and one that was sent; so many of each kind are due.
STORED, DUE = 5_000, 10

#: One row of each kind a second; the first ten are due, or were kept long enough.
FILL = (
    """
INSERT INTO todo.users (id, party, phone, version, settings, dialogue, created_at, updated_at, digest_at)
SELECT md5('u' || n)::uuid, n::text, '+1', 1, '{}', '{}', %(now)s, %(now)s, %(now)s + (n - %(due)s) * interval '1 second'
FROM generate_series(1, %(stored)s) AS n
""",
    """
INSERT INTO todo.tasks (id, user_id, number, title, status, zone, created_at, version)
SELECT md5('t' || n)::uuid, md5('u' || n)::uuid, 1, 'Call mum', 'open', 'UTC', %(now)s, 1
FROM generate_series(1, %(stored)s) AS n
""",
    """
INSERT INTO todo.reminders (id, user_id, task_id, at, meant_for, state, triggered_at, ended_at)
SELECT md5(state || n)::uuid, md5('u' || n)::uuid, md5('t' || n)::uuid, at, at, state, ended_at, ended_at
FROM generate_series(1, %(stored)s) AS n, LATERAL (VALUES
    ('scheduled', %(now)s + (n - %(due)s) * interval '1 second', NULL),
    ('sent', %(now)s, %(now)s - %(month)s + (n - %(due)s - 1) * interval '1 second')) AS r (state, at, ended_at)
""",
    """
INSERT INTO todo.claims (function, event_id, state, claimed_at)
SELECT 'f', n::text, 'done', %(now)s - %(month)s + (n - %(due)s - 1) * interval '1 second'
FROM generate_series(1, %(stored)s) AS n
""",
)


@pytest.fixture(scope="module")
def stored(postgres: Server) -> Iterator[str]:
    """A database with a lot in it, of which little is due."""
    with postgres.database() as url:
        with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
            for statement in FILL:
                connection.execute(statement.encode(), {"now": NOW, "month": MONTH, "stored": STORED, "due": DUE})
            connection.execute("VACUUM ANALYZE")
        yield url


class Explained(Database):
    """A database that tells how it carried something out, and keeps nothing of it."""

    plan: dict[str, Any]

    async def fetch(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        async with await psycopg.AsyncConnection.connect(self.dsn, options=OPTIONS) as connection:
            [named] = cast("list[dict[str, Any]]", parameters)
            explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {query}"
            [([told],)] = await (await connection.execute(explain.encode(), named)).fetchall()
            await connection.rollback()
            found: list[tuple[object, ...]] = await (await connection.execute(query.encode(), named)).fetchall()
            await connection.rollback()
        self.plan = told["Plan"]
        return found

    def nodes(self, part: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Every step of the plan."""
        step = part or self.plan
        yield step
        for below in step.get("Plans", ()):
            yield from self.nodes(below)

    def indexes(self) -> set[str]:
        """What it looks things up in."""
        return {step["Index Name"] for step in self.nodes() if "Index Name" in step}

    def most_rows(self) -> float:
        """The most rows that any step found."""
        found = [step for step in self.nodes() if "Bitmap Index" not in step["Node Type"]]
        return max(float(step["Actual Rows"] * step["Actual Loops"]) for step in found)

    def reads_all(self) -> bool:
        """Whether any table is read from end to end."""
        return any(step["Node Type"] == "Seq Scan" for step in self.nodes())


async def test_reminders_that_are_due(stored: str) -> None:
    database = Explained(stored)
    assert len(await DueStore(database).reminders(NOW, 500)) == DUE
    assert database.indexes() == {"reminders_due", "users_pkey", "tasks_pkey"}
    assert (database.most_rows(), database.reads_all()) == (DUE, False)


async def test_digests_that_are_due(stored: str) -> None:
    database = Explained(stored)
    assert len(await DueStore(database).digests(NOW, 500)) == DUE
    assert "users_digest" in database.indexes()
    of_that_person = {"tasks_of_user", "tasks_open_number", "tasks_by_due", "tasks_by_priority"}
    assert database.indexes() <= {"users_digest", *of_that_person}
    assert (database.most_rows(), database.reads_all()) == (DUE, False)


async def test_the_next_thing_that_is_due(stored: str) -> None:
    database = Explained(stored)
    assert await DueStore(database).next_after(NOW) == NOW + timedelta(seconds=1)
    assert database.indexes() == {"reminders_due", "users_digest"}
    assert (database.most_rows(), database.reads_all()) == (1, False)


async def test_reminders_that_ended_long_ago(stored: str) -> None:
    database = Explained(stored)
    assert await DueStore(database).forget(NOW - MONTH, 1_000) == DUE
    assert database.indexes() == {"reminders_ended"}
    assert (database.most_rows(), database.reads_all()) == (DUE, False)


async def test_claims_of_long_ago(stored: str) -> None:
    database = Explained(stored)
    assert await Claims(database, "todo").forget(NOW - MONTH, ["SM1"], 1_000) == DUE
    assert database.indexes() == {"claims_age"}
    assert (database.most_rows(), database.reads_all()) == (DUE, False)
