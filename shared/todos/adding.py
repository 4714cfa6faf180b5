"""New todos. Adding never waits: the todo is saved, then what is missing is asked."""

from __future__ import annotations

from typing import Final

from shared.language.model import Command, Intent, Moment, Reminder, When
from shared.messages import phrases
from shared.schedule import repeats
from shared.todos import dates, matching, offers, questions
from shared.todos.errors import TimeIsOver, TitleEmpty, TitleTooLong
from shared.todos.model import Status, Task
from shared.todos.questions import Job, Question
from shared.todos.turn import Turn

LONGEST_TITLE: Final = 255


def add(turn: Turn, job: Job) -> None:
    """Add the command's todo.

    Raises:
        TitleEmpty: there are no words.
        TitleTooLong: there are more than 255 characters.
    """
    command = job.command
    title = checked_title(command.title)
    try:
        when, missing = dates.checked(command.when), ""
    except TimeIsOver as refused:
        when, missing = None, refused.reply
    known = (turn.tasks[task.id] for task in turn.person.tasks)  # those of this very message are no surprise
    twin = next((task for task in known if task.status is Status.OPEN and matching.same_title(task.title, title)), None)
    task = turn.create(_task(turn, command, title, when))
    turn.note(last_added=task.id)
    turn.about(task)
    turn.understood("add", task, rest=turn.line(task, full=True).partition(" ")[2])
    turn.answer.result(phrases.added(turn.line(task, full=bool(when and when.full), aside=when.aside if when else None)))
    if twin:
        turn.answer.remarks.append(phrases.also_have(turn.line(twin)))
    told_when = task.due_day or any(reminder.at for reminder in task.remind)  # "an hour before" what has no time is not enough
    if command.remind_asked and not (told_when or missing):
        missing = phrases.REMIND_WHEN
    if missing:
        waiting = Command(intent=Intent.EDIT, remind_asked=command.remind_asked, text=command.text)
        questions.ask(turn, Question(kind="when", job=Job(command=waiting, tasks=(task.id,))), missing)
    offers.make(turn, task, when)


def checked_title(title: str) -> str:
    """The title, if it can be one.

    Raises:
        TitleEmpty: there are no words.
        TitleTooLong: there are more than 255 characters.
    """
    title = title.strip()
    if not title:
        raise TitleEmpty
    if len(title) > LONGEST_TITLE:
        raise TitleTooLong(len(title))
    return title


def _task(turn: Turn, command: Command, title: str, when: When | None) -> Task:
    start = when.start if when else None
    if start is None and command.repeat:
        start = Moment(day=turn.today)
    fields = {"zone": turn.settings.zone} | dates.due_fields(start, when.end if when else None, turn.settings)
    task_id = turn.next_id()
    return Task(
        id=task_id,
        number=turn.next_number(),
        title=title,
        repeat=repeats.anchor(command.repeat, start) if command.repeat and start else None,
        series_id=task_id if command.repeat else None,
        remind=reminders(turn, command, start),
        priority=command.priority or Task.model_fields["priority"].default,
        tags=(*command.tags, *([command.list_name] if command.list_name else [])),
        note=command.note,
        created_at=turn.heard.at,
        **fields,
    )


def reminders(turn: Turn, command: Command, due: Moment | None) -> tuple[Reminder, ...]:
    """The reminders that were asked for. "Remind me tomorrow" names no time: the person's morning."""
    if command.remind or not command.remind_asked or due is None or due.at is not None:
        return command.remind
    return (Reminder(at=dates.morning_of(due.day, turn.settings, turn.local)),)
