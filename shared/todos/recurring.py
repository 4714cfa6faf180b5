"""The next time of a repeating todo, where its completion did not bring it by itself.

A todo that is done by text has its next time in the same statement (shared.todos.completing). This is for completions that came
another way: the same rule, the same place in the series, and never a second one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID, uuid5

from shared.language.model import Repeat
from shared.messages import writing
from shared.schedule import repeats
from shared.todos.completing import next_time
from shared.todos.model import Decision, Heard, Person, Status, Task
from shared.todos.preferences import in_force
from shared.todos.turn import Turn

SHORT: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


def rule_of_pattern(pattern: str, end: str | None = None) -> str:
    """The RRULE of a pattern: itself, or of a short form like `DAILY`; `end` becomes its UNTIL.

    Args:
        pattern: either.
        end: a date or time, as RFC 5545 or ISO 8601 write it; a time without an offset is the person's own.

    Raises:
        ValueError: it is no rule.
    """
    rule = pattern.strip().upper().removeprefix("RRULE:")
    parts = repeats.parts_of(f"FREQ={rule}" if rule in SHORT else rule)
    if end and "UNTIL" not in parts:
        parts["UNTIL"] = _until(end)
    return repeats.rule_of(parts)


def _until(end: str) -> str:
    if "T" not in end:
        return f"{date.fromisoformat(end):%Y%m%d}"
    at = datetime.fromisoformat(end)
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" if at.tzinfo else f"{at:%Y%m%dT%H%M%S}"


def continue_series(
    person: Person, task_id: UUID, version: int, *, pattern: str | None, end: str | None, message_id: str, now: datetime
) -> Decision:
    """Make the next time of a completed todo, unless it is there or was there: then the decision is empty.

    Args:
        person: with history, so that a next time that was deleted counts as made.
        task_id: the todo.
        version: the one its completion gave it; if it has moved on since (reopened, say) there is nothing to make.
        pattern: the rule it repeated by, when it says none itself any more.
        end: the last day or instant of the series.
        message_id: what asked for the completion: one undo takes both back.
        now: aware.

    Raises:
        ValueError: the pattern is no rule.
    """
    done = next((task for task in person.tasks if task.id == task_id), None)
    heard = Heard(id=message_id, text="", at=(done and done.completed_at) or now)
    turn = Turn.begin(person, heard, in_force(person.settings, heard.at), now=now)
    turn.silent = True
    if done is None or done.status is not Status.DONE or done.version != version or _followed(person, done):
        return turn.decision()
    due = writing.due_of(done)
    repeat = done.repeat or (Repeat(rrule=rule_of_pattern(pattern, end)) if pattern else None)
    if repeat is None or due is None:
        return turn.decision()
    following = repeats.next_due(repeat, due, done.zone, after=heard.at, done_at=heard.at)
    if following is not None:
        number = done.number if turn.numbered(done.number) is None else turn.next_number()
        again = done.model_copy(update={"status": Status.OPEN, "completed_at": None})
        own = {"id": uuid5(done.id, f"next/{version}"), "number": number}
        turn.create(next_time(turn, again, following).model_copy(update=own))
    return turn.decision()


def _followed(person: Person, done: Task) -> bool:
    """Whether its next time is there, or was."""
    return any(task.parent_id == done.id for task in person.tasks) or any(
        event.changed.get("parent_id") == str(done.id) for event in person.history
    )
