"""Two people at once, through texts, the API and undo in any order: what always holds, whatever they do."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from shared.events.ids import user_id
from shared.todos.model import Status, Task, TaskEvent
from shared.todos.rebuild import rebuild
from tests.integration.web.conftest import Api, api_of
from tests.making import ADA, BOB
from tests.whole import whole

WORDS = ("milk", "rent", "mum", "plants", "tickets", "shoes")
TEXTS = (
    "buy {word}",
    "call {word} tomorrow 5pm #home",
    "water {word} every day",
    "done {number}",
    "delete {number}",
    "move {number} to friday",
    "reopen {number}",
    "{number} high priority",
    "undo",
    "redo",
    "undo twice",
    "skip {number}",
    "buy {word} and pay {word} on monday",
)


class Walker:
    """Somebody who does one thing after the other, at random."""

    def __init__(self, api: Api, phone: str, rng: random.Random) -> None:
        self.api, self.phone, self.rng = api, phone, rng
        self.id = user_id(api.box.services.party_of(phone))
        self.versions: dict[str, int] = {}
        self.seen: set[str] = set()

    async def walk(self, steps: int) -> None:
        """Do so many things."""
        ways: list[Callable[[], Awaitable[None]]] = [self.text, self.create, self.change, self.complete, self.delete, self.back]
        for _ in range(steps):
            await self.rng.choice(ways)()

    async def text(self) -> None:
        """Text something; the answer is not waited for."""
        said = self.rng.choice(TEXTS).format(word=self.rng.choice(WORDS), number=self.rng.randint(1, 6))
        await self.api.box.text(said, sender=self.phone)

    async def create(self) -> None:
        """Add a todo, or several."""
        wanted = {"title": f"Buy {self.rng.choice(WORDS)}", "priority": self.rng.choice(["low", "high"])}
        if self.rng.random() < 0.4:
            wanted |= {"due_date": "2099-03-01T09:00", "recurring_pattern": self.rng.choice(["DAILY", "MONTHLY"])}
        if self.rng.random() < 0.3:
            steps = [{"op": "create", "task": wanted}, {"op": "create", "task": {"title": "Second"}}]
            await self.ask("POST", "/tasks/bulk", {"operations": steps})
        else:
            await self.ask("POST", "/tasks", wanted)

    async def change(self) -> None:
        """Change one that is there, or was."""
        changes = self.rng.choice([{"title": "Other"}, {"due_date": "2099-04-01"}, {"tags": ["home"]}, {"due_date": None}])
        await self.ask("PATCH", f"/tasks/{await self.some()}", changes)

    async def complete(self) -> None:
        """Do or reopen one."""
        await self.ask("PATCH", f"/tasks/{await self.some()}/complete", {"completed": self.rng.random() < 0.7})

    async def delete(self) -> None:
        """Delete one."""
        await self.ask("DELETE", f"/tasks/{await self.some()}")

    async def back(self) -> None:
        """Undo or redo."""
        await self.ask("POST", self.rng.choice(["/undo", "/undo", "/redo"]), {"steps": self.rng.choice([1, 1, 2])})

    async def some(self) -> str:
        """A todo of theirs."""
        page = await self.ask("GET", "/tasks?status=all&limit=200")
        self.seen |= {task["id"] for task in page["tasks"]}
        assert all(task["user_id"] == str(self.id) for task in page["tasks"])
        for task in page["tasks"]:
            assert task["version"] >= self.versions.get(task["id"], 0), "versions only rise"
            self.versions[task["id"]] = task["version"]
        return self.rng.choice(sorted(self.seen)) if self.seen else str(self.id)

    async def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Ask the API; a rule may say no."""
        more = {} if body is None else {"json": body}
        answer = await self.api.ask(method, path, as_=self.phone, **more)
        assert answer.status_code in {200, 201, 204, 404, 409, 412}, (method, path, body, answer.text)
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


@pytest.fixture
async def api(database: str) -> AsyncIterator[Api]:
    """The API of a fresh box that nobody can ask too often."""
    async with whole(database, rate_limit="10000") as box, api_of(box) as made:
        yield made


async def check(api: Api, walkers: list[Walker]) -> None:
    """What always holds."""
    for walker in walkers:
        rows = await api.box.read("SELECT to_jsonb(t)::text FROM todo.tasks t WHERE user_id = %s", walker.id)
        kept = [Task.model_validate_json(row, strict=False) for row in (_without_generated(text) for (text,) in rows)]
        events = await api.box.read(
            "SELECT to_jsonb(e) - 'user_id' - 'sequence' FROM todo.task_events e WHERE user_id = %s ORDER BY sequence",
            walker.id,
        )
        history = [TaskEvent.model_validate(event, strict=False) for (event,) in events]
        assert rebuild(history) == {task.id: task for task in kept}, "rows are what their events make"
        numbers = [task.number for task in kept if task.status is Status.OPEN]
        assert len(numbers) == len(set(numbers)), "numbers are unique among open todos"
        versions: dict[Any, int] = {}
        for event in history:
            assert event.version == versions.get(event.task_id, 0) + 1, "every version is an event"
            versions[event.task_id] = event.version
    for one, other in (walkers, reversed(walkers)):
        for task_id in sorted(other.seen)[:5]:
            assert (await api.get(f"/tasks/{task_id}", as_=one.phone)).status_code == 404
    strangers = "SELECT count(*) FROM todo.task_events e JOIN todo.tasks t ON t.id = e.task_id WHERE t.user_id <> e.user_id"
    owners = await api.box.read(strangers)
    assert owners == [(0,)], "nobody's change is of another's todo"


def _without_generated(text: str) -> str:
    row = json.loads(text)
    return json.dumps({name: value for name, value in row.items() if name in Task.model_fields})


async def at_once(api: Api, seed: int, *, rounds: int, steps: int) -> None:
    """Both walk at the same time; when everything is worked off, everything holds."""
    walkers = [Walker(api, phone, random.Random(f"{seed} {phone}")) for phone in (ADA, BOB)]
    for walker in walkers:
        await api.token(walker.phone)
    for _ in range(rounds):
        await asyncio.gather(*(walker.walk(steps) for walker in walkers))
        await api.box.idle()
        for walker in walkers:
            await walker.some()
        await check(api, walkers)


async def test_two_people_at_once(api: Api) -> None:
    await at_once(api, 1, rounds=2, steps=20)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 8))
async def test_two_people_at_once_for_long(api: Api, seed: int) -> None:
    await at_once(api, seed, rounds=4, steps=40)
