"""How long things are kept: as long as they may be needed, and no longer than was said."""

from __future__ import annotations

from datetime import timedelta

from shared.events.schemas import TYPES
from shared.policy.retention import CLAIMS, DEAD_LETTERS, OTHER_DEAD_LETTERS
from shared.policy.retries import BROKER, retry_for


def test_a_claim_outlives_every_way_an_event_can_come_again() -> None:
    tries = [sum(retry_for(kind).delays) for kind in TYPES] + [sum(BROKER.delays)]
    letters = [*DEAD_LETTERS.values(), OTHER_DEAD_LETTERS]
    assert timedelta(seconds=max(tries)) < CLAIMS
    assert CLAIMS.days == 30
    assert max(letters) <= CLAIMS


def test_dead_letters_are_kept_by_their_topic() -> None:
    topics = {kind.topic for kind in TYPES.values()}
    days = {topic: DEAD_LETTERS.get(topic, OTHER_DEAD_LETTERS).days for topic in topics}
    assert days == {"task-events": 30, "reminders": 7, "task-updates": 14, "messages": 30}
