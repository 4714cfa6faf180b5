"""The broker over HTTP, out and in: what each answer of a function means, and what becomes of an event at the door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp import web

from local.broker import Broker, Busy
from local.http_broker import Door, HttpFunction, _end, make_app
from local.phone.serving import serving
from shared.events.envelope import Event
from shared.events.schemas import MESSAGE_RECEIVED
from shared.policy.outcomes import TryAgain
from shared.runtime.clock import RealClock
from shared.runtime.cloudevents_http import to_http
from shared.runtime.delivery import Delivery
from shared.runtime.routing import Route
from shared.runtime.services import Services
from shared.runtime.serving import OUTAGE_SECONDS, Done, Later, Outcome, Work, serve
from shared.runtime.settings import Settings
from shared.storage.database import DatabaseUnavailable
from tests.asking import request
from tests.box import free_port
from tests.making import message, notification

pytestmark = pytest.mark.asyncio
Answer = Callable[[web.Request], Awaitable[web.Response]]


class Function:
    """A function's URL: answers as it is told, and remembers what it was sent."""

    def __init__(self) -> None:
        self.answer = web.Response(status=204)
        self.given: list[tuple[str, str]] = []
        self.now = 0.0

    async def take(self, request: web.Request) -> web.Response:
        self.given.append((request.headers["ce-id"], request.headers["jotline-attempt"]))
        await request.read()
        sent = self.answer  # a response can be sent only once
        return web.Response(status=sent.status, headers=sent.headers, body=sent.body)


@pytest.fixture
async def remote() -> AsyncIterator[tuple[HttpFunction, Function]]:
    """A function, and how the broker sees it."""
    async with AsyncExitStack() as stack:
        function, application = Function(), web.Application()
        application.router.add_post("/function/it", function.take)
        runner = web.AppRunner(application)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", free_port())
        await site.start()
        delivery = Delivery()
        stack.push_async_callback(delivery.close)
        yield HttpFunction("it", f"{site.name}/function/it", delivery, lambda: function.now), function


async def test_it_is_sent_as_an_event_with_the_number_of_the_try(remote: tuple[HttpFunction, Function]) -> None:
    there, function = remote
    told = message()
    assert await there.deliver(told, 3) == Done()
    assert function.given == [(told.id, "3")]


async def test_an_event_in_the_answer_is_passed_on(remote: tuple[HttpFunction, Function]) -> None:
    there, function = remote
    reply = notification()
    headers, body = to_http(reply)
    function.answer = web.Response(status=200, headers=headers, body=body)
    assert await there.deliver(message()) == Done(reply)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (web.Response(status=503, headers={"retry-after": "4"}), Later(4.0)),
        (web.Response(status=503, headers={"retry-after": "4", "jotline-counted": "false"}), Later(4.0, counted=False)),
        (web.Response(status=503, text="No endpoints available for: it."), Later(1.0, counted=False)),
        (web.Response(status=500, text="Can't reach service for: it."), Later(1.0)),
        (web.Response(status=200), Later(1.0, counted=False)),
        (web.Response(status=200, text="<html>a page of somebody else's</html>"), Later(1.0, counted=False)),
        (web.Response(status=200, text="{}", content_type="application/cloudevents+json"), Later(1.0)),
        (web.Response(status=404), Later(1.0, counted=False)),
        (web.Response(status=302, headers={"location": "/login"}), Later(1.0, counted=False)),
    ],
)
async def test_anything_else_is_for_later(
    answer: web.Response, outcome: Outcome, remote: tuple[HttpFunction, Function]
) -> None:
    there, function = remote
    function.answer = answer
    assert await there.deliver(message(), 2) == outcome


async def test_who_is_not_there_is_asked_again_after_as_long_as_it_was_away(remote: tuple[HttpFunction, Function]) -> None:
    there, function = remote
    function.answer = web.Response(status=404)
    waits = []
    for now in (100.0, 100.4, 103.0, 190.0):
        function.now = now
        waits.append(await there.deliver(message()))
    assert waits == [Later(seconds, counted=False) for seconds in (1.0, 1.0, 3.0, OUTAGE_SECONDS)]
    function.answer = web.Response(status=204)
    assert await there.deliver(message()) == Done()
    function.answer = web.Response(status=404)
    assert await there.deliver(message()) == Later(1.0, counted=False)


async def test_a_try_that_reached_nobody_does_not_count() -> None:
    delivery = Delivery()
    nobody = HttpFunction("it", f"http://127.0.0.1:{free_port()}/", delivery)
    assert await nobody.deliver(message()) == Later(1.0, counted=False)
    await delivery.close()


async def test_a_function_says_so_when_an_outage_is_nobodys_fault() -> None:
    async def fail(_: Event, __: Work) -> None:
        raise DatabaseUnavailable("away")

    served = serve("it", events={MESSAGE_RECEIVED: fail}, schema="todo").served
    served.bind(Services(Settings(), RealClock()))
    headers, body = to_http(message())
    answer = await served(request("/", body, headers=headers))
    assert (answer.status_code, answer.headers["jotline-counted"]) == (503, "false")


class Recorder:
    """A function that only remembers."""

    def __init__(self) -> None:
        self.given: list[str] = []

    async def deliver(self, event: Event, attempt: int = 1) -> Outcome:
        self.given.append(event.id)
        return Done()


