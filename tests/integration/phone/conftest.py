"""A phone whose webhooks reach a box that keeps them, and people with that phone in their hand."""

from __future__ import annotations

import io
import math
import wave
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.phone.app import Phone, create_phone
from local.phone.carrier import Sending
from local.phone.serving import running, serving
from local.phone.store import Channel
from shared.providers import signature
from shared.runtime.clock import Clock, SimulatedClock

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "token", "+15005550006"
ADA, BOB = "+14155550100", "+14155550101"


@dataclass(slots=True)
class Box:
    """Takes webhooks and callbacks, checks each signature, and answers 200 unless told otherwise."""

    url: str = ""
    posted: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)  # path, fields, headers
    answers: list[int] = field(default_factory=list)
    twiml: str = ""  # what it answers a call with
    looks: Callable[[str, dict[str, str]], Awaitable[None]] | None = None  # what it does before it answers: path, fields
    replies: Callable[[dict[str, str]], None] | None = None  # what it does about a text

    async def take(self, request: Request) -> Response:
        body = await request.body()
        url = f"{self.url}{request.url.path}"
        assert signature.valid(url, request.url.query, body, request.headers, TOKEN)
        self.posted.append((request.url.path, dict(signature.form(body)), dict(request.headers)))
        if self.replies and request.url.path == "/twilio/message":
            self.replies(self.posted[-1][1])
        if self.looks:
            await self.looks(*self.posted[-1][:2])
        status = self.answers.pop(0) if self.answers else 200
        return Response(self.twiml if request.url.path == "/twilio/voice" else "", status_code=status, media_type="text/xml")

    def fields(self, path: str) -> list[dict[str, str]]:
        return [fields for posted_path, fields, _ in self.posted if posted_path == path]


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    kept = Box()
    async with serving(Starlette(routes=[Route("/twilio/{what:path}", kept.take, methods=["POST"])])) as url:
        kept.url = url
        yield kept


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


MakePhone = Callable[..., Phone]


@pytest.fixture
def make_phone(tmp_path: Path, box: Box, clock: SimulatedClock) -> MakePhone:
    """A phone in this test's folder: a second one goes on where the first ended."""

    def make(clock: Clock = clock, webhook: str = "", **more: Any) -> Phone:
        return create_phone(
            folder=tmp_path / "phone",
            clock=clock,
            auth_token=TOKEN,
            account_sid=ACCOUNT,
            number=NUMBER,
            webhook_url=webhook or f"{box.url}/twilio/message",
            pace_seconds=0,
            **more,
        )

    return make


@pytest.fixture
async def phone(make_phone: MakePhone) -> AsyncIterator[Phone]:
    made = make_phone()
    await made.start()
    yield made
    await made.stop()


@dataclass(frozen=True, slots=True)
class Served:
    """A phone over HTTP."""

    phone: Phone
    url: str
    http: aiohttp.ClientSession  # paths are relative to the phone's address

    def replies_with(self, box: Box, body: str) -> None:
        """Let the box answer every text with `body`."""

        def reply(fields: dict[str, str]) -> None:
            channel: Channel = "whatsapp" if fields["From"].startswith("whatsapp:") else "sms"
            self.phone.carrier.take(Sending(phone=fields["From"].removeprefix("whatsapp:"), channel=channel, body=body))

        box.replies = reply


def tone(seconds: float = 1.0, *, loudness: int = 8000, rate: int = 8000) -> bytes:
    """A WAV of a note, as a telephone has it; `loudness` 0 is silence."""
    into = io.BytesIO()
    with wave.open(into, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        samples = array("h", [round(loudness * math.sin(n / 4)) for n in range(round(seconds * rate))])
        sound.writeframes(samples.tobytes())
    return into.getvalue()


@pytest.fixture
async def served(make_phone: MakePhone) -> AsyncIterator[Served]:
    made = make_phone(test_paths=True)
    async with running(made) as url, aiohttp.ClientSession(url) as session:
        yield Served(made, url, session)


AUTH = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
