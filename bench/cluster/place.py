"""A running cluster to text: behind Knative's own data plane, with a phone that keeps every text it got.

Everything that is not under test is outside: the database is the caller's, and texts are posted to webhook as Twilio posts them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import aiohttp
import psycopg

from local.cluster.manifests import Cluster, read_cluster
from local.cluster.parts import Phone, api_url, public_url
from local.cluster.simulation import Door, Simulation
from local.phone.client import ask
from shared.providers.signature import sign
from shared.voice.models import DEMO

ACCOUNT = "AC" + "c" * 32
TOKEN = "the token of nobody's account"  # noqa: S105 - signs webhooks on loopback only
OURS = "+14155550100"
SECRET = "a secret for measurements"  # noqa: S105 - the same
#: Who may see dead letters, once signed in.
ADMIN = "+12125550199"
POLL_SECONDS = 0.1
#: How long a dispatcher or a function that was told to stop may take before it is made to. Kubernetes waits 30 s.
GRACE_SECONDS = 3.0


def make_secret(cluster: Cluster, database: str, folder: Path, log_level: str = "WARNING") -> dict[str, str]:
    """What the functions find in their Secret."""
    return {
        "DATABASE_URL": database,
        "PARTY_SECRET": SECRET,
        "JWT_SECRET": SECRET * 2,
        "ADMIN_PHONES": ADMIN,
        "PUBLIC_URL": public_url(cluster),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": OURS,
        "TEXTS_PER_MINUTE": "0",  # people here text faster than anybody does
        "TWILIO_API_URL": api_url(cluster),
        "AUDIO_STORE_URL": (folder / "audio").as_uri(),
        "WHISPER_MODEL": str(DEMO),
        "LOG_LEVEL": log_level,
    }


class Place:
    """A cluster that runs, and ways to text it, look at it and hurt it."""

    def __init__(self, folder: Path, database: str, cluster: Cluster, *, log_level: str = "WARNING") -> None:
        self.database = database
        self.cluster = cluster
        doors = [Door(name) for name in ("phone", "ingress", *(service.name for service in cluster.services))]
        phone = Phone(ACCOUNT, TOKEN, OURS, ("--pace-seconds=0",))
        self.simulation = Simulation(
            folder, cluster, make_secret(cluster, database, folder.resolve(), log_level), phone, doors=doors
        )

    def url(self, door: str) -> str:
        """Where a part is reached from outside."""
        return f"http://127.0.0.1:{self.simulation.port(door)}"

    async def post(self, session: aiohttp.ClientSession, text: str, *, sender: str, message_id: str = "") -> int:
        """Post a text as Twilio does; returns the HTTP status, 0 when nobody answered."""
        fields = {
            "MessageSid": message_id or f"SM{uuid4().hex}",
            "AccountSid": ACCOUNT,
            "From": sender,
            "To": OURS,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        headers = {
            "X-Twilio-Signature": sign(f"{public_url(self.cluster)}/twilio/message", fields.items(), TOKEN),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            async with session.post(f"{self.url('webhook')}/twilio/message", data=urlencode(fields), headers=headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0

    async def text(self, session: aiohttp.ClientSession, text: str, *, sender: str) -> int:
        """Post a text until it is accepted, as Twilio does with more patience; returns how often it had to be posted."""
        message_id, tries = f"SM{uuid4().hex}", 1
        while await self.post(session, text, sender=sender, message_id=message_id) != 200:
            tries += 1
            await asyncio.sleep(0.25)
        return tries

    async def speak(self, sender: str, recording: bytes) -> None:
        """A person sends a voice note."""
        query: dict[str, str | int] = {"phone": sender, "channel": "sms"}
        await asyncio.to_thread(ask, self.url("phone"), "/phone/api/recordings", query, file=(recording, "audio/wav"))

    def heard(self, sender: str = "%") -> list[str]:
        """Every text of ours that the phone took for a person (all people when none is named), oldest first."""
        file = self.simulation.folder / "phone" / "phone.sqlite"
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as phone:
            query = "SELECT body FROM messages WHERE direction = 'outbound-api' AND phone LIKE ? ORDER BY id"
            return [str(body) for (body,) in phone.execute(query, (sender,))]

    async def hears(self, sender: str, count: int = 1, seconds: float = 60) -> list[str]:
        """Wait until a person got so many texts."""
        async with asyncio.timeout(seconds):
            while True:
                if len(heard := self.heard(sender)) >= count:
                    return heard
                await asyncio.sleep(POLL_SECONDS)

    def read(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), parameters)
            return list(cursor.fetchall()) if cursor.description else []

    async def tick(self, session: aiohttp.ClientSession) -> None:
        """Do what the PingSources do, but without waiting for the minute: one tick after the other, until cancelled."""
        while True:
            try:
                async with session.post(f"{self.url('audit')}/tick", timeout=aiohttp.ClientTimeout(total=90)) as answer:
                    await answer.read()
            except (aiohttp.ClientError, OSError, TimeoutError):
                await asyncio.sleep(POLL_SECONDS)

    async def kill(self, part: str) -> None:
        """kill -9; its keeper starts it again."""
        await self._signal(part, signal.SIGKILL)

    async def stop(self, part: str) -> None:
        """SIGTERM, and an end to it after the grace that Kubernetes has too: a dispatcher often does not end by itself."""
        pid = await self._signal(part, signal.SIGTERM)
        await asyncio.sleep(GRACE_SECONDS)
        found = self.simulation.process(part)
        if found is not None and found.pid == pid:
            await self._signal(part, signal.SIGKILL)

    async def _signal(self, part: str, number: signal.Signals) -> int:
        async with asyncio.timeout(60):
            while True:
                if found := self.simulation.process(part):
                    break
                await asyncio.sleep(POLL_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.pid, number)
        return found.pid


@contextmanager
def place(
    folder: Path,
    database: str,
    *,
    components: Sequence[str] = ("rabbitmq",),
    cluster: Cluster | None = None,
    log_level: str = "WARNING",
) -> Iterator[Place]:
    """A cluster that runs until the block ends."""
    made = Place(folder, database, cluster or read_cluster(components=components), log_level=log_level)
    try:
        made.simulation.start()
        yield made
    finally:
        made.simulation.stop()
