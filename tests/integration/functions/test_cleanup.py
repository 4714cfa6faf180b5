"""Cleanup by the one clock: what was kept long enough goes, a batch at a time, and nothing that may still be needed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import uuid4

import pytest

from local.loading import load_function
from shared.events.envelope import Event, Unread
from shared.events.schemas import REMINDER_SENT, TASK_COMPLETED, TASK_UPDATED, NotificationEnded
from shared.runtime import cleanup
from shared.runtime.cleanup import clean_up
from shared.runtime.clock import SimulatedClock
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.runtime.telemetry import exposition
from shared.storage.claims import Claim
from shared.storage.outbox import Row, Schema
from tests.asking import request
from tests.making import event, message, task_change, uuid
from tests.whole import listening

pytestmark = pytest.mark.asyncio

SCHEMAS: tuple[Schema, ...] = get_args(Schema)
DAY = timedelta(days=1)


class Attic:
    """Everything that is kept for a while only, and the function that clears it."""

    def __init__(self, database: str, **settings: str) -> None:
        self.clock = SimulatedClock()
        self.services = Services(Settings(database_url=database, **settings), self.clock)
        self.services.use_carrier(self)
        self.audit = load_function("audit")
        self.audit.bind(self.services)

    async def publish(self, event: Event) -> None:
        raise AssertionError

    async def carry(self, rows: Sequence[Row]) -> None:
        """Replays are nobody's here."""

    async def close(self) -> None:
        """Nothing to release."""

    async def pass_by(self, **time: float) -> None:
        """Let that much time pass, then clean up, as the PingSource asks for it."""
        self.clock.advance(timedelta(**time))
        assert (await self.audit(request("/cleanup", b"{}"))).status_code == 204

    async def claim(self, event_id: str, schema: Schema = "todo", state: str = "done") -> None:
        insert = f"INSERT INTO {schema}.claims (function, event_id, state, claimed_at) VALUES ('f', %s, %s, %s)"  # noqa: S608
        await self.services.database(schema).fetch(insert, event_id, state, self.clock.now())

    async def claims(self, schema: Schema = "todo") -> list[str]:
        found = await self.services.database(schema).fetch(f"SELECT event_id FROM {schema}.claims ORDER BY 1")  # noqa: S608
        return [str(row[0]) for row in found]

    async def bury(self, given_up: Event) -> None:
        await self.services.audit.bury(given_up, function="f", cause="a bug", attempts=8, now=self.clock.now())

    async def letters(self) -> set[str]:
        return {letter.topic for letter in await self.services.audit.dead_letters()}

    async def read(self, query: str) -> list[tuple[Any, ...]]:
        return await self.services.todo.database.fetch(query)


@pytest.fixture
async def attic(database: str) -> AsyncIterator[Attic]:
    made = Attic(database)
    yield made
    await made.services.close()


async def test_what_was_worked_off_is_known_for_thirty_days_in_every_schema(attic: Attic) -> None:
    for schema in SCHEMAS:
        await attic.claim("old", schema)
    await attic.pass_by(days=29, hours=23)
    for schema in SCHEMAS:
        await attic.claim("new", schema)
        assert await attic.claims(schema) == ["new", "old"]
    await attic.pass_by(hours=2)
    for schema in SCHEMAS:
        assert await attic.claims(schema) == ["new"]


async def test_a_claim_stays_while_its_event_is_on_its_way_to_somebody_in_whatever_schema(attic: Attic) -> None:
    for schema in SCHEMAS:
        [row] = await attic.services.outbox(schema).append(message(message_id=f"SM{schema}", at=attic.clock.now()))
        await attic.claim(row.event.id, "voice")
    await attic.claim("SMover", "voice")
    await attic.pass_by(days=31)
    assert await attic.claims("voice") == sorted(f"SM{schema}" for schema in SCHEMAS)


async def test_a_claim_stays_while_somebody_may_replay_its_event(attic: Attic) -> None:
    lost = message(at=attic.clock.now())
    await attic.services.claims("todo").close(Claim("parse-command", lost.id), attic.clock.now())
    attic.clock.advance(DAY)
    await attic.bury(lost)
    await attic.pass_by(days=29, hours=12)
    assert (await attic.claims(), await attic.letters()) == ([lost.id], {"messages"})
    await attic.pass_by(days=1)
    assert (await attic.claims(), await attic.letters()) == ([], set())


async def test_dead_letters_go_by_their_topic(attic: Attic) -> None:
    now = attic.clock.now()
    ended = NotificationEnded(message_id=uuid("c"), kind="reminder", channel="sms")
    await attic.bury(task_change(TASK_COMPLETED, at=now))
    await attic.bury(task_change(TASK_UPDATED, at=now))
    await attic.bury(event(REMINDER_SENT, "x.sent", ended, at=now))
    await attic.bury(message(at=now))
    kept = {}
    for day in (6.9, 7.1, 13.9, 14.1, 29.9, 30.1):
        await attic.pass_by(days=day - (attic.clock.now() - now) / DAY)
        kept[day] = await attic.letters()
    everything = {"task-events", "task-updates", "reminders", "messages"}
    assert kept[6.9] == everything
    assert kept[7.1] == kept[13.9] == everything - {"reminders"}
    assert kept[14.1] == kept[29.9] == {"task-events", "messages"}
    assert kept[30.1] == set()


