"""Lists of todos: their order, the line that answers first, and pages that fit two segments.

A list answers in its head (`2 today, 1 overdue:`), shows what is over first, then what is to come by day, then what has no
date, and ends with what is left (`+6 more: text MORE`). A page is whatever fits two segments: one todo in another script makes
the whole text UCS-2, and the page shorter. The caller renders the lines (`writing.todo_line`) and keeps the order for MORE.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shared.language.model import Priority
from shared.messages import phrases, segments, writing
from shared.todos.model import Task

MOST_SEGMENTS: Final = 2
MOST_CHARACTERS: Final = 306  # two joined GSM-7 segments; no text with more characters fits
URGENCY: Final = {priority: -rank for rank, priority in enumerate(Priority)}


@dataclass(frozen=True, slots=True)
class Page:
    """One text of a list."""

    text: str
    start: int
    """Position of the first todo shown, from 0."""
    stop: int
    """Position after the last one shown: where MORE goes on."""
    total: int

    @property
    def more(self) -> int:
        """How many are left."""
        return self.total - self.stop


def order_tasks(tasks: Iterable[Task], now: datetime) -> list[Task]:
    """Open todos in rule 8's order; `now` is aware, in the person's zone.

    Overdue, oldest first; then by day, timed ones by time, all-day ones by priority and number; then those without a date by
    number.
    """
    return sorted(tasks, key=lambda task: _place(task, now))


def order_done(tasks: Iterable[Task]) -> list[Task]:
    """Done todos, the latest first."""
    return sorted(tasks, key=lambda task: (-(task.completed_at.timestamp() if task.completed_at else 0), task.number))


def on_day(day: date, today: date) -> str:
    """Where a day's list is, for `head` and `phrases.nothing`: `today`, `tomorrow`, `on Fri 27 Nov`."""
    said = writing.say_day(day, today, full=True)
    return said if abs((day - today).days) <= 1 else f"on {said}"


def from_to(first: date, last: date, today: date) -> str:
    """Where a range's list is: `from Fri 27 Nov to Sun 29 Nov`."""
    return f"from {writing.say_day(first, today, full=True)} to {writing.say_day(last, today, full=True)}"


def with_words(words: str) -> str:
    """Where a search's list is: `with "milk"`."""
    return f"with {writing.quoted(writing.cut_title(words))}"


def with_tag(tag: str) -> str:
    """Where a tag's list is: `with #home`."""
    return f"with #{writing.cut_title(tag)}"


def with_priority(priority: Priority) -> str:
    """Where a list by priority is: `with high priority`, `urgent`."""
    return "urgent" if priority is Priority.URGENT else f"with {priority.value} priority"


def head(count: int, where: str = "open") -> str:
    """A list's first line: `5 open:`, `2 tomorrow:`, `1 on Fri 27 Nov:`, `2 done this week:`, `1 with #home:`."""
    return f"{count} {where}:"


def head_today(today: int, overdue: int) -> str:
    """The first line of today's list, which shows what is overdue as well; a count of zero is left out."""
    counts = [f"{count} {where}" for count, where in ((today, "today"), (overdue, "overdue")) if count]
    return f"{', '.join(counts)}:"


def write_page(lines: Sequence[str], *, head: str, start: int = 0) -> Page:
    """The page of `lines` (all of the list's, in order) that begins at `start`: as many as two segments hold.

    The first page has the list's `head`, the next ones say where they are (`9 to 12 of 12:`); past the end it is
    `That was all 12.`
    """
    total = len(lines)
    if start >= total:
        return Page(f"That was all {total}.", total, total, total)
    page, characters = _page(lines, head, start, start + 1), 0
    for stop in range(start + 1, total + 1):
        characters += len(lines[stop - 1]) + 1
        if characters > MOST_CHARACTERS:
            break
        longer = _page(lines, head, start, stop)
        page = longer if _fits(longer.text) else page
    return page if _fits(page.text) else _cut_to_fit(lines, head, start)


def _place(task: Task, now: datetime) -> tuple[float, ...]:
    due = writing.due_of(task)
    if due is None:
        return (2, task.number)
    day = due.at.astimezone(now.tzinfo).date() if due.at else due.day
    within = (0, due.at.timestamp()) if due.at else (1, URGENCY[task.priority])
    return (0 if writing.is_overdue(task, now) else 1, day.toordinal(), *within, task.number)


def _page(lines: Sequence[str], head: str, start: int, stop: int) -> Page:
    total = len(lines)
    more = phrases.more_left(total - stop) if stop < total else ""
    return Page(phrases.reply(_head(head, start, stop, total), *lines[start:stop], more), start, stop, total)


def _head(head: str, start: int, stop: int, total: int) -> str:
    if start == 0:
        return head
    return f"{start + 1} to {stop} of {total}:" if stop > start + 1 else f"{stop} of {total}:"


def _fits(text: str) -> bool:
    return segments.count_segments(text).count <= MOST_SEGMENTS


def _cut_to_fit(lines: Sequence[str], head: str, start: int) -> Page:
    """One todo that alone is too long for a page (many tags, say) loses its end; SHOW gives the whole."""
    line, page = lines[start], _page(lines, head, start, start + 1)
    while not _fits(page.text):
        line = segments.cut_before(line, len(line) * 9 // 10)
        page = _page([*lines[:start], f"{line.rstrip()}...", *lines[start + 1 :]], head, start, start + 1)
    return page
