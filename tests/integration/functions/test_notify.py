"""notify against Twilio's stand-in over real HTTP, with a real PostgreSQL: sent once, whatever the provider does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.loading import load_function
from local.phone.app import Phone, create_phone
from local.phone.serving import running
from shared.events.envelope import Event
from shared.runtime.clock import SimulatedClock
from shared.runtime.services import Services
from shared.runtime.serving import Done, Function, Later
from shared.runtime.settings import Settings
from shared.storage.database import DatabaseUnavailable
from shared.storage.outbox import Row
from tests.asking import request
from tests.making import ADA, OURS, message, notification, recording, transcript_of

pytestmark = pytest.mark.asyncio
ACCOUNT, TOKEN = "AC" + "d" * 32, "token"


class Hands:
    """A carrier that keeps what was committed."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    async def publish(self, event: Event) -> None:
        raise AssertionError("notify publishes nothing")

    async def carry(self, rows: Sequence[Row]) -> None:
        self.rows += rows

    async def close(self) -> None:
        """Nothing to release."""

    @property
    def types(self) -> list[str]:
        return [row.event.type.removeprefix("jotline.notification.") for row in self.rows]


class Bench:
    """notify with its surroundings."""

    def __init__(self, function: Function, services: Services, phone: Phone, hands: Hands, clock: SimulatedClock) -> None:
        self.function, self.services, self.phone, self.hands, self.clock = function, services, phone, hands, clock

    async def deliver(self, event: Event, attempt: int = 1) -> None:
        assert isinstance(await self.function.deliver(event, attempt), Done)

    async def retry(self) -> None:
        """Deliver the retry that was just written, at its time."""
        row = self.hands.rows.pop()
        assert row.not_before is not None
        assert row.for_function == "notify"
        if row.not_before > self.clock.now():
            self.clock.set(row.not_before)
        await self.deliver(row.event, row.attempt + 1)

    def texts(self) -> list[str]:
        return [one.body for one in self.phone.messages() if one.direction != "inbound"]

    async def statuses(self) -> list[str]:
        return [str(row[0]) for row in await self.services.messaging.database.fetch("SELECT status FROM messaging.messages")]


