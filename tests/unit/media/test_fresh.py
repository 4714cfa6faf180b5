"""Samples that are at hand for a moment: taken once, and never many."""

from __future__ import annotations

import numpy as np

from shared.media.fresh import Fresh

SECOND = np.zeros(16_000, np.int16)


def test_samples_are_taken_once() -> None:
    fresh = Fresh()
    fresh.put("MM1.audio0", SECOND)
    assert fresh.take("MM1.audio0") is SECOND
    assert fresh.take("MM1.audio0") is None


def test_what_is_not_at_hand_takes_the_place_of_what_was() -> None:
    fresh = Fresh()
    fresh.put("MM1.audio0", SECOND)
    fresh.put("MM1.audio0", None)
    assert fresh.take("MM1.audio0") is None


def test_the_oldest_make_room() -> None:
    fresh = Fresh(max_bytes=2 * SECOND.nbytes)
    for name in ("first", "second", "third"):
        fresh.put(name, SECOND)
    assert fresh.take("first") is None
    assert fresh.take("second") is SECOND
    assert fresh.take("third") is SECOND


def test_what_is_too_large_for_it_is_not_kept_at_all() -> None:
    fresh = Fresh(max_bytes=SECOND.nbytes - 1)
    fresh.put("long", SECOND)
    assert fresh.take("long") is None
