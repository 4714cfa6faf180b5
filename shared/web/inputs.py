"""What a program may send about a todo: a field nobody knows is named, and so is a value that is none (`shared.web.values`).

What the rules of the todo list say of it (an empty title, a date that is over) they say themselves: `shared.todos.operating`.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from shared.language.model import Priority
from shared.todos.operating import Wanted, WantedReminder
from shared.web.values import NUMBER, YEAR_SECONDS, DueDate, Note, OffsetHours, Pattern, Tag, Title

MOST_REMINDERS: Final = 10
MOST_TAGS: Final = 20


class Body(BaseModel):
    """Anything a program sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReminderBefore(Body):
    """A reminder so long before the due time."""

    before_seconds: Annotated[int, Field(ge=0, le=YEAR_SECONDS, description="Of an all-day todo before its morning."), NUMBER]
    at: None = None

    def wanted(self) -> WantedReminder:
        """As the rules take it."""
        return WantedReminder(before_seconds=self.before_seconds)


class ReminderMoment(Body):
    """A reminder at a moment."""

    at: DueDate
    before_seconds: None = None

    def wanted(self) -> WantedReminder:
        """As the rules take it."""
        return WantedReminder(at=self.at)


class TaskFields(Body):
    """The fields of a todo that can be written. Absent ones stay as they are; null clears (RFC 7396)."""

    description: Note | None = None
    priority: Priority | None = None
    tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] | None = None
    due_date: DueDate | None = None
    end_date: Annotated[DueDate | None, Field(description="The end of a range; a day if due_date is one, else a time.")] = None
    recurring_pattern: Pattern | None = None
    reminder_offset_hours: OffsetHours | None = None
    reminders: Annotated[list[ReminderBefore | ReminderMoment], Field(max_length=MOST_REMINDERS)] | None = None

    def wanted(self) -> Wanted:
        """As the rules take it: the given fields alone."""
        given = self.model_fields_set
        fields: dict[str, Any] = {}
        if "title" in given:
            fields["title"] = getattr(self, "title", None) or ""
        if "description" in given:
            fields["note"] = self.description or ""
        if "priority" in given:
            fields["priority"] = self.priority or Priority.MEDIUM
        if "tags" in given:
            fields["tags"] = tuple(self.tags or ())
        for name, ours in (("due_date", "due"), ("end_date", "end"), ("recurring_pattern", "pattern")):
            if name in given:
                fields[ours] = getattr(self, name) or None
        if given & {"reminders", "reminder_offset_hours"}:
            fields["remind"] = self._reminders()
        return Wanted(**fields)

    def _reminders(self) -> tuple[WantedReminder, ...]:
        """Those of the list, and the one by hours."""
        hours = self.reminder_offset_hours
        by_hours = () if hours is None else (WantedReminder(before_seconds=round(hours * 3600)),)
        return (*(one.wanted() for one in self.reminders or ()), *by_hours)


class TaskIn(TaskFields):
    """A new todo."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"title": "Pay rent", "due_date": "2027-01-01", "recurring_pattern": "MONTHLY", "tags": ["home"]},
                {"title": "Call the dentist", "due_date": "2027-01-04T15:00", "reminder_offset_hours": 1},
            ]
        }
    )

    title: Title
    user_id: Annotated[UUID | None, Field(description="The caller's own, if at all.")] = None


class TaskPatch(TaskFields):
    """Changes of a todo (JSON merge patch, RFC 7396)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"priority": "high", "due_date": None}]})

    title: Title | None = None


class CompletedIn(Body):
    """Whether a todo is done."""

    completed: StrictBool = True
