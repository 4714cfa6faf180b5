"""The feed as a WebSocket (RFC 6455), /live.

The token comes in the first message, within ten seconds, or as a subprotocol beside `jotline`, because a page cannot set headers here:

    new WebSocket("wss://.../live", "jotline")                     then   {"token": "<access token>", "last_event_id": "41"}
    new WebSocket("wss://.../live", ["jotline", "bearer.<token>"])  with `?last_event_id=41` where there is one

Never in the URL, which ends in logs and histories. A fresh token on the same socket, {"token": "..."}, lets it live on.
Closed with 4401 without a good token and when it expires; 1008 when what is said makes no sense; 1013 when it reads too slowly, or the
instance is full; 1012 when it restarts.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.web.live import connection
from shared.web.live.connection import LAST_WORD_SECONDS, Admitted, Connection, Ending
from shared.web.live.messages import Message, standing
from shared.web.live.signing import Unwelcome, welcome

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from shared.runtime.services import Services
    from shared.web.live.feed import Feed

SUBPROTOCOL: Final = "jotline"
BEARER: Final = "bearer."
FIRST_WORD_SECONDS: Final = 10.0
#: A client has nothing to say but a token now and then: so many messages at once, and one more for each second.
SAID_AT_MOST: Final = 10
#: Sockets that have not shown a token yet, of one instance.
STRANGERS_AT_MOST: Final = 1000


class Said(BaseModel):
    """What a client says."""

    model_config = ConfigDict(extra="ignore")
    token: str = Field(min_length=1, max_length=8192)
    last_event_id: str | int | None = None


class Gone(Exception):
    """The client has closed the socket."""


class Sockets:
    """The WebSockets of an instance."""

    def __init__(self, services: Services, feed: Feed) -> None:
        self._services, self._feed = services, feed
        self._strangers = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one."""
        offered: list[str] = scope["subprotocols"]
        await receive()  # websocket.connect
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if SUBPROTOCOL in offered else None})
        with contextlib.suppress(Gone, OSError):
            try:
                admitted, after = await self._admit(scope, receive)
            except Unwelcome as unwelcome:
                await _close(send, unwelcome.ending)
            else:
                await self._serve(admitted, after, receive, send)

    async def _admit(self, scope: Scope, receive: Receive) -> tuple[Admitted, int | None]:
        """Whose socket this is, and the last change they saw.

        Raises:
            Unwelcome: no good token came in time. Gone: nor will one.
        """
        if self._strangers >= STRANGERS_AT_MOST:
            raise Unwelcome(connection.TOO_MANY)
        self._strangers += 1
        try:
            async with asyncio.timeout(FIRST_WORD_SECONDS):
                said = _offered(scope) or await _hear(receive)
                return await welcome(self._services, said.token), place(said.last_event_id)
        except (TimeoutError, ValidationError):
            raise Unwelcome(connection.NOT_SIGNED_IN) from None
        finally:
            self._strangers -= 1

    async def _serve(self, admitted: Admitted, after: int | None, receive: Receive, send: Send) -> None:
        """Feed it until it ends."""

        async def text(message: Message) -> None:
            await send({"type": "websocket.send", "text": message.text})

        feeding = Connection(admitted, after, text)
        self._feed.join(feeding)
        try:
            ending = await feeding.serve(self._listen(feeding, receive))
        finally:
            self._feed.leave(feeding)
        if ending is not None:
            await _close(send, ending)

    async def _listen(self, feeding: Connection, receive: Receive) -> None:
        """Take fresh tokens until the client has gone."""
        loop = asyncio.get_running_loop()
        left, at = float(SAID_AT_MOST), loop.time()
        while True:
            try:
                said = await _hear(receive)
            except Gone:
                return
            except ValidationError:
                feeding.end(connection.NOT_UNDERSTOOD)
                continue
            left, at = min(SAID_AT_MOST, left + loop.time() - at) - 1, loop.time()
            if left < 0:
                feeding.end(connection.TOO_MUCH_SAID)
            else:
                await self._renew(feeding, said)

    async def _renew(self, feeding: Connection, said: Said) -> None:
        """Let it live as long as a fresh token of the same person."""
        try:
            admitted = await welcome(self._services, said.token)
        except Unwelcome as unwelcome:
            feeding.end(unwelcome.ending)
            return
        if admitted.user_id != feeding.user_id:
            feeding.end(connection.NOT_SIGNED_IN)
            return
        feeding.token, feeding.expires_at = admitted.token, admitted.expires_at
        feeding.put(standing("renewed", self._services.clock.now()))


def _offered(scope: Scope) -> Said | None:
    """The token among the subprotocols, if there is one."""
    tokens = [one.removeprefix(BEARER) for one in scope["subprotocols"] if one.startswith(BEARER)]
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("last_event_id")
    return Said(token=tokens[0], last_event_id=asked[0] if asked else None) if tokens else None


async def _hear(receive: Receive) -> Said:
    """What the client says next.

    Raises:
        Gone: nothing any more. ValidationError: nothing we understand.
    """
    heard = await receive()
    if heard["type"] == "websocket.disconnect":
        raise Gone
    return Said.model_validate_json(heard.get("text") or heard.get("bytes") or b"")


async def _close(send: Send, ending: Ending) -> None:
    """Close the socket, unless the client does not even take that."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_WORD_SECONDS):
            await send({"type": "websocket.close", "code": ending.code, "reason": ending.reason})


def place(said: str | int | None) -> int | None:
    """A place in somebody's history, as a client names it: None for none, or for what cannot be one."""
    text = str(said) if said is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
