"""A person whose Decisions are kept in memory: storage as far as the rules can see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from shared.language import understand
from shared.language.model import Command, Understanding
from shared.todos.decide import decide, needs_history
from shared.todos.digests import morning, next_digest
from shared.todos.digests import text as digest_text
from shared.todos.model import Decision, Dialogue, Heard, Person, Revised, Settings, Status, Task, TaskEvent
from shared.todos.newcomer import zone_at
from shared.todos.preferences import in_force
from shared.todos.reminding import Planned, Replanned, remind, replan
from shared.todos.revising import revise

PHONE = "+12125550142"
ZONE = "America/New_York"
NOW = datetime.fromisoformat("2026-11-25T10:00-05:00")
PAST_THE_HINTS = Dialogue(hints={"reminder": 3, "digest": 1})


class Memory:
    """Gives the rules a message and keeps what they decide."""

    def __init__(
        self,
        tasks: Iterable[Task] = (),
        *,
        settings: Settings | None = None,
        known: bool = True,
        now: datetime = NOW,
        dialogue: Dialogue = PAST_THE_HINTS,
        channel: Literal["sms", "whatsapp"] = "sms",
    ) -> None:
        self.now = now
        self.sent = 0
        self.tasks = {task.id: task for task in tasks}
        self.events: list[TaskEvent] = []
        self.person = Person(
            id=uuid5(NAMESPACE_URL, PHONE),
            party=PHONE,
            phone=PHONE,
            known=known,
            settings=settings or Settings(zone=ZONE),
            dialogue=dialogue,
            channel=channel,
        )
        self.reminders: dict[int, tuple[UUID, ...]] = {}  # by the number of a todo: those of the last text that reminded of it
        self.quoted: tuple[UUID, ...] = ()  # the todos of the reminder that the next message quotes
        self._planned: dict[UUID, tuple[Task, Planned]] = {}
        self._digest_at = next_digest(self.person.settings, now)
        made = Decision(reply=None, tasks=tuple(self.tasks.values()), settings=self.person.settings, dialogue=dialogue)
        self._plan(replan(self.person, made, now))

    @property
    def open(self) -> dict[int, Task]:
        """The open tasks by number."""
        return {task.number: task for task in self.tasks.values() if task.status is Status.OPEN}

    def loaded(self, *, history: bool) -> Person:
        """The person as storage gives them: deleted tasks only together with the history."""
        tasks = tuple(task for task in self.tasks.values() if history or task.status is not Status.DELETED)
        past = tuple(reversed(self.events)) if history else ()
        return self.person.model_copy(update={"tasks": tasks, "history": past, "quoted": self.quoted})

    def hears(self, heard: Heard, understanding: Understanding) -> Decision:
        """Decide about a message, and keep the Decision."""
        person = self.loaded(history=needs_history(understanding))
        return self._keep(person, decide(person, heard, understanding, now=self.now.astimezone(UTC)))

    def wait(self, until: datetime, *, asleep: bool = False) -> list[str]:
        """Let time go by; the texts that came by themselves. `asleep`: nothing was done before the end of it."""
        came: list[str] = []
        while not asleep and (due := self._next_due()) and due < until:
            came += self._work(due)
        return came + self._work(until)

    def _next_due(self) -> datetime | None:
        moments = [planned.at for _, planned in self._planned.values()]
        return min((at for at in [*moments, self._digest_at] if at), default=None)

    def _work(self, now: datetime) -> list[str]:
        """What remind and digest do at an instant."""
        self.now = max(self.now, now)
        return [said for said in (self._remind(), self._digest()) if said]

    def _remind(self) -> str | None:
        due = {key: one for key, one in self._planned.items() if one[1].at <= self.now}
        if not due:
            return None
        for key in due:
            del self._planned[key]
        ordered = sorted(due.values(), key=lambda one: (one[1].meant_for, one[0].number))
        person = self.person.model_copy(update={"tasks": tuple(self.tasks[task.id] for task, _ in ordered)})
        made = remind(person, (planned.at for _, planned in ordered), self.now)
        self._say(made.dialogue)
        self.reminders |= {task.number: tuple(other.id for other in made.tasks) for task in made.tasks}
        return made.text

    def _digest(self) -> str | None:
        if self._digest_at is None or self._digest_at > self.now:
            return None
        person = self.loaded(history=False)
        made, self._digest_at = morning(person, self._digest_at, self.now), next_digest(person.settings, self.now)
        self._say(made.dialogue)
        settings = in_force(person.settings, self.now)
        local = self.now.astimezone(ZoneInfo(settings.zone))
        return digest_text(made.contents, settings, local, first=made.first) if made.outcome == "sent" else None

    def _say(self, dialogue: Dialogue) -> None:
        self.person = self.person.model_copy(update={"dialogue": Dialogue.model_validate_json(dialogue.model_dump_json())})

    def _plan(self, replanned: Replanned) -> None:
        kept = {key: one for key, one in self._planned.items() if one[0].id not in replanned.tasks or key in replanned.waiting}
        self._planned = kept | {key: (task, planned) for key, task, planned in replanned.planned}

    def _keep(self, person: Person, decision: Decision) -> Decision:
        self._plan(replan(person, decision, self.now))
        if decision.settings != person.settings:
            self._digest_at = next_digest(decision.settings, self.now)
        self.tasks |= {task.id: task for task in decision.tasks}
        self.events += decision.events
        dialogue = Dialogue.model_validate_json(decision.dialogue.model_dump_json())
        self.person = self.person.model_copy(update={"known": True, "settings": decision.settings, "dialogue": dialogue})
        return decision

    def hears_again(self, revised: Revised) -> Decision:
        """Decide about a recording that was heard again, and keep the Decision."""
        settings = self.person.settings
        zone = zone_at(settings, revised.said_at)
        old, new = (understand(words, revised.said_at, zone, settings.meanings) for words in (revised.old, revised.new))
        person = self.loaded(history=True)
        return self._keep(person, revise(person, revised, old, new, now=self.now.astimezone(UTC)))

    def says(self, *commands: Command, text: str = "", sid: str = "", later: timedelta = timedelta(0)) -> str | None:
        """Send a message that was understood as `commands`; the reply."""
        self.now += later
        self.sent += 1
        words = text or " ".join(command.text for command in commands) or "something"
        heard = Heard(id=sid or f"SM{self.sent:032x}", text=words, at=self.now)
        return self.hears(heard, Understanding(text=words, commands=commands)).reply
