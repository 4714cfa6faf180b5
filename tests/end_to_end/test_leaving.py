"""Leaving, through the real functions on a real PostgreSQL: what is deleted, what is said, and that nothing comes back.

The events go from outbox to function by hand here, so that each can come twice, late, or to a worker that is killed in the middle of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from local.loading import load_function
from shared.events.envelope import Event, from_json
from shared.events.ids import user_id
from shared.events.schemas import (
    COMMAND_PARSED,
    MESSAGE_RECEIVED,
    MESSAGE_STATUS,
    NOTIFICATION_REQUESTED,
    PERSON_LEFT,
    RECORDING_REQUESTED,
    TRANSCRIPT_REVISED,
    MessageStatus,
    TranscriptRevised,
)
from shared.media.errors import StoreUnavailable
from shared.media.store import key_of
from shared.runtime import cleanup
from shared.runtime.services import Services
from shared.runtime.serving import Done, Later
from shared.runtime.settings import Settings
from shared.todos.leaving import receipt
from tests.asking import request
from tests.end_to_end.through import Nobody, StillClock
from tests.making import ADA, BOB, OURS, SECRET, event, message, notification, person, recording, sid, transcript_of
from tests.unit.conversations.scenarios import all_scenarios
from tests.whole import MemoryProvider, whole

pytestmark = pytest.mark.asyncio

PARTY = person(ADA).party
#: The MessageSid of "delete me now" that has the receipt of the guide.
ORDER = next(one for one in (f"SM{n:032x}" for n in count(2**64)) if receipt(one) == "7F3K")
WHERE = {
    COMMAND_PARSED: ("todo-crud",),
    MESSAGE_RECEIVED: ("notify", "parse-command"),
    MESSAGE_STATUS: ("notify",),
    NOTIFICATION_REQUESTED: ("notify",),
    RECORDING_REQUESTED: ("transcribe",),
    TRANSCRIPT_REVISED: ("todo-crud",),
}
#: Everything that knows a person, by schema and table, and how they are known there.
KNOWN = {
    "todo.users": "party",
    "todo.departures": "party",
    "messaging.departures": "party",
    "voice.departures": "party",
    "voice.recordings": "party",
    "voice.retention": "party",
}


class Killed(BaseException):
    """A worker dies."""


class Town:
    """The functions that take part, and what leaves them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.clock = StillClock()
        self.provider = MemoryProvider(self.clock)
        settings = Settings(
            database_url=url,
            party_secret=SECRET.decode(),
            twilio_from=OURS,
            public_url="https://jotline.example",
            audio_store_url=folder.as_uri(),
        )
        self.services = Services(settings, self.clock)
        self.services.__dict__["provider"] = self.provider
        self.services.use_carrier(Nobody())
        self.folder, self.times = folder, 1
        self.functions = {name: load_function(name) for names in WHERE.values() for name in names}
        for function in self.functions.values():
            function.bind(self.services)
        self._seen: set[str] = set()

    async def ask(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        return await self.services.todo.database.fetch(query, *parameters)

    async def texts(self, words: str, *, sender: str = ADA, message_id: str = "") -> list[str]:
        """Somebody texts; everything that leaves for them meanwhile."""
        self.clock.instant += timedelta(minutes=1)
        before = len(self.provider.taken)
        await self.deliver(message(words, sender=sender, at=self.clock.instant, message_id=message_id or sid()))
        return [one.body for one in self.provider.taken[before:] if one.to == sender]

    async def deliver(self, first: Event) -> None:
        """Give an event to whoever takes it, and then what follows from it."""
        waiting = [first]
        while waiting:
            for now in waiting:
                for name in WHERE.get(now.type, ()):
                    for _ in range(self.times):
                        await self.hand(name, now)
            waiting = await self._new()

    async def hand(self, name: str, given: Event) -> None:
        """One delivery, again until it is done: a worker that died leaves a lease behind."""
        for _ in range(5):
            try:
                outcome = await self.functions[name].deliver(from_json(given.to_json()))
            except Killed:
                self.clock.instant += timedelta(minutes=5)
                continue
            if isinstance(outcome, Later):
                self.clock.instant += timedelta(minutes=5)
                continue
            assert isinstance(outcome, Done)
            if outcome.reply is not None:
                await self.deliver(outcome.reply)
            return
        raise AssertionError(f"{given.type} is not done")

    async def _new(self) -> list[Event]:
        """What stands in the outboxes since the last look."""
        rows = await self.ask(
            "SELECT event FROM (SELECT 1 AS n, seq, event FROM todo.outbox UNION ALL SELECT 2, seq, event FROM voice.outbox"
            " UNION ALL SELECT 3, seq, event FROM messaging.outbox) o ORDER BY n, seq"
        )
        found = [one for one in (from_json(text) for [text] in rows) if f"{one.type} {one.id}" not in self._seen]
        self._seen |= {f"{one.type} {one.id}" for one in found}
        return found

    async def records(self, *, said_at: datetime | None = None, recording_id: str = "RE1", days: int | None = None) -> None:
        """A recording of Ada's that is kept, with its audio and its words."""
        at = said_at or self.clock.instant
        key = key_of(PARTY, at.date(), recording_id, ".ogg")
        (self.folder / key).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / key).write_bytes(b"sound")
        await self.ask(
            "INSERT INTO voice.recordings (id, party, sender, recipient, channel, message_id, call_id, correlation_id, said_at, audio,"
            " content_type, codec, bytes, sha256, seconds, created_at)"
            " VALUES (%s, %s, %s, %s, 'sms', '', 'CA1', 'CA1', %s, %s, 'audio/ogg', 'opus', 5, '', 1, %s)",
            recording_id, PARTY, ADA, OURS, at, key, at,
        )  # fmt: skip
        await self.ask(
            "INSERT INTO voice.transcripts (recording_id, version, wanted_model, begun_at, text) VALUES (%s, 1, '', %s, 'buy milk')",
            recording_id, at,
        )  # fmt: skip
        if days is not None:
            await self.ask("INSERT INTO voice.retention (party, days) VALUES (%s, %s)", PARTY, days)

    async def knows(self) -> dict[str, int]:
        """How many rows know Ada, where there are any."""
        found = {table: await self._count(table, f"{column} = %s", PARTY) for table, column in KNOWN.items()}
        for table in ("tasks", "task_events", "reminders", "feeds", "sessions", "access_tokens"):
            found[f"todo.{table}"] = await self._count(f"todo.{table}", "user_id = %s", user_id(PARTY))
        found["messages"] = await self._count(
            "messaging.messages m JOIN messaging.conversations c ON c.id = m.conversation_id", "c.participant_from = %s", ADA
        )
        found["conversations"] = await self._count("messaging.conversations", "participant_from = %s", ADA)
        found["message events"] = await self._count("messaging.message_events", "%s <> ''", ADA)
        found["transcripts"] = await self._count("voice.transcripts", "%s <> ''", ADA)
        found["calls"] = await self._count("voice.calls", "sender = %s", ADA)
        found["audio"] = sum(1 for one in self.folder.rglob("*") if one.is_file() and PARTY in str(one))
        return {what: number for what, number in found.items() if number}

    async def _count(self, table: str, where: str, value: object) -> int:
        [(number,)] = await self.ask(f"SELECT count(*) FROM {table} WHERE {where}", value)  # noqa: S608 - our own words
        return int(number)


