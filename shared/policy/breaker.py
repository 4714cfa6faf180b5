"""A circuit breaker: after failures in a row nobody asks for a while, then one asks first.

    closed ── FAILURES in a row ──► open ── OPEN_SECONDS ──► half open: one probe ── well ──► closed
                                     ▲                                            └─ failed ──┐
                                     └────────────────────────────────────────────────────────┘

Pure: the caller says what time it is, by any clock that only goes forward.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Failures in a row that open it.
FAILURES = 5
#: How long it stays open before one may try.
OPEN_SECONDS = 30.0


@dataclass(slots=True)
class Breaker:
    """The state of the way to one other party."""

    failures: int = 0  # in a row
    opened_at: float | None = None
    probing: bool = False

    def wait(self, now: float) -> float:
        """Seconds until it may be asked, 0 when it may be now; who is told 0 asks, and says how that went.

        Args:
            now: seconds, by a clock that only goes forward.
        """
        if self.opened_at is None:
            return 0.0
        left = self.opened_at + OPEN_SECONDS - now
        if left > 0:
            return left
        if self.probing:
            return 1.0
        self.probing = True
        return 0.0

    def succeeded(self) -> None:
        """It answered."""
        self.failures, self.opened_at, self.probing = 0, None, False

    def failed(self, now: float) -> None:
        """It did not answer, or said that it cannot."""
        self.failures += 1
        self.probing = False
        if self.failures >= FAILURES:
            self.opened_at = now

    def undecided(self) -> None:
        """The question was given up before there was an answer."""
        self.probing = False
