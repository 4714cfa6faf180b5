"""Time travel that passes by everything: a simulated clock is moved on by way of each moment at which something is due.

A clock that only jumped a day ahead would find yesterday's reminders late, and the digest stale. So it stops where the next reminder
or digest is due, lets that be sent and everything that comes of it be worked off, and goes on. What a person would have got on the way
they get, stamped with the time at which they would have got it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from shared.runtime.clock import SimulatedClock

#: A journey with more stops than this jumps over the rest: some years of a few people's reminders.
MOST_STOPS: Final = 5_000
#: How long a stop waits until everything is worked off. What waits for a provider that is away would wait longer.
SETTLE_SECONDS: Final = 2.0
LOOK_SECONDS: Final = 0.02


class Travel:
    """Moves one clock. One journey at a time."""

    def __init__(
        self,
        clock: SimulatedClock,
        next_due: Callable[[datetime], Awaitable[datetime | None]],
        work: Callable[[], Awaitable[None]],
        waiting: Callable[[], int],
    ) -> None:
        """Get ready.

        Args:
            clock: the clock.
            next_due: the first moment later than the one given at which something is due; None: nothing is.
            work: does what is due now.
            waiting: how many events are not worked off.
        """
        self._clock, self._next_due, self._work, self._waiting = clock, next_due, work, waiting
        self._underway = asyncio.Lock()

    async def to(self, instant: datetime) -> datetime:
        """Go there; returns where the clock stands then.

        Raises:
            ValueError: the instant is naive or lies before the clock's now.
        """
        async with self._underway:
            if instant.tzinfo is None or instant < self._clock.now():
                return self._clock.set(instant)  # says what is wrong with it
            for _ in range(MOST_STOPS):
                due = await self._next_due(self._clock.now())
                if due is None or due > instant:
                    break
                self._go(due)
                await self._work()
                await self._settle()
            self._go(instant)
            return self._clock.now()

    def _go(self, instant: datetime) -> None:
        """Move the clock, unless it has run there by itself."""
        if instant > self._clock.now():
            self._clock.set(instant)

    async def _settle(self) -> None:
        """Wait until everything is worked off."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + SETTLE_SECONDS
        while self._waiting() and loop.time() < ends:  # noqa: ASYNC110 - what waits is counted, not told
            await asyncio.sleep(LOOK_SECONDS)
