"""How PostgreSQL finds one person's todos among everybody's: by indexes that begin with whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest

from bench.api.filling import fill, user_of
from shared.storage.database import OPTIONS, Database
from shared.storage.lists import Filter, Sort, TaskLists
from tests.database import Server

pytestmark = pytest.mark.asyncio

PEOPLE = 20  # with a thousand todos each


@pytest.fixture(scope="module")
def stored(postgres: Server) -> Iterator[str]:
    """A database with many people's todos."""
    with postgres.database() as url:
        fill(url, PEOPLE)
        yield url


class Explained(Database):
    """A database that tells which indexes it took, with the plans that our connections make."""

    indexes: set[str]
    rows: int

    async def fetch(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        [named] = cast("list[dict[str, Any]]", parameters)
        async with await psycopg.AsyncConnection.connect(self.dsn, options=OPTIONS, autocommit=True) as connection:
            explained = await connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}".encode(), named, prepare=True)
            [([told],)] = await explained.fetchall()
            found: list[tuple[object, ...]] = await (await connection.execute(query.encode(), named)).fetchall()
        nodes = list(_nodes(told["Plan"]))
        assert not [node for node in nodes if node["Node Type"] == "Seq Scan"], "nothing is read whole"
        self.indexes = {node["Index Name"] for node in nodes if "Index Name" in node}
        self.rows = max(node["Actual Rows"] * node["Actual Loops"] for node in nodes)
        return found


def _nodes(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield part
    for inner in part.get("Plans", ()):
        yield from _nodes(inner)


@pytest.mark.parametrize(
    ("wanted", "sort", "index"),
    [
        (Filter(), "due", "tasks_by_due"),
        (Filter(), "-priority", "tasks_by_priority"),
        (Filter(tags=("home",)), "due", "tasks_tagged"),
        (Filter(words="milk"), "due", "tasks_of_user"),
        (Filter(status="all", words="milk"), "-created", "tasks_of_user"),
    ],
)
async def test_a_page_reads_that_persons_todos_alone(stored: str, wanted: Filter, sort: Sort, index: str) -> None:
    database = Explained(stored)
    now = datetime.now(UTC)
    found = await TaskLists(database).page(user_of(3), wanted, sort, after=None, limit=20, now=now)
    assert found
    assert index in database.indexes or (index == "tasks_of_user" and "tasks_by_due" in database.indexes)
    assert database.rows <= 1000, "not a row of anybody else"


async def test_reminders_to_come_are_found_by_whose_they_are_and_when(stored: str) -> None:
    database = Explained(stored)
    first = datetime.min.replace(tzinfo=UTC), UUID(int=0)
    assert await TaskLists(database).reminders(user_of(3), after=first, limit=5)
    assert "reminders_coming" in database.indexes
