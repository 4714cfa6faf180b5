"""When an event that fails is tried again, to the second: by the clock, from the first try to the dead letter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

import pytest

from shared.events.envelope import Event
from shared.events.schemas import (
    DIGEST_REQUESTED,
    NOTIFICATION_REQUESTED,
    REMINDER_SENT,
    TASK_COMPLETED,
    TASK_CREATED,
    TASK_UPDATED,
    NotificationEnded,
)
from shared.policy.outcomes import TryAgain
from shared.runtime.clock import SimulatedClock
from shared.runtime.cloudevents_http import to_http
from shared.runtime.services import Services
from shared.runtime.serving import ATTEMPT, Work, serve
from shared.runtime.settings import Settings
from shared.storage.outbox import Row
from tests.asking import request
from tests.making import event, notification, task_change, uuid

pytestmark = pytest.mark.asyncio

HALF_A_MINUTE, FIVE_MINUTES, HALF_AN_HOUR = 30, 300, 1800
TYPES = (DIGEST_REQUESTED, NOTIFICATION_REQUESTED, REMINDER_SENT, TASK_COMPLETED, TASK_CREATED, TASK_UPDATED)


class StoppedClock(SimulatedClock):
    """A clock that only goes when it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self._stands = super().now()

    def now(self) -> datetime:
        return self._stands

    def advance(self, by: timedelta) -> datetime:
        self._stands += by
        return self._stands


class Failing:
    """A function that never can, and whoever brings it what has become due: by HTTP, as the relay does."""

    def __init__(self, database: str) -> None:
        self.clock = StoppedClock()
        self.services = Services(Settings(database_url=database), self.clock)
        self.services.use_carrier(self)
        self.function = serve("failing", events=dict.fromkeys(TYPES, self._fail), schema="messaging").served
        self.function.bind(self.services)
        self.waiting: list[Row] = []

    async def _fail(self, event: Event, work: Work) -> None:
        raise TryAgain("not now")

    async def publish(self, event: Event) -> None:
        raise AssertionError

    async def carry(self, rows: Sequence[Row]) -> None:
        self.waiting += rows

    async def close(self) -> None:
        """Nothing to release."""

    async def seconds_between_tries(self, failed: Event) -> list[float]:
        """Deliver until it is given up; how long was waited before each try after the first."""
        waits = []
        await self._deliver(failed, 1)
        while self.waiting:
            row = self.waiting.pop()
            assert row.not_before is not None
            wait = row.not_before - self.clock.now()
            waits.append(wait.total_seconds())
            self.clock.advance(wait)
            await self._deliver(row.event, row.attempt + 1)
        return waits

    async def _deliver(self, event: Event, attempt: int) -> None:
        headers, body = to_http(event)
        answer = await self.function(request("/", body, headers={**headers, ATTEMPT: str(attempt)}))
        assert answer.status_code == 204


@pytest.fixture
async def failing(database: str) -> AsyncIterator[Failing]:
    made = Failing(database)
    yield made
    await made.services.close()


async def test_a_completion_is_tried_again_after_half_a_minute_five_minutes_and_half_an_hour(failing: Failing) -> None:
    completed = task_change(TASK_COMPLETED, at=failing.clock.now())
    assert await failing.seconds_between_tries(completed) == [HALF_A_MINUTE, FIVE_MINUTES, HALF_AN_HOUR]
    await _given_up(failing, completed, tries=4)


async def test_an_update_is_tried_again_five_times_from_one_second_to_sixteen(failing: Failing) -> None:
    updated = task_change(TASK_UPDATED, at=failing.clock.now())
    assert await failing.seconds_between_tries(updated) == [1, 2, 4, 8, 16]
    await _given_up(failing, updated, tries=6)


@pytest.mark.parametrize("kind", [NOTIFICATION_REQUESTED, DIGEST_REQUESTED])
async def test_what_is_to_be_sent_is_tried_again_ten_times_within_seventeen_minutes(failing: Failing, kind: str) -> None:
    asked = notification(kind="reminder", at=failing.clock.now())
    asked = event(kind, asked.id, asked.data, at=asked.time)
    waits = await failing.seconds_between_tries(asked)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    assert sum(waits) == 1023
    await _given_up(failing, asked, tries=11)


async def test_anything_else_is_tried_eight_times(failing: Failing) -> None:
    ended = NotificationEnded(message_id=uuid("m"), kind="reminder", channel="sms")
    for other in (
        task_change(TASK_CREATED, at=failing.clock.now()),
        event(REMINDER_SENT, "x.sent", ended, at=failing.clock.now()),
    ):
        assert await failing.seconds_between_tries(other) == [1, 2, 4, 8, 16, 32, 64]
        await _given_up(failing, other, tries=8)


async def _given_up(failing: Failing, lost: Event, *, tries: int) -> None:
    """It is a dead letter with its cause, its tries, and its first and last time."""
    [kept] = await failing.services.audit.find(lost.id)
    assert (kept.letter.function, kept.letter.attempts, kept.letter.topic) == ("failing", tries, lost.topic)
    assert kept.letter.cause.startswith("TryAgain at test_schedules.py")
    assert (kept.letter.first_at, kept.letter.last_at) == (lost.time, failing.clock.now())
