"""Undo, redo and why.

"undo" takes back everything the latest message did, "undo 2" only what the latest one that touched #2 did to it, "undo twice"
two messages. What that is, `undo_stacks` reads from the history. Changes of settings take part through the dialogue, which
keeps them as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal
from uuid import UUID

from shared.language.model import Intent, Understanding
from shared.messages import phrases, writing
from shared.todos import completing, matching, settings_history, undo_stacks
from shared.todos.errors import NoMatch, NoSuchTodo, NothingToUndo
from shared.todos.model import Status, Task, TaskEvent
from shared.todos.questions import Job
from shared.todos.turn import Turn

MOST_NAMED: Final = 3
MOST_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task."""

    became: Literal["gone", "back", "open", "done", "as before"]
    task: Task
    aside: str | None = None
    """It had to take another number."""


def needs_history(understanding: Understanding) -> bool:
    """True when `Person.history` must be loaded: for undo, redo and history, and for an OK, which may agree to one that was spoken.

    (WHY needs only the dialogue.)
    """
    return any(
        command.intent in (Intent.UNDO, Intent.REDO, Intent.HISTORY)
        or (command.intent is Intent.ANSWER and command.topic == "ok")
        for command in understanding.commands
    )


def undo(turn: Turn, job: Job) -> None:
    """Take back the last message's changes, those of N messages, or the last change of the todos that are named.

    Raises:
        NothingToUndo: there is nothing (more).
        NoSuchTodo, NoMatch: no todo ever had the number, or the words.
    """
    ref = job.command.ref
    undoable, _ = undo_stacks.read(_history(turn))
    named = [_numbered(turn, number) for number in ref.numbers] + ([_fitting(turn, ref.words)] if ref.words else [])
    settings = ""
    taken = [undo_stacks.pop(undoable, of=tasks) for tasks in named]
    for _ in range(0 if named else _steps(job.command.topic)):
        top = undo_stacks.top(undoable)
        reverted = settings_history.take_back(turn, top)
        settings = phrases.UNDONE_SETTINGS if reverted else settings
        if reverted in (None, top):
            taken.append(undo_stacks.pop(undoable))
    if not any(taken) and not settings:
        raise NothingToUndo
    turn.understood("undo")
    outcomes = _take_back(turn, taken)
    if settings:
        turn.answer.said.append(settings)
        outcomes = [outcome for outcome in outcomes if outcome.became != "as before"]  # they moved along with the settings
    _report(turn, outcomes)


def redo(turn: Turn, job: Job) -> None:
    """Do again what was undone last.

    Raises:
        NothingToUndo: nothing was undone since the last change.
    """
    _, redoable = undo_stacks.read(_history(turn))
    settings = ""
    taken: list[undo_stacks.Stack] = []
    for _ in range(_steps(job.command.topic)):
        top = undo_stacks.top(redoable)
        redone = settings_history.do_again(turn, top)
        settings = phrases.REDONE_SETTINGS if redone else settings
        if redone in (None, top):
            taken.append(undo_stacks.pop(redoable))
    if not any(taken) and not settings:
        raise NothingToUndo(redo=True)
    turn.understood("redo")
    tasks = _without_past_times([outcome.task for outcome in _take_back(turn, taken)])
    if settings:
        turn.answer.said.append(settings)
        return
    lines = [phrases.redone(_as_it_is(turn, task)) for task in tasks]
    turn.answer.said += lines if len(lines) <= MOST_NAMED else [phrases.redone_many(len(lines))]


def why(turn: Turn, job: Job) -> None:
    """Tell what was heard and what was read in it."""
    heard = turn.dialogue.heard
    if not heard:
        turn.answer.said.append(phrases.NOTHING_YET)
        return
    said, changed = heard["origin"] == "voice", heard.get("changed", True)
    turn.answer.said.append(phrases.why(heard["text"], heard["read"], said=said, changed=changed))


def _history(turn: Turn) -> Iterator[TaskEvent]:
    """Everything that happened, and what this message did before it asked to undo."""
    return chain(reversed(turn.person.history), turn.events)


