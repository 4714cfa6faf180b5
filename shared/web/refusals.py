"""What the rules of the todo list refuse, as problem details: a `type` of its own for each, told on the readable page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from shared.todos import errors
from shared.todos.errors import TodoRefused
from shared.web.problems import KINDS, Problem


@dataclass(frozen=True, slots=True)
class Refusal:
    """How one error of the rules is answered."""

    status: int
    title: str


REFUSALS: Final[dict[type[TodoRefused], Refusal]] = {
    errors.TitleEmpty: Refusal(422, "A todo needs words."),
    errors.TitleTooLong: Refusal(422, "A todo's title has at most 255 characters."),
    errors.TimeIsOver: Refusal(422, "A date or time was stated that has passed."),
    errors.DateTooFar: Refusal(422, "A date lies before the year 2 or after 2999."),
    errors.EndUnfit: Refusal(422, "The end must not be before the begin, and have a time of day if the begin has one."),
    errors.ReminderUnfit: Refusal(422, "A reminder counts from the todo's date, and it has none."),
    errors.RepeatUnreadable: Refusal(422, "The rule is no RRULE that is taken here, or it never comes."),
    errors.PlaceUnknown: Refusal(422, "No place or zone has that name."),
    errors.PlaceUnclear: Refusal(422, "Several places have that name."),
    errors.TodoGone: Refusal(404, "There is no such todo."),
    errors.NoSuchTodo: Refusal(404, "No todo has that number."),
    errors.AlreadyDone: Refusal(409, "The todo is done: reopen it first."),
    errors.AlreadyOpen: Refusal(409, "The todo is open already."),
    errors.NoMail: Refusal(409, "An address for mails is confirmed by text first."),
    errors.NoAddress: Refusal(409, "An address for mails is confirmed by text first."),
    errors.NothingToUndo: Refusal(409, "There is nothing to take back, or to do again."),
}
"""Those that an operation of the API can meet; any other is a plain 422."""


def kind_of(error: type[TodoRefused]) -> str:
    """The `type` of an error: where the readable page tells of it."""
    return KINDS + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", error.__name__).lower()


def problem_of(refused: TodoRefused, **more: object) -> Problem:
    """The problem details of a refusal. `more`: further members."""
    refusal = REFUSALS.get(type(refused), Refusal(422, "The rules of the list say no."))
    return Problem(refusal.status, refused.reply, kind=kind_of(type(refused)), title=refusal.title, headers=None, **more)
