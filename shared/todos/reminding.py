"""When a todo reminds: worked out anew whenever the todo, or a setting that counts, has changed.

A timed todo reminds at its time, or as long before as the person likes it, unless reminders were set for it; those come at
their moments. What somebody has set for an hour of the night comes at that hour. What only happens to fall into it waits until
their quiet hours are over: a repeat by hours or minutes, an all-day todo's reminder, and "always 12 hours before" as long as that
still comes before the todo is due.

A repeating todo reminds at every one of its times, also while an earlier one is not done: whoever forgets to text DONE once is
reminded all the same the next day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from shared.language.model import Moment, Reminder
from shared.messages import alerts, writing
from shared.schedule.quiet import after_quiet
from shared.schedule.reminders import remind_at
from shared.schedule.repeats import STEP_SECONDS, next_due, parts_of
from shared.todos import dates, questions
from shared.todos.carrier import wants_none
from shared.todos.model import Decision, Dialogue, Person, Settings, Status, Task
from shared.todos.preferences import in_force

LATE_AFTER: Final = timedelta(minutes=2)
"""A reminder that comes later than this after its time says that it is late."""
HINTS: Final = 3
"""How many reminders say how they can be answered."""
WAITING_AT_MOST: Final = timedelta(days=2)
"""A reminder that could not be sent for so long is not looked for any more when its todo changes."""
TIMES_LOOKED_AT: Final = 3
"""How many of a repeating todo's next times are looked at for a reminder: the first one may lie before now, like the day before."""
THAT_COUNT: Final = frozenset(
    {"zone", "zone_until", "zone_home", "quiet_from", "quiet_to", "remind_before_seconds", "meanings"}
)
"""The settings by which every todo's reminders are worked out."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder to come."""

    at: datetime
    """When it is sent, aware."""
    meant_for: datetime
    """When it would have been sent but for quiet hours."""


@dataclass(frozen=True, slots=True)
class Replanned:
    """What a decision does to a person's reminders."""

    tasks: tuple[UUID, ...] = ()
    """The todos whose reminders are worked out anew."""
    planned: tuple[tuple[UUID, Task, Planned], ...] = ()
    """The reminders these have now, each with its id."""
    added: tuple[tuple[UUID, Task, Planned], ...] = ()
    """Those of them that were not planned before."""
    waiting: tuple[UUID, ...] = ()
    """Reminders whose time has come and who may not have been sent yet: they stay."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What comes of reminders that are due."""

    text: str | None
    """What is sent; None where there is nothing to remind of, or nobody who wants to be texted."""
    tasks: tuple[Task, ...]
    """The todos it is about."""
    dialogue: Dialogue
    """As it is from then on: the answer to it will be read by this."""
    late: bool
    coming: tuple[tuple[UUID, Task, Planned], ...] = ()
    """What is planned next of those that repeat."""


def remind(person: Person, due: Iterable[datetime], now: datetime) -> Reminded:
    """The one text for all that is due for a person.

    Args:
        person: with the todos whose reminders are due, in their order.
        due: when these were to be sent, aware.
        now: aware.
    """
    tasks = tuple({task.id: task for task in person.tasks if task.status is Status.OPEN}.values())
    late = any(now - at > LATE_AFTER for at in due)
    settings = in_force(person.settings, now)
    repeating = (task for task in tasks if task.repeat)
    planned = tuple((id_, task, one) for task in repeating for id_, one in coming(task, settings, now).items())
    if not tasks or wants_none(person):
        return Reminded(None, (), person.dialogue, late, planned)
    hints = person.dialogue.hints.get("reminder", 0)
    said = text(tasks, settings, now.astimezone(ZoneInfo(settings.zone)), late=late, hint=hints < HINTS)
    ids = tuple(task.id for task in tasks)
    after = {
        "that": ids,
        "shown": tuple(task.number for task in tasks),
        "reminded": ids,
        "reminded_at": now,
        "hints": {**person.dialogue.hints, "reminder": hints + 1},
    }
    before = questions.interrupted(person.dialogue, by_reminder=True)
    return Reminded(said, tasks, before.model_copy(update=after), late, planned)


def replan(person: Person, decision: Decision, now: datetime) -> Replanned:
    """Work out the reminders anew of every todo that a decision touched; of all when a setting changed that counts.

    A reminder's id is made of the todo, its date and the moment: one that was sent is never planned again.
    """
    before = {task.id: task for task in person.tasks}
    tasks = {task.id: task for task in decision.tasks}
    old, new = (in_force(settings, now) for settings in (person.settings, decision.settings))
    if any(getattr(old, name) != getattr(new, name) for name in THAT_COUNT):
        tasks = {task.id: task for task in person.tasks if task.status is Status.OPEN} | tasks
    planned, added, waiting = [], [], []
    for task in tasks.values():
        was = before.get(task.id)
        known = coming(was, old, now) if was else {}
        for reminder_id, one in coming(task, new, now).items():
            planned.append((reminder_id, task, one))
            if reminder_id not in known:
                added.append((reminder_id, task, one))
        if was:
            lately = [_by_id(each, _of(each, by, now - WAITING_AT_MOST)) for each, by in ((was, old), (task, new))]
            waiting += [reminder_id for reminder_id, one in lately[1].items() if one.at <= now and reminder_id in lately[0]]
    return Replanned(tuple(tasks), tuple(planned), tuple(added), tuple(waiting))


