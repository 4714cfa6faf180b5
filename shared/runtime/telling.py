"""The events that tell of a decision: what became of todos, and which reminders are to come. Whoever decides tells it this way."""

from __future__ import annotations

from uuid import UUID

from shared.events.envelope import Event
from shared.events.schemas import REMINDER_SCHEDULED, ReminderChanged, TaskChanged
from shared.todos.model import Decision, Person, Task, TaskEvent
from shared.todos.reminding import Planned, Replanned


def told(
    cause: Event, person: Person, decision: Decision, replanned: Replanned, *, function: str, message_id: str
) -> list[Event]:
    """All of them, in the order in which it happened.

    Args:
        cause: the event that led to the decision.
        person: as they were before.
        decision: what was decided.
        replanned: what it does to reminders.
        function: who decided.
        message_id: the message that asked for it.
    """
    changes = [_changed(cause, function, person, change) for change in decision.events]
    return changes + [scheduled(cause, function, person, message_id, one) for one in replanned.added]


def _changed(cause: Event, function: str, person: Person, change: TaskEvent) -> Event:
    """The event that tells of one change of one todo."""
    payload = dict(change.changed)
    if change.type == "completed":
        payload.update(_recurrence(person, change))
    data = TaskChanged(
        event_id=change.id,
        event_type=f"task.{change.type}",
        event_version="1.0",
        task_id=change.task_id,
        user_id=person.id,
        timestamp=change.at,
        version=change.version,
        message_id=change.message_id,
        undoes=change.undoes,
        payload=payload,
    )
    return cause.follow(
        id=change.id,
        type=f"jotline.task.{change.type}",
        source=f"/jotline/{function}",
        subject=str(change.task_id),
        data=data,
        time=change.at,
    )


def _recurrence(person: Person, change: TaskEvent) -> dict[str, str | None]:
    """The rule a completed todo repeats by, and its end (RFC 5545 RRULE and its UNTIL); None where there is none."""
    rules = [task.repeat.rrule for task in person.tasks if task.id == change.task_id and task.repeat]
    rule = rules[0] if rules else None
    ends = [part.removeprefix("UNTIL=") for part in (rule or "").split(";") if part.startswith("UNTIL=")]
    return {"recurring_pattern": rule, "recurring_end_date": ends[0] if ends else None}


def scheduled(cause: Event, function: str, person: Person, message_id: str, reminder: tuple[UUID, Task, Planned]) -> Event:
    """The event that tells of a reminder to come."""
    reminder_id, task, planned = reminder
    data = ReminderChanged(
        reminder_id=reminder_id,
        task_id=task.id,
        user_id=person.id,
        title=task.title,
        due_date=task.due_at or task.due_day,
        reminder_at=planned.at,
        message_id=message_id,
    )
    return cause.follow(
        id=f"reminder.scheduled-{reminder_id}-{task.version}",
        type=REMINDER_SCHEDULED,
        source=f"/jotline/{function}",
        subject=str(task.id),
        data=data,
    )
