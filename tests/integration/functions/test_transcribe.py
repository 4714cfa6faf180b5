"""transcribe with a real PostgreSQL, a provider that keeps recordings, and a folder of audio. What Whisper hears is scripted here:

these are the rules around it. Whisper itself is heard in tests/end_to_end/test_voice.py and tests/integration/voice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import web
from starlette.requests import Request

from local.loading import load_function
from shared.events.envelope import Event
from shared.events.schemas import AudioCut, AudioRefused, MessageReceived, NotificationRequested, TranscriptRevised
from shared.messages.phrases import (
    CANNOT_READ_FILE,
    HEARD_NOTHING,
    RECORDING_KEPT_FOR_REPAIR,
    RECORDING_TOO_LONG,
    recordings_deleted,
    recordings_kept,
)
from shared.runtime.clock import SimulatedClock
from shared.runtime.dead_letters import replay
from shared.runtime.services import Services
from shared.runtime.serving import Done, Function, Later
from shared.runtime.settings import Settings
from shared.storage.outbox import Row
from shared.voice.models import ModelUnavailable
from shared.voice.transcript import Segment, Transcript, Word
from shared.voice.whisper import DeadlinePassed
from tests.making import ADA, BOB, NOW, OURS, SECRET
from tests.studio import ACCOUNT, TOKEN, Studio, audio, call, silence, wish

pytestmark = pytest.mark.asyncio


class Ear:
    """Who listens: hears what it is told to, or fails as it is told to, and notes how often it was asked."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.hears: list[str | Exception] = []
        self.missing: Exception | None = None
        self.asked: list[str] = []
        self.sure = 0.95

    async def model(self, wanted: str = "") -> Any:
        if self.missing:
            raise self.missing
        return SimpleNamespace(name=wanted or "usual")

    async def hear(self, whisper: Any, samples: Any, *, language: str, hotwords: str, seconds: float) -> Transcript:
        heard = self.hears.pop(0) if len(self.hears) > 1 else self.hears[0]
        self.asked.append(hotwords)
        if isinstance(heard, Exception):
            raise heard
        words = tuple(Word(f" {word}", n * 0.3, n * 0.3 + 0.2, self.sure) for n, word in enumerate(heard.split()))
        segments = (Segment(0.0, 1.0, words, -0.1, 0.0),) if words else ()
        return Transcript(segments, language, len(samples) / 16_000)


class Bench:
    """transcribe with its surroundings; it is the carrier too: rows for transcribe are given back to it by `settle`."""

    def __init__(
        self, function: Function, services: Services, studio: Studio, clock: SimulatedClock, ear: Ear, folder: Path
    ) -> None:
        self.function, self.services, self.studio, self.clock, self.ear, self.folder = (
            function,
            services,
            studio,
            clock,
            ear,
            folder,
        )
        self.rows: list[Row] = []
        self.told: list[Event] = []

    async def publish(self, event: Event) -> None:
        raise AssertionError("transcribe publishes nothing")

    async def carry(self, rows: Sequence[Row]) -> None:
        self.rows += rows

    async def close(self) -> None:
        """Nothing to release."""

    async def deliver(self, event: Event, attempt: int = 1) -> None:
        assert isinstance(await self.function.deliver(event, attempt), Done)

    async def settle(self, *, retries: bool = True) -> None:
        """Deliver what is for transcribe until nothing is; retries at their time. The rest is kept in `told`."""
        while self.rows:
            row = self.rows.pop(0)
            if row.for_function:
                if not retries:
                    self.rows.insert(0, row)
                    return
                assert row.not_before is not None
                self.clock.set(max(row.not_before, self.clock.now()))
                await self.deliver(row.event, row.attempt + 1)
            elif row.event.type in self.function.events:
                await self.deliver(row.event)
            else:
                self.told.append(row.event)

    async def say(self, *heard: str | Exception, seconds: float = 1.0, **more: Any) -> Event:
        """Somebody says something: it is taken in and heard as `heard`, piece by piece."""
        self.ear.hears = list(heard)
        said = audio(self.studio.keep(silence(seconds)), at=self.clock.now(), **more)
        await self.deliver(said)
        await self.settle()
        return said

    def replies(self) -> list[str]:
        return [one.data.body for one in self.told if isinstance(one.data, NotificationRequested)]

    def messages(self) -> list[MessageReceived]:
        return [one.data for one in self.told if isinstance(one.data, MessageReceived)]

    def types(self) -> list[str]:
        return [one.type.removeprefix("jotline.") for one in self.told]

    def kept(self) -> list[Path]:
        return [one for one in self.folder.rglob("*") if one.is_file()]

    async def read(self, query: str) -> list[tuple[object, ...]]:
        return await self.services.voice.database.fetch(query)

    async def die(self, event: Event, times: int = 1) -> None:
        """As many workers as that begin this and are never heard of again."""
        for _ in range(times):
            now = self.clock.now()
            begun = await self.services.voice.begin(
                event, function="transcribe", now=now, lease_until=now + timedelta(seconds=1)
            )
            assert begun.attempts
            self.clock.advance(timedelta(seconds=2))


