"""A person's todos and what is known about the conversation, as frozen values.

`shared.todos.decide` takes a `Person` and what was understood, and answers with a `Decision`: the task events, the tasks as
they are afterwards, the settings, the dialogue, and the one reply. It reads no clock and makes no ids: both are parameters.
Storage writes a Decision in one statement and can rebuild every Task from its events (`shared.todos.rebuild`).
"""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.language.model import Command, Meanings, Priority, Reminder, Repeat, Value


class Status(StrEnum):
    """Where a task stands. Deleted tasks are kept as rows so that they can come back."""

    OPEN = "open"
    DONE = "done"
    DELETED = "deleted"


class Task(Value):
    """One todo. `due_day` is the local calendar day; `due_at` the instant when it has a time of day."""

    id: UUID
    number: int  # 1-99 rotating, then the lowest free; unique among a person's open tasks
    title: str
    status: Status = Status.OPEN
    due_day: date | None = None
    due_at: AwareDatetime | None = None
    end_day: date | None = None
    end_at: AwareDatetime | None = None
    zone: str = "UTC"  # IANA name the wall-clock time is kept in
    repeat: Repeat | None = None
    series_id: UUID | None = None
    parent_id: UUID | None = None  # the time before this one, of a repeating todo
    remind: tuple[Reminder, ...] = ()
    priority: Priority = Priority.MEDIUM
    tags: tuple[str, ...] = ()
    note: str = ""
    created_at: AwareDatetime
    completed_at: AwareDatetime | None = None
    version: int = 1


class TaskEvent(Value):
    """One change of one task: enough to apply it, and to take it back.

    `changed` holds the fields after, `before` the same fields as they were (JSON-ready values). The first event of a task
    (`created`) holds every field; `before` is then empty.
    """

    id: str  # f"task.{type}-{task_id}-{version}"
    task_id: UUID
    version: int  # of the task, after the change
    type: Literal["created", "completed", "reopened", "updated", "deleted", "restored"]
    message_id: str  # the MessageSid (or other cause) that asked for it: one undo takes back one message
    index: int  # order within the message
    at: AwareDatetime
    undoes: str | None = None  # the message id this takes back
    changed: dict[str, Any]
    before: dict[str, Any]


class Digest(Value):
    """The morning digest's settings."""

    on: bool = True
    at: time = time(8)
    days: Literal["every day", "every weekday"] = "every day"
    channel: Literal["text", "email"] = "text"
    email: str = ""


class Settings(Value):
    """A person's settings. Everything has a default; texting changes one at a time."""

    name: str = ""
    zone: str = "UTC"
    zone_until: date | None = None  # travelling: after this day `zone_home` holds again
    zone_home: str = ""
    country: str = "US"  # ISO 3166 alpha-2, from the number
    meanings: Meanings = Meanings()
    digest: Digest = Digest()
    quiet_from: time | None = None
    quiet_to: time | None = None
    remind_before_seconds: int = 0


class Dialogue(Value):
    """What the conversation is about: an open question or offer, what was shown last, what "it" means.

    The rules own the meaning of every field; storage keeps it as one JSON document and never looks inside.
    """

    question: dict[str, Any] | None = None  # kind, the pending commands, the numbers offered
    asked_at: AwareDatetime | None = None  # a question lapses after an hour
    offer: dict[str, Any] | None = None  # a reading that "27 nov" would take
    shown: tuple[int, ...] = ()  # numbers of the last list or question, in order
    page: dict[str, Any] | None = None  # what MORE continues
    that: tuple[UUID, ...] = ()  # the todos of the last reply
    last_added: UUID | None = None
    next_number: int = 1  # where the rotation stands
    heard: dict[str, Any] | None = None  # for WHY: the text, and what was read and done
    stopped: dict[str, Any] | None = None  # the carrier word that stopped us, and when
    reminded: tuple[UUID, ...] = ()  # the todos of the reminder that came last, until something else is said
    reminded_at: AwareDatetime | None = None  # when it came: it can be answered for a day
    hints: dict[str, int] = {}  # how often a fading hint was shown
    recent: dict[str, Any] | None = None  # the last text that changed todos, and when: same words twice within a minute
    settings_changes: tuple[dict[str, Any], ...] = ()  # the last changes of settings, for undo
    recording: str = ""  # the id of the recording that "try it again" means: the last one heard
    codes: tuple[AwareDatetime, ...] = ()  # when codes were mailed, of the last 24 hours


