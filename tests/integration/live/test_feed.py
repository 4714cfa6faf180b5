"""The live feed against a real PostgreSQL, over real sockets: who hears what, once each, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import psycopg
import pytest
from websockets.asyncio.client import connect

from shared.events.envelope import Unread
from shared.events.schemas import (
    CALL_ENDED,
    CALL_RECEIVED,
    TRANSCRIPT_CREATED,
    CallEnded,
    CallReceived,
    Data,
    TranscriptCreated,
)
from shared.storage.feed import REPLAYED_AT_MOST
from shared.web.live import connection, feed, websocket
from shared.web.live.spoken import TOLD_FOR
from tests.database import Server
from tests.live import PATIENCE_SECONDS, Client, Instance, running
from tests.making import ADA, BOB, OURS, event

KILL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN jotline_live' AND datname = current_database()
"""

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def one(database: str) -> AsyncIterator[Instance]:
    """One instance, and two people with a todo each."""
    async with running(database) as made:
        await made.people.adds("Buy milk")
        await made.people.adds("Feed the cat", phone=BOB)
        yield made


async def test_a_change_reaches_everything_of_that_person_and_nobody_else(one: Instance) -> None:
    async with one.client() as phone, one.client() as desk, one.client(BOB) as bob:
        for client in (phone, desk, bob):
            await client.hears("hello")
        [rent] = await one.people.adds("Pay rent")
        for client in (phone, desk):
            [told] = await client.hears("task.created")
            assert (told["task"]["id"], told["task"]["title"], told["task"]["version"]) == (str(rent.id), "Pay rent", 1)
        await one.people.adds("Walk the dog", phone=BOB)
        [told] = await bob.hears("task.created")
        assert told["task"]["title"] == "Walk the dog"


async def test_a_change_reaches_every_instance(one: Instance, database: str) -> None:
    async with running(database) as two, one.client() as here, two.client() as there:
        await here.hears("hello")
        await there.hears("hello")
        await one.people.adds("Walk the dog", phone=BOB)
        await one.people.adds("Pay rent")
        assert await here.hears("task.created") == await there.hears("task.created")


async def test_who_comes_back_gets_what_they_missed_in_order_and_once(one: Instance, database: str) -> None:
    async with one.client() as client:
        [hello] = await client.hears("hello")
    await one.people.adds("Pay rent", "Call mum")
    await one.people.adds("Bins out")
    async with running(database) as two, two.client(last_event_id=hello["id"]) as again:
        told = await again.hears("hello", "task.created", "task.created", "task.created")
        assert [change["task"]["title"] for change in told[1:]] == ["Pay rent", "Call mum", "Bins out"]
        await one.people.adds("Buy bread")
        [last] = await again.hears("task.created")
        assert last["task"]["title"] == "Buy bread"
        assert [int(change["id"]) for change in (*told, last)] == sorted({int(change["id"]) for change in (*told, last)})


@pytest.mark.long
async def test_nothing_is_lost_or_repeated_while_sockets_are_cut_at_random(one: Instance) -> None:
    titles = [f"Todo {number}" for number in range(40)]

    async def write() -> None:
        for title in titles:
            await one.people.adds(title)

    async with one.client() as client:
        [hello] = await client.hears("hello")
    writing, last, seen = asyncio.create_task(write()), hello["id"], list[str]()
    while len(seen) < len(titles):
        async with one.client(last_event_id=last) as client:
            await client.hears("hello")
            for _ in range(min(3, len(titles) - len(seen))):
                [told] = await client.hears("task.created")
                seen.append(told["task"]["title"])
                last = told["id"]
    await writing
    assert seen == titles


@pytest.mark.parametrize("after", ["0", 0, "999999999"])
async def test_who_was_away_too_long_or_elsewhere_reads_the_list_anew(after: str | int, one: Instance) -> None:
    await one.people.adds(*(f"Todo {number}" for number in range(REPLAYED_AT_MOST)))
    async with one.client(last_event_id=after) as client:
        [told] = await client.hears("resync")
        await one.people.adds("Pay rent")
        [change] = await client.hears("task.created")
        assert int(change["id"]) > int(told["id"])


