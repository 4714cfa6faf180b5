"""With twelve lanes, fifty people who text as fast as they can each get what they said in the order in which they said it."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bench.cluster.place import Place
from shared.events.ids import LANES, lane_of, partition_key

pytestmark = pytest.mark.asyncio
PEOPLE, TEXTS = 50, 8


async def test_everybodys_order_holds_at_full_load(running_with_lanes: Place, session: aiohttp.ClientSession) -> None:
    async def person(number: int) -> None:
        for turn in range(TEXTS):
            await running_with_lanes.text(session, f"buy item {turn}", sender=_phone(number))

    await asyncio.gather(*(person(number) for number in range(PEOPLE)))
    for number in range(PEOPLE):
        await running_with_lanes.hears(_phone(number), TEXTS, seconds=120)
    await _until_the_trail_has(running_with_lanes, "jotline.notification.sent", PEOPLE * TEXTS)
    rows = running_with_lanes.read(
        "SELECT users.phone, tasks.title FROM todo.tasks JOIN todo.users ON users.id = tasks.user_id ORDER BY users.phone, tasks.number"
    )
    wanted = [(_phone(number), f"Buy item {turn}") for number in range(PEOPLE) for turn in range(TEXTS)]
    assert sorted(rows) == sorted(wanted)
    assert [title for _, title in rows] == [f"Buy item {turn}" for turn in range(TEXTS)] * PEOPLE


async def _until_the_trail_has(place: Place, event_type: str, events: int) -> None:
    """The trail keeps up with the broker: it need not wait for the relay, who a minute later brings it what it missed."""
    count = "SELECT count(*) FROM audit.trail WHERE type = %s"
    async with asyncio.timeout(45):
        while place.read(count, event_type)[0][0] < events:
            await asyncio.sleep(0.2)


async def test_the_people_of_this_test_are_in_every_lane() -> None:
    assert {lane_of(partition_key(_phone(number), b"a secret for measurements")) for number in range(PEOPLE)} == set(
        map(str, range(LANES))
    )


def _phone(number: int) -> str:
    return f"+1212555{number:04}"