class Person(Value):
    """Everything a decision needs to know about one person. `version` counts their changes (compare and set)."""

    id: UUID
    party: str  # HMAC of the number: the partition key
    phone: str  # E.164
    version: int = 0
    known: bool = False  # False: this is the first message ever
    settings: Settings = Settings()
    dialogue: Dialogue = Dialogue()
    channel: Literal["sms", "whatsapp"] = "sms"  # where they wrote last: what comes by itself goes there
    ours: str = ""  # the number of ours they wrote to
    tasks: tuple[Task, ...] = ()  # open ones, and done or deleted ones that still hold their number
    history: tuple[TaskEvent, ...] = ()  # newest first; loaded only for undo, redo and why
    quoted: tuple[UUID, ...] = ()  # the todos of the reminder that the message answers by quoting it (WhatsApp)


class Stretch(Value):
    """A part of a transcript, and how surely it was heard."""

    start: int  # of the text, in characters
    end: int
    probability: float  # 0 to 1, the model's own


class Heard(Value):
    """The message as the rules see it."""

    id: str  # MessageSid
    text: str
    at: AwareDatetime  # when it was sent: meaning uses this time
    channel: Literal["sms", "mms", "whatsapp", "api"] = "sms"
    origin: Literal["text", "voice"] = "text"
    opt_out: Literal["", "STOP", "START", "HELP"] = ""  # Twilio's OptOutType: it has answered already
    reply_to: str = ""  # provider id of the message this answers (WhatsApp)
    media: tuple[str, ...] = ()  # content types of what was attached
    code: str = ""  # for whatever this message has to have confirmed; empty: no mail can be sent
    page: str = ""  # URL of the board; empty: it is not known here
    stretches: tuple[Stretch, ...] = ()  # of a transcript: how surely its parts were heard; what is in none was heard surely


class Revised(Value):
    """A recording that was heard again."""

    id: str  # of the event that tells it: what this message did, if anything follows from it
    recording_id: str
    message_id: str  # as which it was first heard: the todos it made name this
    said_at: AwareDatetime
    asked_at: AwareDatetime
    channel: Literal["sms", "mms", "whatsapp"] = "sms"
    old: str
    new: str


class RecordingWish(Value):
    """What a message wants of the recordings that are kept: only transcribe, which has them, can do and answer it."""

    action: Literal["hear_again", "delete", "keep"]
    recording_id: str = ""  # to hear again; empty: the last one of `day`, or of all
    day: date | None = None  # in the person's zone
    days: int | None = None  # to keep


class CodeMail(Value):
    """A mail with the code that confirms its address."""

    address: str
    code: str


class Decision(Value):
    """What a message led to. Nothing in it has happened yet."""

    reply: str | None  # the one text back; None: we stay silent
    even_if_stopped: bool = False  # the last word to someone who just opted out, or back in, on WhatsApp
    events: tuple[TaskEvent, ...] = ()
    tasks: tuple[Task, ...] = ()  # every task an event touched, as it is afterwards
    settings: Settings
    dialogue: Dialogue
    commands: tuple[Command, ...] = ()  # as finally carried out (after answering a question, say)
    wishes: tuple[RecordingWish, ...] = ()  # answered by transcribe, not in `reply`
    mails: tuple[CodeMail, ...] = ()
    signs_out: bool = False  # every token that was given out until now is of no use any more
    leaving: str = ""  # the receipt of somebody who leaves: nothing of the above is kept, everything about them is deleted
