"""Which of the person's todos a command is about.

A `Ref` may name todos (numbers, "the second", "it", "last") and it may describe them (words, a tag, overdue, a day, "all").
What it names adds up; what it describes narrows down. `resolve` says which tasks those are, which numbers nobody holds, whether
the fit was a guess, and whether several fit where one was meant: then the conversation asks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from shared.language.model import Ref
from shared.messages import lists, writing
from shared.todos import matching
from shared.todos.errors import NoMatch, NothingThere
from shared.todos.model import Status, Task
from shared.todos.turn import Turn


@dataclass(frozen=True, slots=True)
class Found:
    """What a `Ref` came to."""

    tasks: tuple[Task, ...] = ()
    missing: tuple[int, ...] = ()
    """Numbers that no such task holds."""
    guess: bool = False
    """The words fit only by a typo, the start of a word or most of the words."""
    choice: bool = False
    """Several tasks fit a description of one: ask which."""


def resolve(turn: Turn, ref: Ref, *, statuses: tuple[Status, ...] = (Status.OPEN,)) -> Found:
    """The tasks `ref` means, among those of `statuses` (earlier ones preferred).

    Raises:
        NoMatch: it describes by words or tag, and nothing fits.
        NothingThere: it describes by day or state, and there is nothing.
    """
    named = _named(turn, ref, statuses)
    if not describes(ref) or (_means_shown(turn, ref) and named.tasks):
        return named
    described = _described(turn, ref, statuses)
    tasks = tuple(dict.fromkeys((*named.tasks, *described.tasks)))
    return replace(described, tasks=tasks, missing=named.missing)


def describes(ref: Ref) -> bool:
    """True when the reference gives a description rather than only names."""
    return bool(ref.words or ref.tag or ref.everything or ref.status or ref.day or ref.at)


def filters(ref: Ref) -> bool:
    """True when every todo of a kind is meant: by "all", a tag, a state or a day, not by a few words of one."""
    return bool(ref.everything or ref.tag or ref.status or ref.day)


def by_tag(turn: Turn, ref: Ref, statuses: tuple[Status, ...] = (Status.OPEN,)) -> Ref:
    """E.g. "all the groceries" where todos have #groceries and no title says so: what has that tag."""
    tasks = _of_kind(turn, ref, statuses) if ref.words and not ref.tag else []
    tag = matching.tag_named(ref.words, tasks)
    return ref.model_copy(update={"words": "", "tag": tag}) if tag and not matching.find(ref.words, tasks).tasks else ref


def say_where(turn: Turn, ref: Ref) -> str:
    """The description as a list's head says it: `overdue`, `with #shop`, `on Fri 27 Nov`; empty for plain "all"."""
    parts = (
        "" if ref.status in ("", "open") else ref.status,
        lists.on_day(ref.day.day, turn.today) if ref.day else "",
        lists.with_words(ref.words) if ref.words else "",
        lists.with_tag(ref.tag) if ref.tag else "",
    )
    return " ".join(filter(None, parts))


def added_last(turn: Turn) -> Task | None:
    """The open todo added last; a repeating todo counts as added when its series was."""
    last = turn.tasks.get(turn.dialogue.last_added) if turn.dialogue.last_added else None
    if last and last.status is Status.OPEN:
        return last
    first_ones = [task for task in turn.open if task.series_id in (None, task.id)]
    return max(first_ones or turn.open, key=lambda task: (task.created_at, task.number), default=None)


def spoken_of(turn: Turn) -> tuple[Task, ...]:
    """What "it" and "that" mean: the todos of the last reply that are still there."""
    tasks = (turn.tasks.get(task_id) for task_id in turn.dialogue.that)
    return tuple(task for task in tasks if task and task.status is not Status.DELETED)


def shown(turn: Turn) -> tuple[Task, ...]:
    """The todos of the last list or question that are still open, in the order shown."""
    held = (turn.numbered(number) for number in turn.dialogue.shown)
    return tuple(task for task in held if task)


