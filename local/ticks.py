"""What the PingSources of `knative/base` ask for at their times, in the single box: the same functions, by the box's own clock.

A PingSource posts to a path of a function by a cron schedule, in UTC. Here the path is called without HTTP. Who is asked every minute
to work for a minute, second by second, is asked every second to work for one. The clock may be moved: of the times that were passed
by in one go only the last one counts, as a tick that nobody took is not sent again. Functions that are not here are left out, and so
is the relay: the box's broker is its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.types import Message

from local.schedules import matches
from shared.runtime.clock import Clock
from shared.runtime.routing import MANIFESTS, read_resources
from shared.runtime.serving import Function
from shared.runtime.telemetry import describe

#: How often the clock is looked at; it may have been moved.
LOOK_SECONDS = 0.25
#: How far back a time is looked for that was passed by.
LOOK_BACK = timedelta(days=2)
MINUTE = timedelta(minutes=1)
#: What is done here without a tick.
RELAY = ("audit", "/tick")
#: The schedule of those who work all the time.
ALWAYS = "* * * * *"

log = logging.getLogger("jotline")


@dataclass(frozen=True, slots=True)
class Tick:
    """A path of a function is to be called by a schedule of five fields."""

    function: str
    path: str
    schedule: str


def read_ticks(folder: Path = MANIFESTS) -> list[Tick]:
    """The PingSources of the manifests.

    Raises:
        BadManifest: a file is no YAML.
    """
    bodies = [body for _, body in read_resources(folder) if body.get("kind") == "PingSource"]
    sinks = [(body["spec"]["sink"], body["spec"]["schedule"]) for body in bodies]
    return [Tick(sink["ref"]["name"], sink.get("uri", "/"), schedule) for sink, schedule in sinks]


def last_time(schedule: str, after: datetime, until: datetime) -> datetime | None:
    """The last minute later than `after` and not later than `until` that a schedule names; None when there is none."""
    minute = until.replace(second=0, microsecond=0)
    earliest = max(after, until - LOOK_BACK)
    while minute > earliest:
        if matches(schedule, minute):
            return minute
        minute -= MINUTE
    return None


class Ticks:
    """Calls functions at their times."""

    def __init__(self, ticks: Iterable[Tick], functions: Mapping[str, Function], clock: Clock) -> None:
        """Args: functions: those that are here, by name."""
        here = [tick for tick in ticks if tick.function in functions and (tick.function, tick.path) != RELAY]
        self._always = [tick for tick in here if tick.schedule == ALWAYS]
        self._others = [tick for tick in here if tick.schedule != ALWAYS]
        self._functions, self._clock = functions, clock
        self._seen_second = self._seen_minute = clock.now()

    async def run(self) -> None:
        """Tick until cancelled. Who tidies up, once an hour, does not hold up those who work all the time."""
        await asyncio.gather(_again_and_again(self._look_each_second), _again_and_again(self._look_each_minute))

    async def look(self) -> None:
        """Call what has become due since the last look, one after the other; what fails is told, and comes again at its next time."""
        await self._look_each_second()
        await self._look_each_minute()

    async def _look_each_second(self) -> None:
        before, self._seen_second = self._seen_second, self._clock.now()
        if before.replace(microsecond=0) != self._seen_second.replace(microsecond=0):
            await self.work()

    async def _look_each_minute(self) -> None:
        before, self._seen_minute = self._seen_minute, self._clock.now()
        if before.replace(second=0, microsecond=0) == self._seen_minute.replace(second=0, microsecond=0):
            return
        for tick in self._others:
            if last_time(tick.schedule, before, self._seen_minute):
                await self._call(tick)

    async def work(self) -> None:
        """Let those who work all the time do what is due now."""
        for tick in self._always:
            await self._call(tick, b"seconds=0")

    async def _call(self, tick: Tick, query: bytes = b"") -> None:
        function = self._functions[tick.function]
        scope = {"type": "http", "method": "POST", "path": tick.path, "headers": [], "query_string": query}
        try:
            await function.http[tick.path](Request(scope, _nothing), function.services)
        except Exception as error:  # noqa: BLE001 - whatever it was, the others go on
            log.warning("a tick failed", extra={"function": tick.function, "cause": describe(error)})


async def _again_and_again(look: Callable[[], Awaitable[None]]) -> None:
    """Look until cancelled."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await look()


async def _nothing() -> Message:
    """A request without a body."""
    return {"type": "http.request", "body": b"", "more_body": False}
