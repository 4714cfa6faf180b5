"""The one clock that stamps everything.

`RealClock` is the machine's. `SimulatedClock` is for demos and tests: it runs on at real speed from wherever it was set, and
can be set or advanced (DESIGN section 6: time travel). Code takes a `Clock` as a parameter and never asks the machine itself.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that can be moved. Between moves it runs at real speed.

    `offset` is simulated time minus real time; keep it to carry the clock over a restart.
    """

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The simulated instant, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def set(self, instant: datetime) -> datetime:
        """Jump to `instant` (aware); returns it in UTC.

        Raises:
            ValueError: the instant is naive or lies before the clock's now: events already carry later times.
        """
        if instant.tzinfo is None:
            raise ValueError("the time needs an offset, like 2026-11-27T09:00-05:00")
        if instant < self.now():
            raise ValueError(f"the clock cannot go back: it is {self.now().isoformat(timespec='seconds')} already")
        self.offset = instant - datetime.now(UTC)
        return self.now()

    def advance(self, by: timedelta) -> datetime:
        """Move forward by `by`; returns the new instant.

        Raises:
            ValueError: `by` is negative.
        """
        if by < timedelta(0):
            raise ValueError("the clock cannot go back")
        self.offset += by
        return self.now()