async def test_the_trail_is_kept_for_ninety_days_or_as_long_as_is_said(attic: Attic, database: str) -> None:
    other = Attic(database, audit_days="30")
    other.clock = other.services.clock = attic.clock
    await attic.services.trail.add([Unread.of(message(message_id="SM1", at=attic.clock.now()))], attic.clock.now())
    await attic.pass_by(days=20)
    await attic.services.trail.add([Unread.of(message(message_id="SM2", at=attic.clock.now()))], attic.clock.now())
    kept = "SELECT event_id FROM audit.trail ORDER BY 1"
    await attic.pass_by(days=69, hours=23)
    assert await attic.read(kept) == [("SM1",), ("SM2",)]
    await attic.pass_by(hours=2)
    assert await attic.read(kept) == [("SM2",)]
    await other.pass_by(days=51)
    assert await attic.read(kept) == []
    await other.services.close()


async def test_a_letter_that_is_given_up_again_is_kept_from_then_on(attic: Attic) -> None:
    lost = message(at=attic.clock.now())
    await attic.bury(lost)
    await attic.pass_by(days=20)
    await attic.bury(lost)
    await attic.pass_by(days=20)
    assert await attic.letters() == {"messages"}


async def test_reminders_that_ended_go_and_those_to_come_stay(attic: Attic) -> None:
    await _reminder(attic, "scheduled")
    await _reminder(attic, "triggered", triggered_at=attic.clock.now())
    await _reminder(attic, "sent", triggered_at=attic.clock.now(), ended_at=attic.clock.now() + 10 * DAY)
    await _reminder(attic, "failed", triggered_at=attic.clock.now(), ended_at=attic.clock.now())
    states = "SELECT state FROM todo.reminders ORDER BY 1"
    await attic.pass_by(days=29)
    assert len(await attic.read(states)) == 4
    await attic.pass_by(days=2)
    assert await attic.read(states) == [("scheduled",), ("sent",)]
    await attic.pass_by(days=10)
    assert await attic.read(states) == [("scheduled",)]


async def test_it_is_counted_and_told_and_the_second_time_there_is_nothing_to_do(attic: Attic) -> None:
    for number in range(3):
        await attic.claim(f"SM{number}")
    attic.clock.advance(31 * DAY)
    before = _counted()
    with listening() as lines:
        assert (await clean_up(attic.services))["todo claims"] == 3
        assert set((await clean_up(attic.services)).values()) == {0}
    assert [json.loads(line)["removed"]["todo claims"] for line in lines if "cleaned up" in line] == [3, 0]
    assert _counted() == before + 3


async def test_several_at_once_and_batch_after_batch_leave_nothing(
    attic: Attic, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleanup, "BATCH", 7)
    for number in range(100):
        await attic.claim(f"SM{number}")
    attic.clock.advance(31 * DAY)
    other = Services(Settings(database_url=database), attic.clock)
    both = await asyncio.gather(clean_up(attic.services), clean_up(other))
    await other.close()
    await clean_up(attic.services)  # rows that one held the other has left alone
    assert await attic.claims() == []
    assert sum(removed["todo claims"] for removed in both) <= 100


async def test_it_ends_in_time_and_the_next_one_goes_on(attic: Attic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleanup, "BATCH", 2)
    monkeypatch.setattr(cleanup, "LONGEST", 0.0)
    for number in range(5):
        await attic.claim(f"SM{number}")
    await attic.pass_by(days=31)
    assert len(await attic.claims()) == 3
    await attic.pass_by(hours=1)
    assert len(await attic.claims()) == 1


async def test_one_database_that_is_away_keeps_its_claims_and_the_others_theirs(database: str) -> None:
    """What is in its outbox may concern any of them, so nobody's claims go; the rest does."""
    attic = Attic(database, voice_database_url="postgresql://jotline@/jotline?host=/nonexistent")
    await attic.claim("SM1")
    await attic.bury(message(at=attic.clock.now()))
    await attic.pass_by(days=31)
    assert (await attic.claims(), await attic.letters()) == (["SM1"], set())
    await attic.services.close()


async def test_it_takes_posts_alone(attic: Attic) -> None:
    assert (await attic.audit(request("/cleanup", method="GET"))).status_code == 405


async def _reminder(attic: Attic, state: str, **times: datetime) -> None:
    """A reminder of somebody's todo in this state."""
    now, user, task = attic.clock.now(), uuid4(), uuid4()
    fetch = attic.services.todo.database.fetch
    await fetch(
        "INSERT INTO todo.users (id, party, phone, version, settings, dialogue, created_at, updated_at)"
        " VALUES (%s, %s, '+1', 1, '{}', '{}', %s, %s)", user, str(user), now, now,
    )  # fmt: skip
    await fetch(
        "INSERT INTO todo.tasks (id, user_id, number, title, status, zone, created_at, version)"
        " VALUES (%s, %s, 1, 'Call mum', 'open', 'UTC', %s, 1)", task, user, now,
    )  # fmt: skip
    await fetch(
        "INSERT INTO todo.reminders (id, user_id, task_id, at, meant_for, state, triggered_at, ended_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        uuid4(), user, task, now, now, state, times.get("triggered_at"), times.get("ended_at"),
    )  # fmt: skip


def _counted() -> int:
    """How many of todo's claims were removed in this process."""
    lines = [line for line in exposition().splitlines() if line.startswith('jotline_removed_total{what="todo claims"}')]
    return int(lines[0].split()[-1]) if lines else 0
