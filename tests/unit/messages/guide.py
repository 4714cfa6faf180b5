"""docs/conversations.md as test data: its scenarios, their todos as tasks, and the templates of section 4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

import yaml

from shared.language.model import Moment, Priority, Reminder, Repeat
from shared.todos.model import Status, Task

GUIDE = Path(__file__).parents[3] / "docs" / "conversations.md"

RULES = {
    "every day": "FREQ=DAILY",
    "every week": "FREQ=WEEKLY",
    "every 2 weeks": "FREQ=WEEKLY;INTERVAL=2",
    "every month": "FREQ=MONTHLY",
    "every weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "every Mon and Thu": "FREQ=WEEKLY;BYDAY=MO,TH",
    "every 3rd Fri": "FREQ=MONTHLY;BYDAY=3FR",
    "every last day": "FREQ=MONTHLY;BYMONTHDAY=-1",
    "every 31st or last day": "FREQ=MONTHLY;BYMONTHDAY=31",
    "every 12 hours": "FREQ=HOURLY;INTERVAL=12",
    "every day until Fri 4 Dec": "FREQ=DAILY;UNTIL=20261204",
    "every day until Wed": "FREQ=DAILY;UNTIL=20261125",
    "3 days after done": "FREQ=DAILY;INTERVAL=3",
}
"""The repeats of the scenarios, as rules: written down here, not computed."""


@lru_cache(maxsize=1)
def scenarios() -> list[dict[str, Any]]:
    """Every scenario, in order."""
    return [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)]


def scenario(name: str) -> dict[str, Any]:
    """One scenario."""
    return next(each for each in scenarios() if each["id"] == name)


def now_of(scene: Mapping[str, Any]) -> datetime:
    """The scenario's first moment, in the person's zone."""
    return datetime.fromisoformat(scene["now"]).astimezone(ZoneInfo(scene["zone"]))


def task_of(data: Mapping[str, Any], zone: str) -> Task:
    """A todo of a scenario as the task we would hold."""
    there = ZoneInfo(zone)
    due, end = (moment_of(data.get(key), there) for key in ("due", "end"))
    remind = moment_of(data.get("remind"), there)
    done = moment_of(data.get("done"), there)
    return Task(
        id=uuid5(NAMESPACE_OID, str(data["n"])),
        number=data["n"],
        title=data["title"],
        status=Status.DONE if done else Status.OPEN,
        due_day=due.day if due else None,
        due_at=due.at if due else None,
        end_day=end.day if end else None,
        end_at=end.at if end else None,
        zone=zone,
        repeat=repeat_of(data.get("every")),
        remind=(Reminder(at=remind),) if remind else (),
        priority=Priority(data.get("pri") or "medium"),
        tags=tuple(data.get("tags") or ()),
        note=data.get("note") or "",
        created_at=datetime(2026, 1, 1, tzinfo=there),
        completed_at=datetime.combine(done.day, time(12), there) if done else None,
    )


def repeat_of(said: str | None) -> Repeat | None:
    """A repeat as the scenarios write it."""
    return Repeat(rrule=RULES[said], after_done=said.endswith("after done")) if said else None


def local_of(value: str | datetime, zone: str) -> datetime:
    """A local time of a scenario, aware."""
    return datetime.fromisoformat(str(value)).replace(tzinfo=ZoneInfo(zone))


def moment_of(value: str | date | datetime | None, there: ZoneInfo) -> Moment | None:
    """A local day or time of a scenario."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    if value is None:
        return None
    if isinstance(value, datetime):
        return Moment(day=value.date(), at=value.replace(tzinfo=there))
    return Moment(day=value)


def templates() -> Iterator[tuple[str, str]]:
    """The table of section 4: event and template, one by one."""
    for row in re.findall(r"^\|(.+)\|$", GUIDE.read_text().split("## 4.", 1)[1], re.MULTILINE):
        cells = [cell.strip() for cell in row.split("|")]
        if len(cells) == 2 and cells[1].startswith("`"):
            yield from ((cells[0], template) for template in re.findall(r"`([^`]+)`", cells[1]))


def pattern(template: str) -> re.Pattern[str]:
    """What fits a template: anything stands in its angle brackets."""
    parts = re.split(r"(<[^>]+>)", template)
    return re.compile("".join(".+?" if part.startswith("<") else re.escape(part) for part in parts), re.DOTALL)
