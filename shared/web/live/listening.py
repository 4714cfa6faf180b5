"""The calls that tell of new changes (0011.live.sql): one connection to PostgreSQL for a whole instance."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import psycopg

from shared.runtime.telemetry import count, describe

#: What 0011.live.sql calls on.
CHANNEL: Final = "jotline_live"
#: How often a quiet line is tried.
LOOK_SECONDS: Final = 20.0
CONNECT_SECONDS: Final = 5
#: Between two tries to get the line back, at first and at most.
AGAIN_SECONDS: Final = (0.2, 5.0)

log = logging.getLogger("jotline.live")


async def listen(dsn: str, told: Callable[[str], None], connected: Callable[[], None]) -> None:
    """Hear every call on a connection of its own, for ever; takes it again whenever it breaks.

    Args:
        dsn: straight to PostgreSQL: a pooler that lends connections by the transaction hears nothing.
        told: called with each payload.
        connected: called each time listening begins: what happened before was not heard.
    """
    wait = AGAIN_SECONDS[0]
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(dsn, autocommit=True, connect_timeout=CONNECT_SECONDS)
            async with connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                wait = AGAIN_SECONDS[0]
                connected()
                await _hear(connection, told)
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("the live feed hears nothing, trying again", extra={"cause": describe(error), "after_seconds": wait})
            count("live_reconnects_total")
        await asyncio.sleep(wait)
        wait = min(wait * 2, AGAIN_SECONDS[1])


async def _hear(connection: psycopg.AsyncConnection[tuple[object, ...]], told: Callable[[str], None]) -> None:
    """Pass calls on until the connection breaks; a line that is quiet is tried."""
    while True:
        async for call in connection.notifies(timeout=LOOK_SECONDS):
            told(call.payload)
        async with asyncio.timeout(CONNECT_SECONDS):
            await connection.execute("SELECT 1")
