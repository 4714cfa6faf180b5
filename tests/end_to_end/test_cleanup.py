"""A box whose clock is moved on by a month forgets what nobody needs any more, and nobody can ask for its ticks from outside."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from local.postgres import find_url
from tests.box import Town, town

pytestmark = pytest.mark.asyncio

CLAIMS = "SELECT 'todo', event_id FROM todo.claims UNION SELECT 'messaging', event_id FROM messaging.claims"
TODOS = "SELECT title FROM todo.tasks"


async def test_after_a_month_the_claims_are_gone_and_the_todos_are_not(tmp_path: Path) -> None:
    async with town(tmp_path, environment={"JOTLINE_CLOCK": "simulated"}) as box:
        assert await box.post("buy milk") == 200
        await box.replies(1)
        await box.quiet()
        before = _read(tmp_path, CLAIMS)
        assert {schema for schema, _ in before} == {"todo", "messaging"}
        await _advance(box, 29)
        assert _read(tmp_path, CLAIMS) >= before
        await _advance(box, 2)
        async with asyncio.timeout(30):
            while _read(tmp_path, CLAIMS) & before:
                await asyncio.sleep(0.05)
        assert _read(tmp_path, TODOS) == {("Buy milk",)}
        assert 'jotline_removed_total{what="todo claims"}' in await _metrics(box)


async def test_ticks_are_nobodys_to_ask_for_from_outside(tmp_path: Path) -> None:
    async with town(tmp_path) as box:
        assert box.session is not None
        for path in ("/tick", "/tick?seconds=0", "/cleanup", "/audit/tick", "/remind/tick", "/digest/tick", "/transcribe/tick"):
            async with box.session.post(f"{box.url}{path}", json={}) as answer:
                assert answer.status == 404


def _read(folder: Path, query: str) -> set[tuple[str, ...]]:
    """What is in the box's database."""
    with psycopg.connect(find_url(folder / "home" / "postgres")) as connection:
        return set(connection.execute(query.encode()).fetchall())


async def _advance(box: Town, days: int) -> None:
    """`jotline clock advance`."""
    assert box.session is not None
    async with box.session.post(f"{box.url}/phone/api/clock", json={"advance_seconds": days * 86_400}) as answer:
        assert answer.status == 200, await answer.text()


async def _metrics(box: Town) -> str:
    assert box.session is not None
    async with box.session.get(f"{box.url}/metrics") as answer:
        return await answer.text()
