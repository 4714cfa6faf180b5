"""Events and values for tests, with everything that does not matter filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, cast
from uuid import UUID, uuid5

from shared.events.envelope import Event
from shared.events.ids import NAMESPACE, partition_key, user_id
from shared.events.schemas import (
    AUDIO_RECEIVED,
    MESSAGE_RECEIVED,
    NOTIFICATION_REQUESTED,
    AudioReceived,
    MessageReceived,
    NotificationRequested,
    TaskChanged,
)
from shared.todos.model import Decision, Dialogue, Person, Settings, Task, TaskEvent

SECRET = b"a secret for tests"
ADA = "+12125550142"
BOB = "+447700900123"
OURS = "+14155550100"
NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)

_numbers = count(1)


def sid() -> str:
    """A MessageSid nobody had before."""
    return f"SM{next(_numbers):032x}"


def message(text: str = "buy milk", *, sender: str = ADA, at: datetime = NOW, **more: Any) -> Event:
    """A message.received event."""
    message_id = more.pop("message_id", None) or sid()
    data = MessageReceived(
        message_id=message_id, channel=more.pop("channel", "sms"), sender=sender, recipient=OURS, text=text, **more
    )
    return event(MESSAGE_RECEIVED, message_id, data, sender=sender, at=at, source="/jotline/webhook")


def recording(*, sender: str = ADA, at: datetime = NOW, **more: Any) -> Event:
    """An audio.received event of a voice note, or with a `call_id` of a call's recording."""
    message_id = more.pop("message_id", None) or sid().replace("SM", "MM")
    recording_id = more.pop("recording_id", f"{message_id}.audio0")
    call_id = more.pop("call_id", "")
    data = AudioReceived(
        recording_id=recording_id,
        message_id="" if call_id else message_id,
        call_id=call_id,
        sender=sender,
        recipient=more.pop("recipient", OURS),
        url="https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1",
        content_type="audio/ogg",
        **more,
    )
    id_ = f"{recording_id}.completed" if call_id else recording_id
    return event(AUDIO_RECEIVED, id_, data, sender=sender, at=at, source="/jotline/webhook")


def transcript_of(said: Event, text: str = "buy milk", **more: Any) -> Event:
    """The message.received event that a recording becomes."""
    audio = cast(AudioReceived, said.data)
    data = MessageReceived(
        message_id=audio.recording_id,
        channel=audio.channel,
        sender=audio.sender or ADA,
        recipient=audio.recipient or OURS,
        text=text,
        origin="voice",
        **more,
    )
    return event(MESSAGE_RECEIVED, audio.recording_id, data, sender=data.sender, at=said.time, source="/jotline/transcribe")


def notification(body: str = "Added #1 Buy milk", *, recipient: str = ADA, at: datetime = NOW, **more: Any) -> Event:
    """A notification.requested event."""
    id_ = f"{sid()}.reply"
    data = NotificationRequested(
        message_id=uuid5(NAMESPACE, id_),
        channel=more.pop("channel", "sms"),
        sender=OURS,
        recipient=recipient,
        body=body,
        asked_at=more.pop("asked_at", at),
        **more,
    )
    return event(NOTIFICATION_REQUESTED, id_, data, sender=recipient, at=at, source="/jotline/todo-crud")


def task_change(kind: str, *, at: datetime = NOW, **payload: Any) -> Event:
    """An event about a todo of its own, of one of the types jotline.task.…."""
    task_id = uuid5(NAMESPACE, f"test/{next(_numbers)}")
    id_ = f"task.{kind.rpartition('.')[2]}-{task_id}-1"
    data = TaskChanged(
        event_id=id_,
        event_type=kind.removeprefix("jotline."),
        event_version="1.0",
        task_id=task_id,
        user_id=person().id,
        timestamp=at,
        version=1,
        message_id="SM1",
        payload=payload,
    )
    return event(kind, id_, data, at=at, source="/jotline/todo-crud")


def event(kind: str, id_: str, data: Any, *, sender: str = ADA, at: datetime = NOW, source: str = "/jotline/test") -> Event:
    """Any event."""
    return Event(
        id=id_,
        type=kind,
        source=source,
        subject=id_,
        time=at,
        data=data,
        partitionkey=partition_key(sender, SECRET),
        correlationid=id_,
    )


def person(phone: str = ADA) -> Person:
    """Someone nobody has stored yet."""
    party = partition_key(phone, SECRET)
    return Person(id=user_id(party), party=party, phone=phone)


def task(number: int = 1, title: str = "Buy milk", **more: Any) -> Task:
    """A todo with an id of its own."""
    return Task(id=uuid5(NAMESPACE, f"test/{next(_numbers)}"), number=number, title=title, created_at=NOW, **more)


def creation(made: Task, message_id: str = "SM1", index: int = 0) -> TaskEvent:
    """The event that made a todo."""
    return TaskEvent(
        id=f"task.created-{made.id}-1",
        task_id=made.id,
        version=1,
        type="created",
        message_id=message_id,
        index=index,
        at=NOW,
        changed=made.model_dump(mode="json"),
        before={},
    )


def decision(*tasks: Task, events: tuple[TaskEvent, ...] = (), reply: str | None = "Added", **settings: Any) -> Decision:
    """A decision that leaves these todos behind."""
    return Decision(reply=reply, tasks=tasks, events=events, settings=Settings(**settings), dialogue=Dialogue())


def later(**by: float) -> datetime:
    """NOW and some."""
    return NOW + timedelta(**by)


def uuid(text: str) -> UUID:
    """A UUID that only depends on `text`."""
    return uuid5(NAMESPACE, text)
