"""What plays a scenario: the rules in memory here; the whole single box where its tests implement the same `Driver`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from shared.language import understand
from shared.language.model import Moment, Priority, Reminder, Repeat
from shared.messages import repeats as said_repeats
from shared.messages import writing
from shared.schedule import reminders, repeats
from shared.todos.model import Decision, Dialogue, Heard, RecordingWish, Revised, Settings, Status, Task, TaskEvent
from shared.todos.newcomer import settings_for, zone_at
from tests.making import creation
from tests.unit.conversations.scenarios import Scenario, day_or_time
from tests.unit.todos.memory import Memory

Shown = dict[str, Any]
"""A todo in the words of a scenario's `set`; `done` is None while it is open."""

RULES: Final = {
    "every day": "FREQ=DAILY",
    "every day until Wed": "FREQ=DAILY;UNTIL=20261125T235959Z",
    "every week": "FREQ=WEEKLY",
    "every weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "every 12 hours": "FREQ=HOURLY;INTERVAL=12",
    "every Mon and Thu": "FREQ=WEEKLY;BYDAY=MO,TH",
    "3 days after done": "FREQ=DAILY;INTERVAL=3",
}
"""The repeats that scenarios begin with."""


RECORDING: Final = "RE00000000000000000000000000000001"
"""The recording of a scenario that tries one again, and so the message it was."""


CODE: Final = "204817"
"""The code that a scenario gets by mail."""


class Driver(Protocol):
    """Plays one scenario at a time."""

    def begin(self, scenario: Scenario) -> None:
        """Set the clock, the person and their todos; a scenario may follow another."""

    def text(self, words: str, *, sid: str = "", quotes: int | None = None) -> str | None:
        """Send a text and give the reply; None when there is none. `quotes` the reminder of the todo with that number."""

    def wait(self, until: datetime, *, asleep: bool = False) -> list[str]:
        """Let time go by and give the texts that came by themselves; `asleep`: nothing happened before the end of it."""

    def voice(self, said: str, sure: Sequence[float]) -> str | None:
        """Send a voice note, heard as surely as `sure` (one for all of it, or one for each command), and give the reply."""

    def tasks(self) -> dict[int, Shown]:
        """The todos by number: open ones, and done ones whose number is free."""


class Rules:
    """The language and the rules alone, in memory."""

    def begin(self, scenario: Scenario) -> None:
        """A person with the scenario's todos."""
        self.channel = scenario.channel
        self.memory = Memory(
            tasks_before(scenario),
            settings=settings_before(scenario),
            known=scenario.known,
            now=scenario.now,
            dialogue=Dialogue(hints=dict(scenario.hints)),
            channel=scenario.channel,
        )
        self.memory.events += made_by_recording(scenario)
        self.recorded_at, self.heard = scenario.recorded_at, list(scenario.heard)

    def text(self, words: str, *, sid: str = "", quotes: int | None = None) -> str | None:
        """One message through `understand` and `decide`; what it wishes of a recording is answered as transcribe would."""
        self.memory.quoted = self.memory.reminders[quotes] if quotes else ()
        decision = self._decided(words, id=sid)
        wishes = [wish for wish in decision.wishes if wish.action == "hear_again"]
        return self._hear_again(wishes[0]) if wishes and self.heard else decision.reply

    def voice(self, said: str, sure: Sequence[float]) -> str | None:
        """One message as transcribe would give it."""
        return self._decided(said, origin="voice", stretches=stretches_of(said, sure)).reply

    def wait(self, until: datetime, *, asleep: bool = False) -> list[str]:
        """What is due on the way, as remind and digest would have it."""
        return self.memory.wait(until, asleep=asleep)

    def _decided(self, words: str, **fields: Any) -> Decision:
        memory = self.memory
        memory.sent += 1
        settings = memory.person.settings
        message = {"text": words, "at": memory.now, "channel": self.channel, "code": CODE, **fields}
        message["id"] = message.get("id") or f"SM{memory.sent:032x}"
        understanding = understand(words, memory.now, zone_at(settings, memory.now), settings.meanings)
        return memory.hears(Heard.model_validate(message), understanding)

    def _hear_again(self, wish: RecordingWish) -> str | None:
        """What follows when the recording is heard once more: the last one of the day, or the one spoken of."""
        assert (wish.day or wish.recording_id) in (self.recorded_at.date(), RECORDING)
        old, new = self.heard[0], self.heard[1]
        del self.heard[0]
        self.memory.sent += 1
        revised = Revised(
            id=f"{RECORDING}.{self.memory.sent}",
            recording_id=RECORDING,
            message_id=RECORDING,
            said_at=self.recorded_at,
            asked_at=self.memory.now,
            old=old,
            new=new,
        )
        return self.memory.hears_again(revised).reply

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
    if quiet := said.pop("quiet", ""):
        said["quiet_from"], said["quiet_to"] = (datetime.strptime(clock, "%I%p").time() for clock in quiet.split("-"))  # noqa: DTZ007 - only a time of day
    return settings.model_copy(update={**said, "meanings": meanings})


def tasks_before(scenario: Scenario) -> list[Task]:
    """The person's todos as a scenario begins."""
    return [_task(scenario, written) for written in scenario.tasks]


def made_by_recording(scenario: Scenario) -> list[TaskEvent]:
    """How the todos came about that a recording made."""
    made = tasks_before(scenario) if scenario.heard else []
    return [creation(task, RECORDING, index).model_copy(update={"at": scenario.recorded_at}) for index, task in enumerate(made)]


def stretches_of(said: str, sure: Sequence[float]) -> list[dict[str, Any]]:
    """How surely the parts of `said` were heard: all of it, or each command."""
    commands = understand(said, datetime.fromisoformat("2026-11-25T10:00-05:00"), "America/New_York").commands
    spans = [(0, len(said))] if len(sure) == 1 else [command.span for command in commands]
    return [{"start": s, "end": e, "probability": p} for (s, e), p in zip(spans, sure, strict=True) if e > s]


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
