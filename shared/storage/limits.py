"""Sliding windows that all instances share: when each client asked each endpoint, in PostgreSQL or in Redis.

A window is a log, not a counter: at no moment did more than `limit` requests pass within the last `seconds`, also across the end of
a minute. In PostgreSQL it is a row with the times of at most `limit` requests, and one statement that waits for nobody but those who
ask with the same key. Nothing of it reaches a disk before it is forgotten: the table is not logged.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, cast

from shared.policy.outcomes import Unavailable

if TYPE_CHECKING:
    from coredis import Redis
    from limits.aio.storage import RedisStorage
    from limits.aio.storage.redis.coredis import CoredisBridge

    from shared.storage.database import Database

PREFIX = "rate_limit"
#: A row outlives its window by this much.
GRACE = timedelta(seconds=1)
#: Redis answers within milliseconds, or is away.
REDIS_SECONDS = 0.5
#: So long nobody waits for a Redis that did not answer.
AWAY_SECONDS = 2.0

#: One request of a key: whether it is one too many, how many are in its window, and in how many seconds the oldest leaves it.
#: Others' rows that are over go on the way, two for each that may come.
_HIT = """
WITH over AS (
    DELETE FROM todo.rate_limits WHERE key = ANY (ARRAY(
        SELECT key FROM todo.rate_limits WHERE expires_at < %(now)s AND key <> %(key)s LIMIT 2 FOR UPDATE SKIP LOCKED))
)
INSERT INTO todo.rate_limits AS r (key, hits, allowed, expires_at)
VALUES (%(key)s, ARRAY[%(now)s::timestamptz], true, %(now)s + %(window)s + %(grace)s)
ON CONFLICT (key) DO UPDATE SET (hits, allowed, expires_at) = (
    SELECT coalesce(array_agg(h ORDER BY h), '{}') || CASE WHEN count(*) < %(limit)s THEN excluded.hits ELSE '{}' END,
           count(*) < %(limit)s, excluded.expires_at
    FROM unnest(r.hits) h WHERE h BETWEEN %(now)s - %(window)s AND %(now)s + %(window)s)
RETURNING allowed, cardinality(hits), extract(epoch FROM hits[1] + %(window)s - %(now)s)::float8
"""


class LimitsUnavailable(Unavailable):
    """Nobody knows how often somebody has asked."""


@dataclass(frozen=True, slots=True)
class Window:
    """How often something may be asked for."""

    limit: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Hit:
    """What became of a request."""

    allowed: bool
    remaining: int
    free_in_seconds: float  # until the oldest request leaves the window, and another one may come


class Limiter(Protocol):
    """Whoever counts."""

    async def hit(self, key: str, window: Window, now: datetime) -> Hit:
        """Count a request, unless it is one too many.

        Args:
            key: `{client}:{endpoint}`.
            window: how many there may be.
            now: the time it is.

        Raises:
            Unavailable: nobody knows.
        """
        ...

    async def close(self) -> None:
        """Release what it holds."""
        ...


class PostgresLimiter:
    """Windows in PostgreSQL, by the clock of whoever asks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hit(self, key: str, window: Window, now: datetime) -> Hit:
        """See `Limiter`."""
        parameters = {
            "key": f"{PREFIX}:{key}",
            "limit": window.limit,
            "now": now,
            "window": timedelta(seconds=window.seconds),
            "grace": GRACE,
        }
        import psycopg

        try:
            [(allowed, count, free)] = await self._database.fetch(_HIT, parameters)
        except psycopg.Error as error:  # the API does not end with it
            raise LimitsUnavailable("refused") from error
        return Hit(bool(allowed), max(0, window.limit - int(str(count))), float(str(free)))

    async def close(self) -> None:
        """The database is somebody else's."""


class RedisLimiter:
    """Windows in Redis, by this machine's clock: the `limits` library's moving window."""

    def __init__(self, url: str) -> None:
        """Args: url: `redis://` or `rediss://`."""
        self._url = url
        self._made: tuple[RedisStorage, Redis[bytes]] | None = None
        self._away_until = 0.0

    @property
    def _storage(self) -> tuple[RedisStorage, Redis[bytes]]:
        """The windows, and the client they are in."""
        if self._made is None:
            from limits.aio.storage import RedisStorage

            storage = RedisStorage(
                f"async+{self._url}", key_prefix=PREFIX, stream_timeout=REDIS_SECONDS, connect_timeout=REDIS_SECONDS
            )
            self._made = storage, cast("Redis[bytes]", cast("CoredisBridge", storage.bridge).get_connection())
        return self._made

    async def hit(self, key: str, window: Window, now: datetime) -> Hit:
        """See `Limiter`."""
        from time import time

        clock = asyncio.get_running_loop().time
        if clock() < self._away_until:
            raise LimitsUnavailable("away")
        storage, redis = self._storage  # the first time that takes longer than any answer
        try:
            async with asyncio.timeout(2 * REDIS_SECONDS):
                allowed = await storage.acquire_entry(key, window.limit, window.seconds)
                (oldest, count), _ = await asyncio.gather(
                    storage.get_moving_window(key, window.limit, window.seconds),
                    redis.expire(f"{PREFIX}:{key}", timedelta(seconds=window.seconds) + GRACE),
                )
        except Exception as error:  # whatever a client library raises: the API does not end with it
            self._away_until = clock() + AWAY_SECONDS
            raise LimitsUnavailable("no answer") from error
        return Hit(allowed, max(0, window.limit - count), oldest + window.seconds - time())

    async def close(self) -> None:
        """Close the connections."""
        if self._made is not None:
            self._made[1].connection_pool.disconnect()
            self._made = None
