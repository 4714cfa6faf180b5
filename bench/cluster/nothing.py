"""A function that does nothing, to see what the way to it costs; it remembers how old its events were when they came."""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.events.envelope import Event
from shared.events.schemas import NOTIFICATION_SENT
from shared.runtime.services import Services
from shared.runtime.serving import Work, serve

_ages_ms: list[float] = []


async def note(event: Event, work: Work) -> None:
    """Note when it came."""
    _ages_ms.append((time.time() - event.time.timestamp()) * 1000)


async def tell(request: Request, services: Services) -> Response:
    """The ages of all events so far."""
    return JSONResponse(_ages_ms)


handle = serve("nothing", events={NOTIFICATION_SENT: note}, http={"/ages": tell})
