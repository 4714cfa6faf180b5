"""Todos that get another title, date, repeat, reminder, priority, tag or note."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from shared.language.model import Command, Intent, Moment, Priority, Reminder, When
from shared.messages import phrases, writing
from shared.schedule import repeats
from shared.todos import adding, answering, dates, offers, questions
from shared.todos.errors import DoesNotRepeat, TimeIsOver
from shared.todos.model import Status, Task
from shared.todos.questions import Job, Question
from shared.todos.targets import open_targets
from shared.todos.turn import Turn

DATE_FIELDS: Final = frozenset({"due_day", "due_at", "end_day", "end_at", "zone", "remind"})


def change(turn: Turn, job: Job) -> None:
    """Move or edit the todos the job is about."""
    tasks = open_targets(turn, job)
    missing = _missing_time(job.command)
    if tasks and missing:
        _ask_when(turn, job, tasks, missing)
        return
    for task in tasks:
        _change(turn, job.command, task)


def snooze(turn: Turn, job: Job) -> None:
    """Remind again later; a day instead of a time moves the todo, and what has no time of day reminds in the morning then."""
    when = job.command.when
    if when and when.day_stated and not when.time_stated and when.shift_seconds is None:
        moving = job.command.model_copy(update={"intent": Intent.MOVE, "remind_asked": True})
        change(turn, job.model_copy(update={"command": moving}))
        return
    for task in open_targets(turn, job):
        at = _snoozed_until(turn, when)
        kept = tuple(reminder for reminder in task.remind if not reminder.again)
        after = turn.change(task, "updated", remind=(*kept, Reminder(at=at, again=True)))
        turn.about(after)
        said = writing.say_when(at, turn.local, hours=turn.hours)
        turn.understood("snooze", after, rest=f"to {said}")
        turn.answer.result(phrases.snoozed(writing.todo_title(after), said))


def skip(turn: Turn, job: Job) -> None:
    """Leave out this time of repeating todos."""
    for task in open_targets(turn, job):
        due = writing.due_of(task)
        if task.repeat is None or due is None:
            turn.answer.refusals.append(DoesNotRepeat(task.number))
            continue
        following = repeats.next_due(task.repeat, due, task.zone, after=turn.heard.at, done_at=turn.heard.at)
        if following is None:
            after = turn.change(task, "deleted", status=Status.DELETED)
            turn.answer.result(phrases.skipped(writing.todo_title(after), None))
        else:
            after = turn.change(task, "updated", **occurrence_fields(turn, task, following))
            said = writing.say_when(following.moment, turn.local, hours=turn.hours)
            turn.answer.result(phrases.skipped(writing.todo_title(after), said))
        turn.about(after)
        answering.leave(turn, after)
        turn.understood("skip", after)


def occurrence_fields(turn: Turn, task: Task, following: repeats.Next) -> dict[str, Any]:
    """The fields of a repeating todo at its next time."""
    due = writing.due_of(task)
    end = same_length(task, following.moment)
    return {
        **dates.due_fields(following.moment, end, turn.settings, said_in=task.zone),
        "repeat": following.repeat,
        "remind": dates.reminders_moved(task, due, following.moment, turn.local),
    }


def _change(turn: Turn, command: Command, task: Task) -> None:
    fields = _fields(turn, command, task)
    after = turn.change(task, "updated", **fields)
    turn.about(after)
    when = command.when
    line = turn.line(after, full=bool(when and when.full), aside=when.aside if when else None)
    differing = {name for name in fields if getattr(after, name) != getattr(task, name)}
    if after == task:  # as it was already: nothing happened to be told
        turn.answer.said.append(line)
        offers.make(turn, after, when)
        return
    dated = after.due_day is not None and (task.due_day is not None or command.intent is Intent.MOVE)
    moved = when is not None and dated and differing <= DATE_FIELDS
    turn.answer.result(phrases.moved(line) if moved else phrases.changed(line))
    _understood(turn, command, after, moved=moved)
    offers.make(turn, after, when)


def _fields(turn: Turn, command: Command, task: Task) -> dict[str, Any]:
    """What the command says about the task."""
    fields: dict[str, Any] = {}
    if command.title:
        fields["title"] = adding.checked_title(command.title)
    if command.repeat or command.no_repeat:
        fields |= _repeat_fields(turn, command, task)
    elif command.when:
        fields |= dates.moved(task, command.when, turn.settings, turn.local)
    if command.no_date:
        fields |= {**dates.due_fields(None, None, turn.settings), "repeat": None, "remind": ()}
    if command.priority:
        fields["priority"] = command.priority
    if command.tags:
        fields["tags"] = tuple(dict.fromkeys((*task.tags, *command.tags)))
    if command.note:
        fields["note"] = command.note
    fields |= _reminder_fields(turn, command, task, fields)
    return fields


def _repeat_fields(turn: Turn, command: Command, task: Task) -> dict[str, Any]:
    """Another rule, or none. The date the todo has stays where it falls on the rule."""
    if command.repeat is None:
        return {"repeat": None}
    due = writing.due_of(task)
    stated = command.when
    fields: dict[str, Any] = {}
    if due is None or not _falls_on(due, command.repeat.rrule, task.zone):
        fields = dates.moved(task, stated or When(start=Moment(day=turn.today)), turn.settings, turn.local)
    elif stated and stated.time_stated:
        fields = dates.moved(task, stated.model_copy(update={"day_stated": False}), turn.settings, turn.local)
    day, at = fields.get("due_day", task.due_day), fields.get("due_at", task.due_at)
    repeat = repeats.anchor(command.repeat, Moment(day=day, at=at))
    return {**fields, "repeat": repeat, "series_id": task.series_id or task.id}


def _falls_on(due: Moment, rule: str, zone: str) -> bool:
    """True when `due` is one of the rule's own days."""
    start = datetime.combine(due.day, due.at.astimezone(ZoneInfo(zone)).time() if due.at else time())
    named = ";".join(part for part in rule.split(";") if not part.startswith(("UNTIL", "COUNT")))
    first = rrulestr(named, dtstart=start).after(start - timedelta(seconds=1))
    return first is not None and first.date() == due.day


