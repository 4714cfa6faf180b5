"""A person's todos as iCalendar (RFC 5545), by the `icalendar` library: to take along, and to see in a calendar.

What is taken along are VTODOs, with everything a todo has. What a calendar program subscribes to are VEVENTs: Google Calendar, Apple's
Calendar, Outlook and Fastmail show no VTODO of a subscribed calendar (github.com/nextcloud/server/issues/38036), so each open todo with
a date is an event there. It takes nobody's time (TRANSP) and has no alarm: we remind by text, once.

A todo that repeats after it is done has no RRULE: its next time is not known before. One that repeats by the calendar has DTSTART beside
DUE, for RRULE counts from it; both are the same moment, as programs for todos write it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Component, Event, Timezone, Todo, vRecur

from shared.language.model import Priority, Reminder, Repeat
from shared.messages.writing import say_repeat
from shared.schedule.reminders import MORNING
from shared.todos.model import Settings, Status, Task

PRIORITIES: Final = {Priority.URGENT: 1, Priority.HIGH: 3, Priority.MEDIUM: 5, Priority.LOW: 9}
#: A zone's rules are written for so many years around now.
YEARS_BACK: Final = 5
YEARS_AHEAD: Final = 20
#: How often a program may look for changes; many look less often, whatever is said.
LOOK_AGAIN: Final = timedelta(hours=1)


def head(name: str) -> str:
    """The beginning of a calendar, up to its first component."""
    calendar = Calendar()
    calendar.add("prodid", "-//Jotline//Jotline 1//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)  # RFC 7986 section 5.1
    calendar.add("x-wr-calname", name)  # as programs knew it before
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})  # RFC 7986 section 5.7
    calendar.add("x-published-ttl", "PT1H")  # Outlook's name for it
    return _text(calendar).removesuffix(TAIL)


TAIL: Final = "END:VCALENDAR\r\n"


def todo(task: Task, settings: Settings, changed_at: datetime) -> str:
    """A todo as VTODO with its reminders.

    Args:
        task: open or done.
        settings: the person's: when they are reminded where nothing else is said.
        changed_at: when it was last changed, aware.
    """
    made = Todo()
    _describe(made, task, changed_at)
    made.add("created", task.created_at.astimezone(UTC))
    made.add("sequence", task.version - 1)
    made.add("priority", PRIORITIES[task.priority])
    made.add("status", "COMPLETED" if task.status is Status.DONE else "NEEDS-ACTION")
    if task.completed_at is not None:
        made.add("completed", task.completed_at.astimezone(UTC))
        made.add("percent-complete", 100)
    start, end = _start(task), _end(task)
    if end is not None or _rule(task) is not None:
        made.add("dtstart", start)
    if start is not None:
        made.add("due", end or start)
    for alarm in _alarms(task, settings):
        made.add_component(alarm)
    return _text(made)


def event(task: Task, changed_at: datetime) -> str:
    """An open todo with a date as VEVENT; empty for any other."""
    start = _start(task)
    if start is None or task.status is not Status.OPEN:
        return ""
    made = Event()
    _describe(made, task, changed_at)
    made.add("sequence", task.version - 1)
    made.add("dtstart", start)
    end = _end(task)
    if end is not None:
        made.add("dtend", end if isinstance(end, datetime) else end + timedelta(days=1))  # the first day after it
    made.add("transp", "TRANSPARENT")
    return _text(made)


def zone_rules(name: str, now: datetime) -> str:
    """The VTIMEZONE of a zone that times are given in."""
    return _zone_rules(name, now.year)


@lru_cache(maxsize=256)
def _zone_rules(name: str, year: int) -> str:
    rules = Timezone.from_tzid(
        name, first_date=date(year - YEARS_BACK, 1, 1), last_date=date(min(year + YEARS_AHEAD, 9999), 1, 1)
    )
    return _text(rules)


def zones_of(task: Task) -> tuple[str, ...]:
    """The zones whose rules must stand beside a todo."""
    return (task.zone,) if task.due_at is not None and task.zone != "UTC" else ()


def _describe(made: Component, task: Task, changed_at: datetime) -> None:
    """What todos and events have in common."""
    made.add("uid", f"{task.id}@jotline")
    made.add("dtstamp", changed_at.astimezone(UTC))
    made.add("last-modified", changed_at.astimezone(UTC))
    made.add("summary", task.title)
    if task.note:
        made.add("description", task.note)
    if task.tags:
        made.add("categories", list(task.tags))
    rule = _rule(task)
    if rule is not None and task.repeat is not None:
        made.add("rrule", rule)
        if task.repeat.except_days:
            made.add("exdate", [_on(day, task) for day in task.repeat.except_days])
    elif task.repeat is not None:
        made.add("comment", f"Repeats {say_repeat(task.repeat, None, changed_at.date())}")


def _rule(task: Task) -> vRecur | None:
    """The rule of a todo that repeats by the calendar. UNTIL is of the same kind as DTSTART (RFC 5545 section 3.3.10)."""
    repeat: Repeat | None = task.repeat
    if repeat is None or repeat.after_done or task.due_day is None:
        return None
    rule: vRecur = vRecur.from_ical(repeat.rrule)
    if "UNTIL" in rule:
        rule["UNTIL"] = [_until(one, task) for one in rule["UNTIL"]]
    return rule


def _until(end: date, task: Task) -> date:
    """A day for an all-day todo, an instant in UTC for one with a time."""
    zone = ZoneInfo(task.zone)
    if task.due_at is None:
        return end.astimezone(zone).date() if isinstance(end, datetime) and end.tzinfo else _day(end)
    if isinstance(end, datetime) and end.tzinfo:
        return end.astimezone(UTC)
    return datetime.combine(_day(end), time.max.replace(microsecond=0), zone).astimezone(UTC)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _start(task: Task) -> date | datetime | None:
    return task.due_at.astimezone(ZoneInfo(task.zone)) if task.due_at else task.due_day


def _end(task: Task) -> date | datetime | None:
    """Where it ends, if that is later: RFC 5545 wants DUE and DTEND behind DTSTART, and of the same kind."""
    end = task.end_at.astimezone(ZoneInfo(task.zone)) if task.due_at and task.end_at else None if task.due_at else task.end_day
    start = _start(task)
    return end if end is not None and start is not None and end > start else None


def _on(day: date, task: Task) -> date | datetime:
    """A single day that is left out, as its DTSTART would be."""
    start = _start(task)
    return datetime.combine(day, start.timetz()) if isinstance(start, datetime) else day


def _alarms(task: Task, settings: Settings) -> list[Alarm]:
    """The reminders of an open todo: as set, else as the person has all of theirs."""
    if task.status is not Status.OPEN:
        return []
    usual = (Reminder(before_seconds=settings.remind_before_seconds),) if task.due_at else ()
    return [alarm for alarm in (_alarm(reminder, task, settings) for reminder in task.remind or usual) if alarm]


def _alarm(reminder: Reminder, task: Task, settings: Settings) -> Alarm | None:
    """A reminder; of an all-day todo it counts from the morning of that day."""
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", task.title)
    if reminder.at is not None:
        at = reminder.at.at or datetime.combine(reminder.at.day, MORNING, ZoneInfo(task.zone))
        made.add("trigger", at.astimezone(UTC), parameters={"VALUE": "DATE-TIME"})
        return made
    if task.due_day is None or reminder.before_seconds is None:
        return None
    morning = settings.meanings.morning
    after_midnight = 0 if task.due_at else morning.hour * 3600 + morning.minute * 60
    related = "END" if _end(task) is None else "START"  # reminders come before it begins
    made.add("trigger", timedelta(seconds=after_midnight - reminder.before_seconds), parameters={"RELATED": related})
    return made


def _text(component: Component) -> str:
    """Its lines, folded at 75 octets (RFC 5545 section 3.1)."""
    return str(component.to_ical(sorted=False).decode())
