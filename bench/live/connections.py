"""Idle connections on one instance: what they hold and burn, and how fast a change is with one of them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast
from uuid import UUID, uuid4, uuid5

import psycopg

from bench.text import usage
from bench.text.servers import REPOSITORY, Stack, answers, free_port
from shared.events.ids import NAMESPACE
from shared.runtime.clock import RealClock
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.web import tokens

SECRET = "a secret of at least 32 bytes, for this run alone"  # noqa: S105 - of a bench
IDLE_SECONDS = 60.0
CHANGES, CHANGES_PER_SECOND = 200, 20


def fill(url: str, people: int) -> list[UUID]:
    """So many people without todos."""
    ids = [uuid5(NAMESPACE, f"bench/{number}") for number in range(people)]
    with (
        psycopg.connect(url, autocommit=True) as connection,
        connection.cursor() as cursor,
        cursor.copy(
            "COPY todo.users (id, party, phone, version, settings, dialogue, created_at, updated_at) FROM STDIN"
        ) as copy,
    ):
        now = datetime.now(UTC)
        for number, id_ in enumerate(ids):
            copy.write_row((id_, f"party-{number}", f"+1212{number:07}", 1, "{}", "{}", now, now))
    return ids


@contextmanager
def _clients(port: int, ids: list[UUID], url: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process with a socket for everybody."""
    services = Services(Settings(database_url=url, jwt_secret=SECRET), RealClock())
    file = folder / "tokens"
    file.write_text("\n".join(tokens.issue(services, id_) for id_ in ids))
    command = [sys.executable, "-m", "bench.live.clients", f"ws://127.0.0.1:{port}/live", str(file)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=REPOSITORY) as process:
        try:
            yield process
        finally:
            cast("IO[str]", process.stdin).close()


def measure(stack: Stack, url: str, ids: list[UUID], ws: str) -> dict[str, Any]:
    """One instance from its start to its end."""
    port = free_port()
    environment = {
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "FUNCTION_SOURCE": "functions/live/main.py",
        "DATABASE_URL": url,
        "JWT_SECRET": SECRET,
        "PARTY_SECRET": SECRET,
    }
    before = len(stack.roots)
    instance = [sys.executable, "-m", "bench.live.instance", ws]
    stack.run(f"live-{ws}", instance, lambda: answers(f"http://127.0.0.1:{port}/health/live"), **environment)
    mine = stack.roots[before:]
    with _clients(port, ids[:1], url, stack.folder) as one:
        _line(one)
        started = sum(usage.pss_mb(mine).values())
    spent = _cpu(mine)
    with _clients(port, ids, url, stack.folder) as everybody:
        opened = _line(everybody)
        opening = _cpu(mine) - spent
        time.sleep(2)
        spent, began = _cpu(mine), time.monotonic()
        time.sleep(IDLE_SECONDS)
        idle = (_cpu(mine) - spent) / (time.monotonic() - began)
        held = sum(usage.pss_mb(mine).values())
        spent = _cpu(mine)
        late = _changes(url, ids, everybody)
        changing = _cpu(mine) - spent
    return {
        "connections": opened["open"],
        "opening_seconds": opened["seconds"],
        "opening_cpu_ms_each": opening * 1000 / len(ids),
        "started_mb": started,
        "held_mb": held,
        "kb_each": (held - started) * 1000 / len(ids),
        "idle_cpu_percent": idle * 100,
        "change_p50_ms": late[len(late) // 2] * 1000,
        "change_p99_ms": late[len(late) * 99 // 100] * 1000,
        "change_most_ms": late[-1] * 1000,
        "change_cpu_ms": changing * 1000 / CHANGES,
    }


def _cpu(roots: list[int]) -> float:
    return sum(usage.cpu_seconds(roots).values())


def _line(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The next line it prints.

    Raises:
        RuntimeError: it has ended.
    """
    line = cast("IO[str]", process.stdout).readline()
    if not line:
        raise RuntimeError("the clients have ended")
    return cast("dict[str, Any]", json.loads(line))


def _changes(url: str, ids: list[UUID], clients: subprocess.Popen[str]) -> list[float]:
    """Seconds from before each commit until its message is there, the least first."""
    committed = asyncio.run(_write(url, ids))
    return sorted(heard["at"] - committed[heard["task"]] for heard in (_line(clients) for _ in range(CHANGES)))


async def _write(url: str, ids: list[UUID]) -> dict[str, float]:
    """Add todos of people far apart, at an even pace; when each was begun."""
    begun: dict[str, float] = {}
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("DELETE FROM todo.tasks")  # of the instance before: numbers are given again
        for number in range(CHANGES):
            await asyncio.sleep(1 / CHANGES_PER_SECOND)
            task, user = uuid4(), ids[number * 7919 % len(ids)]
            begun[str(task)] = time.monotonic()
            await connection.execute(_ADD, {"task": task, "user": user, "number": number % 90 + 1})
    return begun


_ADD = """
WITH made AS (
    INSERT INTO todo.tasks (id, user_id, number, title, status, zone, created_at, version)
    VALUES (%(task)s, %(user)s, %(number)s, 'Pay rent', 'open', 'UTC', now(), 1)
)
INSERT INTO todo.task_events (id, user_id, task_id, version, type, message_id, index, at, changed, before)
VALUES ('task.created-' || %(task)s || '-1', %(user)s, %(task)s, 1, 'created', 'SM1', 0, now(), '{}', '{}')
"""
