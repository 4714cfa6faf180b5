"""Ticks: functions that do something at its time are asked once a minute to work for a minute."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from shared.policy.outcomes import TryAgain
from shared.runtime.ending import tell_at_sigterm
from shared.runtime.services import Services
from shared.runtime.telemetry import describe, measure

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from shared.runtime.serving import HttpHandler

#: A little longer than a minute: the next tick has begun by then, and no second between them goes without.
TICK_SECONDS = 62.0

log = logging.getLogger("jotline")


def every_second(work: Callable[[Services], Awaitable[object]], what: str) -> HttpHandler:
    """The handler of `/tick`: does `work` each second for a little more than a minute; with `?seconds=0` once.

    A database that is away is waited for: what is due then is due still. Ticks of one process take turns: two that look at once
    would make every text twice, and one of each for nothing. They end when the process is told to.
    """
    turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
    endings: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Event] = WeakKeyDictionary()

    async def tick(request: Request, services: Services) -> Response:
        from starlette.responses import PlainTextResponse, Response

        if request.method != "POST":
            return PlainTextResponse("POST only\n", status_code=405, headers={"allow": "POST"})
        loop = asyncio.get_running_loop()
        ends, told = loop.time() + _seconds(request), endings.setdefault(loop, asyncio.Event())
        while True:
            try:
                async with turns.setdefault(loop, asyncio.Lock()):
                    await work(services)
                measure("last_look_timestamp_seconds", services.clock.now().timestamp(), what=what)
            except TryAgain as error:
                log.warning("what is due waits", extra={"what": what, "cause": describe(error)})
            if loop.time() >= ends or told.is_set():
                return Response(status_code=204)
            tell_at_sigterm(told)
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), 1 - services.clock.now().microsecond / 1_000_000)

    return tick


async def count_done(each: Iterable[Awaitable[bool]], what: str) -> int:
    """How many of these came true, all at once. One that fails is logged and stops no other.

    Raises:
        TryAgain: one of them asked for that.
    """
    results = await asyncio.gather(*each, return_exceptions=True)
    for error in results:
        if isinstance(error, TryAgain) or not isinstance(error, Exception | bool):
            raise error
        if isinstance(error, Exception):
            log.error(
                "one of what is due cannot be handed over", extra={"what": what, "cause": describe(error)}, exc_info=error
            )
    return sum(result is True for result in results)


def _seconds(request: Request) -> float:
    """How long to work: as long as asked for by `?seconds=`, at most the usual."""
    asked = request.query_params.get("seconds", "")
    return min(float(asked), TICK_SECONDS) if asked.isascii() and asked.isdigit() and len(asked) < 4 else TICK_SECONDS
