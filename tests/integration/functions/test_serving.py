"""`serve`: every outcome of a delivery, seen over HTTP as a broker sees it, with a real PostgreSQL for what is written down."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.events.envelope import Event
from shared.events.schemas import MESSAGE_RECEIVED, NOTIFICATION_REQUESTED
from shared.policy.outcomes import Poison, Refused, TryAgain
from shared.runtime.apology import apologise
from shared.runtime.clock import SimulatedClock
from shared.runtime.cloudevents_http import to_http
from shared.runtime.services import Services
from shared.runtime.serving import MAX_EVENT_BYTES, Function, Later, Work, serve
from shared.runtime.settings import Settings
from shared.storage.outbox import Row, Schema
from tests.asking import request
from tests.making import message, notification

pytestmark = pytest.mark.asyncio


class Hands:
    """A carrier that keeps what was committed."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    async def publish(self, event: Event) -> None:
        raise AssertionError

    async def carry(self, rows: Sequence[Row]) -> None:
        self.rows += rows

    async def close(self) -> None:
        """Nothing to release."""


class Stage:
    """A function whose handler does what the test says."""

    def __init__(self, database: str) -> None:
        self.problem: Exception | None = None
        self.reply: Event | None = None
        self.clock = SimulatedClock()
        self.hands = Hands()
        self.services = Services(Settings(database_url=database), self.clock)
        self.services.use_carrier(self.hands)
        self.function: Function = serve(
            "stage",
            events={MESSAGE_RECEIVED: self.handle, NOTIFICATION_REQUESTED: self.handle},
            schema="messaging",
            apology=apologise,
        ).served
        self.function.bind(self.services)

    async def handle(self, event: Event, work: Work) -> Event | None:
        if self.problem:
            raise self.problem
        return self.reply

    async def post(self, event: Event) -> int:
        headers, body = to_http(event)
        return (await self.function(request("/", body, headers=headers))).status_code


@pytest.fixture
async def stage(database: str) -> AsyncIterator[Stage]:
    made = Stage(database)
    yield made
    await made.services.close()


async def test_done_is_204_with_an_empty_body(stage: Stage) -> None:
    headers, body = to_http(message())
    answer = await stage.function(request("/", body, headers=headers))
    assert (answer.status_code, bytes(answer.body)) == (204, b"")


async def test_a_reply_is_a_cloudevent(stage: Stage) -> None:
    stage.reply = notification()
    headers, body = to_http(message())
    answer = await stage.function(request("/", body, headers=headers))
    assert answer.status_code == 200
    assert answer.headers["ce-type"] == NOTIFICATION_REQUESTED
    assert json.loads(bytes(answer.body))["body"] == "Added #1 Buy milk"


async def test_refused_is_done(stage: Stage) -> None:
    stage.problem = Refused("no")
    assert await stage.post(message()) == 204
    assert await stage.services.audit.dead_letters() == []


async def test_poison_is_a_dead_letter_at_once_and_the_person_is_told(stage: Stage) -> None:
    stage.problem = Poison("never")
    told = message()
    assert await stage.post(told) == 204
    [letter] = await stage.services.audit.dead_letters()
    assert (letter.event_id, letter.function, letter.attempts) == (told.id, "stage", 1)
    [row] = stage.hands.rows
    assert getattr(row.event.data, "body", "").startswith("Sorry, that text broke something here.")
    claims = await stage.services.messaging.database.fetch("SELECT state FROM messaging.claims")
    assert claims == [("dead",)]


async def test_a_dead_letter_is_kept_even_when_its_apology_cannot_be(stage: Stage) -> None:
    stage.problem = Poison("never")
    event = message()
    told = replace(event, data=event.data.model_copy(update={"message_id": "a\0b"}))
    assert await stage.post(told) == 204
    [letter] = await stage.services.audit.dead_letters()
    assert letter.event_id == told.id
    assert stage.hands.rows == []


async def test_a_persons_own_message_waits_in_place(stage: Stage) -> None:
    stage.problem = TryAgain("not now")
    assert await stage.post(message()) == 503
    assert stage.hands.rows == []
    outcomes = [await stage.function.deliver(message(), attempt) for attempt in range(1, 8)]
    assert [outcome.seconds for outcome in outcomes if isinstance(outcome, Later)] == [1, 2, 4, 8, 16, 32, 64]


