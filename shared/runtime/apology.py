"""What a person is told when their own message was given up: it is kept for repair, and nothing changed."""

from __future__ import annotations

from shared.events.envelope import Event
from shared.events.ids import outgoing_id, reply_id
from shared.events.schemas import NOTIFICATION_REQUESTED, CommandParsed, MessageReceived, NotificationRequested
from shared.messages.phrases import BROKE
from shared.runtime.serving import Work


def apologise(event: Event, work: Work) -> Event | None:
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
        asked_at=work.now,
        in_reply_to=message.message_id,
    )
    return event.follow(
        id=notification_id,
        type=NOTIFICATION_REQUESTED,
        source=event.source,
        subject=str(data.message_id),
        data=data,
        time=work.now,
    )
