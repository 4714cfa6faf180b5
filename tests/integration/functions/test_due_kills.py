"""Two remind and two digest processes on one database, killed with -9 at any moment and started again: everything comes once."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp
import psycopg
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from local.loading import ROOT
from local.phone.serving import serving
from shared.events.schemas import DIGEST_REQUESTED, NOTIFICATION_REQUESTED, REMINDER_TRIGGERED
from tests.box import free_port

pytestmark = [pytest.mark.asyncio, pytest.mark.long]

PEOPLE, TODOS, SECONDS = 200, 4, 12
KILLS, SEED = 16, 6
PATIENCE_SECONDS = 120.0

#: Each person has todos with names of their own, and one that is overdue. Two of the reminders come at the same second, the digest
#: at one close by; the one after that half a day later.
FILL = """
INSERT INTO todo.users (id, party, phone, version, settings, dialogue, digest_at, created_at, updated_at)
SELECT md5('user' || n)::uuid, md5('party' || n), '+1212555' || lpad(n::text, 4, '0'), 1,
       jsonb_build_object('zone', 'UTC', 'digest', jsonb_build_object('at', (now() + interval '12 hours')::time(0))), '{}',
       now() + (1 + n %% %(seconds)s) * interval '1 second', now(), now()
FROM generate_series(1, %(people)s) n;
INSERT INTO todo.tasks (id, user_id, number, title, status, due_day, due_at, zone, created_at, version)
SELECT md5('task' || n || '.' || k)::uuid, md5('user' || n)::uuid, k, 'Thing ' || n || '-' || k || ' end', 'open', at::date, at,
       'UTC', now(), 1
FROM generate_series(1, %(people)s) n, generate_series(1, %(todos)s) k,
     LATERAL (SELECT date_trunc('second', now()) + (2 + (n * 7 + greatest(k, 2) * 5) %% %(seconds)s) * interval '1 second' AS at) due;
INSERT INTO todo.reminders (id, user_id, task_id, at, meant_for)
SELECT md5('reminder' || id)::uuid, user_id, id, due_at, due_at FROM todo.tasks;
INSERT INTO todo.tasks (id, user_id, number, title, status, due_day, zone, created_at, version)
SELECT md5('old' || id)::uuid, id, 99, 'Old errand', 'open', now()::date - 1, 'UTC', now(), 1 FROM todo.users
"""


@dataclass
class Door:
    """A broker's door, as slow as a real one at its worst: many are killed between their commit and its answer."""

    ids: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await request.body()
        await asyncio.sleep(0.02)
        self.ids.append(f"{request.headers['ce-type']}/{request.headers['ce-id']}")
        await PlainTextResponse("", status_code=202)(scope, receive, send)


class Worker:
    """A process of a function, asked for a tick whenever it has none; it may be killed."""

    def __init__(self, function: str, environment: dict[str, str]) -> None:
        self.port = free_port()
        own = {"FUNCTION_SOURCE": f"functions/{function}/main.py", "FUNCTION_TARGET": "handle", "PORT": str(self.port)}
        self._environment = environment | own
        self._process: asyncio.subprocess.Process | None = None
        self._ticking: asyncio.Task[None] | None = None

    async def start(self, session: aiohttp.ClientSession) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "shared.runtime.server", cwd=ROOT, env=self._environment, stderr=asyncio.subprocess.DEVNULL
        )
        self._ticking = self._ticking or asyncio.create_task(self._tick(session))

    async def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
        await self.kill()

    async def _tick(self, session: aiohttp.ClientSession) -> None:
        while True:
            with suppress(aiohttp.ClientError):
                await session.post(f"http://127.0.0.1:{self.port}/tick")
            await asyncio.sleep(0.05)


@pytest.fixture
async def workers(database: str) -> AsyncIterator[tuple[list[Worker], Door, aiohttp.ClientSession]]:
    door = Door()
    async with serving(door) as url, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {"DATABASE_URL": database, "K_SINK": url, "TWILIO_FROM": "+14155550100", "HOST": "127.0.0.1"}
        made = [Worker(function, kept | own) for function in ("remind", "remind", "digest", "digest")]
        for worker in made:
            await worker.start(session)
        yield made, door, session
        for worker in made:
            await worker.stop()


@pytest.mark.long
async def test_everything_comes_once_whoever_is_killed(
    database: str, workers: tuple[list[Worker], Door, aiohttp.ClientSession]
) -> None:
    processes, door, session = workers
    chance = random.Random(SEED)
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        facts = {"people": PEOPLE, "todos": TODOS, "seconds": SECONDS}
        for statement in FILL.split(";"):
            await connection.execute(statement.encode(), facts if "%(" in statement else None)
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.1, 1.4))
            victim = chance.choice(processes)
            await victim.kill()
            await victim.start(session)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await _waiting(connection):
                await asyncio.sleep(0.1)
        rows = await (await connection.execute("SELECT type, event_id, event FROM todo.outbox")).fetchall()
    written = Counter(f"{kind}/{event_id}" for kind, event_id, _ in rows)
    bodies = [json.loads(event)["data"]["body"] for kind, _, event in rows if kind == NOTIFICATION_REQUESTED]
    reminded = Counter(title for body in bodies for title in _titles(body))
    kinds = Counter(kind for kind, _, _ in rows)
    digests = Counter(json.loads(event)["data"]["recipient"] for kind, _, event in rows if kind == DIGEST_REQUESTED)

    assert reminded == Counter({f"Thing {n}-{k} end": 1 for n in range(1, PEOPLE + 1) for k in range(1, TODOS + 1)})
    assert digests == Counter({f"+1212555{n:04}": 1 for n in range(1, PEOPLE + 1)})
    assert kinds[REMINDER_TRIGGERED] == PEOPLE * TODOS
    assert len(bodies) < PEOPLE * TODOS, "those of one person at one second are one text"
    posted = Counter(door.ids)
    assert not posted - written, "nothing was posted twice, or without being committed"


async def _waiting(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> bool:
    """Whether something is due and not handed over, or about to be."""
    query = """SELECT EXISTS (SELECT FROM todo.reminders WHERE state = 'scheduled')
               OR EXISTS (SELECT FROM todo.users WHERE digest_at < now() + interval '1 hour')"""
    return bool((await (await connection.execute(query)).fetchone() or (True,))[0])


def _titles(body: str) -> list[str]:
    """The names of the todos that a text reminds of."""
    return [f"Thing {part.split(' end')[0]} end" for part in body.split("Thing ")[1:]]
