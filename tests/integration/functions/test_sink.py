"""The way to K_SINK over real HTTP: what a broker refuses or leaves unanswered costs nothing, and a person's events keep their order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from local.phone.serving import serving
from shared.events.envelope import Event
from shared.runtime import sink as sink_module
from shared.runtime.sink import NotAcceptedBySink, Sink
from shared.storage.outbox import Row
from tests.making import ADA, BOB, NOW, notification

pytestmark = pytest.mark.asyncio


@dataclass
class Ingress:
    """A broker's door. `answers`: what it says next; 202 when it has nothing to say."""

    answers: list[int] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await request.body()
        self.asked += 1
        await self.gate.wait()
        status = self.answers.pop(0) if self.answers else 202
        if status == 202:
            self.headers.append(dict(request.headers))
        await PlainTextResponse("", status_code=status)(scope, receive, send)

    @property
    def ids(self) -> list[str]:
        return [one["ce-id"] for one in self.headers]


@pytest.fixture
async def ingress() -> AsyncIterator[tuple[Ingress, Sink]]:
    door = Ingress()
    door.gate.set()
    async with serving(door) as url:
        sink = Sink(url)
        yield door, sink
        door.gate.set()
        await sink.close()


def rows(*events: Event) -> list[Row]:
    return [Row("todo", place, event) for place, event in enumerate(events)]


async def test_everything_a_broker_and_its_filters_need_is_said(ingress: tuple[Ingress, Sink]) -> None:
    door, sink = ingress
    event = notification()
    await sink.publish(event)
    [said] = door.headers
    assert (said["ce-partitionkey"], said["ce-lane"], said["ce-topic"]) == (event.partitionkey, event.lane, "messages")
    assert said["traceparent"] == said["ce-traceparent"]
    assert said["traceparent"].startswith("00-")


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
async def test_acceptance_is_2xx_and_nothing_else(ingress: tuple[Ingress, Sink], status: int) -> None:
    door, sink = ingress
    door.answers = [status]
    with pytest.raises(NotAcceptedBySink):
        await sink.publish(notification())


async def test_a_broker_that_is_not_there_or_too_slow_has_not_accepted(
    ingress: tuple[Ingress, Sink], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sink_module, "TIMEOUT_SECONDS", 0.05)
    nowhere = Sink("http://127.0.0.1:9")
    with pytest.raises(NotAcceptedBySink):
        await nowhere.publish(notification())
    await nowhere.carry(rows(notification()))
    door, sink = ingress
    door.gate.clear()
    with pytest.raises(NotAcceptedBySink):
        await sink.publish(notification())


async def test_retries_and_what_is_for_one_function_alone_are_the_relays(ingress: tuple[Ingress, Sink]) -> None:
    door, sink = ingress
    [row] = rows(notification())
    await sink.carry([replace(row, not_before=NOW, for_function="notify", attempt=1), replace(row, for_function="notify")])
    assert door.asked == 0


async def test_what_was_refused_goes_before_anything_newer_of_that_person(ingress: tuple[Ingress, Sink]) -> None:
    door, sink = ingress
    first, second, third, other = (notification(), notification(), notification(), notification(recipient=BOB))
    door.answers = [503]
    await sink.carry(rows(first, second))
    assert door.ids == [], "nothing passes what was refused"
    await sink.carry(rows(other))
    await sink.carry(rows(third))
    assert door.ids == [other.id, first.id, second.id, third.id]
    await sink.carry(rows(notification()))
    assert len(door.ids) == 5


async def test_what_was_refused_long_ago_is_the_relays(ingress: tuple[Ingress, Sink], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sink_module, "RELAY_SECONDS", 0.0)
    door, sink = ingress
    door.answers = [503]
    newer = notification()
    await sink.carry(rows(notification()))
    await sink.carry(rows(newer))
    assert door.ids == [newer.id]


async def test_one_persons_events_go_one_after_the_other_and_others_beside_them(ingress: tuple[Ingress, Sink]) -> None:
    door, sink = ingress
    door.gate.clear()
    hers, his = [notification(recipient=ADA) for _ in range(5)], notification(recipient=BOB)
    carrying = [asyncio.create_task(sink.carry(rows(one))) for one in (*hers, his)]
    while door.asked < 2:
        await asyncio.sleep(0.001)
    door.gate.set()
    await asyncio.gather(*carrying)
    assert [one for one in door.ids if one != his.id] == [one.id for one in hers]
