"""What a decision asks of others, as events: recordings that transcribe is to hear or delete, and mails with a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.events.envelope import Event
from shared.events.ids import outgoing_id, reply_id
from shared.events.schemas import (
    RECORDING_REQUESTED,
    Channel,
    NotificationRequested,
    RecordingRequested,
)
from shared.runtime.notifications import answering
from shared.todos.model import CodeMail, Person, RecordingWish
from shared.todos.newcomer import zone_at
from shared.todos.questions import LAPSES_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What asks for it, and where it is answered."""

    id: str
    """The message, or the request."""
    asked_at: datetime
    sender: str  # E.164 of the person
    recipient: str  # our number
    channel: Channel


def code_mail(cause: Event, asking: Asking, mail: CodeMail, *, source: str) -> Event:
    """The request to mail a code. A message asks for one at most. `source`: the function that decided."""
    from shared.messages.mails import letters

    notification_id = reply_id(asking.id, "code")
    letter = letters.code(mail.code, ours=asking.recipient if asking.recipient.startswith("+") else "")
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        kind="code",
        channel="email",
        sender="",
        recipient=mail.address,
        subject=letter.subject,
        body=letter.text,
        html=letter.html,
        asked_at=asking.asked_at,
        expires_at=asking.asked_at + LAPSES_AFTER,
    )
    return answering(cause, notification_id, data, source=f"/jotline/{source}")


def of_recordings(cause: Event, asking: Asking, person: Person, wish: RecordingWish, number: int, *, source: str) -> Event:
    """What the person wants of their recordings, for transcribe, which answers it. `number`: which wish of the message it is."""
    data = RecordingRequested(
        request_id=asking.id,
        action=wish.action,
        recording_id=wish.recording_id,
        day=wish.day,
        zone=zone_at(person.settings, asking.asked_at),
        days=wish.days,
        sender=asking.sender,
        recipient=asking.recipient,
        channel=asking.channel,
    )
    return cause.follow(
        id=f"{asking.id}.recordings{number}",
        type=RECORDING_REQUESTED,
        source=f"/jotline/{source}",
        subject=wish.recording_id or asking.id,
        data=data,
    )
