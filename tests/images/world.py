"""What stands around containers: a database to be reached by TCP, a sink for events, and a provider."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml
from aiohttp import web

from local.phone.app import Phone, create_phone
from local.phone.serving import running
from shared.runtime.clock import RealClock
from tests.asking import ACCOUNT, PUBLIC_URL, TOKEN
from tests.box import free_port
from tests.images import dockerfile
from tests.making import OURS


@asynccontextmanager
async def over_tcp(url: str) -> AsyncIterator[str]:
    """The same database behind a port, for a container does not see the server's socket; its URL."""
    folder = parse_qs(urlsplit(url).query)["host"][0]

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        await asyncio.gather(_pass_on(reader, forth), _pass_on(back, writer))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    parts = urlsplit(url)
    try:
        yield f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}"
    finally:
        server.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


Message = tuple[dict[str, str], bytes]


class World:
    """A sink that keeps what it is sent, and somebody else's Twilio."""

    def __init__(self, database_url: str, sink_url: str, phone_url: str, phone: Phone) -> None:
        self.events: list[Message] = []
        self.arrived = asyncio.Event()
        self.phone = phone
        self.settings = {
            "DATABASE_URL": database_url,
            "K_SINK": sink_url,
            "PUBLIC_URL": PUBLIC_URL,
            "PARTY_SECRET": "secret",
            "TWILIO_API_URL": phone_url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": OURS,
        }

    async def take(self, request: web.Request) -> web.Response:
        """Keep an event."""
        self.events.append((event_headers(request.headers), await request.read()))
        self.arrived.set()
        return web.Response(status=202)

    async def event(self, wanted: Callable[[dict[str, str], bytes], bool]) -> Message:
        """Wait for an event."""
        async with asyncio.timeout(30):
            while True:
                for headers, body in self.events:
                    if wanted(headers, body):
                        return headers, body
                self.arrived.clear()
                await self.arrived.wait()

    async def heard(self) -> str:
        """Wait for the first text the provider is given."""
        async with asyncio.timeout(30):
            while True:
                for message in self.phone.messages():
                    if message.direction != "inbound":
                        return message.body
                await asyncio.sleep(0.02)


def event_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """What makes up an event, of an HTTP message's headers."""
    return {name.lower(): value for name, value in headers.items() if name.lower().startswith(("ce-", "content-type"))}


@asynccontextmanager
async def world(database: str, folder: Path) -> AsyncIterator[World]:
    """Everything around one set of containers."""
    async with AsyncExitStack() as stack:
        phone = create_phone(
            folder=folder / "phone",
            clock=RealClock(),
            auth_token=TOKEN,
            account_sid=ACCOUNT,
            number=OURS,
            webhook_url="http://127.0.0.1:1",
        )
        phone_url = await stack.enter_async_context(running(phone))
        database_url = await stack.enter_async_context(over_tcp(database))
        application = web.Application()
        runner = web.AppRunner(application)
        port = free_port()
        made = World(database_url, f"http://127.0.0.1:{port}", phone_url, phone)
        application.router.add_post("/", made.take)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield made


@dataclass(frozen=True)
class Service:
    """What a function's Service says of its container."""

    command: list[str]
    arguments: list[str]
    environment: dict[str, str]
    volumes: list[str]  # where they are


def service(function: str) -> Service:
    """A function's Service in knative/base."""
    for body in yaml.safe_load_all((dockerfile.ROOT / "knative" / "base" / f"{function}.yaml").read_text()):
        if body["kind"] == "Service":
            spec = body["spec"]["template"]["spec"]["containers"][0]
            given = {one["name"]: one["value"] for one in spec.get("env", [])}
            volumes = [one["mountPath"] for one in spec.get("volumeMounts", [])]
            return Service(spec.get("command", []), spec.get("args", []), given, volumes)
    raise AssertionError(f"{function} has no Service")


def settings_of_the_cluster() -> dict[str, str]:
    """What the ConfigMap says."""
    file = dockerfile.ROOT / "knative" / "base" / "settings.yaml"
    return dict(yaml.safe_load(file.read_text())["data"]) if file.exists() else {}
