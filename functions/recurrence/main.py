"""recurrence: what repeats goes on.

Consumes   jotline.task.completed
Decides    whether a completed todo of a series still lacks its next time, and when that is (`shared.todos.recurring`).
Emits      jotline.task.created, with the completed todo's id as `parent_id`

A todo that is done by text or through the API has its next time at once, in the same statement: "done 4, move 4 to saturday" is
about the next one (docs/decisions/0009-recurrence.md). This function sees to it that a series goes on whoever has completed a
todo: a program that writes to the broker, an event of an older version, a dead letter replayed weeks later. It never makes a
second one: the completion must still hold, the next time must never have been there, and its id is made of the completion.

    in    {"type": "jotline.task.completed", "data": {"task_id": "5b0c...", "version": 3, "payload": {"recurring_pattern": "WEEKLY"}}}
    out   {"type": "jotline.task.created", "data": {"payload": {"parent_id": "5b0c...", "due_day": "2026-12-04", ...}}}
"""

from __future__ import annotations

from typing import cast

from shared.events.envelope import Event
from shared.events.schemas import TASK_COMPLETED, TaskChanged
from shared.policy.outcomes import Poison, TryAgain
from shared.runtime.serving import Work, serve
from shared.runtime.telling import told
from shared.todos.recurring import continue_series
from shared.todos.reminding import replan

NAME = "recurrence"
#: See todo-crud: a person's changes come one after the other.
ROUNDS = 5


async def go_on(event: Event, work: Work) -> None:
    """Make the next time of a completed todo, once."""
    completed = cast(TaskChanged, event.data)
    pattern = completed.payload.get("recurring_pattern")
    if not pattern:
        return
    store = work.services.todo
    for _ in range(ROUNDS):
        found = await store.read(event.partitionkey, function=NAME, event_id=event.id, history=True)
        if found.claimed or found.person is None:
            return
        person = found.person
        try:
            decision = continue_series(
                person,
                completed.task_id,
                completed.version,
                pattern=str(pattern),
                end=completed.payload.get("recurring_end_date"),
                message_id=completed.message_id,
                now=work.now,
            )
        except ValueError as error:
            raise Poison(f"recurring_pattern is no rule: {error}") from None
        replanned = replan(person, decision, work.now)
        events = told(event, person, decision, replanned, function=NAME, message_id=completed.message_id)
        rows = await store.commit(person, decision, events, function=NAME, cause=event, replanned=replanned)
        if rows is not None:
            await work.services.carrier.carry(rows)
            return
    raise TryAgain("this person's todos keep changing")


handle = serve(NAME, events={TASK_COMPLETED: go_on}, schema="todo")
