"""The one way a date, a time and a todo are written, everywhere.

A todo is `#3 Pay rent (Tue 9am, every month, high) #home`: outside the brackets the person's own words, inside them what was
understood, in the order when, repeat, reminder, priority, note. Dates are said as people say them: `today 5pm`, `Fri`,
`Fri 4 Dec` from a week on, `Mon 4 Jan 2027` in another year, `was due Mon 9am` when over. Whatever is written here, the
language reads back to the same meaning.

`now` is always aware and in the person's zone; instants are shown in that zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from shared.language.model import Moment, Priority, Reminder
from shared.messages import segments
from shared.messages.dates import say_clock, say_date, say_day, say_weekday
from shared.messages.repeats import say_repeat
from shared.schedule import reminders
from shared.todos.model import Task

__all__ = [  # with what dates and repeats are said by: one import writes everything
    "cut_title",
    "done_line",
    "due_of",
    "end_of",
    "is_overdue",
    "quoted",
    "say_clock",
    "say_date",
    "say_day",
    "say_reminders",
    "say_repeat",
    "say_weekday",
    "say_when",
    "todo_line",
    "todo_title",
]

LONGEST_TITLE: Final = 40


def say_when(
    start: Moment,
    now: datetime,
    *,
    end: Moment | None = None,
    full: bool = False,
    hours: int = 12,
    named: date | None = None,
    settled: bool = False,
) -> str:
    """When something is, as rule 4 has it.

    Args:
        start: the day, or the instant.
        now: aware, in the person's zone.
        end: the end of a range: `3-5pm`, `Sat 12 Dec to Tue 15 Dec`.
        full: name the date even when it is near, because the person did.
        hours: 12 or 24.
        named: the day that the head of a list has named already; it is left out.
        settled: never `was due`: what is over is fine where it is (a done todo, say).
    """
    first, last = _local(start, now), _local(end, now) if end else None
    over = not settled and _is_over(last or first, now)
    day = "" if first.day == named else say_day(first.day, now.date(), full=full)
    if first.at is None:
        said = day + (f" to {say_day(last.day, now.date(), full=full)}" if last else "")
    elif last is None and not over and (first.at.hour, first.at.minute) == (0, 0):
        said = _say_midnight(first.day, now.date(), day, hours)
    else:
        said = f"{day} {_say_span(first.at, last, now, full=full, hours=hours)}"
    return f"was due {said.strip()}".strip() if over else said.strip()


def due_of(task: Task) -> Moment | None:
    """When the todo is due; None without a date."""
    return Moment(day=task.due_day, at=task.due_at) if task.due_day else None


def end_of(task: Task) -> Moment | None:
    """The end of its range, if it has one."""
    return Moment(day=task.end_day, at=task.end_at) if task.end_day else None


def is_overdue(task: Task, now: datetime) -> bool:
    """True when its time (or the end of its range) is over; an all-day todo is overdue from the next day on."""
    due = end_of(task) or due_of(task)
    return due is not None and _is_over(_local(due, now), now)


def todo_title(task: Task, *, cut: bool = True) -> str:
    """`#3 Pay rent`: the title alone, longer ones cut at a word."""
    return f"#{task.number} {cut_title(task.title) if cut else task.title}"


def cut_title(title: str) -> str:
    """The title, or its first 40 characters cut at a word with `...`."""
    if len(title) <= LONGEST_TITLE:
        return title
    start = title[: LONGEST_TITLE + 1].rsplit(" ", 1)[0].rstrip() if " " in title[: LONGEST_TITLE + 1].strip() else ""
    return (start or segments.cut_before(title, LONGEST_TITLE)) + "..."


def todo_line(
    task: Task,
    now: datetime,
    *,
    hours: int = 12,
    named: date | None = None,
    full: bool = False,
    aside: str | None = None,
    cut: bool = True,
    remind_before_seconds: int = 0,
    morning: time = reminders.MORNING,
) -> str:
    """The one line a todo is shown as (rule 2).

    Args:
        task: the todo as it is now.
        now: aware, in the person's zone.
        hours: 12 or 24.
        named: the day that the head of the list names.
        full: the person named a day of the month: so does the echo.
        aside: what the echo of a date adds, `not 27 Nov`.
        cut: cut a long title.
        remind_before_seconds: the person's default; only a reminder that differs is printed.
        morning: when an all-day todo's day begins, for a reminder "the day before".
    """
    due = due_of(task)
    said = say_when(due, now, end=end_of(task), full=full, hours=hours, named=named) if due else ""
    parts = (
        said,
        aside or "",
        say_repeat(task.repeat, due, now.date()) if task.repeat else "",
        say_reminders(task, now, hours=hours, remind_before_seconds=remind_before_seconds, morning=morning),
        "" if task.priority is Priority.MEDIUM else str(task.priority),
        "note" if task.note else "",
    )
    brackets = ", ".join(filter(None, parts))
    return todo_title(task, cut=cut) + (f" ({brackets})" if brackets else "") + "".join(f" #{tag}" for tag in task.tags)


def say_reminders(
    task: Task, now: datetime, *, hours: int = 12, remind_before_seconds: int = 0, morning: time = reminders.MORNING
) -> str:
    """`reminder 3pm`, `reminder Mon 9am and 5pm`: the reminders still to come that differ from the person's default."""
    due = due_of(task)
    usual = Reminder(before_seconds=remind_before_seconds)
    zone = now.tzinfo or UTC
    moments = {reminders.remind_at(reminder, due, zone, morning=morning) for reminder in task.remind if reminder != usual}
    coming = sorted((moment for moment in moments if moment is not None and moment > now), key=datetime.timestamp)
    said = [_say_reminder(moment, due, now, hours) for moment in coming]
    return f"reminder {' and '.join(said)}" if said else ""


