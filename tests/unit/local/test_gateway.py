"""The single box's door: each path reaches whom it is for, WebSockets too."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from local.gateway import Gateway
from shared.runtime.clock import RealClock, SimulatedClock
from shared.runtime.services import Services
from shared.runtime.serving import Function, serve
from shared.runtime.settings import Settings

NUMBER = "+14155550100"


def _application(name: str) -> ASGIApp:
    """An application that says its name."""

    async def say(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept", "subprotocol": name})
        else:
            await PlainTextResponse(name)(scope, receive, send)

    return say


async def _hear(request: Request, services: Services) -> Response:
    return PlainTextResponse("webhook")


@pytest.fixture
def gateway() -> Gateway:
    return _gateway(phone=True)


def _gateway(*, phone: bool, simulated: bool = False) -> Gateway:
    services = Services(Settings(twilio_from=NUMBER), SimulatedClock() if simulated else RealClock())

    async def page(_: Request) -> Response:
        return PlainTextResponse("phone")

    functions: dict[str, Function] = {
        "webhook": serve("webhook", http={"/twilio/message": _hear}).served,
        "todo-crud": serve("todo-crud", app=lambda _: _application("api")).served,
        "live": serve("live", app=lambda _: _application("live"), sockets=True).served,
    }
    for function in functions.values():
        function.bind(services)
    return Gateway(functions, services, phone=[Route("/phone", page)] if phone else [], waiting=lambda: 7)


async def ask(gateway: Gateway, path: str, kind: str = "http") -> list[Message]:
    """What is answered."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": kind, "method": "GET", "path": path, "headers": [], "query_string": b"", "subprotocols": []}
    await gateway(scope, receive, send)
    return sent


async def said(gateway: Gateway, path: str) -> str:
    """The body of an answer."""
    return b"".join(message.get("body", b"") for message in await ask(gateway, path)).decode()


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/twilio/message", "webhook"),
        ("/api/v1/tasks", "api"),
        ("/", "live"),
        ("/board/main.js", "live"),
        ("/live/events", "live"),
        ("/phone", "phone"),
        ("/health/live", "ok\n"),
    ],
)
async def test_each_path_reaches_whom_it_is_for(path: str, who: str, gateway: Gateway) -> None:
    assert await said(gateway, path) == who


async def test_a_websocket_reaches_the_feed(gateway: Gateway) -> None:
    assert await ask(gateway, "/live", "websocket") == [{"type": "websocket.accept", "subprotocol": "live"}]


async def test_metrics_tell_what_is_open(gateway: Gateway) -> None:
    assert "jotline_events_waiting 7\n" in await said(gateway, "/metrics")


async def test_the_board_is_told_of_the_phone_where_there_is_one(gateway: Gateway) -> None:
    assert await said(gateway, "/board/about.json") == f'{{"number":"{NUMBER}","phone":"/phone"}}'
    assert await said(_gateway(phone=False), "/board/about.json") == "live"


async def test_a_simulated_clock_can_be_moved_without_a_phone() -> None:
    assert "offset" not in await said(_gateway(phone=False), "/phone/api/clock")
    assert '"now"' in await said(_gateway(phone=False, simulated=True), "/phone/api/clock")


@pytest.mark.parametrize("path", ["/apis", "/boards", "/lives", "/phones", "/api", "/nothing"])
async def test_what_is_nobodys_is_not_found(path: str, gateway: Gateway) -> None:
    assert (await ask(gateway, path))[0]["status"] == 404
