"""What a program does through the API goes the way of what a person texts: through the broker, into the trail, and back again."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import aiohttp
import pytest

from bench.cluster.place import ADMIN, POLL_SECONDS, Place
from tests.cluster.test_texting import somebody

pytestmark = pytest.mark.asyncio


async def sign_in(running: Place, session: aiohttp.ClientSession, phone: str, heard: int) -> dict[str, str]:
    """Headers of somebody who texted before, and got so many texts since: the next one is their code."""
    async with session.post(f"{running.url('api')}/api/v1/login", json={"phone": phone}) as answer:
        assert answer.status == 202, await answer.text()
    code = re.search(r"\b[0-9]{6}\b", (await running.hears(phone, heard + 1))[-1])
    assert code
    async with session.post(f"{running.url('api')}/api/v1/token", json={"phone": phone, "code": code[0]}) as answer:
        assert answer.status == 200, await answer.text()
        return {"authorization": f"Bearer {(await answer.json())['access_token']}"}


async def trail(running: Place, correlation_id: str, wanted: set[str]) -> set[str]:
    """The types of all that happened because of one thing, once those that are wanted are there."""
    async with asyncio.timeout(60):
        while True:
            rows = running.read("SELECT type FROM audit.trail WHERE correlation_id = %s", correlation_id)
            if wanted <= (found := {str(kind) for (kind,) in rows}):
                return found
            await asyncio.sleep(POLL_SECONDS)


async def test_a_task_made_by_a_program_is_told_to_everybody_whom_a_text_would_reach(
    running: Place, session: aiohttp.ClientSession
) -> None:
    ada = somebody()
    assert await running.post(session, "buy milk", sender=ada) == 200
    await running.hears(ada)
    headers = await sign_in(running, session, ada, heard=1)
    async with session.ws_connect(f"{running.url('live')}/live") as feed:
        await feed.send_json({"token": headers["authorization"].removeprefix("Bearer ")})
        assert (await feed.receive_json(timeout=20))["type"] == "hello"
        made = {"title": "Water the plants", "due_date": "2100-05-01T17:00:00Z"}
        async with session.post(f"{running.url('api')}/api/v1/tasks", json=made, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            task: dict[str, Any] = await answer.json()
        told = await feed.receive_json(timeout=20)
        assert (told["type"], told["task"]["title"]) == ("task.created", "Water the plants")
    ((correlation_id,),) = running.read(
        "SELECT correlation_id FROM audit.trail WHERE type = 'jotline.task.created' AND task_id = %s", task["id"]
    ) or await _later(running, task["id"])
    found = await trail(running, correlation_id, {"jotline.request.made", "jotline.task.created", "jotline.reminder.scheduled"})
    assert "jotline.reminder.scheduled" in found
    assert await running.post(session, "list", sender=ada) == 200
    assert "Water the plants" in (await running.hears(ada, 3))[-1]


async def _later(running: Place, task_id: str) -> list[tuple[Any, ...]]:
    async with asyncio.timeout(60):
        while not (found := running.read("SELECT correlation_id FROM audit.trail WHERE task_id = %s LIMIT 1", task_id)):
            await asyncio.sleep(POLL_SECONDS)
    return found


async def test_a_text_leaves_every_step_of_it_in_the_trail(running: Place, session: aiohttp.ClientSession) -> None:
    ada, message_id = somebody(), "SM" + "7" * 31 + "1"
    assert await running.post(session, "buy bread", sender=ada, message_id=message_id) == 200
    await running.hears(ada)
    steps = {"message.received", "command.parsed", "task.created", "notification.requested", "notification.sent"}
    await trail(running, message_id, {f"jotline.{step}" for step in steps})
    counted = running.read("SELECT type, count(*) FROM audit.trail WHERE correlation_id = %s GROUP BY type", message_id)
    assert {count for _, count in counted} == {1}


async def test_a_dead_letter_is_replayed_by_an_admin_once(running: Place, session: aiohttp.ClientSession) -> None:
    ada = somebody()
    assert await running.post(session, "list", sender=ada) == 200
    await running.hears(ada)
    running.read("""
        CREATE FUNCTION todo.refuse_nightshade() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.title LIKE '%%nightshade%%' THEN RAISE EXCEPTION 'no such food' USING ERRCODE = 'data_exception'; END IF;
            RETURN NEW;
        END $$""")
    running.read("CREATE TRIGGER refuse BEFORE INSERT ON todo.tasks FOR EACH ROW EXECUTE FUNCTION todo.refuse_nightshade()")
    try:
        assert await running.post(session, "buy nightshade", sender=ada) == 200
        assert "Sorry" in (await running.hears(ada, 2))[1]
    finally:
        running.read("DROP TRIGGER refuse ON todo.tasks")
        running.read("DROP FUNCTION todo.refuse_nightshade()")
    ((letter,),) = running.read("SELECT event_id FROM audit.dead_letters WHERE event LIKE %s", "%nightshade%")
    assert await running.post(session, "help", sender=ADMIN) == 200
    await running.hears(ADMIN)
    admin = await sign_in(running, session, ADMIN, heard=1)
    stranger = await sign_in(running, session, ada, heard=2)

    retry = f"{running.url('api')}/api/admin/dlq/retry"
    async with session.post(retry, json={"event_id": letter}, headers=stranger) as answer:
        assert answer.status == 403
    ticking = asyncio.create_task(running.tick(session))
    replayed = []
    for _ in range(2):
        async with session.post(retry, json={"event_id": letter}, headers=admin) as answer:
            assert answer.status == 200, await answer.text()
            replayed.append((await answer.json())["replayed"])
    assert replayed == [True, False]
    assert (await running.hears(ada, 4, seconds=90))[-1].startswith("Added #1 Buy nightshade")
    ticking.cancel()
