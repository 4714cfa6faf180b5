"""A voice note goes through Knative's data plane: heard once, answered once, and nobody's texts wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest

from bench.cluster.place import POLL_SECONDS, Place
from tests.cluster.test_api import sign_in
from tests.cluster.test_texting import somebody
from tests.studio import silence, spoken

pytestmark = pytest.mark.asyncio
#: What transcribe has to do with a person's recordings, and how it stands.
CLAIMS = """
SELECT claims.state, claims.attempts FROM voice.claims JOIN voice.recordings ON starts_with(claims.event_id, recordings.id)
WHERE claims.function = 'transcribe' AND recordings.sender = %s
"""


async def until(running: Place, query: str, wanted: list[tuple[object, ...]], *parameters: object) -> None:
    """Wait until the database says so."""
    async with asyncio.timeout(90):
        while sorted(running.read(query, *parameters)) != wanted:
            await asyncio.sleep(POLL_SECONDS)


async def test_a_voice_note_is_heard_once_and_answered_once(running: Place, session: aiohttp.ClientSession) -> None:
    ada = somebody()
    await running.speak(ada, spoken("buy milk"))
    await running.hears(ada, seconds=120)  # what it heard is the model's affair
    await until(running, CLAIMS, [("done", 1)] * 2, ada)  # fetched, and its one piece heard
    pieces = "SELECT count(*) FROM voice.pieces JOIN voice.recordings ON recordings.id = recording_id WHERE sender = %s"
    assert running.read(pieces, ada) == [(1,)]
    assert len(running.heard(ada)) == 1


async def test_killed_while_it_hears_it_hears_it_again_and_texts_are_answered_meanwhile(
    running: Place, session: aiohttp.ClientSession
) -> None:
    ada, bob = somebody(), somebody()
    await running.speak(ada, spoken("buy milk", times=30))
    at_it = "SELECT 1 FROM voice.claims WHERE state = 'working' AND lease_until > now()"
    async with asyncio.timeout(90):
        while not running.read("SELECT 1 FROM voice.recordings WHERE sender = %s", ada) or not running.read(at_it):
            await asyncio.sleep(0.01)
    await running.kill("transcribe")
    assert running.heard(ada) == []
    assert await running.post(session, "buy bread", sender=bob) == 200
    assert (await running.hears(bob))[0].startswith("Added #1 Buy bread")
    assert running.heard(ada) == []
    async with leases_over(running, session):
        await running.hears(ada, seconds=120)
        await until(running, CLAIMS, [("done", 1), ("done", 2)], ada)  # the piece was begun twice
    assert len(running.heard(ada)) == 1


async def test_who_looks_on_sees_how_far_a_recording_is(running: Place, session: aiohttp.ClientSession) -> None:
    ada, told = somebody(), list[str]()
    assert await running.post(session, "buy milk", sender=ada) == 200
    await running.hears(ada)
    headers = await sign_in(running, session, ada, heard=1)
    async with session.ws_connect(f"{running.url('live')}/live") as feed:
        await feed.send_json({"token": headers["authorization"].removeprefix("Bearer ")})
        await running.speak(ada, spoken("buy bread", times=2))
        while told[-1:] != ["heard"]:
            heard = await feed.receive_json(timeout=120)
            told += [one["status"] for one in heard.get("spoken", [])]
    assert told == [status for status in ("received", "hearing", "heard") if status in told]


async def test_silence_is_answered(running: Place, session: aiohttp.ClientSession) -> None:
    ada = somebody()
    await running.speak(ada, silence(2))
    assert (await running.hears(ada, seconds=120))[0].startswith("I heard nothing")


@asynccontextmanager
async def leases_over(running: Place, session: aiohttp.ClientSession) -> AsyncIterator[None]:
    """The time in which a dead worker's lease runs out, and its retry comes due, passes at once."""

    async def pass_time() -> None:
        while True:
            running.read(
                "UPDATE voice.claims SET lease_until = now() WHERE state = 'working' AND lease_until > now() + '1 min'"
            )
            running.read(
                "UPDATE voice.outbox SET due_at = now() WHERE for_function = 'transcribe' AND due_at > now() + '1 min'"
            )
            await asyncio.sleep(5)

    tasks = [asyncio.create_task(pass_time()), asyncio.create_task(running.tick(session))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
