"""POSTs to one URL on connections that are kept: the whole of the HTTP that a function speaks to its broker.

Why it is our own: docs/decisions/0007-posting.md. What matters is the status; an answer's body is read to its end and thrown away.

    reuse       a server closes idle connections when it likes, at worst while we write on one. Cut off before a byte of an
                answer, a POST on a used connection goes out once more on a new one: an event may arrive twice, which claims
                take care of, but is not lost
    limits      one timeout over everything, waiting for a free connection included; so many connections; so much of an answer
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import cast
from urllib.parse import urlsplit

import httptools

#: Connections at once; whoever comes then waits.
CONNECTIONS = 32
#: A connection that was idle for longer is not trusted: its server may be gone without a word.
IDLE_SECONDS = 20.0
#: Nobody needs more of an answer, head and body; the connection is not worth keeping then.
ANSWER_BYTES = 64 * 1024


class Poster:
    """POSTs to one URL, http:// or https://; redirects are not followed. `timeout_seconds`: for a POST as a whole."""

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        self._host, self._secure = parts.hostname or "", parts.scheme == "https"
        self._port = parts.port or (443 if self._secure else 80)
        self._head = f"POST {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1\r\nhost: {parts.netloc}\r\n"
        self._timeout_seconds = timeout_seconds
        self._gate = asyncio.Semaphore(CONNECTIONS)
        self._idle: list[_Connection] = []

    async def post(self, headers: Mapping[str, str], body: bytes) -> int:
        """POST and return the status of the answer.

        Raises:
            OSError: nobody can be reached, or the connection ended without an answer; TimeoutError is one.
        """
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        if not lines.count("\n") == lines.count("\r") == len(headers):
            raise ValueError("a header with a line end in it")
        request = f"{self._head}{lines}content-length: {len(body)}\r\n\r\n".encode("latin-1") + body
        async with asyncio.timeout(self._timeout_seconds), self._gate:
            if used := self._kept():
                with suppress(ConnectionResetError):
                    return await self._ask(used, request)
            return await self._ask(await self._connect(), request)

    async def close(self) -> None:
        """Let go of idle connections."""
        while self._idle:
            self._idle.pop().close()

    async def _ask(self, connection: _Connection, request: bytes) -> int:
        """Ask on a connection, and keep it if it can be used again."""
        try:
            return await connection.ask(request)
        finally:
            if connection.usable:
                self._idle.append(connection)
            else:
                connection.close()

    def _kept(self) -> _Connection | None:
        """The connection that was used last, if one can be used."""
        oldest = asyncio.get_running_loop().time() - IDLE_SECONDS
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and connection.since > oldest:
                return connection
            connection.close()
        return None

    async def _connect(self) -> _Connection:
        loop = asyncio.get_running_loop()
        return (await loop.create_connection(_Connection, self._host, self._port, ssl=self._certificates))[1]

    @cached_property
    def _certificates(self) -> ssl.SSLContext | None:
        """Whom to believe over https: the system's authorities, or those of SSL_CERT_FILE and SSL_CERT_DIR. Reading them takes a while."""
        return ssl.create_default_context() if self._secure else None


class _Connection(asyncio.Protocol):
    """One connection: one answer at a time. httptools calls the `on_` methods while it reads."""

    usable = False  # open, and nothing is or was said on it that nobody asked for
    since = 0.0  # when its last answer ended, by the loop's clock

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._answer: asyncio.Future[int] | None = None

    async def ask(self, request: bytes) -> int:
        """Write a request and wait for the status of its answer.

        Raises:
            ConnectionResetError: cut off before a single byte of it. ConnectionAbortedError: later, or it is no answer.
        """
        self._answer = self._loop.create_future()
        self._parser, self._status, self._bytes, self.usable = httptools.HttpResponseParser(self), 0, 0, False
        self._transport.write(request)
        return await self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def close(self) -> None:
        self.usable = False
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._bytes += len(data)
        if self._answer is None or self._answer.done():  # nobody asked
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._end(f"no HTTP: {type(error).__name__}")
        if self._bytes > ANSWER_BYTES:
            self._end("too long an answer")

    def on_message_begin(self) -> None:
        if self._answer is None or self._answer.done():  # an answer after the answer
            self.close()

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        self._status = status if status >= 200 else 0  # 1xx: the answer is still to come

    def on_message_complete(self) -> None:
        if self._status and self._answer is not None and not self._answer.done():
            self.usable, self.since = self._parser.should_keep_alive(), self._loop.time()
            self._answer.set_result(self._status)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end("cut off")

    def _end(self, why: str) -> None:
        """No more of the answer will come: its status, where there is one, is what counts."""
        self.close()
        if self._answer is None or self._answer.done():
            return
        if self._status:
            self._answer.set_result(self._status)
        else:
            self._answer.set_exception(ConnectionAbortedError(why) if self._bytes else ConnectionResetError(why))