def _reminder_fields(turn: Turn, command: Command, task: Task, fields: dict[str, Any]) -> dict[str, Any]:
    """Reminders replace those there are; "remind me at 5" gives a todo without a date its time.

    Where none is named ("remind me again tomorrow"), those that moved along are enough.
    """
    day = fields.get("due_day", task.due_day)
    if day is None and command.remind and (at := command.remind[0].at) and len(command.remind) == 1:
        return dates.due_fields(at, None, turn.settings)
    if day is None or (not command.remind and fields.get("remind")):
        return {}
    due = Moment(day=day, at=fields.get("due_at", task.due_at))
    wanted = adding.reminders(turn, command, due)
    return {"remind": wanted} if wanted else {}


def _missing_time(command: Command) -> str:
    """What to ask after "move 2", "move 2 to yesterday" and "remind me about 2"; empty when the time is there."""
    try:
        when = dates.checked(command.when)
    except TimeIsOver as refused:
        return refused.reply
    if when or command.no_date or command.repeat:
        return ""
    if command.intent is Intent.MOVE:
        return phrases.MOVE_WHEN
    return phrases.REMIND_WHEN if command.remind_asked and not command.remind else ""


def _ask_when(turn: Turn, job: Job, tasks: tuple[Task, ...], missing: str) -> None:
    waiting = job.command.model_copy(update={"when": None})
    turn.about(*tasks)
    questions.ask(turn, Question(kind="when", job=Job(command=waiting, tasks=tuple(task.id for task in tasks))), missing)


def _snoozed_until(turn: Turn, when: When | None) -> Moment:
    if when and when.shift_seconds is None:
        return when.start
    seconds = (when and when.shift_seconds) or turn.settings.meanings.later_seconds
    at = (turn.heard.at + timedelta(seconds=seconds)).astimezone(turn.local.tzinfo).replace(second=0, microsecond=0)
    return Moment(day=at.date(), at=at)


def same_length(task: Task, start: Moment) -> Moment | None:
    """The end of a repeating todo's next time."""
    due, end = writing.due_of(task), writing.end_of(task)
    if due is None or end is None:
        return None
    if end.at and due.at and start.at:
        at = start.at + (end.at - due.at)
        return Moment(day=at.date(), at=at)
    return Moment(day=start.day + (end.day - due.day))


def _understood(turn: Turn, command: Command, task: Task, *, moved: bool) -> None:
    due = writing.due_of(task)
    if not moved or due is None or command.when is None:
        turn.understood("change", task, rest=_changed_parts(command))
        return
    kept = ", time kept" if due.at and not command.when.time_stated and command.when.shift_seconds is None else ""
    shown = Moment(day=due.day) if kept else due
    turn.understood("move", task, rest=f"to {writing.say_when(shown, turn.local, full=True, hours=turn.hours)}{kept}")


def _changed_parts(command: Command) -> str:
    """What of it was changed."""
    parts = {
        "title": command.title,
        "date": command.when or command.no_date,
        "repeat": command.repeat or command.no_repeat,
        "reminder": command.remind or command.remind_asked,
        "priority": command.priority and command.priority is not Priority.MEDIUM,
        "tags": command.tags,
        "note": command.note,
    }
    return ", ".join(name for name, said in parts.items() if said)
