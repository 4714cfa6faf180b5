"""The relay behind an unkind broker: whatever is lost between commit and claim is delivered, once in effect, and its row ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from shared.events.envelope import Event, Unread
from shared.events.schemas import (
    AUDIO_RECEIVED,
    COMMAND_PARSED,
    MESSAGE_RECEIVED,
    NOTIFICATION_REQUESTED,
    NOTIFICATION_SENT,
    TASK_CREATED,
    NotificationEnded,
)
from shared.policy.outcomes import Poison
from shared.providers.contract import Incoming
from shared.runtime import relay as relay_module
from shared.runtime.cloudevents_http import to_http
from shared.runtime.dead_letters import replay
from shared.runtime.serving import Done, Work
from shared.runtime.telemetry import exposition
from shared.storage.trail import TrailQuery
from tests.asking import request
from tests.database import Server
from tests.making import ADA, BOB, OURS, event, message, notification, recording, sid, uuid
from tests.miniature import Miniature, miniature

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def cluster(database: str) -> AsyncIterator[Miniature]:
    async with miniature(database) as made:
        yield made


async def test_what_everyone_consumed_ends_and_nobody_is_bothered(cluster: Miniature) -> None:
    await cluster.text("buy milk")
    await cluster.broker.idle()
    passed = len(cluster.broker.accepted)
    assert await cluster.outbox() == [("notification.requested", ""), ("notification.sent", ""), ("task.created", "")]
    await cluster.relay(seconds=30)
    assert len(await cluster.outbox()) == 3, "not before a minute has gone by"
    await cluster.relay(seconds=31)
    assert await cluster.outbox() == []
    assert cluster.heard() == ["Added #1 Buy milk"]
    assert len(cluster.broker.accepted) == passed


@pytest.mark.parametrize("refusal", [500, 503, 429])
async def test_a_broker_that_refuses_what_was_committed_costs_a_minute(cluster: Miniature, refusal: int) -> None:
    cluster.broker.take(*await _command(cluster, "buy milk"))
    cluster.broker.status = refusal
    await cluster.broker.idle()
    assert cluster.heard() == []
    await cluster.relay(seconds=61)
    assert cluster.heard() == ["Added #1 Buy milk"]
    cluster.broker.status = 202
    await cluster.relay(seconds=120, rounds=2)
    assert cluster.heard() == ["Added #1 Buy milk"]
    await cluster.relay(seconds=120)
    assert await cluster.outbox() == []


async def test_a_function_killed_between_commit_and_post_loses_nothing(
    cluster: Miniature, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(type(cluster.services.carrier), "carry", killed)
        headers, body = await _command(cluster, "buy milk")
        with pytest.raises(SystemExit):
            await _post(cluster, "todo-crud", headers, body)
    assert await cluster.outbox() == [("notification.requested", ""), ("task.created", "")]
    await cluster.relay(seconds=61)
    assert cluster.heard() == ["Added #1 Buy milk"]


async def test_who_consumed_it_is_not_given_it_again_when_the_other_lost_it(cluster: Miniature) -> None:
    cluster.broker.lost = [("notify", NOTIFICATION_REQUESTED)]
    await cluster.text("buy milk")
    await cluster.broker.idle()
    assert cluster.heard() == []
    given: list[str] = []
    for name in ("todo-crud", "notify"):
        _note(cluster, name, given)
    await cluster.relay(seconds=61)
    assert given == ["notify notification.requested"]
    assert cluster.heard() == ["Added #1 Buy milk"]


async def test_a_retry_row_goes_out_when_it_is_due_with_its_try(cluster: Miniature) -> None:
    cluster.provider.down = True
    await cluster.text("buy milk")
    await cluster.broker.idle()
    assert ("notification.requested", "notify") in await cluster.outbox()
    await cluster.relay(seconds=0.5)
    assert cluster.provider.refused == 1
    await cluster.relay(seconds=0.6)
    assert cluster.provider.refused == 2
    rows = await cluster.read("SELECT attempt FROM messaging.outbox WHERE for_function = 'notify'")
    assert rows == [(2,)]
    cluster.provider.down = False
    await cluster.relay(seconds=3)
    assert cluster.heard() == ["Added #1 Buy milk"]


async def test_what_waits_as_a_retry_is_not_also_delivered_as_forgotten(cluster: Miniature) -> None:
    cluster.provider.down = True
    await cluster.text("buy milk")
    await cluster.broker.idle()
    for _ in range(6):
        await cluster.relay(seconds=1000)
    rows = await cluster.read("SELECT count(*) FROM messaging.outbox WHERE for_function = 'notify'")
    assert rows == [(1,)]
    assert cluster.provider.refused == 7, "one try at a time"


async def test_a_text_nobody_takes_ends_as_a_dead_letter(cluster: Miniature) -> None:
    cluster.provider.down = True
    await cluster.text("buy milk")
    await cluster.broker.idle()
    for _ in range(11):
        await cluster.relay(seconds=600)
    [letter] = await cluster.services.audit.dead_letters()
    assert (letter.function, letter.attempts, letter.replayed_at) == ("notify", 11, None)
    await cluster.relay(seconds=600, rounds=2)
    assert await cluster.outbox() == []


async def test_nobody_there_is_waited_for_and_nothing_is_given_up(cluster: Miniature) -> None:
    cluster.broker.lost = [("notify", NOTIFICATION_REQUESTED)]
    await cluster.text("buy milk")
    await cluster.broker.idle()
    cluster.away = {"notify"}
    for _ in range(15):
        await cluster.relay(seconds=100)
    assert await cluster.services.audit.dead_letters() == []
    cluster.away = set()
    await cluster.relay(seconds=100)
    assert cluster.heard() == ["Added #1 Buy milk"]


async def test_an_event_that_breaks_whoever_takes_it_is_given_up(cluster: Miniature, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_: object) -> None:
        raise RuntimeError("the worker died")

    asked = notification(at=cluster.clock.now())
    await cluster.services.messaging.outbox.append(asked)
    monkeypatch.setitem(cluster.functions, "notify", breaks)  # the server answers 500
    for _ in range(11):
        await cluster.relay(seconds=2000)
    [letter] = await cluster.services.audit.dead_letters()
    assert (letter.function, letter.event_id, letter.cause) == ("notify", asked.id, "relay: no answer")
    await cluster.relay(seconds=2000)
    assert await cluster.outbox() == []


async def test_two_ticks_at_once_deliver_a_row_once(database: str) -> None:
    async with miniature(database) as cluster, miniature(database) as other:
        given: list[str] = []
        for one in (cluster, other):
            _note(one, "notify", given)
        for _ in range(20):
            await cluster.services.messaging.outbox.append(notification(at=cluster.clock.now()))
        for one in (cluster, other):
            one.clock.advance(timedelta(seconds=61))
        await asyncio.gather(*(one.services.relay.round() for one in (cluster, other) for _ in range(3)))
        await asyncio.gather(*(one.services.relay.settle() for one in (cluster, other)))
        assert len(given) == 20
        assert len(cluster.heard() + other.heard()) == 20


async def test_whoever_it_works_in_is_told_while_it_looks_and_delivers(
    cluster: Miniature, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay, go_on, came = cluster.services.relay, asyncio.Event(), asyncio.Event()
    looked: list[bool] = []

    async def measured(now: datetime) -> None:
        looked.append(relay.busy)

    async def posted(url: str, event: Event, attempt: int) -> Done:
        came.set()
        await go_on.wait()
        return Done()

    monkeypatch.setattr(relay, "_measure", measured)
    monkeypatch.setattr(relay, "_delivery", SimpleNamespace(post=posted))
    assert not relay.busy
    await cluster.services.messaging.outbox.append(notification(at=cluster.clock.now()))
    cluster.clock.advance(timedelta(seconds=61))
    await relay.round()
    assert looked == [True]
    await came.wait()
    assert relay.busy
    go_on.set()
    await relay.settle()
    assert not relay.busy


async def test_a_relay_that_died_leaves_rows_that_come_due_again(cluster: Miniature) -> None:
    await cluster.services.messaging.outbox.append(notification(at=cluster.clock.now()))
    cluster.clock.advance(timedelta(seconds=61))
    taken = await cluster.services.messaging.outbox.take(cluster.clock.now(), lease=relay_module.LEASE, ordered=(), limit=10)
    assert len(taken) == 1
    await cluster.relay()
    assert cluster.heard() == []
    await cluster.relay(seconds=relay_module.LEASE.total_seconds())
    assert cluster.heard() == ["Added #1 Buy milk"]


async def test_a_row_nobody_can_read_becomes_a_dead_letter(cluster: Miniature) -> None:
    for name, kind in (("x", "somebody.elses"), ("y", NOTIFICATION_REQUESTED)):
        await cluster.read(
            "INSERT INTO todo.outbox (event_id, type, partition_key, event) VALUES (%s, %s, 'z', 'no')", name, kind
        )
    await cluster.relay(seconds=61)
    letters = await cluster.services.audit.dead_letters()
    assert [(letter.function, letter.type) for letter in letters] == [("relay", "unreadable")] * 2
    assert await cluster.outbox() == []


async def test_a_tick_ends_and_tells_nothing(cluster: Miniature, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "TICK_SECONDS", 0.02)
    monkeypatch.setattr(relay_module, "ROUND_SECONDS", 0.005)
    await cluster.services.messaging.outbox.append(notification(at=cluster.clock.now()))
    cluster.clock.advance(timedelta(seconds=61))
    assert await _post(cluster, "audit/tick", {}, b"") == 204
    assert cluster.heard() == ["Added #1 Buy milk"]


async def test_it_tells_how_far_behind_it_is_and_what_waits_for_a_person(cluster: Miniature) -> None:
    now = cluster.clock.now()
    await cluster.services.audit.bury(message(at=now), function="todo-crud", cause="a bug", attempts=8, now=now)
    await cluster.services.todo.outbox.append(notification(at=now))
    await cluster.relay(seconds=61 + 100)
    told = dict(line.rpartition(" ")[::2] for line in exposition().splitlines() if line.startswith("jotline_"))
    assert float(told['jotline_outbox_overdue_seconds{schema="todo"}']) == pytest.approx(101, abs=5)
    assert told['jotline_outbox_overdue_seconds{schema="voice"}'] == "0.0"
    assert float(told['jotline_last_look_timestamp_seconds{what="outboxes"}']) == pytest.approx(
        cluster.clock.now().timestamp(), abs=5
    )
    waiting = {name: number for name, number in told.items() if name.startswith("jotline_dead_letters_waiting")}
    assert waiting.pop('jotline_dead_letters_waiting{topic="messages"}') == "1"
    assert set(waiting.values()) == {"0"}
    [letter] = await cluster.services.audit.dead_letters()
    await cluster.services.audit.replay(letter, message(at=now), now)
    await cluster.relay()
    assert 'jotline_dead_letters_waiting{topic="messages"} 0' in exposition()


async def test_what_only_the_trail_asks_for_is_written_down_and_over(cluster: Miniature) -> None:
    ended = NotificationEnded(message_id=uuid("m"), kind="reply", channel="sms")
    await cluster.services.todo.outbox.append(event(NOTIFICATION_SENT, "x.sent", ended, at=cluster.clock.now()))
    await cluster.relay(seconds=61)
    assert await cluster.services.trail.recorded([("x.sent", NOTIFICATION_SENT)])
    await cluster.relay(seconds=120)
    assert await cluster.outbox() == []
    assert await cluster.services.audit.dead_letters() == []


async def test_events_of_one_id_are_told_apart_by_their_type(cluster: Miniature) -> None:
    """A recording and what was heard in it have the same id: that the trail has one does not end the other's row."""
    await cluster.services.trail.add([Unread.of(recording(recording_id="MM1.audio0"))], cluster.clock.now())
    heard = message(message_id="MM1.audio0", at=cluster.clock.now(), origin="voice")
    await cluster.services.voice.outbox.append(heard)
    await cluster.relay(seconds=61)
    assert await cluster.services.trail.recorded([(heard.id, MESSAGE_RECEIVED)])
    assert cluster.heard() == ["Added #1 Buy milk"]


