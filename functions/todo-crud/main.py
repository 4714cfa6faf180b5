"""todo-crud: commands change the todos, and the answer is written.

Consumes   jotline.command.parsed
Decides    everything about todos: numbers, which one is meant, rules, undo, questions, and the one reply (`shared.todos.decide`).
Emits      jotline.task.* for every change, jotline.notification.requested for the reply

A decision is made from the person as they are and written in one statement with the claim on the event, the changes and the
events that tell of them. When somebody else changed the person meanwhile nothing is written, and it is decided again. When their
settings are no longer those the words were read with ("I'm in Tokyo" was on its way), the words are read again.

    in    {"type": "jotline.command.parsed", "data": {"understanding": {"commands": [{"intent": "add", "title": "Buy milk"}]}, ...}}
    out   {"type": "jotline.task.created", "data": {"payload": {"number": 1, "title": "Buy milk", ...}, ...}}
          {"type": "jotline.notification.requested", "data": {"body": "Added #1 Buy milk", ...}}
"""

from __future__ import annotations

from typing import cast

from shared.events.envelope import Event
from shared.events.ids import outgoing_id, reply_id, user_id
from shared.events.schemas import (
    COMMAND_PARSED,
    NOTIFICATION_REQUESTED,
    CommandParsed,
    MessageReceived,
    NotificationRequested,
    TaskChanged,
)
from shared.language import understand
from shared.language.model import Understanding
from shared.policy.outcomes import TryAgain
from shared.runtime.apology import apologise
from shared.runtime.serving import Work, serve
from shared.todos.decide import decide, needs_history
from shared.todos.model import Decision, Heard, Person, TaskEvent
from shared.todos.newcomer import settings_for, zone_at

NAME = "todo-crud"
#: A person's changes come one after the other; somebody else winning this often in a row means something is wrong.
ROUNDS = 5


async def carry_out(event: Event, work: Work) -> None:
    """Do what was asked, once."""
    parsed = cast(CommandParsed, event.data)
    store = work.services.todo
    for _ in range(ROUNDS):
        found = await store.read(
            event.partitionkey, function=NAME, event_id=event.id, history=needs_history(parsed.understanding)
        )
        if found.claimed:
            return
        person = found.person or _newcomer(event, parsed.message, work.services.settings.default_timezone)
        decision = decide(person, _heard(parsed), _understanding(person, parsed), now=work.now)
        events = [_changed(event, person, change) for change in decision.events]
        if decision.reply is not None:
            events.append(_reply(event, parsed, decision))
        rows = await store.commit(person, decision, events, function=NAME, cause=event)
        if rows is not None:
            await work.services.carrier.carry(rows)
            return
    raise TryAgain("this person's todos keep changing")


def _newcomer(event: Event, message: MessageReceived, default_zone: str) -> Person:
    """Someone who texts for the first time."""
    settings = settings_for(message.sender, default_zone)
    return Person(id=user_id(event.partitionkey), party=event.partitionkey, phone=message.sender, settings=settings)


def _heard(parsed: CommandParsed) -> Heard:
    """The message as the rules see it."""
    message = parsed.message
    return Heard(
        id=message.message_id,
        text=message.text,
        at=parsed.received_at,
        channel=message.channel,
        origin=message.origin,
        opt_out=message.opt_out,
        reply_to=message.reply_to,
    )


def _understanding(person: Person, parsed: CommandParsed) -> Understanding:
    """What parse-command read, unless the person's settings have changed since: then the words are read again."""
    zone = zone_at(person.settings, parsed.received_at)
    if (zone, person.settings.meanings) == (parsed.zone, parsed.meanings):
        return parsed.understanding
    return understand(parsed.message.text, parsed.received_at, zone, person.settings.meanings)


def _changed(event: Event, person: Person, change: TaskEvent) -> Event:
    """The event that tells of one change of one todo."""
    payload = dict(change.changed)
    if change.type == "completed":
        payload.update(_recurrence(person, change))
    data = TaskChanged(
        event_id=change.id,
        event_type=f"task.{change.type}",
        event_version="1.0",
        task_id=change.task_id,
        user_id=person.id,
        timestamp=change.at,
        version=change.version,
        message_id=change.message_id,
        undoes=change.undoes,
        payload=payload,
    )
    return event.follow(
        id=change.id,
        type=f"jotline.task.{change.type}",
        source=f"/jotline/{NAME}",
        subject=str(change.task_id),
        data=data,
        time=change.at,
    )


def _recurrence(person: Person, change: TaskEvent) -> dict[str, str | None]:
    """The rule a completed todo repeats by, and its end (RFC 5545 RRULE and its UNTIL); None where there is none."""
    rules = [task.repeat.rrule for task in person.tasks if task.id == change.task_id and task.repeat]
    rule = rules[0] if rules else None
    ends = [part.removeprefix("UNTIL=") for part in (rule or "").split(";") if part.startswith("UNTIL=")]
    return {"recurring_pattern": rule, "recurring_end_date": ends[0] if ends else None}


def _reply(event: Event, parsed: CommandParsed, decision: Decision) -> Event:
    """The request to send the answer."""
    message = parsed.message
    notification_id = reply_id(message.message_id)
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        channel="whatsapp" if message.channel == "whatsapp" else "sms",
        sender=message.recipient,
        recipient=message.sender,
        body=decision.reply or "",
        asked_at=parsed.received_at,
        even_if_stopped=decision.even_if_stopped,
        in_reply_to=message.message_id,
        metadata={"understood": _understood(parsed, decision)},
    )
    return event.follow(
        id=notification_id,
        type=NOTIFICATION_REQUESTED,
        source=f"/jotline/{NAME}",
        subject=str(data.message_id),
        data=data,
    )


def _understood(parsed: CommandParsed, decision: Decision) -> dict[str, object]:
    """What was heard, understood and done, for whoever asks later (the phone page, support)."""
    commands = decision.commands or parsed.understanding.commands
    return {
        "heard": parsed.message.text,
        "understood": [command.model_dump(mode="json", exclude_defaults=True) for command in commands],
        "done": [{"type": change.type, "changed": change.changed} for change in decision.events],
    }


handle = serve(NAME, events={COMMAND_PARSED: carry_out}, schema="todo", apology=apologise)
