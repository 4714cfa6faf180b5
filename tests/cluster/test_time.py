"""What comes by itself goes through Knative's data plane too: reminders, digests, and the next time of what repeats."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bench.cluster.place import POLL_SECONDS, Place
from tests.cluster.test_texting import count_of, somebody

pytestmark = pytest.mark.asyncio


async def tick(session: aiohttp.ClientSession, running: Place, function: str, seconds: int = 0) -> None:
    """What a PingSource sends; the real one of every minute may tick beside it."""
    timeout = aiohttp.ClientTimeout(total=seconds + 30)
    async with session.post(f"{running.url(function)}/tick?seconds={seconds}", timeout=timeout) as answer:
        assert answer.status == 204


async def person_with_a_todo(session: aiohttp.ClientSession, running: Place) -> str:
    """Somebody who has a todo for every day."""
    ada = somebody()
    assert await running.post(session, "water the plants every day at 5pm", sender=ada) == 200
    await running.hears(ada)
    return ada


async def test_a_reminder_comes_once_whoever_looks_and_is_sent_when_the_provider_took_it(
    running: Place, session: aiohttp.ClientSession
) -> None:
    ada = await person_with_a_todo(session, running)
    due = "UPDATE todo.reminders SET at = now() + interval '1 second' FROM todo.users WHERE users.id = user_id AND phone = %s"
    running.read(due, ada)
    await asyncio.gather(*(tick(session, running, "remind", seconds=3) for _ in range(2)))
    assert (await running.hears(ada, 2))[1].startswith("Reminder: #1 Water the plants")
    state = "SELECT state FROM todo.reminders JOIN todo.users ON users.id = user_id WHERE phone = %s AND at <= now()"
    async with asyncio.timeout(60):
        while running.read(state, ada) != [("sent",)]:  # by jotline.reminder.sent, which notify tells and remind writes down
            await asyncio.sleep(POLL_SECONDS)
    assert len(running.heard(ada)) == 2


async def test_a_digest_comes_once(running: Place, session: aiohttp.ClientSession) -> None:
    ada = await person_with_a_todo(session, running)
    assert await running.post(session, "daily digest at 8am", sender=ada) == 200
    await running.hears(ada, 2)
    assert await running.post(session, "feed the cat today", sender=ada) == 200
    await running.hears(ada, 3)
    running.read("UPDATE todo.users SET digest_at = now() WHERE phone = %s", ada)
    await asyncio.gather(*(tick(session, running, "digest") for _ in range(2)))
    assert "Feed the cat" in (await running.hears(ada, 4))[3]
    assert running.read("SELECT digest_at > now() FROM todo.users WHERE phone = %s", ada) == [(True,)]
    assert len(running.heard(ada)) == 4


async def test_what_repeats_has_one_next_time_though_recurrence_looks_too(
    running: Place, session: aiohttp.ClientSession
) -> None:
    ada = await person_with_a_todo(session, running)
    before = await count_of(session, running, "recurrence")
    assert await running.post(session, "done 1", sender=ada) == 200
    await running.hears(ada, 2)
    async with asyncio.timeout(60):
        while await count_of(session, running, "recurrence") == before:
            await asyncio.sleep(POLL_SECONDS)
    query = "SELECT status, count(*) FROM todo.tasks JOIN todo.users ON users.id = tasks.user_id WHERE phone = %s GROUP BY 1"
    assert dict(running.read(query, ada)) == {"done": 1, "open": 1}