def _named(turn: Turn, ref: Ref, statuses: tuple[Status, ...]) -> Found:
    tasks: list[Task] = []
    missing: list[int] = []
    for number in (*ref.numbers, *_by_position(turn, ref.ordinals)):
        held = turn.numbered(number, *statuses)
        if held:
            tasks.append(held)
        else:
            missing.append(number)
    if ref.last:
        tasks += filter(None, [added_last(turn)])
    if ref.that:
        tasks += spoken_of(turn)
    if ref.both:
        pair = shown(turn) if len(shown(turn)) == 2 else spoken_of(turn)
        tasks += pair if len(pair) == 2 else ()
    if _means_shown(turn, ref):
        tasks += shown(turn)
    return Found(tuple(dict.fromkeys(tasks)), tuple(missing), choice=ref.that and len(spoken_of(turn)) > 1)


def _means_shown(turn: Turn, ref: Ref) -> bool:
    """Right after a list, or a reminder, "all" is what it showed."""
    listed = bool(turn.reminded or (turn.dialogue.heard and turn.dialogue.heard["listed"]))
    return listed and ref.everything and not (ref.words or ref.tag or ref.status or ref.day)


def _by_position(turn: Turn, ordinals: Iterable[int]) -> list[int]:
    """The numbers of the first, the third, the last (-1) that was shown; of the whole list when nothing was."""
    places = turn.dialogue.shown or tuple(task.number for task in lists.order_tasks(turn.open, turn.local))
    return [places[i - 1 if i > 0 else i] for i in ordinals if i and -len(places) <= i <= len(places)]


def _described(turn: Turn, ref: Ref, statuses: tuple[Status, ...]) -> Found:
    ref = by_tag(turn, ref, statuses)
    tasks = _of_kind(turn, ref, statuses)
    if not ref.words:
        if not tasks:
            raise _nothing(turn, ref)
        return Found(tuple(tasks), choice=ref.at is not None and len(tasks) > 1)
    match = matching.find(ref.words, tasks)
    if ref.at and len(tasks) == 1 and not match.tasks:
        return Found(tuple(tasks), guess=True)  # "my 3pm meeting" is whatever is at 3pm
    if not match.tasks:
        if each := _one_each(ref.words, tasks):
            return each
        raise _nothing(turn, ref)
    several = len(match.tasks) > 1 and not ref.everything
    return Found(match.tasks, guess=match.guess, choice=several)


def _one_each(words: str, tasks: list[Task]) -> Found | None:
    """A todo for each part of "eggs and bread", if every part fits exactly one."""
    matches = [matching.find(part, tasks) for part in words.split(" and ")]
    if len(matches) == 1 or any(len(match.tasks) != 1 for match in matches):
        return None
    return Found(tuple(match.tasks[0] for match in matches), guess=any(match.guess for match in matches))


def _of_kind(turn: Turn, ref: Ref, statuses: tuple[Status, ...]) -> list[Task]:
    """The tasks that the state, the day and the tag leave."""
    wanted = (Status.DONE,) if ref.status == "done" else statuses[:1]
    tasks = [task for status in wanted for task in _once_a_series(turn.having(status))]
    if ref.status == "overdue":
        tasks = [task for task in tasks if writing.is_overdue(task, turn.local)]
    if ref.day:
        tasks = [task for task in tasks if local_day(turn, task) == ref.day.day]
    if ref.at:
        tasks = [task for task in tasks if task.due_at == ref.at.at]
    if ref.tag:
        tasks = [task for task in tasks if ref.tag.casefold() in (tag.casefold() for tag in task.tags)]
    return tasks


def _once_a_series(tasks: Iterable[Task]) -> list[Task]:
    """Of a repeating todo that was done several times only the last time."""
    latest: dict[object, Task] = {}
    for task in tasks:
        other = latest.get(task.series_id or task.id)
        if other is None or (task.completed_at or task.created_at) > (other.completed_at or other.created_at):
            latest[task.series_id or task.id] = task
    return list(latest.values())


def local_day(turn: Turn, task: Task) -> date | None:
    """The day the task is due on, in the person's zone; None without a date."""
    return task.due_at.astimezone(turn.local.tzinfo).date() if task.due_at else task.due_day


def _nothing(turn: Turn, ref: Ref) -> NoMatch | NothingThere:
    if ref.words:
        return NoMatch(writing.quoted(ref.words))
    return NoMatch(f"#{ref.tag}") if ref.tag else NothingThere(say_where(turn, ref))
