"""Trouble on demand, for tests: what Twilio may do to us, made to happen.

Each counts down: "the next two sends". Nothing here is reachable over HTTP unless the stand-in was started with its test paths.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Faults:
    """The trouble the stand-in makes next. All quiet by default."""

    answer_after_seconds: float = 0.0
    """Every REST answer waits this long."""
    drop_answers: int = 0
    """This many sends are taken, and then the connection is cut without an answer."""
    refuse: list[tuple[int, int]] = field(default_factory=list)
    """The next sends are refused with these HTTP statuses and Twilio codes, one each; nothing is taken."""
    fail_after_taking: list[tuple[int, int]] = field(default_factory=list)
    """The next sends are taken and then answered with these HTTP statuses and codes."""
    undelivered: list[int] = field(default_factory=list)
    """The next messages end undelivered with these error codes."""
    media_missing: int = 0
    """This many requests for a file are answered 404, as when it is not ready."""
    hold_callbacks: bool = False
    """No status callback is posted as long as this is set; the messages move on."""

    def next_refusal(self) -> tuple[int, int] | None:
        """The refusal for this send, if any."""
        return self.refuse.pop(0) if self.refuse else None

    def next_failure(self) -> tuple[int, int] | None:
        """The answer for this send although it is taken, if any."""
        return self.fail_after_taking.pop(0) if self.fail_after_taking else None

    def next_drop(self) -> bool:
        """True when this send's answer is to be cut off."""
        if self.drop_answers <= 0:
            return False
        self.drop_answers -= 1
        return True

    def next_missing(self) -> bool:
        """True when this file is not to be found yet."""
        if self.media_missing <= 0:
            return False
        self.media_missing -= 1
        return True

    def next_delivery_error(self) -> int | None:
        """The error this message ends with, if any."""
        return self.undelivered.pop(0) if self.undelivered else None
