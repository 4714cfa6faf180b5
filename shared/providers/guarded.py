"""A provider behind a circuit breaker: while it fails, messages wait for it without a call each.

A message that is refused, or more than the provider takes at once (429), is an answer: the provider is there.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from shared.policy.breaker import Breaker
from shared.providers.contract import Accepted, Found, Incoming, NotAccepted, OutcomeUnknown, Outgoing, Provider, Rejected

Answer = TypeVar("Answer")


class Guarded:
    """The provider, or a quick `NotAccepted` while it is known to fail."""

    def __init__(self, provider: Provider, now: Callable[[], float] = time.monotonic) -> None:
        self._provider, self._now = provider, now
        self._breaker = Breaker()

    async def send(self, message: Outgoing) -> Accepted:
        """See `Provider.send`."""
        return await self._ask(lambda: self._provider.send(message))

    async def find(self, message: Outgoing, since: datetime) -> list[Found]:
        """See `Provider.find`."""
        return await self._ask(lambda: self._provider.find(message, since))

    async def received(self, ours: str, since: datetime) -> list[Incoming]:
        """See `Provider.received`."""
        return await self._ask(lambda: self._provider.received(ours, since))

    async def close(self) -> None:
        """Release connections."""
        await self._provider.close()

    async def _ask(self, question: Callable[[], Awaitable[Answer]]) -> Answer:
        if wait := self._breaker.wait(self._now()):
            raise NotAccepted("the provider has failed again and again: not asked for a while", retry_after_seconds=wait)
        try:
            answer = await question()
        except Rejected:
            self._breaker.succeeded()
            raise
        except NotAccepted as error:
            if error.retry_after_seconds is None:
                self._breaker.failed(self._now())
            else:
                self._breaker.succeeded()
            raise
        except OutcomeUnknown:
            self._breaker.failed(self._now())
            raise
        except BaseException:
            self._breaker.undecided()
            raise
        self._breaker.succeeded()
        return answer
