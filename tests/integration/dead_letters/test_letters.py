"""Dead letters as a store: pages of them by function, topic and whether they wait; and every step of theirs in the trail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from shared.events.schemas import TASK_UPDATED
from shared.runtime.clock import SimulatedClock
from shared.runtime.dead_letters import replay
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.storage.audit import AuditStore, LetterQuery
from shared.storage.trail import BadCursor, TrailQuery
from tests.making import ADA, NOW, message, notification, person, task_change

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def services(database: str) -> AsyncIterator[Services]:
    made = Services(Settings(database_url=database), SimulatedClock())
    yield made
    await made.close()


async def _ids(store: AuditStore, **wanted: Any) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = await store.letters(LetterQuery(**wanted, cursor=cursor))
        found += [letter.event_id for letter in page.letters]
        if not (cursor := page.cursor):
            return found


async def test_they_are_listed_by_function_topic_and_whether_they_wait(services: Services) -> None:
    store = services.audit
    text, reply, change = message(), notification(), task_change(TASK_UPDATED)
    for hours, (event, function) in enumerate(((text, "parse-command"), (reply, "notify"), (change, "recurrence"))):
        await store.bury(event, function=function, cause="a bug", attempts=8, now=NOW + timedelta(hours=hours))
    [kept] = await store.find(reply.id)
    assert await store.discard(kept, "nobody's", NOW)
    assert await _ids(store) == await _ids(store, limit=1) == [change.id, reply.id, text.id]
    assert await _ids(store, waiting=True) == [change.id, text.id]
    assert await _ids(store, waiting=False, topic="messages") == [reply.id]
    assert await _ids(store, function="parse-command", topic="messages", waiting=True) == [text.id]
    assert await _ids(store, function="digest") == []
    with pytest.raises(BadCursor):
        await store.letters(LetterQuery(cursor="nonsense"))


async def test_every_step_is_a_row_of_the_trail_with_its_time_who_did_it_and_why(services: Services) -> None:
    store, change = services.audit, task_change(TASK_UPDATED)
    steps = [NOW + timedelta(hours=hours) for hours in range(5)]
    await store.bury(change, function="recurrence", cause="ValueError at x.py:1", attempts=8, now=steps[0])
    [kept] = await store.find(change.id)
    assert await replay(services, kept.letter, kept.text, steps[1])
    assert not await replay(services, kept.letter, kept.text, steps[2]), "twice is once"
    await store.bury(change, function="recurrence", cause="ValueError at x.py:2", attempts=8, now=steps[3])
    assert await store.discard(kept, "cannot be mended", steps[4])
    assert not await store.discard(kept, "again", steps[4])
    rows = (await services.trail.query(TrailQuery(correlation_id=change.correlationid))).rows[::-1]
    assert [(row.type.rpartition(".")[2], row.at, row.actor) for row in rows] == [
        ("buried", steps[0], "jotline"),
        ("replayed", steps[1], "admin"),
        ("buried", steps[3], "jotline"),
        ("discarded", steps[4], "admin"),
    ]
    assert {(row.user_id, row.task_id, row.topic, row.subject) for row in rows} == {
        (person(ADA).id, str(change.data.task_id), "task-updates", change.id),  # type: ignore[attr-defined]
    }
    assert [row.data.get("cause") or row.data.get("reason") for row in rows] == [
        "ValueError at x.py:1", None, "ValueError at x.py:2", "cannot be mended",
    ]  # fmt: skip


async def test_what_is_no_event_leaves_its_rows_as_well(services: Services) -> None:
    await services.audit.bury_unreadable("{broken", function="notify", key="k1", cause="no JSON", now=NOW)
    [kept] = await services.audit.find("k1")
    assert await services.audit.discard(kept, "nonsense", NOW)
    rows = (await services.trail.query(TrailQuery(topic="messages"))).rows
    assert [(row.type, row.subject, row.user_id, row.correlation_id) for row in rows] == [
        ("jotline.letter.discarded", "k1", None, "k1"),
        ("jotline.letter.buried", "k1", None, "k1"),
    ]
