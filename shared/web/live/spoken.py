"""How far calls and recordings are, from what happened to them.

    calling    somebody is on the line
    ended      they have hung up; their recording is to come, if they said something
    received   there is a recording; it is being fetched
    hearing    it is being heard, `heard_seconds` of `seconds` so far
    heard      its words were understood like a text
    refused    it is not taken: `reason`

Steps come late, twice and in any order; how far something is, the furthest of them says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from shared.events.schemas import (
    AUDIO_CUT,
    AUDIO_PROGRESSED,
    AUDIO_RECEIVED,
    AUDIO_REFUSED,
    CALL_ENDED,
    CALL_RECEIVED,
    TRANSCRIPT_CREATED,
)
from shared.storage.spoken import Step

#: What nothing has happened to for so long is told of no more: a call whose end nobody told, a recording set aside.
TOLD_FOR: Final = timedelta(minutes=15)

STATUS: Final = {
    CALL_RECEIVED: "calling",
    CALL_ENDED: "ended",
    AUDIO_RECEIVED: "received",
    AUDIO_CUT: "hearing",
    AUDIO_PROGRESSED: "hearing",
    AUDIO_REFUSED: "refused",
    TRANSCRIPT_CREATED: "heard",
}
"""By the step, the first one first."""
_ORDER: Final = list(STATUS)
_OF_CALLS: Final = frozenset({CALL_RECEIVED, CALL_ENDED})


def how_far(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Calls and recordings as the feed tells of them, JSON-ready; a call and its recording are one. The one that began first is first."""
    called = {step.correlation_id for step in steps if step.type in _OF_CALLS}
    things: dict[str, list[Step]] = {}
    for step in steps:
        thing = step.correlation_id if step.correlation_id in called else step.data.recording_id
        things.setdefault(thing, []).append(step)
    return [_told(thing, of_it, by_call=thing in called) for thing, of_it in things.items()]


def _told(thing: str, steps: Sequence[Step], *, by_call: bool) -> dict[str, Any]:
    furthest = max(steps, key=lambda step: (step.data.version, _ORDER.index(step.type)))
    recorded = [step.data for step in steps if step.type not in _OF_CALLS]
    seconds = max((max(known.seconds or 0.0, known.end_seconds) for known in recorded), default=0.0)
    done = (known.seconds_done for known in recorded if known.version == furthest.data.version)
    status = STATUS[furthest.type]
    return {
        "id": thing,
        "kind": "call" if by_call else "recording",
        "status": status,
        "at": furthest.at.isoformat(),
        "call_status": next((step.data.status for step in steps if step.type == CALL_ENDED), None),
        "recording_id": next((known.recording_id for known in recorded), None),
        "seconds": seconds or None,
        "heard_seconds": seconds if status == "heard" else max(done, default=0.0),
        "reason": furthest.data.reason or None,
    }
