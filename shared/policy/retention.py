"""How long is kept what nobody needs for ever: one table (requirements/rulings.md X08, X21).

Todos, messages, transcripts and the changes of todos are not in it. Recordings have their own time, by their person's word
(`functions/transcribe`), and the trail has a setting (AUDIT_DAYS). Neither is `audit.marks`: a mark is one row that goes forward,
and a sweep without it would leave out what it has not settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

CLAIMS: Final = timedelta(days=30)
"""That a function has worked off an event: as long as anything may bring that event again."""
DEPARTURES: Final = CLAIMS
"""That somebody has left: as long as an event about them may come late. With it goes the last text they got."""
REMINDERS: Final = timedelta(days=30)
"""A reminder, from when its text was sent or refused for good."""
DEAD_LETTERS: Final[Mapping[str, timedelta]] = MappingProxyType(
    {"task-events": timedelta(days=30), "reminders": timedelta(days=7), "task-updates": timedelta(days=14)}
)
"""A dead letter, by its topic, from when it was last given up."""
OTHER_DEAD_LETTERS: Final = timedelta(days=30)
"""One of any other topic."""
