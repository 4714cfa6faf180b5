"""What the rules refuse, each by its own name. The person is answered; the event is done.

    Refused                     (shared.policy.outcomes)
    └── TodoRefused             answers in the person's words
        ├── TitleEmpty          "add" without words
        ├── TitleTooLong        more than 255 characters
        ├── NoSuchTodo          a number nobody holds
        ├── NoMatch             words or a tag that no todo has
        ├── NothingThere        a filter that holds nothing
        ├── TodoGone            a todo of somebody else, or one that went meanwhile
        ├── TimeIsOver          a due time that has passed
        ├── AlreadyDone         done again
        ├── AlreadyOpen         reopened while open
        ├── DoesNotRepeat       "skip" on a todo that comes once
        ├── NothingToUndo       the history is used up
        ├── PlaceUnclear        several places of that name
        ├── PlaceUnknown        no place of that name
        ├── NoMail              no mail can be sent from here
        ├── NoAddress           nobody has said where mail is to go
        ├── TooManyCodes        more codes than a person needs in a day
        ├── RepeatUnreadable    a recurrence rule that is none, or never comes
        ├── EndUnfit            an end before its begin, or without one
        ├── ReminderUnfit       a reminder before a date that is not there
        ├── DateTooFar          a date after the year 2999
        ├── NoTodoHeard         spoken words that mean nothing we can do
        └── NotUnderstood       words that mean nothing we can do

Each carries the `reply`; `brief` stands in its place when other parts of the same message did change something, so that
"Nothing changed" is never said where it is not true.
"""

from __future__ import annotations

from shared.messages import phrases
from shared.policy.outcomes import Refused


class TodoRefused(Refused):
    """A rule of the todo list says no."""

    def __init__(self, reply: str, brief: str = "") -> None:
        super().__init__(reply)
        self.reply = reply
        self.brief = brief or reply


class TitleEmpty(TodoRefused):
    """A todo needs words."""

    def __init__(self) -> None:
        super().__init__(phrases.ADD_WHAT)


class TitleTooLong(TodoRefused):
    """A todo's title has at most 255 characters."""

    def __init__(self, characters: int) -> None:
        super().__init__(phrases.too_long(characters))
        self.characters = characters


class NoSuchTodo(TodoRefused):
    """No todo holds the number."""

    def __init__(self, *numbers: int) -> None:
        super().__init__(phrases.no_such(*numbers), phrases.no_such(*numbers, alone=False))
        self.numbers = numbers


class NoMatch(TodoRefused):
    """No todo has the words or the tag. `shown` is how they are written back: `"dentist"` in quotes, or `#home`."""

    def __init__(self, shown: str) -> None:
        super().__init__(phrases.no_match(shown), phrases.nothing(f"with {shown}"))


class NothingThere(TodoRefused):
    """A filter such as "overdue" or "today" holds nothing; `where` as in `phrases.nothing`."""

    def __init__(self, where: str) -> None:
        super().__init__(phrases.nothing(where) if where else phrases.NOTHING_OPEN)


class TodoGone(TodoRefused):
    """The todo is not this person's, or no longer: nobody ever reaches another person's todos."""

    def __init__(self) -> None:
        super().__init__(phrases.GONE)


class TimeIsOver(TodoRefused):
    """A due time was stated that has passed; `stated` as the person would say it, "Today 9am"."""

    def __init__(self, stated: str) -> None:
        super().__init__(phrases.is_over(stated))
        self.stated = stated


class AlreadyDone(TodoRefused):
    """The todo was done before."""

    def __init__(self, done_line: str) -> None:
        super().__init__(phrases.already_done(done_line))


class AlreadyOpen(TodoRefused):
    """The todo is open: there is nothing to reopen."""

    def __init__(self, line: str) -> None:
        super().__init__(phrases.already_open(line))


class DoesNotRepeat(TodoRefused):
    """Only a repeating todo has a time to skip."""

    def __init__(self, number: int) -> None:
        super().__init__(phrases.does_not_repeat(number))


class NothingToUndo(TodoRefused):
    """The history is used up."""

    def __init__(self, *, redo: bool = False) -> None:
        super().__init__(phrases.NOTHING_TO_REDO if redo else phrases.NOTHING_TO_UNDO)


class PlaceUnclear(TodoRefused):
    """Several places have that name."""

    def __init__(self, name: str) -> None:
        super().__init__(phrases.which_place(name))


class PlaceUnknown(TodoRefused):
    """No place has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(phrases.no_such_place(name))


class NoMail(TodoRefused):
    """No mail can be sent from here."""

    def __init__(self) -> None:
        super().__init__(phrases.NO_MAIL)


class NoAddress(TodoRefused):
    """Mail is wanted, and nobody has said where to."""

    def __init__(self) -> None:
        super().__init__(phrases.NO_ADDRESS)


class TooManyCodes(TodoRefused):
    """More codes were asked for than a person needs in a day."""

    def __init__(self) -> None:
        super().__init__(phrases.TOO_MANY_CODES)


class RepeatUnreadable(TodoRefused):
    """The recurrence rule is none of RFC 5545, or not one that ever comes."""

    def __init__(self) -> None:
        super().__init__(phrases.REPEAT_UNREADABLE)


class EndUnfit(TodoRefused):
    """The end of a todo's time lies before its begin, has none, or only one of the two has a time of day."""

    def __init__(self) -> None:
        super().__init__(phrases.END_UNFIT)


class ReminderUnfit(TodoRefused):
    """A reminder counts from the todo's date, and it has none."""

    def __init__(self) -> None:
        super().__init__(phrases.REMIND_WHEN)


class DateTooFar(TodoRefused):
    """The date is after the year 2999."""

    def __init__(self) -> None:
        super().__init__(phrases.DATE_TOO_FAR)


class NotUnderstood(TodoRefused):
    """The words mean nothing we can do; nothing changed. `words` are a part of a text that was understood otherwise."""

    def __init__(self, words: str = "") -> None:
        super().__init__(phrases.NOT_UNDERSTOOD, phrases.not_understood(words) if words else "")


class NoTodoHeard(TodoRefused):
    """What was spoken asks for nothing we can do; nothing changed. `words` are the whole of it, `part` the part in question."""

    def __init__(self, words: str, part: str) -> None:
        super().__init__(phrases.no_todo_heard(words), phrases.not_understood(part))
