"""From a command to the todos it changes, by way of a question where that is open.

`targets` gives the tasks a job is about. It gives none when it asked instead: which of several, or which at all; the job then
waits in the question. Numbers that nobody holds are refused, each by name, while the others go ahead.
"""

from __future__ import annotations

from typing import Final

from shared.language.model import Intent, Ref
from shared.messages import phrases
from shared.todos import matching, questions, references
from shared.todos.errors import NoMatch, NoSuchTodo
from shared.todos.model import Status, Task
from shared.todos.questions import Job, Question
from shared.todos.turn import Turn

ABOUT_THAT: Final = frozenset({Intent.EDIT, Intent.MOVE, Intent.SNOOZE})
"""Commands that mean the todo just spoken of when they name none: "remind me 1h before", "make it tomorrow"."""


def targets(turn: Turn, job: Job, *, statuses: tuple[Status, ...] = (Status.OPEN,)) -> tuple[Task, ...]:
    """The tasks the job is about, in the order said; none when a question was asked instead.

    Args:
        turn: the message at work.
        job: its command; `job.tasks` when they are settled already.
        statuses: where to look, the preferred first; words look only there.

    Raises:
        NoSuchTodo: none of the numbers is held.
        NoMatch, NothingThere: nothing fits the description.
    """
    if job.tasks is not None:
        return tuple(turn.tasks[task_id] for task_id in job.tasks if task_id in turn.tasks)
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
    return found.tasks


def done_by_words(turn: Turn, ref: Ref) -> tuple[Task, ...]:
    """The done todo that words fit without a guess: somebody says "done milk" twice."""
    try:
        found = references.resolve(turn, ref, statuses=(Status.DONE,))
    except NoMatch:
        return ()
    return () if found.guess or found.choice else found.tasks


def ask_what(turn: Turn, job: Job) -> None:
    """A verb came without its todo."""
    questions.ask(turn, Question(kind="what", job=job), phrases.which_for(job.command.intent))


def fitting_once(turn: Turn, ref: Ref) -> Task | None:
    """The one open todo that a text may be about ("stamps tomorrow"); None unless exactly one fits without a guess."""
    if not ref.words:
        return None
    fits = matching.find(ref.words, turn.open, at_least=matching.Grade.FORM).tasks
    return fits[0] if len(fits) == 1 else None


def _refuse_missing(turn: Turn, found: references.Found) -> None:
    refused = NoSuchTodo(*found.missing)
    if not found.tasks:
        raise refused
    turn.answer.refusals.append(refused)