async def test_what_the_broker_lost_on_its_way_to_the_trail_is_written_down(cluster: Miniature) -> None:
    cluster.broker.lost += [("audit", MESSAGE_RECEIVED), ("audit", NOTIFICATION_REQUESTED), ("audit", TASK_CREATED)]
    await cluster.text("buy milk")
    await cluster.broker.idle()
    page = await cluster.services.trail.query(TrailQuery())
    assert {row.type.removeprefix("jotline.") for row in page.rows} == {"command.parsed", "notification.sent"}
    await cluster.relay(seconds=61)
    kinds = [row.type.removeprefix("jotline.") for row in (await cluster.services.trail.query(TrailQuery())).rows]
    assert sorted(kinds) == [
        "command.parsed", "message.received", "notification.requested", "notification.sent", "task.created",
    ]  # fmt: skip
    assert cluster.heard() == ["Added #1 Buy milk"]


# ---- dead letters of the broker ----


async def test_what_a_stopped_dispatcher_cancelled_is_worked_off_by_itself_and_in_order(cluster: Miniature) -> None:
    said = {"ce-knativeerrordest": cluster.services.addresses.url_of("parse-command"), "ce-knativeerrorcode": "-1"}
    for text in ("buy milk", "done 1", "undo"):
        headers, body = to_http(message(text, at=cluster.clock.now()))
        assert await _post(cluster, "audit", {**headers, **said}, body) == 204
    await cluster.relay(rounds=4)
    assert cluster.heard() == [], "the dispatcher's successor may still be starting"
    await cluster.relay(seconds=3, rounds=4)
    assert [text.split()[0] for text in cluster.heard()] == ["Added", "Done", "Undone:"]
    assert [letter.replayed_at is None for letter in await cluster.services.audit.dead_letters()] == [False] * 3


