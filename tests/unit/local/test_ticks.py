"""PingSources in the single box: the same schedules, by a clock that may be moved."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from local.ticks import Tick, Ticks, last_time, read_ticks
from shared.runtime.clock import SimulatedClock
from shared.runtime.services import Services
from shared.runtime.serving import Function, serve
from shared.runtime.settings import Settings

NOON = datetime(2035, 11, 23, 12, 0, 30, tzinfo=UTC)


class Bells:
    """Two functions with a tick each, and how often they were called."""

    def __init__(self) -> None:
        self.rung: list[str] = []
        self.broken = ""
        self.clock = SimulatedClock()
        self.clock.set(NOON)
        services = Services(Settings(), self.clock)
        functions = {name: self._function(name, services) for name in ("hourly", "minutely")}
        self.ticks = Ticks(
            [
                Tick("hourly", "/tick", "0 * * * *"),
                Tick("minutely", "/tick", "* * * * *"),
                Tick("elsewhere", "/tick", "* * * * *"),
            ],
            functions,
            self.clock,
        )

    def _function(self, name: str, services: Services) -> Function:
        async def ring(request: Request, _: Any) -> Response:
            assert request.method == "POST"
            if name == self.broken:
                raise OSError(name)
            self.rung.append(name)
            return Response(status_code=204)

        made = serve(name, http={"/tick": ring}).served
        made.bind(services)
        return made

    async def pass_by(self, **time: float) -> list[str]:
        self.rung.clear()
        self.clock.advance(timedelta(**time))
        await self.ticks.look()
        return list(self.rung)


async def test_each_is_called_at_its_time_and_once() -> None:
    bells = Bells()
    assert await bells.pass_by(minutes=10) == ["minutely"]
    assert await bells.pass_by(minutes=50) == ["minutely", "hourly"]
    assert await bells.pass_by(minutes=1) == ["minutely"]


async def test_who_works_every_minute_is_asked_every_second() -> None:
    bells = Bells()
    assert [await bells.pass_by(seconds=1) for _ in range(3)] == [["minutely"]] * 3


async def test_a_clock_that_jumps_rings_each_once() -> None:
    bells = Bells()
    assert await bells.pass_by(days=1) == ["minutely", "hourly"]
    assert await bells.pass_by(days=400) == ["minutely", "hourly"]


async def test_one_that_fails_does_not_keep_the_others_from_ringing(caplog: pytest.LogCaptureFixture) -> None:
    bells = Bells()
    bells.broken = "hourly"
    assert await bells.pass_by(hours=2) == ["minutely"]
    assert caplog.messages == ["a tick failed"]
    bells.broken = ""
    assert await bells.pass_by(hours=1) == ["minutely", "hourly"]


@pytest.mark.parametrize(
    ("schedule", "found"),
    [
        ("* * * * *", datetime(2035, 11, 23, 12, 0, tzinfo=UTC)),
        ("17 * * * *", datetime(2035, 11, 23, 11, 17, tzinfo=UTC)),
        ("0 8 * * *", datetime(2035, 11, 23, 8, 0, tzinfo=UTC)),
        ("0 13 * * *", None),
    ],
)
def test_the_last_of_the_times_passed_by(schedule: str, found: datetime | None) -> None:
    assert last_time(schedule, NOON - timedelta(hours=12), NOON) == found


async def test_the_relays_tick_is_not_for_the_box() -> None:
    bells, rung = Bells(), list[str]()

    async def ring(request: Request, _: Any) -> Response:
        rung.append(request.url.path)
        return Response(status_code=204)

    audit = serve("audit", http={"/tick": ring, "/cleanup": ring}).served
    audit.bind(Services(Settings(), bells.clock))
    asked = [tick for tick in read_ticks() if tick.function == "audit"]
    assert {tick.path for tick in asked} == {"/tick", "/cleanup"}
    bells.ticks = Ticks(asked, {"audit": audit}, bells.clock)
    await bells.pass_by(hours=1)
    assert rung == ["/cleanup"]


async def test_who_tidies_up_does_not_hold_up_who_works_every_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.ticks.LOOK_SECONDS", 0.0)
    bells, tidied, reminded = Bells(), asyncio.Event(), asyncio.Queue[None]()

    async def tidy(_: Request, __: Any) -> Response:
        tidied.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def remind(_: Request, __: Any) -> Response:
        reminded.put_nowait(None)
        return Response(status_code=204)

    functions = {"tidy": serve("tidy", http={"/tick": tidy}).served, "remind": serve("remind", http={"/tick": remind}).served}
    for function in functions.values():
        function.bind(Services(Settings(), bells.clock))
    asked = [Tick("tidy", "/tick", "0 * * * *"), Tick("remind", "/tick", "* * * * *")]
    running = asyncio.create_task(Ticks(asked, functions, bells.clock).run())
    async with asyncio.timeout(20):
        bells.clock.advance(timedelta(hours=1))
        await tidied.wait()
        await reminded.get()
        for _ in range(3):
            bells.clock.advance(timedelta(seconds=1))
            await reminded.get()
    running.cancel()


@pytest.mark.parametrize("function", ["remind", "digest", "audit"])
def test_the_manifests_ask_every_minute_for_a_minutes_work(function: str) -> None:
    assert Tick(function, "/tick", "* * * * *") in read_ticks()


@pytest.mark.parametrize(("function", "path", "schedule"), [("transcribe", "/tick", "17"), ("audit", "/cleanup", "47")])
def test_the_manifests_ask_for_retention_every_hour(function: str, path: str, schedule: str) -> None:
    assert Tick(function, path, f"{schedule} * * * *") in read_ticks()
