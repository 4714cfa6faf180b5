"""Who leaves is nobody in the trail from then on: what stays says what happened and when, and to which todo."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from local.loading import load_function
from shared.events.envelope import Event, Unread
from shared.events.ids import partition_key, user_id
from shared.events.schemas import (
    MESSAGE_STATUS,
    NOTIFICATION_FAILED,
    PERSON_LEFT,
    REQUEST_MADE,
    TASK_CREATED,
    MessageStatus,
    NotificationEnded,
    PersonLeft,
    RequestMade,
)
from shared.runtime.cleanup import clean_up
from shared.runtime.clock import SimulatedClock
from shared.runtime.services import Services
from shared.runtime.serving import Done
from shared.runtime.settings import Settings
from shared.storage.trail import TrailQuery, TrailRow
from tests.making import ADA, BOB, NOW, OURS, SECRET, event, message, notification, person, task_change, uuid

pytestmark = pytest.mark.asyncio

ADAS = partition_key(ADA, SECRET)
MINUTE = timedelta(minutes=1)


class House:
    """audit, and what it writes to."""

    def __init__(self, database: str) -> None:
        self.clock = SimulatedClock()
        self.services = Services(Settings(database_url=database), self.clock)
        self.audit = load_function("audit")
        self.audit.bind(self.services)

    async def happens(self, *events: Event) -> None:
        for one in events:
            assert await self.audit.deliver(one) == Done()

    async def rows(self, **wanted: Any) -> dict[str, TrailRow]:
        return {row.event_id: row for row in (await self.services.trail.query(TrailQuery(**wanted))).rows}

    async def everything(self) -> str:
        """Every row as text, whatever column it stands in; but for who is remembered to have left."""
        fetch = self.services.trail.database.fetch
        tables = ("audit.trail", "audit.dead_letters")
        found = [await fetch(f"SELECT t::text FROM {table} t") for table in tables]  # noqa: S608
        return "\n".join(str(row) for rows in found for row in rows)


@pytest.fixture
async def house(database: str) -> AsyncIterator[House]:
    made = House(database)
    made.clock.set(NOW)
    yield made
    await made.services.close()


def left(receipt: str = "7F3K", *, at: Any = NOW) -> Event:
    return event(PERSON_LEFT, f"{receipt}.left", PersonLeft(user_id=person(ADA).id, receipt=receipt, todos=2), at=at)


async def test_every_word_number_and_name_of_theirs_goes_and_facts_stay(house: House) -> None:
    long_ago = NOW - timedelta(days=2)
    change = task_change(TASK_CREATED, title="Buy a present for Zoe", at=long_ago)
    request = RequestMade(request_id="api-1", method="POST", route="/api/v1/tasks", status=201, user_id=person(ADA).id)
    ended = NotificationEnded(message_id=uuid("m"), kind="reply", channel="sms", cause=f"{ADA} is no mobile")
    status = MessageStatus(
        provider_id="SM7", message_id=None, status="failed", error_code=30003, raw={"To": ADA, "Body": "Zoe"}
    )
    theirs = [
        message("buy a present for Zoe", message_id="SM1", at=long_ago),
        change,
        notification("Added #1 Buy a present for Zoe", at=long_ago),
        event(NOTIFICATION_FAILED, "x.failed", ended, at=long_ago),
        event(MESSAGE_STATUS, "SM7.failed", status, at=long_ago),
        replace(event(REQUEST_MADE, "api-1", request, at=long_ago), subject=str(person(ADA).id)),
    ]
    bobs = message("a present for Zoe's mum", message_id="SM2", sender=BOB, at=long_ago)
    await house.happens(*theirs, bobs)
    await house.services.audit.bury(theirs[0], function="parse-command", cause="a bug", attempts=8, now=long_ago)
    before = await house.rows()
    await house.happens(left())
    after = await house.rows()
    assert after.pop("7F3K.left").data == {"receipt": "7F3K", "todos": 2}
    assert after.keys() == before.keys()
    for name, row in after.items():
        old = before[name]
        assert (row.type, row.at, row.task_id, row.actor, row.correlation_id) == (
            old.type, old.at, old.task_id, old.actor, old.correlation_id,
        )  # fmt: skip
    assert after["SM2"] == before["SM2"], "Bob is still here"
    told = (await house.everything()).replace(str(bobs.data_json()), "")
    told = "\n".join(line for line in told.splitlines() if "SM2" not in line)
    for mark in (ADA, ADA[1:], ADAS, str(person(ADA).id), "Zoe", "present", "buy", OURS):
        assert mark not in told, mark
    assert await house.rows(text="Zoe") == {"SM2": after["SM2"]}
    assert await house.rows(party=ADAS) == {}
    [alias] = {row.party for name, row in after.items() if name != "SM2"}
    assert {row.user_id for row in after.values()} == {user_id(alias), person(BOB).id}
    assert after["api-1"].data == {"request_id": "api-1", "method": "POST", "route": "/api/v1/tasks", "status": 201}


async def test_what_comes_late_goes_too_and_whoever_writes_again_begins_anew(house: House) -> None:
    await house.happens(message("one", message_id="SM1", at=NOW - MINUTE), left())
    late = message("two", message_id="SM0", at=NOW - 2 * MINUTE)
    status = MessageStatus(provider_id="SM9", message_id=None, status="delivered", raw={"To": ADA})
    receipt = event(MESSAGE_STATUS, "SM9.delivered", status, at=NOW + MINUTE)
    anew = message("hello again", message_id="SM5", at=NOW + 5 * MINUTE)
    reply = notification("Welcome", at=NOW + 6 * MINUTE)
    await house.happens(late, receipt, anew, reply)
    await clean_up(house.services)
    rows = await house.rows()
    [alias] = {rows[name].party for name in ("SM1", "SM0", "SM9.delivered", "7F3K.left")}
    assert alias != ADAS
    assert "two" not in json.dumps(rows["SM0"].data)
    assert rows["SM9.delivered"].data == {"provider_id": "SM9", "message_id": None, "status": "delivered"}
    assert {row.event_id for row in rows.values() if row.party == ADAS} == {"SM5", reply.id}
    assert rows["SM5"].data["text"] == "hello again"


async def test_the_same_event_again_keeps_the_alias_and_leaving_again_gets_another(house: House) -> None:
    for _ in range(2):
        await house.happens(message("one", message_id="SM1", at=NOW - MINUTE), left())
    first = await house.rows()
    await house.happens(message("two", message_id="SM2", at=NOW + MINUTE), left("AAAA", at=NOW + 2 * MINUTE))
    rows = await house.rows()
    assert {name: rows[name] for name in first} == first
    assert rows["SM1"].party == rows["7F3K.left"].party
    assert rows["SM2"].party == rows["AAAA.left"].party != rows["SM1"].party


async def test_who_left_is_forgotten_when_nothing_can_come_late_any_more(house: House) -> None:
    await house.happens(left())
    departed = "SELECT party FROM audit.departed"
    fetch = house.services.trail.database.fetch
    for days, there in ((29, [(ADAS,)]), (2, [])):
        house.clock.advance(timedelta(days=days))
        await clean_up(house.services)
        assert await fetch(departed) == there


async def test_a_kill_between_its_two_halves_is_made_good_by_the_next_cleanup(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.happens(message("one", message_id="SM1", at=NOW - MINUTE))
    trail = house.services.trail
    add = trail.add

    async def killed(told: Sequence[Unread], now: Any) -> None:
        await add(told, now)
        raise KeyboardInterrupt

    monkeypatch.setattr(trail, "add", killed)
    with pytest.raises(KeyboardInterrupt):
        await house.audit.deliver(left())
    monkeypatch.undo()
    await clean_up(house.services)
    assert ADAS not in {row.party for row in (await house.rows()).values()}
