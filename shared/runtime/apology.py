"""What a person is told when their own message was given up: it is kept for repair, and nothing changed."""

from __future__ import annotations

from datetime import datetime

from shared.events.envelope import Event
from shared.events.ids import outgoing_id, reply_id
from shared.events.schemas import (
    COMMAND_PARSED,
    MESSAGE_RECEIVED,
    NOTIFICATION_REQUESTED,
    CommandParsed,
    MessageReceived,
    NotificationRequested,
)
from shared.messages.phrases import BROKE


def apologise(event: Event, now: datetime) -> Event | None:
    """The notification that tells the sender of `event` (a message, or what was parsed of one); None for anything else."""
    message = event.data.message if isinstance(event.data, CommandParsed) else event.data
    if not isinstance(message, MessageReceived):
        return None
    notification_id = reply_id(message.message_id, "sorry")
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        kind="sorry",
        channel="whatsapp" if message.channel == "whatsapp" else "sms",
        sender=message.recipient,
        recipient=message.sender,
        body=BROKE,
        asked_at=now,
        in_reply_to=message.message_id,
    )
    return event.follow(
        id=notification_id,
        type=NOTIFICATION_REQUESTED,
        source=event.source,
        subject=str(data.message_id),
        data=data,
        time=now,
    )


def apology_of(function: str, event: Event, now: datetime) -> Event | None:
    """What the sender is told when somebody else gives up this function's work on `event`.

    Only where a person waits for the function's answer: notify's copy of a message is nothing to apologise for.
    """
    answering = (function, event.type) in (("parse-command", MESSAGE_RECEIVED), ("todo-crud", COMMAND_PARSED))
    return apologise(event, now) if answering else None