@pytest.mark.parametrize("after", ["", "-1", "four", "9" * 30, None])
async def test_an_id_that_is_none_begins_now(after: str | None, one: Instance) -> None:
    async with one.client(last_event_id=after) as client:
        await client.hears("hello")
        await one.people.adds("Pay rent")
        await client.hears("task.created")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "jot_unknown"])
async def test_without_a_good_token_it_is_closed(token: str, one: Instance) -> None:
    async with connect(one.url) as socket:
        client = Client(socket)
        await client.says({"token": token})
        assert await client.ends() == 4401


@pytest.mark.parametrize("said", [b"\xff", "{", "[]", '{"tok": 1}', "9" * 1000])
async def test_what_is_no_token_at_all_is_closed(said: str | bytes, one: Instance) -> None:
    async with connect(one.url) as socket:
        await socket.send(said)
        assert await Client(socket).ends() == 4401


async def test_who_says_nothing_is_closed(one: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "FIRST_WORD_SECONDS", 0.05)
    async with connect(one.url) as socket:
        assert await Client(socket).ends() == 4401


async def test_the_token_may_come_as_a_subprotocol(one: Instance) -> None:
    offered = ["jotline", f"bearer.{one.people.token()}"]
    async with connect(f"{one.url}?last_event_id=1", subprotocols=offered) as socket:  # type: ignore[arg-type]
        assert socket.subprotocol == "jotline"
        [hello] = await Client(socket).hears("hello")
        assert hello["id"] == "1"


async def test_in_the_address_a_token_is_nothing(one: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "FIRST_WORD_SECONDS", 0.05)
    async with connect(f"{one.url}?token={one.people.token()}") as socket:
        assert await Client(socket).ends() == 4401


async def test_it_ends_with_its_token(one: Instance) -> None:
    async with one.client() as client:
        await client.hears("hello")
        one.moves_on(timedelta(minutes=16))
        assert await client.ends() == 4401


async def test_a_fresh_token_lets_it_live_on(one: Instance) -> None:
    async with one.client() as client:
        await client.hears("hello")
        one.moves_on(timedelta(minutes=14))
        await client.says({"token": one.people.token()})
        await client.hears("renewed")
        one.moves_on(timedelta(minutes=14))
        await one.people.adds("Pay rent")
        await client.hears("task.created")
        one.moves_on(timedelta(minutes=2))
        assert await client.ends() == 4401


async def test_somebody_elses_token_does_not(one: Instance) -> None:
    async with one.client() as client:
        await client.hears("hello")
        await client.says({"token": one.people.token(BOB)})
        assert await client.ends() == 4401


async def test_who_signs_out_is_shown_nothing_any_more(one: Instance) -> None:
    async with one.client() as ada, one.client(BOB) as bob:
        await ada.hears("hello")
        await bob.hears("hello")
        later = one.services.clock.now() + timedelta(seconds=1)
        await one.services.database("todo").fetch(
            "UPDATE todo.users SET tokens_from = %s WHERE id = %s", later, one.people.id()
        )
        assert await ada.ends() == 4401
        await one.people.adds("Walk the dog", phone=BOB)
        await bob.hears("task.created")


async def test_who_leaves_is_shown_nothing_any_more(one: Instance) -> None:
    async with one.client() as client:
        await client.hears("hello")
        await one.people.leaves()
        assert await client.ends() == 4401


async def test_a_setting_that_changes_is_told(one: Instance) -> None:
    async with one.client() as client:
        await client.hears("hello")
        await one.people.adds(zone="Asia/Tokyo")
        [told] = await client.hears("settings.changed")
        assert "id" not in told


