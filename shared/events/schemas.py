"""What each event carries: one model per CloudEvents type, published as JSON schema (`jotline schemas`), grown but never changed.

Types are `jotline.<noun>.<past tense>`. `TYPES` is the one table from type to model, topic and older spellings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.language.model import Meanings, Understanding

MESSAGE_RECEIVED = "jotline.message.received"
MESSAGE_STATUS = "jotline.message.status"
CALL_RECEIVED = "jotline.call.received"
CALL_ENDED = "jotline.call.ended"
AUDIO_RECEIVED = "jotline.audio.received"
AUDIO_CUT = "jotline.audio.cut"
AUDIO_PROGRESSED = "jotline.audio.progressed"
AUDIO_REFUSED = "jotline.audio.refused"
RECORDING_REQUESTED = "jotline.recording.requested"
TRANSCRIPT_CREATED = "jotline.transcript.created"
TRANSCRIPT_REVISED = "jotline.transcript.revised"
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

REMINDER_SCHEDULED = "jotline.reminder.scheduled"
REMINDER_TRIGGERED = "jotline.reminder.triggered"
REMINDER_SENT = "jotline.reminder.sent"
REMINDER_FAILED = "jotline.reminder.failed"
DIGEST_REQUESTED = "jotline.digest.requested"
REQUEST_MADE = "jotline.request.made"
PERSON_LEFT = "jotline.person.left"

Channel = Literal["sms", "mms", "whatsapp"]
Topic = Literal["task-events", "reminders", "task-updates", "messages"]


class Data(BaseModel):
    """Event data. Unknown fields are ignored: an older function must be able to read a newer event."""

    # Built when first used: a function that starts cold pays only for the events it handles.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Heard(Data):
    """A stretch of a transcript that was heard equally well. Words that were heard surely are one stretch."""

    start: int  # of the text, in characters
    end: int
    probability: float  # 0 to 1, the model's own


class MessageReceived(Data):
    """A person's message, as the webhook or transcribe understood the wire. Nothing of its meaning is decided yet."""

    message_id: str  # MessageSid; of a recording, its `recording_id`
    channel: Channel
    sender: str  # E.164 (or a short code), without `whatsapp:`
    recipient: str  # our number, likewise
    text: str
    origin: Literal["text", "voice"] = "text"
    media: tuple[str, ...] = ()  # content types of what was attached
    opt_out: Literal["", "STOP", "START", "HELP"] = ""  # Twilio's OptOutType: the carrier has answered already
    reply_to: str = ""  # the provider's id of the message this answers (WhatsApp)
    segments: int = 1
    heard: tuple[Heard, ...] = ()  # of a transcript: how surely which part of `text` was heard; nothing said is surely heard


class CallReceived(Data):
    """Somebody calls one of our numbers. Their recording comes later and names only the call."""

    call_id: str  # CallSid
    sender: str  # E.164 of the caller
    recipient: str  # our number


class CallEnded(Data):
    """A call is over. Whether something was said in it, its recording tells: there may be none."""

    call_id: str  # CallSid
    status: str  # Twilio's: completed, busy, failed, no-answer, canceled
    seconds: int  # how long it was
    sender: str = ""  # E.164 of the caller; empty: not known
    recipient: str = ""  # our number


class AudioReceived(Data):
    """Something spoken: a voice note, or what a caller said after the beep. Not fetched yet."""

    recording_id: str  # MessageSid.audioN (N from 0), or RecordingSid
    message_id: str = ""  # MessageSid of the message it came with
    call_id: str = ""  # CallSid of the call it came by
    channel: Channel = "sms"  # where the answer goes: a caller is answered by text
    sender: str = ""  # E.164; empty when only the call is known
    recipient: str = ""  # our number, likewise
    url: str  # where the provider keeps it
    content_type: str = ""  # as the provider says; of a call's recording empty
    seconds: float | None = None  # as the provider says


