"""What can be taken back, and what can be done again, read from the history of events.

An undo is itself a change: each of its events takes back one event of the message it names (`undoes`), on the same task, the
latest first. A redo is an undo of an undo. So two stacks of events come from replaying the history in order: a new change goes
on the first one and clears the second; an event that takes another back removes it from its stack and goes on the opposite one.

A message that undoes and does again what it did itself ("move 2 to friday, undo, redo") gives all of that one name: then it is the
event whose fields were before what they are now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from shared.todos.model import Status, TaskEvent
from shared.todos.turn import EventType

INVERSE: Final[dict[str, EventType]] = {
    "created": "deleted",
    "restored": "deleted",
    "deleted": "restored",
    "completed": "reopened",
    "reopened": "completed",
    "updated": "updated",
}
"""What takes an event back."""

Stack = list[TaskEvent]
"""Events in the order they happened. What one message did is taken off together."""


def read(history: Iterable[TaskEvent]) -> tuple[Stack, Stack]:
    """What can be undone, and what can be redone. `history` comes oldest first."""
    undo: Stack = []
    redo: Stack = []
    for event in history:
        if event.undoes is None:
            undo.append(event)
            redo.clear()
        elif (place := _taken_back(event, [*redo, *undo])) is None:
            continue
        elif place < len(redo):
            del redo[place]
            undo.append(event)
        else:
            del undo[place - len(redo)]
            redo.append(event)
    return undo, redo


def top(stack: Stack) -> str | None:
    """The message whose changes come next."""
    return stack[-1].message_id if stack else None


def pop(stack: Stack, *, of: Collection[UUID] | None = None) -> Stack:
    """Take off all that the latest message did; with `of`, what the latest that touched these tasks did to them."""
    wanted = [event for event in stack if of is None or event.task_id in of]
    latest = top(wanted)
    taken = [event for event in wanted if event.message_id == latest]
    gone = {event.id for event in taken}
    stack[:] = [event for event in stack if event.id not in gone]
    return taken


def _taken_back(event: TaskEvent, stack: Stack) -> int | None:
    """The place of what an event takes back: the last that it can be."""
    named: int | None = None
    for place in range(len(stack) - 1, -1, -1):
        one = stack[place]
        if (one.message_id, one.task_id) == (event.undoes, event.task_id):
            if _is_inverse(event, one):
                return place
            named = place if named is None else named
    return named


def _is_inverse(event: TaskEvent, taken_back: TaskEvent) -> bool:
    """Whether an event makes a task what it was before another one; its number may have been given away meanwhile."""
    before = {"status": Status.DELETED} if taken_back.type == "created" else taken_back.before
    same = all(name == "number" or (name in before and before[name] == value) for name, value in event.changed.items())
    return same and event.type == INVERSE[taken_back.type]
