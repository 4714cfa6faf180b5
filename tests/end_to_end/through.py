"""Messages through parse-command and todo-crud on a real PostgreSQL, one after the other and without a broker: quick.

Every event goes over the wire: written as JSON and read back. What a person would hear is the notification in todo's outbox.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Literal, TypeVar, cast

from local.loading import load_function
from shared.events.envelope import Event, from_json
from shared.events.ids import partition_key, reply_id, user_id
from shared.events.schemas import (
    DIGEST_REQUESTED,
    MESSAGE_RECEIVED,
    NOTIFICATION_REQUESTED,
    REMINDER_SENT,
    TRANSCRIPT_REVISED,
    MessageReceived,
    NotificationEnded,
    NotificationRequested,
    RecordingRequested,
    TranscriptRevised,
)
from shared.runtime.services import Services
from shared.runtime.serving import Done, Function
from shared.runtime.settings import Settings as Environment
from shared.storage.outbox import Row
from shared.todos.model import Decision, Dialogue, Person, Settings, Task, TaskEvent
from shared.todos.rebuild import rebuild
from shared.todos.reminding import replan
from tests.asking import request
from tests.making import NOW, OURS, SECRET, creation
from tests.unit.conversations.driver import CODE

Result = TypeVar("Result")

_TASKS = """SELECT to_jsonb(t) - ARRAY['user_id', 'due_on', 'urgency', 'search'] FROM todo.tasks t WHERE user_id = %s"""
_CAME = """SELECT event FROM todo.outbox WHERE partition_key = %s AND type IN (%s, %s) ORDER BY seq"""
_EVENTS = """SELECT to_jsonb(e) - 'user_id' - 'sequence' FROM todo.task_events e WHERE user_id = %s ORDER BY sequence"""


MAIL_FROM = "jotline@example.org"


class StillClock:
    """A clock that stands until it is set, also back: each scenario has its own time."""

    def __init__(self) -> None:
        self.instant = NOW

    def now(self) -> datetime:
        """The instant it stands at."""
        return self.instant


class Nobody:
    """A carrier that carries nothing further: the outbox is read instead."""

    async def publish(self, event: Event) -> None:
        """Nothing here publishes at the edge."""
        raise AssertionError

    async def carry(self, rows: Sequence[Row]) -> None:
        """They stay in the outbox."""

    async def close(self) -> None:
        """Nothing to release."""


class Path:
    """The functions that answer, and those that do things at their time, on one database."""

    def __init__(self, url: str) -> None:
        """Nothing was said yet."""
        self._runner = asyncio.Runner()
        self.clock = StillClock()
        self.services = Services(Environment(database_url=url, smtp_url="smtp://127.0.0.1", mail_from=MAIL_FROM), self.clock)
        self.services.code_for = _code_for  # type: ignore[method-assign]
        self.services.use_carrier(Nobody())
        names = ("parse-command", "todo-crud", "remind", "digest")
        self.parse, self.crud, self.remind, self.digest = (self._function(name) for name in names)

    def _function(self, name: str) -> Function:
        function = load_function(name)
        function.bind(self.services)
        return function

    def close(self) -> None:
        """Release the connections."""
        self.wait(self.services.close())
        self._runner.close()

    def wait(self, work: Awaitable[Result]) -> Result:
        """Run something that takes time."""

        async def run() -> Result:
            return await work

        return self._runner.run(run())

    def say(self, party: str, phone: str, text: str, *, message_id: str, **fields: object) -> str | None:
        """One message of somebody; what they would hear. `fields` of `MessageReceived` that are not the usual ones."""
        return self.wait(self.deliver(party, phone, text, message_id=message_id, **fields))

    async def deliver(self, party: str, phone: str, text: str, *, message_id: str, **fields: object) -> str | None:
        """One message of somebody; what they would hear."""
        heard_before = await self.reply_to(message_id)
        usual = {"message_id": message_id, "channel": "sms", "sender": phone, "recipient": OURS, "text": text}
        data = MessageReceived.model_validate(usual | fields)
        received = Event(
            id=message_id,
            type=MESSAGE_RECEIVED,
            source="/jotline/webhook",
            subject=message_id,
            time=self.clock.now(),
            data=data,
            partitionkey=party,
            correlationid=message_id,
        )
        parsed = await self.parse.deliver(_over_the_wire(received))
        assert isinstance(parsed, Done)
        assert parsed.reply is not None
        assert await self.crud.deliver(_over_the_wire(parsed.reply)) == Done()
        return await self.reply_to(message_id) if heard_before is None else None

    def go_on(self, until: datetime, *, asleep: bool = False) -> None:
        """Move the clock by way of all that is due; `asleep`: nothing was done before the end of it."""
        self.wait(self._go_on(until, asleep=asleep))

    async def _go_on(self, until: datetime, *, asleep: bool) -> None:
        while not asleep and (due := await self.services.due.next_after(self.clock.instant)) and due < until:
            await self._tick(due)
        await self._tick(until)

    async def _tick(self, instant: datetime) -> None:
        self.clock.instant = instant
        for function in (self.remind, self.digest):
            assert (await function(request("/tick?seconds=0"))).status_code == 204

    def came(self, party: str) -> list[Event]:
        """The requests to send somebody what came by itself, in their order."""
        rows = self.wait(self.services.todo.database.fetch(_CAME, party, NOTIFICATION_REQUESTED, DIGEST_REQUESTED))
        events = [from_json(str(event)) for [event] in rows]
        return [event for event in events if cast(NotificationRequested, event.data).kind in ("reminder", "digest")]

    def accept(self, reminder: Event, provider_id: str) -> None:
        """The provider took the text of a reminder, and calls it by `provider_id`."""
        asked = cast(NotificationRequested, reminder.data)
        ended = NotificationEnded(message_id=asked.message_id, kind="reminder", channel=asked.channel, provider_id=provider_id)
        name = f"{reminder.id}.sent"
        told = reminder.follow(id=name, type=REMINDER_SENT, source="/jotline/notify", subject=reminder.subject, data=ended)
        assert self.wait(self.remind.deliver(_over_the_wire(told))) == Done()

    def revise(self, party: str, revised: TranscriptRevised) -> str | None:
        """A recording of somebody that was heard again; what they would hear."""
        event = Event(
            id=f"{revised.recording_id}.{revised.version}",
            type=TRANSCRIPT_REVISED,
            source="/jotline/transcribe",
            subject=revised.recording_id,
            time=self.clock.now(),
            data=revised,
            partitionkey=party,
            correlationid=revised.request_id,
        )
        assert self.wait(self.crud.deliver(_over_the_wire(event))) == Done()
        return self.wait(self.reply_to(event.id))

    def wished(self, message_id: str) -> RecordingRequested | None:
        """What a message wants of the recordings, as transcribe gets it."""
        found = self.wait(self._told(f"{message_id}.recordings0"))
        return cast(RecordingRequested, found.data) if found else None

    async def reply_to(self, message_id: str) -> str | None:
        """The text that asks to be sent in answer to a message."""
        found = await self._told(reply_id(message_id))
        return cast(NotificationRequested, found.data).body if found else None

    async def _told(self, event_id: str) -> Event | None:
        rows = await self.services.todo.database.fetch("SELECT event FROM todo.outbox WHERE event_id = %s", event_id)
        return from_json(str(rows[0][0])) if rows else None

    def know(
        self,
        party: str,
        phone: str,
        settings: Settings,
        tasks: Sequence[Task] = (),
        events: Sequence[TaskEvent] = (),
        *,
        dialogue: Dialogue | None = None,
        channel: Literal["sms", "whatsapp"] = "sms",
    ) -> None:
        """Somebody we know already, with these todos.

        Unless there are `events` of it, how they came about is over and done with: undo does not reach it.
        """
        person = Person(id=user_id(party), party=party, phone=phone)
        cause = Event(
            id=f"before-{party}",
            type=MESSAGE_RECEIVED,
            source="/jotline/test",
            subject="",
            time=self.clock.now(),
            data=MessageReceived(message_id="before", channel="sms", sender=phone, recipient=OURS, text=""),
            partitionkey=party,
            correlationid="before",
        )
        known = Dialogue() if dialogue is None else dialogue
        decision = Decision(reply=None, settings=settings, dialogue=known, tasks=tuple(tasks), events=tuple(events))
        planned = replan(person.model_copy(update={"settings": settings}), decision, self.clock.now())
        stored = self.services.todo.commit(
            person, decision, [], function="test", cause=cause, replanned=planned, channel=channel, ours=OURS
        )
        assert self.wait(stored) == []

    def tasks(self, party: str) -> dict[str, Task]:
        """The rows of somebody's todos."""
        rows = self.wait(self.services.todo.database.fetch(_TASKS, user_id(party)))
        tasks = [Task.model_validate(row) for [row] in rows]
        return {str(task.id): task for task in tasks}

    def rebuilt(self, party: str, before: Sequence[Task] = ()) -> dict[str, Task]:
        """Somebody's todos as their stored events alone tell them, from the todos they were known with."""
        rows = self.wait(self.services.todo.database.fetch(_EVENTS, user_id(party)))
        events = [*map(creation, before), *(TaskEvent.model_validate(row) for [row] in rows)]
        return {str(name): task for name, task in rebuild(events).items()}


def party_of(phone: str, *more: str) -> str:
    """A partition key of a phone number, another one for each `more`."""
    return partition_key("/".join((phone, *more)), SECRET)


def made_sid(*parts: object) -> str:
    """A MessageSid that only depends on its parts."""
    return f"SM{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"


def _code_for(message_id: str) -> str:
    """The code that scenarios get by mail."""
    return CODE


def _over_the_wire(event: Event) -> Event:
    return from_json(event.to_json())
