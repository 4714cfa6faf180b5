"""A repeat as it would be typed (rule 5), so that the language reads it back to the same rule.

What the next date shows already is not said again: the todo is due on a Friday, so "every week" is every Friday. When one
occurrence was moved away from its day, the rule's own day is named: "every Fri".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Final

from shared.language.model import Moment, Repeat
from shared.messages.dates import DAYS, MONTHS, listed, say_clock, say_date, say_day, say_ordinal
from shared.schedule import repeats

UNITS: Final = {
    "SECONDLY": "second",
    "MINUTELY": "minute",
    "HOURLY": "hour",
    "DAILY": "day",
    "WEEKLY": "week",
    "MONTHLY": "month",
    "YEARLY": "year",
}
DAY_NAMES: Final = dict(zip(repeats.WEEKDAYS, DAYS, strict=True))
WORKING_DAYS: Final = repeats.WEEKDAYS[:5]
BYDAY: Final = re.compile(r"([+-]?\d+)?([A-Z]{2})")


def say_repeat(repeat: Repeat, due: Moment | None, today: date) -> str:
    """The rule as it would be typed: `every 2 weeks`, `every 3rd Fri`, `3 days after done`, `every day until Fri 4 Dec`."""
    parts = repeats.parts_of(repeat.rrule)
    interval, unit = int(parts.get("INTERVAL", 1)), UNITS[parts["FREQ"]]
    after_done = f"{interval} {_plural(unit, interval)} after done"
    said = after_done if repeat.after_done else _say_rule(parts, interval, due)
    return f"{said}{_say_hours(parts)}{_say_exceptions(parts, repeat, today)}{_say_end(parts, today)}"


def _say_rule(parts: Mapping[str, str], interval: int, due: Moment | None) -> str:
    plain = f"every {UNITS[parts['FREQ']]}" if interval == 1 else f"every {interval} {UNITS[parts['FREQ']]}s"
    on, told = _say_days(parts, due.day if due else None)
    if not on or told:
        return plain
    if interval == 1:
        return f"every {on}"
    return f"{plain} on {on}" if parts["FREQ"] == "WEEKLY" else f"{plain} on the {on}"


def _say_days(parts: Mapping[str, str], due: date | None) -> tuple[str, bool]:
    """The days of the rule, and whether the due date tells them already."""
    if "BYDAY" in parts:
        return _say_weekdays(parts, due)
    if "BYMONTHDAY" in parts:
        return _say_month_days(parts, due)
    return "", False


def _say_weekdays(parts: Mapping[str, str], due: date | None) -> tuple[str, bool]:
    days = [(int(place or parts.get("BYSETPOS", 0)), name) for place, name in BYDAY.findall(parts["BYDAY"])]
    names = [name for _, name in days]
    if parts["FREQ"] in {"WEEKLY", "DAILY"}:
        ordered = sorted(names, key=repeats.WEEKDAYS.index)
        if ordered == list(WORKING_DAYS):
            return "weekday", False
        if len(ordered) == len(repeats.WEEKDAYS):
            return "day", False
        told = due is not None and names == [repeats.WEEKDAYS[due.weekday()]]
        return listed([DAY_NAMES[name] for name in ordered]), told
    of = f" of {_months(parts)}" if "BYMONTH" in parts else ""
    if sorted(names, key=repeats.WEEKDAYS.index) == list(WORKING_DAYS):
        return f"{say_ordinal(days[0][0])} weekday{of}", False
    if len(set(names)) == 1:
        return f"{listed([say_ordinal(place) for place, _ in days])} {DAY_NAMES[names[0]]}{of}", False
    return listed([f"{say_ordinal(place)} {DAY_NAMES[name]}" for place, name in days]) + of, False


def _say_month_days(parts: Mapping[str, str], due: date | None) -> tuple[str, bool]:
    days = [int(day) for day in parts["BYMONTHDAY"].split(",")]
    if parts.get("BYSETPOS") == "-1":  # the last of 28, 29, 30 and 31 that there is
        days = days[-1:]
    if parts["FREQ"] == "YEARLY":
        told = due is not None and days == [due.day] and _months(parts) == MONTHS[due.month - 1]
        return f"{listed([str(day) for day in days])} {_months(parts)}", told
    told = due is not None and days == [due.day] and due.day <= repeats.SHORTEST_MONTH
    return listed([_say_month_day(day) for day in days]), told


def _say_month_day(day: int) -> str:
    if day < 0:
        return f"{say_ordinal(day)} day"
    return say_ordinal(day) if day <= repeats.SHORTEST_MONTH else f"{say_ordinal(day)} or last day"


def _months(parts: Mapping[str, str]) -> str:
    return listed([MONTHS[int(month) - 1] for month in parts["BYMONTH"].split(",")])


def _say_hours(parts: Mapping[str, str]) -> str:
    """Several times a day; a single one is in the due date."""
    hours = parts.get("BYHOUR", "").split(",")
    if len(hours) < 2:
        return ""
    if parts["FREQ"] == "HOURLY":
        first, last = (say_clock(time(int(hour), int(parts.get("BYMINUTE", 0)))) for hour in (hours[0], hours[-1]))
        return f" from {first} to {last}"
    minute = int(parts.get("BYMINUTE", "0").split(",")[0])
    return f" at {listed([say_clock(time(int(hour), minute)) for hour in hours])}"


def _say_exceptions(parts: Mapping[str, str], repeat: Repeat, today: date) -> str:
    """The months and days left out: `except in Jul`, `except Fri 25 Dec`."""
    said = ""
    if "BYMONTH" in parts and parts["FREQ"] != "YEARLY" and not (parts["FREQ"] == "MONTHLY" and "BYDAY" in parts):
        kept = parts["BYMONTH"].split(",")
        said = f" except in {listed([name for month, name in enumerate(MONTHS, 1) if str(month) not in kept])}"
    if repeat.except_days:
        said += f" except {listed([say_date(day, today) for day in repeat.except_days])}"
    return said


def _say_end(parts: Mapping[str, str], today: date) -> str:
    if "COUNT" in parts:
        return f" {parts['COUNT']} {_plural('time', int(parts['COUNT']))}"
    until = repeats.until_of(parts)
    return f" until {say_day(until.date(), today)}" if until else ""


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
