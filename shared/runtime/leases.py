"""Work with an effect outside the database, one worker at a time: claimed with a lease before it begins.

Who finds a claim whose holder died tries once more; what has killed two workers, or was too slow for two, is set aside.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from shared.events.envelope import Event
from shared.policy.outcomes import Poison, TryAgain
from shared.runtime.serving import Work
from shared.runtime.telemetry import describe
from shared.storage.database import DatabaseUnavailable
from shared.storage.voice import Counts

#: So many workers may die of a piece of work, or be too slow for it.
WORKERS = 2

log = logging.getLogger("jotline")


@asynccontextmanager
async def claimed(event: Event, work: Work, lease: timedelta, *, function: str) -> AsyncIterator[bool]:
    """Hold the claim on an event while it is worked on; False when there is nothing (left) to do.

    Raises:
        TryAgain: somebody else is at it. Poison: it has killed its workers, or was too slow for them.
    """
    from shared.voice.whisper import DeadlinePassed

    now = work.services.clock.now()
    begun = await work.services.voice.begin(event, function=function, now=now, lease_until=now + lease)
    if begun.finished:
        yield False
        return
    if not begun.attempts:
        wait = (begun.lease_until - now).total_seconds() if begun.lease_until else None
        raise TryAgain("another worker is at it", after_seconds=wait)
    if begun.attempts > WORKERS:
        await _release(event, work, function, now + lease, "all")  # a replay begins anew
        raise Poison(f"{WORKERS} workers died of it")
    try:
        yield True
    except Poison:
        await _release(event, work, function, now + lease, "all")
        raise
    except DeadlinePassed as error:
        if begun.attempts < WORKERS:
            await _release(event, work, function, now + lease, "harm")
            raise TryAgain("it took too long") from error
        await _release(event, work, function, now + lease, "all")
        raise Poison("it took too long twice") from error
    except (Exception, asyncio.CancelledError):  # cancelled: the process is told to end
        await _release(event, work, function, now + lease, "nothing")
        raise


async def _release(event: Event, work: Work, function: str, lease_until: datetime, counts: Counts) -> None:
    """Let go of a claim; if that cannot be done now, its lease ends by itself."""
    try:
        await work.services.voice.release(event, function=function, lease_until=lease_until, counts=counts)
    except DatabaseUnavailable as error:
        log.warning("a claim runs out by itself", extra={"event_id": event.id, "cause": describe(error)})
