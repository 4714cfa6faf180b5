"""A phone whose webhooks reach a box that keeps them, and people with that phone in their hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
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
from local.phone.serving import running, serving
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

    async def take(self, request: Request) -> Response:
        body = await request.body()
        url = f"{self.url}{request.url.path}"
        assert signature.valid(url, request.url.query, body, request.headers, TOKEN)
        self.posted.append((request.url.path, dict(signature.form(body)), dict(request.headers)))
        return Response(status_code=self.answers.pop(0) if self.answers else 200)

    def fields(self, path: str) -> list[dict[str, str]]:
        return [fields for posted_path, fields, _ in self.posted if posted_path == path]


@pytest.fixture
async def box() -> AsyncIterator[Box]:
    kept = Box()
    async with serving(Starlette(routes=[Route("/twilio/{what}", kept.take, methods=["POST"])])) as url:
        kept.url = url
        yield kept


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


MakePhone = Callable[..., Phone]


@pytest.fixture
def make_phone(tmp_path: Path, box: Box, clock: SimulatedClock) -> MakePhone:
    """A phone in this test's folder: a second one goes on where the first ended."""

    def make(clock: Clock = clock, webhook: str = "", **more: Any) -> Phone:  # noqa: ANN401 - as create_phone takes it
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


@pytest.fixture
async def api(make_phone: MakePhone) -> AsyncIterator[aiohttp.ClientSession]:
    """The phone over HTTP: paths are relative to its address; REST needs `auth`."""
    async with running(make_phone(test_paths=True)) as url, aiohttp.ClientSession(url) as session:
        yield session


AUTH = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
