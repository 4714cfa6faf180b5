"""Lists, questions about todos, one todo in full, and MORE.

A list is asked for by a `Query`; the same query is run again for MORE, which goes on with what was not shown yet, so that a
todo done in between is neither shown nor counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from shared.language.model import Priority, Query
from shared.messages import lists, phrases, segments, writing
from shared.todos import matching, references
from shared.todos.answer import fits
from shared.todos.errors import NothingThere
from shared.todos.model import Status, Task
from shared.todos.questions import Job
from shared.todos.targets import ask_what, targets
from shared.todos.turn import Turn

OPEN: Final = Query(what="open")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a query came to."""

    tasks: list[Task]
    head: str
    nothing: str
    named: date | None = None  # the day that the head names


def query(turn: Turn, job: Job) -> None:
    """Answer with a list."""
    asked = job.command.query or OPEN
    if asked.what == "next":
        _next_up(turn)
        return
    listing = _list(turn, asked)
    turn.understood(f"list {listing.nothing.removeprefix('Nothing ').split('.')[0]}")
    if not listing.tasks:
        turn.answer.said.append(listing.nothing)
        turn.note(shown=(), page=None)
        return
    _show_page(turn, asked, listing, seen=())


def more(turn: Turn, job: Job) -> None:
    """Go on with the last list, or begin with the whole one."""
    turn.understood("more")
    page = turn.dialogue.page
    asked = Query.model_validate(page["query"]) if page else OPEN
    listing = _list(turn, asked)
    if not listing.tasks:
        turn.answer.said.append(listing.nothing)
        return
    _show_page(turn, asked, listing, seen=tuple(UUID(seen) for seen in page["seen"]) if page else ())


def show(turn: Turn, job: Job) -> None:
    """Todos in full: the whole title, and the note."""
    if job.about_nothing:
        ask_what(turn, job)
        return
    tasks = targets(turn, job, statuses=(Status.OPEN, Status.DONE))
    for task in tasks:
        turn.answer.said.append(_in_full(turn, task, alone=len(tasks) == 1))
    turn.about(*tasks)
    turn.understood("show", *tasks)