#: What is known of somebody who left: three departures, and the last text with its conversation.
AFTERWARDS = {"todo.departures": 1, "messaging.departures": 1, "voice.departures": 1, "messages": 1, "conversations": 1}


@pytest.fixture
async def town(database: str, tmp_path: Path) -> AsyncIterator[Town]:
    made = Town(database, tmp_path)
    yield made
    await made.services.close()


async def somebody_with_everything(town: Town) -> None:
    """Ada has two todos, one with a reminder, a recording that is kept for a time she chose, a call, and callbacks about a text."""
    await town.texts("buy milk")
    await town.texts("call mum tomorrow 5pm")
    await town.records(days=90)
    await town.ask(
        "INSERT INTO voice.calls (id, sender, recipient, created_at) VALUES ('CA1', %s, %s, %s)", ADA, OURS, town.clock.instant
    )
    await town.deliver(await status_of(town))


async def status_of(town: Town, status: str = "delivered") -> Event:
    """A callback about the first text that left for Ada."""
    [(row, provider_id)] = await town.ask(
        "SELECT id, provider_message_id FROM messaging.messages WHERE direction = 'outbound' ORDER BY created_at LIMIT 1"
    )
    data = MessageStatus(provider_id=provider_id, message_id=row, status=status, raw={"To": ADA})
    return event(MESSAGE_STATUS, f"{provider_id}.{status}", data, at=town.clock.instant)


async def leaves(town: Town) -> list[str]:
    """Ada leaves; what she hears after the last word."""
    await town.texts("delete everything about me")
    await town.texts("delete me")
    return await town.texts("delete me now", message_id=ORDER)


