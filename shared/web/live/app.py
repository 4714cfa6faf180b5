"""The application of the function `live`: the feed at /live and /live/events, the board at / with its files under /board/."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.responses import JSONResponse

from shared.storage.feed import FeedStore
from shared.storage.spoken import SpokenStore
from shared.web.live.connection import Connection
from shared.web.live.events import Events
from shared.web.live.feed import Feed
from shared.web.live.pages import ABOUT, page
from shared.web.live.signing import welcome
from shared.web.live.websocket import Sockets

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from shared.runtime.services import Services


class Live:
    """The application."""

    def __init__(self, services: Services) -> None:
        changed, spoken = FeedStore(services.database("todo")), SpokenStore(services.database("audit"))
        dsns = (services.settings.database_of(schema) for schema in ("todo", "audit"))
        self._feed = Feed(changed, spoken, dsns, services.clock, partial(welcome, services))
        self._about = JSONResponse(
            {"number": services.settings.twilio_from, "phone": None}, headers={"cache-control": "no-cache"}
        )
        self._sockets = Sockets(services, self._feed)
        self._events = Events(services, self._feed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or serve a WebSocket."""
        if scope["type"] == "websocket":
            if scope["path"] == "/live":
                await self._sockets(scope, receive, send)
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008})
        elif scope["path"] == "/live/events" and scope["method"] == "GET":
            await self._events(scope, receive, send)
        elif scope["path"] == ABOUT:
            await self._about(scope, receive, send)
        else:
            await page(scope, receive, send)

    def watching(self, user_id: UUID) -> frozenset[Connection]:
        """Somebody's open connections here."""
        return self._feed.watching(user_id)

    def end(self) -> None:
        """End all feeds: a server that stops waits for what is open."""
        self._feed.end()
