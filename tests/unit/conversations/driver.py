"""What plays a scenario: the rules in memory here; the whole single box where its tests implement the same `Driver`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from shared.language import understand
from shared.language.model import Moment, Priority, Reminder, Repeat
from shared.messages import repeats as said_repeats
from shared.messages import writing
from shared.schedule import reminders, repeats
from shared.todos.model import Heard, Settings, Status, Task
from shared.todos.newcomer import settings_for, zone_at
from tests.unit.conversations.scenarios import Scenario, day_or_time
from tests.unit.todos.memory import Memory

Shown = dict[str, Any]
"""A todo in the words of a scenario's `set`; `done` is None while it is open."""

RULES: Final = {
    "every day": "FREQ=DAILY",
    "every day until Wed": "FREQ=DAILY;UNTIL=20261125T235959Z",
    "every week": "FREQ=WEEKLY",
    "every Mon and Thu": "FREQ=WEEKLY;BYDAY=MO,TH",
    "3 days after done": "FREQ=DAILY;INTERVAL=3",
}
"""The repeats that scenarios begin with."""


class Driver(Protocol):
    """Plays one scenario at a time."""

    def begin(self, scenario: Scenario) -> None:
        """Set the clock, the person and their todos; a scenario may follow another."""

    def text(self, words: str, *, sid: str = "") -> str | None:
        """Send a text and give the reply; None when there is none."""

    def tasks(self) -> dict[int, Shown]:
        """The todos by number: open ones, and done ones whose number is free."""


class Rules:
    """The language and the rules alone, in memory."""

    def begin(self, scenario: Scenario) -> None:
        """A person with the scenario's todos."""
        self.channel = scenario.channel
        self.memory = Memory(tasks_before(scenario), settings=settings_before(scenario), known=scenario.known, now=scenario.now)

    def text(self, words: str, *, sid: str = "") -> str | None:
        """One message through `understand` and `decide`."""
        memory = self.memory
        memory.sent += 1
        settings = memory.person.settings
        message = {"id": sid or f"SM{memory.sent:032x}", "text": words, "at": memory.now, "channel": self.channel}
        understanding = understand(words, memory.now, zone_at(settings, memory.now), settings.meanings)
        return memory.hears(Heard.model_validate(message), understanding).reply

    def tasks(self) -> dict[int, Shown]:
        """The todos as the person sees them."""
        return shown(self.memory.tasks.values(), self.memory.now)


def shown(tasks: Iterable[Task], now: datetime) -> dict[int, Shown]:
    """The todos by number, as `Driver.tasks` gives them."""
    order = (Status.DONE, Status.OPEN)
    kept = sorted((task for task in tasks if task.status in order), key=lambda task: order.index(task.status))
    return {task.number: _shown(task, now) for task in kept}


def _shown(task: Task, now: datetime) -> Shown:
    zone = ZoneInfo(task.zone)
    local = now.astimezone(zone)
    due = writing.due_of(task)
    moments = [reminders.remind_at(reminder, due, zone) for reminder in task.remind]
    coming = [moment for moment in moments if moment and moment > local]
    return {
        "n": task.number,
        "title": task.title,
        "due": _wall(task.due_day, task.due_at, zone),
        "end": _wall(task.end_day, task.end_at, zone),
        "every": said_repeats.say_repeat(task.repeat, due, local.date()) if task.repeat else None,
        "remind": coming[0].replace(tzinfo=None) if coming else None,
        "pri": None if task.priority is Priority.MEDIUM else str(task.priority),
        "note": task.note or None,
        "tags": list(task.tags) or None,
        "done": task.completed_at.astimezone(zone).date() if task.completed_at else None,
    }


def _wall(day: date | None, at: datetime | None, zone: ZoneInfo) -> date | datetime | None:
    return at.astimezone(zone).replace(tzinfo=None) if at else day


def settings_before(scenario: Scenario) -> Settings:
    """The person's settings as a scenario begins."""
    settings = settings_for(scenario.phone)
    assert settings.zone == scenario.zone, "the number tells the zone"
    said = dict(scenario.settings)
    meanings = settings.meanings.model_copy(update={"hours": said.pop("clock", 12)})
    return settings.model_copy(update={**said, "meanings": meanings})


def tasks_before(scenario: Scenario) -> list[Task]:
    """The person's todos as a scenario begins."""
    return [_task(scenario, written) for written in scenario.tasks]


def _task(scenario: Scenario, written: Mapping[str, Any]) -> Task:
    zone = ZoneInfo(scenario.zone)
    due, end = (_moment(written.get(key), zone) for key in ("due", "end"))
    task_id = uuid5(NAMESPACE_URL, f"{scenario.id}/{written['n']}")
    done = written.get("done")
    remind = _moment(written.get("remind"), zone)
    return Task(
        id=task_id,
        number=written["n"],
        title=written["title"],
        status=Status.DONE if done else Status.OPEN,
        due_day=due and due.day,
        due_at=due and due.at,
        end_day=end and end.day,
        end_at=end and end.at,
        zone=scenario.zone,
        repeat=_repeat(written.get("every"), due),
        series_id=task_id if written.get("every") else None,
        remind=(Reminder(at=remind),) if remind else (),
        priority=Priority(written.get("pri", "medium")),
        tags=tuple(written.get("tags", ())),
        note=written.get("note", ""),
        created_at=scenario.now - timedelta(days=30),
        completed_at=datetime.combine(done, time(12), zone) if done else None,
    )


def _moment(value: Any, zone: ZoneInfo) -> Moment | None:
    if value is None:
        return None
    said = day_or_time(value)
    if isinstance(said, datetime):
        return Moment(day=said.date(), at=said.replace(tzinfo=zone))
    return Moment(day=said)


def _repeat(every: str | None, due: Moment | None) -> Repeat | None:
    if every is None or due is None:
        return None
    return repeats.anchor(Repeat(rrule=RULES[every], after_done="after done" in every, said=every), due)
