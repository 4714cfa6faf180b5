"""How far calls and recordings are, from what happened to them in any order."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.events.schemas import (
    AUDIO_CUT,
    AUDIO_PROGRESSED,
    AUDIO_RECEIVED,
    AUDIO_REFUSED,
    CALL_ENDED,
    CALL_RECEIVED,
    TRANSCRIPT_CREATED,
)
from shared.storage.spoken import Facts, Step
from shared.web.live.spoken import how_far
from tests.making import NOW

CALL, RECORDING, NOTE, MESSAGE = "CA1", "RE1", "MM1.audio0", "MM1"


def step(kind: str, second: int, *, cause: str = CALL, **facts: Any) -> Step:
    """Something that happened, so many seconds after the first of it."""
    if not kind.startswith("jotline.call"):
        facts.setdefault("recording_id", RECORDING if cause == CALL else NOTE)
    return Step(type=kind, at=NOW + timedelta(seconds=second), correlation_id=cause, data=Facts(**facts))


A_CALL = [
    step(CALL_RECEIVED, 0),
    step(CALL_ENDED, 200, status="completed", seconds=198),
    step(AUDIO_RECEIVED, 202, seconds=190),
    step(AUDIO_CUT, 203, end_seconds=118.0),
    step(AUDIO_CUT, 203, end_seconds=190.4),
    step(AUDIO_PROGRESSED, 220, seconds_done=118.0, seconds=190.4),
    step(TRANSCRIPT_CREATED, 230, seconds=190.4),
]


def shown(steps: list[Step]) -> list[tuple[Any, ...]]:
    """What is told of each, in short."""
    return [(one["id"], one["kind"], one["status"], one["seconds"], one["heard_seconds"]) for one in how_far(steps)]


@pytest.mark.parametrize(
    ("so_far", "told"),
    [
        (1, ("calling", None, 0.0)),
        (2, ("ended", None, 0.0)),
        (3, ("received", 190.0, 0.0)),
        (4, ("hearing", 190.0, 0.0)),
        (6, ("hearing", 190.4, 118.0)),
        (7, ("heard", 190.4, 190.4)),
    ],
)
def test_a_call_step_by_step(so_far: int, told: tuple[str, float | None, float]) -> None:
    assert shown(A_CALL[:so_far]) == [(CALL, "call", *told)]


def test_the_order_in_which_it_is_told_does_not_matter() -> None:
    mixed = list(A_CALL)
    for seed in range(20):
        random.Random(seed).shuffle(mixed)
        [told] = how_far(mixed)
        assert (told["status"], told["call_status"], told["recording_id"]) == ("heard", "completed", RECORDING)
        assert datetime.fromisoformat(told["at"]) == NOW + timedelta(seconds=230)


def test_a_voice_note_beside_a_call_and_one_that_is_refused() -> None:
    other = step(AUDIO_REFUSED, 9, cause=MESSAGE, recording_id="MM1.audio1", reason="unreadable")
    note = step(AUDIO_RECEIVED, 8, cause=MESSAGE)
    found = how_far([A_CALL[0], note, other])
    assert [(one["id"], one["kind"], one["status"], one["reason"]) for one in found] == [
        (CALL, "call", "calling", None),
        (NOTE, "recording", "received", None),
        ("MM1.audio1", "recording", "refused", "unreadable"),
    ]


def test_a_recording_that_is_heard_again_begins_anew() -> None:
    again = [*A_CALL, step(AUDIO_CUT, 300, end_seconds=190.4, version=2)]
    assert shown(again) == [(CALL, "call", "hearing", 190.4, 0.0)]
    again.append(step(TRANSCRIPT_CREATED, 320, seconds=190.4, version=2))
    assert shown(again) == [(CALL, "call", "heard", 190.4, 190.4)]


def test_nothing_on_its_way() -> None:
    assert how_far([]) == []
