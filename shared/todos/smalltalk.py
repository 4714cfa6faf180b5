"""What is said without asking for anything, help, and what we do not understand.

Small talk changes nothing and gets a short answer or none. Words we do not understand are never dropped: the person learns that
nothing changed and may save them as a todo by ADD.
"""

from __future__ import annotations

from typing import Final

from shared.language.model import Intent
from shared.messages import phrases, writing
from shared.todos import completing
from shared.todos.errors import NoTodoHeard, NotUnderstood
from shared.todos.questions import Job, Question
from shared.todos.turn import Turn

ANSWERED: Final = ("thanks", "hello", "person", "anger", "distress")
"""The topics of small talk that get an answer."""


def chat(turn: Turn, job: Job) -> None:
    """Answer small talk, anger and despair; a phone's reaction ("Liked ...") needs no answer, but a recording does."""
    if turn.heard.origin == "voice" and job.command.topic not in ANSWERED:
        not_understood(turn, job)
    turn.understood("small talk")
    match job.command.topic:
        case "thanks":
            turn.answer.said.append(phrases.ANY_TIME)
        case "hello":
            turn.answer.said.append(_greeting(turn))
        case "person":
            turn.answer.said.append(phrases.PROGRAM)
        case "anger":
            turn.answer.said.append(phrases.ANGER)
        case "distress":
            turn.answer.said.append(phrases.distress(turn.settings.country))


def help_topic(turn: Turn, job: Job) -> None:
    """Help, or help on one topic."""
    turn.understood("help")
    topic = job.command.topic
    turn.answer.said.append(
        phrases.help_copy(turn.heard.page) if topic == "copy" else phrases.HELP.get(topic, phrases.HELP[""])
    )


def carrier_word(turn: Turn, job: Job) -> None:
    """STOP and its like, spoken: help names both, how to opt out and how to undo."""
    turn.understood("help")
    turn.answer.said.append(phrases.HELP[""])


def nothing_in_it(turn: Turn) -> None:
    """A message without words: silence, a picture, an empty text."""
    if turn.heard.origin == "voice":
        turn.answer.said.append(phrases.HEARD_NOTHING)
    else:
        turn.answer.said.append(phrases.CANNOT_READ_FILE if turn.heard.media else phrases.EMPTY)


def answer_nothing(turn: Turn, job: Job) -> None:
    """An answer without a question: "no" is agreed to where nothing had changed, "ok" ends the exchange, unless it comes too late."""
    if job.command.topic not in ("ok", "no", "neither") or turn.heard.origin == "voice":
        not_understood(turn, job)
    turn.understood("an answer without a question")
    if turn.dialogue.question:
        turn.answer.said.append(phrases.DECLINED)
    elif job.command.topic != "ok":
        changed = (turn.dialogue.heard or {}).get("changed", False)  # by the last text: "no" may mean that it was wrong
        turn.answer.said.append(phrases.NOTHING_ASKED if changed else phrases.DECLINED)


def not_understood(turn: Turn, job: Job) -> None:
    """Say so, and offer to save the words as a todo.

    Raises:
        NotUnderstood, NoTodoHeard: always, after the offer is made.
    """
    turn.understood("nothing")
    command = job.command
    words = command.text or turn.heard.text
    saving = command.model_copy(update={"intent": Intent.ADD, "title": command.title or _sentence(words), "bare": False})
    question = Question(kind="save", job=Job(command=saving))
    if turn.dialogue.question is None:
        turn.note(question=question.model_dump(mode="json"), asked_at=turn.clock)
    if turn.heard.origin == "voice":
        raise NoTodoHeard(" ".join(turn.heard.text.split()).rstrip(" ."), writing.cut_title(words))
    raise NotUnderstood(writing.cut_title(words))


def _greeting(turn: Turn) -> str:
    if not turn.person.known:
        return phrases.TRY_A_TODO
    return phrases.hello(turn.settings.name, completing.due_by_today(turn))


def _sentence(words: str) -> str:
    """With a capital, as every title: only where the first word is all small."""
    words = " ".join(words.split())
    first = words.split(" ", 1)[0]
    return words[:1].upper() + words[1:] if first == first.lower() else words
