"""What Knative's RabbitMQ dispatcher does with the answers it gets, seen by a subscriber that answers as it is told.

These are facts about somebody else's program that our design stands on: should a newer version behave otherwise, it is seen here.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from bench.cluster.place import POLL_SECONDS, Place
from tests.cluster.conftest import STUB
from tests.cluster.stub import RETRY_AFTER_SECONDS

pytestmark = pytest.mark.asyncio

DISPATCHER = "dispatcher-stub-called"


def dead_letters(running: Place, id_: str) -> int:
    """How many dead letters there are of an event."""
    return int(running.read("SELECT count(*) FROM audit.dead_letters WHERE event_id = %s", id_)[0][0])


async def send(session: aiohttp.ClientSession, running: Place, **data: Any) -> str:
    """Send the stub an event through the ingress; its id."""
    id_ = uuid4().hex
    headers = {
        "ce-specversion": "1.0",
        "ce-id": id_,
        "ce-type": STUB,
        "ce-source": "/test",
        "ce-time": "2026-11-25T15:00:00Z",
        "ce-partitionkey": "00ff",
        "content-type": "application/json",
    }
    async with session.post(running.url("ingress"), json=data, headers=headers) as answer:
        assert answer.status == 202
    return id_


async def calls(running: Place, id_: str, count: int, seconds: float = 60) -> list[dict[str, Any]]:
    """The calls that the stub got for an event and has answered, once there are so many."""
    file = Path(next(service.env["STUB_CALLS"] for service in running.cluster.services if service.name == "stub"))
    async with asyncio.timeout(seconds):
        while True:
            found = [json.loads(line) for line in file.read_text().splitlines()]  # noqa: ASYNC240 - a few lines
            answered = [call for call in found if call["id"] == id_ and call["state"] == "ended"]
            if len(answered) >= count:
                return answered
            await asyncio.sleep(POLL_SECONDS)


async def settled(session: aiohttp.ClientSession, running: Place) -> None:
    """Nothing of what was sent so far will be delivered any more.

    Ten others come through meanwhile; then the dispatcher is killed, and what it had not let go of comes again before anything newer.
    """
    for id_ in [await send(session, running) for _ in range(10)]:
        await calls(running, id_, 1)
    await running.kill(DISPATCHER)
    await calls(running, await send(session, running), 1)


async def test_a_503_is_tried_again_after_the_brokers_backoff_whatever_retry_after_says(
    running: Place, session: aiohttp.ClientSession
) -> None:
    broker = running.cluster.broker
    assert (broker.retry, broker.backoff_policy) == (8, "exponential")
    assert RETRY_AFTER_SECONDS > 60, "longer than the calls are waited for"
    first, second, third = await calls(running, await send(session, running, statuses=[503, 503, 200]), 3)
    # The wait before try n + 1 is the delay times 2^n: it begins with twice the delay, not with the delay.
    assert second["at"] - first["at"] >= 2 * broker.backoff_seconds
    assert third["at"] - second["at"] >= 4 * broker.backoff_seconds
    assert [call["status"] for call in (first, second, third)] == [503, 503, 200]


async def test_attributes_arrive_as_they_were_sent(running: Place, session: aiohttp.ClientSession) -> None:
    (call,) = await calls(running, await send(session, running), 1)
    assert (call["time"], call["partitionkey"], call["source"]) == ("2026-11-25T15:00:00Z", "00ff", "/test")


async def test_a_400_is_success_to_the_dispatcher_and_the_event_is_gone(running: Place, session: aiohttp.ClientSession) -> None:
    refused = await send(session, running, statuses=[400, 200])
    await calls(running, refused, 1)
    await settled(session, running)
    assert [call["status"] for call in await calls(running, refused, 1)] == [400]
    assert dead_letters(running, refused) == 0


@pytest.mark.parametrize("reply", ["OK", '{"specversion": "1.0"}'])
async def test_a_reply_that_is_no_event_is_dropped_and_the_event_is_done(
    running: Place, session: aiohttp.ClientSession, reply: str
) -> None:
    answered = await send(session, running, reply=reply)
    await calls(running, answered, 1)
    await settled(session, running)
    assert [call["status"] for call in await calls(running, answered, 1)] == [200], "not tried again"
    assert dead_letters(running, answered) == 0


async def test_killed_in_the_middle_a_dispatcher_delivers_again(running: Place, session: aiohttp.ClientSession) -> None:
    slow = [await send(session, running, seconds=1.0) for _ in range(5)]
    await asyncio.sleep(0.5)
    await running.kill(DISPATCHER)
    for id_ in slow:
        assert await calls(running, id_, 1)
