"""Undo, redo and why, from the history of events.

An undo is itself a change: its events carry the message they take back (`undoes`), and a redo is an undo of an undo. Each
message's changes to one task are a unit. Replaying the history in order gives two stacks: what can be undone, and what can be
redone since the last new change. "undo" takes back all units of the latest message, "undo 2" the latest unit of #2 alone, "undo
twice" two messages. Changes of settings take part through the dialogue, which keeps them as they were.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from shared.language.model import Intent, Understanding
from shared.messages import phrases, writing
from shared.todos import completing, matching, settings_history
from shared.todos.errors import NoMatch, NoSuchTodo, NothingToUndo
from shared.todos.model import Status, Task, TaskEvent
from shared.todos.questions import Job
from shared.todos.turn import EventType, Turn

INVERSE: Final[dict[str, EventType]] = {
    "created": "deleted",
    "restored": "deleted",
    "deleted": "restored",
    "completed": "reopened",
    "reopened": "completed",
    "updated": "updated",
}
MOST_NAMED: Final = 3
MOST_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Unit:
    """What one message did to one task."""

    message_id: str
    task_id: UUID


@dataclass(slots=True)
class Stacks:
    """The units that can be taken back, and those that can be done again, oldest first."""

    events: dict[Unit, list[TaskEvent]] = field(default_factory=dict)
    undo: dict[Unit, None] = field(default_factory=dict)  # an ordered set
    redo: dict[Unit, None] = field(default_factory=dict)


def needs_history(understanding: Understanding) -> bool:
    """True when `Person.history` must be loaded: for undo and redo. (WHY needs only the dialogue.)"""
    return any(command.intent in (Intent.UNDO, Intent.REDO) for command in understanding.commands)


def undo(turn: Turn, job: Job) -> None:
    """Take back the last message's changes, those of N messages, or the last change of the todos that are named.

    Raises:
        NothingToUndo: there is nothing (more).
        NoSuchTodo, NoMatch: no todo ever had the number, or the words.
    """
    ref = job.command.ref
    stacks = read_stacks(turn)
    settings = ""
    units: list[Unit] = []
    named = [_numbered(turn, number) for number in ref.numbers]
    if ref.words:
        named.append(_fitting(turn, ref.words))
    for tasks in named:
        units += _last_of(stacks, tasks)
    for _ in range(0 if named else _steps(job.command.topic)):
        top = _on_top(stacks.undo)
        reverted = settings_history.take_back(turn, top)
        settings = phrases.UNDONE_SETTINGS if reverted else settings
        if reverted in (None, top):
            units += _pop_message(stacks.undo)
    if not units and not settings:
        raise NothingToUndo
    turn.understood("undo")
    outcomes = _take_back(turn, stacks, units)
    if settings:
        turn.answer.said.append(settings)
        outcomes = [outcome for outcome in outcomes if outcome[0] != "as before"]  # they moved along with the settings
    _report(turn, outcomes)


def redo(turn: Turn, job: Job) -> None:
    """Do again what was undone last.

    Raises:
        NothingToUndo: nothing was undone since the last change.
    """
    stacks = read_stacks(turn)
    settings = ""
    units: list[Unit] = []
    for _ in range(_steps(job.command.topic)):
        top = _on_top(stacks.redo)
        redone = settings_history.do_again(turn, top)
        settings = phrases.REDONE_SETTINGS if redone else settings
        if redone in (None, top):
            units += _pop_message(stacks.redo)
    if not units and not settings:
        raise NothingToUndo(redo=True)
    turn.understood("redo")
    tasks = _without_past_times([after for _, after, _ in _take_back(turn, stacks, units)])
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
    turn.answer.said.append(phrases.why(heard["text"], heard["read"], said=heard["origin"] == "voice"))


def read_stacks(turn: Turn) -> Stacks:
    """Replay the person's history, and what this message did before it asked to undo."""
    stacks = Stacks()
    for event in (*reversed(turn.person.history), *turn.events):
        unit = Unit(event.message_id, event.task_id)
        stacks.events.setdefault(unit, []).append(event)
        if event.undoes is None:
            stacks.redo.clear()
            stacks.undo[unit] = None
            continue
        undone = Unit(event.undoes, event.task_id)
        for here, there in ((stacks.undo, stacks.redo), (stacks.redo, stacks.undo)):
            if undone in here:
                del here[undone]
                there[unit] = None
                break
    return stacks


