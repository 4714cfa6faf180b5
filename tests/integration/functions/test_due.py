"""remind and digest on a real PostgreSQL: what comes by itself comes at its time, once, whoever else is at work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.events.envelope import Event
from shared.events.schemas import (
    DIGEST_REQUESTED,
    REMINDER_SCHEDULED,
    REMINDER_SENT,
    REMINDER_TRIGGERED,
    NotificationEnded,
    NotificationRequested,
)
from shared.runtime.clock import SimulatedClock
from shared.runtime.serving import Done, Function
from shared.runtime.settings import Settings
from tests.asking import request
from tests.making import message
from tests.stage import Stage

pytestmark = pytest.mark.asyncio

TEN = datetime.fromisoformat("2026-11-25T10:00-05:00")


class World(Stage):
    """The functions that do things at their time, a clock to move, and what they told of."""

    def __init__(self, database: str, clock: SimulatedClock) -> None:
        super().__init__(Settings(database_url=database, twilio_from="+14155550100"), clock)
        self.remind, self.digest = self.load("remind"), self.load("digest")

    async def text(self, words: str, *, sender: str = "+12125550142") -> None:
        """Text, and carry it out."""
        await self.carry_out(message(words, at=self.clock.now(), sender=sender))

    async def tick(self, function: Function, at: datetime) -> list[str]:
        """Move the clock there, tick once, and return the texts that were asked for."""
        self.clock.set(at)
        self.carried.clear()
        answer = await function(request("/tick?seconds=0"))
        assert answer.status_code == 204
        return [event.data.body for event in self.told if isinstance(event.data, NotificationRequested)]

    def of_type(self, kind: str) -> list[Event]:
        """The events of a type that were told of."""
        return [event for event in self.told if event.type == kind]


@pytest.fixture
async def world(database: str) -> AsyncIterator[World]:
    clock = SimulatedClock()
    clock.offset = TEN - datetime.now(UTC)
    made = World(database, clock)
    yield made
    await made.services.close()


def _at(hour: int, minute: int = 0, second: int = 0, *, day: int = 25) -> datetime:
    return TEN.replace(day=day, hour=hour, minute=minute, second=second)


async def test_a_reminder_is_planned_with_its_todo_and_comes_at_its_second_once(world: World) -> None:
    await world.text("call mum at 5pm")
    (planned,) = world.of_type(REMINDER_SCHEDULED)
    assert await world.tick(world.remind, _at(16, 59, 58)) == []
    assert await world.tick(world.remind, _at(17)) == ["Reminder: #1 Call mum (now)\nReply DONE, 1H, TOMORROW or a time."]
    (triggered,) = world.of_type(REMINDER_TRIGGERED)
    assert triggered.data.reminder_id == planned.data.reminder_id  # type: ignore[attr-defined]
    assert await world.tick(world.remind, _at(17, 0, 1)) == []


async def test_a_todo_that_is_moved_or_done_does_not_remind_at_its_old_time(world: World) -> None:
    await world.text("call mum at 5pm, buy milk at 5pm")
    await world.text("move 1 to 6pm")
    await world.text("done 2")
    assert await world.tick(world.remind, _at(17)) == []
    assert (await world.tick(world.remind, _at(18)))[0].startswith("Reminder: #1 Call mum (now)")


async def test_what_is_due_at_once_is_one_text_and_late_ones_say_so(world: World) -> None:
    await world.text("call mum at 5pm, buy stamps at 5:30pm")
    (said,) = await world.tick(world.remind, _at(18, 40))
    assert said.startswith("Reminders (late, sorry):\n#1 Call mum (was due today 5pm)\n#2 Buy stamps (was due today 5:30pm)")


async def test_a_late_reminder_outlives_a_change_of_another_kind(world: World) -> None:
    await world.text("call mum at 5pm")
    world.clock.set(_at(18))
    await world.text("rename 1 to call dad")
    (said,) = await world.tick(world.remind, _at(18, 1))
    assert said.startswith("Reminder (late, sorry): #1 Call dad")


async def test_undoing_a_move_brings_the_reminder_back(world: World) -> None:
    await world.text("call mum at 5pm")
    await world.text("move 1 to tomorrow")
    await world.text("undo")
    assert len(await world.tick(world.remind, _at(17))) == 1


async def test_a_new_time_before_is_for_all_todos(world: World) -> None:
    await world.text("call mum at 5pm")
    await world.text("always remind me 30 min before")
    assert len(await world.tick(world.remind, _at(16, 30))) == 1
    assert await world.tick(world.remind, _at(17)) == []


async def test_the_hint_fades(world: World) -> None:
    for number, hour in enumerate((12, 13, 14, 15), 1):
        await world.text(f"thing {number} at {hour}:00")
    said = [await world.tick(world.remind, _at(hour)) for hour in (12, 13, 14, 15)]
    assert ["Reply DONE" in texts[0] for texts in said] == [True, True, True, False]


async def test_two_workers_on_the_same_second_remind_once(world: World, database: str) -> None:
    for number in range(20):
        await world.text("call mum at 5pm", sender=f"+1212555{number:04}")
    world.clock.set(_at(17))
    others = [World(database, world.clock) for _ in range(3)]
    workers = [world, *others]
    world.carried.clear()
    await asyncio.gather(*(one.remind(request("/tick?seconds=0")) for one in workers))
    asked = [event.id for one in workers for event in one.told if isinstance(event.data, NotificationRequested)]
    for one in others:
        await one.services.close()
    assert len(asked) == len(set(asked)) == 20


async def test_somebody_who_cannot_be_read_keeps_nobody_waiting(world: World) -> None:
    await world.text("call mum at 5pm", sender="+12125550001")
    await world.text("call mum at 5pm", sender="+12125550002")
    await world.services.database("todo").fetch(
        """UPDATE todo.users SET settings = settings || '{"newer": 1}', digest_at = '2026-11-26T13:00Z' WHERE right(phone, 1) = '1'"""
    )
    assert len(await world.tick(world.remind, _at(17))) == 1
    assert await world.tick(world.digest, _at(8, day=26)) != []


async def test_it_is_sent_when_the_provider_took_it(world: World) -> None:
    await world.text("call mum at 5pm")
    await world.tick(world.remind, _at(17))
    asked = next(event for event in world.told if isinstance(event.data, NotificationRequested))
    ended = NotificationEnded(message_id=asked.data.message_id, kind="reminder", channel="sms", provider_id="SM1")  # type: ignore[attr-defined]
    told = asked.follow(id="x.sent", type=REMINDER_SENT, source="/jotline/notify", subject="x", data=ended)
    state = "SELECT state, provider_id FROM todo.reminders"
    assert await world.services.database("todo").fetch(state) == [("triggered", None)]
    for _ in range(2):
        assert isinstance(await world.remind.deliver(told), Done)
    assert await world.services.database("todo").fetch(state) == [("sent", "SM1")]


async def test_a_quoted_reminder_tells_its_todos_and_nobody_elses(world: World) -> None:
    for sender in ("+12125550142", "+12125550143"):
        await world.text("call mum at 5pm", sender=sender)
    await world.tick(world.remind, _at(17))
    for number, asked in enumerate([event for event in world.told if isinstance(event.data, NotificationRequested)], 1):
        ended = NotificationEnded(message_id=asked.data.message_id, kind="reminder", channel="sms", provider_id=f"SM{number}")  # type: ignore[attr-defined]
        told = asked.follow(id=f"{number}.sent", type=REMINDER_SENT, source="/jotline/notify", subject="x", data=ended)
        assert isinstance(await world.remind.deliver(told), Done)
    rows = await world.services.database("todo").fetch(
        "SELECT u.party, r.provider_id, r.task_id FROM todo.reminders r JOIN todo.users u ON u.id = r.user_id"
    )
    for party, provider_id, task_id in rows:
        for quoted in ("SM1", "SM2", "SM3", ""):
            found = await world.services.todo.read(str(party), function="todo-crud", event_id="x", quoted=quoted)
            assert found.person is not None
            assert found.person.quoted == ((task_id,) if quoted == provider_id else ())


async def test_whoever_has_opted_out_is_not_reminded_not_even_afterwards(world: World) -> None:
    await world.text("call mum at 5pm")
    await world.text("STOP")
    assert await world.tick(world.remind, _at(17)) == []
    assert world.told == []
    await world.text("START")
    assert await world.tick(world.remind, _at(17, 1)) == []
    await world.text("call dad at 6pm")
    assert len(await world.tick(world.remind, _at(18))) == 1


async def test_quiet_hours_that_are_set_later_count_for_what_was_planned(world: World) -> None:
    await world.text("check the mail every 12 hours starting 3am")
    await world.text("call mum at 3am")
    await world.text("no texts before 8")
    (said,) = await world.tick(world.remind, _at(3, day=26))
    assert said.startswith("Reminder: #2 Call mum (now)")
    (said,) = await world.tick(world.remind, _at(8, day=26))
    assert said.startswith("Reminder: #1 Check the mail (was due today 3am, every 12 hours)")


async def test_reminders_and_digest_follow_a_traveller_and_come_back(world: World) -> None:
    await world.text("dentist monday 9am, standup tomorrow 9am")
    await world.text("I'm in Tokyo this week")
    assert len(await world.tick(world.digest, _at(18))) == 1
    assert (await world.tick(world.remind, _at(19)))[0].startswith("Reminder: #2 Standup (now)")
    await world.text("done")
    assert await world.tick(world.digest, _at(18, day=29)) == []
    assert len(await world.tick(world.digest, _at(8, day=30))) == 1
    assert (await world.tick(world.remind, _at(9, day=30)))[0].startswith("Reminder: #1 Dentist (now)")


async def test_the_digest_comes_at_eight_where_the_person_is_and_once_a_day(world: World) -> None:
    await world.text("call mum tomorrow 5pm, buy milk")
    await world.text("my name is Ada")
    assert await world.tick(world.digest, _at(7, 59, day=26)) == []
    assert await world.tick(world.digest, _at(8, day=26)) == [
        "Good morning Ada. 1 today, 1 any time:\n#1 Call mum (5pm)\n#2 Buy milk\nTo end these, text NO DIGEST."
    ]
    assert world.of_type(DIGEST_REQUESTED)[0].id.endswith("2026-11-26")
    assert await world.tick(world.digest, _at(8, 0, 1, day=26)) == []
    (second,) = await world.tick(world.digest, _at(8, day=27))
    assert second == "Good morning Ada. 1 overdue, 1 any time:\n#1 Call mum (was due yesterday 5pm)\n#2 Buy milk"


async def test_nothing_due_is_no_digest_and_a_stale_one_is_left_out(world: World) -> None:
    await world.text("buy milk, renew passport on 4 dec")
    assert await world.tick(world.digest, _at(8, day=26)) == []
    await world.text("call mum tomorrow")
    assert await world.tick(world.digest, _at(10, 1, day=27)) == []
    assert len(await world.tick(world.digest, _at(8, day=28))) == 1


async def test_whoever_changes_the_hour_gets_it_then(world: World) -> None:
    await world.text("call mum tomorrow")
    await world.text("digest at 7")
    assert len(await world.tick(world.digest, _at(7, day=26))) == 1
    await world.text("no digest")
    assert await world.tick(world.digest, _at(8, day=27) + timedelta(hours=1)) == []


async def test_a_repeating_todo_that_nobody_ticks_off_reminds_at_each_of_its_times(world: World) -> None:
    await world.text("take pills every day at 9pm")
    for day in (25, 26, 27):
        (said,) = await world.tick(world.remind, _at(21, day=day))
        assert said.startswith("Reminder: #1 Take pills (now)")
        assert len(world.of_type(REMINDER_SCHEDULED)) == 1
    await world.text("done")
    assert await world.tick(world.remind, _at(20, 59, day=28)) == []
    assert len(await world.tick(world.remind, _at(21, day=28))) == 1


async def test_the_day_before_every_first_of_the_month_whoever_answers(world: World) -> None:
    await world.text("pay rent every 1st at 9am remind me the day before")
    (first,) = await world.tick(world.remind, _at(9, day=30))
    assert first.startswith("Reminder: #1 Pay rent (tomorrow 9am")
    assert await world.tick(world.remind, datetime.fromisoformat("2026-12-31T08:59-05:00")) == []
    (second,) = await world.tick(world.remind, datetime.fromisoformat("2026-12-31T09:00-05:00"))
    assert second.startswith("Reminder: #1 Pay rent (was due Tue 1 Dec 9am, every month)")


async def test_a_series_that_has_ended_reminds_no_more(world: World) -> None:
    await world.text("take pills every day at 9pm until friday")
    days = [len(await world.tick(world.remind, _at(21, day=day))) for day in (25, 26, 27, 28)]
    assert days == [1, 1, 1, 0]
