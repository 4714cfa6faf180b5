"""An event that goes straight to the function is answered as ASGI would answer it, whatever way its request comes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
import uvicorn
import uvloop

from shared.events.envelope import Event, Unread
from shared.events.schemas import COMMAND_PARSED, MESSAGE_RECEIVED
from shared.policy.outcomes import TryAgain
from shared.runtime import serving
from shared.runtime.asgi import application
from shared.runtime.clock import RealClock
from shared.runtime.cloudevents_http import to_http
from shared.runtime.event_protocol import Events
from shared.runtime.services import Services
from shared.runtime.serving import MAX_EVENT_BYTES, Function, Rest, Work, serve
from shared.runtime.settings import Settings
from tests.making import message

HEADERS, BODY = to_http(message())
LINES = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())


def request(body: bytes = BODY, *, more: str = "", line: str = "POST / HTTP/1.1") -> bytes:
    """A request as it is written."""
    return f"{line}\r\nhost: x\r\n{LINES}{more}content-length: {len(body)}\r\n\r\n".encode() + body


CHUNKED = f"POST / HTTP/1.1\r\nhost: x\r\n{LINES}transfer-encoding: chunked\r\n\r\n".encode()
CHUNKED += b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (10, BODY[:10], len(BODY) - 10, BODY[10:])
LAST = "connection: close\r\n"

#: What is written on a connection of its own, in parts, and the statuses of the answers.
WRITTEN: dict[str, tuple[list[bytes], list[int]]] = {
    "an event": ([request(more=LAST)], [204]),
    "an event in parts": ([request(more=LAST)[:40], request(more=LAST)[40:300], request(more=LAST)[300:]], [204]),
    "an event in chunks": ([CHUNKED.replace(b"host: x", b"host: x\r\nconnection: close")], [204]),
    "one after the other": ([request(), request(), request(more=LAST)], [204, 204, 204]),
    "all at once": ([request() + request() + request(more=LAST)], [204, 204, 204]),
    "an event and something else at once": (
        [request() + b"GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"],
        [204, 200],
    ),
    "something else and an event": ([b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n", request(more=LAST)], [200, 204]),
    "HTTP 1.0": ([request(line="POST / HTTP/1.0")], [204]),
    "who waits to be asked for it": ([request(more=f"{LAST}expect: 100-continue\r\n")], [100, 204]),
    "no POST": ([request(line="PUT / HTTP/1.1", more=LAST)], [405]),
    "another path": ([request(line="POST /nowhere HTTP/1.1", more=LAST)], [404]),
    "a question behind the path": ([request(line="POST /?a=b HTTP/1.1", more=LAST)], [204]),
    "no HTTP": ([b"hello\r\n\r\n"], [400]),
}


class Stage:
    """A function whose handler does what the test says, and a server of it."""

    def __init__(self) -> None:
        self.problem: Exception | None = None
        self.reply: Event | None = None
        self.taken: list[Event] = []
        self.function: Function = serve("stage", events={MESSAGE_RECEIVED: self.take, COMMAND_PARSED: self.take}).served
        self.function.bind(Services(Settings(), RealClock()))

    async def take(self, event: Event, work: Work) -> Event | None:
        self.taken.append(event)
        if self.problem:
            raise self.problem
        return self.reply


@asynccontextmanager
async def served(function: Function, *, straight: bool = True) -> AsyncIterator[int]:
    """A port where the function answers, straight or by ASGI alone."""
    protocol = cast("Any", Events(function)) if straight else "httptools"
    config = uvicorn.Config(application(function), http=protocol, ws="none", log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    running = asyncio.create_task(server.serve([listener]))
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running


async def said(port: int, parts: list[bytes]) -> bytes:
    """Write the parts, each after the answer to what was whole before it, and read until the server ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.01)  # so that they are read apart; nothing hangs on it
        async with asyncio.timeout(20):
            return await reader.read()
    finally:
        writer.close()


def _without_date(answer: bytes) -> list[bytes]:
    """The lines of an answer, in an order of their own: headers have none."""
    return sorted(line for line in answer.split(b"\r\n") if not line.lower().startswith((b"date:", b"transfer-encoding:")))


def _statuses(answer: bytes) -> list[int]:
    return [int(part[1:4]) for part in answer.split(b"HTTP/1.1")[1:]]


@pytest.mark.parametrize("what", WRITTEN)
async def test_both_ways_answer_the_same(what: str) -> None:
    parts, statuses = WRITTEN[what]
    answers = []
    for straight in (True, False):
        stage = Stage()
        async with served(stage.function, straight=straight) as port:
            answers.append(await said(port, parts))
        assert len(stage.taken) == statuses.count(204)
    assert _statuses(answers[0]) == statuses
    assert _without_date(answers[0]) == _without_date(answers[1])


@pytest.mark.parametrize(
    ("problem", "reply", "status"), [(None, message(text="größer \U0001f600"), 200), (TryAgain("x"), None, 503)]
)
async def test_what_becomes_of_an_event_is_said_the_same_way(
    problem: Exception | None, reply: Event | None, status: int
) -> None:
    answers = []
    for straight in (True, False):
        stage = Stage()
        stage.problem, stage.reply = problem, reply
        async with served(stage.function, straight=straight) as port:
            answers.append(await said(port, [request(more=LAST)]))
    assert _statuses(answers[0]) == [status]
    assert _without_date(answers[0]) == _without_date(answers[1])
    assert reply is None or answers[0].endswith(reply.data_json().encode())


