"""The feed as Server-Sent Events (html.spec.whatwg.org, section 9.2), GET /live/events: for programs, with one header each.

    Authorization: Bearer <access token>
    Last-Event-ID: 41

It ends when the token expires; whoever asks again needs a fresh one.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers

from shared.web import problems
from shared.web.callers import SIGN_IN
from shared.web.live import connection
from shared.web.live.connection import LAST_WORD_SECONDS, Connection
from shared.web.live.messages import Message
from shared.web.live.signing import Unwelcome, welcome
from shared.web.live.websocket import place
from shared.web.problems import Problem

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from shared.runtime.services import Services
    from shared.web.live.feed import Feed

HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
#: How long a client waits before it comes back, in ms.
RETRY: Final = b"retry: 2000\n\n"


class Events:
    """The streams of an instance."""

    def __init__(self, services: Services, feed: Feed) -> None:
        self._services, self._feed = services, feed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one."""
        headers = Headers(scope=scope)
        kind, _, token = headers.get("authorization", "").partition(" ")
        try:
            admitted = await welcome(self._services, token.strip() if kind.lower() == "bearer" else "")
        except Unwelcome as unwelcome:
            await _refuse(unwelcome, scope, receive, send)
            return

        async def event(message: Message) -> None:
            await send({"type": "http.response.body", "body": message.as_event.encode(), "more_body": True})

        feeding = Connection(admitted, place(headers.get("last-event-id")), event)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": RETRY, "more_body": True})
        self._feed.join(feeding)
        try:
            ending = await feeding.serve(_until_gone(receive))
        finally:
            self._feed.leave(feeding)
        if ending is not None:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(LAST_WORD_SECONDS):
                    await send({"type": "http.response.body", "body": f": {ending.reason}\n\n".encode()})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(unwelcome: Unwelcome, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as the API does."""
    if unwelcome.ending is connection.NOT_NOW:
        problem = Problem(503, "Not now: ask again in a moment.", headers={"retry-after": "2"})
    else:
        problem = Problem(401, "This needs a token that is valid now: sign in with POST /api/v1/login.", headers=SIGN_IN)
    await problems.answer(problem)(scope, receive, send)
