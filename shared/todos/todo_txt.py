"""A person's todos as todo.txt has them: one line each, for the many programs that read it.

    (B) 2026-11-20 Pay rent @home due:2026-12-01 time:0900 rec:+1m
    x 2026-11-25 2026-11-20 Buy milk pri:C

The format's rules (github.com/todotxt/todo.txt): `x` and the day it was done, or a priority, come first; then the day it was made; a word
with `@` is a context, here a tag; `key:value` has neither spaces nor further colons. `due:` and `rec:` are what many programs add to
that: `rec:+1w` counts from the due day, `rec:1w` from when it is done, `b` are business days. A rule that `rec:` cannot say is written
as `rrule:` (RFC 5545); reminders and notes have no place.
"""

from __future__ import annotations

import re
from typing import Final
from zoneinfo import ZoneInfo

from shared.language.model import Priority, Repeat
from shared.todos.model import Status, Task

LETTERS: Final = {Priority.URGENT: "A", Priority.HIGH: "B", Priority.MEDIUM: "C", Priority.LOW: "D"}
UNITS: Final = {"DAILY": "d", "WEEKLY": "w", "MONTHLY": "m", "YEARLY": "y"}
WEEKDAYS: Final = {"FREQ": "WEEKLY", "BYDAY": "MO,TU,WE,TH,FR"}
#: What only says again what the due day says.
ANCHORS: Final = {"WEEKLY": {"BYDAY"}, "MONTHLY": {"BYMONTHDAY"}, "YEARLY": {"BYMONTH", "BYMONTHDAY"}, "DAILY": set[str]()}


def line(task: Task) -> str:
    """A todo, without the end of the line. One that was deleted is none, and has none."""
    zone = ZoneInfo(task.zone)
    made = task.created_at.astimezone(zone).date().isoformat()
    letter = LETTERS[task.priority]
    if task.status is Status.DONE and task.completed_at is not None:
        head = f"x {task.completed_at.astimezone(zone).date().isoformat()} {made}"
    else:
        head = f"({letter}) {made}"
    words = [head, " ".join(task.title.split()), *(f"@{'-'.join(tag.split())}" for tag in task.tags)]
    if task.due_day is not None:
        words.append(f"due:{task.due_day.isoformat()}")
    if task.due_at is not None:
        words.append(f"time:{task.due_at.astimezone(zone):%H%M}")
    if task.repeat is not None:
        words.append(_repeat(task.repeat))
    if task.status is Status.DONE:
        words.append(f"pri:{letter}")
    return " ".join(words)


def _repeat(repeat: Repeat) -> str:
    """As `rec:` where that can say it: every so many days, weekdays, weeks, months or years."""
    rule = dict(part.split("=", 1) for part in repeat.rrule.split(";"))
    strictly = "" if repeat.after_done else "+"
    every = rule.pop("INTERVAL", "1")
    if rule == WEEKDAYS and every == "1":
        return f"rec:{strictly}1b"
    frequency = rule.pop("FREQ")
    same_day = set(rule) <= ANCHORS.get(frequency, set()) and all(
        re.fullmatch(r"[A-Z]{2}|\d+", value) for value in rule.values()
    )
    if frequency in UNITS and same_day and not repeat.except_days:
        return f"rec:{strictly}{every}{UNITS[frequency]}"
    return f"rrule:{repeat.rrule}"