class AudioCut(Data):
    """One piece of a recording that is fetched and kept, to be transcribed: at most 120 s."""

    recording_id: str
    version: int  # of the transcript this piece belongs to, from 1
    piece: int  # from 0
    pieces: int
    start_seconds: float
    end_seconds: float
    model: str = ""  # a model asked for; empty: the usual one
    sender: str = ""  # E.164: whoever is told when it is given up
    recipient: str = ""
    channel: Channel = "sms"


class AudioProgressed(Data):
    """How far the transcription of a recording of several pieces is."""

    recording_id: str
    version: int
    seconds_done: float
    seconds: float


#: No audio that can be decoded; over 10 minutes; over 16 MB; kept where we do not go.
WhyRefused = Literal["unreadable", "too_long", "too_large", "forbidden"]


class AudioRefused(Data):
    """A recording that is not taken, and was answered so: there will be no transcript."""

    recording_id: str
    reason: WhyRefused


class Left(Data):
    """Somebody has left: what is kept of them from before is deleted, in one schema after the other.

    What they say after `asked_at` begins anew and is not touched, however late the rest of this is done.
    """

    receipt: str
    asked_at: AwareDatetime  # when they said so
    left_at: AwareDatetime  # when that was carried out: until then something may have been sent by itself
    asked_by: str = ""  # the message that said so; empty: it was none
    todos: int = 0  # deleted
    recordings: int = 0  # likewise


class RecordingRequested(Data):
    """Something is wanted of recordings that are kept: hear one again, delete them all, keep them so long, or forget the person."""

    request_id: str  # the message that asks, or another cause
    action: Literal["hear_again", "delete", "keep", "forget"]
    recording_id: str = ""  # to hear again; empty: the last one of `day`, or of all
    day: date | None = None  # in `zone`
    zone: str = "UTC"
    days: int | None = None  # to keep; None: the usual
    model: str = ""
    ask: bool = True  # whether the person is asked about a difference
    left: Left | None = None  # to forget: how they left
    sender: str = ""  # E.164 of who asks, to be answered
    recipient: str = ""
    channel: Channel = "sms"


class TranscriptCreated(Data):
    """What was heard in a recording. Its words are in schema `voice`; its commands came as `message.received`."""

    recording_id: str
    version: int
    language: str
    model: str
    seconds: float  # of the recording
    words: int
    probability: float  # mean over the words


class TranscriptRevised(Data):
    """A recording was heard again. Nothing changes until the person agrees."""

    recording_id: str
    message_id: str  # of `message.received`, as which it was first heard: todos made by it name this
    version: int
    said_at: AwareDatetime
    old: str
    new: str
    heard: tuple[Heard, ...] = ()  # of `new`
    request_id: str  # what asked for it
    asked_at: AwareDatetime
    ask: bool = True
    sender: str
    recipient: str
    channel: Channel


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
    kind: Literal["reply", "reminder", "digest", "code", "sorry", "farewell"] = "reply"
    channel: Channel | Literal["email"]
    sender: str  # our number; of a mail empty
    recipient: str  # theirs, or their address
    subject: str = ""  # of a mail
    body: str
    html: str = ""  # of a mail, beside the text
    unsubscribe: str = ""  # of a mail: a URL that ends more of its kind
    asked_at: AwareDatetime  # when the person asked: a late answer says so
    expires_at: AwareDatetime | None = None
    even_if_stopped: bool = False
    in_reply_to: str = ""  # MessageSid
    left: Left | None = None  # of a farewell: its body is written when the messages are counted
    metadata: dict[str, Any] = {}  # what was heard, understood and done


class NotificationEnded(Data):
    """A text left, failed or was held back."""

    message_id: UUID
    kind: str
    channel: Channel | Literal["email"]
    provider_id: str = ""
    segments: int = 0
    cause: str = ""
    possible_duplicate: bool = False


class ReminderChanged(Data):
    """A reminder of a todo is planned, or due: its text is asked for."""

    reminder_id: UUID
    task_id: UUID
    user_id: UUID
    title: str
    due_date: AwareDatetime | date | None  # of the todo
    reminder_at: AwareDatetime
    message_id: str  # the message that asked for it, or the text it goes out with
    # The same, as readers of the checklist's reminder event know it (B12).
    event_type: Literal["", "reminder_scheduled", "reminder_triggered"] = ""
    timestamp: AwareDatetime | None = None  # when it happened
    due_at: AwareDatetime | date | None = None
    remind_at: AwareDatetime | None = None
    notification_type: Literal["", "sms", "whatsapp"] = ""  # where it goes


