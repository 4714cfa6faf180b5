"""HTTP/1.1 as small as a load generator can use: it shares two cores with what it measures.

A `Client` with kept-alive connections posts forms; `serve` answers requests with a function. About a fifth of the CPU of a
full client and server. Only for loopback and for the two shapes used here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast
from urllib.parse import urlsplit

import httptools

Answer = tuple[int, bytes]
Responder = Callable[[bytes, bytes, bytes], Answer]  # method, path, body
REASONS = {200: b"OK", 201: b"Created", 404: b"Not Found"}


class _Exchange(asyncio.Protocol):
    """One client connection; at most one request in flight."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without saying so
        self.open = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        if not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("closed before the answer"))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if not self._parser.should_keep_alive():
            self.open = False
        if not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), self._body))

    async def send(self, request: bytes, timeout_seconds: float) -> Answer:
        self._parser, self._body = httptools.HttpResponseParser(self), b""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._answer
        except TimeoutError:
            self.close()
            raise

    def close(self) -> None:
        self.open = False
        self._transport.close()


class Client:
    """Posts forms to one host over as many kept-alive connections as are needed."""

    def __init__(self, url: str, timeout_seconds: float = 15) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._timeout_seconds = timeout_seconds
        self._idle: list[_Exchange] = []
        self._connections: list[_Exchange] = []

    async def post(self, path: str, headers: dict[str, str], form: bytes) -> Answer:
        """The status and body of the answer.

        Raises:
            OSError: no connection, or it was cut.
            TimeoutError: no answer in time.
        """
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._host}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += ["Content-Type: application/x-www-form-urlencoded; charset=utf-8", f"Content-Length: {len(form)}", "", ""]
        connection = await self._connection()
        answer = await connection.send("\r\n".join(lines).encode() + form, self._timeout_seconds)
        if connection.open:
            self._idle.append(connection)
        return answer

    async def _connection(self) -> _Exchange:
        while self._idle:
            if (connection := self._idle.pop()).open:
                return connection
        _, connection = await asyncio.get_running_loop().create_connection(_Exchange, self._host, self._port)
        self._connections.append(connection)
        return connection

    async def close(self) -> None:
        """Close every connection."""
        for connection in self._connections:
            connection.close()
        await asyncio.sleep(0)  # the loop lets go of them in its next turn


class _Service(asyncio.Protocol):
    """One server connection."""

    def __init__(self, respond: Responder, connections: set[asyncio.BaseTransport]) -> None:
        self._respond, self._connections = respond, connections
        self._parser = httptools.HttpRequestParser(self)
        self._path, self._body = b"", b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        with suppress(httptools.HttpParserError):
            self._parser.feed_data(data)
            return
        self._transport.close()

    def on_url(self, url: bytes) -> None:
        self._path, self._body = url, b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        status, body = self._respond(self._parser.get_method(), self._path, self._body)
        head = b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self._transport.write(head % (status, REASONS[status], len(body)) + body)


@asynccontextmanager
async def serve(respond: Responder, port: int) -> AsyncIterator[None]:
    """Answer requests to 127.0.0.1:`port` with `respond` until the block ends."""
    connections: set[asyncio.BaseTransport] = set()
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: _Service(respond, connections), "127.0.0.1", port):
        yield
        for connection in connections:
            connection.close()
        await asyncio.sleep(0)  # the loop lets go of them in its next turn
