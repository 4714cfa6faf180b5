"""Recordings for tests: spoken by espeak-ng, kept by a provider of our own on this machine, and events that tell of them."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
from aiohttp import web

from shared.events.envelope import Event
from shared.events.schemas import (
    AUDIO_RECEIVED,
    CALL_RECEIVED,
    RECORDING_REQUESTED,
    AudioReceived,
    CallReceived,
    RecordingRequested,
)
from tests.making import ADA, NOW, OURS, event, sid

ACCOUNT, TOKEN = "AC" + "e" * 32, "token of the studio"
RATE = 16_000
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def wav(samples: np.ndarray[Any, np.dtype[np.int16]], rate: int = RATE) -> bytes:
    """Samples as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    return file.getvalue()


def silence(seconds: float, rate: int = RATE) -> bytes:
    """Nothing, for so long."""
    return wav(np.zeros(int(seconds * rate), np.int16), rate)


@cache
def spoken(text: str, *, lead_seconds: float = 0.3, times: int = 1) -> bytes:
    """`text` as a WAV file, with a little silence around it; `times` in a row."""
    from tools.voice_model.speech import speak

    quiet = np.zeros(int(lead_seconds * RATE), np.int16)
    return wav(np.concatenate([quiet, *([speak(text), quiet] * times)]))


class Studio:
    """What of Twilio's REST API a recording needs: the media themselves, and who called."""

    def __init__(self) -> None:
        self.url = ""
        self.files: dict[str, bytes | Answer] = {}  # by the last part of the URL
        self.calls: dict[str, tuple[str, str]] = {}
        self.fetched: list[str] = []

    def address(self, name: str) -> str:
        """Where a recording is."""
        return f"{self.url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{name}"

    def keep(self, content: bytes | Answer, name: str = "") -> str:
        """Keep a recording; returns where it is."""
        name = name or sid()
        self.files[name] = content
        return self.address(name)

    async def _media(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.fetched.append(name)
        content = self.files.get(name)
        if content is None:
            return web.Response(status=404)
        return web.Response(body=content, content_type="audio/wav") if isinstance(content, bytes) else await content(request)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        found = self.calls.get(request.match_info["name"].removesuffix(".json"))
        return (
            web.json_response({"from": found[0], "to": found[1]}) if found else web.json_response({"code": 20404}, status=404)
        )

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Studio]:
        """Answer on a port of this machine."""
        app = web.Application()
        app.router.add_get(f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{{name}}", self._media)
        app.router.add_get(f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{{name}}", self._call)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        try:
            yield self
        finally:
            await runner.cleanup()


def audio(url: str, *, sender: str = ADA, at: datetime = NOW, **more: Any) -> Event:
    """An audio.received event: a voice note, unless `call_id` says that it was said on the phone."""
    recording_id = more.pop("recording_id", None) or f"{sid()}.audio0"
    recipient = OURS if sender else ""
    data = AudioReceived(recording_id=recording_id, sender=sender, recipient=recipient, url=url, **more)
    return event(AUDIO_RECEIVED, recording_id, data, sender=sender or data.call_id, at=at, source="/jotline/webhook")


def call(call_id: str, *, sender: str = ADA, at: datetime = NOW) -> Event:
    """A call.received event."""
    data = CallReceived(call_id=call_id, sender=sender, recipient=OURS)
    return event(CALL_RECEIVED, f"{call_id}.call", data, sender=sender, at=at, source="/jotline/webhook")


def wish(action: Any, *, sender: str = ADA, at: datetime = NOW, **more: Any) -> Event:
    """A recording.requested event, as todo-crud makes it of a text."""
    request_id = sid()
    data = RecordingRequested(request_id=request_id, action=action, sender=sender, recipient=OURS, **more)
    return event(RECORDING_REQUESTED, f"{request_id}.{action}", data, sender=sender, at=at, source="/jotline/todo-crud")
