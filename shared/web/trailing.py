"""Requests that changed something or were denied, as events: the cause of what follows from them, and rows of the trail."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from shared.events.envelope import Event
from shared.events.schemas import REQUEST_MADE, RequestMade
from shared.policy.outcomes import Poison, TryAgain
from shared.runtime.telemetry import describe

if TYPE_CHECKING:
    from datetime import datetime

    from fastapi import Request

    from shared.runtime.services import Services
    from shared.web.callers import Caller

NAME: Final = "todo-crud"  # the function that serves the API
NOBODY: Final = "0" * 32
"""The partition key of requests that nobody's token came with."""
DENIED: Final = frozenset({401, 403, 404, 409, 412, 422})

#: W3C Trace Context, section 3.2.2.
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

log = logging.getLogger("jotline.api")


def request_id(request: Request) -> str:
    """The id of a request, the same however often it is asked for."""
    if not hasattr(request.state, "request_id"):
        request.state.request_id = f"api-{uuid4()}"
    return str(request.state.request_id)


def request_made(request: Request, caller: Caller | None, now: datetime, status: int, cause: str = "") -> Event:
    """The event that tells of a request.

    Args:
        request: it.
        caller: whose it is; None: nobody's.
        now: when, aware.
        status: what it is answered with.
        cause: why it was denied.
    """
    id_ = request_id(request)
    data = RequestMade(
        request_id=id_,
        method=request.method,
        route=_route(request),
        status=status,
        user_id=caller.user_id if caller else None,
        role=caller.role if caller else "",
        cause=cause,
    )
    trace = request.headers.get("traceparent", "")
    return Event(
        id=id_,
        type=REQUEST_MADE,
        source=f"/jotline/{NAME}",
        subject=str(caller.user_id) if caller else "",
        time=now,
        data=data,
        partitionkey=caller.party if caller else NOBODY,
        correlationid=id_,
        traceparent=trace if _TRACEPARENT.fullmatch(trace) else "",
    )


async def deny(request: Request, status: int, cause: str) -> None:
    """Tell of a request that was denied, as far as that can be written down now. Requests for nothing we have are no one's concern."""
    if status not in DENIED or "route" not in request.scope:
        return
    services: Services = request.app.state.services
    caller: Caller | None = getattr(request.state, "caller", None)
    event = request_made(request, caller, services.clock.now(), status, cause if cause != "about:blank" else "")
    try:
        await services.carrier.carry(await services.todo.outbox.append(event))
    except (TryAgain, Poison) as error:
        log.warning("a denial was not written down", extra={"status": status, "cause": describe(error)})


async def tell(request: Request, caller: Caller, status: int) -> None:
    """Tell of a request that changed something else than todos, which was done.

    Raises:
        DatabaseUnavailable: it is not written down: ask again.
    """
    services: Services = request.app.state.services
    made = request_made(request, caller, services.clock.now(), status)
    await services.carrier.carry(await services.todo.outbox.append(made))


def _route(request: Request) -> str:
    """The address as declared, without anybody's ids."""
    return str(getattr(request.scope.get("route"), "path_format", "")) or "unknown"