@pytest.fixture
async def bench(database: str, tmp_path: Path) -> AsyncIterator[Bench]:
    clock = SimulatedClock()
    clock.set(max(NOW, clock.now()))
    async with Studio().open() as studio:
        folder = tmp_path / "audio"
        settings = Settings(
            database_url=database,
            twilio_api_url=studio.url,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            party_secret=SECRET.decode(),
            audio_store_url=folder.as_uri(),
        )
        services, function, ear = Services(settings, clock), load_function("transcribe"), Ear()
        function.bind(services)
        listening = cast("list[Any]", next(iter(function.events.values())).__globals__["_listening"])
        listening[:] = [ear]
        made = Bench(function, services, studio, clock, ear, folder)
        services.use_carrier(made)
        yield made
        await services.close()


async def test_a_voice_note_becomes_a_message_of_when_it_was_said(bench: Bench) -> None:
    said = await bench.say("buy milk", message_id="MM1")
    assert bench.types() == ["transcript.created", "message.received"]
    [message] = bench.messages()
    assert (message.text, message.origin, message.sender, message.recipient) == ("buy milk", "voice", ADA, OURS)
    assert bench.told[-1].id == message.message_id == said.id
    assert (bench.told[-1].time, bench.told[-1].partitionkey) == (said.time, said.partitionkey)
    assert [(one.start, one.end, one.probability) for one in message.heard] == [(0, 8, 0.95)]
    assert await bench.read("SELECT text, language, model, version FROM voice.transcripts") == [("buy milk", "en", "usual", 1)]
    assert await bench.read("SELECT message_id, round(seconds) FROM voice.recordings") == [("MM1", 1.0)]
    assert len(bench.kept()) == 1
    assert said.partitionkey in str(bench.kept()[0])


async def test_every_event_may_come_as_often_as_it_likes(bench: Bench) -> None:
    called = call("CA1")
    for _ in range(2):
        await bench.deliver(called)
    bench.ear.hears = ["buy milk"]
    said = audio(bench.studio.keep(silence(1)))
    for _ in range(3):
        await bench.deliver(said)
    [cut] = [row.event for row in bench.rows]
    for _ in range(3):
        await bench.deliver(cut)
    await bench.settle()
    again = wish("hear_again")
    for _ in range(3):
        await bench.deliver(again)
    await bench.settle()
    assert bench.types() == ["transcript.created", "message.received", "transcript.created", "transcript.revised"]
    assert len(bench.ear.asked) == 2
    assert len(bench.studio.fetched) == 1


async def test_words_in_doubt_are_their_own_stretches(bench: Bench) -> None:
    bench.ear.sure = 0.5
    await bench.say("call kim")
    [message] = bench.messages()
    assert [(message.text[one.start : one.end], one.probability) for one in message.heard] == [("call", 0.5), ("kim", 0.5)]


