"""The single box's one door: each path to whom it is for.

    /twilio/...                      webhook
    /api/...                         todo-crud's application
    /live, /live/events              live's feed
    /, /board/...                    live's board
    /phone, Twilio's own REST API    the stand-in, where one plays
    /health..., /metrics             here

Functions with an application (`serve(..., app=...)`) get their requests as they are.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from local.phone.clock_api import ClockApi, Go
from shared.runtime.clock import SimulatedClock
from shared.runtime.services import Services
from shared.runtime.serving import Function
from shared.runtime.telemetry import exposition
from shared.web.live.pages import ABOUT

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

HEALTH = ("/health/live", "/health", "/health/ready", "/ready")


class Gateway:
    """The application of the single box."""

    def __init__(
        self,
        functions: Mapping[str, Function],
        services: Services,
        *,
        phone: Sequence[BaseRoute] = (),
        waiting: Callable[[], int],
        go: Go | None = None,
    ) -> None:
        """Put the functions behind their paths.

        Args:
            functions: with webhook, todo-crud and live among them.
            services: for what was heard and understood.
            phone: the stand-in's routes; none with a real Twilio.
            waiting: how many events are open, for /metrics.
            go: moves the clock, when it is a simulated one.
        """
        self._webhook, self._api, self._live = (functions[name] for name in ("webhook", "todo-crud", "live"))
        shown = _shown(services, phone) if phone else _clock(services, go)
        health = [Route(path, self._health) for path in HEALTH]
        self._others = Starlette(routes=[*health, Route("/metrics", _metrics(waiting)), *shown])
        self._own = {ABOUT} if phone else set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or serve a WebSocket."""
        path = scope["path"]
        # Every text comes this way: the webhook answers it without the router and its middleware, a tenth of a millisecond.
        if path in self._webhook.http and scope["type"] == "http":
            answer = await self._webhook(Request(scope, receive, send))
            await answer(scope, receive, send)
            return
        application = None if path in self._own else self._application(path)
        await (application or self._others)(scope, receive, send)

    def _application(self, path: str) -> Callable[[Scope, Receive, Send], Awaitable[None]] | None:
        """Whose path it is, if a function's."""
        if path.startswith("/api/"):
            return self._api.app
        if path in {"/", "/live"} or path.startswith(("/live/", "/board/")):
            return self._live.app
        return None

    async def _health(self, request: Request) -> Response:
        return await self._webhook(request)

    def end(self) -> None:
        """End open feeds, so that a server that is stopping need not wait for them."""
        self._live.end()


def _metrics(waiting: Callable[[], int]) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(_: Request) -> Response:
        text = f"{exposition()}# TYPE jotline_events_waiting gauge\njotline_events_waiting {waiting()}\n"
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return metrics


def _clock(services: Services, go: Go | None) -> list[BaseRoute]:
    """With somebody else's stand-in there is no phone here, but a simulated clock can be moved all the same."""
    return [ClockApi(services.clock, go=go).route] if isinstance(services.clock, SimulatedClock) else []


def _shown(services: Services, phone: Sequence[BaseRoute]) -> list[BaseRoute]:
    """The phone, and what it shows of what became of a message."""

    async def understood(request: Request) -> Response:
        found = await services.messaging.understood(request.query_params.get("sid", ""))
        if found is None or "understood" not in found:
            return JSONResponse({"error": "nothing is known of this message"}, status_code=404)
        return JSONResponse(found["understood"])

    async def heard(request: Request) -> Response:
        return JSONResponse(await _heard(services, request.query_params.get("recording", "")))

    async def about(_: Request) -> Response:
        return JSONResponse({"number": services.settings.twilio_from, "phone": "/phone"}, headers={"cache-control": "no-cache"})

    asked = [Route("/phone/api/understood", understood), Route("/phone/api/heard", heard), Route(ABOUT, about)]
    return [*asked, *phone]


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
