"""The one open question, and what counts as its answer.

A question keeps the job it interrupted; the answer completes the job and carries it out. There are eight kinds:

    which    several todos fit           "2", "the second", "both", "the oat one"
    what     a verb came without a todo  "2", "the milk one"
    confirm  a deletion                  "ok"
    when     a time is missing or over   "9pm", "tomorrow at noon"
    save     the text was not understood "add"
    said     it was not heard surely     "ok"
    code     an address is not confirmed "204817"
    leave    all about them is to go     "delete me", then "delete me now"

"no" answers them all. A command that changes something ends the question without a word, and so does an hour. Looking something
up in between (LIST, ?) leaves a question that a todo or a time answers: it is how people find the number that was asked for. A
code is waited for until another question is asked: mail takes its time, and six digits are nothing else.
"""

from __future__ import annotations

import re
from datetime import timedelta
from hmac import compare_digest
from typing import Final, Literal
from uuid import UUID

from shared.language.model import Command, Intent, Ref, Understanding, Value, When
from shared.messages import phrases
from shared.todos import codes, matching
from shared.todos.answer import fits
from shared.todos.model import Dialogue, Status, Task
from shared.todos.turn import Turn

LAPSES_AFTER: Final = timedelta(hours=1)
MOST_SHOWN: Final = 5
GOES_ON: Final = ("delete me", "delete me now")
"""What goes on with leaving, by how often it was agreed to: these words alone, and written."""
LOOKING: Final = frozenset({Intent.QUERY, Intent.SHOW, Intent.MORE, Intent.HELP, Intent.WHY, Intent.HISTORY, Intent.CHAT})
"""What people do between a question and its answer."""


class Job(Value):
    """A command on its way: as said, with what has been settled since."""

    command: Command
    tasks: tuple[UUID, ...] | None = None  # the todos it is about, once known
    among: tuple[UUID, ...] = ()  # those of the reminder it answers, where it names none of them: it is asked which
    confirmed: bool = False
    agreed: int = 0  # to leaving: how often
    tries_left: int | None = None  # after a code that was wrong
    said: str = ""  # of what was spoken: its words
    sure: float = 1.0  # and how surely they were heard; `shared.todos.doubts` decides what that is enough for

    @property
    def about_nothing(self) -> bool:
        """True when it is not said which todos it is about, nor is that known."""
        return self.tasks is None and not self.among and self.command.ref.empty


class Question(Value):
    """What was asked, and the job that waits for the answer."""

    kind: Literal["which", "what", "confirm", "when", "save", "said", "code", "leave"]
    job: Job
    offered: tuple[UUID, ...] = ()  # "which": the todos that fit, in the order shown
    then: tuple[Job, ...] = ()  # what the same message asked for that would have asked as well
    asked_by: str = ""  # the message that led to it
    code: str = ""  # "code": as `codes.seal` keeps it
    tries: int = 0  # "code": how many are left
    lapsed: bool = False  # kept for one more message, so that a late "ok" to a deletion learns that nothing changed


def ask(turn: Turn, question: Question, text: str, short: str = "") -> None:
    """Ask at the end of the reply. A message asks one question: a second one's job waits for the first answer."""
    if turn.answer.question:
        first = Question.model_validate(turn.dialogue.question)
        question = first.model_copy(update={"then": (*first.then, question.job, *question.then)})
    else:
        turn.answer.question, turn.answer.short_question = text, short
    asked = question.model_copy(update={"asked_by": turn.heard.id})
    turn.note(question=asked.model_dump(mode="json"), asked_at=turn.clock)


def ask_which(turn: Turn, job: Job, tasks: tuple[Task, ...], *, both: bool = False) -> None:
    """Several todos fit: show up to five with their numbers, of more say how many. `both`: it is likely that both are meant."""
    listed = phrases.which_one([task.number for task in tasks], [turn.line(task) for task in tasks], both=both)
    counted = phrases.which_of_many(len(tasks), job.command.ref.words)
    named = len(tasks) <= MOST_SHOWN and fits(listed)
    if named:
        turn.note(shown=tuple(task.number for task in tasks))
    ask(turn, Question(kind="which", job=job, offered=tuple(task.id for task in tasks)), listed if named else counted, counted)


def open_question(turn: Turn) -> Question | None:
    """The question that waits; None when there is none or it lapsed."""
    kept, asked_at = turn.dialogue.question, turn.dialogue.asked_at
    if kept is None or asked_at is None or turn.heard.at - asked_at > LAPSES_AFTER:
        return None
    question = Question.model_validate(kept)
    return None if question.lapsed else question


def lapse(turn: Turn, understanding: Understanding) -> None:
    """End the open question unless the message only looks something up, or a code is waited for."""
    question = open_question(turn)
    if question is not None and question.kind == "code":
        return
    looking = all(command.intent in LOOKING for command in understanding.commands)
    if question is None or not looking or question.kind in ("confirm", "save", "leave"):
        kept = turn.dialogue.question
        answering = all(command.intent is Intent.ANSWER for command in understanding.commands)
        late = kept is not None and kept["kind"] in ("confirm", "said") and (answering or not kept["lapsed"])
        turn.note(question={**kept, "lapsed": True} if kept and late else None)


def interrupted(dialogue: Dialogue, *, by_reminder: bool) -> Dialogue:
    """The dialogue after a text that came by itself: an "ok" is about that, not about the deletion asked for before.

    A time answers a reminder as well, not the question for one.
    """
    asked = dialogue.question
    if asked is not None and asked["kind"] in ("confirm", "said"):
        return dialogue.model_copy(update={"question": {**asked, "lapsed": True}})
    if asked is not None and asked["kind"] == "when" and by_reminder:
        return dialogue.model_copy(update={"question": None, "asked_at": None})
    return dialogue