async def test_a_persons_own_message_is_given_up_after_eight_tries(stage: Stage) -> None:
    stage.problem = ValueError("a bug, with +12125550142 in its text")
    await stage.function.deliver(message(), 8)
    [letter] = await stage.services.audit.dead_letters()
    assert letter.attempts == 8
    assert letter.cause.startswith("ValueError at test_serving.py")
    assert "2125550142" not in letter.cause


async def test_anything_else_steps_aside_by_the_table(stage: Stage) -> None:
    stage.problem = TryAgain("not now")
    asked = notification()
    assert await stage.post(asked) == 204
    [row] = stage.hands.rows
    assert (row.for_function, row.attempt) == ("stage", 1)
    assert row.not_before is not None
    assert timedelta(0) < row.not_before - stage.clock.now() <= timedelta(seconds=1)


async def test_which_try_it_is_a_sender_that_counts_may_say(stage: Stage) -> None:
    stage.problem = TryAgain("not now")
    for said, found in (("3", 3), ("", 1), ("0", 1), ("-1", 1), ("x", 1), ("99999", 1)):
        headers, body = to_http(notification())
        answer = await stage.function(request("/", body, headers={**headers, "jotline-attempt": said}))
        assert answer.status_code == 204
        assert stage.hands.rows[-1].attempt == found
    headers, body = to_http(message())
    answer = await stage.function(request("/", body, headers={**headers, "jotline-attempt": "4"}))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "8")
    answer = await stage.function(request("/", body, headers={**headers, "jotline-attempt": "8"}))
    assert answer.status_code == 204
    assert [letter.attempts for letter in await stage.services.audit.dead_letters()] == [8]


async def test_a_retry_row_stands_in_the_functions_own_schema(stage: Stage) -> None:
    stage.problem = TryAgain("not now")
    schemas: tuple[Schema, ...] = ("todo", "messaging", "voice", "audit")
    for schema in schemas:
        stage.function.schema = schema
        await stage.post(notification())
        assert stage.hands.rows[-1].schema == schema


async def test_a_provider_that_names_a_delay_gets_it(stage: Stage) -> None:
    stage.problem = TryAgain("throttled", after_seconds=30)
    await stage.post(notification())
    [row] = stage.hands.rows
    assert row.not_before is not None
    assert row.not_before - stage.clock.now() > timedelta(seconds=29)


async def test_an_outage_gives_nothing_up() -> None:
    lost = Stage("postgresql://jotline@/jotline?host=/nonexistent")
    lost.problem = TryAgain("not now")
    for event in (message(), notification()):
        outcome = await lost.function.deliver(event, 100)
        assert isinstance(outcome, Later)
        assert not outcome.counted
    await lost.services.close()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b""),
        ({"content-type": "application/cloudevents+json"}, b"{broken"),
        ({"content-type": "application/cloudevents+json"}, b"[" * 5000),
        ({"content-type": "application/cloudevents+json"}, b'{"specversion": "1.0"}'),
        ({"ce-specversion": "0.3", "ce-id": "1", "ce-type": "x", "ce-source": "y"}, b"{}"),
        ({"ce-specversion": "1.0", "ce-id": "1", "ce-type": "x", "ce-source": "y"}, b"\xff\x00"),
        ({"content-type": "text/html", "ce-specversion": "1.0"}, b"<html>"),
        ({"content-type": "application/cloudevents+json"}, b"x" * (MAX_EVENT_BYTES + 1)),
    ],
)
async def test_what_is_no_event_is_kept_as_a_dead_letter(stage: Stage, headers: dict[str, str], body: bytes) -> None:
    answer = await stage.function(request("/", body, headers=headers))
    assert answer.status_code == 204
    [letter] = await stage.services.audit.dead_letters()
    assert letter.type == "unreadable"


async def test_ready_says_so_only_when_the_database_answers(stage: Stage) -> None:
    lost = Stage("postgresql://jotline@/jotline?host=/nonexistent")
    assert (await stage.function(request("/health/ready", method="GET"))).status_code == 200
    assert (await lost.function(request("/health/ready", method="GET"))).status_code == 503
    assert (await stage.function(request("/", method="GET"))).status_code == 405
    await lost.services.close()