def _numbered(turn: Turn, number: int) -> set[UUID]:
    """The todos of a number: a repeating one that was done is two tasks."""
    same = {task.id for task in turn.tasks.values() if task.number == number}
    if not same:
        raise NoSuchTodo(number)
    return same


def _fitting(turn: Turn, words: str) -> set[UUID]:
    """The todos that the words fit, deleted ones too."""
    fitting = matching.find(words, turn.tasks.values()).tasks
    if not fitting:
        raise NoMatch(writing.quoted(words))
    return {task.id for task in fitting}


def _take_back(turn: Turn, taken: list[undo_stacks.Stack]) -> list[Outcome]:
    """Apply the inverse of the events of each message, the latest first; what became of each task, in the order of `taken`."""
    outcomes: dict[UUID, Outcome] = {}
    for events in taken:
        for event in reversed(events):
            task = turn.tasks[event.task_id]
            after, aside = _invert(turn, task, event)
            earlier = outcomes.get(task.id)
            became = "as before" if earlier is None else earlier.became
            outcomes[task.id] = Outcome(_changed_status(task, after) or became, after, aside)
    turn.about(*(outcome.task for outcome in outcomes.values()))
    return [outcomes[task_id] for task_id in dict.fromkeys(event.task_id for events in taken for event in events)]


def _invert(turn: Turn, task: Task, event: TaskEvent) -> tuple[Task, str | None]:
    fields = {"status": Status.DELETED} if event.type == "created" else fields_before(task, event)
    if task.status is not Status.OPEN and fields.get("status") is Status.OPEN:
        return completing.open_again(turn, task, undo_stacks.INVERSE[event.type], fields, undoes=event.message_id)
    return turn.change(task, undo_stacks.INVERSE[event.type], undoes=event.message_id, **fields), None


def fields_before(task: Task, event: TaskEvent) -> dict[str, Any]:
    """The fields an event changed, as they were, in Python's types."""
    as_it_was = Task.model_validate({**task.model_dump(mode="json"), **event.before})
    return {name: getattr(as_it_was, name) for name in event.before}


def _changed_status(before: Task, after: Task) -> Literal["gone", "back", "open", "done"] | None:
    """What happened to the task as a whole; None when only its fields changed."""
    if before.status is after.status:
        return None
    if after.status is Status.DELETED:
        return "gone"
    if before.status is Status.DELETED:
        return "back"
    return "open" if after.status is Status.OPEN else "done"


def _report(turn: Turn, outcomes: list[Outcome]) -> None:
    """A line for each todo, or counts for more than three; the next time of a repeating todo goes without a word."""
    there = {outcome.task.series_id for outcome in outcomes if outcome.became != "gone" and outcome.task.series_id}
    told = [outcome for outcome in outcomes if outcome.became != "gone" or outcome.task.series_id not in there]
    if len(told) > MOST_NAMED:
        kinds = [outcome.became for outcome in told]
        turn.answer.said += [phrases.undone_many(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)]
        return
    for outcome in told:
        title, line = writing.todo_title(outcome.task), turn.line(outcome.task, aside=outcome.aside)
        said = {
            "gone": phrases.undone_add(title),
            "back": phrases.undone_delete(line),
            "open": phrases.undone_done(line),
            "done": phrases.undone_reopen(title),
            "as before": phrases.undone_change(line),
        }
        turn.answer.said.append(said[outcome.became])


def _without_past_times(tasks: list[Task]) -> list[Task]:
    """A repeating todo that was done is two tasks of one series: the open one tells it all."""
    there = {task.series_id for task in tasks if task.status is Status.OPEN and task.series_id}
    return [task for task in tasks if task.status is Status.OPEN or task.series_id not in there]


def _as_it_is(turn: Turn, task: Task) -> str:
    if task.status is Status.DONE:
        return writing.done_line(task, turn.local)
    return turn.line(task) if task.status is Status.OPEN else writing.todo_title(task)


def _steps(topic: str) -> int:
    """How many messages: "undo twice", "undo 3 times"."""
    if topic == "twice":
        return 2
    return min(int(topic), MOST_STEPS) if topic.isdecimal() and int(topic) > 0 else 1
