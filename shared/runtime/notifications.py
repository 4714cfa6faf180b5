"""The events that ask notify to send something: an answer, which follows from what it answers, and what only the time has caused."""

from __future__ import annotations

from datetime import datetime

from shared.events.envelope import Event
from shared.events.schemas import NOTIFICATION_REQUESTED, NotificationRequested


def answering(
    cause: Event, notification_id: str, data: NotificationRequested, *, source: str, at: datetime | None = None
) -> Event:
    """The request to send an answer. `source`: as events have it. `at`: when it was asked for; None: when its cause happened."""
    return cause.follow(
        id=notification_id, type=NOTIFICATION_REQUESTED, source=source, subject=str(data.message_id), data=data, time=at
    )


def in_time(notification_id: str, kind: str, data: NotificationRequested, *, source: str, party: str) -> Event:
    """The request to send somebody what was due; `kind`: the event's type."""
    return Event(
        id=notification_id,
        type=kind,
        source=source,
        subject=str(data.message_id),
        time=data.asked_at,
        data=data,
        partitionkey=party,
        correlationid=notification_id,
    )
