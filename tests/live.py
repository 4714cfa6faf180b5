"""An instance of the live feed as a cluster runs it, on a server of its own, and clients of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from shared.runtime.clock import SimulatedClock
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.runtime.uvicorn_server import WEBSOCKETS, Server
from shared.todos.model import Person, Task
from shared.web import tokens
from shared.web.live.app import Live
from tests.box import free_port
from tests.making import ADA, NOW, SECRET, creation, decision, message, person, task

PATIENCE_SECONDS = 20.0


def services_on(database: str, **more: str) -> Services:
    """What an instance uses; its clock begins at NOW. `more`: other settings."""
    clock = SimulatedClock()
    clock.offset = NOW - clock.now()
    settings = Settings(
        database_url=database, party_secret=SECRET.decode(), jwt_secret="a secret of at least 32 bytes for tests", **more
    )
    return Services(settings, clock)


class People:
    """Writes todos as todo-crud does."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._seen: dict[str, Person] = {}

    async def adds(self, *titles: str, phone: str = ADA, note: str = "", **settings: Any) -> list[Task]:
        """Somebody adds todos, all in one decision."""
        who = self._seen.get(phone) or person(phone)
        first = sum(1 for _ in who.tasks) + 1
        made = [task(first + place, title, note=note) for place, title in enumerate(titles)]
        events = tuple(creation(one, index=place) for place, one in enumerate(made))
        cause = message(sender=phone)
        written = await self._services.todo.commit(
            who, decision(*made, events=events, **settings), [], function="todo-crud", cause=cause
        )
        assert written is not None
        self._seen[phone] = who.model_copy(update={"version": who.version + 1, "tasks": (*who.tasks, *made), "known": True})
        return made

    def token(self, phone: str = ADA) -> str:
        """A token of theirs, good for a quarter of an hour."""
        return tokens.issue(self._services, self.id(phone))

    @staticmethod
    def id(phone: str = ADA) -> UUID:
        """Their id."""
        return person(phone).id

    async def leaves(self, phone: str = ADA) -> None:
        """Somebody leaves for good."""
        await self._services.database("todo").fetch("DELETE FROM todo.users WHERE id = %s", self.id(phone))


class Instance:
    """A server with the function's application."""

    def __init__(self, database: str, **more: str) -> None:
        self.services = services_on(database, **more)
        self.people = People(self.services)
        self.live = Live(self.services)
        self.port = free_port()
        config = uvicorn.Config(
            self.live, host="127.0.0.1", port=self.port, http="httptools", lifespan="off", log_config=None, **WEBSOCKETS
        )
        self.server = Server(config, self.live.end)

    @property
    def url(self) -> str:
        """Where its WebSocket is."""
        return f"ws://127.0.0.1:{self.port}/live"

    def moves_on(self, by: timedelta) -> None:
        """Time goes by."""
        clock = self.services.clock
        assert isinstance(clock, SimulatedClock)
        clock.advance(by)

    @asynccontextmanager
    async def client(self, phone: str = ADA, **first: Any) -> AsyncIterator[Client]:
        """A client that has shown its token, and was greeted."""
        async with connect(self.url, subprotocols=[Subprotocol("jotline")]) as socket:
            client = Client(socket)
            await client.says({"token": self.people.token(phone), **first})
            yield client


class Client:
    """One open socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def says(self, what: object) -> None:
        """Send JSON."""
        await self.socket.send(json.dumps(what))

    async def hears(self, *kinds: str) -> list[dict[str, Any]]:
        """The next messages, which are of these types; pings aside."""
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(found) < len(kinds):
                heard = json.loads(await self.socket.recv())
                if heard["type"] != "ping":
                    found.append(heard)
        assert [one["type"] for one in found] == list(kinds)
        return found

    async def ends(self) -> int:
        """The code it is closed with, after whatever comes before."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await self.socket.recv()
        return self.socket.close_code or 0


@asynccontextmanager
async def running(database: str, **more: str) -> AsyncIterator[Instance]:
    """An instance that serves; stopped at the end. `more`: other settings."""
    made = Instance(database, **more)
    serving = asyncio.create_task(made.server._serve())  # noqa: SLF001 - `serve` takes the signals for itself
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not made.server.started:
                await asyncio.sleep(0.01)
        yield made
    finally:
        made.server.handle_exit(signal.SIGTERM, None)
        await serving
        await made.services.close()
