"""A text is answered by the stack of template.yml, through OpenFaaS' gateway, whatever is killed meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter

import aiohttp
import psycopg
import pytest

from shared.messages.phrases import HEARD_NOTHING
from tests.asking import webhook
from tests.making import ADA
from tests.openfaas.cluster import Stack
from tests.studio import silence

pytestmark = pytest.mark.asyncio
WAIT_SECONDS = 90.0


async def heard(stack: Stack, number: int) -> list[str]:
    """Wait for so many texts from Jotline; and a little longer, for one too many."""
    async with asyncio.timeout(WAIT_SECONDS):
        while len(stack.heard()) < number:
            await asyncio.sleep(0.05)
    return stack.heard()


async def settled(database: str) -> None:
    """Wait until every event is worked off by everyone: the outboxes are empty."""
    counting = (
        "SELECT (SELECT count(*) FROM todo.outbox) + (SELECT count(*) FROM messaging.outbox)"
        " + (SELECT count(*) FROM voice.outbox) + (SELECT count(*) FROM audit.outbox)"
    )
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection, asyncio.timeout(WAIT_SECONDS):
        while await (await connection.execute(counting)).fetchone() != (0,):
            await asyncio.sleep(0.05)


async def carrying(stack: Stack, broker: str = "broker") -> None:
    """Wait until a broker has brought the database to its version, and carries."""
    async with asyncio.timeout(WAIT_SECONDS):
        while "jotline_broker_carrying 1" not in await (await stack.session.get(f"http://{broker}:8080/metrics")).text():
            await asyncio.sleep(0.05)


async def test_a_text_is_answered_through_the_gateway_and_its_fate_is_kept(stack: Stack, empty_database: str) -> None:
    stack.phone.text(ADA, "buy milk and call mum tomorrow at 5pm")
    (reply,) = await heard(stack, 1)
    assert reply.splitlines()[:3] == ["Added 2:", "#1 Buy milk", "#2 Call mum (tomorrow 5pm)"]
    await stack.phone.idle()
    await settled(empty_database)
    async with await psycopg.AsyncConnection.connect(empty_database) as connection:
        found = await (
            await connection.execute("SELECT status FROM messaging.messages WHERE direction = 'outbound'")
        ).fetchall()
        told = await (await connection.execute("SELECT type, count(*)::int FROM audit.trail GROUP BY type")).fetchall()
    assert ("jotline.task.created", 2) in told  # by audit, which the broker gives everything as well
    assert {"jotline.message.received", "jotline.command.parsed", "jotline.notification.sent"} <= {kind for kind, _ in told}
    assert found == [("delivered",)]  # the callback came through the gateway's path too, with a signature over it


async def test_the_api_and_the_board_are_behind_the_gateway(stack: Stack) -> None:
    await carrying(stack)
    for path, status in (("api/api/v1/tasks", 401), ("live/", 200), ("live/live/events", 401)):
        async with aiohttp.ClientSession() as session, session.get(f"{stack.gateway.url}/function/{path}") as answer:
            assert answer.status == status, (path, await answer.text())


async def test_every_container_is_well_on_the_paths_that_are_asked(stack: Stack) -> None:
    for name in stack.containers:
        for path in stack.probes(name):
            async with stack.session.get(f"http://{name}:8080{path}") as answer:
                assert answer.status == 200, (name, path, await answer.text())


async def test_a_reminder_comes_at_its_second_and_a_digest_in_its_morning(stack: Stack, empty_database: str) -> None:
    stack.phone.text(ADA, "water the plants every day at 5pm")
    await heard(stack, 1)
    stack.phone.text(ADA, "daily digest at 8am")
    await heard(stack, 2)
    async with await psycopg.AsyncConnection.connect(empty_database, autocommit=True) as connection:
        await connection.execute("UPDATE todo.reminders SET at = now() + interval '1 second'")
        reminder = (await heard(stack, 3))[2]
        assert reminder.startswith("Reminder: #1 Water the plants")
        await connection.execute("UPDATE todo.users SET digest_at = now()")
        assert "Water the plants" in (await heard(stack, 4))[3]
        await settled(empty_database)
        states = await (await connection.execute("SELECT DISTINCT state FROM todo.reminders WHERE at <= now()")).fetchall()
    assert states == [("sent",)]
    assert len(stack.heard()) == 4


async def test_a_voice_note_is_heard_and_answered(stack: Stack, empty_database: str) -> None:
    await carrying(stack)
    stack.phone.speak(ADA, silence(3), "audio/wav")
    (reply,) = await heard(stack, 1)
    assert reply.startswith(HEARD_NOTHING)
    await settled(empty_database)
    assert len(stack.heard()) == 1


async def test_a_signature_over_another_url_is_refused(stack: Stack) -> None:
    text = webhook()  # signed over https://jotline.example/twilio/message
    url = f"{stack.gateway.url}/function/webhook/twilio/message"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=await text.body(), headers=dict(text.headers)) as answer,
    ):
        assert answer.status == 403


async def test_whatever_is_killed_every_text_has_one_effect_and_one_reply(stack: Stack, empty_database: str) -> None:
    people = [f"+1212555{number:04d}" for number in range(140, 146)]
    words = [f"buy thing {number}" for number in range(4)]

    async def kill() -> None:
        # Not notify: what it was just sending waits out the lease of a minute, which tests/integration/functions proves.
        for name in ("broker", "todo-crud", "broker", "parse-command", "broker", "webhook", "broker"):
            await asyncio.sleep(0.3)
            await stack.restart(name)

    await carrying(stack)
    killing = asyncio.create_task(kill())
    for word in words:
        for person in people:
            stack.phone.text(person, word)
        await asyncio.sleep(0.5)
    await killing
    await heard(stack, len(people) * len(words))
    await settled(empty_database)
    replies = Counter(one.phone for one in stack.phone.messages() if one.direction != "inbound")
    async with await psycopg.AsyncConnection.connect(empty_database) as connection:
        query = "SELECT phone, title FROM todo.tasks JOIN todo.users ON users.id = tasks.user_id"
        tasks = await (await connection.execute(query)).fetchall()
        buried = await (await connection.execute("SELECT count(*) FROM audit.dead_letters")).fetchone()
    assert Counter(tasks) == Counter((person, f"Buy thing {number}") for person in people for number in range(4))
    assert buried == (0,)
    assert set(replies.values()) == {len(words)}


async def test_a_second_broker_takes_texts_at_once_and_carries_when_the_first_one_ends(
    stack: Stack, empty_database: str
) -> None:
    second = await stack.make("broker", instance="-2")
    await second.start()
    try:
        stack.gateway.hosts["broker"] = "broker-2"
        stack.phone.text(ADA, "buy milk")
        (reply,) = await heard(stack, 1)  # committed by the second, carried by the first
        assert reply.startswith("Added #1 Buy milk")
        await stack.containers["broker"].stop()
        stack.phone.text(ADA, "buy bread")
        assert (await heard(stack, 2))[1].startswith("Added #2 Buy bread")
        await settled(empty_database)
        await carrying(stack, "broker-2")
    finally:
        await second.stop()


async def test_what_a_function_committed_while_no_broker_was_there_is_carried_later(stack: Stack, empty_database: str) -> None:
    await carrying(stack)
    await stack.containers["broker"].kill()
    stack.phone.text(ADA, "buy milk")
    await asyncio.sleep(0.2)
    assert stack.heard() == []  # the webhook answered 503, and Twilio comes again
    await stack.containers["broker"].start()
    assert len(await heard(stack, 1)) == 1
    await settled(empty_database)
