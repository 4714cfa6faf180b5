"""The way events leave a function on Knative: POSTed to `K_SINK`, oldest first for each person.

They are committed before, so a broker that refuses them or is slow costs time and nothing else: the relay delivers what was not
accepted. Until then it is remembered here, to go out before anything newer of the same person; that is as much order as one
process can keep.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from shared.events.envelope import Event
from shared.policy.outcomes import TryAgain
from shared.runtime.cloudevents_http import to_http, traced
from shared.runtime.posting import Poster
from shared.runtime.telemetry import describe

if TYPE_CHECKING:
    from shared.storage.outbox import Row

#: A broker answers in milliseconds; Twilio waits 15 s for the whole answer.
TIMEOUT_SECONDS = 8.0
#: What was refused this long ago the relay has delivered, or is about to.
RELAY_SECONDS = 60.0
#: People of whom something may be left behind; of more, the relay alone knows.
LEFT_AT_MOST = 1000

log = logging.getLogger("jotline")


class NotAcceptedBySink(TryAgain):
    """The broker did not accept an event."""


class Sink:
    """Posts events to the broker's ingress."""

    def __init__(self, url: str) -> None:
        self._poster = Poster(url, timeout_seconds=TIMEOUT_SECONDS)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # a lock lives while somebody waits at it
        self._left: dict[str, list[tuple[float, Event]]] = {}  # by person: when it was refused, and what

    async def publish(self, event: Event) -> None:
        """POST one event; returns when the broker has accepted it (2xx).

        Raises:
            NotAcceptedBySink: it was refused, or the broker cannot be reached.
        """
        headers, body = to_http(traced(event))
        try:
            status = await self._poster.post(headers, body)
        except OSError as error:
            raise NotAcceptedBySink(f"the broker cannot be reached: {type(error).__name__}") from error
        if status // 100 != 2:
            raise NotAcceptedBySink(f"the broker answered {status}")

    async def carry(self, rows: Sequence[Row]) -> None:
        """POST committed events in order; what is not accepted stays behind, with all that comes after it of the same person."""
        events: dict[str, list[Event]] = {}
        for row in rows:
            if row.not_before is None and not row.for_function:
                events.setdefault(row.event.partitionkey, []).append(row.event)
        for person, theirs in events.items():
            turn = self._turns.setdefault(person, asyncio.Lock())
            async with turn:
                await self._post_in_order(person, theirs)

    async def _post_in_order(self, person: str, events: list[Event]) -> None:
        """POST what was left behind and is not the relay's by now, then these; stop at the first refusal."""
        now = asyncio.get_running_loop().time()
        waiting = [event for at, event in self._left.pop(person, []) if now - at < RELAY_SECONDS] + events
        for place, event in enumerate(waiting):
            try:
                await self.publish(event)
            except NotAcceptedBySink as error:
                log.warning("committed events wait for the relay", extra={"event_id": event.id, "cause": describe(error)})
                if len(self._left) < LEFT_AT_MOST:
                    self._left[person] = [(now, each) for each in waiting[place:]]
                return

    async def close(self) -> None:
        """Release connections."""
        await self._poster.close()