@pytest.fixture
async def bench(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    clock = SimulatedClock()
    phone = create_phone(
        folder=tmp_path,
        clock=clock,
        auth_token=TOKEN,
        account_sid=ACCOUNT,
        number=OURS,
        webhook_url="http://127.0.0.1:1/nobody",
    )
    async with running(phone) as url:
        settings = Settings(
            database_url=database, twilio_api_url=url, twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, twilio_from=OURS
        )
        services, hands = Services(settings, clock), Hands()
        services.use_carrier(hands)
        function = load_function("notify")
        function.bind(services)
        monkeypatch.setitem(function.events[notification().type].__globals__, "CALLBACK_SECONDS", 0.0)
        yield Bench(function, services, phone, hands, clock)
        await services.close()


def _now(bench: Bench, **more: Any) -> Event:
    return notification(at=bench.clock.now(), **more)


async def test_a_text_leaves_once_however_often_it_is_asked_for(bench: Bench) -> None:
    asked = _now(bench)
    for _ in range(3):
        await bench.deliver(asked)
    assert bench.texts() == ["Added #1 Buy milk"]
    assert bench.hands.types == ["sent"]
    assert await bench.statuses() == ["queued"]


async def test_whatsapp_goes_to_whatsapp(bench: Bench) -> None:
    await bench.deliver(_now(bench, channel="whatsapp"))
    [sent] = [one for one in bench.phone.messages() if one.direction != "inbound"]
    assert (sent.channel, sent.phone) == ("whatsapp", ADA)


async def test_a_late_answer_says_sorry_and_a_stale_one_stays(bench: Bench) -> None:
    asked = bench.clock.now()
    bench.clock.advance(timedelta(minutes=6))
    await bench.deliver(_now(bench, asked_at=asked))
    await bench.deliver(_now(bench, kind="digest", asked_at=asked, expires_at=asked))
    assert bench.texts() == ["Added #1 Buy milk\nSorry for the wait."]
    assert bench.hands.types == ["sent", "suppressed"]


async def test_a_throttled_text_is_sent_later(bench: Bench) -> None:
    bench.phone.faults.refuse = [(429, 20429)] * 2
    await bench.deliver(_now(bench))
    await bench.retry()
    assert bench.texts() == []
    await bench.retry()
    assert bench.texts() == ["Added #1 Buy milk"]
    assert bench.hands.types == ["sent"]


async def test_a_text_whose_answer_was_lost_is_found_and_not_sent_again(bench: Bench) -> None:
    bench.phone.faults.drop_answers = 1
    await bench.deliver(_now(bench))
    assert bench.hands.types == ["requested"]
    await bench.retry()
    assert bench.texts() == ["Added #1 Buy milk"]
    assert bench.hands.types == ["sent"]


async def test_a_lost_answer_is_found_by_a_try_that_would_have_said_sorry_for_the_wait(bench: Bench) -> None:
    bench.phone.faults.drop_answers = 1
    await bench.deliver(_now(bench))
    bench.clock.advance(timedelta(minutes=6))
    await bench.retry()
    assert bench.texts() == ["Added #1 Buy milk"]
    assert bench.hands.types == ["sent"]


async def test_an_earlier_text_with_the_same_words_is_not_taken_for_a_lost_one(bench: Bench) -> None:
    await bench.deliver(_now(bench))
    bench.phone.faults.refuse = [(500, 20500)]
    await bench.deliver(_now(bench))
    await bench.retry()
    assert bench.texts() == ["Added #1 Buy milk"] * 2
    found = await bench.services.messaging.database.fetch("SELECT metadata ->> 'possible_duplicate' FROM messaging.messages")
    assert sorted(str(row[0]) for row in found) == ["None", "true"]


async def test_who_opted_out_at_the_provider_is_never_asked_again(bench: Bench) -> None:
    bench.phone.text(ADA, "STOP")
    await bench.deliver(_now(bench))
    await bench.deliver(_now(bench, body="Reminder: #1 Buy milk (now)"))
    assert [text for text in bench.texts() if text.startswith(("Added", "Reminder"))] == []
    assert bench.hands.types == ["failed", "suppressed"]


async def test_stop_is_respected_before_anything_is_sent_and_start_brings_it_back(bench: Bench) -> None:
    await bench.deliver(message("Stop", at=bench.clock.now()))
    await bench.deliver(_now(bench))
    assert bench.texts() == []
    await bench.deliver(_now(bench, body="last words", even_if_stopped=True))
    bench.clock.advance(timedelta(seconds=1))
    await bench.deliver(message("START", at=bench.clock.now()))
    await bench.deliver(_now(bench, body="welcome"))
    assert bench.texts() == ["last words", "welcome"]


async def test_spoken_words_never_change_consent(bench: Bench) -> None:
    said = recording(at=bench.clock.now())
    await bench.deliver(said)
    await bench.deliver(transcript_of(said, "stop"))
    await bench.deliver(_now(bench))
    assert bench.texts() == ["Added #1 Buy milk"]
    bench.clock.advance(timedelta(seconds=1))
    await bench.deliver(message("STOP", at=bench.clock.now()))
    said = recording(at=bench.clock.now())
    await bench.deliver(said)
    await bench.deliver(transcript_of(said, "start"))
    await bench.deliver(_now(bench, body="too much"))
    assert bench.texts() == ["Added #1 Buy milk"]


async def test_a_recording_of_somebody_unknown_is_kept_with_its_words_alone(bench: Bench) -> None:
    said = recording(sender="", recipient="", call_id="CA1", recording_id="RE1", at=bench.clock.now())
    await bench.deliver(said)
    assert await bench.statuses() == []
    await bench.deliver(transcript_of(said))
    assert await bench.statuses() == ["received"]


class Away:
    """A database that is away: for one store of messages, the next so many calls of some kinds fail, done or not."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        self._store, self._monkeypatch = bench.services.messaging, monkeypatch

    def fail(self, name: str, times: int, *, after: bool = False) -> None:
        """`after`: it was done, and the answer got lost."""
        call, left = getattr(self._store, name), iter(range(times))

        async def failing(*words: Any, **more: Any) -> Any:
            away = next(left, None) is not None
            if away and not after:
                raise DatabaseUnavailable("away")
            found = await call(*words, **more)
            if away:
                raise DatabaseUnavailable("cut off")
            return found

        self._monkeypatch.setattr(self._store, name, failing)


@pytest.fixture
def away(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Away:
    monkeypatch.setitem(bench.function.events[notification().type].__globals__, "RELEASE_SECONDS", 0.01)
    return Away(bench, monkeypatch)


async def test_a_database_that_goes_away_before_anything_was_sent_costs_no_lease(bench: Bench, away: Away) -> None:
    away.fail("begin", 1, after=True)
    away.fail("release", 2)
    asked = _now(bench)
    assert isinstance(await bench.function.deliver(asked), Later)
    assert bench.texts() == []
    await bench.deliver(asked)  # at the very same time: no lease is in its way
    assert bench.texts() == ["Added #1 Buy milk"]
    found = await bench.services.messaging.database.fetch("SELECT metadata ->> 'possible_duplicate' FROM messaging.messages")
    assert found == [(None,)], "nothing was sent before, and everybody knows"


async def test_a_database_that_goes_away_while_a_refusal_is_written_down_costs_no_lease_either(
    bench: Bench, away: Away
) -> None:
    await bench.deliver(message("STOP", at=bench.clock.now()))
    away.fail("finish", 1)
    asked = _now(bench)
    assert isinstance(await bench.function.deliver(asked), Later)
    await bench.deliver(asked)
    assert bench.hands.types == ["suppressed"]


async def test_a_database_that_goes_away_after_the_text_was_sent_leaves_the_claim_and_nothing_is_sent_twice(
    bench: Bench, away: Away
) -> None:
    away.fail("finish", 1)
    asked = _now(bench)
    assert isinstance(await bench.function.deliver(asked), Later)
    await bench.function.deliver(asked)
    bench.hands.rows.clear()  # its retry: another sender is at it
    bench.clock.advance(timedelta(seconds=46))
    away.fail("owned", 1)
    assert isinstance(await bench.function.deliver(asked), Later)
    await bench.deliver(asked)
    assert bench.texts() == ["Added #1 Buy milk"]
    assert bench.hands.types == ["sent"]


async def test_a_number_the_provider_refuses_is_not_tried_again(bench: Bench) -> None:
    bench.phone.faults.refuse = [(400, 21211)]
    asked = _now(bench)
    await bench.deliver(asked)
    await bench.deliver(asked)
    assert bench.texts() == []
    assert bench.hands.types == ["failed"]
    assert await bench.statuses() == ["failed"]


async def test_a_text_nobody_takes_ends_as_a_dead_letter(bench: Bench) -> None:
    bench.phone.faults.refuse = [(429, 20429)] * 100
    await bench.deliver(_now(bench))
    for _ in range(10):
        await bench.retry()
    [letter] = await bench.services.audit.dead_letters()
    assert (letter.function, letter.attempts) == ("notify", 11)
    assert "NotAccepted" in letter.cause
    assert ADA not in letter.cause


@pytest.mark.parametrize("channel", ["push", "in_app"])
async def test_a_channel_that_there_is_not_is_refused_by_name_and_kept(bench: Bench, channel: str) -> None:
    asked = json.loads(_now(bench).to_json())
    asked["data"]["channel"] = channel
    body = json.dumps(asked).encode()
    answer = await bench.function(request("/", body, headers={"content-type": "application/cloudevents+json"}))
    assert answer.status_code == 204
    [letter] = await bench.services.audit.dead_letters()
    assert letter.function == "notify"
    assert letter.cause == "jotline.notification.requested: channel.literal['sms','mms','whatsapp']: literal_error"
    assert bench.texts() == []
