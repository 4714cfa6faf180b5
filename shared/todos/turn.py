"""One message being worked off: the person's tasks as they change under it, and what it leads to.

A `Turn` starts from the `Person` as stored, collects events, settings, dialogue and the reply while the commands are carried
out in order, and ends as a `Decision`. It is the only mutable thing in the rules and never leaves `decide`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from shared.language.model import Command
from shared.messages import writing
from shared.todos import dates, numbers
from shared.todos.answer import Answer
from shared.todos.model import CodeMail, Decision, Dialogue, Heard, Person, RecordingWish, Settings, Status, Task, TaskEvent

EventType = Literal["created", "completed", "reopened", "updated", "deleted", "restored"]


REMINDED_FOR: Final = timedelta(days=1)
"""How long a reminder waits for its answer."""


@dataclass(slots=True)
class Turn:
    """The state between a message and its Decision."""

    person: Person
    heard: Heard
    clock: datetime  # only for what must be now: when a question was asked
    settings: Settings
    dialogue: Dialogue
    tasks: dict[UUID, Task]
    answer: Answer = field(default_factory=Answer)
    events: list[TaskEvent] = field(default_factory=list)
    carried_out: list[Command] = field(default_factory=list)
    read: list[tuple[str, tuple[int, ...], str]] = field(default_factory=list)  # for WHY: verb, numbers, the rest
    that: list[UUID] = field(default_factory=list)  # what "it" means from now on
    existing_changed: set[UUID] = field(default_factory=set)  # todos that were there before
    wishes: list[RecordingWish] = field(default_factory=list)
    mails: list[CodeMail] = field(default_factory=list)
    leaving: str = ""  # the receipt
    signs_out: bool = False
    command_index: int = 0
    item_index: int = 0
    doubted: bool = False  # something was not heard surely, and is asked back
    answered_reminder: bool = False
    silent: bool = False
    even_if_stopped: bool = False

    @classmethod
    def begin(cls, person: Person, heard: Heard, settings: Settings, *, now: datetime) -> Turn:
        """Start on a message with the settings as they are in force."""
        return cls(
            person=person,
            heard=heard,
            clock=now,
            settings=settings,
            dialogue=person.dialogue,
            tasks={task.id: task for task in person.tasks},
        )

    # --- what is so -----------------------------------------------------------------------------------------------

    @property
    def local(self) -> datetime:
        """When the message was sent, in the person's zone: what "today" means."""
        return self.heard.at.astimezone(ZoneInfo(self.settings.zone))

    @property
    def today(self) -> date:
        """The person's day."""
        return self.local.date()

    @property
    def words(self) -> str:
        """The text as it is compared with the last one."""
        return " ".join(self.heard.text.casefold().split())

    @property
    def hours(self) -> Literal[12, 24]:
        """How the person wants times written."""
        return self.settings.meanings.hours

    def having(self, status: Status) -> list[Task]:
        """The tasks of one status, by number."""
        return sorted((task for task in self.tasks.values() if task.status is status), key=lambda task: task.number)

    @property
    def open(self) -> list[Task]:
        """The open tasks, by number."""
        return self.having(Status.OPEN)

    @property
    def reminded(self) -> tuple[Task, ...]:
        """The todos of the reminder that was the last thing said: those that are open, unless it is quoted."""
        at = self.dialogue.reminded_at
        if at is None or not timedelta(0) <= self.heard.at - at <= REMINDED_FOR:
            return ()
        tasks = [self.tasks[task_id] for task_id in self.dialogue.reminded if task_id in self.tasks]
        waiting = tuple(task for task in tasks if task.status is Status.OPEN)
        return waiting or tuple(task for task in tasks if task.id in self.person.quoted)

    def numbered(self, number: int, *statuses: Status) -> Task | None:
        """The task that holds `number`, in the first of `statuses` that has one; of done ones the latest."""
        for status in statuses or (Status.OPEN,):
            held = [task for task in self.having(status) if task.number == number]
            if held:
                return max(held, key=lambda task: task.completed_at or task.created_at)
        return None

    # --- what changes ---------------------------------------------------------------------------------------------

    def next_id(self) -> UUID:
        """The id of the next new task: from the message, the command and the item, so that a replay makes the same one."""
        self.item_index += 1
        return uuid5(NAMESPACE_URL, f"jotline:{self.heard.id}/{self.command_index}/{self.item_index}")

    def next_number(self) -> int:
        """A number for a new task; the rotation moves on."""
        taken, held = ({task.number for task in self.having(status)} for status in (Status.OPEN, Status.DONE))
        number, stands_at = numbers.allocate(taken, held, self.dialogue.next_number)
        self.note(next_number=stands_at)
        return number

    def create(self, task: Task) -> Task:
        """Take up a new task."""
        self.tasks[task.id] = task
        self._record(task, "created", task.model_dump(mode="json"), {})
        return task

    def change(self, task: Task, kind: EventType, *, undoes: str | None = None, **fields: object) -> Task:
        """Change `fields` of a task; without a difference there is no event."""
        after = task.model_copy(update=fields)
        new, old = (one.model_dump(mode="json", include=set(fields)) for one in (after, task))
        differing = [name for name in fields if new[name] != old[name]]
        if not differing:
            return task
        after = after.model_copy(update={"version": task.version + 1})
        self.tasks[task.id] = after
        self._record(after, kind, {name: new[name] for name in differing}, {name: old[name] for name in differing}, undoes)
        if undoes is None and any(task.id == before.id for before in self.person.tasks):
            self.existing_changed.add(task.id)
        return after

    def note(self, **fields: object) -> None:
        """Keep something for the conversation."""
        self.dialogue = self.dialogue.model_copy(update=fields)

    def about(self, *tasks: Task) -> None:
        """Make `tasks` what "it" means from now on."""
        self.that.extend(task.id for task in tasks if task.id not in self.that)

    def understood(self, verb: str, *tasks: Task, rest: str = "") -> None:
        """Keep what was read, for WHY."""
        self.read.append((verb, tuple(task.number for task in tasks), rest))

    # --- how it is said -------------------------------------------------------------------------------------------

    def line(
        self, task: Task, *, full: bool = False, aside: str | None = None, named: date | None = None, cut: bool = True
    ) -> str:
        """The task as a todo line."""
        return writing.todo_line(
            dates.on_the_wall(task, self.settings.zone),
            self.local,
            hours=self.hours,
            full=full,
            aside=aside,
            named=named,
            cut=cut,
            remind_before_seconds=self.settings.remind_before_seconds,
            morning=self.settings.meanings.morning,
        )

    def decision(self) -> Decision:
        """The outcome. Of somebody who leaves nothing else is left, and the last word comes when all of it is deleted."""
        if self.leaving:
            return Decision(reply=None, settings=self.person.settings, dialogue=Dialogue(), leaving=self.leaving)
        touched = dict.fromkeys(event.task_id for event in self.events)
        return Decision(
            reply=None if self.silent else self.answer.compose(),
            even_if_stopped=self.even_if_stopped,
            events=tuple(self.events),
            tasks=tuple(self.tasks[task_id] for task_id in touched),
            settings=self.settings,
            dialogue=self.dialogue,
            commands=tuple(self.carried_out),
            wishes=tuple(self.wishes),
            mails=tuple(self.mails),
            signs_out=self.signs_out,
        )

    def _record(
        self,
        task: Task,
        kind: EventType,
        changed: dict[str, Any],
        before: dict[str, Any],
        undoes: str | None = None,
    ) -> None:
        self.events.append(
            TaskEvent(
                id=f"task.{kind}-{task.id}-{task.version}",
                task_id=task.id,
                version=task.version,
                type=kind,
                message_id=self.heard.id,
                index=len(self.events),
                at=self.clock,
                undoes=undoes,
                changed=changed,
                before=before,
            )
        )
