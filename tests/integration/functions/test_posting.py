"""POSTs on kept connections, against servers of both kinds and against one that misbehaves byte by byte."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

import pytest
import uvloop
from aiohttp import web
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from local.phone.serving import serving
from shared.runtime import posting
from shared.runtime.posting import Poster

#: More than any of these tests takes; where the timeout itself is tested it is shorter.
TIMEOUT_SECONDS = 30.0
ACCEPTED = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"


def on_both_loops(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Functions run on uvloop, tests and tools on asyncio's own loop: run the test on each."""

    @wraps(test)
    def run(loop: Callable[[], asyncio.AbstractEventLoop], **arguments: Any) -> None:
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(test(**arguments))

    named = inspect.signature(test)
    first = inspect.Parameter("loop", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    run.__signature__ = named.replace(parameters=[first, *named.parameters.values()])  # type: ignore[attr-defined]
    both = pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
    marked: Callable[..., None] = both(run)
    return marked


class Told:
    """What reached a server: the peer's port (which tells connections apart), path, headers and body of every request."""

    def __init__(self) -> None:
        self.requests: list[tuple[int, str, dict[str, str], bytes]] = []

    @property
    def connections(self) -> int:
        return len({port for port, *_ in self.requests})


@asynccontextmanager
async def uvicorn_server(told: Told, status: int, body: bytes) -> AsyncIterator[str]:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        assert request.client
        told.requests.append((request.client.port, request.url.path, dict(request.headers), await request.body()))
        await Response(body, status_code=status)(scope, receive, send)

    async with serving(app) as url:
        yield url


@asynccontextmanager
async def aiohttp_server(told: Told, status: int, body: bytes) -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        peer = request.transport.get_extra_info("peername")[1] if request.transport else 0
        told.requests.append((peer, request.path, headers, await request.read()))
        return web.Response(status=status, body=body)

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


Server = Callable[[Told, int, bytes], Any]


@asynccontextmanager
async def posting_to(url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> AsyncIterator[Poster]:
    poster = Poster(url, timeout_seconds=timeout_seconds)
    yield poster
    await poster.close()


@pytest.mark.parametrize("server", [uvicorn_server, aiohttp_server])
@on_both_loops
async def test_headers_and_body_arrive_and_the_connection_is_kept(server: Server) -> None:
    told = Told()
    async with server(told, 202, b"thanks") as url, posting_to(f"{url}/jotline/jotline") as poster:
        for body in (b"one", b"", b"x" * 100_000):
            assert await poster.post({"ce-id": "1", "content-type": "application/json"}, body) == 202
    assert [body for *_, body in told.requests] == [b"one", b"", b"x" * 100_000]
    assert {(path, headers["ce-id"], headers["host"]) for _, path, headers, _ in told.requests} == {
        ("/jotline/jotline", "1", url.removeprefix("http://"))
    }
    assert told.connections == 1


@pytest.mark.parametrize("server", [uvicorn_server, aiohttp_server])
@pytest.mark.parametrize("status", [200, 202, 204, 301, 400, 404, 429, 500, 503])
@on_both_loops
async def test_every_status_is_told_and_the_connection_goes_on(server: Server, status: int) -> None:
    told = Told()
    async with server(told, status, b"" if status == 204 else b"because") as url, posting_to(url) as poster:
        assert [await poster.post({}, b"{}") for _ in range(2)] == [status] * 2
    assert told.connections == 1


@pytest.mark.parametrize("server", [uvicorn_server, aiohttp_server])
@on_both_loops
async def test_many_at_once_share_a_bounded_number_of_connections(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "CONNECTIONS", 4)
    told = Told()
    async with server(told, 202, b"") as url, posting_to(url) as poster:
        assert await asyncio.gather(*(poster.post({}, b"%d" % n) for n in range(50))) == [202] * 50
    assert sorted(int(body) for *_, body in told.requests) == list(range(50))
    assert told.connections <= 4


@on_both_loops
async def test_a_chunked_answer_is_read_to_its_end() -> None:
    ports: set[int] = set()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await request.body()
        assert request.client
        ports.add(request.client.port)

        async def parts() -> AsyncIterator[bytes]:
            for _ in range(20):
                yield b"part"
                await asyncio.sleep(0)

        await StreamingResponse(parts(), status_code=202)(scope, receive, send)

    async with serving(app) as url, posting_to(url) as poster:
        assert [await poster.post({}, b"") for _ in range(3)] == [202] * 3
    assert len(ports) == 1


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Scripted:
    """A server whose n-th connection does what the n-th script says, and is closed then; `asked` counts requests."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = list(scripts)
        self.connections = 0
        self.asked = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        server.close()
        await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = self._scripts[min(self.connections, len(self._scripts) - 1)]
        self.connections += 1
        try:
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def read(self, reader: asyncio.StreamReader) -> None:
        """One request with an empty body."""
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1

    def answering(self, *answers: bytes, stay: bool = True) -> Script:
        """Each request gets the next answer; then the connection stays open, or not."""

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for answer in answers:
                await self.read(reader)
                writer.write(answer)
                await writer.drain()
            if stay:
                await reader.read()

        return script


def scripted(*connections: tuple[list[bytes], bool]) -> Scripted:
    made = Scripted()
    made._scripts = [made.answering(*answers, stay=stay) for answers, stay in connections]  # noqa: SLF001 - its own factory
    return made


@on_both_loops
async def test_a_kept_connection_that_the_server_closes_just_then_costs_nothing() -> None:
    made = Scripted()

    async def closes_at_the_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await made.answering(ACCEPTED, stay=False)(reader, writer)
        await made.read(reader)

    made._scripts = [closes_at_the_second, made.answering(ACCEPTED)]  # noqa: SLF001
    async with made.serving() as url, posting_to(url) as poster:
        assert [await poster.post({}, b"") for _ in range(2)] == [202, 202]
    assert (made.connections, made.asked) == (2, 3), "asked twice: it may have been taken twice, but is not lost"


@on_both_loops
async def test_a_connection_that_was_closed_while_idle_is_not_used() -> None:
    made = scripted(([ACCEPTED], False), ([ACCEPTED], True))
    async with made.serving() as url, posting_to(url) as poster:
        assert await poster.post({}, b"") == 202
        while poster._idle[0].usable:  # noqa: SLF001 - until the end of it has reached us
            await asyncio.sleep(0.001)
        assert await poster.post({}, b"") == 202
    assert (made.connections, made.asked) == (2, 2)


@on_both_loops
async def test_what_was_cut_off_on_a_new_connection_or_in_the_middle_of_an_answer_is_the_callers_to_repeat() -> None:
    for said in (b"", b"HTTP/1.1 20"):
        made = scripted(([said], False))
        async with made.serving() as url, posting_to(url) as poster:
            with pytest.raises(OSError, match="cut off"):
                await poster.post({}, b"")
        assert made.asked == 1
    made = scripted(([ACCEPTED, b"HTTP/1.1 202 Acc"], False))
    async with made.serving() as url, posting_to(url) as poster:
        assert await poster.post({}, b"") == 202
        with pytest.raises(OSError, match="cut off"):
            await poster.post({}, b"")
    assert made.asked == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 202 Accepted\r\n\r\nuntil the end",
        b"HTTP/1.0 202 Accepted\r\n\r\n",
        b"HTTP/1.1 202 Accepted\r\ncontent-length: 10\r\n\r\nless",
        b"HTTP/1.1 202 Accepted\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n" + ACCEPTED,
    ],
)
@on_both_loops
async def test_the_status_counts_however_the_answer_ends(answer: bytes) -> None:
    made = scripted(([answer], False))
    async with made.serving() as url, posting_to(url) as poster:
        assert [await poster.post({}, b"") for _ in range(2)] == [202, 202]
    assert made.connections == 2


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 101 Switching\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"]
)
@on_both_loops
async def test_what_is_no_answer_to_a_post_is_an_error(answer: bytes) -> None:
    made = scripted(([answer], True))
    async with made.serving() as url, posting_to(url) as poster:
        with pytest.raises(OSError, match="no HTTP"):
            await poster.post({}, b"")


@on_both_loops
async def test_a_huge_answer_is_not_read_to_its_end() -> None:
    endless = b"HTTP/1.1 503 Unavailable\r\ntransfer-encoding: chunked\r\n\r\n" + b"400\r\n" + b"x" * 1024 + b"\r\n"
    heads = b"HTTP/1.1 202 Accepted\r\n" + b"x-more: and more\r\n"

    def on_and_on(first: bytes, more: bytes) -> Scripted:
        made = Scripted()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await made.read(reader)
            writer.write(first)
            while True:
                writer.write(more)
                await writer.drain()

        made._scripts = [script]  # noqa: SLF001
        return made

    async with on_and_on(endless, b"400\r\n" + b"x" * 1024 + b"\r\n").serving() as url, posting_to(url) as poster:
        assert await poster.post({}, b"") == 503
    async with on_and_on(heads, b"x-more: and more\r\n").serving() as url, posting_to(url) as poster:
        with pytest.raises(OSError, match="too long"):
            await poster.post({}, b"")


@on_both_loops
async def test_what_nobody_asked_for_is_not_taken_for_the_next_answer() -> None:
    made = scripted(([ACCEPTED + b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"], True), ([ACCEPTED], True))
    async with made.serving() as url, posting_to(url) as poster:
        assert [await poster.post({}, b"") for _ in range(2)] == [202, 202]
    assert made.connections == 2


@on_both_loops
async def test_nobody_there_and_nobody_who_answers() -> None:
    async with posting_to("http://127.0.0.1:9") as poster:
        with pytest.raises(ConnectionRefusedError):
            await poster.post({}, b"")
    made = scripted(([b""], True))
    async with made.serving() as url, posting_to(url, timeout_seconds=0.05) as poster:
        with pytest.raises(TimeoutError):
            await poster.post({}, b"")
        assert not poster._idle  # noqa: SLF001 - an answer that still comes must not meet another question


@on_both_loops
async def test_a_header_cannot_smuggle_another_one() -> None:
    async with posting_to("http://127.0.0.1:9") as poster:
        for value in ("a\r\nhost: b", "a\nb: c", "a\rb: c"):
            with pytest.raises(ValueError, match="line end"):
                await poster.post({"x": value}, b"")
