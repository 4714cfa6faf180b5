"""uvicorn's server, waking less often.

uvicorn looks ten times a second whether it has been told to end, and every look of an idle process costs a tenth of a millisecond
of CPU on a virtual machine. This one is told, and looks once a second, for the date it puts into answers. Before it ends it tells
whoever keeps connections open, since it waits for all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn

#: How often the date of the answers is set.
DATE_SECONDS = 1.0

#: How WebSockets are spoken, where they are. Of what uvicorn knows this holds an idle one in the least memory
#: (docs/decisions/0012-live.md); without compression, whose windows are more than everything else of it. What a client says is a
#: token, and it is asked for a sign of life often enough for a proxy that cuts silence after a minute.
WEBSOCKETS: dict[str, Any] = {
    "ws": "websockets-sansio",
    "ws_per_message_deflate": False,
    "ws_max_size": 16 * 1024,
    "ws_ping_interval": 40.0,
    "ws_ping_timeout": 20.0,
}
NO_WEBSOCKETS: dict[str, Any] = {"ws": "none"}


class Server(uvicorn.Server):
    """A server that ends as soon as a signal says so."""

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None] = lambda: None) -> None:
        """Args: ending: called on the loop when the end begins."""
        super().__init__(config)
        self._ending = ending
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Wait for the end."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DATE_SECONDS):
                    await self._told.wait()
        self._ending()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal. It comes between any two lines of the program, or while the loop sleeps."""
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)
