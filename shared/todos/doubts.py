"""What was spoken and not heard surely: how surely a command was heard decides whether it is done or asked back.

Whisper gives every word a probability, the mean over its tokens. That is the model's opinion of itself: an error that makes a
fluent sentence comes with as much of it as the truth (a wrong sentence of our study: mean log-probability -0.25, which is 0.78). No
threshold catches that one. So the threshold only keeps out what the model itself doubts, and whatever a voice message did comes
with the offer to undo it.

A long word weighs more than a short one, since "a" and "to" are swallowed in speech without harm; but one word that may mean
something must not be lost among many that were heard well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from shared.language.model import Command, Intent, Understanding
from shared.language.text import normalise
from shared.messages import phrases
from shared.todos import questions
from shared.todos.model import Heard
from shared.todos.questions import LOOKING, Job, Question
from shared.todos.turn import Turn

SURE: Final = 0.6
"""What is heard at least this surely is done. Below, the model holds other words for nearly as likely: asking costs one OK."""

SURE_TO_REMOVE: Final = 0.75
"""The same for what takes a todo out of sight: one too many is seen in the list, one that is gone is not. Just under what
transcribe calls a surely heard word (0.8)."""

ONE_WORD: Final = 0.75
"""How much of what is asked of all words together a single one must have: 0.45, over what transcribe gives a word that it wants
asked about (0.4)."""

REMOVING: Final = frozenset({Intent.DELETE, Intent.COMPLETE, Intent.SKIP, Intent.DELETE_ME, Intent.DELETE_RECORDINGS})
HARMLESS: Final = LOOKING | {Intent.NONE, Intent.ANSWER, Intent.HEAR_AGAIN, Intent.STOP, Intent.START}
"""What changes no todo, and is simply answered. (What an answer leads to is looked at by itself.)"""

WORD: Final = re.compile(r"\S+")
MAY_MEAN_SOMETHING: Final = 3
"""Letters of a word that counts by itself: "Kim", not "to"."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of what was understood, and how surely it was heard."""

    text: str
    start: int
    end: int
    probability: float


def as_heard(turn: Turn, understanding: Understanding, jobs: Sequence[Job]) -> list[Job]:
    """The jobs of a message, each with how surely its own words were heard."""
    if turn.heard.origin != "voice":
        return list(jobs)
    words = words_heard(turn.heard, understanding)
    return [
        job.model_copy(update={"said": job.command.text or _whole(turn), "sure": sureness(words, *job.command.span)})
        for job in jobs
    ]


def as_answered(turn: Turn, understanding: Understanding, job: Job) -> Job:
    """A job that the message as a whole completed or chose."""
    if turn.heard.origin != "voice":
        return job
    sure = sureness(words_heard(turn.heard, understanding))
    return job.model_copy(update={"said": _whole(turn), "sure": sure}) if sure < job.sure else job


def in_doubt(job: Job) -> bool:
    """True when the job is not to be done before it is agreed to."""
    return job.sure < needed(job.command)


MOST_ASKED: Final = 3
"""Nobody agrees to more at once from a text: what is beyond is to be said again."""


def needed(command: Command) -> float:
    """How surely a command must be heard to be done."""
    if command.intent in HARMLESS or (command.setting and command.setting.what == "show"):
        return 0.0
    return SURE_TO_REMOVE if command.intent in REMOVING else SURE


def ask_back(turn: Turn, jobs: Sequence[Job]) -> None:
    """Ask whether that is what was said. Nothing of it is done."""
    said = list(dict.fromkeys(job.said for job in jobs))
    turn.doubted = True
    turn.understood("not sure")
    if len(said) > MOST_ASKED:
        turn.answer.said.append(phrases.heard_badly(len(said)))
        return
    question = Question(kind="said", job=jobs[0], then=tuple(jobs[1:]))
    questions.ask(turn, question, phrases.did_you_say(*said), phrases.did_you_say(said[0]))


def words_heard(heard: Heard, understanding: Understanding) -> list[Word]:
    """The words of the understanding, which is written plainer than the transcript and may be without what was taken back."""
    spoken = [(normalise(found.group()), _mean(heard, found.start(), found.end())) for found in WORD.finditer(heard.text)]
    found = list(WORD.finditer(understanding.text))
    # A word that was put together by a correction ("no wait, six") is as sure as the least sure one.
    probabilities = [min((probability for _, probability in spoken), default=1.0)] * len(found)
    matcher = SequenceMatcher(None, [word for word, _ in spoken], [word.group() for word in found], autojunk=False)
    for there, here, length in matcher.get_matching_blocks():
        probabilities[here : here + length] = [probability for _, probability in spoken[there : there + length]]
    return [Word(one.group(), one.start(), one.end(), sure) for one, sure in zip(found, probabilities, strict=True)]


def sureness(words: Iterable[Word], start: int = 0, end: int = 0) -> float:
    """How surely the words of [start, end) were heard, of all where that is empty: 0 to 1."""
    meant = [word for word in words if start >= end or (word.start < end and word.end > start)]
    letters = sum(len(word.text) for word in meant)
    if not letters:
        return 1.0
    mean = sum(word.probability * len(word.text) for word in meant) / letters
    weakest = min((word.probability for word in meant if _letters(word.text) >= MAY_MEAN_SOMETHING), default=1.0)
    return min(mean, weakest / ONE_WORD)


def _mean(heard: Heard, start: int, end: int) -> float:
    """The probability of the characters [start, end) of a transcript; those of no stretch were heard surely."""
    less = sum(
        (1.0 - stretch.probability) * max(0, min(end, stretch.end) - max(start, stretch.start)) for stretch in heard.stretches
    )
    return max(0.0, 1.0 - less / (end - start))


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)


def _whole(turn: Turn) -> str:
    return normalise(turn.heard.text).rstrip(" .")
