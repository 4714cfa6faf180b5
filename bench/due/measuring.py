"""Lets remind and digest work in this process, on a clock that starts when the run says, and counts what they hand over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psutil
from starlette.requests import Request
from starlette.types import Message

from local.loading import load_function
from shared.events.envelope import Event
from shared.events.schemas import DIGEST_REQUESTED, REMINDER_TRIGGERED, ReminderChanged
from shared.runtime.clock import SimulatedClock
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.storage.outbox import Row

MINUTE = 60.0
LOOK_SECONDS = 0.25


@dataclass(slots=True)
class Counter:
    """The way events leave here: they are in the outbox when they come by, and that is what is timed."""

    clock: SimulatedClock
    lateness: list[float] = field(default_factory=list)  # seconds after its own second, of each reminder
    digests: int = 0
    last: float = 0.0  # when the last one came, by time.monotonic

    async def publish(self, event: Event) -> None:
        """Neither remind nor digest does."""
        raise AssertionError(event.type)

    async def carry(self, rows: Sequence[Row]) -> None:
        """Count what was just committed."""
        now = self.clock.now()
        for row in rows:
            if row.event.type == REMINDER_TRIGGERED and isinstance(row.event.data, ReminderChanged):
                self.lateness.append((now - row.event.data.reminder_at).total_seconds())
            self.digests += row.event.type == DIGEST_REQUESTED
        self.last = time.monotonic()

    async def close(self) -> None:
        """Nothing to release."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one."""

    handed: int
    seconds: float  # from the moment at which the first was due until the last was handed over
    lateness: Sequence[float]
    cpu_seconds: float  # of this process
    memory_mb: tuple[float, ...]  # PSS, every quarter of a second


async def measure(url: str, name: str, due_at: datetime, count: int, *, patience_seconds: float) -> Run:
    """Start the clock two seconds before `due_at`, tick a function each minute, and wait for `count` of what it hands over."""
    clock = SimulatedClock()
    services = Services(Settings(database_url=url, twilio_from="+14155550100"), clock)
    counter = Counter(clock)
    services.use_carrier(counter)
    function = load_function(name)
    function.bind(services)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(services.close)
        await services.due.next_after(due_at)  # connects
        clock.offset += due_at - timedelta(seconds=2) - clock.now()
        began, process = time.monotonic() + 2, psutil.Process()
        cpu, memory = sum(process.cpu_times()[:2]), []
        ticking = asyncio.create_task(_tick(function.http["/tick"], services))
        while len(counter.lateness) + counter.digests < count and time.monotonic() < began + patience_seconds:
            memory.append(process.memory_full_info().pss / 1e6)
            await asyncio.sleep(LOOK_SECONDS)
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
    handed = len(counter.lateness) + counter.digests
    used = sum(process.cpu_times()[:2]) - cpu
    return Run(handed, counter.last - began, sorted(counter.lateness), used, tuple(memory))


async def _tick(path: Any, services: Services) -> None:  # noqa: ANN401 - a path of a function
    """Ask for a tick each minute, as a PingSource does."""
    async with asyncio.TaskGroup() as ticks:
        while True:
            scope = {"type": "http", "method": "POST", "path": "/tick", "headers": [], "query_string": b""}
            ticks.create_task(path(Request(scope, _nothing), services))
            await asyncio.sleep(MINUTE)


async def _nothing() -> Message:
    """A request without a body."""
    return {"type": "http.request", "body": b"", "more_body": False}
