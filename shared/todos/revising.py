"""A recording was heard again: what its new words would have meant, against what the old ones did.

Nothing changes before the person agrees. Words that mean the same (spelling, talk around the todos) are no difference. A todo
that the recording made, and that is still open, is changed or deleted; what is new is added. What else the old words did (a todo
done, a list shown) stays as it is: that was answered then, with the offer to undo it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final, Literal
from uuid import UUID

from shared.language.model import Command, Intent, Priority, Understanding
from shared.messages import phrases
from shared.todos import matching, preferences, questions
from shared.todos.doubts import HARMLESS
from shared.todos.model import Decision, Heard, Person, Revised, Status, Task
from shared.todos.questions import Job, Question
from shared.todos.turn import Turn

NO_MEANING: Final = frozenset({"text", "span", "rule", "confidence", "quoted", "remind_asked", "maybe", "maybe_intent"})
"""Fields of a command that say how it was read or put, not what it asks for."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A command that was, and what stands in its place: one of them may be missing."""

    old: Command | None
    new: Command | None


@dataclass(frozen=True, slots=True)
class Made:
    """An open todo that came of the recording, and what it was called at first."""

    task: Task
    title: str

    def by(self, command: Command) -> bool:
        """Whether the command adds it: as it was called, or as it is by now."""
        return any(matching.same_title(title, command.title) for title in (self.title, self.task.title))


@dataclass(frozen=True, slots=True)
class Step:
    """Something that would follow."""

    verb: Literal["change", "delete", "add", "do"]
    job: Job
    task: Task | None = None


def revise(person: Person, revised: Revised, old: Understanding, new: Understanding, *, now: datetime) -> Decision:
    """What to say about a recording that was heard again.

    Args:
        person: as stored, with `history`.
        revised: the recording, and its words then and now.
        old: what the old words mean, read as of when they were said.
        new: what the new ones mean, likewise.
        now: the clock, aware: when the question is asked.
    """
    heard = Heard(id=revised.id, text=revised.new, at=revised.asked_at, channel=revised.channel, origin="voice")
    turn = Turn.begin(person, heard, preferences.in_force(person.settings, revised.asked_at), now=now)
    turn.note(recording=revised.recording_id)
    day = revised.said_at.astimezone(turn.local.tzinfo).date()
    differing = differences(_changing(old), _changing(new))
    steps = _steps(differing, _made(turn, revised))
    if not steps:
        turn.answer.said.append(phrases.no_difference(day, turn.today))
        return turn.decision()
    words_then = ", ".join(dict.fromkeys(each.old.text for each in differing if each.old))
    words_now = ", ".join(dict.fromkeys(each.new.text for each in differing if each.new))
    said = phrases.heard_again(day, turn.today, new=words_now, old=words_then, actions=_said(turn, steps))
    jobs = [step.job for step in steps]
    questions.ask(turn, Question(kind="confirm", job=jobs[0], then=tuple(jobs[1:])), said)
    return turn.decision()


def differences(old: Sequence[Command], new: Sequence[Command]) -> list[Difference]:
    """The commands that do not mean the same, in their order."""
    matcher = SequenceMatcher(
        None, [_meaning(command) for command in old], [_meaning(command) for command in new], autojunk=False
    )
    return [
        Difference(before, after)
        for kind, start, end, begin, finish in matcher.get_opcodes()
        if kind != "equal"
        for before, after in zip_longest(old[start:end], new[begin:finish])
    ]


def _meaning(command: Command) -> str:
    fields: dict[str, Any] = {"title": command.title.casefold()}
    return command.model_copy(update=fields).model_dump_json(exclude=set(NO_MEANING), exclude_defaults=True)


def _changing(understanding: Understanding) -> list[Command]:
    """The commands that change something."""
    return [command for command in understanding.commands if command.intent not in HARMLESS]


def _made(turn: Turn, revised: Revised) -> list[Made]:
    """The todos that came of the recording and are open: by its own message, or since by an OK to what was asked back."""
    created = [event for event in turn.person.history if event.type == "created" and event.at >= revised.said_at]
    created.sort(key=lambda event: event.message_id != revised.message_id)
    tasks = ((turn.tasks.get(event.task_id), str(event.changed["title"])) for event in created)
    return [Made(task, title) for task, title in tasks if task and task.status is Status.OPEN]


def _steps(differing: Iterable[Difference], made: list[Made]) -> list[Step]:
    """What would follow. A todo that is there already (its words were heard, and heard wrongly since) is not added again."""
    steps: list[Step] = []
    for each in differing:
        task = _of(each.old, made)
        if task is None and _of(each.new, made):
            continue
        if task is not None and each.old is not None and each.new is not None and each.new.intent is Intent.ADD:
            steps.append(Step("change", _settled(_edit(each.old, each.new), task.id), task))
            continue
        if task is not None:
            steps.append(Step("delete", _settled(Command(intent=Intent.DELETE), task.id), task))
        if each.new is not None:
            steps.append(Step("add" if each.new.intent is Intent.ADD else "do", _settled(each.new)))
    return steps


def _of(command: Command | None, made: list[Made]) -> Task | None:
    """The todo that an ADD made; it is nobody else's then."""
    if command is None or command.intent is not Intent.ADD:
        return None
    found = next((one for one in made if one.by(command)), None)
    if found is not None:
        made.remove(found)
    return found.task if found else None


def _settled(command: Command, *tasks: UUID) -> Job:
    return Job(command=command, tasks=tasks or None, confirmed=True)


def _edit(old: Command, new: Command) -> Command:
    """The change that makes of what `old` added what `new` would have added; what the person changed since is left alone."""
    differing = {name for name in Command.model_fields if getattr(old, name) != getattr(new, name)}
    fields: dict[str, Any] = {name: getattr(new, name) for name in differing & {"title", "when", "repeat", "remind", "note"}}
    if "when" in differing and new.when is None:
        fields["no_date"] = True
    if "repeat" in differing and new.repeat is None:
        fields["no_repeat"] = True
    if "priority" in differing:
        fields["priority"] = new.priority or Priority.MEDIUM
    if differing & {"tags", "list_name"}:
        fields["tags"] = (*new.tags, *filter(None, [new.list_name]))
    return Command(intent=Intent.EDIT, text=new.text, **fields)


def _said(turn: Turn, steps: Sequence[Step]) -> list[str]:
    """What would follow: of one thing the todo, of several their numbers or how many."""
    if len(steps) == 1:
        [step] = steps
        return [f"{step.verb} {turn.line(turn.tasks[step.task.id]) if step.task else 'it'}"]
    numbers: dict[str, list[str]] = {}
    for step in steps:
        numbers.setdefault(step.verb, []).append(f"#{step.task.number}" if step.task else "")
    return ["do the rest" if verb == "do" else f"{verb} {_held(held)}" for verb, held in numbers.items()]


def _held(numbers: Sequence[str]) -> str:
    return ", ".join(numbers) if all(numbers) else str(len(numbers))
