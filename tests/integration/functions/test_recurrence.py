"""recurrence on a real PostgreSQL: a series goes on whoever has completed a todo, and never twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from shared.events.envelope import Event
from shared.events.schemas import REMINDER_SCHEDULED, TASK_COMPLETED, TASK_CREATED, TaskChanged
from shared.runtime.serving import Done
from shared.runtime.settings import Settings
from tests.making import message
from tests.stage import Stage

pytestmark = pytest.mark.asyncio

TEN = datetime.fromisoformat("2026-11-25T10:00-05:00")


class World(Stage):
    """Somebody who texts, and what other programs tell of their todos."""

    def __init__(self, database: str) -> None:
        super().__init__(Settings(database_url=database))
        self.clock.offset = TEN - datetime.now(UTC)
        self.recurrence = self.load("recurrence")

    async def text(self, words: str) -> None:
        """Text, and carry it out."""
        self.clock.advance(timedelta(minutes=2))
        self.carried.clear()
        await self.carry_out(message(words, at=self.clock.now()))

    async def completed(self, words: str, pattern: str | None = "DAILY", end: str | None = None) -> Event:
        """A todo is done, by a program that leaves its next time to us: the event that it writes."""
        await self.text(words)
        await self.text("done 1")
        return self.as_told(pattern, end)

    def as_told(self, pattern: str | None, end: str | None = None) -> Event:
        """The completion that was just told, with another rule."""
        [told] = [event for event in self.told if event.type == TASK_COMPLETED]
        data = cast(TaskChanged, told.data)
        payload = {**data.payload, "recurring_pattern": pattern, "recurring_end_date": end}
        return replace(told, data=data.model_copy(update={"payload": payload}))

    async def deliver(self, event: Event) -> list[TaskChanged]:
        """Let recurrence have the event; the todos that it tells of."""
        self.carried.clear()
        assert isinstance(await self.recurrence.deliver(event), Done)
        return [event.data for event in self.told if isinstance(event.data, TaskChanged)]

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        return await self.services.database("todo").fetch(query)

    async def open(self) -> list[tuple[Any, ...]]:
        """Number, title and day of the open todos."""
        return await self.rows("SELECT number, title, due_day::text FROM todo.tasks WHERE status = 'open' ORDER BY number")


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    made = World(database)
    yield made
    await made.services.close()


def again(event: Event, number: int) -> Event:
    """The same completion told anew: another event of the same thing."""
    return replace(event, id=f"{event.id}-{number}")


async def test_a_completion_from_elsewhere_has_its_next_time(world: World) -> None:
    completed = await world.completed("call mum today at 5pm")
    [made] = await world.deliver(completed)
    assert made.event_type == "task.created"
    assert made.payload["parent_id"] == completed.subject
    assert await world.open() == [(1, "Call mum", "2026-11-26")]
    assert [event.type for event in world.told] == [TASK_CREATED, REMINDER_SCHEDULED]
    assert await world.rows("SELECT at FROM todo.reminders WHERE state = 'scheduled'") == [
        (datetime.fromisoformat("2026-11-26T22:00+00:00"),)
    ]
    assert await world.rows("SELECT parent_id::text FROM todo.tasks WHERE status = 'open'") == [(completed.subject,)]


async def test_a_replayed_completion_makes_one(world: World) -> None:
    completed = await world.completed("call mum today at 5pm")
    assert len(await world.deliver(completed)) == 1
    assert await world.deliver(completed) == []
    assert await world.deliver(again(completed, 1)) == []
    assert len(await world.open()) == 1


async def test_twenty_at_once_make_one(world: World, database: str) -> None:
    completed = await world.completed("call mum today at 5pm")
    others = [World(database) for _ in range(3)]
    world.carried.clear()
    workers = [world, *others]
    events = [again(completed, number) if number % 2 else completed for number in range(20)]
    await asyncio.gather(*(workers[number % 4].recurrence.deliver(event) for number, event in enumerate(events)))
    made = [event for one in workers for event in one.told if event.type == TASK_CREATED]
    for one in others:
        await one.services.close()
    assert len(made) == 1
    assert len(await world.open()) == 1


async def test_what_todo_crud_has_made_is_not_made_again(world: World) -> None:
    await world.text("every friday put the bins out")
    await world.text("done 1")
    completed = world.as_told("FREQ=WEEKLY;BYDAY=FR")
    assert await world.deliver(completed) == []
    assert await world.open() == [(1, "Put the bins out", "2026-12-04")]


async def test_a_completion_that_was_undone_meanwhile_leads_to_nothing(world: World) -> None:
    completed = await world.completed("call mum today at 5pm")
    await world.text("undo")
    assert await world.deliver(completed) == []
    assert await world.open() == [(1, "Call mum", "2026-11-25")]


async def test_done_undone_and_done_again_has_one_next_time(world: World) -> None:
    first = await world.completed("call mum today at 5pm")
    await world.text("undo")
    await world.text("done 1")
    second = world.as_told("DAILY")
    assert [len(await world.deliver(event)) for event in (first, second, first, second)] == [0, 1, 0, 0]
    assert await world.open() == [(1, "Call mum", "2026-11-26")]


async def test_a_next_time_that_was_deleted_is_not_brought_back(world: World) -> None:
    completed = await world.completed("call mum today at 5pm")
    await world.deliver(completed)
    await world.text("delete 1")
    assert await world.open() == []
    assert await world.deliver(again(completed, 1)) == []
    assert await world.open() == []


async def test_undo_takes_the_completion_and_its_next_time_back(world: World) -> None:
    completed = await world.completed("call mum today at 5pm")
    await world.deliver(completed)
    await world.text("undo")
    assert await world.open() == [(1, "Call mum", "2026-11-25")]


async def test_a_series_goes_no_further_than_its_end(world: World) -> None:
    assert await world.deliver(await world.completed("call mum today at 5pm", "DAILY", "2026-11-25T23:00:00-05:00")) == []
    assert await world.open() == []


async def test_the_last_day_of_a_series_counts(world: World) -> None:
    assert len(await world.deliver(await world.completed("call mum today at 5pm", "DAILY", "2026-11-26"))) == 1


async def test_a_completion_that_comes_late_goes_on_from_when_it_was_done(world: World) -> None:
    completed = await world.completed("call mum today at 5pm", "WEEKLY")
    world.clock.advance(timedelta(days=9))
    assert len(await world.deliver(completed)) == 1
    assert await world.open() == [(1, "Call mum", "2026-12-02")]


async def test_a_todo_that_does_not_repeat_has_no_next_time(world: World) -> None:
    assert await world.deliver(await world.completed("call mum today at 5pm", None)) == []
    assert await world.open() == []


async def test_a_todo_that_nobody_has_leads_to_nothing(world: World) -> None:
    completed = await world.completed("call mum today at 5pm")
    assert await world.deliver(replace(completed, partitionkey="somebody")) == []


@pytest.mark.parametrize("pattern", ["sometimes", "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=XX"])
async def test_what_is_no_rule_is_a_dead_letter_at_once(world: World, pattern: str) -> None:
    completed = await world.completed("call mum today at 5pm", pattern)
    assert await world.deliver(completed) == []
    assert await world.open() == []
    [(function, event_id, cause)] = await world.rows("SELECT function, event_id, cause FROM audit.dead_letters")
    assert (function, event_id) == ("recurrence", completed.id)
    assert "Poison" in cause