def done_line(task: Task, now: datetime) -> str:
    """A done todo: `#5 Buy stamps (done yesterday)`."""
    if task.completed_at is None:
        return todo_title(task)
    return f"{todo_title(task)} (done {say_day(task.completed_at.astimezone(now.tzinfo).date(), now.date())})"


def quoted(words: str) -> str:
    """The person's words in quotes."""
    return f'"{words}"'


def _local(moment: Moment, now: datetime) -> Moment:
    """The moment in the person's zone, which decides its day."""
    if moment.at is None:
        return moment
    at = moment.at.astimezone(now.tzinfo)
    return Moment(day=at.date(), at=at)


def _is_over(moment: Moment, now: datetime) -> bool:
    return moment.at < now if moment.at else moment.day < now.date()


def _say_midnight(night_after: date, today: date, day: str, hours: int) -> str:
    """Midnight belongs to the night before it, and people mistake its date: both are said."""
    if (night_after - today).days == 1 and hours == 12:
        return "midnight tonight"
    return f"{day} {say_clock(time(0), hours)}, {say_weekday(night_after - timedelta(days=1))} night"


def _say_span(start: datetime, last: Moment | None, now: datetime, *, full: bool, hours: int) -> str:
    """`5pm`, `3-5pm`, `11am-2pm`, `5pm to Sun 6pm`."""
    said = say_clock(start, hours)
    if last is None or last.at is None:
        return said
    end = say_clock(last.at, hours)
    if last.day != start.date() and last.at - start >= timedelta(hours=12):
        return f"{said} to {say_day(last.day, now.date(), full=full)} {end}"
    return f"{said[:-2] if hours == 12 and said[-2:] == end[-2:] else said}-{end}"


def _say_reminder(moment: datetime, due: Moment | None, now: datetime, hours: int) -> str:
    """Only the time on the day it is due; else the day as well."""
    if due is not None and _local(due, now).day == moment.date():
        return say_clock(moment, hours)
    return say_when(Moment(day=moment.date(), at=moment), now, hours=hours)
