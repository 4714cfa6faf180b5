"""One open feed of one person: what waits to be sent, up to where they have seen their changes, and how it ends.

Nothing runs for a connection that has nothing to send: five thousand of them are idle most of the day. The task that serves one waits
for what its client says; whatever is to be sent is sent by a task that ends when nothing waits any more.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.web.live.messages import Message

#: A client that reads nothing while so many wait is cut off; it comes back and goes on where it was.
WAITING_AT_MOST: Final = 1000
#: How long a last word may take to whom does not read.
LAST_WORD_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a feed ends: a close code of a WebSocket (RFC 6455 section 7.4), and words."""

    code: int
    reason: str


NOT_SIGNED_IN: Final = Ending(4401, "this needs a token that is valid now: sign in again")
EXPIRED: Final = Ending(4401, "the token has expired: send a fresh one, or sign in again")
LEFT: Final = Ending(4401, "this person has left")
NOT_UNDERSTOOD: Final = Ending(1008, 'send {"token": "..."}')
TOO_MUCH_SAID: Final = Ending(1008, "too many messages")
TOO_SLOW: Final = Ending(1013, "too slow: connect again and go on from the last id")
TOO_MANY: Final = Ending(1013, "too many connections: close some, or try again later")
NOT_NOW: Final = Ending(1013, "not now: try again in a moment")
GONE: Final = Ending(1000, "")
STOPPING: Final = Ending(1012, "restarting: connect again and go on from the last id")


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whose feed it is, by which token, and until when (None: until that is taken back)."""

    user_id: UUID
    token: str
    expires_at: datetime | None


class Connection:
    """A feed. Made by the task that serves it, and ended through it."""

    __slots__ = (
        "_send",
        "_sending",
        "_task",
        "_waiting",
        "after",
        "beat_at",
        "ended",
        "expires_at",
        "seen",
        "spoken",
        "token",
        "user_id",
    )

    def __init__(self, admitted: Admitted, after: int | None, send: Callable[[Message], Awaitable[None]]) -> None:
        """Args: after: the last id this client saw; None: it begins now. send: hands one message to the client, at its pace."""
        self.user_id = admitted.user_id
        self.token, self.expires_at = admitted.token, admitted.expires_at
        self.after = after
        self.seen: int | None = None  # up to where changes were handed over; None: not greeted yet
        self.spoken: list[dict[str, Any]] = []  # what they were told of calls and recordings
        self.beat_at = 0.0
        self.ended: Ending | None = None
        self._send = send
        self._waiting: deque[Message] | None = None
        self._sending: asyncio.Task[None] | None = None
        self._task = asyncio.current_task()

    def put(self, message: Message) -> None:
        """Send this after what waits already."""
        if self.ended is not None:
            return
        if self._waiting is None:
            self._waiting = deque((message,))
            self._sending = asyncio.create_task(self._work_off(self._waiting))
        elif len(self._waiting) < WAITING_AT_MOST:
            self._waiting.append(message)
        else:
            self.end(TOO_SLOW)

    async def _work_off(self, waiting: deque[Message]) -> None:
        """Send until nothing waits. Whoever has gone is noticed by the task that serves."""
        with contextlib.suppress(OSError):
            while waiting:
                await self._send(waiting[0])
                waiting.popleft()
        if self._waiting is waiting:
            self._waiting = self._sending = None

    def end(self, ending: Ending) -> None:
        """End it; the first reason counts."""
        if self.ended is None:
            self.ended = ending
            if self._task is not None:
                self._task.cancel()

    async def serve(self, until_gone: Awaitable[None]) -> Ending | None:
        """Wait until the client has gone (None), or it was ended from here: the reason, with nothing being sent any more."""
        try:
            await until_gone
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self.ended is None or task is None:  # the server itself cancels
                self.ended = STOPPING
                self._drop()
                raise
            task.uncancel()
        reason, self.ended = self.ended, self.ended or GONE  # nobody ends it once more
        if self._sending is not None and reason not in {None, TOO_SLOW}:
            await asyncio.wait([self._sending], timeout=LAST_WORD_SECONDS)
        self._drop()
        return reason

    def _drop(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
