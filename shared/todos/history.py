"""What a person changed, and when: of some days, or of one todo. From the events of their todos, the newest `storage` gives.

A day's changes are told in their order, a todo's the newest first; what has no place in the reply is counted. A change of the list is
told as it was made: taking something back is one, too. The next time of a repeating todo comes by itself, and is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from shared.language.model import Query
from shared.messages import phrases, writing
from shared.messages.dates import say_clock, say_day
from shared.todos import asking, references
from shared.todos.answer import fits
from shared.todos.model import Status, Task, TaskEvent
from shared.todos.questions import Job
from shared.todos.targets import targets
from shared.todos.turn import Turn

VERBS: Final = {
    "created": "added",
    "completed": "done",
    "reopened": "reopened",
    "updated": "changed",
    "deleted": "deleted",
    "restored": "brought back",
}
MOVED: Final = frozenset({"due_day", "due_at"})
MOST_TOLD: Final = 3
"""Todos at once."""
EVERYWHERE: Final = (Status.OPEN, Status.DONE, Status.DELETED)


def tell(turn: Turn, job: Job) -> None:
    """Answer what was changed."""
    if job.about_nothing:
        _of_days(turn, job.command.query or Query(what="today"), job.command.topic)
        return
    found = _meant(turn, job)
    for task in found:
        _of_one(turn, task, job.command.topic)
    turn.about(*found)
    turn.understood("history", *found)


def _meant(turn: Turn, job: Job) -> tuple[Task, ...]:
    """The todos that are asked about: of several that fit each, rather than a question back."""
    statuses = tuple(reversed(EVERYWHERE)) if job.command.topic == "deleted" else EVERYWHERE
    if job.tasks is None and not job.among:
        found = references.resolve(turn, job.command.ref, statuses=statuses)
        if found.choice:
            return found.tasks[:MOST_TOLD]
    return targets(turn, job, statuses=statuses)


def _of_days(turn: Turn, asked: Query, topic: str) -> None:
    """What was changed on these days, in its order."""
    first, last, where = asking.past_days(turn, asked) if asked.when else (turn.today, turn.today, "today")
    made = [(one, _local(turn, one.at)) for one in reversed(turn.person.history) if _counts(one, topic)]
    made = [(one, at) for one, at in made if first <= at.date() <= last and one.task_id in turn.tasks]
    verb = VERBS.get(topic, "")
    turn.understood(f"changes {where}")
    if not made:
        turn.answer.said.append(phrases.no_changes(where, verb))
        return
    lines = [
        phrases.change(_said(turn, at, day=first != last), _verb(one), writing.todo_title(turn.tasks[one.task_id]))
        for one, at in made
    ]
    turn.answer.said.append(_page(phrases.changes(len(lines), where, verb), lines))


def _of_one(turn: Turn, task: Task, topic: str) -> None:
    """What was changed of one todo; with a topic only when that was, the last time."""
    made = [(_verb(one), one.at) for one in turn.person.history if one.task_id == task.id and _counts(one, topic)]
    made += _known_of(task, topic, {verb for verb, _ in made})
    title = writing.todo_title(task)
    if not topic:
        lines = [phrases.happened(verb, _said(turn, _local(turn, at), day=True)) for verb, at in made]
        turn.answer.said.append(_page(phrases.history(title), lines))
    elif made:
        turn.answer.said.append(phrases.happened_to(_said(turn, _local(turn, made[0][1]), day=True), made[0][0], title))
    else:
        turn.answer.said.append(phrases.never(VERBS[topic], title))


def _known_of(task: Task, topic: str, told: set[str]) -> list[tuple[str, datetime]]:
    """What a todo itself says of its past, where its events are not at hand: they are too many, or this answers a question."""
    done = task.completed_at if task.status is Status.DONE else None
    made = None if task.parent_id else task.created_at
    known = (("completed", done), ("created", made))
    return [(VERBS[kind], at) for kind, at in known if at and topic in ("", kind) and VERBS[kind] not in told]


def _counts(one: TaskEvent, topic: str) -> bool:
    """Whether a change was made by somebody, and is of the kind that is asked about."""
    if one.type == "created" and one.changed.get("parent_id"):
        return False
    return not topic or (one.type == topic and one.undoes is None)


def _verb(one: TaskEvent) -> str:
    if one.undoes is not None:
        return "undone"
    return "moved" if one.type == "updated" and MOVED & one.changed.keys() else VERBS[one.type]


def _local(turn: Turn, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(turn.settings.zone))


def _said(turn: Turn, at: datetime, *, day: bool) -> str:
    """`9am`; with its day `Mon 9am`, `today 9:12am`."""
    clock = say_clock(time(at.hour, at.minute), turn.hours)
    return f"{say_day(at.date(), turn.today)} {clock}" if day else clock


def _page(head: str, lines: Sequence[str]) -> str:
    """As many lines as a reply holds, and how many are left out."""
    shown = len(lines)
    while shown > 1 and not fits(_with(head, lines, shown)):
        shown -= 1
    return _with(head, lines, shown)


def _with(head: str, lines: Sequence[str], shown: int) -> str:
    left = len(lines) - shown
    return phrases.reply(head, *lines[:shown], phrases.not_shown(left) if left else "")