async def test_what_somebody_has_to_do_is_expected_to_be_spoken_of(bench: Bench) -> None:
    await bench.say("buy milk")
    assert "remind me" in bench.ear.asked[0]


async def test_silence_is_said(bench: Bench) -> None:
    await bench.say("")
    assert bench.replies() == [HEARD_NOTHING]
    assert bench.messages() == []
    assert await bench.read("SELECT text FROM voice.transcripts") == [("",)]


@pytest.mark.parametrize(
    ("content", "reply", "reason"),
    [
        (b"PK\x03\x04" + bytes(200), CANNOT_READ_FILE, "unreadable"),
        (b"<!doctype html><p>hello", CANNOT_READ_FILE, "unreadable"),
        (b"", CANNOT_READ_FILE, "unreadable"),
        (silence(602, rate=8_000), RECORDING_TOO_LONG, "too_long"),
        (silence(601), RECORDING_TOO_LONG, "too_large"),
    ],
    ids=["zip", "html", "empty", "too long", "too large"],
)
async def test_a_file_that_is_not_taken_is_answered_and_not_kept(bench: Bench, content: bytes, reply: str, reason: str) -> None:
    said = audio(bench.studio.keep(content), channel="whatsapp")
    for _ in range(2):
        await bench.deliver(said)
    await bench.settle()
    assert bench.replies() == [reply]
    [answer] = [one.data for one in bench.told if isinstance(one.data, NotificationRequested)]
    assert (answer.channel, answer.recipient, answer.in_reply_to) == ("whatsapp", ADA, said.id)
    assert [one.data.reason for one in bench.told if isinstance(one.data, AudioRefused)] == [reason]
    assert bench.kept() == []


async def test_a_recording_elsewhere_is_not_fetched(bench: Bench) -> None:
    await bench.deliver(audio("http://169.254.169.254/latest/meta-data"))
    await bench.settle()
    assert bench.replies() == [CANNOT_READ_FILE]


async def test_a_recording_that_is_not_there_yet_is_fetched_when_it_is(bench: Bench) -> None:
    bench.ear.hears = ["buy milk"]
    await bench.deliver(audio(bench.studio.address("late")))
    await bench.settle(retries=False)
    [row] = bench.rows
    assert row.for_function == "transcribe"
    bench.studio.keep(silence(1), "late")
    await bench.settle()
    assert [one.text for one in bench.messages()] == ["buy milk"]


async def test_a_recording_that_never_comes_is_given_up_and_its_sender_told(bench: Bench) -> None:
    await bench.deliver(audio(bench.studio.address("never")))
    await bench.settle()
    assert bench.replies() == [RECORDING_KEPT_FOR_REPAIR]
    assert [letter.function for letter in await bench.services.audit.dead_letters()] == ["transcribe"]


async def test_a_caller_is_known_by_their_call(bench: Bench) -> None:
    await bench.deliver(call("CA1", sender=BOB))
    said = await bench.say("buy milk", sender="", call_id="CA1", recording_id="RE1")
    [message] = bench.messages()
    assert (message.sender, message.recipient) == (BOB, OURS)
    assert bench.told[-1].partitionkey == bench.services.party_of(BOB) != said.partitionkey


async def test_else_the_provider_knows_who_called(bench: Bench) -> None:
    bench.studio.calls["CA2"] = (BOB, OURS)
    await bench.say("buy milk", sender="", call_id="CA2", recording_id="RE2")
    assert [one.sender for one in bench.messages()] == [BOB]


async def test_while_nobody_knows_who_called_it_is_tried_again(bench: Bench) -> None:
    bench.ear.hears = ["buy milk"]
    await bench.deliver(audio(bench.studio.keep(silence(1)), sender="", call_id="CA3", recording_id="RE3"))
    await bench.settle(retries=False)
    assert len(bench.rows) == 1
    await bench.deliver(call("CA3"))
    await bench.settle()
    assert [one.sender for one in bench.messages()] == [ADA]


