"""Somebody leaves: everything about them is deleted, in one schema after the other, and the last text says what that was.

A chain of events, each committed with the deletion that comes before it:

    todo-crud    the person and whatever names them, in the statement of the decision    -> jotline.person.left, for the trail
                                                                                          -> jotline.recording.requested (forget)
    transcribe   audio, recordings, transcripts, calls                                    -> jotline.notification.requested (farewell)
    notify       messages, conversations, what the provider said of them; then the last text leaves

So it ends the same way wherever it is cut off, and however often an event comes. Of what is under way meanwhile nothing comes back: each
schema remembers for a while who has left (`departures`). What this person says afterwards is somebody new's, and is left alone. A
recording that slipped in while its person left is deleted by the next tick of transcribe.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shared.events.envelope import Event
from shared.events.schemas import PERSON_LEFT, RECORDING_REQUESTED, Left, PersonLeft, RecordingRequested
from shared.policy.retention import DEPARTURES

if TYPE_CHECKING:
    from datetime import datetime

    from shared.runtime.deciding import Asked
    from shared.runtime.services import Services
    from shared.todos.model import Decision, Person


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody who leaves: as they were read, with the decision, what asks for it, and who decides."""

    person: Person
    decision: Decision
    cause: Event
    asked: Asked
    function: str


async def leave(services: Services, leaving: Leaving, answers: list[Event], *, now: datetime) -> bool:
    """Delete a person, and let the rest follow; False when somebody changed them meanwhile.

    Args:
        services: what may be used.
        leaving: who leaves.
        answers: what else is told of it.
        now: the time it is.

    Raises:
        DatabaseUnavailable: later.
    """
    person, asked = leaving.person, leaving.asked
    left = Left(
        receipt=leaving.decision.leaving,
        asked_at=asked.said_at or leaving.cause.time,
        left_at=now,
        asked_by=asked.message_id if asked.channel else "",
        todos=await services.leaving.count(person.id),
    )
    ours = asked.ours or person.ours or services.settings.twilio_from
    events = [*answers, _for_the_trail(leaving, left), _for_their_voice(leaving, left, ours)]
    rows = await services.leaving.leave(person, left, events, function=leaving.function, cause=leaving.cause, now=now)
    if rows is None:
        return False
    await services.carrier.carry(rows)
    return True


def cleanups(services: Services, now: datetime, batch: int) -> dict[str, Callable[[], Awaitable[int]]]:
    """What a cleanup does about people who have left: each deletes at most `batch` rows and answers how many."""
    from shared.storage.leaving import forget_departures

    before = now - DEPARTURES
    return {
        "messages of those who left": partial(services.departed_messages.forget_departed, before, batch),
        "todo departures": partial(forget_departures, services.database("todo"), "todo", before, batch),
        "voice departures": partial(forget_departures, services.database("voice"), "voice", before, batch),
    }


def _for_the_trail(leaving: Leaving, left: Left) -> Event:
    """It happened now: what is in the trail of them up to now loses its name."""
    person = leaving.person
    return leaving.cause.follow(
        id=f"person.left-{left.receipt}-{leaving.cause.id}",
        type=PERSON_LEFT,
        source=f"/jotline/{leaving.function}",
        subject=str(person.id),
        data=PersonLeft(user_id=person.id, receipt=left.receipt, todos=left.todos),
        time=left.left_at,
    )


def _for_their_voice(leaving: Leaving, left: Left, ours: str) -> Event:
    """Their recordings come next. `ours`: the number they are answered from."""
    data = RecordingRequested(
        request_id=leaving.cause.id,
        action="forget",
        left=left,
        sender=leaving.person.phone,
        recipient=ours,
        channel=leaving.asked.channel or leaving.person.channel,
    )
    return leaving.cause.follow(
        id=f"{leaving.cause.id}.left",
        type=RECORDING_REQUESTED,
        source=f"/jotline/{leaving.function}",
        subject=left.receipt,
        data=data,
    )
