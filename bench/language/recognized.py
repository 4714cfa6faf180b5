"""What Recognizers-Text found, as a todo list needs it: its values and TIMEX expressions made into a due moment and an RRULE.

An entity is `[start, end, values]`; a value has `type`, `timex` and `value` or `start` and `end`. Ambiguous entities carry several
values: the first that is not over counts. Repeats are of type `set` and never resolved, so their TIMEX is read: `P2W`,
`XXXX-WXX-5T15`, `T09`, `(XXXX-WXX-1,XXXX-WXX-5,P4D)`.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

Entity = tuple[int, int, list[dict[str, str]]]

DAYS = "MO TU WE TH FR SA SU".split()
UNITS = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY", "TH": "HOURLY", "TM": "MINUTELY", "TS": "SECONDLY"}


def finding(entities: list[Entity], now: datetime) -> dict[str, Any]:
    """The repeat or else the first date, with a time that stands apart from it, and where they stand."""
    repeats = [each for each in entities if _type(each) == "set"]
    rrule = repeat(repeats, entities)
    if rrule:
        return {"rrule": rrule, "spans": [(start, end) for start, end, _ in repeats]}
    dated = [each for each in entities if _type(each) not in {"", "set", "duration"}]
    if not dated:
        return {}
    first, times = dated[0], [each for each in dated[1:] if _type(each) == "time"]
    start, end = moments(first[2], now)
    used = [first]
    if start and times and _type(first) == "date":
        start = f"{start[:10]}T{times[0][2][0]['value']}"
        used.append(times[0])
    return {"due": start, "due_end": end, "spans": [(at, to) for at, to, _ in used]}


def moments(values: list[dict[str, str]], now: datetime) -> tuple[str | None, str | None]:
    """Start and end of the first value that is not over, ISO 8601; what only has an end is due then."""
    pairs = [(_moment(value.get("start") or value.get("value"), now), _moment(value.get("end"), now)) for value in values]
    known = [pair for pair in pairs if pair[0] or pair[1]]
    if not known:
        return None, None
    wall = now.replace(tzinfo=None).isoformat()
    coming = [pair for pair in known if (pair[0] or pair[1] or "") >= (wall if "T" in (pair[0] or "") else wall[:10])]
    start, end = (coming or known[-1:])[0]
    if start and not coming and "time" in values[0]["type"] and "date" not in values[0]["type"]:
        start = (datetime.fromisoformat(start) + timedelta(days=1)).isoformat()  # a time of day that is over today
    return (start, end) if start else (end, None)


def repeat(repeats: list[Entity], entities: list[Entity]) -> str | None:
    """The RRULE of all repeats together: their period, their weekdays, their time of day."""
    rules = [rule for each in repeats for value in each[2][:1] if (rule := rule_of(value.get("timex", "")))]
    if not rules:
        return None
    merged = rules[0]
    if merged["FREQ"] == "WEEKLY":
        named = [rule_of(each[2][0].get("timex", "")) for each in entities if _type(each) == "date"]
        days = {day for rule in (*rules, *named) if rule for day in rule.get("BYDAY", "").split(",") if day in DAYS}
        if days:
            merged["BYDAY"] = ",".join(sorted(days, key=DAYS.index))
    return ";".join(f"{name}={value}" for name, value in merged.items())


def rule_of(timex: str) -> dict[str, str] | None:
    """The parts of the RRULE that a TIMEX expression means; None where it means none."""
    if period := re.fullmatch(r"P(T?)(\d+)([DWMYHS])", timex):
        return {"FREQ": UNITS[period[1] + period[3]], "INTERVAL": period[2]}
    if range_ := re.match(r"\(XXXX-WXX-(\d),XXXX-WXX-(\d)", timex):
        return {"FREQ": "WEEKLY", "BYDAY": ",".join(DAYS[int(range_[1]) - 1 : int(range_[2])])}
    date, _, time = timex.partition("T")
    clock = re.fullmatch(r"(\d\d)(?::(\d\d))?.*", time)
    at = {"BYHOUR": str(int(clock[1])), "BYMINUTE": str(int(clock[2] or 0))} if clock else {}
    days = _days_of(date)
    return days | at if days else None


def _days_of(date: str) -> dict[str, str] | None:
    if not date or date.endswith("-WE"):
        return {"FREQ": "WEEKLY", "BYDAY": "SA,SU"} if date else {"FREQ": "DAILY"}
    if weekday := re.fullmatch(r"XXXX-WXX-(\d)", date):
        return {"FREQ": "WEEKLY", "BYDAY": DAYS[int(weekday[1]) - 1]}
    if nth := re.fullmatch(r"XXXX-(\d\d)-WXX-(\d)-#(\d)", date):
        return {"FREQ": "YEARLY", "BYMONTH": str(int(nth[1])), "BYDAY": f"{nth[3]}{DAYS[int(nth[2]) - 1]}"}
    if yearly := re.fullmatch(r"XXXX-(\d\d)-(\d\d)|00(\d\d)-(\d\d)", date):  # "every aug 30" comes as 0030-08
        month, day = (yearly[1], yearly[2]) if yearly[1] else (yearly[4], yearly[3])
        return {"FREQ": "YEARLY", "BYMONTH": str(int(month)), "BYMONTHDAY": str(int(day))}
    if monthly := re.fullmatch(r"(?:XXXX-XX|\d{4}-\d\d)-(\d\d)", date):  # "every 4th of the month" comes as a date
        return {"FREQ": "MONTHLY", "BYMONTHDAY": str(int(monthly[1]))}
    return None


def _type(entity: Entity) -> str:
    return entity[2][0].get("type", "") if entity[2] else ""


def _moment(value: str | None, now: datetime) -> str | None:
    """A value as ISO 8601 wall clock; a time alone is today's."""
    if not value or not re.match(r"\d", value) or value.isdigit():
        return None
    return f"{now.date().isoformat()}T{value}" if re.match(r"\d\d:", value) else value.replace(" ", "T")
