"""A decision about a person's todos, from reading them to what is told of it: the one way todos change, by text, voice or HTTP.

It is made from the person as they are and written in one statement with the claim on what caused it, the changes and the events that
tell of them. When somebody else changed the person meanwhile nothing is written, and it is decided again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from shared.events.envelope import Event
from shared.events.ids import user_id
from shared.policy.outcomes import TryAgain
from shared.runtime.leaving import Leaving, leave
from shared.runtime.telling import told
from shared.todos.model import Decision, Person
from shared.todos.newcomer import settings_for
from shared.todos.reminding import replan

if TYPE_CHECKING:
    from shared.runtime.services import Services
    from shared.storage.todo import Reply

#: A person's changes come one after the other; somebody else winning this often in a row means something is wrong.
ROUNDS = 5
#: How long the same Idempotency-Key is given the same answer.
ANSWERS_KEPT = timedelta(hours=24)

Decide = Callable[[Person], Decision]
Tell = Callable[[Person, Decision], list[Event]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for something, and where they wrote it to us: None where that was no message."""

    message_id: str
    sender: str  # E.164
    ours: str | None
    channel: Literal["sms", "whatsapp"] | None
    said_at: datetime | None = None  # None: when the cause happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a request over HTTP has that a message has not."""

    tasks: Sequence[UUID] = ()
    """The todos it names, wherever they stand."""
    key: str = ""
    """Its Idempotency-Key; empty: none."""
    answer: Callable[[Person, Decision], Reply]
    """What is answered to a decision: kept with it where there is a key."""


class Answered(Exception):
    """The same key was answered before; `reply` is what was."""

    def __init__(self, reply: Reply) -> None:
        super().__init__("answered before")
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Settled:
    """What was decided and written down, from the person as they were before."""

    person: Person
    decision: Decision


async def settle(
    services: Services,
    cause: Event,
    asked: Asked,
    decided: Decide,
    answers: Tell,
    *,
    function: str,
    now: datetime,
    history: bool,
    quoted: str = "",
    wish: Wish | None = None,
) -> Settled | None:
    """Decide from the person as they are and write it down, again where somebody else was faster; None: it was done before.

    Args:
        services: what may be used.
        cause: the event that asks for it; `function` claims it.
        asked: who asked.
        decided: the decision about a person, pure: it may be asked several times.
        answers: the events beside those that tell of changes: the reply, wishes, mails.
        function: who decides.
        now: the time it is.
        history: load the person's past changes too.
        quoted: the provider's id of the text that is answered.
        wish: what a request over HTTP has beside: one that changes nothing is not written down, unless it has a key.

    Raises:
        Answered: the request's key was answered before, within `ANSWERS_KEPT`.
        TryAgain: this person's todos keep changing. DatabaseUnavailable: later.
    """
    store = services.todo
    for _ in range(ROUNDS):
        found = await store.read(
            cause.partitionkey,
            function=function,
            event_id=cause.id,
            history=history,
            quoted=quoted,
            key=wish.key if wish else "",
            tasks=wish.tasks if wish else (),
        )
        if found.claimed:
            return None
        if found.answer and found.answer.at and now - found.answer.at < ANSWERS_KEPT:
            raise Answered(found.answer)
        if found.left_at and (asked.said_at or cause.time) <= found.left_at:
            await services.leaving.pass_over(cause, function=function, now=now)
            return None
        person = found.person or _newcomer(cause, asked.sender, services.settings.default_timezone)
        decision = decided(person)
        if decision.leaving:
            leaving = Leaving(person, decision, cause, asked, function)
            if await leave(services, leaving, answers(person, decision), now=now):
                return Settled(person, decision)
            continue
        if wish and not wish.key and _changes_nothing(person, decision):
            return Settled(person, decision)
        replanned = replan(person, decision, now)
        changes = told(cause, person, decision, replanned, function=function, message_id=asked.message_id)
        rows = await store.commit(
            person,
            decision,
            changes + answers(person, decision),
            function=function,
            cause=cause,
            replanned=replanned,
            channel=asked.channel,
            ours=asked.ours,
            answer=(wish.key, wish.answer(person, decision)) if wish and wish.key else None,
        )
        if rows is not None:
            await services.carrier.carry(rows)
            return Settled(person, decision)
    raise TryAgain("this person's todos keep changing")


def _changes_nothing(person: Person, decision: Decision) -> bool:
    """True for a decision after which everything is as it was."""
    same = (decision.settings, decision.dialogue) == (person.settings, person.dialogue)
    return same and not decision.events and not decision.wishes and not decision.mails


def _newcomer(event: Event, sender: str, default_zone: str) -> Person:
    """Someone who texts for the first time."""
    settings = settings_for(sender, default_zone)
    return Person(id=user_id(event.partitionkey), party=event.partitionkey, phone=sender, settings=settings)