async def test_a_long_recording_is_heard_in_pieces_and_tells_how_far_it_is(bench: Bench) -> None:
    await bench.say("buy milk", "and bread", "and call mom", seconds=300)
    assert [one.text for one in bench.messages()] == ["buy milk and bread and call mom"]
    assert bench.types() == ["audio.progressed", "audio.progressed", "transcript.created", "message.received"]
    lengths = await bench.read("SELECT end_seconds - start_seconds FROM voice.pieces ORDER BY piece")
    assert all(0 < cast("float", length) <= 120 for (length,) in lengths)
    shifted = await bench.read("SELECT segments -> 0 ->> 'start' FROM voice.pieces WHERE piece = 1")
    assert float(str(shifted[0][0])) > 60


async def test_pieces_may_be_heard_in_any_order(bench: Bench) -> None:
    bench.ear.hears = ["three", "two", "one"]
    await bench.deliver(audio(bench.studio.keep(silence(300))))
    bench.rows.reverse()
    await bench.settle()
    assert [one.text for one in bench.messages()] == ["one two three"]


async def test_a_piece_whose_worker_died_after_hearing_it_is_not_heard_again(bench: Bench) -> None:
    bench.ear.hears = ["buy milk"]
    await bench.deliver(audio(bench.studio.keep(silence(1))))
    [row] = bench.rows
    await bench.deliver(row.event)
    await bench.read("UPDATE voice.claims SET state = 'working', lease_until = '-infinity'")
    await bench.read("UPDATE voice.transcripts SET finished_at = NULL")
    await bench.deliver(row.event)
    assert len(bench.ear.asked) == 1


async def test_a_recording_that_killed_a_worker_once_is_picked_up_again(bench: Bench) -> None:
    bench.ear.hears = ["buy milk"]
    said = audio(bench.studio.keep(silence(1)))
    await bench.die(said)
    await bench.deliver(said)
    [row] = bench.rows
    await bench.die(row.event)
    await bench.settle()
    assert [one.text for one in bench.messages()] == ["buy milk"]


@pytest.mark.parametrize("when", ["fetching", "hearing"])
async def test_a_recording_that_killed_two_workers_is_set_aside_and_can_be_replayed(bench: Bench, when: str) -> None:
    bench.ear.hears = ["buy milk"]
    deadly = audio(bench.studio.keep(silence(1)))
    if when == "hearing":
        await bench.deliver(deadly)
        deadly = bench.rows.pop().event
    await bench.die(deadly, times=2)
    await bench.deliver(deadly)
    await bench.settle()
    assert bench.replies() == [RECORDING_KEPT_FOR_REPAIR]
    assert bench.messages() == []
    await bench.deliver(deadly)
    assert bench.rows == []
    [letter] = await bench.services.audit.dead_letters()
    assert await replay(bench.services, letter, deadly.to_json(), bench.clock.now())
    await bench.deliver(deadly)
    await bench.settle()
    assert [one.text for one in bench.messages()] == ["buy milk"]


async def test_what_another_worker_is_at_is_looked_at_when_its_lease_is_over(bench: Bench) -> None:
    bench.ear.hears = ["buy milk"]
    await bench.deliver(audio(bench.studio.keep(silence(1))))
    cut = bench.rows.pop().event
    lease_until = bench.clock.now() + timedelta(seconds=400)
    await bench.services.voice.begin(cut, function="transcribe", now=bench.clock.now(), lease_until=lease_until)
    await bench.deliver(cut)
    [row] = bench.rows
    assert row.not_before is not None
    assert row.not_before >= lease_until - timedelta(seconds=1)
    await bench.settle()
    assert [one.text for one in bench.messages()] == ["buy milk"]


async def test_what_was_too_slow_once_is_tried_again(bench: Bench) -> None:
    await bench.say(DeadlinePassed(), "buy milk")
    assert [one.text for one in bench.messages()] == ["buy milk"]


