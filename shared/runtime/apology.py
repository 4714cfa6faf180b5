"""What a person is told when their own message was given up: it is kept for repair, and nothing changed."""

from __future__ import annotations

from datetime import datetime

from shared.events.envelope import Event
from shared.events.ids import outgoing_id, reply_id
from shared.events.schemas import (
    AUDIO_CUT,
    AUDIO_RECEIVED,
    COMMAND_PARSED,
    MESSAGE_RECEIVED,
    AudioCut,
    AudioReceived,
    CommandParsed,
    MessageReceived,
    NotificationRequested,
)
from shared.messages.phrases import BROKE, RECORDING_KEPT_FOR_REPAIR
from shared.runtime.notifications import answering

#: Whose work on what a person waits for.
ANSWERING = {
    ("parse-command", MESSAGE_RECEIVED),
    ("todo-crud", COMMAND_PARSED),
    ("transcribe", AUDIO_RECEIVED),
    ("transcribe", AUDIO_CUT),
}


def apologise(event: Event, now: datetime) -> Event | None:
    """The notification that tells the sender of `event` (a message, what was parsed of one, or a recording); None for anything else.

    A recording whose caller is not known yet has nobody to tell.
    """
    said = event.data.message if isinstance(event.data, CommandParsed) else event.data
    if not isinstance(said, MessageReceived | AudioReceived | AudioCut) or not said.sender:
        return None
    message_id, words = (
        (said.message_id, BROKE) if isinstance(said, MessageReceived) else (said.recording_id, RECORDING_KEPT_FOR_REPAIR)
    )
    notification_id = reply_id(message_id, "sorry")
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        kind="sorry",
        channel="whatsapp" if said.channel == "whatsapp" else "sms",
        sender=said.recipient,
        recipient=said.sender,
        body=words,
        asked_at=now,
        in_reply_to=message_id,
    )
    return answering(event, notification_id, data, source=event.source, at=now)


def apology_of(function: str, event: Event, now: datetime) -> Event | None:
    """What the sender is told when somebody else gives up this function's work on `event`.

    Only where a person waits for the function's answer: notify's copy of a message is nothing to apologise for.
    """
    return apologise(event, now) if (function, event.type) in ANSWERING else None
