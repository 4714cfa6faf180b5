"""How a time of day and a day are said.

Our own names of days and months: strftime follows the machine's locale.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_clock(t: time | datetime, hours: int = 12) -> str:
    """A time of day: `5pm`, `7:30pm`, `noon` (never 12pm), `12am`; with hours=24 `17:00`."""
    if hours == 24:
        return f"{t.hour:02}:{t.minute:02}"
    if (t.hour, t.minute) == (12, 0):
        return "noon"
    minutes = f":{t.minute:02}" if t.minute else ""
    return f"{t.hour % 12 or 12}{minutes}{'am' if t.hour < 12 else 'pm'}"


def say_weekday(day: date) -> str:
    """`Mon`."""
    return DAYS[day.weekday()]


def say_date(day: date, today: date) -> str:
    """A date in full: `Fri 4 Dec`, with its year when that is not this one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{say_weekday(day)} {day.day} {MONTHS[day.month - 1]}{year}"


def say_day(day: date, today: date, *, full: bool = False) -> str:
    """`today`, `tomorrow`, `yesterday`; `Fri` two to six days off (unless `full`); else the date in full."""
    away = (day - today).days
    if abs(away) <= 1:
        return ("today", "tomorrow", "yesterday")[away]
    if abs(away) <= 6 and not full:
        return say_weekday(day)
    return say_date(day, today)


def say_ordinal(number: int) -> str:
    """`1st`, `22nd`, `13th`; counted from the end `last`, `2nd last`."""
    if number < 0:
        return "last" if number == -1 else f"{say_ordinal(-number)} last"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in {11, 12, 13} else "th"
    return f"{number}{ending}"


def listed(names: list[str], word: str = "and") -> str:
    """`Mon`, `Mon and Thu`, `Mon, Wed and Fri`."""
    return f" {word} ".join(filter(None, (", ".join(names[:-1]), names[-1])))
