"""The tasks again from nothing but their events.

The task table is a convenience: every change is an event that holds the fields as they became, so applying a person's events in
order gives exactly the rows that `decide` gave. Undo is one more event and needs no case of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared.todos.model import Task, TaskEvent


class BrokenHistory(ValueError):
    """The events of a task do not follow one another."""


def apply(task: Task | None, event: TaskEvent) -> Task:
    """The task after `event`.

    Raises:
        BrokenHistory: the event is not the next one of this task.
    """
    if task is None:
        if event.type != "created":
            raise BrokenHistory(f"{event.id} comes before its task was created")
        return Task.model_validate(event.changed)
    if event.task_id != task.id or event.version != task.version + 1:
        raise BrokenHistory(f"{event.id} does not follow version {task.version} of {task.id}")
    return Task.model_validate({**dict(task), **event.changed, "version": event.version})


def rebuild(events: Iterable[TaskEvent]) -> dict[UUID, Task]:
    """Every task of a history, deleted ones included. `events` come oldest first.

    Raises:
        BrokenHistory: an event is missing, doubled or out of order.
    """
    tasks: dict[UUID, Task] = {}
    for event in events:
        tasks[event.task_id] = apply(tasks.get(event.task_id), event)
    return tasks
