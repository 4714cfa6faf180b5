"""What the PingSources of `knative/base` ask for at their times, where functions are URLs and nobody has PingSources (OpenFaaS).

A connector there posts to a function's `/` alone. So the broker asks: it knows where functions are, and one of them carries at a time.
Who is asked every minute to work for a minute, second by second, is asked for less than that, and again as soon as it has answered:
gateways cut what takes a minute, and no second goes without. What cannot be asked is asked again a second later. Schedules are in
UTC; a time at which nobody answers is let go, as a PingSource lets it go.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final

from local.schedules import matches
from local.ticks import ALWAYS, MINUTE, RELAY, Tick
from shared.runtime.addresses import Addresses
from shared.runtime.clock import Clock
from shared.runtime.telemetry import describe

if TYPE_CHECKING:
    from aiohttp import ClientSession

#: How long one that works all the time is asked to work: well under the minute that gateways allow.
WORK_SECONDS: Final = 25
ANSWER_SECONDS: Final = 90.0
#: How long after a failure those are asked again that work all the time.
PAUSE_SECONDS = 1.0

log = logging.getLogger("jotline.broker")

#: The work that a path stands for, where it is done here.
Work = Callable[[], Awaitable[object]]


class HttpTicks:
    """Asks functions at their times."""

    def __init__(
        self, ticks: Iterable[Tick], addresses: Addresses, clock: Clock, here: Mapping[tuple[str, str], Work] | None = None
    ) -> None:
        """Args: here: what is done in this process, by function and path. The relay is nobody's: the broker is it."""
        self._ticks = [tick for tick in ticks if (tick.function, tick.path) != RELAY]
        self._addresses, self._clock, self._here = addresses, clock, here or {}

    async def run(self) -> None:
        """Tick until cancelled."""
        import aiohttp

        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=5)
        async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as tasks:
            for tick in self._ticks:
                tasks.create_task(self._always(session, tick) if tick.schedule == ALWAYS else self._at_times(session, tick))

    async def _always(self, session: ClientSession, tick: Tick) -> None:
        """Ask one again and again."""
        while True:
            if not await self._ask(session, tick, f"?seconds={WORK_SECONDS}"):
                await asyncio.sleep(PAUSE_SECONDS)

    async def _at_times(self, session: ClientSession, tick: Tick) -> None:
        """Ask one at the minutes that its schedule names."""
        minute = self._clock.now().replace(second=0, microsecond=0)
        while True:
            minute += MINUTE
            await asyncio.sleep((minute - self._clock.now()).total_seconds())
            if matches(tick.schedule, minute):
                await self._ask(session, tick)

    async def _ask(self, session: ClientSession, tick: Tick, query: str = "") -> bool:
        """Ask for a piece of work and wait for the answer; whether it was done."""
        facts = {"function": tick.function, "path": tick.path}
        try:
            if work := self._here.get((tick.function, tick.path)):
                await work()
                return True
            url = self._addresses.url_of(tick.function).rstrip("/") + tick.path + query
            async with session.post(url, allow_redirects=False) as answer:
                if answer.status == 204:
                    return True
                log.warning("a tick was not taken", extra={**facts, "status": answer.status})
        except Exception as error:  # noqa: BLE001 - whatever it was, the next one is asked for
            log.warning("a tick failed", extra={**facts, "cause": describe(error)})
        return False
