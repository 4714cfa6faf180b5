"""audit: everything that happens leaves a row in the trail, and nothing is lost on a cluster without a row that says so.

Consumes   POST /          every event, by its topic, to be written down; and dead letters of the broker, of whatever type: events it
                           could not deliver, which say for whom they were (knativeerrordest)
           POST /tick      a minute's worth of the relay's work (shared/runtime/relay.py), asked for every minute
           POST /cleanup   once an hour: what was kept long enough is deleted (shared/runtime/cleanup.py)
Decides    which function an undelivered event was for, whether that has done its work all the same, whether the dispatcher was only
           stopped (then the function gets the event again by itself) or a person has to look, and whether the sender is told.
Emits      jotline.notification.requested (an apology), and whatever the relay finds waiting, once more

It is always on and only writes: the broker's dead letter dispatcher lets go of a letter when nobody takes it. What it cannot write
down it answers with 503. A dead letter is never dead-lettered itself: one that was for audit is an event that it missed, and goes
into the trail. The trail: docs/audit.md, `jotline audit`. Dead letters, their list and replay: `jotline dead-letters`.

    in    {"type": "jotline.command.parsed", "id": "SM9f....parsed", "knativeerrorcode": "503",
           "knativeerrordest": "http://todo-crud.jotline.svc.cluster.local", "data": {...}}
    kept  event_id SM9f....parsed, function todo-crud, cause "broker: HTTP 503", attempts 9
    out   {"type": "jotline.notification.requested", "data": {"kind": "sorry", "body": "Sorry, that text broke something here. ..."}}
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from shared.events.envelope import Unread
from shared.events.schemas import PERSON_LEFT
from shared.runtime.cleanup import clean_up
from shared.runtime.dead_letters import Letter, file_letter
from shared.runtime.services import Services
from shared.runtime.serving import HttpHandler, Rest, Work, serve
from shared.runtime.telemetry import count

NAME = "audit"

log = logging.getLogger("jotline")


async def record(events: Sequence[Unread], work: Work) -> None:
    """Write events into the trail; when somebody left, they are nobody in it from then on."""
    left = [event for event in events if event.attributes["type"] == PERSON_LEFT]
    if rest := [event for event in events if event not in left] if left else events:
        await work.services.trail.add(rest, work.now)
    for event in left:
        await let_go(event, work)


async def let_go(event: Unread, work: Work) -> None:
    """Somebody left: write it down, and pseudonymise what the trail has of them."""
    trail = work.services.trail
    party, until = event.attributes["partitionkey"], datetime.fromisoformat(event.attributes["time"])
    await trail.pseudonymise(party, until, secrets.token_hex(16))  # before its row says that this is done
    await trail.add([event], work.now)
    await trail.pseudonymise(party, until, "")  # that row as well, by the same alias


async def keep(letter: Letter, work: Work) -> None:
    """Keep a dead letter, or give its event out again; one of ours is written into the trail now."""
    function = work.services.addresses.function_at(letter.destination) or "unknown"
    if function == NAME and letter.event is not None:
        await record([Unread.of(letter.event)], work)
        became = "recorded"
    else:
        became = await file_letter(work.services, letter, function, work.now)
    facts = {"function": function, "event_id": letter.key, "code": letter.code, "became": became}
    log.warning("undelivered event", extra=facts)
    count("undelivered_total", function=function, became=became)


def asked_by_post(work: Callable[[Services], Awaitable[object]]) -> HttpHandler:
    """The handler of a path that does `work` when somebody posts to it."""

    async def answer(request: Request, services: Services) -> Response:
        if request.method != "POST":
            return PlainTextResponse("POST only\n", status_code=405, headers={"allow": "POST"})
        await work(services)
        return Response(status_code=204)

    return answer


async def relay(services: Services) -> None:
    """Do the relay's work for about a minute."""
    await services.relay.tick()


handle = serve(
    NAME,
    dead_letters=keep,
    recorder=record,
    http={"/tick": asked_by_post(relay), "/cleanup": asked_by_post(clean_up)},
    schema="audit",
    # Nobody waits for the trail, but the relay works here as well. Dispatchers bring up to 400 events at a time.
    rest=Rest(0.2, enough=50, unless=lambda services: services.relay.busy),
)
