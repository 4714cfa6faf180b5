"""A person whose Decisions are kept in memory: storage as far as the rules can see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from shared.language.model import Command, Understanding
from shared.todos.decide import decide, needs_history
from shared.todos.model import Decision, Dialogue, Heard, Person, Settings, Status, Task, TaskEvent

PHONE = "+12125550142"
ZONE = "America/New_York"
NOW = datetime.fromisoformat("2026-11-25T10:00-05:00")


class Memory:
    """Gives the rules a message and keeps what they decide."""

    def __init__(
        self,
        tasks: Iterable[Task] = (),
        *,
        settings: Settings | None = None,
        known: bool = True,
        now: datetime = NOW,
    ) -> None:
        self.now = now
        self.sent = 0
        self.tasks = {task.id: task for task in tasks}
        self.events: list[TaskEvent] = []
        self.person = Person(
            id=uuid5(NAMESPACE_URL, PHONE), party=PHONE, phone=PHONE, known=known, settings=settings or Settings(zone=ZONE)
        )

    @property
    def open(self) -> dict[int, Task]:
        """The open tasks by number."""
        return {task.number: task for task in self.tasks.values() if task.status is Status.OPEN}

    def loaded(self, *, history: bool) -> Person:
        """The person as storage gives them: deleted tasks only together with the history."""
        tasks = tuple(task for task in self.tasks.values() if history or task.status is not Status.DELETED)
        return self.person.model_copy(update={"tasks": tasks, "history": tuple(reversed(self.events)) if history else ()})

    def hears(self, heard: Heard, understanding: Understanding) -> Decision:
        """Decide about a message, and keep the Decision."""
        person = self.loaded(history=needs_history(understanding))
        decision = decide(person, heard, understanding, now=self.now.astimezone(UTC))
        self.tasks |= {task.id: task for task in decision.tasks}
        self.events += decision.events
        dialogue = Dialogue.model_validate_json(decision.dialogue.model_dump_json())
        self.person = self.person.model_copy(update={"known": True, "settings": decision.settings, "dialogue": dialogue})
        return decision

    def says(self, *commands: Command, text: str = "", sid: str = "", later: timedelta = timedelta(0)) -> str | None:
        """Send a message that was understood as `commands`; the reply."""
        self.now += later
        self.sent += 1
        words = text or " ".join(command.text for command in commands) or "something"
        heard = Heard(id=sid or f"SM{self.sent:032x}", text=words, at=self.now)
        return self.hears(heard, Understanding(text=words, commands=commands)).reply