def _pop_message(stack: dict[Unit, None]) -> list[Unit]:
    """All units of the message on top, in the order they happened; they leave the stack."""
    top = _on_top(stack)
    return _pop(stack, [unit for unit in stack if unit.message_id == top])


def _on_top(stack: dict[Unit, None]) -> str | None:
    """The latest message of a stack."""
    latest = next(reversed(stack), None)
    return latest.message_id if latest else None


def _pop(stack: dict[Unit, None], units: list[Unit]) -> list[Unit]:
    for unit in units:
        del stack[unit]
    return units


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


def _last_of(stacks: Stacks, same: set[UUID]) -> list[Unit]:
    """What the latest message that touched some of the tasks did to them."""
    message = next((unit.message_id for unit in reversed(stacks.undo) if unit.task_id in same), None)
    return _pop(stacks.undo, [unit for unit in stacks.undo if unit.message_id == message and unit.task_id in same])


def _take_back(turn: Turn, stacks: Stacks, units: Iterable[Unit]) -> list[tuple[str, Task, str | None]]:
    """Apply the inverse of the units' events, the latest first.

    Returns for each task, in the order of `units`, what became of it (`gone`, `back`, `open`, `done`, `as before`), the task,
    and an aside when it had to take another number.
    """
    events = [event for unit in units for event in stacks.events[unit]]
    position = {event.id: place for place, event in enumerate((*reversed(turn.person.history), *turn.events))}
    outcomes: dict[UUID, tuple[str, Task, str | None]] = {}
    for event in sorted(events, key=lambda event: position[event.id], reverse=True):
        task = turn.tasks[event.task_id]
        after, aside = _invert(turn, task, event)
        outcomes[task.id] = (_became(task, after, outcomes.get(task.id)), after, aside)
    turn.about(*(after for _, after, _ in outcomes.values()))
    return [outcomes[task_id] for task_id in dict.fromkeys(unit.task_id for unit in units)]


def _invert(turn: Turn, task: Task, event: TaskEvent) -> tuple[Task, str | None]:
    fields = {"status": Status.DELETED} if event.type == "created" else fields_before(task, event)
    if task.status is not Status.OPEN and fields.get("status") is Status.OPEN:
        how = INVERSE[event.type]
        return completing.open_again(turn, task, how, fields, undoes=event.message_id)
    return turn.change(task, INVERSE[event.type], undoes=event.message_id, **fields), None


def fields_before(task: Task, event: TaskEvent) -> dict[str, Any]:
    """The fields an event changed, as they were, in Python's types."""
    as_it_was = Task.model_validate({**task.model_dump(mode="json"), **event.before})
    return {name: getattr(as_it_was, name) for name in event.before}


def _became(before: Task, after: Task, earlier: tuple[str, Task, str | None] | None) -> str:
    """What happened to the task in all, when several of its events were taken back."""
    if after.status is Status.DELETED:
        return "gone"
    if before.status is Status.DELETED:
        return "back"
    if before.status is not after.status:
        return "open" if after.status is Status.OPEN else "done"
    return earlier[0] if earlier else "as before"


def _report(turn: Turn, outcomes: list[tuple[str, Task, str | None]]) -> None:
    """A line for each todo, or counts for more than three; the next time of a repeating todo goes without a word."""
    there = {task.series_id for became, task, _ in outcomes if became != "gone" and task.series_id}
    told = [(became, task, aside) for became, task, aside in outcomes if became != "gone" or task.series_id not in there]
    if len(told) > MOST_NAMED:
        kinds = [became for became, _, _ in told]
        turn.answer.said += [phrases.undone_many(kinds.count(kind), kind) for kind in dict.fromkeys(kinds)]
        return
    for became, task, aside in told:
        title, line = writing.todo_title(task), turn.line(task, aside=aside)
        said = {
            "gone": phrases.undone_add(title),
            "back": phrases.undone_delete(line),
            "open": phrases.undone_done(line),
            "done": phrases.undone_reopen(title),
        }
        turn.answer.said.append(said.get(became) or phrases.undone_change(line))


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
