"""The rules of the todo list and of the conversation: a person and what was understood in, a Decision out.

`decide` is pure: it reads no clock, makes no random ids and touches nothing, so that the same message decided again is the same
Decision. A message is worked off in this order: the carrier's words; an answer to the open question or a reading that was
offered; else its commands, one after the other, each of which may be refused by name without stopping the others. Those that
name no todo answer the reminder, if that was the last thing said. What remains is said in one reply, and kept for the next turn:
what "it" means, what was shown, the open question, what WHY will tell.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from shared.language.model import Command, Intent, Understanding
from shared.messages import phrases
from shared.schedule import zones
from shared.todos import (
    adding,
    answering,
    asking,
    carrier,
    changing,
    completing,
    deleting,
    doubts,
    explaining,
    history,
    leaving,
    offers,
    preferences,
    questions,
    recordings,
    references,
    settings_history,
    smalltalk,
    targets,
    undoing,
)
from shared.todos.errors import TodoRefused
from shared.todos.model import Decision, Heard, Person, Status
from shared.todos.questions import Job
from shared.todos.turn import Turn

needs_history = undoing.needs_history

CARRY_OUT: Final[dict[Intent, Callable[[Turn, Job], None]]] = {
    Intent.ADD: adding.add,
    Intent.COMPLETE: completing.complete,
    Intent.REOPEN: completing.reopen,
    Intent.EDIT: changing.change,
    Intent.MOVE: changing.change,
    Intent.DELETE: deleting.delete,
    Intent.SNOOZE: changing.snooze,
    Intent.SKIP: changing.skip,
    Intent.QUERY: asking.query,
    Intent.SHOW: asking.show,
    Intent.MORE: asking.more,
    Intent.UNDO: undoing.undo,
    Intent.REDO: undoing.redo,
    Intent.WHY: undoing.why,
    Intent.HELP: smalltalk.help_topic,
    Intent.SETTING: preferences.change_setting,
    Intent.ANSWER: smalltalk.answer_nothing,
    Intent.CHAT: smalltalk.chat,
    Intent.STOP: smalltalk.carrier_word,
    Intent.START: smalltalk.carrier_word,
    Intent.HEAR_AGAIN: recordings.hear_again,
    Intent.DELETE_RECORDINGS: recordings.delete,
    Intent.DELETE_ME: leaving.delete_me,
    Intent.HISTORY: history.tell,
}
"""How each intent is carried out. What is not here is not understood."""

INTRODUCTION: Final = "introduction"
"""In `Dialogue.hints` while it is owed: the first reply was none, or no place for it."""

LISTS: Final = (Intent.QUERY, Intent.MORE)


def decide(person: Person, heard: Heard, understanding: Understanding, *, now: datetime) -> Decision:
    """What a message leads to.

    Args:
        person: as stored, with `history` when `needs_history(understanding)`.
        heard: the message; `heard.at` is the time that meaning uses.
        understanding: its words as commands.
        now: the clock, aware: when questions and offers are made, and when the events happen.
    """
    turn = Turn.begin(person, heard, preferences.in_force(person.settings, heard.at), now=now)
    if not carrier.take(turn, understanding):
        _converse(turn, understanding)
    elif not person.known:
        _owe_introduction(turn)
    return turn.decision()


def _converse(turn: Turn, understanding: Understanding) -> None:
    """Everything but the carrier's words."""
    answering.begin(turn)
    answered = questions.answer(turn, understanding)
    taken = offers.take(turn, understanding) if answered is None else None
    offers.lapse(turn, understanding)
    if answered is not None:
        _answered(turn, [doubts.as_answered(turn, understanding, job) for job in answered])
    else:
        questions.lapse(turn, understanding)
        asked = [Job(command=command) for command in understanding.commands]
        jobs = doubts.as_heard(turn, understanding, asked)
        _carry_out(turn, [doubts.as_answered(turn, understanding, taken)] if taken else jobs)
    if not understanding.commands:
        smalltalk.nothing_in_it(turn)
    _offer_undo(turn)
    _introduce(turn, understanding)
    _remember(turn, understanding)


def _answered(turn: Turn, jobs: list[Job]) -> None:
    """Go on with the jobs that an answer completed; none: it was "no". An answer that leads nowhere leaves the question."""
    asked = turn.dialogue.question
    turn.note(question=None, asked_at=None)
    _carry_out(turn, jobs)
    if not jobs:
        turn.answer.said.append(phrases.DECLINED)
        turn.understood("no")
    elif turn.answer.refusals and not turn.events and turn.dialogue.question is None:
        turn.note(question=asked, asked_at=turn.clock)


def _carry_out(turn: Turn, jobs: list[Job]) -> None:
    """The jobs in their order, lists last: they show what the others led to. One that is refused stops no other.

    What was not heard surely is asked back, at the end.
    """
    doubtful: list[Job] = []
    for turn.command_index, job in sorted(enumerate(jobs), key=lambda place: place[1].command.intent in LISTS):
        turn.item_index = 0
        settled = _settled(turn, job)
        if doubts.in_doubt(settled):
            doubtful.append(job)  # what it may be about is decided when it is agreed to
            continue
        turn.carried_out.append(settled.command)
        before = len(turn.read)
        try:
            CARRY_OUT.get(settled.command.intent, smalltalk.not_understood)(turn, settled)
        except TodoRefused as refused:
            turn.answer.refusals.append(refused)
        if len(turn.read) == before:
            turn.read.append(explaining.asked(settled.command))
    if doubtful:
        doubts.ask_back(turn, doubtful)