async def test_the_scenario_of_the_guide(town: Town) -> None:
    """To the letter: two todos, two lists and a recording make 14 messages with what is said here."""
    scenario = all_scenarios()["delete-me"]
    for todo in scenario["tasks"]:
        await town.texts(f"add {todo['title']}")
    for _ in range(2):
        await town.texts("list")
    await town.texts("thanks", sender=BOB)
    await town.records()
    await town.functions["notify"].deliver(recording(at=town.clock.instant, recording_id="RE1"))  # a message without words
    told = [
        await town.texts(turn["in"], message_id=ORDER if turn["in"] == "delete me now" else "") for turn in scenario["turns"]
    ]
    assert told == [[turn["out"]] for turn in scenario["turns"]]
    assert await town.knows() == AFTERWARDS


async def test_everything_is_deleted(town: Town) -> None:
    await somebody_with_everything(town)
    assert {
        "todo.tasks",
        "todo.task_events",
        "todo.reminders",
        "messages",
        "message events",
        "transcripts",
        "audio",
        "calls",
    } <= (await town.knows()).keys()
    assert await leaves(town) == [
        "All deleted: 2 todos, 9 messages, 1 recording. Receipt 7F3K. If you text again, you begin anew."
    ]
    assert await town.knows() == AFTERWARDS


async def test_somebody_else_keeps_everything(town: Town) -> None:
    await town.texts("buy stamps", sender=BOB)
    await somebody_with_everything(town)
    await leaves(town)
    assert await town.texts("list", sender=BOB) == ["1 open:\n#1 Buy stamps"]
    [(kept,)] = await town.ask("SELECT count(*) FROM messaging.messages")
    assert kept == 4 + 1


async def test_every_event_twice_is_the_same(town: Town) -> None:
    await somebody_with_everything(town)
    town.times = 2
    assert await leaves(town) == [
        "All deleted: 2 todos, 9 messages, 1 recording. Receipt 7F3K. If you text again, you begin anew."
    ]
    assert await town.knows() == AFTERWARDS


#: After each of these a worker may die: the object, and the method that was done.
STEPS = [
    ("leaving", "leave"),
    ("departed_voices", "depart"),
    ("audio", "delete"),
    ("audio", "delete_all"),
    ("departed_voices", "forget_rest"),
    ("voice", "delete"),
    ("departed_messages", "forget"),
    ("messaging", "begin"),
    ("provider", "send"),
    ("messaging", "finish"),
]


@pytest.mark.long
@pytest.mark.parametrize("before", [False, True], ids=["after", "before"])
@pytest.mark.parametrize(("owner", "step"), STEPS, ids=[".".join(step) for step in STEPS])
async def test_a_worker_killed_at_any_step_makes_no_difference(
    town: Town, monkeypatch: pytest.MonkeyPatch, owner: str, step: str, *, before: bool
) -> None:
    await somebody_with_everything(town)
    await town.texts("delete everything about me")
    await town.texts("delete me")
    dying(monkeypatch, getattr(town.services, owner), step, before=before)
    said = await town.texts("delete me now", message_id=ORDER)
    assert said == ["All deleted: 2 todos, 9 messages, 1 recording. Receipt 7F3K. If you text again, you begin anew."]
    assert await town.knows() == AFTERWARDS


def dying(monkeypatch: pytest.MonkeyPatch, owner: object, step: str, *, before: bool) -> None:
    """Whoever does this next dies of it, before or after it is done."""
    does: Callable[..., Any] = getattr(owner, step)
    died: list[str] = []

    async def once(*arguments: Any, **named: Any) -> Any:
        if not died:
            died.append(step)
            if not before:
                await does(*arguments, **named)
            raise Killed
        return await does(*arguments, **named)

    monkeypatch.setattr(owner, step, once)


async def test_what_comes_late_brings_nothing_back_and_says_nothing(town: Town) -> None:
    await somebody_with_everything(town)
    at, status = town.clock.instant, await status_of(town, "read")
    spoken = recording(at=at, recording_id="RE2")
    await leaves(town)
    before = len(town.provider.taken)
    late = [
        status,
        message("buy eggs", at=at),
        transcript_of(spoken, "call Kim"),
        notification("Reminder: #2 Call mum (now)", kind="reminder", at=town.clock.instant + timedelta(seconds=1)),
        notification("Added #3 Eggs", at=at),
        notification("Sorry", kind="sorry", at=town.clock.instant + timedelta(seconds=30), in_reply_to="SM7"),
        event(
            TRANSCRIPT_REVISED, "RE1.revised.2", revised(at, town.clock.instant), at=town.clock.instant + timedelta(seconds=1)
        ),
    ]
    for one in late:
        await town.deliver(one)
    assert len(town.provider.taken) == before
    assert await town.knows() == AFTERWARDS


