"""The end of a process, told to what would otherwise work on: a server waits for the requests it has, and a tick is a long one."""

from __future__ import annotations

import asyncio
import signal
import threading
from types import FrameType


def tell_at_sigterm(stopping: asyncio.Event) -> None:
    """Set the event when the process is told to end, beside what the server does then: it waits for us."""
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGTERM)
    if not callable(before) or getattr(before, "tells", None) is stopping:
        return
    loop = asyncio.get_running_loop()

    def told(signum: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)
        before(signum, frame)

    told.tells = stopping  # type: ignore[attr-defined]
    signal.signal(signal.SIGTERM, told)
