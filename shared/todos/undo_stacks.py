"""What can be taken back, and what can be done again, read from the history of events.

An undo is itself a change: each of its events takes back one event of the message it names (`undoes`), on the same task, the
latest first. A redo is an undo of an undo. So two stacks of events come from replaying the history in order: a new change goes
on the first one and clears the second; an event that takes another back removes it from its stack and goes on the opposite one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from shared.todos.model import TaskEvent

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
        elif _remove_last(undo, event.undoes, event.task_id):
            redo.append(event)
        elif _remove_last(redo, event.undoes, event.task_id):
            undo.append(event)
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


def _remove_last(stack: Stack, message_id: str, task_id: UUID) -> bool:
    for place in range(len(stack) - 1, -1, -1):
        if (stack[place].message_id, stack[place].task_id) == (message_id, task_id):
            del stack[place]
            return True
    return False
