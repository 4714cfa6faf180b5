"""Outbox and claims as the relay and a replay use them, in a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from shared.events.schemas import MESSAGE_RECEIVED
from shared.storage.audit import AuditStore
from shared.storage.claims import Claim, Claims, State
from shared.storage.database import Database
from shared.storage.messaging import MessagingStore
from shared.storage.outbox import Outbox
from tests.making import ADA, BOB, NOW, later, message, notification

pytestmark = pytest.mark.asyncio
LEASE = timedelta(seconds=90)
ORDERED = (MESSAGE_RECEIVED,)
MINUTE = timedelta(seconds=61)


@pytest.fixture
async def database_(database: str) -> AsyncIterator[Database]:
    opened = Database(database)
    yield opened
    await opened.close()


async def _taken(outbox: Outbox, at: datetime, limit: int = 10) -> list[int]:
    return [one.seq for one in await outbox.take(at, lease=LEASE, ordered=ORDERED, limit=limit)]


async def test_a_row_for_everyone_is_due_after_a_minute_and_a_retry_at_its_time(database_: Database) -> None:
    outbox, now = Outbox(database_, "todo"), datetime.now(UTC)
    [plain] = await outbox.append(notification())
    [soon] = await outbox.retry(notification(), function="notify", attempt=1, not_before=now + timedelta(seconds=2))
    assert await _taken(outbox, now + timedelta(seconds=1)) == []
    assert await _taken(outbox, now + timedelta(seconds=3)) == [soon.seq]
    assert await _taken(outbox, now + MINUTE) == [plain.seq]


async def test_who_takes_a_row_holds_it_for_a_while(database_: Database) -> None:
    outbox, now = Outbox(database_, "todo"), datetime.now(UTC) + MINUTE
    [row] = await outbox.append(notification())
    assert await _taken(outbox, now) == [row.seq]
    assert await _taken(outbox, now + LEASE - timedelta(seconds=1)) == []
    assert await _taken(outbox, now + LEASE) == [row.seq]
    await outbox.postpone(row.seq, now + timedelta(hours=1), counted=True)
    await outbox.postpone(row.seq, now + timedelta(hours=2), counted=False)
    assert await _taken(outbox, now + timedelta(hours=1)) == []
    [again] = await outbox.take(now + timedelta(hours=2), lease=LEASE, ordered=(), limit=1)
    assert again.tries == 1


async def test_a_persons_messages_come_one_after_the_other_and_others_beside_them(database_: Database) -> None:
    outbox, now = Outbox(database_, "audit"), datetime.now(UTC) + MINUTE
    [first], [_], [his], [unordered], [_] = [
        await outbox.append(one)
        for one in (message("1"), message("2"), message("x", sender=BOB), notification(recipient=ADA), message("3"))
    ]
    assert await _taken(outbox, now) == [first.seq, his.seq, unordered.seq]
    assert await _taken(outbox, now) == [], "not while the first one stands there, due or not"
    await outbox.remove([first.seq])
    assert len(await _taken(outbox, now)) == 1


async def test_no_more_is_taken_than_asked_for_and_what_was_due_first_first(database_: Database) -> None:
    outbox, now = Outbox(database_, "todo"), datetime.now(UTC) + MINUTE
    rows = [row for _ in range(5) for row in await outbox.append(notification())]
    assert await _taken(outbox, now, limit=3) == [row.seq for row in rows[:3]]


async def test_rows_for_one_function_are_told_of(database_: Database) -> None:
    outbox, event = Outbox(database_, "messaging"), notification()
    await outbox.append(event)
    assert await outbox.addressed([(event.id, event.type)]) == set()
    await outbox.retry(event, function="notify", attempt=1, not_before=NOW)
    assert await outbox.addressed([(event.id, event.type), ("x", "y")]) == {("notify", event.id, event.type)}


async def test_looking_for_what_is_due_reads_no_more_than_that(database_: Database) -> None:
    plan = await database_.fetch("EXPLAIN SELECT seq FROM todo.outbox WHERE due_at <= now() ORDER BY due_at, seq LIMIT 10")
    assert "outbox_due" in "\n".join(str(row[0]) for row in plan)
    plan = await database_.fetch(
        "EXPLAIN SELECT 1 FROM messaging.messages WHERE direction = 'inbound' AND kept_at > now() ORDER BY kept_at LIMIT 10"
    )
    assert "messages_kept" in "\n".join(str(row[0]) for row in plan)


# ---- claims ----


async def test_a_closed_claim_is_dead_and_a_done_one_stays_done(database_: Database) -> None:
    claims = Claims(database_, "todo")
    new, done = Claim("todo-crud", "new"), Claim("todo-crud", "done")
    await database_.fetch(
        "INSERT INTO todo.claims (function, event_id, state, claimed_at) VALUES ('todo-crud', 'done', 'done', now())"
    )
    for claim in (new, done):
        await claims.close(claim, NOW)
        await claims.open(Claim("notify", claim.event_id))
    assert await claims.states([new, done, Claim("todo-crud", "other")]) == {
        new: State("dead", None),
        done: State("done", None),
    }
    for claim in (new, done):
        await claims.open(claim)
    assert await claims.states([new, done]) == {done: State("done", None)}


async def test_a_send_nobody_knows_the_end_of_is_found_out_about_when_it_is_replayed(database_: Database) -> None:
    claims = Claims(database_, "messaging")
    begun = Claim("notify", "begun")
    await database_.fetch(
        "INSERT INTO messaging.claims (function, event_id, state, lease_until, claimed_at)"
        " VALUES ('notify', 'begun', 'working', %s, now())",
        later(minutes=1),
    )
    held = (await claims.states([begun]))[begun]
    assert (held.ended, held.held(NOW), held.held(later(minutes=2))) == (False, True, False)
    await claims.close(begun, NOW)
    await claims.open(begun)
    reopened = (await claims.states([begun]))[begun]
    assert (reopened.state, reopened.ended, reopened.held(NOW)) == ("working", False, False)


# ---- replay ----


async def test_a_replay_is_one_row_for_one_function_and_the_second_is_none(database_: Database) -> None:
    store, event = AuditStore(database_), message()
    for function in ("parse-command", "notify"):
        await store.bury(event, function=function, cause="x", attempts=8, now=NOW)
    [kept, _] = sorted(await store.find(event.id), key=lambda one: one.letter.function != "parse-command")
    assert await store.replay(kept.letter, event, NOW)
    assert not await store.replay(kept.letter, event, NOW)
    [row] = await store.outbox.load()
    assert (row.for_function, row.attempt, row.not_before) == ("parse-command", 0, None)
    assert [(one.function, one.replayed_at) for one in await store.dead_letters()] == [("notify", None), ("parse-command", NOW)]
    await store.bury(event, function="parse-command", cause="again", attempts=8, now=later(hours=1))
    [_, letter] = await store.dead_letters()
    assert (letter.function, letter.attempts, letter.cause, letter.replayed_at) == ("parse-command", 16, "again", None)


# ---- marks, and messages as they were kept ----


async def test_a_mark_only_goes_forward(database_: Database) -> None:
    store = AuditStore(database_)
    assert await store.mark("kept") is None
    for at in (NOW, later(hours=1), later(minutes=1)):
        await store.set_mark("kept", at)
    assert await store.mark("kept") == later(hours=1)


async def test_a_kept_message_is_all_of_its_event(database_: Database) -> None:
    store, before = MessagingStore(database_), datetime.now(UTC) - MINUTE
    event = message("Grüße 👍🏽", channel="whatsapp", reply_to="SM0", opt_out="HELP", media=("image/png",), segments=3)
    await store.keep(event, event.data, function="notify", consent=None)  # type: ignore[arg-type]
    [kept] = await store.kept(after=before, until=datetime.now(UTC) + MINUTE, limit=9)
    assert kept.data == event.data
    assert (kept.sent_at, kept.correlation_id, kept.event_id) == (event.time, event.correlationid, event.id)
    assert await store.known([event.id, "SM0"]) == {event.id}
    assert await store.kept(after=kept.kept_at, until=datetime.now(UTC) + MINUTE, limit=9) == []


async def test_words_that_were_spoken_stand_in_an_outbox_already_and_are_not_kept_for_the_sweep(database_: Database) -> None:
    store, before = MessagingStore(database_), datetime.now(UTC) - MINUTE
    event = message(origin="voice")
    await store.keep(event, event.data, function="notify", consent=None)  # type: ignore[arg-type]
    assert await store.known([event.id]) == {event.id}
    assert await store.kept(after=before, until=datetime.now(UTC) + MINUTE, limit=9) == []
