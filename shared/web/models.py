"""A person's todos as the API shows them: the one shape for answers, the live feed and exports.

Times: an all-day todo is due on `2026-11-27`, one with a time of day at `2026-11-27T15:00:00-05:00`, with the offset of the zone it
is kept in (RFC 3339). What a program sends is read by `shared.web.inputs`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.language.model import Moment, Priority, Reminder, Repeat
from shared.messages import writing
from shared.todos.model import Settings, Status, Task

#: A day, or an instant with an offset.
When = Annotated[AwareDatetime | date, Field(union_mode="left_to_right", examples=["2026-11-27", "2026-11-27T15:00:00-05:00"])]


class Shape(BaseModel):
    """Anything the API answers with."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReminderShape(Shape):
    """A reminder as it was set: so long before the due time, or at a moment. Exactly one of the two is there."""

    before_seconds: Annotated[int | None, Field(description="Seconds before the due time; of an all-day todo before 9am.")] = (
        None
    )
    at: When | None = None


class RecurrenceOut(Shape):
    """How a todo repeats."""

    rrule: Annotated[str, Field(description="RFC 5545 section 3.3.10, without DTSTART.", examples=["FREQ=WEEKLY;BYDAY=FR"])]
    after_done: Annotated[bool, Field(description="Counted from when it is done, not by the calendar.")]
    except_days: Annotated[list[date], Field(description="Single days left out (EXDATE).")]
    text: Annotated[str, Field(description="As it would be texted.", examples=["every week"])]


class TaskOut(Shape):
    """A todo."""

    id: UUID
    number: Annotated[int, Field(ge=1, description="What the person calls it by: small, and unique among their open todos.")]
    user_id: UUID
    title: Annotated[str, Field(min_length=1, max_length=255, examples=["Pay rent"])]
    description: Annotated[str, Field(description="The note; empty where there is none.")]
    status: Status
    completed: bool
    priority: Priority
    tags: Annotated[list[str], Field(examples=[["home"]])]
    due_date: When | None
    end_date: When | None
    time_zone: Annotated[str, Field(description="The IANA zone its times of day are kept in.", examples=["America/New_York"])]
    recurring_pattern: Annotated[str | None, Field(examples=["FREQ=MONTHLY;BYMONTHDAY=1"])]
    recurrence: RecurrenceOut | None
    reminder_at: Annotated[AwareDatetime | None, Field(description="When the next reminder comes.")]
    reminders: list[ReminderShape]
    series_id: Annotated[UUID | None, Field(description="The same for all times of a repeating todo.")]
    parent_id: Annotated[UUID | None, Field(description="The time before this one, of a repeating todo.")]
    created_at: AwareDatetime
    completed_at: AwareDatetime | None
    version: Annotated[int, Field(ge=1, description='Counts its changes; its ETag is this number in quotes: `"3"`.')]

    @property
    def etag(self) -> str:
        """Its strong entity tag (RFC 9110 section 8.8.3)."""
        return f'"{self.version}"'


def task_out(task: Task, user_id: UUID, settings: Settings, reminder_at: datetime | None, now: datetime) -> TaskOut:
    """A todo as the API shows it.

    Args:
        task: as it is.
        user_id: whose it is.
        settings: theirs, as they are in force.
        reminder_at: when its next reminder comes, aware; None: none does.
        now: aware.
    """
    zone = ZoneInfo(task.zone)
    due = writing.due_of(task)
    return TaskOut(
        id=task.id,
        number=task.number,
        user_id=user_id,
        title=task.title,
        description=task.note,
        status=task.status,
        completed=task.status is Status.DONE,
        priority=task.priority,
        tags=list(task.tags),
        due_date=_when(due, zone),
        end_date=_when(writing.end_of(task), zone),
        time_zone=task.zone,
        recurring_pattern=task.repeat.rrule if task.repeat else None,
        recurrence=_recurrence(task.repeat, due, now.astimezone(ZoneInfo(settings.zone)).date()),
        reminder_at=reminder_at.astimezone(zone) if reminder_at else None,
        reminders=[_reminder(reminder, zone) for reminder in task.remind],
        series_id=task.series_id,
        parent_id=task.parent_id,
        created_at=task.created_at,
        completed_at=task.completed_at,
        version=task.version,
    )


def _when(moment: Moment | None, zone: ZoneInfo) -> datetime | date | None:
    """The day, or the instant as the clock of `zone` shows it."""
    if moment is None:
        return None
    return moment.at.astimezone(zone) if moment.at else moment.day


def _recurrence(repeat: Repeat | None, due: Moment | None, today: date) -> RecurrenceOut | None:
    if repeat is None:
        return None
    said = writing.say_repeat(repeat, due, today)
    return RecurrenceOut(rrule=repeat.rrule, after_done=repeat.after_done, except_days=list(repeat.except_days), text=said)


def _reminder(reminder: Reminder, zone: ZoneInfo) -> ReminderShape:
    return ReminderShape(before_seconds=reminder.before_seconds, at=_when(reminder.at, zone))


class TaskPage(Shape):
    """A page of todos."""

    tasks: list[TaskOut]
    next_cursor: Annotated[str | None, Field(description="Ask with `cursor` for what follows; null: that was all.")]
