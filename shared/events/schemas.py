"""What each event carries: one model per CloudEvents type, published as JSON schema (`jotline schemas`), grown but never changed.

Types are `jotline.<noun>.<past tense>`. `TYPES` is the one table from type to model, topic and older spellings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.language.model import Meanings, Understanding

MESSAGE_RECEIVED = "jotline.message.received"
MESSAGE_STATUS = "jotline.message.status"
COMMAND_PARSED = "jotline.command.parsed"
NOTIFICATION_REQUESTED = "jotline.notification.requested"
NOTIFICATION_SENT = "jotline.notification.sent"
NOTIFICATION_FAILED = "jotline.notification.failed"
NOTIFICATION_SUPPRESSED = "jotline.notification.suppressed"
TASK_CREATED = "jotline.task.created"
TASK_COMPLETED = "jotline.task.completed"
TASK_REOPENED = "jotline.task.reopened"
TASK_UPDATED = "jotline.task.updated"
TASK_DELETED = "jotline.task.deleted"
TASK_RESTORED = "jotline.task.restored"

Channel = Literal["sms", "mms", "whatsapp"]


class Data(BaseModel):
    """Event data. Unknown fields are ignored: an older function must be able to read a newer event."""

    # Built when first used: a function that starts cold pays only for the events it handles.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class MessageReceived(Data):
    """A person's message, as the webhook or transcribe understood the wire. Nothing of its meaning is decided yet."""

    message_id: str  # MessageSid
    channel: Channel
    sender: str  # E.164 (or a short code), without `whatsapp:`
    recipient: str  # our number, likewise
    text: str
    origin: Literal["text", "voice"] = "text"
    media: tuple[str, ...] = ()  # content types of what was attached
    opt_out: Literal["", "STOP", "START", "HELP"] = ""  # Twilio's OptOutType: the carrier has answered already
    reply_to: str = ""  # the provider's id of the message this answers (WhatsApp)
    segments: int = 1


class MessageStatus(Data):
    """One status callback of the provider for a message of ours, whole."""

    provider_id: str
    message_id: UUID | None  # ours, from the callback URL
    status: str
    error_code: int | None = None
    raw: dict[str, Any]


class CommandParsed(Data):
    """A message and what it was understood to mean, with the settings that reading used.

    When those settings have changed by the time it is carried out, todo-crud reads the words again.
    """

    message: MessageReceived
    received_at: AwareDatetime
    zone: str
    meanings: Meanings
    understanding: Understanding


class NotificationRequested(Data):
    """A text to be sent to a person. `notify` decides how; the id is the idempotency key of the send."""

    message_id: UUID
    kind: Literal["reply", "reminder", "digest", "sorry"] = "reply"
    channel: Channel
    sender: str  # our number
    recipient: str  # theirs
    body: str
    asked_at: AwareDatetime  # when the person asked: a late answer says so
    expires_at: AwareDatetime | None = None
    even_if_stopped: bool = False
    in_reply_to: str = ""  # MessageSid
    metadata: dict[str, Any] = {}  # what was heard, understood and done


class NotificationEnded(Data):
    """A text left, failed or was held back."""

    message_id: UUID
    kind: str
    channel: Channel
    provider_id: str = ""
    segments: int = 0
    cause: str = ""
    possible_duplicate: bool = False


class TaskChanged(Data):
    """One change of one todo (checklist E09's fields, and the fields that changed)."""

    event_id: str
    event_type: str
    event_version: str
    task_id: UUID
    user_id: UUID
    timestamp: AwareDatetime
    version: int
    message_id: str  # the message that asked for it
    undoes: str | None = None
    payload: dict[
        str, Any
    ]  # the fields after the change; for task.completed also completed_at, recurring_pattern, recurring_end_date


@dataclass(frozen=True, slots=True)
class EventType:
    """A row of `TYPES`."""

    model: type[Data]
    topic: Literal["task-events", "reminders", "task-updates", "messages"]


TYPES: dict[str, EventType] = {
    MESSAGE_RECEIVED: EventType(model=MessageReceived, topic="messages"),
    MESSAGE_STATUS: EventType(model=MessageStatus, topic="messages"),
    COMMAND_PARSED: EventType(model=CommandParsed, topic="messages"),
    NOTIFICATION_REQUESTED: EventType(model=NotificationRequested, topic="messages"),
    NOTIFICATION_SENT: EventType(model=NotificationEnded, topic="messages"),
    NOTIFICATION_FAILED: EventType(model=NotificationEnded, topic="messages"),
    NOTIFICATION_SUPPRESSED: EventType(model=NotificationEnded, topic="messages"),
    TASK_CREATED: EventType(model=TaskChanged, topic="task-events"),
    TASK_COMPLETED: EventType(model=TaskChanged, topic="task-events"),
    TASK_REOPENED: EventType(model=TaskChanged, topic="task-events"),
    TASK_UPDATED: EventType(model=TaskChanged, topic="task-updates"),
    TASK_DELETED: EventType(model=TaskChanged, topic="task-events"),
    TASK_RESTORED: EventType(model=TaskChanged, topic="task-events"),
}

#: Spellings other systems use (rulings X10), accepted on input.
OLD_SPELLINGS: dict[str, str] = {
    f"{prefix}{noun}{mark}{verb}": f"jotline.{noun}.{verb}"
    for prefix in ("", "jotline.")
    for mark in ("_", ".")
    for noun, verb in (("task", v) for v in ("created", "completed", "reopened", "updated", "deleted", "restored"))
    if f"{prefix}{noun}{mark}{verb}" != f"jotline.{noun}.{verb}"
}


def type_named(spelling: str) -> str:
    """The CloudEvents type a spelling stands for: itself, unless it is an old one."""
    return OLD_SPELLINGS.get(spelling, spelling)
