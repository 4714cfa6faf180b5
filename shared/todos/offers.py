"""The other reading of a date: `(Fri 4 Dec, not 27 Nov)` offers 27 Nov, and texting "27 nov" takes it.

An offer stands until the next message that is more than small talk, or for an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.language.model import Command, Intent, Moment, Understanding, When
from shared.todos import questions
from shared.todos.model import Task
from shared.todos.questions import Job
from shared.todos.turn import Turn

LAPSES_AFTER: Final = timedelta(hours=1)


def make(turn: Turn, task: Task, when: When | None) -> None:
    """Offer the reading of `when` that was not chosen, if its echo named one."""
    if when and when.aside and when.other:
        turn.note(offer={"task": str(task.id), "other": when.other.model_dump(mode="json"), "at": turn.clock.isoformat()})


def take(turn: Turn, understanding: Understanding) -> Job | None:
    """The job that takes the open offer; None when the message does not name it."""
    offer = turn.dialogue.offer
    if offer is None or len(understanding.commands) != 1:
        return None
    when = questions.stated(understanding.commands[0])
    other = Moment.model_validate(offer["other"])
    lapsed = turn.heard.at - datetime.fromisoformat(offer["at"]) > LAPSES_AFTER
    if lapsed or when is None or not understanding.commands[0].bare or not _names(when, other, turn):
        return None
    taken = When(start=other, day_stated=True, time_stated=other.at is not None, full=when.full)
    return Job(command=Command(intent=Intent.MOVE, when=taken), tasks=(UUID(offer["task"]),))


def lapse(turn: Turn, understanding: Understanding) -> None:
    """Withdraw the offer, unless the message is only small talk."""
    if any(command.intent is not Intent.CHAT for command in understanding.commands):
        turn.note(offer=None)


def _names(when: When, other: Moment, turn: Turn) -> bool:
    """True when the stated day (or the time of day, if only that was stated) is the other reading's."""
    if when.day_stated:
        return when.start.day == other.day and (when.start.at is None or when.start.at == other.at)
    if when.start.at is None or other.at is None:
        return False
    zone = turn.local.tzinfo
    return when.start.at.astimezone(zone).time() == other.at.astimezone(zone).time()
