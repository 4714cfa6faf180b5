"""What the phone page and the command line ask: conversations, sending a text, a recording or a call, the clock, and a feed.

The feed is Server-Sent Events (html.spec.whatwg.org, section 9.2). An event's id is the message's change number, so a page that
was cut off comes back with `Last-Event-ID` and misses nothing. Requests that change something must be JSON and come from our
own pages: another website open in the same browser could otherwise text in somebody's name.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from local.phone.carrier import Carrier
from local.phone.clock_api import ClockApi, Go
from local.phone.guard import Refused, guarded, read_file, read_json
from local.phone.media import BYTES_AT_MOST
from local.phone.sound import NotWav
from local.phone.store import Message

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src"
    " 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEARTBEAT_SECONDS = 15

_FILE_NAME = re.compile(r"[a-z_]+\.[a-z]+")

ZoneOf = Callable[[str], str | None]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")
    phone: str = Field(pattern=r"^\+[1-9]\d{6,14}$")
    token: str | None = Field(default=None, max_length=64)  # a repeated send with the same token is the same one


class Texted(_Sent):
    """A text typed on the page or the command line."""

    body: str = Field(min_length=1, max_length=1600)
    channel: Literal["sms", "whatsapp"] = "sms"


class Spoken(_Sent):
    """What goes with a file, in the query: as a message, or said after the beep of a call."""

    body: str = Field(default="", max_length=1600)
    channel: Literal["sms", "whatsapp", "call"] = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """What the box may plug in. Everything is optional: the phone works alone."""

    go: Go | None = None  # moves the clock
    zone_of: ZoneOf | None = None  # the IANA zone of a number, in which its phone shows the time


class PageApi:
    """The routes under /phone."""

    def __init__(self, carrier: Carrier, connections: Connections) -> None:
        """Shows what the carrier carries."""
        self._carrier = carrier
        self._connections = connections
        self._closing = False
        self._clock = ClockApi(carrier.clock, go=connections.go, moved=self._moved)
        self.routes = [
            Route("/phone", self._page),
            Route("/phone/static/{name}", self._static),
            Route("/phone/api/state", guarded(self._state)),
            Route("/phone/api/messages", guarded(self._messages), methods=["GET", "POST"]),
            Route("/phone/api/recordings", guarded(self._recordings, files=True), methods=["POST"]),
            Route("/phone/api/media/{sid}/{index:int}", self._medium),
            self._clock.route,
            Route("/phone/api/events", self._events),
        ]

    def close(self) -> None:
        """End every open feed, so that the server can stop."""
        self._closing = True
        self._carrier.announce()

    async def _page(self, _: Request) -> Response:
        return _file("index.html")

    async def _static(self, request: Request) -> Response:
        return _file(request.path_params["name"])

    async def _state(self, _: Request) -> Response:
        store = self._carrier.store
        return JSONResponse(
            {
                "number": self._carrier.account.number,
                "clock": self._clock.now(),
                "changed": store.changed,
                "conversations": [
                    {"phone": last.phone, "zone": self._zone(last.phone), "last": shown(last)} for last in store.latest()
                ],
            }
        )

    async def _messages(self, request: Request) -> Response:
        if request.method == "POST":
            texted = await read_json(request, Texted)
            self._check_number(texted.phone)
            message = self._carrier.text(texted.phone, texted.body, texted.channel, token=texted.token)
            return JSONResponse(shown(message), status_code=201)
        phone = request.query_params.get("phone", "")
        after = request.query_params.get("after", "")
        found = self._carrier.store.with_phone(phone)
        if after.isdecimal():
            found = [message for message in found if message.changed > int(after)]
        return JSONResponse({"zone": self._zone(phone), "messages": [shown(message) for message in found]})

    async def _recordings(self, request: Request) -> Response:
        try:
            spoken = Spoken.model_validate(dict(request.query_params))
        except ValidationError as error:
            raise Refused(400, "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors())) from None
        self._check_number(spoken.phone)
        data = await read_file(request, BYTES_AT_MOST)
        if spoken.channel == "call":
            message = self._call(spoken, data)
        else:
            kind = request.headers["content-type"]
            message = self._carrier.speak(
                spoken.phone, data, kind, body=spoken.body, channel=spoken.channel, token=spoken.token
            )
        return JSONResponse(shown(message), status_code=201)

    def _call(self, spoken: Spoken, data: bytes) -> Message:
        try:
            return self._carrier.call(spoken.phone, data, token=spoken.token)
        except NotWav:
            raise Refused(415, "a call takes WAV, as a telephone carries it") from None

    def _check_number(self, phone: str) -> None:
        if phone == self._carrier.account.number:
            raise Refused(400, "that is the number people text to: use another one")

    async def _medium(self, request: Request) -> Response:
        """A file of a message or a call, to be heard again; anything but sound is only handed out."""
        files = self._carrier.media.of(request.path_params["sid"])
        index = request.path_params["index"]
        if index >= len(files):
            return Response(status_code=404)
        kind = files[index].content_type
        headers = {**HEADERS, "content-type": kind}
        if not kind.startswith(("audio/", "video/")):
            headers |= {"content-type": "application/octet-stream", "content-disposition": "attachment"}
        return Response(self._carrier.media.data(files[index].sid), headers=headers)

    async def _moved(self) -> None:
        """Show it on every open page."""
        self._carrier.announce()

    async def _events(self, request: Request) -> Response:
        last = request.headers.get("last-event-id") or request.query_params.get("after") or ""
        after = int(last) if last.isdecimal() else self._carrier.store.changed
        return StreamingResponse(self._feed(after), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _feed(self, after: int) -> AsyncIterator[str]:
        event = self._carrier.watch()
        offset: object = None
        try:
            yield "retry: 1000\n\n"
            while not self._closing:
                event.clear()
                if (moved_to := getattr(self._carrier.clock, "offset", None)) != offset:
                    offset = moved_to
                    yield f"event: clock\ndata: {json.dumps(self._clock.now())}\n\n"
                while changes := self._carrier.store.changed_after(after):
                    after = changes[-1].changed
                    yield "".join(_event(change) for change in changes)
                try:
                    await asyncio.wait_for(event.wait(), _HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._carrier.unwatch(event)

    def _zone(self, phone: str) -> str | None:
        return self._connections.zone_of(phone) if self._connections.zone_of and phone else None


_STATES = {"accepted": "sending", "queued": "sending", "undelivered": "failed"}


def shown(message: Message) -> dict[str, Any]:
    """A message as the phone's owner sees it: `mine` is what they wrote themselves."""
    mine = message.direction in {"inbound", "call"}
    return {
        "sid": message.sid,
        "phone": message.phone,
        "mine": mine,
        "call": message.direction == "call",
        "by_carrier": message.direction == "outbound-reply",
        "channel": message.channel,
        "body": message.body,
        "media": [kind for _, kind in message.media],
        "recordings": _recordings_of(message),
        "segments": message.segments,
        "encoding": message.encoding,
        "state": _state_of_mine(message) if mine else _STATES.get(message.status, message.status),
        "error_code": message.error_code,
        "at": message.created_at.isoformat(),
        "token": message.token,
        "changed": message.changed,
    }


def _recordings_of(message: Message) -> list[str]:
    """The ids by which the box knows what is spoken in each file of a person's message or call."""
    if message.direction == "call":
        return [url.rpartition("/")[2] for url, _ in message.media]
    return [f"{message.sid}.audio{index}" for index in range(len(message.media))] if message.direction == "inbound" else []


def _state_of_mine(message: Message) -> str:
    if not message.settled:
        return "sending"
    return "delivered" if message.error_code is None else "failed"


def _event(message: Message) -> str:
    return f"id: {message.changed}\nevent: message\ndata: {json.dumps(shown(message))}\n\n"


def _file(name: str) -> Response:
    """A file of the page; its type is known or it is not served."""
    suffix = _TYPES.get(name[name.rfind(".") :])
    file = resources.files("local.phone") / "page" / name
    if suffix is None or not _FILE_NAME.fullmatch(name) or not file.is_file():
        return Response(status_code=404)
    return Response(file.read_bytes(), media_type=suffix, headers=HEADERS)
