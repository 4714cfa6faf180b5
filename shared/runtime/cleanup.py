"""Cleanup: what was kept long enough is deleted (`shared.policy.retention`).

A batch at a time, so that nothing is held long, and whatever one cannot be deleted now, the others go on: the next tick comes. Several
at once take different rows. A claim outlives its time while its event may still be brought: one that stands in an outbox, or as a
dead letter that somebody may replay. What comes late of people who left is pseudonymised, too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, get_args

from shared.policy.outcomes import TryAgain
from shared.policy.retention import CLAIMS, DEPARTURES, REMINDERS
from shared.runtime import leaving
from shared.runtime.deciding import ANSWERS_KEPT
from shared.runtime.telemetry import count, describe
from shared.storage.outbox import Schema

if TYPE_CHECKING:
    from shared.runtime.services import Services

#: Rows of one statement.
BATCH = 1_000
#: How long one cleanup takes at most, in seconds; what is left is deleted by the next.
LONGEST = 60.0

SCHEMAS: tuple[Schema, ...] = get_args(Schema)

log = logging.getLogger("jotline")


async def clean_up(services: Services) -> dict[str, int]:
    """Delete what was kept long enough; returns how many rows of what. What could not be reached is left out."""
    ends = asyncio.get_running_loop().time() + LONGEST
    now, trail_kept = services.clock.now(), timedelta(days=services.settings.audit_days)
    await _pseudonymise(services, now)
    removed = {
        "dead letters": await _delete("dead letters", partial(services.audit.forget, now, BATCH), ends),
        "trail": await _delete("trail", partial(services.trail.forget, now - trail_kept, BATCH), ends),
        "reminders": await _delete("reminders", partial(services.due.forget, now - REMINDERS, BATCH), ends),
        "sign-ins": await _delete("sign-ins", partial(services.sign_in.forget, now, BATCH), ends),
        **{what: await _delete(what, batch, ends) for what, batch in leaving.cleanups(services, now, BATCH).items()},
        "answers": await _delete("answers", partial(services.todo.forget_answers, now - ANSWERS_KEPT, BATCH), ends),
        **await _claims(services, now - CLAIMS, ends),
    }
    found = {what: number for what, number in removed.items() if number is not None}
    log.info("cleaned up", extra={"removed": found})
    for what, number in found.items():
        count("removed_total", number, what=what)
    return found


async def _pseudonymise(services: Services, now: datetime) -> None:
    """What came late of people who left."""
    try:
        await services.trail.pseudonymise_late(now - DEPARTURES)
    except TryAgain as error:
        log.warning("cannot be cleaned up", extra={"what": "people who left", "cause": describe(error)})


async def _claims(services: Services, before: datetime, ends: float) -> dict[str, int | None]:
    """The claims of every schema, but for those on events that may still come again; none when nobody knows which these are."""
    try:
        kept = await services.audit.standing(before)
        for schema in SCHEMAS:
            kept |= await services.outbox(schema).standing(before)
    except TryAgain as error:
        log.warning("cannot be cleaned up", extra={"what": "claims", "cause": describe(error)})
        return {}
    return {
        f"{schema} claims": await _delete(
            f"{schema} claims", partial(services.claims(schema).forget, before, kept, BATCH), ends
        )
        for schema in SCHEMAS
    }


async def _delete(what: str, batch: Callable[[], Awaitable[int]], ends: float) -> int | None:
    """Batch after batch until nothing is left or the time is over; None when there was no getting at them."""
    total = 0
    try:
        while True:
            gone = await batch()
            total += gone
            if gone < BATCH or asyncio.get_running_loop().time() > ends:
                return total
    except TryAgain as error:
        log.warning("cannot be cleaned up", extra={"what": what, "cause": describe(error)})
        return total or None