async def test_a_clock_that_is_moved_is_told(one: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LOOK_SECONDS", 0.05)
    async with one.client() as client:
        await client.hears("hello")
        one.moves_on(timedelta(minutes=5))
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert '"type": "ping"' in str(await client.socket.recv())


async def test_it_hears_again_after_its_connection_was_killed(one: Instance, database: str) -> None:
    """What happens while it hears nothing is read when it hears again."""
    async with one.client() as client:
        await client.hears("hello")
        with psycopg.connect(database, autocommit=True) as admin:
            killed: list[tuple[object, ...]] = []
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not killed:  # who is greeted at once may be so before anything is heard
                    killed = admin.execute(KILL).fetchall()
                    await asyncio.sleep(0.01)
        assert killed == [(True,)]
        await one.people.adds("Pay rent")
        await one.people.adds("Bins out")
        told = await client.hears("task.created", "task.created")
        assert [change["task"]["title"] for change in told] == ["Pay rent", "Bins out"]


@pytest.mark.long
async def test_a_client_that_reads_nothing_is_cut_off_and_the_others_are_not(
    one: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WAITING_AT_MOST", 20)
    monkeypatch.setattr(connection, "LAST_WORD_SECONDS", 0.05)
    async with connect(one.url, max_queue=1) as socket, one.client() as other:
        slow = Client(socket)
        await slow.says({"token": one.people.token()})
        await slow.hears("hello")
        await other.hears("hello")
        count = 0
        async with asyncio.timeout(60):
            while len(one.live.watching(one.people.id())) == 2:
                await one.people.adds(*["Long"] * 10, note="a long note " * 10_000)
                await other.hears(*["task.created"] * 10)
                count += 10
        assert count > 20
    async with one.client() as again:
        await again.hears("hello")


async def test_a_flood_of_words_is_closed(one: Instance) -> None:
    async with one.client() as client:
        await client.hears("hello")
        for _ in range(websocket.SAID_AT_MOST + 2):
            await client.says({"token": one.people.token()})
        assert await client.ends() == 1008


async def test_words_without_sense_are_closed(one: Instance) -> None:
    async with one.client() as client:
        await client.hears("hello")
        await client.says({"delete": "everything"})
        assert await client.ends() == 1008


async def test_too_many_connections_of_one_person_are_refused(one: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "OF_ONE_PERSON_AT_MOST", 1)
    async with one.client() as first, one.client() as second, one.client(BOB) as bob:
        await first.hears("hello")
        assert await second.ends() == 1013
        await bob.hears("hello")


async def test_it_says_that_it_restarts(database: str) -> None:
    async with running(database) as made:
        await made.people.adds("Buy milk")
        async with connect(made.url) as socket:
            client = Client(socket)
            await client.says({"token": made.people.token()})
            await client.hears("hello")
            made.live.end()
            assert await client.ends() == 1012


class TestServerSentEvents:
    """The same for programs that read a stream."""

    async def test_changes_come_with_their_ids(self, one: Instance) -> None:
        async with aiohttp.ClientSession() as session, _stream(one, session, one.people.token()) as answer:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert (await _event(answer))["event"] == "hello"
            await one.people.adds("Walk the dog", phone=BOB)
            await one.people.adds("Pay rent")
            told = await _event(answer)
            assert told["event"] == "task.created"
            assert "Pay rent" in told["data"]
        async with aiohttp.ClientSession() as session:
            await one.people.adds("Bins out")
            async with _stream(one, session, one.people.token(), told["id"]) as answer:
                assert (await _event(answer))["id"] == told["id"]
                assert "Bins out" in (await _event(answer))["data"]

    @pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eA=="])
    async def test_it_needs_a_token(self, header: str, one: Instance) -> None:
        headers = {"Authorization": header} if header else {}
        async with aiohttp.ClientSession() as session, session.get(_address(one), headers=headers) as answer:
            assert answer.status == 401
            assert answer.headers["content-type"] == "application/problem+json"

    async def test_it_ends_with_its_token(self, one: Instance) -> None:
        async with aiohttp.ClientSession() as session, _stream(one, session, one.people.token()) as answer:
            await _event(answer)
            one.moves_on(timedelta(minutes=16))
            async with asyncio.timeout(PATIENCE_SECONDS):
                await answer.content.read()
            assert one.live.watching(one.people.id()) == frozenset()


def _address(one: Instance) -> str:
    return f"http://127.0.0.1:{one.port}/live/events"


def _stream(one: Instance, session: aiohttp.ClientSession, token: str, last: str = "") -> aiohttp.client._RequestContextManager:
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last} if last else {})
    return session.get(_address(one), headers=headers)


