"""Messages through parse-command and todo-crud on a real PostgreSQL, one after the other and without a broker: quick.

Every event goes over the wire: written as JSON and read back. What a person would hear is the notification in todo's outbox.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import TypeVar, cast

from local.loading import load_function
from shared.events.envelope import Event, from_json
from shared.events.ids import partition_key, reply_id, user_id
from shared.events.schemas import MESSAGE_RECEIVED, MessageReceived, NotificationRequested
from shared.runtime.services import Services
from shared.runtime.serving import Done, Function
from shared.runtime.settings import Settings as Environment
from shared.storage.outbox import Row
from shared.todos.model import Decision, Dialogue, Person, Settings, Task, TaskEvent
from shared.todos.rebuild import rebuild
from tests.making import NOW, OURS, SECRET, creation

Result = TypeVar("Result")

_TASKS = """SELECT to_jsonb(t) - 'user_id' FROM todo.tasks t WHERE user_id = %s"""
_EVENTS = """SELECT to_jsonb(e) - 'user_id' - 'sequence' FROM todo.task_events e WHERE user_id = %s ORDER BY sequence"""


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
    """The two functions on one database."""

    def __init__(self, url: str) -> None:
        """Nothing was said yet."""
        self._runner = asyncio.Runner()
        self.clock = StillClock()
        self.services = Services(Environment(database_url=url), self.clock)
        self.services.use_carrier(Nobody())
        self.parse, self.crud = self._function("parse-command"), self._function("todo-crud")

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

    def say(self, party: str, phone: str, text: str, *, message_id: str, channel: str = "sms") -> str | None:
        """One message of somebody; what they would hear."""
        return self.wait(self.deliver(party, phone, text, message_id=message_id, channel=channel))

    async def deliver(self, party: str, phone: str, text: str, *, message_id: str, channel: str = "sms") -> str | None:
        """One message of somebody; what they would hear."""
        heard_before = await self.reply_to(message_id)
        data = MessageReceived.model_validate(
            {"message_id": message_id, "channel": channel, "sender": phone, "recipient": OURS, "text": text}
        )
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

    async def reply_to(self, message_id: str) -> str | None:
        """The text that asks to be sent in answer to a message."""
        rows = await self.services.todo.database.fetch(
            "SELECT event FROM todo.outbox WHERE event_id = %s", reply_id(message_id)
        )
        return cast(NotificationRequested, from_json(str(rows[0][0])).data).body if rows else None

    def know(self, party: str, phone: str, settings: Settings, tasks: Sequence[Task] = ()) -> None:
        """Somebody we know already, with these todos; how they came about is over and done with: undo does not reach it."""
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
        decision = Decision(reply=None, settings=settings, dialogue=Dialogue(), tasks=tuple(tasks))
        assert self.wait(self.services.todo.commit(person, decision, [], function="test", cause=cause)) == []

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


def _over_the_wire(event: Event) -> Event:
    return from_json(event.to_json())
