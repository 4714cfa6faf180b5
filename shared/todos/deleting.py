"""Todos that go. By "all", by a filter, more than three at once, or one that was only spoken of: we ask first."""

from __future__ import annotations

from typing import Final

from shared.language.model import Ref
from shared.messages import phrases, writing
from shared.todos import questions, references
from shared.todos.model import Status, Task
from shared.todos.questions import Job, Question
from shared.todos.targets import ask_what, loosely, targets
from shared.todos.turn import Turn

MOST_UNASKED: Final = 3


def delete(turn: Turn, job: Job) -> None:
    """Delete the job's todos."""
    if job.about_nothing:
        ask_what(turn, job)
        return
    tasks = targets(turn, job, statuses=(Status.OPEN, Status.DONE))
    if not tasks:
        return
    text = "" if job.confirmed else _ask_first(turn, job, tasks)
    if text:
        settled = job.model_copy(update={"tasks": tuple(task.id for task in tasks)})
        questions.ask(turn, Question(kind="confirm", job=settled), text)
        return
    for task in tasks:
        after = turn.change(task, "deleted", status=Status.DELETED)
        turn.about(after)
        turn.understood("delete", after)
        turn.answer.result(phrases.deleted(_shown(after)))
        turn.answer.offer_undo = True


def _shown(task: Task) -> str:
    """The title with its tags: what a filter went by stays visible."""
    return writing.todo_title(task) + "".join(f" #{tag}" for tag in task.tags)


def _ask_first(turn: Turn, job: Job, tasks: tuple[Task, ...]) -> str:
    """The question to ask before, if any."""
    ref = references.by_tag(turn, job.command.ref)
    if loosely(job, tasks):
        return phrases.ask_delete(turn.line(tasks[0]))
    if job.tasks is None and references.filters(ref) and not ref.numbers:
        return _ask_filter(turn, ref, tasks)
    return _ask_numbers(tasks) if len(tasks) > MOST_UNASKED else ""


def _ask_filter(turn: Turn, ref: Ref, tasks: tuple[Task, ...]) -> str:
    where = references.say_where(turn, ref)
    if len(tasks) == 1 or (not where and len(tasks) < len(turn.open)):
        return _ask_numbers(tasks)
    return phrases.ask_delete_where(len(tasks), where) if where else phrases.ask_delete_all(len(tasks))


def _ask_numbers(tasks: tuple[Task, ...]) -> str:
    return phrases.ask_delete_numbers(sorted(task.number for task in tasks))
