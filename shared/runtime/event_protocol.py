"""uvicorn's HTTP, with a short way for events: a POST on `/` goes straight to the function, and its answer leaves in one write.

A text is a dozen events. What ASGI puts around each of them (a scope, messages both ways, every header looked at three times) is more
code than a function of ours runs for it, and a process that was asleep finds none of it in the caches: there code is what costs
(docs/decisions/0013-awakenings.md). Everything else is uvicorn's: reading and checking requests, other paths, pipelining, keep-alive,
the end. A request that comes while another is being answered goes its way, too.

Whoever only writes down what comes (`Function.rest`) need not wake up for each event. Its loop sleeps a while once it has taken
something, connections and all, and finds what came meanwhile in one awakening, its own code still in the caches.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from shared.runtime.serving import Function, Rest
from shared.runtime.telemetry import describe

log = logging.getLogger("jotline")


class Events:
    """Makes the connections of one function's server; given to uvicorn as its HTTP."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.in_hand = 0  # events that came and are not answered
        self.taken = 0  # events since it was decided how long to sleep
        self._decided = 0.0  # when that was, by the monotonic clock
        self.tired = False  # it will sleep
        self._found = False  # something, since it looked last

    def __call__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> asyncio.Protocol:
        """A connection, as uvicorn asks for it."""
        return _Connection(self, config, server_state, app_state, _loop)

    def rest(self) -> None:
        """Something came: sleep, all of the process, when nothing more is there and all of it is begun."""
        self._found = True
        if self.function.rest and not self.tired:
            self.tired = True
            self._look(self.function.rest)

    def _look(self, rest: Rest) -> None:
        if self._found:  # a turn of the event loop takes in one connection of those that wait, and reads what came on others
            self._found = False
            asyncio.get_running_loop().call_soon(self._look, rest)
        else:
            self._sleep(rest)

    def _sleep(self, rest: Rest) -> None:
        self.tired = False
        now = time.monotonic()
        a_second, self.taken, self._decided = self.taken / max(now - self._decided, 0.001), 0, now
        if self.in_hand < rest.below and not rest.unless(self.function.services):
            time.sleep(min(rest.seconds, rest.enough / max(a_second, 1.0)))


class _Connection(HttpToolsProtocol):
    """One connection. httptools calls the `on_` methods while it reads."""

    def __init__(
        self,
        events: Events,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self.events = events

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connects."""
        super().connection_made(transport)
        self.events.rest()

    def data_received(self, data: bytes) -> None:
        """Some of a request, or of several."""
        super().data_received(data)
        self.events.rest()

    def on_message_begin(self) -> None:
        """Begin a request; what ASGI wants to know of it is put together when it is known to be no event."""
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_headers_complete(self) -> None:
        """Take a POST on `/`; all else is ASGI's."""
        free = cast("Any", self.cycle) is None or self.cycle.response_complete
        plain = not self.expect_100_continue and not self.parser.should_upgrade()
        is_event = self.url == b"/" and self.events.function.takes_events and self.parser.get_method() == b"POST"
        if not (is_event and free and plain):
            self._leave_to_asgi()
            return
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        self.cycle = cast("Any", _Taking(self, keep_alive=keep_alive))
        self._start_asgi_task(self.cycle, self.app)

    def _leave_to_asgi(self) -> None:
        read = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, headers, self.expect_100_continue = read
        self.headers.extend(headers)
        super().on_headers_complete()


class _Taking:
    """One event, from its headers to its answer; to uvicorn it is the cycle of a request and its response."""

    def __init__(self, connection: _Connection, *, keep_alive: bool) -> None:
        self.keep_alive = keep_alive
        self.body = bytearray()
        self.more_body = True
        self.message_event = asyncio.Event()  # there is more of the body, or nobody any more
        self.disconnected = False
        self.response_complete = False
        self._connection = connection
        self._headers = connection.headers

    async def run_asgi(self, _: Callable[..., Any]) -> None:
        """Wait for all of it, hand it over, and answer."""
        self._connection.events.taken += 1
        self._connection.events.in_hand += 1
        try:
            await self._take()
        finally:
            self._connection.events.in_hand -= 1

    async def _take(self) -> None:
        function, largest = self._connection.events.function, self._connection.events.function.largest
        while self.more_body and len(self.body) <= largest:
            self._connection.flow.resume_reading()
            await self.message_event.wait()
            self.message_event.clear()
            if self.disconnected:
                return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in self._headers}
        body = bytes(self.body) if len(self.body) <= largest else None
        try:
            answer = await function.take(headers, body)
        except Exception as error:
            log.exception("an event was not answered", extra={"function": function.name, "cause": describe(error)})
            self._answer(500, {}, b"")
        else:
            self._answer(answer.status, answer.headers, answer.content)

    def _answer(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        """Write the whole answer at once."""
        self.response_complete = True
        if self.disconnected:
            return
        connection = self._connection
        lines = [b"%b: %b\r\n" % pair for pair in connection.server_state.default_headers]
        lines += [f"{name}: {value}\r\n".encode("latin-1") for name, value in headers.items()]
        if status != 204:
            lines.append(b"content-length: %d\r\n" % len(content))
        if not self.keep_alive:
            lines.append(b"connection: close\r\n")
        connection.transport.write(b"".join((STATUS_LINE[status], *lines, b"\r\n", content)))
        if not self.keep_alive:
            connection.transport.close()
        connection.on_response_complete()
