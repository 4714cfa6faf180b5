"""What a stated date or time does to a todo that may have one already.

"Friday" keeps the time of day, "7pm" keeps the day, "an hour later" counts from the date it has. The end of a range moves
along, and so do reminders set for a moment; a snooze ends with the date it belonged to. While somebody travels, what is due
after their return is kept in the zone they return to.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.language.model import Moment, Reminder, When
from shared.messages import writing
from shared.todos.errors import TimeIsOver
from shared.todos.model import Settings, Task


def checked(when: When | None) -> When | None:
    """A stated date or time, if a todo can still be due then.

    Raises:
        TimeIsOver: it was stated in so many words and has passed.
    """
    if when and when.over:
        raise TimeIsOver(when.over)
    return when


def zone_on(settings: Settings, day: date) -> str:
    """The IANA zone the person is in on `day`."""
    return settings.zone_home if settings.zone_until and day > settings.zone_until and settings.zone_home else settings.zone


def on_the_wall(task: Task, zone: str) -> Task:
    """The task as the clock on the wall shows it: one that is kept in another zone keeps its time of day.

    For writing only: the instants are not the task's own.
    """
    return task if task.zone == zone else task.model_copy(update=kept_on_the_wall(task, zone))


def kept_on_the_wall(task: Task, zone: str) -> dict[str, Any]:
    """The fields of a task that is to say the same times of day in `zone`."""
    return {
        "due_at": task.due_at and _same_wall(task.due_at, task.zone, zone),
        "end_at": task.end_at and _same_wall(task.end_at, task.zone, zone),
        "remind": tuple(_reminder_on_the_wall(reminder, task.zone, zone) for reminder in task.remind),
        "zone": zone,
    }


def due_fields(start: Moment | None, end: Moment | None, settings: Settings, *, said_in: str = "") -> dict[str, Any]:
    """The fields of a task due from `start` to `end`; all empty without a start.

    `said_in` is the zone whose wall clock the times are of, the person's own unless given.
    """
    if start is None:
        return {"due_day": None, "due_at": None, "end_day": None, "end_at": None}
    zone, there = zone_on(settings, start.day), said_in or settings.zone
    first, last = _in_zone(start, there, zone), _in_zone(end, there, zone) if end else None
    return {
        "due_day": first.day,
        "due_at": first.at,
        "end_day": last.day if last else None,
        "end_at": last.at if last else None,
        "zone": zone,
    }


def moved(task: Task, when: When, settings: Settings, local: datetime) -> dict[str, Any]:
    """The fields of `task` after it was given `when`.

    Args:
        task: as it is.
        when: what was stated.
        settings: the person's.
        local: when the message was sent, in the person's zone.
    """
    task = on_the_wall(task, settings.zone)
    old = _local(writing.due_of(task), local)
    start = _start(old, when, local)
    end = when.end or _end_moved_along(task, old, start, local)
    fields = due_fields(start, end, settings)
    kept = reminders_moved(task, old, start, local)
    return {**fields, "remind": tuple(_reminder_on_the_wall(reminder, settings.zone, fields["zone"]) for reminder in kept)}


def reminders_moved(task: Task, old: Moment | None, new: Moment, local: datetime) -> tuple[Reminder, ...]:
    """The reminders of a todo that goes from `old` to `new`: those set for a moment move with it, snoozes go.

    One that is over comes again, where its new moment is still to come: whoever was reminded of today's todo and moves it to tomorrow
    is reminded tomorrow.
    """
    kept = []
    for reminder in task.remind:
        at = reminder.at and _local(reminder.at, local)
        if at is None:
            kept.append(reminder)
        elif old is not None and at.at is not None and not reminder.again:
            again = _shifted_days(at, (new.day - old.day).days)
            kept += [Reminder(at=again)] if again.at is not None and again.at > local else []
    return tuple(kept)


def morning_of(day: date, settings: Settings, local: datetime) -> Moment:
    """The person's morning on `day`: when an all-day todo reminds."""
    at = datetime.combine(day, settings.meanings.morning, local.tzinfo).astimezone(UTC).astimezone(local.tzinfo)
    return Moment(day=day, at=at)


def _start(old: Moment | None, when: When, local: datetime) -> Moment:
    if when.shift_seconds is not None:
        return _shifted(old, when.shift_seconds, local)
    if old is None or (when.day_stated and (when.time_stated or when.start.at is not None)):
        return when.start
    if when.day_stated:
        return _at_time(when.start.day, old.at)
    kept = _at_time(old.day, when.start.at)
    return kept if kept.at is None or kept.at > local else when.start


def _shifted(old: Moment | None, seconds: int, local: datetime) -> Moment:
    """So much later: whole days keep the wall clock, hours and minutes are elapsed time."""
    days, rest = divmod(seconds, 86_400)
    if old is None or (old.at is None and rest):
        at = (local.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(local.tzinfo).replace(second=0, microsecond=0)
        return Moment(day=at.date(), at=at if rest else None)
    if not rest or old.at is None:
        return _shifted_days(old, days)
    at = (old.at.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(local.tzinfo)
    return Moment(day=at.date(), at=at)


def _shifted_days(moment: Moment, days: int) -> Moment:
    return _at_time(moment.day + timedelta(days=days), moment.at)


def _at_time(day: date, like: datetime | None) -> Moment:
    """`day` at the time of `like`, which is in the person's zone; a time that the clocks leave out comes an hour later."""
    if like is None:
        return Moment(day=day)
    at = datetime.combine(day, like.time(), like.tzinfo).astimezone(UTC).astimezone(like.tzinfo)
    return Moment(day=at.date(), at=at)


def _end_moved_along(task: Task, old: Moment | None, start: Moment, local: datetime) -> Moment | None:
    """The same length from the new start."""
    end = _local(writing.end_of(task), local)
    if end is None or old is None:
        return None
    if end.at and old.at and start.at:
        at = (start.at.astimezone(UTC) + (end.at.astimezone(UTC) - old.at.astimezone(UTC))).astimezone(local.tzinfo)
        return Moment(day=at.date(), at=at)
    return None if end.at or start.at else _shifted_days(end, (start.day - old.day).days)


def _local(moment: Moment | None, local: datetime) -> Moment | None:
    """The moment in the person's zone, which decides its day."""
    if moment is None or moment.at is None:
        return moment
    at = moment.at.astimezone(local.tzinfo)
    return Moment(day=at.date(), at=at)


def _in_zone(moment: Moment, zone: str, kept_in: str) -> Moment:
    """The same wall-clock time in the zone it is kept in."""
    if moment.at is None or zone == kept_in:
        return moment
    return Moment(day=moment.day, at=_same_wall(moment.at, zone, kept_in))


def _same_wall(at: datetime, zone: str, other: str) -> datetime:
    """The instant at which the clock in `other` says what it says in `zone` at `at`."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=ZoneInfo(other)).astimezone(UTC).astimezone(ZoneInfo(other))


def _reminder_on_the_wall(reminder: Reminder, zone: str, other: str) -> Reminder:
    if reminder.at is None or reminder.at.at is None:
        return reminder
    moved = Moment(day=reminder.at.day, at=_same_wall(reminder.at.at, zone, other))
    return reminder.model_copy(update={"at": moved})
