"""Todos that are done, and done ones that are open again.

A repeating todo that is done comes back: its next time is a task of its own with the same number and series. Reopening the one
that was done takes that next time back, unless it was touched since.
"""

from __future__ import annotations

from typing import Any

from shared.messages import phrases, writing
from shared.schedule import repeats
from shared.todos import changing, references
from shared.todos.errors import AlreadyDone, AlreadyOpen, NoMatch
from shared.todos.model import Status, Task
from shared.todos.questions import Job
from shared.todos.targets import ask_what, done_by_words, loosely, open_targets, targets
from shared.todos.turn import EventType, Turn


def complete(turn: Turn, job: Job) -> None:
    """Mark the job's todos as done."""
    if job.about_nothing:
        ask_what(turn, job)
        return
    try:
        tasks = open_targets(turn, job)
    except NoMatch:
        done = done_by_words(turn, job.command.ref)
        if done is None:
            raise
        raise AlreadyDone(writing.done_line(done, turn.local)) from None
    turn.answer.offer_undo |= loosely(job, tasks)
    was_due = any(_due_by_today(turn, task) for task in tasks)
    for task in tasks:
        _complete(turn, task)
    if was_due:
        turn.answer.left_today = due_by_today(turn)


def reopen(turn: Turn, job: Job) -> None:
    """Open the job's done todos again."""
    if job.about_nothing:
        ask_what(turn, job)
        return
    for task in targets(turn, job, statuses=(Status.DONE, Status.OPEN)):
        turn.about(task)
        if task.status is Status.OPEN:
            turn.answer.refusals.append(AlreadyOpen(turn.line(task)))
            continue
        following = turn.numbered(task.number)
        if following and following.series_id == task.series_id is not None and following.version == 1:
            turn.change(following, "deleted", status=Status.DELETED)
            turn.existing_changed.discard(following.id)  # one todo for the person
        after, aside = open_again(turn, task, "reopened", {"completed_at": None})
        turn.understood("reopen", after)
        turn.answer.result(phrases.reopened(turn.line(after, aside=aside)))


def open_again(
    turn: Turn, task: Task, how: EventType, fields: dict[str, Any], *, undoes: str | None = None
) -> tuple[Task, str | None]:
    """The task, open; with another number, and an aside that says so, when its own was given away."""
    taken = {other.number for other in turn.open}
    wanted: int = fields.get("number", task.number)
    number = turn.next_number() if wanted in taken else wanted
    after = turn.change(task, how, undoes=undoes, **fields | {"status": Status.OPEN, "number": number})
    return after, f"was #{task.number}" if number != task.number else None


def due_by_today(turn: Turn) -> int:
    """How many open todos are due today or overdue."""
    return sum(_due_by_today(turn, task) for task in turn.open)


def _due_by_today(turn: Turn, task: Task) -> bool:
    day = references.local_day(turn, task)
    return day is not None and day <= turn.today


def _complete(turn: Turn, task: Task) -> None:
    due = writing.due_of(task)
    following = None
    if task.repeat and due:
        following = repeats.next_due(task.repeat, due, task.zone, after=turn.heard.at, done_at=turn.heard.at)
    done: dict[str, Any] = {"status": Status.DONE, "completed_at": turn.heard.at}
    turn.understood("done", task)
    if following is None:
        if task.repeat:
            done["repeat"] = None
        after = turn.change(task, "completed", **done)
        turn.about(after)
        turn.answer.result(phrases.done(writing.todo_title(after), last=task.repeat is not None))
        return
    turn.change(task, "completed", **done)
    after = turn.create(next_time(turn, task, following))
    turn.about(after)
    said = writing.say_when(following.moment, turn.local, hours=turn.hours)
    turn.answer.result(phrases.done(writing.todo_title(after), said, following.missed))


def next_time(turn: Turn, task: Task, following: repeats.Next) -> Task:
    """The task that follows a completed one in its series, with its number where that is free."""
    return task.model_copy(
        update={
            **changing.occurrence_fields(turn, task, following),
            "id": turn.next_id(),
            "series_id": task.series_id or task.id,
            "parent_id": task.id,
            "created_at": turn.heard.at,
            "version": 1,
        }
    )