def _settled(turn: Turn, job: Job) -> Job:
    """A text that may be about an open todo ("stamps tomorrow") is, when exactly one fits; else it is what it says.

    A date for a todo found like that is an edit, not a move: nobody said "move".
    """
    job = answering.settle(turn, job)
    command = job.command
    if _only_a_time(command):
        return _for_the_last(turn, job)
    fitting = targets.fitting(turn, command.maybe) if command.maybe and job.tasks is None else ()
    several = len(fitting) > 1
    if not fitting and command.maybe and command.maybe_intent is Intent.COMPLETE and job.tasks is None:
        fitting = targets.fitting_each(turn, command.maybe)
    if not fitting or command.maybe_intent is None or (several and not _may_be_several(command)):
        return job
    intent = Intent.EDIT if command.maybe_intent is Intent.MOVE else command.maybe_intent
    meant = command.model_copy(update={"intent": intent, "ref": command.maybe, "title": "", "maybe": None})
    return job.model_copy(update={"command": meant, "tasks": None if several else tuple(task.id for task in fitting)})


def _may_be_several(command: Command) -> bool:
    """Whether somebody is asked which of several they mean, or is shown all of them."""
    match command.maybe_intent:
        case Intent.QUERY | Intent.SKIP:
            return True
        case Intent.COMPLETE:
            return command.intent is Intent.NONE  # "i paid rent"
        case Intent.DELETE:
            return command.intent is Intent.ADD  # "remove the milk"
        case Intent.EDIT:
            return bool(command.remind) and command.when is None  # "remind me about gym 15 minutes before"
    return False


def _only_a_time(command: Command) -> bool:
    """A text like "7pm" and nothing else: neither a day to list nor an answer that was waited for."""
    when = questions.stated(command)
    return command.bare and command.intent is Intent.QUERY and when is not None and not when.day_stated


def _for_the_last(turn: Turn, job: Job) -> Job:
    """A time right after a reply about one todo is that todo's; this is a guess. Else it is not understood."""
    spoken_of = [task for task in references.spoken_of(turn) if task.status is Status.OPEN]
    if len(spoken_of) != 1:
        return job.model_copy(update={"command": job.command.model_copy(update={"intent": Intent.NONE})})
    turn.answer.offer_undo = True
    timed = job.command.model_copy(update={"intent": Intent.EDIT, "when": questions.stated(job.command), "query": None})
    return job.model_copy(update={"command": timed, "tasks": (spoken_of[0].id,)})


def _offer_undo(turn: Turn) -> None:
    """Rule 7: after a change to several todos that were there before, and after a voice note that changed anything.

    Where a part of the voice note was asked back, the rest was heard surely, and the question is enough.
    """
    several = len(turn.existing_changed) > 1
    taken_back = all(event.undoes is not None for event in turn.events)
    by_voice = turn.heard.origin == "voice" and not turn.doubted and not taken_back
    turn.answer.offer_undo = bool(turn.events) and (turn.answer.offer_undo or several or by_voice)


def _introduce(turn: Turn, understanding: Understanding) -> None:
    """At the first contact: who we are, and which zone we took. To somebody in despair only with the next reply."""
    if turn.person.known and INTRODUCTION not in turn.dialogue.hints:
        return
    if any(command.topic == "distress" for command in understanding.commands):
        _owe_introduction(turn)
        return
    turn.note(hints={name: times for name, times in turn.dialogue.hints.items() if name != INTRODUCTION})
    zone = turn.person.settings.zone
    turn.answer.introduction = phrases.first_contact(None if zone == "UTC" else zones.city_of_zone(zone))


def _owe_introduction(turn: Turn) -> None:
    turn.note(hints={**turn.dialogue.hints, INTRODUCTION: 0})


def _remember(turn: Turn, understanding: Understanding) -> None:
    """Keep what the next message may refer to."""
    intents = {command.intent for command in understanding.commands}
    settings_history.remember(turn, preferences.in_force(turn.person.settings, turn.heard.at))
    answering.remember(turn, understanding)
    if turn.heard.origin == "voice":
        turn.note(recording=turn.heard.id)
    if turn.that:
        turn.note(that=tuple(turn.that))
    if turn.events:
        turn.note(recent={"id": turn.heard.id, "text": turn.words, "at": turn.heard.at.isoformat()})
    if intents == {Intent.WHY}:
        return
    before = turn.dialogue.heard or {}
    listed = bool(before.get("listed")) if intents == {Intent.CHAT} else bool(intents & {Intent.QUERY, Intent.MORE})
    read = explaining.meaning(turn.read) or "nothing"
    changed = bool(turn.events) or turn.settings != turn.person.settings
    kept = {"text": turn.heard.text, "origin": turn.heard.origin, "read": read, "listed": listed, "changed": changed}
    turn.note(heard=kept)
