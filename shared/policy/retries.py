"""When a failed delivery is tried again: one table for every event type (requirements/rulings.md X15).

A person's own messages are *ordered*: they are retried in place, so that what they said first still takes effect first.
Everything else steps aside: it is tried again later by an outbox row addressed to the function that failed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retry:
    """Delays between tries, in seconds. `len(delays) + 1` tries are made; then the event is a dead letter."""

    delays: tuple[float, ...]
    in_place: bool = False

    def delay_after(self, attempt: int) -> float | None:
        """Seconds to wait after try number `attempt` (1 = the first) failed; None when it was the last one."""
        return self.delays[attempt - 1] if attempt <= len(self.delays) else None


def _doubling(tries: int) -> tuple[float, ...]:
    """1, 2, 4 ... seconds between `tries` tries."""
    return tuple(float(2**n) for n in range(tries - 1))


#: 8 tries from 1 s.
DEFAULT = Retry(_doubling(8))
#: The same, while the person's later messages wait.
ORDERED = Retry(_doubling(8), in_place=True)
#: 10 retries, 1 to 512 s: about 17 minutes for a provider to come back.
SENDING = Retry(_doubling(11))

#: 3 retries: half a minute, five, thirty.
COMPLETION = Retry((30.0, 300.0, 1800.0))
#: 5 retries, 1 to 16 s.
UPDATE = Retry(_doubling(6))

#: What the Broker of knative/ does by itself: 8 more tries, 2, 4 ... 256 s apart (backoffDelay times 2^n from n = 1).
BROKER = Retry(tuple(2 * delay for delay in _doubling(9)))

TABLE: dict[str, Retry] = {
    "jotline.message.received": ORDERED,
    "jotline.command.parsed": ORDERED,
    "jotline.notification.requested": SENDING,
    "jotline.digest.requested": SENDING,
    "jotline.task.completed": COMPLETION,
    "jotline.task.updated": UPDATE,
}


def retry_for(event_type: str) -> Retry:
    """The retry rule of an event type."""
    return TABLE.get(event_type, DEFAULT)
