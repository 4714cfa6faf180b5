"""The way events leave a function on Knative: POSTed to `K_SINK`, oldest first for each person."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from shared.events.envelope import Event
from shared.policy.outcomes import TryAgain
from shared.runtime.cloudevents_http import to_http
from shared.runtime.telemetry import describe

if TYPE_CHECKING:
    import aiohttp

    from shared.storage.outbox import Row

#: A broker answers in milliseconds; Twilio waits 15 s for the whole answer.
TIMEOUT_SECONDS = 8.0

log = logging.getLogger("jotline")


class NotAcceptedBySink(TryAgain):
    """The broker did not accept an event."""


class Sink:
    """Posts events to the broker's ingress."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    async def publish(self, event: Event) -> None:
        """POST one event; returns when the broker has accepted it (2xx).

        Raises:
            NotAcceptedBySink: it was refused, or the broker cannot be reached.
        """
        import aiohttp

        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS))
        headers, body = to_http(event)
        try:
            async with self._session.post(self._url, data=body, headers=headers) as answer:
                if answer.status // 100 != 2:
                    raise NotAcceptedBySink(f"the broker answered {answer.status}")
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
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
        if self._session is not None:
            await self._session.close()
