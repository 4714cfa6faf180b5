"""remind: reminders leave at their second.

Consumes   POST /tick                  a minute's worth of work, asked for every minute
           jotline.reminder.sent       the provider took a reminder's text
           jotline.reminder.failed     it never will
Decides    which reminders are due, that those of one person at one moment are one text, and whether it is late
           (`shared.todos.reminding.remind`); when a repeating todo reminds next, done or not.
Emits      jotline.reminder.triggered, jotline.reminder.scheduled, jotline.notification.requested (kind "reminder")

Every second it looks for what is due now, never ahead: a todo that is moved or done a second before is not reminded of. A text, the
reminders it carries and what "done" will mean as an answer are written in one statement that names the version of the person it
was made from. So several of these at work, and one that is killed anywhere, remind once. A tick works a little longer than a
minute: the next one has begun by then.

    due   #2 Call mum at 17:00:00
    out   {"type": "jotline.notification.requested", "data": {"kind": "reminder", "body": "Reminder: #2 Call mum (now)", ...}}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, cast
from uuid import uuid5

from shared.events.envelope import Event
from shared.events.ids import NAMESPACE, outgoing_id
from shared.events.schemas import (
    NOTIFICATION_REQUESTED,
    REMINDER_FAILED,
    REMINDER_SENT,
    NotificationEnded,
    NotificationRequested,
)
from shared.runtime.notifications import in_time
from shared.runtime.services import Services
from shared.runtime.serving import Work, serve
from shared.runtime.telemetry import count, measure
from shared.runtime.telling import scheduled, triggered
from shared.runtime.ticking import count_done, every_second
from shared.storage.due import Due
from shared.todos.model import Task
from shared.todos.reminding import remind

NAME = "remind"
#: Reminders looked at in one go.
BATCH = 500
#: A text nobody could send for so long is of no use any more.
OF_USE = timedelta(hours=12)


async def hand_over_due(services: Services) -> int:
    """Hand over everything that is due now; how many people got a text.

    Raises:
        DatabaseUnavailable: nobody knows what is due.
    """
    total = 0
    while True:
        now = services.clock.now()
        found = await services.due.reminders(now, BATCH)
        measure("reminders_oldest_due_seconds", max((_waited(due, now) for due in found), default=0.0))
        handed = await count_done((_hand_over(services, due, now) for due in found), "reminders")
        total += handed
        if not handed or sum(len(due.reminders) for due in found) < BATCH:
            measure("reminders_oldest_due_seconds", 0.0)  # the next look may be another pod's
            return total


async def note_end(event: Event, work: Work) -> None:
    """Write down what became of a reminder's text: only then is it sent."""
    ended = cast(NotificationEnded, event.data)
    state: Literal["sent", "failed"] = "sent" if event.type == REMINDER_SENT else "failed"
    await work.services.due.end(event, ended, state, function=NAME, now=work.now)


def _waited(due: Due, now: datetime) -> float:
    """For how many seconds the first of these has been due."""
    return (now - min(reminder.at for reminder in due.reminders)).total_seconds()


async def _hand_over(services: Services, due: Due, now: datetime) -> bool:
    """One person's text; False when somebody changed the person meanwhile: the next look finds what is still due."""
    reminded = remind(due.person, (reminder.at for reminder in due.reminders), now)
    events: list[Event] = []
    message_id = None
    if reminded.text is not None:
        asked = _request(services, due, reminded.text, now)
        message_id = cast(NotificationRequested, asked.data).message_id
        events = [asked, *_triggered(asked, due, reminded.tasks)]
        events += [scheduled(asked, NAME, due.person, asked.subject, one) for one in reminded.coming]
    rows = await services.due.hand_over(
        due, events, dialogue=reminded.dialogue, now=now, message_id=message_id, coming=reminded.coming
    )
    if rows is None:
        return False
    await services.carrier.carry(rows)
    count("reminders_total", late=str(reminded.late).lower())
    return True


def _request(services: Services, due: Due, body: str, now: datetime) -> Event:
    """The request to send the text."""
    ids = ",".join(sorted(str(reminder.id) for reminder in due.reminders))
    notification_id = f"reminder-{uuid5(NAMESPACE, ids)}"
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        kind="reminder",
        channel=due.person.channel,
        sender=due.person.ours or services.settings.twilio_from,
        recipient=due.person.phone,
        body=body,
        asked_at=now,
        expires_at=now + OF_USE,
    )
    return in_time(notification_id, NOTIFICATION_REQUESTED, data, source=f"/jotline/{NAME}", party=due.person.party)


def _triggered(asked: Event, due: Due, tasks: Sequence[Task]) -> list[Event]:
    """The events that tell which reminders went out."""
    by_id = {task.id: task for task in tasks}
    return [
        triggered(asked, NAME, due.person, asked.subject, (one.id, by_id[one.task_id], one.at))
        for one in due.reminders
        if one.task_id in by_id
    ]


handle = serve(
    NAME,
    events={REMINDER_SENT: note_end, REMINDER_FAILED: note_end},
    http={"/tick": every_second(hand_over_due, "reminders")},
    schema="todo",
)
