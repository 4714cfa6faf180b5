"""Every operation leaves a row with its actor, its time and its cause: what was done, what failed, and what was denied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from shared.events.envelope import Event
from shared.providers.contract import Rejected
from shared.storage.outbox import Row
from shared.storage.trail import TrailQuery, TrailRow
from tests.integration.web.conftest import api_of
from tests.making import ADA, BOB
from tests.whole import Whole, whole

pytestmark = pytest.mark.asyncio


async def rows(box: Whole, **wanted: Any) -> list[TrailRow]:
    """What the trail has, the oldest first."""
    return list((await box.services.trail.query(TrailQuery(**wanted, limit=1000))).rows[::-1])


def kinds(found: Sequence[TrailRow]) -> list[str]:
    return [row.type.removeprefix("jotline.") for row in found]


async def test_every_event_that_is_carried_is_in_it_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: set[tuple[str, str]] = set()
    async with whole(database) as box:
        take, reply = box.broker._take, box.broker._pass_on  # noqa: SLF001 - where every event passes

        def taking(row: Row) -> None:
            carried.add((row.event.id, row.event.type))
            take(row)

        async def replying(event: Event | None, answered: Any) -> bool:
            if event:
                carried.add((event.id, event.type))
            return await reply(event, answered)

        monkeypatch.setattr(box.broker, "_take", taking)
        monkeypatch.setattr(box.broker, "_pass_on", replying)
        for text in ("buy milk", "water the plants every day at 5pm", "done 2", "undo", "STOP", "list", "START", "delete 1"):
            await box.text(text)
            await box.idle()
        found = await rows(box)
    assert {(row.event_id, row.type) for row in found} == carried
    assert len(found) == len(carried) > 30
    assert all(row.actor and row.correlation_id and row.at.tzinfo and row.user_id for row in found)


async def test_a_completion_and_what_it_leads_to(database: str) -> None:
    async with whole(database) as box:
        await box.text("water the plants every day at 5pm")
        await box.idle()
        asked = await box.text("done 1")
        await box.idle()
        found = await rows(box, correlation_id=asked)
        [done] = [row for row in found if row.type == "jotline.task.completed"]
        assert (done.actor, done.data["message_id"], done.task_id) == ("person", asked, str(done.data["task_id"]))
        assert {("task.created", "person"), ("notification.sent", "jotline"), ("message.received", "person")} <= {
            (row.type.removeprefix("jotline."), row.actor) for row in found
        }


async def test_what_fails_and_what_is_held_back(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with whole(database) as box:

        async def refusing(_: object) -> Any:
            raise Rejected("no such number")

        send = box.provider.send
        monkeypatch.setattr(box.provider, "send", refusing)
        lost = await box.text("buy milk")
        await box.idle()
        monkeypatch.setattr(box.provider, "send", send)
        [failed] = [row for row in await rows(box, correlation_id=lost) if row.type == "jotline.notification.failed"]
        assert failed.data["cause"].startswith("provider error")
        await box.text("STOP", sender=BOB)
        await box.idle()
        held = await box.text("buy eggs", sender=BOB)
        await box.idle()
        assert "notification.suppressed" in kinds(await rows(box, correlation_id=held))


async def test_what_the_api_does_and_denies(database: str) -> None:
    async with whole(database) as box, api_of(box) as api:
        made = await api.post("/tasks", json={"title": "Buy milk"})
        denied = [
            await api.client.post("/api/v1/tasks", json={"title": "x"}),
            await api.post("/tasks", json={"title": ""}),
            await api.get(f"/tasks/{made.json()['id']}", as_=BOB),
            await api.get("/admin/audit"),
        ]
        assert [answer.status_code for answer in (made, *denied)] == [201, 401, 422, 404, 403]
        await box.idle()
        found = await rows(box, types=("jotline.request.made",))
        told = [(row.data["status"], row.user_id is None, row.actor) for row in found]
        ada, bob = (box.services.party_of(phone) for phone in (ADA, BOB))
        assert told == [(status, status == 401, "person") for status in (201, 401, 422, 404, 403)]
        assert [row.party for row in found if row.user_id] == [ada, ada, bob, ada]
        assert {row.data["status"]: row.data.get("cause") for row in found if row.data["status"] in (404, 422)} == {
            404: "todo-gone", 422: "title-empty",
        }, "why it was denied; that nobody signed in, or is no admin, the status says"  # fmt: skip
        caused = await rows(box, correlation_id=found[0].event_id)
        assert {"request.made", "task.created"} <= set(kinds(caused))