def answer(turn: Turn, understanding: Understanding) -> list[Job] | None:
    """The jobs that the message completes by answering the open question; None when it is no answer. Empty: it was declined."""
    question = open_question(turn)
    if question is not None and question.kind == "code" and (code := codes.typed(turn.heard.text)):
        return _tried(question, code)
    if question is None or len(understanding.commands) != 1:
        return None
    command = understanding.commands[0]
    if (command.intent is Intent.ANSWER and command.topic in ("no", "neither")) or _backs_out(turn, question, command):
        return []
    done = _completed(turn, question, command)
    if done is not None and question.kind == "said":
        return [job.model_copy(update={"sure": 1.0}) for job in (done, *question.then)]
    return None if done is None else [done, *question.then]


def _tried(question: Question, code: str) -> list[Job]:
    """The job, confirmed, and what waited with it; or the job with one try less."""
    if compare_digest(codes.seal(question.asked_by, code), question.code):
        return [question.job.model_copy(update={"confirmed": True}), *question.then]
    return [question.job.model_copy(update={"tries_left": question.tries - 1})]


def stated(command: Command) -> When | None:
    """The date or time of a bare command: "27 nov" comes as a query, "9pm" as whatever it would be alone."""
    return command.when or (command.query.when if command.query else None)


def _backs_out(turn: Turn, question: Question, command: Command) -> bool:
    """True for an undo in answer to a question whose message did nothing else: there is nothing of it to undo: it is "no"."""
    plain = command.intent is Intent.UNDO and command.ref.empty and not command.topic
    recent = turn.dialogue.recent
    did_nothing = recent is None or recent["id"] != question.asked_by
    return plain and did_nothing and question.kind in ("which", "what", "confirm", "said", "leave")


def _completed(turn: Turn, question: Question, command: Command) -> Job | None:
    """The question's job, completed by `command`."""
    agreed = command.intent is Intent.ANSWER and command.topic == "ok"
    match question.kind:
        case "confirm":
            return question.job.model_copy(update={"confirmed": True}) if agreed else None
        case "save" | "said":
            return question.job if agreed or (question.kind == "save" and _says_add(command)) else None
        case "when":
            return _at(question.job, command)
        case "which":
            return _chosen(turn, question, command)
        case "leave" | "code":
            return _goes_on(turn, question.job) if question.kind == "leave" else None  # no code
        case "what":
            ref = _referred(command, turn.open)
            return question.job.model_copy(update={"command": _with(question.job.command, ref=ref)}) if ref else None


def _goes_on(turn: Turn, job: Job) -> Job | None:
    """The next step of leaving, where the message is nothing but the words that were asked for."""
    said = " ".join(re.findall(r"[^\W_]+", turn.heard.text.casefold()))
    if turn.heard.origin == "voice" or said != GOES_ON[job.agreed]:
        return None
    return job.model_copy(update={"agreed": job.agreed + 1})


def _says_add(command: Command) -> bool:
    return command.intent is Intent.ADD and not command.title


def _at(job: Job, command: Command) -> Job | None:
    """The time that was missing: a bare date, time or repeat."""
    when = stated(command)
    if not command.bare or (when is None and command.repeat is None):
        return None
    return job.model_copy(update={"command": _with(job.command, when=when, repeat=command.repeat)})


def _chosen(turn: Turn, question: Question, command: Command) -> Job | None:
    """One, several or all of the todos that were offered."""
    offered = [task for task in map(turn.tasks.get, question.offered) if task and task.status is not Status.DELETED]
    both = command.intent is Intent.ANSWER and command.topic in ("both", "all")
    if both or (_only_refers(command) and (command.ref.both or command.ref.everything)):
        picked = offered
    else:
        ref = _referred(command, offered)
        picked = _pick(ref, offered) if ref else []
    return question.job.model_copy(update={"tasks": tuple(task.id for task in picked)}) if picked else None


def _pick(ref: Ref, offered: list[Task]) -> list[Task]:
    """By number; a bare number that was not offered is a position, and so is "the second"; by words."""
    by_number = {task.number: task for task in offered}
    picked = [by_number[number] for number in ref.numbers if number in by_number]
    places = ref.ordinals if picked or not ref.numbers else (*ref.numbers, *ref.ordinals)
    if len(offered) <= MOST_SHOWN:
        picked += [offered[i - 1 if i > 0 else i] for i in places if i and -len(offered) <= i <= len(offered)]
    if ref.words:
        picked += matching.find(ref.words, offered).tasks
    return list(dict.fromkeys(picked))


def _referred(command: Command, candidates: list[Task]) -> Ref | None:
    """What a text refers to when it is nothing but a reference: a number, a position, or a few words of one of `candidates`."""
    if _only_refers(command) and command.ref != Ref():
        return command.ref
    words = command.title or (command.ref.words if command.intent is Intent.NONE else "")
    plain = command.intent in (Intent.ADD, Intent.NONE) and not (command.when or command.repeat or command.remind_asked)
    if plain and words and len(matching.find(words, candidates, at_least=matching.Grade.TYPO).tasks) == 1:
        return Ref(words=words)
    return None


def _only_refers(command: Command) -> bool:
    return command.bare or command.intent in (Intent.SHOW, Intent.ANSWER)


def _with(command: Command, **fields: object) -> Command:
    """The command with the fields that were said."""
    return command.model_copy(update={name: value for name, value in fields.items() if value is not None})