async def test_what_was_too_slow_twice_is_set_aside(bench: Bench) -> None:
    await bench.say(DeadlinePassed())
    assert len(bench.ear.asked) == 2
    assert bench.replies() == [RECORDING_KEPT_FOR_REPAIR]
    [letter] = await bench.services.audit.dead_letters()
    assert (letter.function, letter.type) == ("transcribe", "jotline.audio.cut")


async def test_other_failures_do_not_count_as_deaths(bench: Bench) -> None:
    await bench.say(*[RuntimeError("of the decoder")] * 4, "buy milk")
    assert [one.text for one in bench.messages()] == ["buy milk"]


async def test_without_a_model_recordings_wait(bench: Bench) -> None:
    bench.ear.hears = ["buy milk"]
    await bench.deliver(audio(bench.studio.keep(silence(1))))
    cut = bench.rows.pop().event
    bench.ear.missing = ModelUnavailable("WHISPER_MODEL: /nowhere has no model.bin")
    outcome = await bench.function.deliver(cut, 20)
    assert isinstance(outcome, Later)
    assert not outcome.counted
    bench.ear.missing = None
    await bench.deliver(cut, 20)
    await bench.settle()
    assert [one.text for one in bench.messages()] == ["buy milk"]


async def test_a_call_is_remembered_without_a_model_too(bench: Bench) -> None:
    bench.ear.missing = ModelUnavailable("WHISPER_MODEL: nothing there")
    await bench.deliver(call("CA9"))
    assert await bench.services.voice.call("CA9") == (ADA, OURS)


async def test_a_recording_heard_again_is_a_question_and_no_message(bench: Bench) -> None:
    said = await bench.say("call kim")
    bench.told.clear()
    bench.ear.hears = ["call tim"]
    asked = wish("hear_again", at=bench.clock.now())
    await bench.deliver(asked)
    await bench.settle()
    assert bench.types() == ["transcript.created", "transcript.revised"]
    revised = cast("TranscriptRevised", bench.told[-1].data)
    assert (revised.old, revised.new, revised.version, revised.ask) == ("call kim", "call tim", 2, True)
    assert (revised.message_id, revised.said_at, revised.asked_at) == (said.id, said.time, asked.time)
    assert bench.told[-1].partitionkey == said.partitionkey
    assert await bench.read("SELECT version, text FROM voice.transcripts ORDER BY 1") == [(1, "call kim"), (2, "call tim")]


async def test_one_without_a_difference_is_told_too(bench: Bench) -> None:
    await bench.say("call kim")
    bench.told.clear()
    for version in (2, 3):
        await bench.deliver(wish("hear_again"))
        await bench.settle()
        revised = cast("TranscriptRevised", bench.told[-1].data)
        assert (revised.old, revised.new, revised.version) == ("call kim", "call kim", version)


async def test_the_last_recording_of_a_day_is_meant_in_the_persons_zone(bench: Bench) -> None:
    bench.clock.set((NOW + timedelta(days=600)).astimezone(UTC).replace(hour=2, minute=0))  # the evening before, in New York
    evening = bench.clock.now().date() - timedelta(days=1)
    first = await bench.say("one")
    bench.clock.advance(timedelta(days=1))
    await bench.say("two")
    bench.told.clear()
    await bench.deliver(wish("hear_again", day=evening, zone="America/New_York", at=bench.clock.now()))
    await bench.settle()
    assert cast("TranscriptRevised", bench.told[-1].data).recording_id == first.id


async def test_none_of_that_day_and_none_of_somebody_else(bench: Bench) -> None:
    said = await bench.say("buy milk")
    bench.told.clear()
    await bench.deliver(wish("hear_again", day=date(2026, 1, 5), zone="UTC"))
    await bench.deliver(wish("hear_again", sender=BOB, recording_id=said.id))
    await bench.settle()
    assert bench.replies() == ["I have no recording from Mon 5 Jan.", "I have no recording of yours."]
    assert bench.types() == ["notification.requested"] * 2


