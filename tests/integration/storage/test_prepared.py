"""Statements past psycopg's cursors: answered and refused as by one, and the connection they went over is at hand for the next."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import psycopg
import pytest

from shared.storage import database as database_module
from shared.storage.database import Database, DatabaseUnavailable, Statement
from shared.storage.prepared import ask

pytestmark = pytest.mark.asyncio

UNITS = "ROWS FROM (json_to_recordset(%s) AS (word text, seconds float)) WITH ORDINALITY AS unit (word, seconds, n)"


def with_units(sql: str) -> str:
    """A statement that reads its units, as all do."""
    return sql.replace("UNITS", UNITS)


ECHO = with_units("SELECT n, word FROM UNITS")
BACKEND = Statement(with_units("SELECT n, pg_backend_pid()::text FROM UNITS, pg_sleep(coalesce(seconds, 0))"))
DIVIDE = with_units("SELECT n, (1 / length(word))::text FROM UNITS")


@pytest.fixture
async def opened(empty_database: str) -> AsyncIterator[Database]:
    made = Database(empty_database)
    yield made
    await made.close()


@pytest.fixture
async def connection(empty_database: str) -> AsyncIterator[psycopg.AsyncConnection]:
    async with await psycopg.AsyncConnection.connect(empty_database, autocommit=True) as made:
        yield made


async def backend(opened: Database, **unit: object) -> int:
    return int(await opened.run(BACKEND, json.dumps(unit)) or 0)


async def test_each_unit_gets_its_own_text_or_none(connection: psycopg.AsyncConnection) -> None:
    units = [{"word": "gr\u00f6\u00dfer \U0001f600"}, {"word": None}, {"word": "50 % %s $1"}]
    assert await ask(connection, ECHO, json.dumps(units).encode()) == {
        1: "gr\u00f6\u00dfer \U0001f600",
        2: None,
        3: "50 % %s $1",
    }
    assert await ask(connection, ECHO, b"[]") == {}


async def test_a_connection_prepares_a_statement_once(connection: psycopg.AsyncConnection) -> None:
    for word in ("milk", "bread"):
        assert await ask(connection, ECHO, json.dumps([{"word": word}]).encode()) == {1: word}
    await ask(connection, DIVIDE, b'[{"word": "a"}]')
    [known] = await (
        await connection.execute("SELECT array_agg(generic_plans + custom_plans) FROM pg_prepared_statements")
    ).fetchall()
    assert sorted(known[0]) == [1, 2]


async def test_what_is_refused_is_told_as_by_a_cursor_and_the_connection_goes_on(connection: psycopg.AsyncConnection) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        await ask(connection, DIVIDE, b'[{"word": ""}]')
    with pytest.raises(psycopg.errors.InvalidTextRepresentation):
        await ask(connection, ECHO, b"no JSON")
    with pytest.raises(psycopg.errors.UndefinedTable):
        await ask(connection, with_units("SELECT n, nothing.word FROM nothing, UNITS"), b"[]")
    assert await ask(connection, ECHO, b'[{"word": "milk"}]') == {1: "milk"}


async def test_one_after_the_other_they_take_the_same_connection_and_side_by_side_another(opened: Database) -> None:
    first = await backend(opened)
    assert await backend(opened) == first
    assert await opened.fetch("SELECT pg_backend_pid()") == [(first,)]
    slow = asyncio.create_task(backend(opened, seconds=0.5))
    await asyncio.sleep(0.05)
    [(other,)] = await opened.fetch("SELECT pg_backend_pid()")
    assert {first, other} == {await slow, other}
    assert first != other


async def test_a_connection_goes_back_to_the_pool_now_and_then(opened: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await backend(opened)
    assert opened.kept is not None
    monkeypatch.setattr(database_module, "KEEP_SECONDS", 0.0)
    await backend(opened)
    assert opened.kept is None


async def test_a_connection_that_broke_is_not_used_again(opened: Database, connection: psycopg.AsyncConnection) -> None:
    broken = await backend(opened)
    await connection.execute("SELECT pg_terminate_backend(%s, 10000)", (broken,))
    with pytest.raises(DatabaseUnavailable):
        await backend(opened)
    assert await backend(opened) != broken


async def test_what_is_cut_off_in_the_middle_leaves_nothing_behind(opened: Database) -> None:
    await opened.fetch("CREATE TABLE words (word text)")
    slow = Statement(
        with_units("WITH kept AS (INSERT INTO words SELECT word FROM UNITS) SELECT 1::bigint, 'x' FROM pg_sleep(60)")
    )
    running = asyncio.create_task(opened.run(slow, '{"word": "milk"}'))
    asleep = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
    while not await opened.fetch(asleep):
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await opened.fetch("SELECT * FROM words") == []
    assert await backend(opened) > 0


async def test_when_it_is_closed_nothing_is_kept(empty_database: str, connection: psycopg.AsyncConnection) -> None:
    opened = Database(empty_database)
    mine = await backend(opened)
    await opened.close()
    async with asyncio.timeout(30):
        while await (await connection.execute("SELECT FROM pg_stat_activity WHERE pid = %s", (mine,))).fetchall():
            await asyncio.sleep(0.01)
