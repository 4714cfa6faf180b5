"""Sliding windows in PostgreSQL and in Redis: one contract, compared with the plainest window there is."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits.aio.storage.redis import coredis as library

from shared.storage.database import Database
from shared.storage.limits import Hit, Limiter, LimitsUnavailable, PostgresLimiter, RedisLimiter, Window
from tests.redis import Redis

START = datetime(2026, 11, 25, 15, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
_names = count(1)


class Store:
    """A limiter, and the clock it goes by."""

    def __init__(self, limiter: Limiter, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.limiter, self.url = limiter, url
        self.now = START
        if isinstance(limiter, RedisLimiter):
            monkeypatch.setattr(library, "time", SimpleNamespace(time=self._seconds))
            monkeypatch.setattr("time.time", self._seconds)

    def _seconds(self) -> float:
        return self.now.timestamp()

    async def hit(self, key: str, window: Window) -> Hit:
        """One request now."""
        return await self.limiter.hit(key, window, self.now)


@asynccontextmanager
async def opened(kind: str, database: str) -> AsyncIterator[tuple[Limiter, str]]:
    """A limiter of a kind, and the URL of what it counts in."""
    if kind == "PostgreSQL":
        pool = Database(database)
        yield PostgresLimiter(pool), database
        await pool.close()
        return
    server = Redis()
    await server.start()
    limiter = RedisLimiter(server.url)
    yield limiter, server.url
    await limiter.close()
    await server.stop()


@pytest.fixture(params=["PostgreSQL", pytest.param("Redis", marks=pytest.mark.needs("redis"))])
async def store(request: pytest.FixtureRequest, database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """Each of both."""
    async with opened(request.param, database) as (limiter, url):
        yield Store(limiter, url, monkeypatch)


#: Quarters of a second between requests: exact in every clock. Each is of one of two keys.
STEPS = st.lists(st.tuples(st.integers(0, 24), st.sampled_from("ab")), min_size=1, max_size=60)


@given(limit=st.integers(1, 6), seconds=st.integers(1, 5), steps=STEPS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
async def test_it_is_the_plainest_window_there_is(store: Store, limit: int, seconds: int, steps: list[tuple[int, str]]) -> None:
    window, run = Window(limit, seconds), next(_names)
    passed: dict[str, list[datetime]] = {"a": [], "b": []}
    for quarters, key in steps:
        store.now += timedelta(seconds=quarters / 4)
        recent = [at for at in passed[key] if at >= store.now - timedelta(seconds=seconds)]
        allowed = len(recent) < limit
        if allowed:
            passed[key].append(store.now)
            recent.append(store.now)
        hit = await store.hit(f"{key}{run}:GET /", window)
        assert (hit.allowed, hit.remaining) == (allowed, limit - len(recent))
        free_at = recent[0] + timedelta(seconds=seconds)
        assert hit.free_in_seconds == pytest.approx((free_at - store.now).total_seconds(), abs=1e-3)


async def test_the_101st_within_a_minute_waits_and_no_burst_gets_through_at_its_end(store: Store) -> None:
    window = Window(100, 60)
    store.now += timedelta(seconds=59)
    assert all([(await store.hit("c:GET /", window)).allowed for _ in range(100)])
    refused = await store.hit("c:GET /", window)
    assert (refused.allowed, refused.remaining) == (False, 0)
    store.now += timedelta(seconds=2)  # a counter would begin anew with the minute
    assert not (await store.hit("c:GET /", window)).allowed
    store.now += timedelta(seconds=58.5)
    assert (await store.hit("c:GET /", window)).allowed


async def test_two_clients_and_two_endpoints_share_nothing(store: Store) -> None:
    window = Window(1, 60)
    keys = [f"{client}:{endpoint}" for client in ("10.0.0.1", "10.0.0.2") for endpoint in ("GET /a", "GET /b")]
    assert [(await store.hit(key, window)).allowed for key in keys] == [True] * 4
    assert [(await store.hit(key, window)).allowed for key in keys] == [False] * 4


async def test_many_at_once_are_no_more(store: Store) -> None:
    hits = await asyncio.gather(*(store.hit("c:GET /", Window(10, 60)) for _ in range(60)))
    assert sum(hit.allowed for hit in hits) == 10


ASK = """
import asyncio, sys
from datetime import UTC, datetime
from shared.storage.database import Database
from shared.storage.limits import PostgresLimiter, RedisLimiter, Window

async def ask(url):
    pool = None if url.startswith("redis") else Database(url)
    limiter = PostgresLimiter(pool) if pool else RedisLimiter(url)
    hits = [await limiter.hit("10.0.0.1:GET /", Window(100, 3600), datetime.now(UTC)) for _ in range(80)]
    print(sum(hit.allowed for hit in hits))
    await (pool or limiter).close()

asyncio.run(ask(sys.argv[1]))
"""


async def test_two_processes_share_the_budget(store: Store) -> None:
    async def ask() -> int:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            ASK,
            store.url,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": "."},
        )
        told, _ = await child.communicate()
        assert child.returncode == 0
        return int(told)

    assert sum(await asyncio.gather(ask(), ask())) == 100


async def test_a_row_outlives_its_window_by_a_second_and_goes_with_others_requests(database: str) -> None:
    pool = Database(database)
    limiter, window = PostgresLimiter(pool), Window(5, 60)
    for client in range(4):
        await limiter.hit(f"10.0.0.{client}:GET /", window, START)
    [(key, left)] = await pool.fetch("SELECT key, expires_at - %s FROM todo.rate_limits ORDER BY key LIMIT 1", START)
    assert (key, left) == ("rate_limit:10.0.0.0:GET /", timedelta(seconds=61))
    for seconds, rows in ((61, 5), (62, 3), (63, 1)):
        await limiter.hit("10.0.0.9:GET /", window, START + timedelta(seconds=seconds))
        assert len(await pool.fetch("SELECT 1 FROM todo.rate_limits")) == rows
    await pool.close()


async def test_the_table_is_not_logged(database: str) -> None:
    pool = Database(database)
    assert await pool.fetch("SELECT relpersistence::text FROM pg_class WHERE oid = 'todo.rate_limits'::regclass") == [("u",)]
    await pool.close()


@pytest.mark.needs("redis")
async def test_in_redis_a_key_expires_a_second_after_its_window() -> None:
    server = Redis()
    await server.start()
    limiter = RedisLimiter(server.url)
    await limiter.hit("10.0.0.1:GET /", Window(5, 60), START)
    _, redis = limiter._storage  # noqa: SLF001 - to ask what is in it
    assert await redis.ttl("rate_limit:10.0.0.1:GET /") in (60, 61)
    assert await redis.keys("*") == {b"rate_limit:10.0.0.1:GET /"}
    await limiter.close()
    await server.stop()


@pytest.mark.needs("redis")
async def test_a_redis_that_goes_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.storage.limits.AWAY_SECONDS", 0.0)
    server, window = Redis(), Window(5, 60)
    await server.start()
    limiter = RedisLimiter(server.url)
    assert (await limiter.hit("c:GET /", window, START)).remaining == 4
    await server.stop()
    with pytest.raises(LimitsUnavailable):
        await limiter.hit("c:GET /", window, START)
    await server.start()
    async with asyncio.timeout(30):
        hit = None
        while hit is None:
            try:
                hit = await limiter.hit("c:GET /", window, START)
            except LimitsUnavailable:
                await asyncio.sleep(0.05)
    assert hit.remaining == 4, "it has kept nothing"
    await limiter.close()
    await server.stop()
