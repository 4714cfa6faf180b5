"""Todos changed by a program: what it wants is stated in fields, not in words, and goes by the same rules as what is texted.

An operation works on a `Turn` as a command of a text does, so that its events are one more message of the person's history: "undo"
takes it back, whoever asked for it. Nothing is ever asked back and nothing is said: what cannot be done is refused by name, and an
operation that is refused changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from shared.language.model import Command, Intent, Moment, Priority, Reminder, Setting, Value
from shared.messages import writing
from shared.schedule import repeats
from shared.todos import adding, changing, completing, dates, deleting, preferences, rules, settings_history, stating, undoing
from shared.todos.errors import AlreadyDone, EndUnfit, ReminderUnfit, TimeIsOver, TodoGone
from shared.todos.model import Decision, Heard, Person, Status, Task
from shared.todos.questions import Job
from shared.todos.stating import Stated
from shared.todos.turn import Turn


class WantedReminder(Value):
    """A reminder: so many seconds before the due time, or at a moment. Exactly one of the two is set."""

    before_seconds: int | None = None
    at: Stated | None = None


class Wanted(Value):
    """What a todo is to be like. Only the fields that were given count (`model_fields_set`); a given None clears."""

    title: str = ""
    note: str = ""
    priority: Priority = Priority.MEDIUM
    tags: tuple[str, ...] = ()
    due: Stated | None = None
    end: Stated | None = None
    pattern: str | None = None  # RFC 5545 RRULE, or DAILY, WEEKLY, MONTHLY, YEARLY
    remind: tuple[WantedReminder, ...] = ()


PLAIN: Final = ("note", "priority", "tags")
"""Fields that are taken as they are."""


def carry_out(person: Person, request_id: str, operation: Callable[[Turn], None], *, now: datetime) -> tuple[Turn, Decision]:
    """What a program's request leads to; the `Turn` is over and only to be looked at.

    Args:
        person: as stored, with `history` for undo and redo.
        request_id: the cause that its events name.
        operation: what is asked for, of the functions below.
        now: aware.

    Raises:
        TodoRefused: a rule says no.
    """
    heard = Heard(id=request_id, text="", at=now, channel="api")
    started_with = preferences.in_force(person.settings, now)
    turn = Turn.begin(person, heard, started_with, now=now)
    turn.silent = True
    operation(turn)
    settings_history.remember(turn, started_with)
    if turn.events:
        turn.note(recent={"id": heard.id, "text": "", "at": now.isoformat()})
    return turn, turn.decision()


def find(turn: Turn, task_id: UUID) -> Task:
    """The person's todo of that id.

    Raises:
        TodoGone: they have none, or it was deleted.
    """
    task = turn.tasks.get(task_id)
    if task is None or task.status is Status.DELETED:
        raise TodoGone
    return task


def create(turn: Turn, wanted: Wanted) -> Task:
    """A new todo.

    Raises:
        TitleEmpty, TitleTooLong, TimeIsOver, DateTooFar, EndUnfit, ReminderUnfit, RepeatUnreadable: it cannot be like that.
    """
    task_id = turn.next_id()
    blank = Task(
        id=task_id,
        number=turn.next_number(),
        title=adding.checked_title(wanted.title),
        zone=turn.settings.zone,
        created_at=turn.heard.at,
    )
    task = turn.create(blank.model_copy(update=_fields(turn, blank, wanted)))
    turn.note(last_added=task.id)
    return task


def update(turn: Turn, task_id: UUID, wanted: Wanted) -> Task:
    """An open todo with some fields changed.

    Raises:
        TodoGone, AlreadyDone: it cannot be changed; and as `create`.
    """
    task = find(turn, task_id)
    if task.status is Status.DONE:
        raise AlreadyDone(writing.done_line(task, turn.local))
    return turn.change(task, "updated", **_fields(turn, task, wanted))


def set_completed(turn: Turn, task_id: UUID, *, done: bool) -> Task:
    """A todo that is done, or open again; one that is so already stays as it is.

    Raises:
        TodoGone: there is none.
    """
    task = find(turn, task_id)
    if done and task.status is Status.OPEN:
        completing.complete(turn, Job(command=Command(intent=Intent.COMPLETE), tasks=(task_id,)))
    elif not done and task.status is Status.DONE:
        completing.reopen(turn, Job(command=Command(intent=Intent.REOPEN), tasks=(task_id,)))
    return turn.tasks[task_id]


def delete(turn: Turn, task_id: UUID) -> Task:
    """A todo that goes; undo brings it back.

    Raises:
        TodoGone: there is none.
    """
    task = find(turn, task_id)
    deleting.delete(turn, Job(command=Command(intent=Intent.DELETE), tasks=(task.id,), confirmed=True))
    return turn.tasks[task_id]


def undo(turn: Turn, steps: int) -> None:
    """Take back what the last requests or messages did.

    Raises:
        NothingToUndo: there is nothing.
    """
    undoing.undo(turn, Job(command=Command(intent=Intent.UNDO, topic=str(steps))))


def redo(turn: Turn, steps: int) -> None:
    """Do again what was undone last.

    Raises:
        NothingToUndo: nothing was.
    """
    undoing.redo(turn, Job(command=Command(intent=Intent.REDO, topic=str(steps))))


def configure(turn: Turn, settings: Iterable[Setting]) -> None:
    """Change settings, one after the other.

    Raises:
        PlaceUnknown, PlaceUnclear: no zone has that name. NoMail: the address for mails is confirmed by text.
    """
    for setting in settings:
        preferences.change_setting(turn, Job(command=Command(intent=Intent.SETTING, setting=setting)))


def _fields(turn: Turn, task: Task, wanted: Wanted) -> dict[str, Any]:
    """What differs of `task`, as is wanted."""
    given = wanted.model_fields_set
    fields: dict[str, Any] = {name: getattr(wanted, name) for name in PLAIN if name in given}
    if "title" in given:
        fields["title"] = adding.checked_title(wanted.title)
    if "tags" in given:
        fields["tags"] = tuple(dict.fromkeys(wanted.tags))
    if given & {"due", "end", "pattern"}:
        fields |= _dates(turn, task, wanted)
    if "remind" in given:
        fields["remind"] = _reminders(turn, task, wanted, has_date=fields.get("due_day", task.due_day) is not None)
    return fields


def _dates(turn: Turn, task: Task, wanted: Wanted) -> dict[str, Any]:
    """Due date, end and repetition, which go together: a todo that loses its date no longer repeats or reminds."""
    given = wanted.model_fields_set
    start = _start(turn, task, wanted)
    if start is None:
        if wanted.end:
            raise EndUnfit
        return {**dates.due_fields(None, None, turn.settings), "repeat": None, "remind": ()}
    old = writing.due_of(task)
    moved = old is None or not _same(start, old)
    fields: dict[str, Any] = {}
    if moved or "end" in given:
        if moved:
            _refuse_over(turn, start)
        fields = stating.due_fields(start, _end(turn, task, wanted, start), turn.settings)
    if moved:
        fields["remind"] = dates.reminders_moved(task, old, start, turn.local)
    if "pattern" in given:
        fields |= _repeat(task, wanted.pattern, start)
    return fields


def _start(turn: Turn, task: Task, wanted: Wanted) -> Moment | None:
    """When it is due. A todo that is to repeat begins today."""
    if wanted.due:
        return stating.moment(wanted.due, turn.settings)
    if "due" not in wanted.model_fields_set and task.due_day:
        return writing.due_of(task)
    return Moment(day=turn.today) if wanted.pattern else None


def _end(turn: Turn, task: Task, wanted: Wanted, start: Moment) -> Moment | None:
    """The end that is wanted, or that of before moved along.

    Raises:
        EndUnfit: it is before the begin, or only one of the two is an instant.
    """
    if "end" not in wanted.model_fields_set:
        end = changing.same_length(task, start)
        return end if end and (end.at is None) == (start.at is None) else None
    if wanted.end is None:
        return None
    end = stating.moment(wanted.end, turn.settings)
    if (end.at is None) != (start.at is None) or _order(end) < _order(start):
        raise EndUnfit
    return end


def _repeat(task: Task, pattern: str | None, start: Moment) -> dict[str, Any]:
    """The rule that is wanted; the one it has stays, with all that is known of it."""
    if pattern is None:
        return {"repeat": None}
    repeat = rules.read(pattern, start, task.zone)
    if task.repeat and repeat.rrule == task.repeat.rrule:
        return {}
    return {"repeat": repeats.anchor(repeat, start), "series_id": task.series_id or task.id}


def _reminders(turn: Turn, task: Task, wanted: Wanted, *, has_date: bool) -> tuple[Reminder, ...]:
    """The reminders that are wanted, in place of those there are.

    Raises:
        ReminderUnfit: one counts from a date that is not there. TimeIsOver: one would have come before now.
    """
    found = []
    for one in wanted.remind:
        if one.at is None and not has_date:
            raise ReminderUnfit
        at = stating.moment(one.at, turn.settings) if one.at else None
        reminder = Reminder(before_seconds=one.before_seconds, at=at)
        if at and not any(before.at and _same(before.at, at) for before in task.remind):
            _refuse_over(turn, at)
        found.append(reminder)
    return tuple(dict.fromkeys(found))


def _refuse_over(turn: Turn, moment: Moment) -> None:
    """Raises TimeIsOver: the moment has passed, or that day has."""
    over = moment.at <= turn.heard.at if moment.at else moment.day < turn.today
    if over:
        said = writing.say_when(moment, turn.local, hours=turn.hours, settled=True)
        raise TimeIsOver(said[:1].upper() + said[1:])


def _same(one: Moment, other: Moment) -> bool:
    """Whether two moments are the same day, or the same instant."""
    if one.at is None or other.at is None:
        return one == other
    return one.at.timestamp() == other.at.timestamp()


def _order(moment: Moment) -> float:
    """What orders two days, or two instants."""
    return moment.at.timestamp() if moment.at else datetime.combine(moment.day, time()).toordinal()
