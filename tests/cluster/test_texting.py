"""A text goes through Knative's ingress, RabbitMQ and the dispatchers, and comes back as an answer."""

from __future__ import annotations

import asyncio
import sys
from uuid import uuid4

import aiohttp
import pytest

from bench.cluster.place import POLL_SECONDS, Place
from local.cluster.sim import table
from tests.making import sid

pytestmark = pytest.mark.asyncio


def somebody() -> str:
    """A number nobody had before."""
    return f"+1212{uuid4().int % 10**7:07}"


async def count_of(session: aiohttp.ClientSession, running: Place, function: str) -> int:
    """How many deliveries a function has worked off."""
    async with session.get(f"{running.url(function)}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return sum(
        int(float(line.split()[-1])) for line in lines if line.startswith("jotline_deliveries_total{") and "done" in line
    )


async def test_a_text_is_answered(running: Place, session: aiohttp.ClientSession) -> None:
    ada = somebody()
    assert await running.post(session, "buy milk tomorrow 5pm", sender=ada) == 200
    (heard,) = await running.hears(ada)
    assert heard.startswith("Added #1 Buy milk (tomorrow 5pm)")
    assert await running.post(session, "list", sender=ada) == 200
    assert "#1 Buy milk" in (await running.hears(ada, 2))[1]


async def test_everything_reaches_the_trail_by_its_topic_once(running: Place, session: aiohttp.ClientSession) -> None:
    ada = somebody()
    for number, text in enumerate(("buy milk tomorrow 5pm", "rename 1 to buy oat milk"), 1):
        assert await running.post(session, text, sender=ada) == 200
        await running.hears(ada, number)
    trail = (
        "SELECT DISTINCT type FROM audit.trail WHERE user_id = (SELECT id FROM todo.users WHERE phone = %s) AND type = ANY (%s)"
    )
    wanted = ["message.received", "command.parsed", "task.created", "task.updated", "reminder.scheduled", "notification.sent"]
    kinds = [f"jotline.{kind}" for kind in wanted]
    async with asyncio.timeout(30):
        while len(running.read(trail, ada, kinds)) < len(kinds):
            await asyncio.sleep(POLL_SECONDS)
    # What others may have sent that is no event is a letter of every function that was to have it: not the trail's fault.
    letters = "SELECT type, cause FROM audit.dead_letters WHERE function = 'audit' AND type <> 'unreadable'"
    assert running.read(letters) == []


async def test_the_same_webhook_twenty_times_is_one_todo_and_one_reply(running: Place, session: aiohttp.ClientSession) -> None:
    ada, message_id = somebody(), sid()
    before = await count_of(session, running, "todo-crud")
    posts = [running.post(session, "buy milk", sender=ada, message_id=message_id) for _ in range(20)]
    assert await asyncio.gather(*posts) == [200] * 20
    async with asyncio.timeout(60):
        while await count_of(session, running, "todo-crud") < before + 20:
            await asyncio.sleep(POLL_SECONDS)
    todos = running.read("SELECT title FROM todo.tasks JOIN todo.users ON users.id = tasks.user_id WHERE users.phone = %s", ada)
    assert todos == [("Buy milk",)]
    await running.hears(ada)
    assert await running.post(session, "list", sender=ada) == 200
    added, listed = await running.hears(ada, 2)
    assert added.startswith("Added #1 Buy milk")
    assert listed.startswith("1 open")


async def test_a_poison_event_waits_with_its_cause_and_can_be_replayed(running: Place, session: aiohttp.ClientSession) -> None:
    ada = somebody()
    running.read("""
        CREATE FUNCTION todo.refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.title LIKE '%%poison%%' THEN RAISE EXCEPTION 'no such food' USING ERRCODE = 'data_exception'; END IF;
            RETURN NEW;
        END $$""")
    running.read("CREATE TRIGGER refuse_poison BEFORE INSERT ON todo.tasks FOR EACH ROW EXECUTE FUNCTION todo.refuse_poison()")
    try:
        assert await running.post(session, "buy a poison apple", sender=ada) == 200
        assert "Sorry" in (await running.hears(ada))[0]
    finally:
        running.read("DROP TRIGGER refuse_poison ON todo.tasks")
        running.read("DROP FUNCTION todo.refuse_poison()")
    ((letter, function, cause),) = running.read(
        "SELECT event_id, function, cause FROM audit.dead_letters WHERE event LIKE %s", "%a poison apple%"
    )
    assert (function, cause.split()[0]) == ("todo-crud", "UnstorableData")

    ticking = asyncio.create_task(running.tick(session))
    said = await jotline(running, "dead-letters")
    assert letter in said
    await jotline(running, "dead-letters", "replay", letter)
    assert (await running.hears(ada, 2, seconds=90))[1].startswith("Added #1 Buy a poison apple")
    ticking.cancel()


async def test_what_a_function_answers_is_nothing_or_an_event(running: Place, session: aiohttp.ClientSession) -> None:
    # An event that was worked off, one that is for somebody else, and what is none at all.
    garbage = [
        ({}, b"hello"),
        ({"content-type": "application/cloudevents+json"}, b"{"),
        (_ce("jotline.message.received"), b"[]"),
    ]
    for name in ("parse-command", "todo-crud", "notify", "audit"):
        for headers, body in (*garbage, (_ce("com.example.unknown"), b"{}"), ({}, b"x" * 200_000)):
            async with session.post(running.url(name), data=body, headers=headers) as answer:
                # A 4xx would be taken by the broker for success, and the event would be gone.
                assert (answer.status, await answer.read()) == (204, b""), (name, headers)


async def test_everything_that_runs_is_in_the_table(running: Place) -> None:
    lines = table(running.simulation).splitlines()
    assert len(lines) == 1 + len(running.simulation.parts)
    assert not [line for line in lines[1:] if line.split()[1] == "-"]


def _ce(kind: str) -> dict[str, str]:
    return {"ce-specversion": "1.0", "ce-id": sid(), "ce-type": kind, "ce-source": "/test", "content-type": "application/json"}


async def jotline(running: Place, *words: str) -> str:
    """Run a command of the command line against the cluster's database."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "local.cli",
        *words,
        env={"DATABASE_URL": running.database, "PATH": "/usr/bin"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()
