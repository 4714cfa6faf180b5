"""Recurrence rules as programs write them (RFC 5545 section 3.3.10), read strictly: what is taken here surely comes, and soon enough.

A rule that never comes ("30 February") would be looked for through 400 years of the calendar, and one of seconds through billions of
them. So every part is checked, and those that only narrow days down are taken where few steps lead to the next day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Final
from zoneinfo import ZoneInfo

from shared.language.model import Moment, Repeat
from shared.schedule import repeats
from shared.schedule.reminders import instant_of
from shared.todos.errors import RepeatUnreadable
from shared.todos.recurring import rule_of_pattern

LONGEST: Final = 300
_NUMBER: Final = r"[+-]?0*[1-9]\d{0,2}"
_DAY: Final = r"(?:MO|TU|WE|TH|FR|SA|SU)"


def _list_of(one: str) -> re.Pattern[str]:
    return re.compile(rf"{one}(?:,{one})*")


PARTS: Final = {
    "FREQ": re.compile("HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY|MINUTELY"),
    "INTERVAL": re.compile(r"[1-9]\d{0,3}"),
    "COUNT": re.compile(r"[1-9]\d{0,4}"),
    "UNTIL": re.compile(r"\d{8}(?:T\d{6}Z?)?"),
    "WKST": re.compile(_DAY),
    "BYMONTH": _list_of(r"(?:0?[1-9]|1[0-2])"),
    "BYMONTHDAY": _list_of(r"[+-]?(?:0?[1-9]|[12]\d|3[01])"),
    "BYYEARDAY": _list_of(_NUMBER),
    "BYWEEKNO": _list_of(r"[+-]?(?:0?[1-9]|[1-4]\d|5[0-3])"),
    "BYDAY": _list_of(rf"(?:[+-]?(?:[1-9]|[1-4]\d|5[0-3]))?{_DAY}"),
    "BYHOUR": _list_of(r"(?:[01]?\d|2[0-3])"),
    "BYMINUTE": _list_of(r"[0-5]?\d"),
    "BYSETPOS": _list_of(_NUMBER),
}
"""Every part that is taken, and its values."""

_PLAIN_DAYS: Final = _list_of(_DAY)
_DAYS_OF_A_MONTH: Final = _list_of(rf"(?:[+-]?[1-5])?{_DAY}")
_FARTHEST: Final = {"DAILY": 6, "HOURLY": 24}
"""The longest interval that comes to every day of the week, or hour of the day: with a longer one BYDAY and BYHOUR may never come."""
_ALWAYS: Final = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_ALLOWED: Final[Mapping[str, set[str]]] = {
    "MINUTELY": set(),
    "HOURLY": {"BYDAY", "BYHOUR", "BYMINUTE"},
    "DAILY": {"BYDAY", "BYMONTH", "BYHOUR", "BYMINUTE"},
    "WEEKLY": {"BYDAY", "BYMONTH", "BYHOUR", "BYMINUTE"},
    "MONTHLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "BYSETPOS"},
    "YEARLY": {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYHOUR", "BYMINUTE", "BYSETPOS"},
}
"""Which parts a frequency may have beside those that each has."""

_YEARS: Final = 40
"""A rule of every year comes within these: in the fifth Monday of February every 28 or 40."""


def read(pattern: str, start: Moment, zone: str) -> Repeat:
    """The rule, which comes at least once more after `start` unless it ends there.

    Args:
        pattern: `DAILY`, `WEEKLY`, `MONTHLY`, `YEARLY`, or the text of an RRULE.
        start: its first time.
        zone: the IANA zone its times of day are kept in.

    Raises:
        RepeatUnreadable: it is no rule, or it never comes.
    """
    try:
        rule = rule_of_pattern(pattern)
        parts = repeats.parts_of(rule)
        _check(parts)
        ends = repeats.until_of(parts)
        after = instant_of(start, ZoneInfo(zone), morning=time())
        years = min(_YEARS * int(parts.get("INTERVAL", 1)), repeats.YEARS_AHEAD)
        comes = repeats.next_due(Repeat(rrule=rule), start, zone, after=after, done_at=after, years_ahead=years)
    except (ValueError, OverflowError):
        raise RepeatUnreadable from None
    if (comes is None and ends is None and "COUNT" not in parts) or (ends and ends.date() < start.day):
        raise RepeatUnreadable
    return Repeat(rrule=rule)


def _check(parts: Mapping[str, str]) -> None:
    """Raises ValueError: a part is unknown, has no such value, or does not go with the others."""
    allowed = _ALWAYS | _ALLOWED.get(parts["FREQ"], set())
    wrong = [name for name, value in parts.items() if name not in allowed or not PARTS[name].fullmatch(value)]
    if wrong or len(repeats.rule_of(parts)) > LONGEST or {"COUNT", "UNTIL"} <= parts.keys():
        raise ValueError(wrong)
    narrowed = parts.keys() & {"BYDAY", "BYHOUR", "BYMINUTE"}
    far = narrowed and int(parts.get("INTERVAL", 1)) > _FARTHEST.get(parts["FREQ"], repeats.LONGEST_INTERVAL)
    no_places = "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
    if far or no_places or not _days_of(parts).fullmatch(parts.get("BYDAY", "MO")):
        raise ValueError("these parts do not go together")


def _days_of(parts: Mapping[str, str]) -> re.Pattern[str]:
    """What BYDAY may name: a fifth Monday in months, a fifty-third in years, none in weeks."""
    match parts["FREQ"]:
        case "MONTHLY":
            return _DAYS_OF_A_MONTH
        case "YEARLY":
            return _DAYS_OF_A_MONTH if "BYMONTH" in parts else PARTS["BYDAY"]
    return _PLAIN_DAYS
