"""parse-command and todo-crud on a real PostgreSQL: what they tell of, how often, and that words are read with the right settings."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from shared.events.schemas import TASK_COMPLETED, NotificationRequested, TaskChanged
from shared.runtime.settings import Settings
from tests.making import NOW, later, message
from tests.stage import Stage

pytestmark = pytest.mark.asyncio


class Pair(Stage):
    """The two functions, and what they told of."""

    def __init__(self, database: str) -> None:
        super().__init__(Settings(database_url=database))

    async def text(self, words: str, *, seconds: float = 0) -> str:
        """Text, carry out, and return the reply."""
        self.carried.clear()
        await self.carry_out(message(words, at=later(seconds=seconds)))
        return self.reply

    @property
    def reply(self) -> str:
        """The one reply that was asked for."""
        [body] = [event.data.body for event in self.told if isinstance(event.data, NotificationRequested)]
        return body

    @property
    def changes(self) -> list[TaskChanged]:
        """The changes that were told of."""
        return [event.data for event in self.told if isinstance(event.data, TaskChanged)]


@pytest.fixture
async def pair(database: str) -> AsyncIterator[Pair]:
    made = Pair(database)
    yield made
    await made.services.close()


async def test_create_complete_and_list(pair: Pair) -> None:
    assert (await pair.text("buy milk tomorrow 5pm")).startswith("Added #1 Buy milk (tomorrow 5pm)")
    assert [change.event_type for change in pair.changes] == ["task.created"]
    assert await pair.text("list", seconds=60) == "1 open:\n#1 Buy milk (tomorrow 5pm)"
    assert pair.changes == []
    assert (await pair.text("done 1", seconds=120)).startswith("Done #1 Buy milk")
    assert [change.event_type for change in pair.changes] == ["task.completed"]


async def test_a_completion_says_what_happened_and_keeps_its_id(pair: Pair) -> None:
    await pair.text("put the bins out every friday until 4 dec")
    parsed = await pair.parsed(message("done 1"))
    await pair.todo.deliver(parsed)
    completed = next(event for event in pair.told if event.type == TASK_COMPLETED)
    data = json.loads(completed.data_json())
    assert {"event_id", "event_type", "task_id", "user_id", "timestamp", "payload"} <= set(data)
    assert isinstance(completed.data, TaskChanged)
    assert completed.data.event_version == "1.0"
    assert completed.id == completed.data.event_id == f"task.completed-{completed.data.task_id}-{completed.data.version}"
    assert data["payload"]["completed_at"]
    assert data["payload"]["recurring_pattern"].startswith("FREQ=WEEKLY")
    assert data["payload"]["recurring_end_date"].startswith("202612")
    pair.carried.clear()
    await pair.todo.deliver(parsed)
    assert pair.told == []


async def test_ids_in_the_old_form_are_taken(pair: Pair) -> None:
    old = message("buy milk", message_id="task.created-7c1e-1764082800000")
    await pair.todo.deliver(await pair.parsed(old))
    await pair.todo.deliver(await pair.parsed(old))
    assert pair.reply.startswith("Added #1 Buy milk")


async def test_the_same_message_is_read_the_same_whenever_it_is_read(pair: Pair) -> None:
    told = message("call mum tomorrow at 5", at=NOW)
    first = await pair.parsed(told)
    pair.services.clock.advance(later(days=30) - NOW)  # type: ignore[attr-defined]
    assert await pair.parsed(told) == first


async def test_words_read_before_a_move_are_read_again_after_it(pair: Pair) -> None:
    await pair.text("hi")
    moving, calling = message("I'm in Tokyo", at=later(seconds=10)), message("call mum tomorrow at 5pm", at=later(seconds=11))
    parsed_move, parsed_call = await pair.parsed(moving), await pair.parsed(calling)
    await pair.todo.deliver(parsed_move)
    pair.carried.clear()
    await pair.todo.deliver(parsed_call)
    [change] = pair.changes
    assert change.payload["zone"] == "Asia/Tokyo"
    assert datetime.fromisoformat(change.payload["due_at"]) == datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


async def test_ten_texts_at_once_are_all_carried_out(pair: Pair) -> None:
    parsed = [await pair.parsed(message(f"buy item {letter}")) for letter in "abcdefghij"]
    for _ in range(3):
        await asyncio.gather(*(pair.todo.deliver(one) for one in parsed))
    assert len(pair.changes) == 10
    assert sorted(change.payload["number"] for change in pair.changes) == list(range(1, 11))
