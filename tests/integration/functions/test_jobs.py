"""What waits for its time is a job with a name: made once, moved and cancelled with its todo, and never done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest

from shared.events.schemas import (
    DIGEST_REQUESTED,
    REMINDER_SCHEDULED,
    REMINDER_TRIGGERED,
    NotificationRequested,
    ReminderChanged,
)
from shared.runtime.clock import SimulatedClock
from shared.runtime.telemetry import exposition
from shared.storage.outbox import Row
from tests.asking import request
from tests.integration.functions.test_due import TEN, World

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    made = World(database, _clock())
    yield made
    await made.services.close()


def _clock() -> SimulatedClock:
    return SimulatedClock(TEN - datetime.now(UTC))


def _at(hour: int, minute: int = 0, second: int = 0, *, day: int = 25) -> datetime:
    return TEN.replace(day=day, hour=hour, minute=minute, second=second)


async def _jobs(world: World) -> dict[str, tuple[datetime, str]]:
    """The reminders there are: when, and how far they are, by their ids."""
    rows = await world.services.database("todo").fetch("SELECT id::text, at, state FROM todo.reminders ORDER BY at")
    return {str(row[0]): (row[1], str(row[2])) for row in rows}  # type: ignore[misc]


async def test_the_event_says_of_which_todo_and_when_to_the_second(world: World) -> None:
    await world.text("call mum tomorrow at 4pm, remind me 1 hour before")
    (planned,) = world.of_type(REMINDER_SCHEDULED)
    assert isinstance(planned.data, ReminderChanged)
    assert (planned.data.title, planned.data.due_date, planned.data.reminder_at) == (
        "Call mum",
        _at(16, day=26),
        _at(15, day=26),
    )
    (name,) = await _jobs(world)
    assert str(planned.data.reminder_id) == name
    assert planned.data.task_id == (await _tasks(world))[0]


async def test_its_name_is_made_of_the_todo_and_the_time(world: World) -> None:
    await world.text("call mum at 4pm")
    first = await _jobs(world)
    await world.text("move 1 to 5pm")
    moved = await _jobs(world)
    assert [at for at, _ in moved.values()] == [_at(17)]
    assert first.keys().isdisjoint(moved)
    await world.text("move 1 to 4pm")
    assert await _jobs(world) == first


@pytest.mark.parametrize("words", ["delete 1", "done 1", "remove the date from 1", "don't remind me of 1"])
async def test_it_is_cancelled_with_its_reason(world: World, words: str) -> None:
    await world.text("call mum at 4pm")
    await world.text(words)
    assert await _jobs(world) == {}
    assert await world.tick(world.remind, _at(16)) == []


async def test_what_was_sent_is_not_sent_again_by_moving_there_and_back(world: World) -> None:
    await world.text("call mum at 4pm")
    assert len(await world.tick(world.remind, _at(16))) == 1
    await world.text("move 1 to 4:30pm")
    await world.text("undo")
    assert [state for _, state in (await _jobs(world)).values()] == ["triggered"]
    assert await world.tick(world.remind, _at(16, 30)) == []


async def test_it_comes_at_sixteen_hours_nought_minutes_nought_seconds(world: World) -> None:
    await world.text("call mum at 4pm")
    assert await world.tick(world.remind, _at(15, 59, 59)) == []
    assert len(await world.tick(world.remind, _at(16, 0, 0))) == 1
    (triggered,) = world.of_type(REMINDER_TRIGGERED)
    assert isinstance(triggered.data, ReminderChanged)
    assert triggered.data.reminder_at == _at(16)


async def test_the_same_tick_again_and_side_by_side_does_nothing_more(world: World, database: str) -> None:
    await world.text("call mum tomorrow at 8am")
    world.clock.set(_at(8, day=26))
    other = World(database, world.clock)
    world.carried.clear()
    ticks = [
        function(request("/tick?seconds=0"))
        for one in (world, other)
        for function in (one.remind, one.digest)
        for _ in range(3)
    ]
    assert {answer.status_code for answer in await asyncio.gather(*ticks)} == {204}
    told = world.told + other.told
    asked = [event for event in told if isinstance(event.data, NotificationRequested)]
    assert sorted(event.data.kind for event in asked) == ["digest", "reminder"]  # type: ignore[attr-defined]
    assert len([event for event in told if event.type == DIGEST_REQUESTED]) == 1
    await other.services.close()


async def test_a_tick_is_asked_for_by_post_alone(world: World) -> None:
    for function in (world.remind, world.digest):
        assert (await function(request("/tick", method="GET"))).status_code == 405


async def test_it_is_told_how_late_reminders_are_and_that_somebody_looked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.text("call mum at 4pm")
    seen = []

    async def carry(rows: Sequence[Row]) -> None:
        seen.append(_told("jotline_reminders_oldest_due_seconds"))

    monkeypatch.setattr(world, "carry", carry)
    await world.tick(world.remind, _at(16, 3))
    assert seen == [pytest.approx(180, abs=5)]
    assert _told("jotline_reminders_oldest_due_seconds") == 0
    assert _told('jotline_last_look_timestamp_seconds{what="reminders"}') == pytest.approx(_at(16, 3).timestamp(), abs=5)
    assert _told('jotline_reminders_total{late="true"}') > 0


async def _tasks(world: World) -> list[object]:
    return [row[0] for row in await world.services.database("todo").fetch("SELECT id FROM todo.tasks")]


def _told(metric: str) -> float:
    """What is told of it now."""
    return next(float(line.rpartition(" ")[2]) for line in exposition().splitlines() if line.startswith(metric))
