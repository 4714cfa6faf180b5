"""How PostgreSQL finds rows of the trail: by an index of just that; and of a table that it has seen it reads little more than a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest

from shared.storage.database import OPTIONS, Database
from shared.storage.spoken import _SINCE
from shared.storage.trail import _RECORDED, TrailQuery, TrailStore
from tests.database import Server

pytestmark = pytest.mark.asyncio

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ROWS = 20_000
#: One person's, todo's and cause's rows are few, one type is rare, and every third row has words.
FILL = """
INSERT INTO audit.trail (event_id, type, topic, source, subject, party, user_id, task_id, actor, correlation_id, traceparent, at,
    recorded_at, data, words)
SELECT n::text, CASE WHEN n %% 5000 = 1 THEN 'jotline.notification.failed' WHEN n %% 2 = 0 THEN 'jotline.task.created'
        ELSE 'jotline.message.received' END,
    CASE WHEN n %% 2 = 0 THEN 'task-events' ELSE 'messages' END, '', '', (n %% 400)::text, md5((n %% 400)::text)::uuid,
    md5((n %% 4000)::text)::uuid::text, 'person', 'c' || n / 5, '', %(now)s::timestamptz - n * interval '1 minute', %(now)s, '{}',
    CASE WHEN n %% 3 = 0 THEN to_tsvector('simple', 'buy milk' || n %% 500) END
FROM generate_series(1, %(rows)s) AS n
"""
#: What is asked for, the index that finds it, and the most rows that may be looked at for a page of 10.
ASKED: dict[str, tuple[dict[str, Any], str, int]] = {
    "everything": ({}, "trail_of_type", 40),
    "a person": ({"user_id": UUID("c4ca4238-a0b9-2382-0dcc-509a6f75849b")}, "trail_of_user", 60),
    "a rare type": ({"types": ("jotline.notification.failed",)}, "trail_of_type", 20),
    "a type nobody had": ({"types": ("jotline.task.deleted",)}, "trail_of_type", 1),
    "a topic": ({"topic": "task-events"}, "trail_of_type", 40),
    "a todo": ({"task_id": "c4ca4238-a0b9-2382-0dcc-509a6f75849b"}, "trail_of_task", 20),
    "a cause": ({"correlation_id": "c7"}, "trail_of_cause", 10),
    "words": ({"text": "milk3"}, "trail_words", 200),
    "a day": ({"since": NOW - timedelta(days=5), "until": NOW - timedelta(days=4)}, "trail_of_type", 60),
}


class Explaining(Database):
    """A database that notes how it carried out what reads the trail."""

    plan: dict[str, Any]

    async def fetch(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        if "audit.trail t WHERE" in query and "RECURSIVE" not in query:
            told = cast("Any", await super().fetch(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", *parameters))
            self.plan = told[0][0][0]["Plan"]
        return await super().fetch(query, *parameters)

    def steps(self, part: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """Every step of the plan."""
        step = part or self.plan
        yield step
        for below in step.get("Plans", ()):
            yield from self.steps(below)

    def indexes(self) -> set[str]:
        return {step["Index Name"] for step in self.steps() if "Index Name" in step}

    def most_rows(self) -> float:
        """The most rows that any step found, or found and threw away."""
        thrown = "Rows Removed by Filter"
        return max(float((step["Actual Rows"] + step.get(thrown, 0)) * step["Actual Loops"]) for step in self.steps())

    def reads_all(self) -> bool:
        return any(step["Node Type"] == "Seq Scan" for step in self.steps())


def _filled(postgres: Server, *, seen: bool) -> Iterator[str]:
    with postgres.database() as url:
        with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
            connection.execute("ALTER TABLE audit.trail SET (autovacuum_enabled = false)")
            connection.execute(FILL.encode(), {"now": NOW, "rows": ROWS})
            if seen:
                connection.execute("VACUUM ANALYZE audit.trail")
        yield url


@pytest.fixture(scope="module")
def seen(postgres: Server) -> Iterator[str]:
    """A trail that autovacuum has been to."""
    yield from _filled(postgres, seen=True)


@pytest.fixture(scope="module")
def unseen(postgres: Server) -> Iterator[str]:
    """The same, before that."""
    yield from _filled(postgres, seen=False)


async def _ask(url: str, wanted: dict[str, Any]) -> Explaining:
    database = Explaining(url)
    page = await TrailStore(database).query(TrailQuery(**wanted, limit=10))
    await database.close()
    assert len(page.rows) <= 10
    return database


@pytest.mark.parametrize("what", ASKED)
async def test_a_page_is_found_by_its_index_and_little_else_is_read(seen: str, what: str) -> None:
    wanted, index, most = ASKED[what]
    asked = await _ask(seen, wanted)
    assert index in asked.indexes()
    assert (asked.reads_all(), asked.most_rows() <= most) == (False, True), asked.plan


@pytest.mark.parametrize("what", ASKED)
async def test_a_table_that_nobody_has_analyzed_is_not_read_from_end_to_end(unseen: str, what: str) -> None:
    wanted, index, _ = ASKED[what]
    asked = await _ask(unseen, wanted)
    assert (index in asked.indexes(), asked.reads_all()) == (True, False)


async def test_what_was_recorded_is_looked_up_by_its_key_in_plans_made_while_the_table_was_empty(database: str) -> None:
    with psycopg.connect(database, autocommit=True, options=OPTIONS) as connection:
        statement = _RECORDED.replace("%s", "$1", 1).replace("%s", "$2", 1)
        connection.execute(f"PREPARE it (text[], text[]) AS {statement}".encode())
        plan = "\n".join(str(row[0]) for row in connection.execute(b"EXPLAIN EXECUTE it ('{}', '{}')"))
    assert "trail_pkey" in plan


async def test_how_far_calls_are_is_looked_up_by_person_in_plans_made_while_the_table_was_empty(database: str) -> None:
    with psycopg.connect(database, autocommit=True, options=OPTIONS) as connection:
        connection.execute(("PREPARE it (json) AS " + _SINCE.sql.replace("%s", "$1")).encode())
        plan = "\n".join(str(row[0]) for row in connection.execute(b"EXPLAIN EXECUTE it ('[]')"))
    assert "trail_of_user" in plan
    assert "user_id = " in plan.partition("Index Cond: ")[2].partition("\n")[0]
