"""The events that tell of a decision: what became of todos, and which reminders are to come. Whoever decides tells it this way."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from shared.events.envelope import Event
from shared.events.schemas import REMINDER_SCHEDULED, REMINDER_TRIGGERED, ReminderChanged, TaskChanged, TaskData
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
    after = {task.id: task for task in decision.tasks}
    changes = [_changed(cause, function, person, change, after[change.task_id]) for change in decision.events]
    return changes + [scheduled(cause, function, person, message_id, one) for one in replanned.added]


def _changed(cause: Event, function: str, person: Person, change: TaskEvent, after: Task) -> Event:
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
        task_data=_task_data(person, after),
    )
    return cause.follow(
        id=change.id,
        type=f"jotline.task.{change.type}",
        source=f"/jotline/{function}",
        subject=str(change.task_id),
        data=data,
        time=change.at,
    )


def _task_data(person: Person, task: Task) -> TaskData:
    return TaskData(
        id=task.id,
        title=task.title,
        description=task.note,
        status=task.status,
        priority=task.priority,
        due_date=task.due_at or task.due_day,
        created_at=task.created_at,
        completed_at=task.completed_at,
        tags=task.tags,
        user_id=person.id,
        recurrence_pattern=task.repeat.rrule if task.repeat else None,
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
    data = _reminder(cause, person, message_id, (reminder_id, task, planned.at), "reminder_scheduled")
    id_ = f"reminder.scheduled-{uuid5(reminder_id, cause.id)}"  # one that was taken back may be planned again
    return cause.follow(id=id_, type=REMINDER_SCHEDULED, source=f"/jotline/{function}", subject=str(task.id), data=data)


def triggered(cause: Event, function: str, person: Person, message_id: str, reminder: tuple[UUID, Task, datetime]) -> Event:
    """The event that tells that a reminder went out, which was for that time."""
    reminder_id, task, _ = reminder
    data = _reminder(cause, person, message_id, reminder, "reminder_triggered")
    id_ = f"reminder.triggered-{reminder_id}"
    return cause.follow(id=id_, type=REMINDER_TRIGGERED, source=f"/jotline/{function}", subject=str(task.id), data=data)


def _reminder(
    cause: Event,
    person: Person,
    message_id: str,
    reminder: tuple[UUID, Task, datetime],
    event_type: Literal["reminder_scheduled", "reminder_triggered"],
) -> ReminderChanged:
    reminder_id, task, at = reminder
    return ReminderChanged(
        reminder_id=reminder_id,
        task_id=task.id,
        user_id=person.id,
        title=task.title,
        due_date=task.due_at or task.due_day,
        reminder_at=at,
        message_id=message_id,
        event_type=event_type,
        timestamp=cause.time,
        due_at=task.due_at or task.due_day,
        remind_at=at,
        notification_type=person.channel,
    )
