"""Ticks over HTTP: who works all the time is asked again and again, the others at their minute, and the relay never."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web

from local import http_ticks
from local.http_ticks import WORK_SECONDS, HttpTicks
from local.ticks import RELAY, Tick, read_ticks
from shared.runtime.addresses import Addresses
from shared.runtime.clock import SimulatedClock

pytestmark = pytest.mark.asyncio
BEFORE_NOON = datetime(2035, 11, 25, 11, 59, 59, 900_000, tzinfo=UTC)
ALWAYS, AT_NOON, AT_MIDNIGHT = "* * * * *", "0 12 * * *", "0 0 * * *"


class Functions:
    """Functions behind one URL: answer with these statuses, then let whoever asks wait."""

    def __init__(self, *statuses: int) -> None:
        self.asked: list[str] = []
        self.url = ""
        self._statuses = list(statuses)
        self._waiting = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        if not self._statuses:
            await self._waiting.wait()
        return web.Response(status=self._statuses.pop(0) if self._statuses else 204)

    async def were_asked(self, times: int) -> list[str]:
        async with asyncio.timeout(10):
            while len(self.asked) < times:
                await asyncio.sleep(0.01)
        return self.asked

    @asynccontextmanager
    async def ticked(self, *ticks: Tick, **here: Callable[[], Awaitable[object]]) -> AsyncIterator[Functions]:
        """They answer, and these ticks are asked for; `here`: what is done here, by the function whose /cleanup it is."""
        clock, application = SimulatedClock(), web.Application()
        clock.set(BEFORE_NOON)
        application.router.add_post("/{path:.*}", self.take)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        addresses = Addresses(f"{site.name}/function/{{function}}")
        running = HttpTicks(ticks, addresses, clock, {(name, "/cleanup"): work for name, work in here.items()})
        task = asyncio.create_task(running.run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.wait([task])
            self._waiting.set()
            await runner.cleanup()


async def test_who_works_all_the_time_is_asked_again_as_soon_as_it_has_answered() -> None:
    async with Functions(204, 204).ticked(Tick("remind", "/tick", ALWAYS)) as there:
        assert await there.were_asked(3) == [f"/function/remind/tick?seconds={WORK_SECONDS}"] * 3


@pytest.mark.parametrize("status", [500, 502, 503, 404, 302, 200])
async def test_who_does_not_work_is_asked_again_a_little_later(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_ticks, "PAUSE_SECONDS", 0.01)
    async with Functions(204, status).ticked(Tick("remind", "/tick", ALWAYS)) as there:
        assert len(await there.were_asked(3)) == 3


async def test_others_are_asked_at_their_minute_and_each_by_itself() -> None:
    ticks = [Tick("hung", "/tick", AT_NOON), Tick("transcribe", "/tick", AT_NOON), Tick("nightly", "/tick", AT_MIDNIGHT)]
    async with Functions().ticked(*ticks) as there:
        assert set(await there.were_asked(2)) == {"/function/hung/tick", "/function/transcribe/tick"}


async def test_what_is_done_here_is_done_here_and_the_relay_by_nobody() -> None:
    done = asyncio.Event()

    async def clean_up() -> None:
        done.set()

    ticks = [Tick(*RELAY, ALWAYS), Tick("audit", "/cleanup", AT_NOON), Tick("transcribe", "/tick", AT_NOON)]
    async with Functions().ticked(*ticks, audit=clean_up) as there:
        await asyncio.wait_for(done.wait(), 10)
        assert await there.were_asked(1) == ["/function/transcribe/tick"]


async def test_work_that_fails_here_stops_nothing() -> None:
    async def fail() -> None:
        raise OSError

    ticks = [Tick("audit", "/cleanup", AT_NOON), Tick("remind", "/tick", ALWAYS), Tick("transcribe", "/tick", AT_NOON)]
    async with Functions(204).ticked(*ticks, audit=fail) as there:
        assert len(await there.were_asked(3)) == 3


async def test_every_path_that_knative_ticks_is_somebodys_on_openfaas() -> None:
    assert {(tick.function, tick.path) for tick in read_ticks()} == {
        *{("remind", "/tick"), ("digest", "/tick"), ("transcribe", "/tick")},
        *{RELAY, ("audit", "/cleanup")},  # the broker's own work
    }