def revised(said_at: datetime, asked_at: datetime) -> TranscriptRevised:
    """A recording that was being heard again."""
    return TranscriptRevised(
        recording_id="RE1", message_id="RE1", version=2, said_at=said_at, old="call Kim", new="call Tim", request_id="SM1",
        asked_at=asked_at, sender=ADA, recipient=OURS, channel="sms",
    )  # fmt: skip


async def test_a_recording_on_its_way_is_not_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await town.texts("buy milk")
    spoken = recording(at=town.clock.instant, recording_id="RE2")
    await leaves(town)
    assert isinstance(await town.functions["transcribe"].deliver(spoken), Done)
    assert await town.knows() == AFTERWARDS


async def test_somebody_who_changes_while_they_leave_does_not_come_back(town: Town) -> None:
    """A decision that was made from the person as they were finds nobody to write it down for."""
    await town.texts("buy milk")
    found = await town.services.todo.read(PARTY, function="todo-crud", event_id="")
    await leaves(town)
    assert found.person is not None
    from tests.making import decision

    written = await town.services.todo.commit(
        found.person, decision(), [], function="todo-crud", cause=message("buy eggs", at=town.clock.instant)
    )
    assert written is None
    assert await town.knows() == AFTERWARDS


async def test_who_texts_again_begins_anew(town: Town) -> None:
    await somebody_with_everything(town)
    await leaves(town)
    [said] = await town.texts("buy bread")
    assert said.startswith("Added #1 Buy bread\nI am Jotline")
    assert await town.texts("list") == ["1 open:\n#1 Buy bread"]
    assert await town.texts("delete me now") == [
        "This deletes all your todos, messages and recordings for good; UNDO will not bring them back. To go on, reply DELETE ME."
    ]