async def test_a_function_that_fails_for_good_ends_among_the_dead_letters_and_can_be_replayed(
    cluster: Miniature, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.clock.set(cluster.clock.now() + timedelta(hours=1))
    crud = cluster.functions["todo-crud"].events[COMMAND_PARSED].__globals__
    with monkeypatch.context() as patch:
        patch.setitem(crud, "decide", None)
        headers, body = await _command(cluster, "buy milk", hours_ago=1)
        cluster.broker.take(headers, body)
        await cluster.broker.idle()
    [letter] = await cluster.services.audit.dead_letters()
    assert (letter.function, letter.cause, letter.replayed_at) == ("todo-crud", "broker: HTTP 503", None)
    assert [text[:37] for text in cluster.heard()] == ["Sorry, that text broke something here"]
    await cluster.relay(seconds=300, rounds=3)
    assert len(cluster.heard()) == 1, "it waits for a person"
    [kept] = await cluster.services.audit.find(letter.event_id)
    assert await replay(cluster.services, kept.letter, kept.text, cluster.clock.now())
    await cluster.relay()
    await cluster.relay(rounds=2)
    assert [text.split(",")[0] for text in cluster.heard()] == ["Sorry", "Added #1 Buy milk"]
    assert await cluster.read("SELECT count(*) FROM audit.outbox WHERE for_function <> ''") == [(0,)]


async def test_a_poison_event_is_buried_by_its_function_and_its_claim_closed_wherever_that_stands(
    database: str, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.database() as todo, postgres.database() as audit:
        async with miniature(database, todo_database_url=todo, audit_database_url=audit) as cluster:
            crud = cluster.functions["todo-crud"].events[COMMAND_PARSED].__globals__

            def poisonous(*_: object, **__: object) -> None:
                raise Poison

            monkeypatch.setitem(crud, "decide", poisonous)
            message_id = await cluster.text("buy milk")
            await cluster.broker.idle()
            [letter] = await cluster.services.audit.dead_letters()
            assert (letter.function, letter.attempts) == ("todo-crud", 1)
            assert await cluster.read("SELECT event_id, state FROM todo.claims") == [(f"{message_id}.parsed", "dead")]
            assert cluster.heard() == ["Sorry, that text broke something here. Nothing changed. It is kept for repair."]
            accepted = len(cluster.broker.accepted)
            await cluster.relay(seconds=120, rounds=3)
            assert len(cluster.broker.accepted) == accepted, "the sweep knows that it was given up"


# ---- messages of people ----


async def test_a_message_that_was_kept_and_never_read_is_sent_again(cluster: Miniature) -> None:
    cluster.broker.lost = [("parse-command", MESSAGE_RECEIVED)]
    await cluster.text("buy milk")
    await cluster.broker.idle()
    assert cluster.heard() == []
    await cluster.relay(seconds=50)
    assert cluster.heard() == []
    await cluster.relay(seconds=11)
    assert cluster.heard() == ["Added #1 Buy milk"]


async def test_a_command_that_was_lost_is_made_again_from_its_message(cluster: Miniature) -> None:
    cluster.broker.lost = [("todo-crud", COMMAND_PARSED)]
    message_id = await cluster.text("buy milk tomorrow 5pm", OriginalRepliedMessageSid="SM0")
    await cluster.broker.idle()
    await cluster.relay(seconds=61)
    [reply] = cluster.heard()
    assert reply.startswith("Added #1 Buy milk (tomorrow 5pm)")
    again = [one for one in cluster.broker.accepted if one["ce-id"] == message_id]
    assert len(again) == 2
    assert again[0] == again[1], "the event that is made again is the event it was"


async def test_one_persons_lost_messages_come_one_after_the_other_and_others_beside_them(cluster: Miniature) -> None:
    cluster.broker.lost = [("parse-command", MESSAGE_RECEIVED)] * 4
    for text, sender in (("buy milk", ADA), ("done 1", ADA), ("buy tea", BOB), ("undo", ADA)):
        await cluster.text(text, sender=sender)
    await cluster.broker.idle()
    await cluster.relay(seconds=61)
    assert [len(cluster.heard(one)) for one in (ADA, BOB)] == [1, 1]
    for _ in range(2):
        await cluster.relay(seconds=11)
    assert [text.split()[0] for text in cluster.heard()] == ["Added", "Done", "Undone:"]


async def test_a_slow_broker_is_not_given_its_backlog_again(cluster: Miniature, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.broker.lost = [("parse-command", MESSAGE_RECEIVED)] * 200
    for n in range(60):
        await cluster.text("buy milk", sender=f"+1212555{n:04}")
    await cluster.broker.idle()
    before = len(cluster.broker.accepted)
    await cluster.relay(seconds=61, rounds=3)
    assert len(cluster.broker.accepted) == before + 20
    await cluster.relay(seconds=61)
    assert len(cluster.broker.accepted) == before + 40, "and those again no sooner than after a minute"


NOTE = {"NumMedia": "1", "MediaContentType0": "audio/ogg", "MediaUrl0": "https://api.twilio.com/m/ME1"}


@pytest.fixture
def taken_in(cluster: Miniature, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """What transcribe was given; it claims it, and that is all it does."""
    given: list[Event] = []

    async def take_in(event: Event, work: Work) -> None:
        given.append(event)
        await work.services.voice.end(event, (), function="transcribe", now=work.now)

    monkeypatch.setitem(cluster.functions["transcribe"].events, AUDIO_RECEIVED, take_in)
    return given


async def test_a_recording_that_was_kept_and_never_taken_in_is_sent_again(cluster: Miniature, taken_in: list[Event]) -> None:
    cluster.broker.lost = [("transcribe", AUDIO_RECEIVED)]
    message_id = await cluster.text("", **NOTE)
    await cluster.broker.idle()
    await cluster.relay(seconds=50)
    assert taken_in == []
    await cluster.relay(seconds=11)
    assert [event.id for event in taken_in] == [f"{message_id}.audio0"]
    first, again = [one for one in cluster.broker.accepted if one["ce-id"] == f"{message_id}.audio0"]
    assert first == again, "the event that is made again is the event it was"
    await cluster.relay(seconds=120, rounds=3)
    assert len(taken_in) == 1


async def test_a_lost_text_does_not_wait_for_a_recording(cluster: Miniature, taken_in: list[Event]) -> None:
    cluster.broker.lost = [("transcribe", AUDIO_RECEIVED)] * 100 + [("parse-command", MESSAGE_RECEIVED)]
    await cluster.text("", **NOTE)
    await cluster.text("buy milk")
    await cluster.broker.idle()
    await cluster.relay(seconds=61)
    assert cluster.heard() == ["Added #1 Buy milk"]
    assert taken_in == []


async def test_a_recording_that_is_being_taken_in_is_left_alone(cluster: Miniature, taken_in: list[Event]) -> None:
    cluster.broker.lost = [("transcribe", AUDIO_RECEIVED)]
    message_id = await cluster.text("", **NOTE)
    await cluster.broker.idle()
    until = cluster.clock.now() + timedelta(minutes=3)
    insert = "INSERT INTO voice.claims (function, event_id, state, lease_until, claimed_at) VALUES (%s, %s, 'working', %s, %s)"
    await cluster.services.voice.database.fetch(insert, "transcribe", f"{message_id}.audio0", until, cluster.clock.now())
    await cluster.relay(seconds=100)
    assert taken_in == []
    await cluster.relay(seconds=100)
    assert len(taken_in) == 1


async def test_a_recording_nobody_took_in_for_a_day_is_a_dead_letter_and_the_person_is_told(cluster: Miniature) -> None:
    cluster.broker.lost = [("transcribe", AUDIO_RECEIVED)] * 200
    message_id = await cluster.text("", **NOTE)
    await cluster.broker.idle()
    await cluster.relay(hours=23)
    await cluster.relay(hours=2)
    [letter] = await cluster.services.audit.dead_letters()
    assert (letter.function, letter.event_id) == ("transcribe", f"{message_id}.audio0")
    assert cluster.heard() == ["Sorry, I could not read that recording. It is kept for repair. Text it for now."]


async def test_a_voice_note_the_provider_lists_and_that_was_kept_is_not_lost(cluster: Miniature, taken_in: list[Event]) -> None:
    await _tick(cluster)
    message_id = await cluster.text("", **NOTE)
    await cluster.broker.idle()
    cluster.provider.came.append(
        Incoming(sid=message_id, sender=ADA, recipient=OURS, body="", media=1, segments=1, created_at=cluster.clock.now())
    )
    accepted = len(cluster.broker.accepted)
    cluster.clock.advance(timedelta(minutes=3))
    await _tick(cluster)
    assert len(cluster.broker.accepted) == accepted
    assert len(taken_in) == 1


async def test_a_message_nobody_worked_off_in_a_day_is_a_dead_letter_and_the_person_is_told(cluster: Miniature) -> None:
    cluster.broker.lost = [("parse-command", MESSAGE_RECEIVED)] * 200
    message_id = await cluster.text("buy milk")
    await cluster.broker.idle()
    await cluster.relay(hours=23)
    await cluster.relay(hours=2)
    [letter] = await cluster.services.audit.dead_letters()
    assert (letter.function, letter.event_id) == ("parse-command", message_id)
    assert cluster.heard() == ["Sorry, that text broke something here. Nothing changed. It is kept for repair."]
    accepted = len(cluster.broker.accepted)
    await cluster.relay(hours=1)
    assert len(cluster.broker.accepted) == accepted


async def test_a_message_that_only_the_provider_has_is_fetched(cluster: Miniature) -> None:
    await _tick(cluster)
    cluster.clock.advance(timedelta(minutes=10))
    came = [_incoming(cluster, "buy milk"), _incoming(cluster, "buy tea", sender=f"whatsapp:{BOB}", to=f"whatsapp:{OURS}")]
    cluster.provider.came += came
    await _tick(cluster)
    assert cluster.heard() == [], "the provider itself may still be trying"
    cluster.clock.advance(timedelta(minutes=3))
    await _tick(cluster)
    await _tick(cluster)
    assert cluster.heard() == ["Added #1 Buy milk"]
    assert cluster.heard(f"whatsapp:{BOB}") == ["Added #1 Buy tea"]
    kept = await cluster.read("SELECT provider_message_id FROM messaging.messages WHERE direction = 'inbound' ORDER BY 1")
    assert [row[0] for row in kept] == sorted(one.sid for one in came)


async def test_texts_that_came_too_fast_to_be_read_are_not_fetched_either(cluster: Miniature) -> None:
    cluster.services.settings = cluster.services.settings.model_copy(update={"texts_per_minute": 3})
    await _tick(cluster)
    cluster.clock.advance(timedelta(minutes=10))
    cluster.provider.came += [_incoming(cluster, f"buy thing {letter}") for letter in "abcde"]
    for _ in range(10):
        cluster.clock.advance(timedelta(minutes=1))
        await _tick(cluster)
    assert cluster.heard() == [f"Added #{n} Buy thing {letter}" for n, letter in enumerate("abc", 1)]


async def test_what_was_there_before_the_relay_is_left_alone(cluster: Miniature) -> None:
    cluster.provider.came.append(_incoming(cluster, "buy milk"))
    cluster.clock.advance(timedelta(minutes=30))
    await _tick(cluster)
    await _tick(cluster)
    assert cluster.broker.accepted == []


async def test_a_provider_or_a_broker_that_is_away_stops_nothing_else(cluster: Miniature) -> None:
    await _tick(cluster)
    cluster.clock.advance(timedelta(minutes=10))
    cluster.provider.came.append(_incoming(cluster, "buy milk"))
    await cluster.services.messaging.outbox.append(notification("a row that waits", at=cluster.clock.now()))
    cluster.clock.advance(timedelta(minutes=3))
    cluster.broker.status = 503
    await _tick(cluster)
    assert cluster.heard() == ["a row that waits"]
    cluster.broker.status = 202
    cluster.clock.advance(timedelta(hours=2))
    await _tick(cluster)
    assert cluster.heard()[1:] == ["Added #1 Buy milk"]


async def test_each_schema_may_have_a_database_of_its_own(database: str, postgres: Server) -> None:
    with postgres.database() as todo, postgres.database() as audit:
        async with miniature(database, todo_database_url=todo, audit_database_url=audit) as cluster:
            cluster.broker.lost = [("notify", NOTIFICATION_REQUESTED), ("parse-command", MESSAGE_RECEIVED)]
            await cluster.text("buy milk")
            await cluster.broker.idle()
            await cluster.relay(seconds=61)
            await cluster.relay(seconds=61)
            assert cluster.heard() == ["Added #1 Buy milk"]
            await cluster.relay(seconds=120)
            assert await cluster.outbox() == []


async def _command(cluster: Miniature, text: str, *, hours_ago: int = 0) -> tuple[dict[str, str], bytes]:
    """What parse-command makes of a text, as it would go to the broker."""
    outcome = await cluster.functions["parse-command"].deliver(
        message(text, at=cluster.clock.now() - timedelta(hours=hours_ago))
    )
    assert isinstance(outcome, Done)
    assert outcome.reply is not None
    return to_http(outcome.reply)


async def _post(cluster: Miniature, path: str, headers: dict[str, str], body: bytes) -> int:
    name, _, rest = path.partition("/")
    return (await cluster.functions[name](request(f"/{rest}", body, headers=headers))).status_code


def _note(cluster: Miniature, name: str, given: list[str]) -> None:
    """Note what a function is given from now on."""
    function = cluster.functions[name]
    real = function.deliver

    async def deliver(event: Any, attempt: int = 1) -> Any:
        given.append(f"{name} {event.type.removeprefix('jotline.')}")
        return await real(event, attempt)

    function.deliver = deliver  # type: ignore[method-assign]


async def _tick(cluster: Miniature) -> None:
    """What a tick does, without its minute."""
    await cluster.services.relay.look_at_list()
    await cluster.relay()


def _incoming(cluster: Miniature, text: str, *, sender: str = ADA, to: str = OURS) -> Incoming:
    return Incoming(sid=sid(), sender=sender, recipient=to, body=text, media=0, segments=1, created_at=cluster.clock.now())