def coming(task: Task, settings: Settings, now: datetime) -> dict[UUID, Planned]:
    """The reminders of a todo that are to come, by their ids."""
    return _by_id(task, plan(task, settings, now))


def _by_id(task: Task, planned: Iterable[Planned]) -> dict[UUID, Planned]:
    due = f"{task.due_at.timestamp():.0f}" if task.due_at else f"{task.due_day}"
    return {uuid5(task.id, f"{due}/{one.meant_for.timestamp():.0f}"): one for one in planned}


def plan(task: Task, settings: Settings, after: datetime) -> tuple[Planned, ...]:
    """The reminders of a todo that come later than `after`, the next first; none of one that is not open.

    Of a repeating todo it is those of its date, and when they are over those of the next time that has one.

    Args:
        task: as it is.
        settings: the person's, as they are in force.
        after: aware; usually now.
    """
    if planned := _of(task, settings, after):
        return planned
    for _ in range(TIMES_LOOKED_AT):
        following = _next_time(task, after)
        if following is None:
            break
        task = following
        if planned := _of(task, settings, after):
            return planned
    return ()


def _next_time(task: Task, after: datetime) -> Task | None:
    """The todo as it would be at its next time later than `after`; None when it does not repeat by the calendar, or has ended."""
    due = Moment(day=task.due_day, at=task.due_at) if task.due_day else None
    if task.status is not Status.OPEN or task.repeat is None or task.repeat.after_done or due is None:
        return None
    following = next_due(task.repeat, due, task.zone, after=after, done_at=after)
    if following is None:
        return None
    kept = tuple(reminder for reminder in task.remind if reminder.before_seconds is not None)
    due_then = {"due_day": following.moment.day, "due_at": following.moment.at, "repeat": following.repeat, "remind": kept}
    return task.model_copy(update=due_then)


def _of(task: Task, settings: Settings, after: datetime) -> tuple[Planned, ...]:
    """The reminders of a todo's own date that come later than `after`."""
    if task.status is not Status.OPEN:
        return ()
    moments = {at: reminder for reminder, at in _moments(task, settings) if at is not None}
    planned = (Planned(_sent_at(task, reminder, at, settings), at) for at, reminder in moments.items())
    return tuple(sorted((one for one in planned if one.at > after), key=lambda one: (one.at, one.meant_for)))


def text(tasks: Iterable[Task], settings: Settings, now: datetime, *, late: bool, hint: bool) -> str:
    """The text that reminds of these todos.

    Args:
        tasks: what it is about, the first due first.
        settings: the person's, as they are in force.
        now: aware, in the person's zone.
        late: it should have come before.
        hint: say how it can be answered.
    """
    return alerts.reminder([_line(task, settings, now) for task in tasks], late=late, hint=hint)


def _line(task: Task, settings: Settings, now: datetime) -> str:
    """The todo, with `(now)` where it is due now, for the first time or again."""
    again = _next_time(task, now - LATE_AFTER)
    if any(each.due_at and abs(each.due_at - now) < LATE_AFTER for each in (task, again) if each):
        return f"{writing.todo_title(task)} (now)"
    return writing.todo_line(
        dates.on_the_wall(task, settings.zone),
        now,
        hours=settings.meanings.hours,
        remind_before_seconds=settings.remind_before_seconds,
        morning=settings.meanings.morning,
    )


def _moments(task: Task, settings: Settings) -> Iterator[tuple[Reminder, datetime | None]]:
    """Each reminder with its instant; None where it counts from a date that is not there.

    The usual one is there unless others were set; a snooze is none of these. Where those were over before the todo was there ("today
    at 3, remind me the day before"), it has the usual one as well.
    """
    due = Moment(day=task.due_day, at=task.due_at) if task.due_day else None
    zone, morning = ZoneInfo(task.zone), settings.meanings.morning
    own = [(reminder, remind_at(reminder, due, zone, morning=morning)) for reminder in task.remind]
    yield from own
    if task.due_at and all(reminder.again or at is None or at <= task.created_at for reminder, at in own):
        usual = Reminder(before_seconds=settings.remind_before_seconds)
        yield usual, remind_at(usual, due, zone, morning=morning)


def _sent_at(task: Task, reminder: Reminder, at: datetime, settings: Settings) -> datetime:
    """Its moment, or the end of the quiet hours it falls into."""
    over = after_quiet(at, settings.quiet_from, settings.quiet_to, ZoneInfo(task.zone))
    usual_early = reminder not in task.remind and task.due_at is not None and at < task.due_at
    waits = not _stated(task, reminder) or (usual_early and task.due_at is not None and over < task.due_at)
    return over if waits else at


def _stated(task: Task, reminder: Reminder) -> bool:
    """Whether somebody chose the hour: by saying it, or by giving a todo its time of day."""
    if reminder.at is not None:
        return reminder.at.at is not None
    by_the_clock = task.repeat is None or parts_of(task.repeat.rrule)["FREQ"] not in STEP_SECONDS
    return task.due_at is not None and by_the_clock
