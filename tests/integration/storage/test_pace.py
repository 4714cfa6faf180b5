"""When units share a statement: always while another is under way; those of one process that does everything wait for each other."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from shared.runtime.clock import RealClock
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.storage.database import ENOUGH, Database, Statement

pytestmark = pytest.mark.asyncio

#: Answers how many units came with this one. Its pace is longer than any test.
_HOW_MANY = Statement(
    "SELECT n, (count(*) OVER ())::text FROM ROWS FROM (json_to_recordset(%s) AS (id int)) WITH ORDINALITY AS unit (id, n)",
    pace_seconds=3600,
)


async def test_without_a_pace_a_unit_goes_when_the_one_before_is_done(database: str) -> None:
    opened = Database(database)
    assert [await opened.run(_HOW_MANY, json.dumps({"id": n})) for n in range(3)] == ["1", "1", "1"]
    await opened.close()


async def test_with_a_pace_the_first_goes_at_once_and_those_after_it_wait_for_enough_others(database: str) -> None:
    opened = Database(database, paced=True)
    assert await opened.run(_HOW_MANY, '{"id": 0}') == "1"
    waiting = [asyncio.create_task(opened.run(_HOW_MANY, json.dumps({"id": n}))) for n in range(1, ENOUGH)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    assert await opened.run(_HOW_MANY, json.dumps({"id": ENOUGH})) == str(ENOUGH)
    assert {await task for task in waiting} == {str(ENOUGH)}
    await opened.close()


async def test_what_is_gathered_keeps_its_pace_everywhere(database: str) -> None:
    opened, gathered = Database(database), replace(_HOW_MANY, gathered=True, enough=5)
    assert await opened.run(gathered, '{"id": 0}') == "1"
    later = [opened.run(gathered, json.dumps({"id": n})) for n in range(5)]
    assert set(await asyncio.gather(*later)) == {"5"}
    await opened.close()


async def test_functions_that_run_alone_have_no_pace_and_the_single_boxs_have(database: str) -> None:
    alone, boxed = (Services(Settings(database_url=database), RealClock(), **paced) for paced in ({}, {"paced": True}))
    assert [await alone.database("todo").run(_HOW_MANY, json.dumps({"id": n})) for n in range(2)] == ["1", "1"]
    first = await boxed.database("todo").run(_HOW_MANY, '{"id": 0}')
    later = [boxed.database("todo").run(_HOW_MANY, json.dumps({"id": n})) for n in range(ENOUGH)]
    assert (first, set(await asyncio.gather(*later))) == ("1", {str(ENOUGH)})
    await alone.close()
    await boxed.close()