async def test_what_is_new_stays_when_the_rest_of_leaving_comes_late(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """transcribe is away for an hour; meanwhile they begin anew, and speak, too."""
    await somebody_with_everything(town)
    await town.texts("delete everything about me")
    await town.texts("delete me")
    held = []
    hand = town.hand

    async def hold(name: str, given: Event) -> None:
        if name == "transcribe":
            held.append(given)
        else:
            await hand(name, given)

    monkeypatch.setattr(town, "hand", hold)
    assert await town.texts("delete me now", message_id=ORDER) == []
    assert (await town.texts("buy bread"))[0].startswith("Added #1 Buy bread\nI am Jotline")
    await town.records(recording_id="RE9")
    monkeypatch.undo()
    [wanted] = held
    await town.deliver(wanted)
    assert town.provider.taken[-1].body.startswith("All deleted: 2 todos, 9 messages, 1 recording. Receipt 7F3K.")
    assert await town.texts("list") == ["1 open:\n#1 Buy bread"]
    known = await town.knows()
    assert (known["voice.recordings"], known["audio"], known["messages"]) == (1, 1, 2 + 1 + 2)


async def test_mails_go_too_whatever_their_address(town: Town) -> None:
    await town.texts("buy milk")
    for address, party in (
        ("ada@example.com", PARTY),
        ("shared@example.com", PARTY),
        ("shared@example.com", person(BOB).party),
    ):
        await town.ask(
            "INSERT INTO messaging.conversations (id, participant_from, participant_to, channel_type, created_at, updated_at)"
            " VALUES (md5(%s)::uuid, %s, '', 'email', %s, %s) ON CONFLICT DO NOTHING",
            address, address, town.clock.instant, town.clock.instant,
        )  # fmt: skip
        await town.ask(
            "INSERT INTO messaging.messages (id, conversation_id, direction, status, provider, message_type, body, created_at, metadata)"
            " VALUES (gen_random_uuid(), md5(%s)::uuid, 'outbound', 'sent', 'smtp', 'email', 'Good morning', %s,"
            " jsonb_build_object('party', %s::text))",
            address, town.clock.instant, party,
        )  # fmt: skip
    [said] = await leaves(town)
    assert said.startswith("All deleted: 1 todo, 9 messages.")
    left = await town.ask("SELECT participant_from FROM messaging.conversations WHERE channel_type = 'email'")
    assert left == [("shared@example.com",)]
    assert await town.ask("SELECT metadata ->> 'party' FROM messaging.messages WHERE message_type = 'email'") == [
        (person(BOB).party,)
    ]


async def test_they_may_leave_again(town: Town) -> None:
    await somebody_with_everything(town)
    await leaves(town)
    await town.texts("buy bread")
    await town.texts("delete everything about me")
    await town.texts("delete me")
    order = sid()
    assert await town.texts("delete me now", message_id=order) == [
        f"All deleted: 1 todo, 8 messages. Receipt {receipt(order)}. If you text again, you begin anew."
    ]
    assert await town.knows() == AFTERWARDS


async def test_the_trail_is_told(town: Town) -> None:
    await somebody_with_everything(town)
    await leaves(town)
    [(text,)] = await town.ask("SELECT event FROM todo.outbox WHERE type = %s", PERSON_LEFT)
    left = from_json(text)
    assert (left.partitionkey, left.time) == (PARTY, town.clock.instant)
    assert left.data.model_dump() == {"user_id": user_id(PARTY), "receipt": "7F3K", "todos": 2}


async def test_what_slipped_in_goes_with_the_next_tick_and_all_of_it_after_a_month(town: Town) -> None:
    await somebody_with_everything(town)
    said_at = town.clock.instant
    await leaves(town)
    await town.records(recording_id="RE3", said_at=said_at)
    assert (await town.functions["transcribe"](request("/tick"))).status_code == 204
    assert await town.knows() == AFTERWARDS
    town.clock.instant += timedelta(days=31)
    await cleanup.clean_up(town.services)
    assert await town.knows() == {}


async def test_opting_out_outlives_leaving(town: Town) -> None:
    await town.texts("buy milk")
    await town.texts("STOP")
    assert await leaves(town) == []
    assert [(phone, stopped) for phone, stopped in await town.ask("SELECT phone, stopped FROM messaging.consents")] == [
        (ADA, True)
    ]
    assert await town.texts("buy bread") == []
    assert (await town.knows())["todo.tasks"] == 1


async def test_two_at_once_leave_once(town: Town) -> None:
    """The same order to two workers at once: one deletes, the other finds it done."""
    await town.texts("buy milk")
    await town.texts("delete everything about me")
    await town.texts("delete me")
    town.clock.instant += timedelta(minutes=1)
    order = message("delete me now", at=town.clock.instant, message_id=ORDER)
    parsed = await town.functions["parse-command"].deliver(order)
    assert isinstance(parsed, Done)
    assert parsed.reply is not None
    outcomes = await asyncio.gather(*(town.functions["todo-crud"].deliver(parsed.reply) for _ in range(2)))
    assert outcomes == [Done(), Done()]
    [(told,)] = await town.ask("SELECT count(*) FROM todo.outbox WHERE type = %s", PERSON_LEFT)
    assert told == 1


class NoStore:
    """An audio store that is away."""

    async def delete(self, _: object) -> int:
        """It cannot."""
        raise StoreUnavailable


async def test_a_box_that_stops_in_the_middle_goes_on_where_it_was(database: str, tmp_path: Path) -> None:
    """Todos are gone, the audio store is away; the next box does the rest, and says it once."""
    async with whole(database) as box:
        box.services.settings = box.services.settings.model_copy(update={"audio_store_url": tmp_path.as_uri()})
        box.services.__dict__["audio"] = NoStore()
        for words in ("buy milk", "delete everything about me", "delete me"):
            await box.text(words)
            await box.idle()
        await box.text("delete me now")
        async with asyncio.timeout(30):
            while await box.read("SELECT id FROM todo.users"):
                await asyncio.sleep(0.01)
        before = box.heard_by(ADA)
    async with whole(database) as box:
        async with asyncio.timeout(60):
            while not box.heard_by(ADA):
                box.clock.advance(timedelta(seconds=30))
                await asyncio.sleep(0.05)
        await box.idle()
        [said] = box.heard_by(ADA)
        assert said.startswith("All deleted: 1 todo, 7 messages. Receipt ")
        assert said not in before
        assert await box.read("SELECT id FROM todo.users") == []


async def test_where_recordings_are_not_kept_people_leave_all_the_same(database: str) -> None:
    async with whole(database) as box:
        assert not box.services.settings.audio_store_url
        for words in ("buy milk", "delete everything about me", "delete me", "delete me now"):
            await box.text(words)
            await box.idle()
        assert box.heard_by(ADA)[-1].startswith("All deleted: 1 todo, 7 messages. Receipt ")
