"""A provider or mail server behind a circuit breaker: while it fails, messages wait for it without a call each.

A message that is refused, or more than the provider takes at once (429), is an answer: the provider is there.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from shared.policy.breaker import Breaker
from shared.providers.contract import (
    Accepted,
    Caller,
    Found,
    Incoming,
    Mail,
    Mailer,
    NotAccepted,
    OutcomeUnknown,
    Outgoing,
    Provider,
    Rejected,
)

Answer = TypeVar("Answer")
#: Is told after each answer whether the way is closed for a while.
Told = Callable[[bool], None]


class Guard:
    """Asks another party, unless it has failed again and again."""

    def __init__(self, now: Callable[[], float], told: Told) -> None:
        self._now, self._told = now, told
        self._breaker = Breaker()

    async def ask(self, question: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer, or what went wrong.

        Raises:
            NotAccepted: it was not asked. Others as `question` raises them.
        """
        if wait := self._breaker.wait(self._now()):
            raise NotAccepted("the provider has failed again and again: not asked for a while", retry_after_seconds=wait)
        try:
            return await self._hear(question)
        finally:
            self._told(self._breaker.opened_at is not None)

    async def _hear(self, question: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer, and what the breaker learns from it."""
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


class Guarded:
    """The provider, or a quick `NotAccepted` while it is known to fail."""

    def __init__(self, provider: Provider, now: Callable[[], float] = time.monotonic, told: Told = lambda _: None) -> None:
        self._provider, self._guard = provider, Guard(now, told)

    async def send(self, message: Outgoing) -> Accepted:
        """See `Provider.send`."""
        return await self._guard.ask(lambda: self._provider.send(message))

    async def find(self, message: Outgoing, since: datetime) -> list[Found]:
        """See `Provider.find`."""
        return await self._guard.ask(lambda: self._provider.find(message, since))

    async def received(self, ours: str, since: datetime) -> list[Incoming]:
        """See `Provider.received`."""
        return await self._guard.ask(lambda: self._provider.received(ours, since))

    async def caller(self, call_id: str) -> Caller | None:
        """See `Provider.caller`."""
        return await self._guard.ask(lambda: self._provider.caller(call_id))

    async def close(self) -> None:
        """Release connections."""
        await self._provider.close()


class GuardedMailer:
    """The mail server, likewise."""

    def __init__(self, mailer: Mailer, now: Callable[[], float] = time.monotonic, told: Told = lambda _: None) -> None:
        self._mailer, self._guard = mailer, Guard(now, told)

    async def send(self, mail: Mail) -> Accepted:
        """See `Mailer.send`."""
        return await self._guard.ask(lambda: self._mailer.send(mail))