class TaskData(Data):
    """A todo as it is after the message that changed it, in the names of the checklist's task event (B11)."""

    id: UUID
    title: str
    description: str
    status: str
    priority: str
    due_date: AwareDatetime | date | None
    created_at: AwareDatetime
    completed_at: AwareDatetime | None
    tags: tuple[str, ...]
    user_id: UUID
    recurrence_pattern: str | None  # RFC 5545 RRULE


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
    task_data: TaskData | None = None


class RequestMade(Data):
    """A request to the HTTP API that changed something or was denied: what it caused has its id as correlation id."""

    request_id: str
    method: str  # POST
    route: str  # as declared, without anybody's ids: /api/v1/tasks/{task_id}
    status: int  # of the answer
    user_id: UUID | None = None  # whose token it was; None: nobody's
    role: str = ""  # user, admin
    cause: str = ""  # why it was denied: the name of the rule or the problem; empty: it was done


class PersonLeft(Data):
    """Somebody had everything about them deleted. From then on the trail knows them no more."""

    user_id: UUID
    receipt: str  # the code in the last text they got
    todos: int  # deleted with them


@dataclass(frozen=True, slots=True)
class EventType:
    """A row of `TYPES`."""

    model: type[Data]
    topic: Topic


TYPES: dict[str, EventType] = {
    MESSAGE_RECEIVED: EventType(model=MessageReceived, topic="messages"),
    MESSAGE_STATUS: EventType(model=MessageStatus, topic="messages"),
    CALL_RECEIVED: EventType(model=CallReceived, topic="messages"),
    CALL_ENDED: EventType(model=CallEnded, topic="messages"),
    AUDIO_RECEIVED: EventType(model=AudioReceived, topic="messages"),
    AUDIO_CUT: EventType(model=AudioCut, topic="messages"),
    AUDIO_PROGRESSED: EventType(model=AudioProgressed, topic="messages"),
    AUDIO_REFUSED: EventType(model=AudioRefused, topic="messages"),
    RECORDING_REQUESTED: EventType(model=RecordingRequested, topic="messages"),
    TRANSCRIPT_CREATED: EventType(model=TranscriptCreated, topic="messages"),
    TRANSCRIPT_REVISED: EventType(model=TranscriptRevised, topic="messages"),
    COMMAND_PARSED: EventType(model=CommandParsed, topic="messages"),
    NOTIFICATION_REQUESTED: EventType(model=NotificationRequested, topic="messages"),
    NOTIFICATION_SENT: EventType(model=NotificationEnded, topic="messages"),
    NOTIFICATION_FAILED: EventType(model=NotificationEnded, topic="messages"),
    NOTIFICATION_SUPPRESSED: EventType(model=NotificationEnded, topic="messages"),
    REMINDER_SCHEDULED: EventType(model=ReminderChanged, topic="reminders"),
    REMINDER_TRIGGERED: EventType(model=ReminderChanged, topic="reminders"),
    REMINDER_SENT: EventType(model=NotificationEnded, topic="reminders"),
    REMINDER_FAILED: EventType(model=NotificationEnded, topic="reminders"),
    DIGEST_REQUESTED: EventType(model=NotificationRequested, topic="messages"),
    TASK_CREATED: EventType(model=TaskChanged, topic="task-events"),
    TASK_COMPLETED: EventType(model=TaskChanged, topic="task-events"),
    TASK_REOPENED: EventType(model=TaskChanged, topic="task-events"),
    TASK_UPDATED: EventType(model=TaskChanged, topic="task-updates"),
    TASK_DELETED: EventType(model=TaskChanged, topic="task-events"),
    TASK_RESTORED: EventType(model=TaskChanged, topic="task-events"),
    REQUEST_MADE: EventType(model=RequestMade, topic="messages"),
    PERSON_LEFT: EventType(model=PersonLeft, topic="task-events"),
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
