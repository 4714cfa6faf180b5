"""Each function alone: a process of its own under functions-framework, as on Knative, with a small stand-in for the broker.

The stand-in for the broker routes by the Triggers of knative/base, delivers over HTTP, and passes replies on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from local.phone.app import create_phone
from local.phone.serving import running
from shared.runtime.clock import RealClock
from shared.runtime.routing import read_routes
from tests.asking import ACCOUNT, PUBLIC_URL, TOKEN, webhook
from tests.box import Process, free_port
from tests.making import ADA, OURS

pytestmark = pytest.mark.asyncio
#: Ends the functions so that Python itself comes to its end, where it tells what was left open; what they have logged.
Stop = Callable[[], Awaitable[str]]
FUNCTIONS = ("webhook", "parse-command", "todo-crud", "notify")


class Ingress:
    """Accepts events, and delivers each to the functions whose Trigger asks for it, again while they answer 5xx."""

    def __init__(self, urls: dict[str, str]) -> None:
        self.urls = urls
        self.seen: list[str] = []
        self.answers: list[tuple[str, int]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def accept(self, request: web.Request) -> web.Response:
        headers = _event_headers(request.headers)
        self._route(headers, await request.read())
        return web.Response(status=202)

    def _route(self, headers: dict[str, str], body: bytes) -> None:
        kind = next(value for name, value in headers.items() if name.lower() == "ce-type")
        self.seen.append(kind.removeprefix("jotline."))
        for route in read_routes():
            if route.event_type == kind:
                task = asyncio.create_task(self._deliver(route.function, headers, body))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _deliver(self, function: str, headers: dict[str, str], body: bytes) -> None:
        async with aiohttp.ClientSession() as session:
            for _ in range(5):
                async with session.post(self.urls[function], data=body, headers=headers) as answer:
                    self.answers.append((function, answer.status))
                    reply = await answer.read()
                    if reply:
                        self._route(_event_headers(answer.headers), reply)
                    if answer.status < 500:
                        return


def _event_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """What makes up an event, of an HTTP message's headers."""
    return {name: value for name, value in headers.items() if name.lower().startswith(("ce-", "content-type"))}


@pytest.fixture
async def cluster(database: str, tmp_path: Path) -> AsyncIterator[tuple[Ingress, dict[str, str], list[str], Stop]]:
    """Four functions, a provider, and the way between them: ingress, URLs, what the provider took, and how it ends."""
    async with AsyncExitStack() as stack:
        phone = create_phone(
            folder=tmp_path,
            clock=RealClock(),
            auth_token=TOKEN,
            account_sid=ACCOUNT,
            number=OURS,
            webhook_url="http://127.0.0.1:1",
        )
        phone_url = await stack.enter_async_context(running(phone))
        ports = {name: free_port() for name in FUNCTIONS}
        urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        ingress, door = Ingress(urls), web.Application()
        door.router.add_post("/", ingress.accept)
        runner = web.AppRunner(door)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        sink = web.TCPSite(runner, "127.0.0.1", free_port())
        await sink.start()
        environment = {
            "DATABASE_URL": database,
            "K_SINK": sink.name,
            "PUBLIC_URL": PUBLIC_URL,
            "PARTY_SECRET": "secret",
            "TWILIO_API_URL": phone_url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": OURS,
            "FUNCTION_TARGET": "handle",
        }
        processes: list[Process] = []
        for name, port in ports.items():
            own = {"FUNCTION_SOURCE": f"functions/{name}/main.py", "HOST": "127.0.0.1", "PORT": str(port)}
            process = Process(["-m", "shared.runtime.server"], environment | own, urls[name], tmp_path / f"{name}.log")
            await process.start()
            stack.push_async_callback(process.stop)
            processes.append(process)
        sent: list[str] = []

        async def listen() -> None:
            while True:
                sent[:] = [one.body for one in phone.messages() if one.direction != "inbound"]
                await asyncio.sleep(0.02)

        listener = asyncio.create_task(listen())
        stack.callback(listener.cancel)

        async def stop() -> str:
            await asyncio.gather(*(process.interrupt() for process in processes))
            return "".join((tmp_path / f"{name}.log").read_text() for name in FUNCTIONS)

        yield ingress, urls, sent, stop


async def test_a_text_goes_through_four_processes_and_comes_back_once(
    cluster: tuple[Ingress, dict[str, str], list[str], Stop],
) -> None:
    ingress, urls, sent, stop = cluster
    text = webhook(Body="buy milk and call mum tomorrow at 5pm", From=ADA)
    body, headers = await text.body(), dict(text.headers)
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.post(f"{urls['webhook']}/twilio/message", data=body, headers=headers) as answer:
                assert answer.status == 200
                assert (await answer.text()).endswith("<Response/>")
        async with asyncio.timeout(30):
            while not sent or ingress.seen.count("command.parsed") < 2 or "notification.sent" not in ingress.seen:
                await asyncio.sleep(0.02)
        for name, url in urls.items():
            for path in ("health/live", "health/ready", "metrics"):
                async with session.get(f"{url}/{path}") as answer:
                    assert answer.status == 200, (name, path)
    assert [text.splitlines()[:3] for text in sent] == [["Added 2:", "#1 Buy milk", "#2 Call mum (tomorrow 5pm)"]]
    assert {status for _, status in ingress.answers} <= {200, 204}
    assert ingress.seen.count("task.created") == 2
    logged = await stop()
    assert '"level": "ERROR"' not in logged, "everything that was opened is closed"
    assert "Unclosed" not in logged