async def _event(answer: aiohttp.ClientResponse) -> dict[str, str]:
    """The next event of a stream; comments and the first line aside."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        fields: dict[str, str] = {}
        async for line in answer.content:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "" and "event" in fields:
                return fields
            fields[name] = value
    raise AssertionError("the stream has ended")


async def test_a_call_is_told_step_by_step_to_its_caller_alone(one: Instance) -> None:
    trail, clock = one.services.trail, one.services.clock

    async def happens(kind: str, data: Data) -> None:
        await trail.add([Unread.of(replace(event(kind, f"{kind}.CA1", data), correlationid="CA1"))], clock.now())

    async with one.client() as phone, one.client(BOB) as bob:
        await phone.hears("hello")
        await bob.hears("hello")
        await happens(CALL_RECEIVED, CallReceived(call_id="CA1", sender=ADA, recipient=OURS))
        [told] = await phone.hears("spoken")
        assert [(call["id"], call["kind"], call["status"]) for call in told["spoken"]] == [("CA1", "call", "calling")]
        assert ADA not in str(told)
        async with one.client() as desk:  # whoever comes later is told how far it is
            assert (await desk.hears("hello", "spoken"))[1]["spoken"] == told["spoken"]
        await happens(CALL_ENDED, CallEnded(call_id="CA1", status="completed", seconds=9, sender=ADA, recipient=OURS))
        [told] = await phone.hears("spoken")
        assert (told["spoken"][0]["status"], told["spoken"][0]["call_status"]) == ("ended", "completed")
        one.moves_on(TOLD_FOR + timedelta(seconds=1))
        await one.people.adds("Walk the dog", phone=BOB)
        await bob.hears("task.created")
        async with one.client() as desk:
            await desk.hears("hello")
            await one.people.adds("Pay rent")
            await desk.hears("task.created")


async def test_a_call_is_told_of_where_the_trail_has_a_database_of_its_own(postgres: Server, database: str) -> None:
    with postgres.database() as other:
        async with running(database, audit_database_url=other) as apart:
            await apart.people.adds("Buy milk")
            async with apart.client() as client:
                await client.hears("hello")
                data = CallReceived(call_id="CA1", sender=ADA, recipient=OURS)
                calls = replace(event(CALL_RECEIVED, "CA1.call", data), correlationid="CA1")
                await apart.services.trail.add([Unread.of(calls)], apart.services.clock.now())
                assert (await client.hears("spoken"))[0]["spoken"][0]["status"] == "calling"
                await apart.people.adds("Pay rent")
                await client.hears("task.created")


async def test_a_recording_heard_while_the_line_to_the_database_was_broken_is_told_of(one: Instance, database: str) -> None:
    heard = TranscriptCreated(
        recording_id="MM1.audio0", version=1, language="en", model="demo", seconds=4.0, words=3, probability=0.9
    )
    said = replace(event(TRANSCRIPT_CREATED, "MM1.audio0.transcript.1", heard), correlationid="MM1")
    async with one.client() as client, await psycopg.AsyncConnection.connect(database, autocommit=True) as killer:
        await client.hears("hello")
        await killer.execute("ALTER TABLE audit.trail DISABLE TRIGGER live_spoken")  # nobody calls
        await one.services.trail.add([Unread.of(said)], one.services.clock.now())
        await killer.execute("ALTER TABLE audit.trail ENABLE TRIGGER live_spoken")
        await killer.execute(KILL)
        [told] = await client.hears("spoken")
        assert (told["spoken"][0]["status"], told["spoken"][0]["heard_seconds"]) == ("heard", 4.0)
