"""One broker to a database: an advisory lock, held by a connection of its own and taken again when that breaks.

Two brokers would not do harm (claims see to that) but would do everything twice and keep no order between them. The same connection
listens for whoever writes into the outboxes from outside, as `jotline dead-letters replay` does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import psycopg

from shared.runtime.telemetry import describe
from shared.storage.audit import WAKE

#: Any fixed number will do ("jotl" in ASCII).
LOCK = 0x6A6F746C
#: How often it is made sure that the lock is still ours.
LOOK_SECONDS = 2.0

log = logging.getLogger("jotline")


class AnotherBox(Exception):
    """Another single box works on this database."""


class Ownership:
    """The right to be the broker of a database."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    async def take(self) -> None:
        """Take the lock.

        Raises:
            AnotherBox: somebody holds it. psycopg.OperationalError: the database does not answer.
        """
        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
        try:
            await _lock(connection)
        except BaseException:  # cancelled, too
            await connection.close()
            raise
        self._connection = connection

    async def keep(
        self,
        lost: Callable[[str], None],
        alive: Callable[[], bool] = lambda: True,
        woken: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """See to it that the lock stays ours; call `lost` with the reason, and return, when it cannot.

        Args:
            lost: told why this box must end.
            alive: false when the database itself will not come back (our own server has ended).
            woken: called when somebody wrote into an outbox from outside.
        """
        while True:
            if await self._called() and woken is not None:
                await woken()
            if not alive():
                lost("PostgreSQL has ended; its log is postgres.log in JOTLINE_HOME")
                return
            try:
                if self._connection is None:
                    await self.take()
                    log.info("the database is back")
                    if woken is not None:  # nobody could call meanwhile
                        await woken()
                else:
                    await self._connection.execute("SELECT 1")
            except AnotherBox as error:
                lost(str(error))
                return
            except (psycopg.OperationalError, OSError) as error:
                log.warning("the database is away", extra={"cause": describe(error)})
                await self.release()

    async def _called(self) -> bool:
        """Wait until it is time to look at the lock; True as soon as somebody calls."""
        if self._connection is not None:
            try:
                return bool([one async for one in self._connection.notifies(timeout=LOOK_SECONDS, stop_after=1)])
            except (psycopg.OperationalError, OSError):
                return False  # who looks at the lock next will say so
        await asyncio.sleep(LOOK_SECONDS)
        return False

    async def release(self) -> None:
        """Let go of the lock."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


async def _lock(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
    """Take the lock on a connection, and listen on it.

    Raises:
        AnotherBox: somebody holds it.
    """
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
    if await cursor.fetchone() != (True,):
        raise AnotherBox("another Jotline works on this database; stop it first, or give this one its own DATABASE_URL")
    await connection.execute(f"LISTEN {WAKE}")