class Inside:
    """A door, the broker behind it and the function behind that."""

    def __init__(self, services: Services) -> None:
        self.services, self.function = services, Recorder()
        outboxes = [services.messaging.outbox, services.todo.outbox, services.voice.outbox, services.audit.outbox]
        route = Route("it-messages", "it", MESSAGE_RECEIVED, ordered=True)
        self.broker = Broker([route], {"it": self.function}, outboxes, services.audit, services.clock)
        self.door = Door(self.broker, outboxes)
        self.door.carrying = True

    async def idle(self) -> None:
        while self.broker.waiting:
            await asyncio.sleep(0)

    async def rows(self) -> list[tuple[object, ...]]:
        """Every row of every outbox: its schema and its event's id."""
        return await self.services.todo.database.fetch(
            "SELECT 'todo', event_id FROM todo.outbox UNION ALL SELECT 'messaging', event_id FROM messaging.outbox "
            "UNION ALL SELECT 'voice', event_id FROM voice.outbox UNION ALL SELECT 'audit', event_id FROM audit.outbox"
        )


@pytest.fixture
async def inside(database: str) -> AsyncIterator[Inside]:
    services = Services(Settings(database_url=database), RealClock())
    made = Inside(services)
    yield made
    await made.broker.stop(seconds=1)
    await services.close()


async def test_an_event_nobody_committed_is_committed_before_it_is_accepted(inside: Inside) -> None:
    told = message()
    await inside.door.accept(told)
    assert await inside.rows() == [("messaging", told.id)]
    await inside.idle()
    assert inside.function.given == [told.id]


@pytest.mark.parametrize("schema", ["todo", "messaging", "voice", "audit"])
async def test_an_event_its_function_committed_is_carried_from_there_and_not_written_twice(schema: str, inside: Inside) -> None:
    told = message()
    outbox = getattr(inside.services, schema).outbox
    await outbox.append(told)
    await inside.door.accept(told)
    await inside.door.accept(told)
    assert await inside.rows() == [(schema, told.id)]
    await inside.idle()
    assert inside.function.given == [told.id]


async def test_an_event_that_was_committed_and_never_brought_here_is_found(inside: Inside) -> None:
    told = message()
    await inside.services.todo.outbox.append(told)
    looking = asyncio.create_task(inside.door.look())
    async with asyncio.timeout(10):
        while not inside.function.given:
            await asyncio.sleep(0.01)
    looking.cancel()
    assert inside.function.given == [told.id]


async def test_who_waits_for_the_lock_commits_and_leaves_the_carrying_to_the_other(inside: Inside) -> None:
    inside.door.carrying = False
    told = message()
    await inside.door.accept(told)
    assert await inside.rows() == [("messaging", told.id)]
    assert inside.broker.waiting == 0
    assert await inside.broker.take_up() == 1
    await inside.idle()
    assert inside.function.given == [told.id]


@pytest.fixture
async def door(database: str) -> AsyncIterator[tuple[str, Inside, aiohttp.ClientSession]]:
    """The door's URL; no function behind it can be reached, so what is accepted stays to be seen."""
    settings = Settings(database_url=database, function_url=f"http://127.0.0.1:{free_port()}/{{function}}")
    services = Services(settings, RealClock())
    async with AsyncExitStack() as stack:
        app = make_app(services)
        context = app.router.lifespan_context(app)
        keeper = Inside(services)
        url = await stack.enter_async_context(serving(app))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        await stack.enter_async_context(context)
        yield url, keeper, session


async def test_both_ways_of_sending_an_event_are_taken(door: tuple[str, Inside, aiohttp.ClientSession]) -> None:
    url, _, session = door
    binary, structured = message(), message()
    headers, body = to_http(binary)
    async with session.post(url, data=body, headers=headers) as answer:
        assert (answer.status, await answer.read()) == (202, b"")
    kind = {"content-type": "application/cloudevents+json"}
    async with session.post(url, data=structured.to_json(), headers=kind) as answer:
        assert (answer.status, await answer.read()) == (202, b"")


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"{}", 400), (b"x" * 70_000, 413), (json.dumps({"specversion": "1.0", "type": "other"}).encode(), 400)],
)
async def test_what_is_no_event_is_not_taken(body: bytes, status: int, door: tuple[str, Inside, aiohttp.ClientSession]) -> None:
    url, keeper, session = door
    async with session.post(url, data=body, headers={"content-type": "application/cloudevents+json"}) as answer:
        assert answer.status == status
    assert await keeper.rows() == []


async def test_it_tells_how_it_is(door: tuple[str, Inside, aiohttp.ClientSession]) -> None:
    url, _, session = door
    for path in ("/health/live", "/health/ready", "/_/health", "/_/ready"):
        async with session.get(url + path) as answer:
            assert answer.status == 200, path
    async with session.get(f"{url}/metrics") as answer:
        assert "jotline_events_waiting 0" in await answer.text()


@pytest.mark.parametrize("trouble", [Busy("full"), TryAgain("away")])
async def test_what_cannot_be_committed_is_for_later(
    trouble: TryAgain, door: tuple[str, Inside, aiohttp.ClientSession], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, _, session = door

    async def refuse(_: Door, __: Event) -> None:
        raise trouble

    monkeypatch.setattr(Door, "accept", refuse)
    headers, body = to_http(message())
    async with session.post(url, data=body, headers=headers) as answer:
        assert (answer.status, answer.headers["retry-after"]) == (503, "2")


async def test_a_task_that_lets_a_cancellation_pass_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.http_broker.LOOK_SECONDS", 0.01)
    passed = 0

    async def deaf() -> None:
        nonlocal passed
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                passed += 1
                if passed > 1:
                    raise

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    await _end(task)
    assert task.cancelled()
    assert passed == 2
