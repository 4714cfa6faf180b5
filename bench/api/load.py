"""Requests at a steady rate, whatever the answers take: how long each took from when it was due, by kind."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import aiohttp

from bench.api.filling import OPEN, task_of

WORDS = ("milk", "rent", "dentist", "plants", "flights", "birthday", "insurance", "boiler", "buy groceries", "book tick")


@dataclass(frozen=True, slots=True)
class Ask:
    """A request."""

    kind: str
    method: str
    path: str
    person: int
    body: dict[str, Any] | None = None


@dataclass(slots=True)
class Took:
    """What came of many requests: seconds of those that were answered well, by kind, and the others' statuses."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    others: list[int] = field(default_factory=list)


def lists(rng: random.Random, people: int, path: str) -> Ask:
    """A list of somebody's."""
    return Ask("list", "GET", path, rng.randint(1, people))


def mixed(rng: random.Random, people: int) -> Ask:
    """A list, a search or a change, equally often."""
    person = rng.randint(1, people)
    kind = rng.choice(("list", "search", "update"))
    if kind == "list":
        sort = rng.choice(("due", "due", "-priority", "-created"))
        return Ask(kind, "GET", f"/api/v1/tasks?sort={sort}", person)
    if kind == "search":
        return Ask(kind, "GET", f"/api/v1/tasks?status=all&q={rng.choice(WORDS).replace(' ', '+')}", person)
    task: UUID = task_of(person, rng.randint(1, OPEN))
    changes = {"title": f"Buy milk {rng.randint(1, 10**9)}", "priority": rng.choice(("low", "high"))}
    return Ask(kind, "PATCH", f"/api/v1/tasks/{task}", person, changes)


async def drive(url: str, tokens: dict[int, str], ask: Callable[[], Ask], *, rate: float, seconds: float) -> Took:
    """Ask at `rate` a second for so long."""
    took, loop = Took(), asyncio.get_running_loop()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        began, waiting = loop.time() + 0.1, set[asyncio.Task[None]]()
        for place in range(int(rate * seconds)):
            due = began + place / rate
            await asyncio.sleep(max(0.0, due - loop.time()))
            task = asyncio.create_task(_one(session, url, tokens, ask(), due, took))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
        await asyncio.gather(*waiting)
    return took


async def _one(session: aiohttp.ClientSession, url: str, tokens: dict[int, str], ask: Ask, due: float, took: Took) -> None:  # noqa: PLR0917 - all that one request is made of
    headers = {"authorization": f"Bearer {tokens[ask.person]}"}
    async with session.request(ask.method, url + ask.path, json=ask.body, headers=headers) as answer:
        await answer.read()
        if answer.status == 200:
            took.seconds.setdefault(ask.kind, []).append(asyncio.get_running_loop().time() - due)
        else:
            took.others.append(answer.status)
