"""From a command to the todos it changes, by way of a question where that is open.

`targets` gives the tasks a job is about. It gives none when it asked instead: which of several, or which at all; the job then
waits in the question. Numbers that nobody holds are refused, each by name, while the others go ahead.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.language.model import Intent, Ref
from shared.messages import phrases, writing
from shared.messages.dates import listed
from shared.todos import matching, questions, references
from shared.todos.errors import AlreadyDone, NoMatch, NoSuchTodo, TodoGone
from shared.todos.model import Status, Task
from shared.todos.questions import Job, Question
from shared.todos.turn import Turn

ABOUT_THAT: Final = frozenset({Intent.EDIT, Intent.MOVE, Intent.SNOOZE})
"""Commands that mean the todo just spoken of when they name none: "remind me 1h before", "make it tomorrow"."""

TOLD: Final = 0.5
"""The language's confidence in a command that nobody gave: it was told that something is so."""

TWICE: Final = frozenset({Intent.DELETE, Intent.COMPLETE, Intent.SKIP})
TWICE_WITHIN: Final = timedelta(minutes=1)


def targets(turn: Turn, job: Job, *, statuses: tuple[Status, ...] = (Status.OPEN,)) -> tuple[Task, ...]:
    """The tasks the job is about, in the order said; none when a question was asked instead.

    Args:
        turn: the message at work.
        job: its command; `job.tasks` when they are settled already.
        statuses: where to look, the preferred first; words look only there.

    Raises:
        NoSuchTodo: none of the numbers is held.
        NoMatch, NothingThere: nothing fits the description.
        TodoGone: the settled tasks are not this person's, or went meanwhile.
    """
    if job.tasks is not None:
        return _still_there(turn, job.tasks)
    if job.among:
        questions.ask_which(turn, job.model_copy(update={"among": ()}), _still_there(turn, job.among), both=True)
        return ()
    ref = job.command.ref
    if ref.empty:
        ref = Ref(that=True) if job.command.intent in ABOUT_THAT else ref
    found = references.resolve(turn, ref, statuses=statuses)
    if found.choice:
        questions.ask_which(turn, job, found.tasks)
        return ()
    if found.missing:
        _refuse_missing(turn, found)
    elif not found.tasks:
        ask_what(turn, job)
    turn.answer.offer_undo |= found.guess
    if found.tasks and _would_do_twice(turn, job, found.tasks):
        _ask_again(turn, job, found.tasks)
        return ()
    return found.tasks


def _would_do_twice(turn: Turn, job: Job, tasks: tuple[Task, ...]) -> bool:
    """Some gateways deliver one text twice, under two ids: "delete last" would then delete two todos."""
    recent, command = turn.dialogue.recent, job.command
    again = command.intent in TWICE or (command.intent is Intent.MOVE and command.when and command.when.shift_seconds)
    if not (again and recent and any(task.status is Status.OPEN for task in tasks)):
        return False
    same = recent["id"] != turn.heard.id and recent["text"] == turn.words
    return same and turn.heard.at - datetime.fromisoformat(recent["at"]) <= TWICE_WITHIN


def _ask_again(turn: Turn, job: Job, tasks: tuple[Task, ...]) -> None:
    """Only what is still there to be done a second time; no other question follows."""
    left = tuple(task for task in tasks if task.status is Status.OPEN)
    named = turn.line(left[0]) if len(left) == 1 else listed([f"#{task.number}" for task in left])
    settled = job.model_copy(update={"tasks": tuple(task.id for task in left), "confirmed": True})
    questions.ask(turn, Question(kind="confirm", job=settled), phrases.ask_again(named, job.command.intent.capitalize()))


def open_targets(turn: Turn, job: Job) -> tuple[Task, ...]:
    """As `targets`, the open ones alone; those that are done already are refused, each by name."""
    tasks = targets(turn, job, statuses=(Status.OPEN, Status.DONE))
    done = [task for task in tasks if task.status is Status.DONE]
    turn.answer.refusals += [AlreadyDone(writing.done_line(task, turn.local)) for task in done]
    return tuple(task for task in tasks if task.status is Status.OPEN)


def done_by_words(turn: Turn, ref: Ref) -> Task | None:
    """The done todo that words fit without a guess: somebody says "done milk" twice."""
    try:
        found = references.resolve(turn, ref, statuses=(Status.DONE,))
    except NoMatch:
        return None
    return None if found.guess or found.choice else found.tasks[0]


def ask_what(turn: Turn, job: Job) -> None:
    """A verb came without its todo."""
    questions.ask(turn, Question(kind="what", job=job), phrases.which_for(job.command.intent))


def fitting(turn: Turn, ref: Ref) -> tuple[Task, ...]:
    """The open todos that a text may be about ("stamps tomorrow"), those that fit best; none by a guess."""
    return matching.find(ref.words, turn.open, at_least=matching.Grade.FORM).tasks if ref.words else ()


def fitting_each(turn: Turn, ref: Ref) -> tuple[Task, ...]:
    """The open todos that each word names, one for each ("i bought bread and milk"); none where one names none or several."""
    found = [matching.find(word, turn.open, at_least=matching.Grade.WORDS).tasks for word in ref.words.split()]
    alone = len(found) > 1 and all(len(tasks) == 1 for tasks in found)
    return tuple(dict.fromkeys(tasks[0] for tasks in found)) if alone else ()


def loosely(job: Job, tasks: tuple[Task, ...]) -> bool:
    """True when somebody only told about it ("the party is cancelled") and the words are but a part of the todo's title."""
    words, told = job.command.ref.words, job.command.confidence <= TOLD
    verb = job.command.intent is Intent.COMPLETE
    return told and bool(words) and not all(matching.says_all(words, task.title, verb=verb) for task in tasks)


def _still_there(turn: Turn, task_ids: tuple[UUID, ...]) -> tuple[Task, ...]:
    tasks = tuple(turn.tasks[task_id] for task_id in task_ids if task_id in turn.tasks)
    left = tuple(task for task in tasks if task.status is not Status.DELETED)
    if not left:
        raise TodoGone
    return left


def _refuse_missing(turn: Turn, found: references.Found) -> None:
    refused = NoSuchTodo(*found.missing)
    if not found.tasks:
        raise refused
    turn.answer.refusals.append(refused)
