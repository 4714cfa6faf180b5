"""The way events leave a function on Knative: POSTed to `K_SINK`, oldest first for each person.

urllib3 in a thread: its import costs a function that starts cold a sixth of aiohttp's (bench/text/cold_start), and one POST
an event is all there is to do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.events.envelope import Event
from shared.policy.outcomes import TryAgain
from shared.runtime.cloudevents_http import to_http
from shared.runtime.telemetry import describe

if TYPE_CHECKING:
    import urllib3

    from shared.storage.outbox import Row

#: A broker answers in milliseconds; Twilio waits 15 s for the whole answer.
TIMEOUT_SECONDS = 8.0
#: POSTs at once, each on a connection that is kept.
CONNECTIONS = 32

log = logging.getLogger("jotline")


class NotAcceptedBySink(TryAgain):
    """The broker did not accept an event."""


class Sink:
    """Posts events to the broker's ingress."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: urllib3.PoolManager | None = None

    async def publish(self, event: Event) -> None:
        """POST one event; returns when the broker has accepted it (2xx).

        Raises:
            NotAcceptedBySink: it was refused, or the broker cannot be reached.
        """
        headers, body = to_http(event)
        status = await asyncio.to_thread(self._post, headers, body)
        if status // 100 != 2:
            raise NotAcceptedBySink(f"the broker answered {status}")

    def _post(self, headers: dict[str, str], body: bytes) -> int:
        """POST and return the status; runs in a thread."""
        import urllib3

        if self._pool is None:
            self._pool = urllib3.PoolManager(maxsize=CONNECTIONS, timeout=TIMEOUT_SECONDS, retries=False)
        try:
            return self._pool.request("POST", self._url, body=body, headers=headers).status
        except urllib3.exceptions.HTTPError as error:
            raise NotAcceptedBySink(f"the broker cannot be reached: {type(error).__name__}") from error

    async def carry(self, rows: Sequence[Row]) -> None:
        """POST committed events in order; stops at the first refusal, so that order holds. The relay finds the rest."""
        try:
            for row in rows:
                if row.not_before is None:
                    await self.publish(row.event)
        except NotAcceptedBySink as error:
            log.warning("committed events wait for the relay", extra={"cause": describe(error)})

    async def close(self) -> None:
        """Release connections."""
        if self._pool is not None:
            self._pool.clear()
