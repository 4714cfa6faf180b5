"""The single box's one door: Twilio's paths to the webhook, the phone, health and metrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from local.phone.clock_api import ClockApi, Go
from shared.runtime.clock import Clock, SimulatedClock
from shared.runtime.services import Services
from shared.runtime.serving import Function
from shared.runtime.telemetry import exposition

WELCOME = """Jotline is running. Point your Twilio number's messaging webhook at
{public_url}/twilio/message#rc=5&rp=all and its voice webhook at
{public_url}/twilio/voice#rc=5&rp=all (both HTTP POST), and text or call it.
"""


def _clock(clock: Clock, go: Go | None) -> list[BaseRoute]:
    """With somebody else's stand-in there is no phone here, but a simulated clock can be moved all the same."""
    return [ClockApi(clock, go=go).route] if isinstance(clock, SimulatedClock) else []


async def _heard(services: Services, recording_id: str) -> dict[str, object]:
    """What was heard in a recording, how surely, and how far its last hearing is; not `known` before it was taken in, or refused."""
    versions = await services.voice.versions(recording_id)
    recording = await services.voice.recording(recording_id)
    if recording is None or not versions:
        return {"known": False}
    pieces = await services.voice.pieces(recording_id, versions[-1].version)
    last = next((version for version in reversed(versions) if version.finished_at is not None), None)
    return {
        "known": True,
        "seconds": recording.seconds,
        "seconds_heard": sum(piece.end_seconds - piece.start_seconds for piece in pieces if piece.segments is not None),
        "version": last.version if last else None,
        "text": last.text if last else None,
        "stretches": last.heard if last else [],
        "language": last.language if last else None,
        "model": last.model if last else None,
    }


def make_gateway(
    webhook: Function, services: Services, phone: Sequence[BaseRoute], waiting: Callable[[], int], go: Go | None = None
) -> ASGIApp:
    """The application of the single box.

    Args:
        webhook: the function behind /twilio/....
        services: for what was heard and understood.
        phone: the stand-in's routes; none with a real Twilio.
        waiting: how many events are open, for /metrics.
        go: moves the clock, when it is a simulated one.
    """

    async def health(request: Request) -> Response:
        return await webhook(request)

    async def metrics(_: Request) -> Response:
        text = f"{exposition()}# TYPE jotline_events_waiting gauge\njotline_events_waiting {waiting()}\n"
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    async def understood(request: Request) -> Response:
        found = await services.messaging.understood(request.query_params.get("sid", ""))
        if found is None or "understood" not in found:
            return JSONResponse({"error": "nothing is known of this message"}, status_code=404)
        return JSONResponse(found["understood"])

    async def heard(request: Request) -> Response:
        return JSONResponse(await _heard(services, request.query_params.get("recording", "")))

    async def home(_: Request) -> Response:
        if phone:
            return RedirectResponse("/phone", status_code=307)
        return PlainTextResponse(WELCOME.format(public_url=services.settings.public_url))

    routes: list[BaseRoute] = [Route(path, health) for path in ("/health/live", "/health", "/health/ready", "/ready")]
    routes += [Route("/metrics", metrics), Route("/", home)]
    asked = [Route("/phone/api/understood", understood), Route("/phone/api/heard", heard)]
    routes += [*asked, *phone] if phone else _clock(services.clock, go)
    others = Starlette(routes=routes)

    async def gateway(scope: Scope, receive: Receive, send: Send) -> None:
        # Every text comes this way: the webhook answers it without the router and its middleware, a tenth of a millisecond.
        if scope["type"] == "http" and scope["path"] in webhook.http:
            answer = await webhook(Request(scope, receive, send))
            await answer(scope, receive, send)
        else:
            await others(scope, receive, send)

    return gateway