async def test_what_nobody_is_asked_about_nobody_is_told_of(bench: Bench) -> None:
    said = await bench.say("buy milk")
    bench.told.clear()
    await bench.deliver(wish("hear_again", sender=ADA, recording_id="gone", ask=False))
    await bench.deliver(wish("hear_again", recording_id=said.id, ask=False, model="better"))
    [row] = bench.rows
    assert (cast("AudioCut", row.event.data).sender, cast("AudioCut", row.event.data).model) == ("", "better")
    await bench.settle()
    assert cast("TranscriptRevised", bench.told[-1].data).ask is False
    await bench.deliver(wish("hear_again", recording_id=said.id, ask=False))
    bench.ear.hears = [DeadlinePassed()]
    await bench.settle()
    assert bench.replies() == []
    assert len(await bench.services.audit.dead_letters()) == 1


async def test_all_recordings_of_a_person_can_be_deleted(bench: Bench) -> None:
    await bench.say("buy milk")
    await bench.say("buy bread")
    theirs = await bench.say("call kim", sender=BOB)
    bench.told.clear()
    asked = wish("delete")
    for _ in range(2):
        await bench.deliver(asked)
    await bench.settle()
    assert bench.replies() == [recordings_deleted(2)]
    assert await bench.read("SELECT id FROM voice.recordings") == [(theirs.id,)]
    assert await bench.read("SELECT count(*) FROM voice.transcripts") == [(1,)]
    assert len(bench.kept()) == 1


async def test_a_recording_deleted_before_it_was_heard_is_not_heard(bench: Bench) -> None:
    bench.ear.hears = ["buy milk"]
    await bench.deliver(audio(bench.studio.keep(silence(1))))
    cut = bench.rows.pop()
    await bench.deliver(wish("delete"))
    await bench.deliver(cut.event)
    await bench.settle()
    assert bench.ear.asked == []
    assert bench.messages() == []


async def test_audio_is_deleted_when_it_was_kept_long_enough_and_its_words_stay(bench: Bench) -> None:
    mine = await bench.say("buy milk")
    await bench.say("call kim", sender=BOB)
    bench.told.clear()
    await bench.deliver(wish("keep", days=7))
    await bench.settle()
    assert bench.replies() == [recordings_kept(7)]
    for days, left in ((6, 2), (2, 1), (90, 0)):
        bench.clock.advance(timedelta(days=days))
        await bench.function.http["/tick"](cast("Request", None), bench.services)
        assert len(bench.kept()) == left
    assert await bench.read("SELECT text FROM voice.transcripts ORDER BY 1") == [("buy milk",), ("call kim",)]
    await bench.deliver(wish("hear_again", recording_id=mine.id))
    await bench.settle()
    assert bench.replies()[-1] == "I have no recording of yours."


async def test_the_usual_time_comes_back_when_it_is_asked_for(bench: Bench) -> None:
    await bench.say("buy milk")
    await bench.deliver(wish("keep", days=0))
    await bench.deliver(wish("keep"))
    await bench.settle()
    assert bench.replies() == [recordings_kept(0), recordings_kept(90)]
    bench.clock.advance(timedelta(days=1))
    await bench.function.http["/tick"](cast("Request", None), bench.services)
    assert len(bench.kept()) == 1


async def test_a_body_that_is_cut_off_is_tried_again(bench: Bench) -> None:
    times = iter(range(10))

    async def cut_off(request: web.Request) -> web.StreamResponse:
        whole = silence(1)
        if next(times):
            return web.Response(body=whole, content_type="audio/wav")
        response = web.StreamResponse(headers={"content-type": "audio/wav", "content-length": str(len(whole))})
        await response.prepare(request)
        await response.write(whole[:1000])
        assert request.transport is not None
        request.transport.abort()
        return response

    bench.ear.hears = ["buy milk"]
    await bench.deliver(audio(bench.studio.keep(cut_off)))
    await bench.settle()
    assert [one.text for one in bench.messages()] == ["buy milk"]
