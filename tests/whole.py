"""The whole box in this process: the real functions, broker and routes, a real PostgreSQL.

Only the provider is a double, which remembers; and what is logged is kept as the lines it would be.

`with listening() as lines: async with whole(url) as box: …`. For a box that is a process of its own see `tests.box`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from local.broker import Broker
from local.loading import load_function
from shared.events.ids import outgoing_id, reply_id
from shared.providers.contract import Accepted, Found, Incoming, NotAccepted, Outgoing
from shared.runtime.clock import Clock, SimulatedClock
from shared.runtime.routing import read_routes
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.runtime.telemetry import JsonLines
from tests.asking import ACCOUNT, PUBLIC_URL, TOKEN, webhook
from tests.making import ADA, OURS, SECRET, sid

POLL_SECONDS = 0.01


class MemoryProvider:
    """A provider that takes everything and remembers it; while `down` it takes nothing and says so."""

    def __init__(self, clock: Clock) -> None:
        self.taken: list[Outgoing] = []
        self.refused = 0
        self.down = False
        self.came: list[Incoming] = []
        self._clock = clock
        self._receipts: list[tuple[Outgoing, Found]] = []

    async def send(self, message: Outgoing) -> Accepted:
        """Take a message."""
        if self.down:
            self.refused += 1
            raise NotAccepted("down")
        self.taken.append(message)
        receipt = Found(sid=f"SM{uuid4().hex}", status="queued", created_at=self._clock.now())
        self._receipts.append((replace(message, status_callback=""), receipt))
        return Accepted(sid=receipt.sid, status=receipt.status, segments=1)

    async def find(self, message: Outgoing, since: datetime) -> list[Found]:
        """What it took with these words."""
        same = replace(message, status_callback="")
        return [receipt for taken, receipt in self._receipts if taken == same and receipt.created_at >= since]

    async def received(self, ours: str, since: datetime) -> list[Incoming]:
        """What came for that address."""
        return [one for one in self.came if one.recipient == ours and one.created_at >= since]

    async def close(self) -> None:
        """Nothing to release."""


class Whole:
    """A box to text."""

    def __init__(self, url: str, **more: str) -> None:
        self.clock = SimulatedClock()
        self.provider = MemoryProvider(self.clock)
        settings = Settings(
            database_url=url,
            public_url=PUBLIC_URL,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_from=OURS,
            party_secret=SECRET.decode(),
            **more,
        )
        self.services = Services(settings, self.clock, paced=True)
        self.services.__dict__["provider"] = self.provider
        routes = read_routes()
        self.functions = {name: load_function(name) for name in sorted({route.function for route in routes} | {"webhook"})}
        for function in self.functions.values():
            function.bind(self.services)
        outboxes = [
            self.services.messaging.outbox,
            self.services.todo.outbox,
            self.services.voice.outbox,
            self.services.audit.outbox,
        ]
        self.broker = Broker(routes, self.functions, outboxes, self.services.audit, self.clock)
        self.services.use_carrier(self.broker)

    async def post(self, text: str, *, sender: str = ADA, message_id: str = "", **fields: str) -> tuple[int, str]:
        """Post a signed webhook; its status and its MessageSid."""
        message_id = message_id or sid()
        answer = await self.functions["webhook"](webhook(Body=text, From=sender, MessageSid=message_id, **fields))
        return answer.status_code, message_id

    async def text(self, text: str, *, sender: str = ADA, **fields: str) -> str:
        """A person texts; the MessageSid once it is accepted. Like Twilio, it is posted again until it is."""
        status, message_id = await self.post(text, sender=sender, **fields)
        while status != 200:
            assert status == 503
            await asyncio.sleep(POLL_SECONDS)
            status, _ = await self.post(text, sender=sender, message_id=message_id, **fields)
        return message_id

    async def idle(self, seconds: float = 60) -> None:
        """Wait until everything accepted is worked off."""
        async with asyncio.timeout(seconds):
            while self.broker.waiting:
                await asyncio.sleep(POLL_SECONDS)

    async def read(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        return await self.services.todo.database.fetch(query, *parameters)

    def replies_to(self, message_id: str) -> list[str]:
        """The answers to a message that left, apologies included."""
        names = {str(outgoing_id(reply_id(message_id, kind))) for kind in ("reply", "sorry")}
        return [one.body for one in self.provider.taken if our_id(one) in names]

    def heard_by(self, phone: str) -> list[str]:
        """Every text that left for a person, oldest first."""
        return [one.body for one in self.provider.taken if one.to.rpartition(":")[2] == phone]


def our_id(message: Outgoing) -> str:
    """Our id of a message the provider took, from the callback URL it was given."""
    return parse_qs(urlsplit(message.status_callback).query)["m"][0]


@asynccontextmanager
async def whole(url: str, **more: str) -> AsyncIterator[Whole]:
    """A running box on the database at `url`; `more`: other settings."""
    made = Whole(url, **more)
    await made.broker.start()
    try:
        yield made
    finally:
        await made.broker.stop(seconds=1)
        await made.services.close()


@contextmanager
def listening() -> Iterator[list[str]]:
    """Everything that is logged meanwhile, libraries included, as the lines it would be at LOG_LEVEL=DEBUG."""

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    lines: list[str] = []
    keep, root = Keep(), logging.getLogger()
    keep.setFormatter(JsonLines())
    before = root.level
    root.addHandler(keep)
    root.setLevel("DEBUG")
    try:
        yield lines
    finally:
        root.removeHandler(keep)
        root.setLevel(before)


def values(line: str) -> str:
    """The words of a log line without its time, which is all digits."""
    fields = json.loads(line)
    fields.pop("time")
    return json.dumps(fields, ensure_ascii=False)