def _in_full(turn: Turn, task: Task, *, alone: bool) -> str:
    """The whole of one todo, as far as a reply can hold it; of several their lines and notes."""
    line = writing.done_line(task, turn.local) if task.status is Status.DONE else turn.line(task, cut=not alone)
    note, text = task.note, phrases.reply(line, phrases.note(task.note) if task.note else "")
    while not fits(text) and note:
        note = segments.cut_before(note, len(note) * 9 // 10)
        text = phrases.reply(line, phrases.note(f"{note.rstrip()}..."))
    return text


def _next_up(turn: Turn) -> None:
    """The first that is to come; what is overdue only when nothing else has a date."""
    tasks = lists.order_tasks(turn.open, turn.local)
    if not tasks:
        raise NothingThere("")
    coming = [task for task in tasks if task.due_day and not writing.is_overdue(task, turn.local)]
    first = (coming or tasks)[0]
    turn.about(first)
    turn.understood("next", first)
    turn.answer.said.append(phrases.next_up(turn.line(first)))


def _show_page(turn: Turn, asked: Query, listing: Listing, *, seen: tuple[UUID, ...]) -> None:
    first = [task for task in listing.tasks if task.id in seen]
    ordered = [*first, *(task for task in listing.tasks if task.id not in seen)]
    done = asked.what == "done"
    lines = [writing.done_line(t, turn.local) if done else turn.line(t, named=listing.named) for t in ordered]
    page = _page(turn, lines, listing.head, len(first))
    on_it = ordered[page.start : page.stop]
    turn.answer.said.append(page.text)
    turn.about(*on_it)
    turn.note(
        shown=tuple(task.number for task in on_it),
        page={"query": asked.model_dump(mode="json"), "seen": [str(task.id) for task in (*first, *on_it)]},
    )


def _page(turn: Turn, lines: list[str], head: str, start: int) -> lists.Page:
    """The page that begins at `start`, shorter when the reply says something else before it."""
    before = turn.answer.compose()
    if before is None or start == len(lines):
        return lists.write_page(lines, head=head, start=start)
    least = phrases.reply(before, head, lines[start], phrases.more_left(len(lines)))
    if not fits(least):
        return lists.Page(phrases.reply(head, phrases.more_left(len(lines) - start)), start, start, len(lines))
    after_it = [*lines[:start], f"{before}\n{lines[start]}", *lines[start + 1 :]]
    page = lists.write_page(after_it, head=head, start=start)
    return replace(page, text=page.text.replace(f"{before}\n", "", 1))


def _list(turn: Turn, asked: Query) -> Listing:
    builds: dict[str, Callable[[Turn, Query], Listing]] = {
        "today": _today,
        "day": _day,
        "week": _range,
        "range": _range,
        "done": _done,
    }
    return builds.get(asked.what, _plain)(turn, asked)


def _listing(turn: Turn, tasks: list[Task], where: str, *, head: str = "", named: date | None = None) -> Listing:
    ordered = lists.order_tasks(tasks, turn.local)
    return Listing(ordered, head or lists.head(len(tasks), where), phrases.nothing(where), named)


def _today(turn: Turn, asked: Query) -> Listing:
    """What is due today, and what is overdue: it waits for today as well."""
    tasks = [task for task in _narrowed(turn, asked) if (day := _day_of(turn, task)) and day <= turn.today]
    tasks += [task for task in _narrowed(turn, asked) if task not in tasks and _lasts(turn, task, turn.today, turn.today)]
    overdue = sum(writing.is_overdue(task, turn.local) for task in tasks)
    return _listing(turn, tasks, "today", head=lists.head_today(len(tasks) - overdue, overdue), named=turn.today)


def _day(turn: Turn, asked: Query) -> Listing:
    day = asked.when.start.day if asked.when else turn.today
    if day == turn.today:
        return _today(turn, asked)
    tasks = [task for task in _narrowed(turn, asked) if _lasts(turn, task, day, day)]
    return _listing(turn, tasks, lists.on_day(day, turn.today), named=day)


def _range(turn: Turn, asked: Query) -> Listing:
    first, last = _bounds(turn, asked)
    if first == last:
        return _day(turn, asked)
    tasks = [task for task in _narrowed(turn, asked) if _lasts(turn, task, first, last)]
    return _listing(turn, tasks, _say_range(turn, first, last))


def _done(turn: Turn, asked: Query) -> Listing:
    """What was done, the latest first; at any time, or in the days that were named."""
    tasks = _narrowed(turn, asked, Status.DONE)
    where = "done"
    if asked.when:
        first, last, days = past_days(turn, asked)
        done_on = {task.id: task.completed_at.astimezone(turn.local.tzinfo).date() for task in tasks if task.completed_at}
        tasks = [task for task in tasks if task.id in done_on and first <= done_on[task.id] <= last]
        where = f"done {days}"
    return Listing(lists.order_done(tasks), lists.head(len(tasks), where), phrases.nothing(where))


def past_days(turn: Turn, asked: Query) -> tuple[date, date, str]:
    """The days that are asked about, as days that were: the first, the last, and how they are said."""
    first, last = _since(turn, *_bounds(turn, asked))
    return first, last, lists.on_day(first, turn.today) if first == last else _say_range(turn, first, last)


def _plain(turn: Turn, asked: Query) -> Listing:
    """Everything open, or what is overdue, has no date, a tag, or some words."""
    tasks = _narrowed(turn, asked)
    wheres: list[str] = []
    if asked.what == "overdue":
        tasks = [task for task in tasks if writing.is_overdue(task, turn.local)]
        wheres.append("overdue")
    if asked.what == "untimed":
        tasks = [task for task in tasks if task.due_day is None]
        wheres.append("without a date")
    if asked.priority:
        wheres.append(lists.with_priority(asked.priority))
    if asked.words:
        wheres.append(lists.with_words(asked.words))
    if asked.tag:
        wheres.append(lists.with_tag(asked.tag))
    listing = _listing(turn, tasks, " ".join(wheres) or "open")
    return listing if wheres else Listing(listing.tasks, listing.head, phrases.NOTHING_OPEN)


def _narrowed(turn: Turn, asked: Query, status: Status = Status.OPEN) -> list[Task]:
    """The tasks that the words, the tag and the priority of a query leave; what is urgent is of high priority as well."""
    tasks = turn.having(status)
    if asked.words:
        tasks = matching.holding(asked.words, tasks)
    if asked.tag:
        tasks = [task for task in tasks if asked.tag.casefold() in (tag.casefold() for tag in task.tags)]
    if asked.priority:
        wanted = {asked.priority, Priority.URGENT} if asked.priority is Priority.HIGH else {asked.priority}
        tasks = [task for task in tasks if task.priority in wanted]
    return tasks


def _bounds(turn: Turn, asked: Query) -> tuple[date, date]:
    """The first and the last day asked about; a week without dates is this one, from Monday to Sunday."""
    if asked.when and (asked.what != "week" or asked.when.end):
        start = asked.when.start.day
        return start, asked.when.end.day if asked.when.end else start
    some_day = asked.when.start.day if asked.when else turn.today
    monday = some_day - timedelta(days=some_day.weekday())
    return monday, monday + timedelta(days=6)


def _since(turn: Turn, first: date, last: date) -> tuple[date, date]:
    """A week or month that is still going on, seen from its beginning: what was done in it lies before today."""
    if first == turn.today < last:
        first = first.replace(day=1) if last - first > timedelta(days=6) else first - timedelta(days=first.weekday())
    return first, last


def _say_range(turn: Turn, first: date, last: date) -> str:
    monday = turn.today - timedelta(days=turn.today.weekday())
    for weeks, name in ((0, "this week"), (1, "next week"), (-1, "last week")):
        start = monday + timedelta(weeks=weeks)
        if last == start + timedelta(days=6) and start <= first <= max(start, turn.today):
            return name
    if (first, last) == (monday + timedelta(days=5), monday + timedelta(days=6)):
        return "this weekend"
    return lists.from_to(first, last, turn.today)


def _lasts(turn: Turn, task: Task, first: date, last: date) -> bool:
    """True when the task is due, or goes on, between the two days."""
    day = _day_of(turn, task)
    if day is None:
        return False
    end = task.end_at.astimezone(turn.local.tzinfo).date() if task.end_at else task.end_day
    return day <= last and (end or day) >= first


def _day_of(turn: Turn, task: Task) -> date | None:
    return references.local_day(turn, task)
