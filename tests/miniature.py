"""A cluster in miniature, in this process: the real functions behind real HTTP, a real PostgreSQL, and a broker that can be unkind.

The broker accepts CloudEvents at /broker, routes them by the Triggers of knative/base, one after the other for each Trigger, passes
replies on, tries again, and hands what it gives up to audit as Knative's RabbitMQ broker does. It can refuse, be slow, and lose.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from local.loading import load_function
from local.phone.serving import serving
from shared.runtime.clock import SimulatedClock
from shared.runtime.consumers import SCHEMAS
from shared.runtime.routing import read_routes
from shared.runtime.services import Services
from shared.runtime.serving import Function
from shared.runtime.settings import Settings
from tests.asking import ACCOUNT, PUBLIC_URL, TOKEN, request, webhook
from tests.making import ADA, OURS, SECRET, sid
from tests.whole import MemoryProvider, our_id

Headers = dict[str, str]


@dataclass
class UnkindBroker:
    """Where events pass. `status`: what it answers; `lost`: (function, type) of deliveries it lets fall, once each."""

    functions: Mapping[str, Function]
    url: str
    status: int = 202
    tries: int = 3
    accepted: list[Headers] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)
    _queues: dict[tuple[str, str], asyncio.Queue[tuple[Headers, bytes]]] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._triggers = defaultdict(list)
        for route in read_routes():
            self._triggers[route.event_type].append(route.function)

    async def accept(self, asked: Request) -> Response:
        """An event comes in."""
        if self.status == 202:
            self.take(_event_headers(asked.headers), await asked.body())
        return PlainTextResponse("", status_code=self.status)

    def take(self, headers: Headers, body: bytes) -> None:
        """Queue an event for everyone whose Trigger asks for it."""
        self.accepted.append(headers)
        for function in self._triggers[headers["ce-type"]]:
            key = (function, headers["ce-type"])
            if key not in self._queues:
                self._queues[key] = asyncio.Queue()
                self._tasks.append(asyncio.create_task(self._dispatch(function, self._queues[key])))
            self._queues[key].put_nowait((headers, body))

    async def idle(self) -> None:
        """Wait until nothing is queued."""
        async with asyncio.timeout(30):
            passed = -1
            while passed != len(self.accepted):
                passed = len(self.accepted)
                for queue in list(self._queues.values()):
                    await queue.join()

    async def stop(self) -> None:
        """End the dispatchers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _dispatch(self, function: str, queue: asyncio.Queue[tuple[Headers, bytes]]) -> None:
        while True:
            headers, body = await queue.get()
            try:
                await self._deliver(function, headers, body)
            finally:
                queue.task_done()

    async def _deliver(self, function: str, headers: Headers, body: bytes) -> None:
        if (function, headers["ce-type"]) in self.lost:
            self.lost.remove((function, headers["ce-type"]))
            return
        code = 0
        for _ in range(self.tries):
            answer = await self.functions[function](request("/", body, headers=_as_dispatched(headers)))
            code = answer.status_code
            if code < 300:
                if bytes(answer.body):
                    self.take(_event_headers(answer.headers), bytes(answer.body))
                return
        said = {"ce-knativeerrordest": f"{self.url}/f/{function}", "ce-knativeerrorcode": str(code)}
        assert (await self.functions["audit"](request("/", body, headers=headers | said))).status_code == 204


def _event_headers(headers: Mapping[str, str]) -> Headers:
    return {
        name.lower(): value
        for name, value in headers.items()
        if name.lower().startswith("ce-") or name.lower() in ("content-type", "traceparent")
    }


def _as_dispatched(headers: Headers) -> Headers:
    """Knative's RabbitMQ dispatcher lets the extension fall."""
    return {name: value for name, value in headers.items() if name != "ce-traceparent"}


class Miniature:
    """A cluster to text."""

    def __init__(self, database: str, url: str, functions: dict[str, Function], **settings: Any) -> None:
        self.clock = SimulatedClock()
        self.provider = MemoryProvider(self.clock)
        self.functions = functions
        self.away: set[str] = set()  # functions that do not answer
        self.settings = Settings(
            database_url=database,
            k_sink=f"{url}/broker",
            function_url=f"{url}/f/{{function}}",
            public_url=PUBLIC_URL,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_from=OURS,
            party_secret=SECRET.decode(),
            **settings,
        )
        self.services = Services(self.settings, self.clock)
        self.services.__dict__["provider"] = self.provider
        for function in functions.values():
            function.bind(self.services)
        self.broker = UnkindBroker(functions, url)

    async def text(self, text: str, *, sender: str = ADA, **fields: str) -> str:
        """A person texts; the MessageSid once it is accepted."""
        message_id = fields.pop("MessageSid", sid())
        answer = await self.functions["webhook"](webhook(Body=text, From=sender, MessageSid=message_id, **fields))
        assert answer.status_code == 200
        return message_id

    async def relay(self, *, rounds: int = 1, **later: float) -> None:
        """Let that much time pass, then let the relay do rounds, and wait until all it began has ended."""
        self.clock.advance(timedelta(**later))
        self.services.relay.sweep_next()
        for _ in range(rounds):
            await self.services.relay.round()
            await self.services.relay.settle()
            await self.broker.idle()

    async def read(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        return await self.services.todo.database.fetch(query, *parameters)

    async def outbox(self) -> list[tuple[Any, ...]]:
        """What is not consumed: event type without its prefix, and the function it is for alone."""
        schemas = ("todo", "messaging", "voice", "audit")
        tables = " UNION ALL ".join(f"SELECT type, for_function FROM {one}.outbox" for one in schemas)  # noqa: S608
        return [(kind.removeprefix("jotline."), name) for kind, name in await self.read(f"{tables} ORDER BY 1, 2")]

    def heard(self, phone: str = ADA) -> list[str]:
        """The first line of every text that left for a person, oldest first (a newcomer is also welcomed)."""
        return [one.body.partition("\n")[0] for one in self.provider.taken if one.to == phone]

    def sent_ids(self) -> list[str]:
        """Our ids of what left."""
        return [our_id(one) for one in self.provider.taken]


@asynccontextmanager
async def miniature(database: str, **settings: Any) -> AsyncIterator[Miniature]:
    """A running cluster on the database at that URL."""
    made: Miniature | None = None
    functions = {name: load_function(name) for name in (*SCHEMAS, "webhook", "audit")}

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        assert made is not None
        asked = Request(scope, receive)
        if asked.url.path == "/broker":
            answer = await made.broker.accept(asked)
        else:
            name, _, path = asked.url.path.removeprefix("/f/").partition("/")
            if name in made.away:
                answer = PlainTextResponse("nobody there", status_code=503)
            else:
                answer = await functions[name](Request({**scope, "path": f"/{path}"}, receive))
        await answer(scope, receive, send)

    async with serving(door) as url:
        made = Miniature(database, url, functions, **settings)
        try:
            yield made
        finally:
            await made.broker.stop()
            await made.services.close()
