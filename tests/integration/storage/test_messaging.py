"""Conversations, sends and callbacks in a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import permutations
from typing import cast

import pytest

from shared.events.envelope import Event
from shared.events.schemas import (
    MESSAGE_STATUS,
    NOTIFICATION_SENT,
    AudioReceived,
    Heard,
    MessageReceived,
    MessageStatus,
    NotificationEnded,
    NotificationRequested,
)
from shared.storage.database import Database
from shared.storage.messaging import MessagingStore
from tests.making import ADA, NOW, event, later, message, notification, recording, sid, transcript_of

pytestmark = pytest.mark.asyncio
LEASE = timedelta(seconds=45)


@pytest.fixture
async def store(database: str) -> AsyncIterator[MessagingStore]:
    opened = Database(database)
    yield MessagingStore(opened)
    await opened.close()


def _wanted(asked: Event) -> NotificationRequested:
    return cast(NotificationRequested, asked.data)


def _callback(asked: Event, status: str, provider_id: str) -> tuple[Event, MessageStatus]:
    data = MessageStatus(
        provider_id=provider_id, message_id=_wanted(asked).message_id, status=status, raw={"MessageStatus": status}
    )
    return event(MESSAGE_STATUS, f"{provider_id}.{status}", data), data


async def _begin(store: MessagingStore, asked: Event, *, seconds: float = 0) -> tuple[bool, bool, int]:
    now = later(seconds=seconds)
    begun = await store.begin(asked, _wanted(asked), function="notify", body="hi", now=now, lease_until=now + LEASE)
    return begun.mine, begun.finished, begun.attempts


async def _release(store: MessagingStore, asked: Event, *, unsure: bool, begun_seconds: float = 0) -> None:
    until = later(seconds=begun_seconds) + LEASE
    await store.release(asked, _wanted(asked).message_id, function="notify", lease_until=until, unsure=unsure)


async def _finish(store: MessagingStore, asked: Event, provider_id: str) -> None:
    data = NotificationEnded(message_id=_wanted(asked).message_id, kind="reply", channel="sms", provider_id=provider_id)
    told = event(NOTIFICATION_SENT, f"{asked.id}.sent", data)
    await store.finish(asked, _wanted(asked), told, function="notify", now=NOW, status="queued", provider_id=provider_id)


async def test_a_message_is_kept_once_with_its_conversation(store: MessagingStore) -> None:
    first, second = message("buy milk"), message("and bread")
    kept = [
        await store.keep(one, cast(MessageReceived, one.data), function="notify", consent=None)
        for one in (first, second, first)
    ]
    rows = await store.database.fetch("SELECT body FROM messaging.messages ORDER BY body")
    conversations = await store.database.fetch("SELECT participant_from, channel_type FROM messaging.conversations")
    assert kept == [True, True, False]
    assert [row[0] for row in rows] == ["and bread", "buy milk"]
    assert conversations == [(ADA, "sms")]


ROW = "SELECT provider_message_id, body, attachments, metadata FROM messaging.messages"


@pytest.mark.parametrize("words_first", [False, True])
async def test_a_recording_and_its_words_are_one_message_whichever_comes_first(
    store: MessagingStore, words_first: bool
) -> None:
    said = recording(channel="whatsapp")
    words = transcript_of(said, "buy milk and call Kim", heard=(Heard(start=9, end=21, probability=0.44),))
    audio = cast(AudioReceived, said.data)

    async def keep_recording() -> bool:
        return await store.keep_recording(said, audio, function="notify")

    async def keep_words() -> bool:
        return await store.keep(words, cast(MessageReceived, words.data), function="notify", consent=None)

    order = [keep_words, keep_recording] if words_first else [keep_recording, keep_words]
    assert [await keep() for keep in (*order, *order)] == [True, True, False, False]
    [(provider_id, body, attachments, metadata)] = await store.database.fetch(ROW)
    assert (provider_id, body) == (audio.recording_id, "buy milk and call Kim")
    assert isinstance(metadata, dict)
    assert (metadata["origin"], metadata["heard"]) == ("voice", [{"start": 9, "end": 21, "probability": 0.44}])
    assert AudioReceived.model_validate(metadata["audio"]) == audio
    assert words_first or attachments == ["audio/ogg"]


async def test_many_recordings_and_words_at_once_are_each_kept(store: MessagingStore) -> None:
    said = [recording() for _ in range(40)]
    words = [transcript_of(one, f"todo {n}") for n, one in enumerate(said)]
    await asyncio.gather(
        *(store.keep_recording(one, cast(AudioReceived, one.data), function="notify") for one in said),
        *(store.keep(one, cast(MessageReceived, one.data), function="notify", consent=None) for one in reversed(words)),
    )
    rows = await store.database.fetch("SELECT body FROM messaging.messages WHERE metadata ? 'audio'")
    assert sorted(str(row[0]) for row in rows) == sorted(f"todo {n}" for n in range(40))


async def test_a_message_that_came_as_a_recording_alone_is_known(store: MessagingStore) -> None:
    note, text, third = recording(), message(), sid()
    await store.keep_recording(note, cast(AudioReceived, note.data), function="notify")
    await store.keep(text, cast(MessageReceived, text.data), function="notify", consent=None)
    note_sid = cast(AudioReceived, note.data).message_id
    assert await store.known([note_sid, text.id, third]) == {note_sid, text.id}


async def test_what_is_kept_comes_back_as_the_event_it_was(store: MessagingStore) -> None:
    note, call, text = recording(), recording(call_id="CA1", recording_id="RE1", seconds=7.0), message("buy tea")
    for one in (note, call):
        await store.keep_recording(one, cast(AudioReceived, one.data), function="notify")
    await store.keep(text, cast(MessageReceived, text.data), function="notify", consent=None)
    alone = transcript_of(recording(sender=""), "words of a caller nobody knew")
    await store.keep(alone, cast(MessageReceived, alone.data), function="notify", consent=None)
    kept = await store.kept(after=NOW - timedelta(days=9999), until=NOW + timedelta(days=9999), limit=10)
    assert {one.event_id: one.data for one in kept} == {one.id: one.data for one in (note, call, text)}


async def test_only_one_sender_holds_a_claim_until_its_lease_is_over(store: MessagingStore) -> None:
    asked = notification()
    assert await _begin(store, asked) == (True, False, 1)
    assert await _begin(store, asked, seconds=44) == (False, False, 0)
    assert await _begin(store, asked, seconds=46) == (True, False, 2)


async def test_a_finished_send_is_never_begun_again(store: MessagingStore) -> None:
    asked = notification()
    await _begin(store, asked)
    await _finish(store, asked, sid())
    assert await _begin(store, asked, seconds=100) == (False, True, 0)


async def test_letting_go_for_sure_starts_afresh_and_unsure_is_remembered(store: MessagingStore) -> None:
    sure, unsure = notification(), notification()
    await _begin(store, sure)
    await _release(store, sure, unsure=False)
    await _begin(store, unsure)
    await _release(store, unsure, unsure=True)
    assert await _begin(store, sure) == (True, False, 1)
    assert await _begin(store, unsure) == (True, False, 2)


async def test_what_an_earlier_sender_left_open_stays_so_when_a_later_one_lets_go(store: MessagingStore) -> None:
    asked = notification()
    await _begin(store, asked)
    assert await _begin(store, asked, seconds=46) == (True, False, 2)
    await _release(store, asked, unsure=False, begun_seconds=46)
    assert await _begin(store, asked, seconds=47) == (True, False, 3)


async def test_who_lost_a_claim_cannot_let_go_of_it(store: MessagingStore) -> None:
    asked = notification()
    await _begin(store, asked)
    assert await _begin(store, asked, seconds=46) == (True, False, 2)
    for unsure in (False, True):
        await _release(store, asked, unsure=unsure)
    assert await _begin(store, asked, seconds=47) == (False, False, 0)


async def test_consent_follows_the_newest_word_however_late_an_old_one_comes(store: MessagingStore) -> None:
    stop, start = message("STOP", at=later(seconds=1)), message("START", at=later(seconds=2))
    await store.keep(start, cast(MessageReceived, start.data), function="notify", consent=(False, "START"))
    await store.keep(stop, cast(MessageReceived, stop.data), function="notify", consent=(True, "STOP"))
    asked = notification()
    begun = await store.begin(asked, _wanted(asked), function="notify", body="hi", now=NOW, lease_until=NOW + LEASE)
    assert not begun.stopped


@pytest.mark.parametrize("order", list(permutations(("queued", "sent", "delivered"))))
async def test_callbacks_in_any_order_and_twice_end_delivered(store: MessagingStore, order: tuple[str, ...]) -> None:
    asked, provider_id = notification(), sid()
    await _begin(store, asked)
    await _finish(store, asked, provider_id)
    for status in (*order, *order):
        told, data = _callback(asked, status, provider_id)
        await store.record_status(told, data, function="notify", provider_at=None)
    rows = await store.database.fetch(
        "SELECT status, delivered_at IS NOT NULL FROM messaging.messages WHERE direction = 'outbound'"
    )
    events = await store.database.fetch("SELECT count(*) FROM messaging.message_events")
    assert rows == [("delivered", True)]
    assert events == [(3,)]


@pytest.mark.parametrize("final", ["failed", "undelivered"])
async def test_a_failure_is_final(store: MessagingStore, final: str) -> None:
    asked, provider_id = notification(), sid()
    await _begin(store, asked)
    await _finish(store, asked, provider_id)
    for status in (final, "sent", "delivered", "read"):
        told, data = _callback(asked, status, provider_id)
        await store.record_status(told, data, function="notify", provider_at=None)
    assert await store.database.fetch("SELECT status, delivered_at FROM messaging.messages") == [(final, None)]


async def test_a_callback_before_our_own_answer_tells_the_provider_id(store: MessagingStore) -> None:
    asked, provider_id = notification(), sid()
    await _begin(store, asked)
    told, data = _callback(asked, "sent", provider_id)
    await store.record_status(told, data, function="notify", provider_at=None)
    assert await store.provider_id_of(_wanted(asked).message_id) == provider_id
    await _finish(store, asked, provider_id)
    assert await store.database.fetch("SELECT status FROM messaging.messages") == [("sent",)]
