"""How one sees from outside whether a function is through with an event: by its claims, and the schema they stand in.

A function's claims are its own business; the relay, the dead letter sink and a replay only need to know where to look. What is
said here of each function is held against its `serve` by a test. audit makes no claim on what it has written down: the row in the
trail is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from shared.storage.claims import Claim, State
from shared.storage.outbox import Schema

if TYPE_CHECKING:
    from shared.runtime.services import Services

#: The schema each function that takes events keeps its claims in.
SCHEMAS: dict[str, Schema] = {
    "parse-command": "todo",
    "todo-crud": "todo",
    "recurrence": "todo",
    "remind": "todo",
    "notify": "messaging",
    "transcribe": "voice",
    "audit": "audit",
}
RECORDER = "audit"


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the work asked about: what has ended (done or given up), and what somebody is at just now."""

    ended: frozenset[Claim]
    held: frozenset[Claim]


async def progress(services: Services, works: Iterable[Claim], now: datetime) -> Progress:
    """How far functions have come with events; a look at each schema's database for all of them together.

    Raises:
        DatabaseUnavailable: nobody knows.
        KeyError: one of them is no function that takes events.
    """
    signs = {work: _signs_of(work) for work in set(works)}
    asked: dict[Schema, set[Claim]] = {}
    for schema, claim in (sign for found in signs.values() for sign in found):
        asked.setdefault(schema, set()).add(claim)
    states: dict[Claim, State] = {}
    for schema, claims in asked.items():
        states |= await services.claims(schema).states(claims)
    known = {work: [states[claim] for _, claim in found if claim in states] for work, found in signs.items()}
    recorded = await _recorded(services, signs)
    return Progress(
        ended=frozenset(work for work, found in known.items() if work in recorded or any(state.ended for state in found)),
        held=frozenset(work for work, found in known.items() if any(state.held(now) for state in found)),
    )


async def _recorded(services: Services, works: Iterable[Claim]) -> set[Claim]:
    """Of the work asked about, what stands in the trail."""
    asked = {(work.event_id, work.type): work for work in works if work.function == RECORDER}
    return {asked[key] for key in await services.trail.recorded(asked)} if asked else set()


def _signs_of(work: Claim) -> list[tuple[Schema, Claim]]:
    """The claims of which any one tells how far a function is with an event.

    parse-command writes nothing down: it is through when todo-crud is through with what it made of the event, or when it gave up.
    """
    own = (SCHEMAS[work.function], Claim(work.function, work.event_id))
    if work.function == "parse-command":
        return [own, (SCHEMAS["todo-crud"], Claim("todo-crud", parsed_id(work.event_id)))]
    return [own]


def parsed_id(message_event_id: str) -> str:
    """The id of the command that parse-command makes of a message."""
    return f"{message_event_id}.parsed"