async def test_what_is_too_long_is_answered_before_all_of_it_came() -> None:
    kept: list[str] = []

    class Audit:
        async def bury_unreadable(self, received: str, **_: Any) -> None:
            kept.append(received)

    stage = Stage()
    stage.function.services.__dict__["audit"] = Audit()
    endless = request(BODY + b" " * 2 * MAX_EVENT_BYTES, more=LAST)
    async with served(stage.function) as port:
        assert _statuses(await said(port, [endless[: MAX_EVENT_BYTES + 1000], endless[MAX_EVENT_BYTES + 1000 :]])) == [204]
    assert len(kept) == 1
    assert stage.taken == []


async def test_who_goes_before_the_end_of_an_event_has_sent_none() -> None:
    stage = Stage()
    async with served(stage.function) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request()[:-10])
        writer.close()
        await writer.wait_closed()
        assert _statuses(await said(port, [request(more=LAST)])) == [204]
    assert len(stage.taken) == 1


async def test_a_function_that_cannot_be_made_answers_that_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()

    async def broken(*_: object) -> serving.Answer:
        raise RuntimeError("no settings")

    monkeypatch.setattr(stage.function, "take", broken)
    async with served(stage.function) as port:
        answer = await said(port, [request(more=LAST)])
    assert _statuses(answer) == [500]
    assert b"no settings" not in answer


async def test_a_function_without_events_has_none() -> None:
    function = serve("doors", http={}).served
    function.bind(Services(Settings(), RealClock()))
    async with served(function) as port:
        assert _statuses(await said(port, [request(more=LAST)])) == [405]


async def test_who_rests_between_events_takes_all_of_them() -> None:
    written: list[str] = []

    async def record(events: Sequence[Unread], work: Work) -> None:
        written.extend(event.attributes["id"] for event in events)

    function = serve("recorder", recorder=record, rest=Rest(0.001)).served
    function.bind(Services(Settings(), RealClock()))
    many: Callable[[], list[bytes]] = lambda: [request() for _ in range(5)] + [request(more=LAST)]  # noqa: E731
    async with served(function) as port:
        answers = await asyncio.gather(*(said(port, many()) for _ in range(3)))
    assert [_statuses(answer) for answer in answers] == [[204] * 6] * 3
    assert len(written) == 18


async def test_all_who_wait_to_be_let_in_are_before_it_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    # uvloop, which functions run on, lets one connection in at each turn; a broker opens one for nearly every event.
    slept: list[int] = []
    written: list[str] = []

    async def record(events: Sequence[Unread], work: Work) -> None:
        written.extend(event.attributes["id"] for event in events)

    async def brought() -> None:
        function = serve("recorder", recorder=record, rest=Rest(0.2)).served
        function.bind(Services(Settings(), RealClock()))
        monkeypatch.setattr("shared.runtime.event_protocol.time.sleep", lambda _: slept.append(len(written)))
        async with served(function) as port, AsyncExitStack() as stack:
            await said(port, [request(more=LAST)])
            while not slept:  # it has rested from being asked
                await asyncio.sleep(0.01)
            slept.clear()
            written.clear()
            for _ in range(40):  # all of it blocks: meanwhile nothing is let in
                connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                connection.sendall(request())
            while len(written) < 40:
                await asyncio.sleep(0.001)

    await asyncio.to_thread(uvloop.run, brought())
    assert next((so_far for so_far in slept if so_far), 40) == 40


async def test_whoever_has_much_in_hand_does_not_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("shared.runtime.event_protocol.time.sleep", slept.append)
    go_on, begun = asyncio.Event(), asyncio.Event()
    taken: list[str] = []

    async def take(event: Event, work: Work) -> None:
        taken.append(event.id)
        if len(taken) == 3:
            begun.set()
        await go_on.wait()

    function = serve("taker", events={MESSAGE_RECEIVED: take}, rest=Rest(0.5, below=2)).served
    function.bind(Services(Settings(), RealClock()))
    async with served(function) as port:
        answers = [asyncio.create_task(said(port, [request(more=LAST)])) for _ in range(3)]
        await begun.wait()
        before = len(slept)
        answers.append(asyncio.create_task(said(port, [request(more=LAST)])))
        while len(taken) < 4:
            await asyncio.sleep(0.001)
        assert len(slept) == before
        go_on.set()
        await asyncio.gather(*answers)
    assert slept
    assert set(slept) == {0.5}


@pytest.mark.parametrize(
    ("came", "in_seconds", "rest"),
    [(1, 50.0, 0.2), (9, 0.2, 0.2), (20, 0.2, 0.1), (40, 0.1, 0.025)],
    ids=["after an idle minute", "few", "as many as it wants in half the time", "more at once"],
)
async def test_the_more_comes_the_shorter_is_the_rest(
    came: int, in_seconds: float, rest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    now = 100.0
    clock = SimpleNamespace(monotonic=lambda: now, sleep=slept.append)
    monkeypatch.setattr("shared.runtime.event_protocol.time", clock)
    function = serve("taker", events={}, rest=Rest(0.2, enough=10)).served
    function.bind(Services(Settings(), RealClock()))
    events = Events(function)
    for taken, seconds in ((1, 1.0), (came, in_seconds)):
        now += seconds
        events.taken += taken
        events.rest()
        events.rest()  # it is tired already
        while events.tired:
            await asyncio.sleep(0)
    assert slept == [0.2, pytest.approx(rest)]


async def test_whoever_does_something_else_does_not_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("shared.runtime.event_protocol.time.sleep", slept.append)
    at_something = [True]

    async def take(event: Event, work: Work) -> None:
        pass

    rest = Rest(0.5, unless=lambda _: at_something[0])
    function = serve("taker", events={MESSAGE_RECEIVED: take}, rest=rest).served
    function.bind(Services(Settings(), RealClock()))
    async with served(function) as port:
        await said(port, [request(more=LAST)])
        assert not slept
        at_something[0] = False
        await said(port, [request(more=LAST)])
    assert set(slept) == {0.5}
