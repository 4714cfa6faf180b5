"""Leaving: everything about a person is deleted, once they have said so three times, in writing.

    "delete everything about me"   however it is put: a question
    "delete me"                    in answer to it, and nothing else: the last question
    "delete me now"                in answer to that: done

Neither phrase does anything else than ask when it comes out of the blue, nor when it was spoken: a transcript is an opinion. Any other
message ends the questions, and so does an hour. What leaving deletes, and in which order, is `shared.runtime.leaving`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from shared.messages import phrases
from shared.todos import questions
from shared.todos.model import Decision, Dialogue, Person
from shared.todos.questions import Job, Question
from shared.todos.turn import Turn

ASKED: Final = (phrases.DELETE_ME, phrases.DELETE_ME_NOW)
"""The questions, in their order; `questions.GOES_ON` has their answers."""

SIGNS: Final = "23456789BCDFGHJKMNPQRSTVWXZ"
"""Of receipts: no vowels, which make words, and nothing that looks like something else."""
SIGNS_OF_A_RECEIPT: Final = 4


def delete_me(turn: Turn, job: Job) -> None:
    """The next question; after the last one, leave."""
    turn.understood("delete everything about you")
    if job.agreed < len(ASKED):
        questions.ask(turn, Question(kind="leave", job=job), ASKED[job.agreed])
    else:
        turn.leaving = receipt(turn.heard.id)


def at_once(person: Person, cause_id: str) -> Decision:
    """The decision of somebody who says it all in one request, which is made by a program. `cause_id`: of that request."""
    return Decision(reply=None, settings=person.settings, dialogue=Dialogue(), leaving=receipt(cause_id))


def receipt(cause_id: str) -> str:
    """The code of a leaving: the same one whenever the same message is worked off again."""
    number = int.from_bytes(sha256(f"receipt/{cause_id}".encode()).digest()[:8])
    signs = []
    for _ in range(SIGNS_OF_A_RECEIPT):
        number, place = divmod(number, len(SIGNS))
        signs.append(SIGNS[place])
    return "".join(signs)
