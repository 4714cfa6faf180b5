"""What people say to a reminder: "done", "1h", "tomorrow", "skip".

Such words name no todo. Right after a reminder they are about the todo it was of; where it was of several, it is asked which. They
are for a day, through small talk and whatever else is about the same todos; anything else that is said ends it, and then "tomorrow"
is a list again. Hours and minutes repeat the reminder; a day or a time of day moves the todo. Who answers on WhatsApp by quoting a
reminder means that one, however old it is.
"""

from __future__ import annotations

from typing import Final

from shared.language.model import Command, Intent, Ref, Understanding
from shared.todos import questions
from shared.todos.model import Task
from shared.todos.questions import Job
from shared.todos.turn import Turn

OF_ONE: Final = frozenset({Intent.COMPLETE, Intent.SKIP, Intent.DELETE, Intent.SNOOZE, Intent.MOVE, Intent.EDIT})
"""What is done to the todo of a reminder without naming it."""
IN_PASSING: Final = frozenset({Intent.CHAT, Intent.ANSWER, Intent.WHY, Intent.HELP, Intent.UNDO, Intent.REDO, Intent.NONE})
"""What is said between a reminder and its answer."""
OTHER: Final = frozenset({Intent.QUERY, Intent.MORE, Intent.ADD})
"""What ends it even when it is about the same todos."""


def begin(turn: Turn) -> None:
    """A reminder that is quoted is the one that is answered."""
    quoted = [turn.tasks[task_id] for task_id in turn.person.quoted if task_id in turn.tasks]
    if quoted:
        ids, numbers = (tuple(task.id for task in quoted), tuple(task.number for task in quoted))
        turn.note(reminded=ids, reminded_at=turn.heard.at, that=ids, shown=numbers)


def settle(turn: Turn, job: Job) -> Job:
    """The job of what answers a reminder, with the todo it is about, or those it may be about."""
    reminded = turn.reminded
    if not reminded or job.tasks is not None or job.among:
        return job
    command = _moving(turn, job.command)
    if command.intent not in OF_ONE or not _unnamed(turn, command.ref):
        return job
    turn.answered_reminder = True
    meant = tuple(task.id for task in reminded)
    update = {"tasks": meant} if len(meant) == 1 else {"among": meant}
    return job.model_copy(update={"command": command.model_copy(update={"ref": Ref()}), **update})


def remember(turn: Turn, understanding: Understanding) -> None:
    """The reminder stays what is answered, or something else is spoken of now."""
    intents = {command.intent for command in understanding.commands}
    numbers = {turn.tasks[task_id].number for task_id in turn.dialogue.reminded if task_id in turn.tasks}
    same = turn.that and all(turn.tasks[task_id].number in numbers for task_id in turn.that)
    if not (turn.answered_reminder or intents <= IN_PASSING) and (not same or intents & OTHER):
        turn.note(reminded=(), reminded_at=None)
        return
    changed = {event.task_id for event in turn.events}
    waiting = tuple(task.id for task in turn.reminded if task.id not in changed)
    if waiting:  # of several; the only one may still be answered otherwise: "tomorrow", "no, friday"
        turn.note(reminded=waiting)


def leave(turn: Turn, task: Task) -> None:
    """A time that was skipped is answered for: another "skip" is not about the next one."""
    turn.note(reminded=tuple(task_id for task_id in turn.dialogue.reminded if task_id != task.id))


def _unnamed(turn: Turn, ref: Ref) -> bool:
    """True for no reference at all, and for "it" as long as that is the reminder's."""
    return ref.empty or (ref == Ref(that=True) and set(turn.dialogue.that) == set(turn.dialogue.reminded))


def _moving(turn: Turn, command: Command) -> Command:
    """A day or a time and nothing else moves the todo; a day that is no other than its own is a list to be shown."""
    when = questions.stated(command)
    if not command.bare or command.intent is not Intent.QUERY or when is None:
        return command
    own = {task.due_day for task in turn.reminded}
    if not when.time_stated and (when.start.day < turn.today or when.start.day in own):
        return command
    return command.model_copy(update={"intent": Intent.MOVE, "when": when, "query": None})
