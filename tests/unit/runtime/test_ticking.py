"""What a tick does at each second: one thing that cannot be done stops no other."""

from __future__ import annotations

import asyncio
import logging
import os
import signal

import pytest

from shared.policy.outcomes import TryAgain, Unavailable
from shared.runtime.clock import RealClock
from shared.runtime.services import Services
from shared.runtime.serving import serve
from shared.runtime.settings import Settings
from shared.runtime.ticking import count_done, every_second
from tests.asking import request

pytestmark = pytest.mark.asyncio


async def answers(done: bool | BaseException) -> bool:
    if isinstance(done, BaseException):
        raise done
    return done


async def test_it_counts_what_came_true() -> None:
    assert await count_done([answers(done=True), answers(done=False), answers(done=True)], "reminders") == 2


async def test_one_that_fails_is_logged_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert await count_done([answers(ValueError("Ada's")), answers(done=True)], "reminders") == 1
    [record] = caplog.records
    assert (record.__dict__["what"], "Ada" in record.getMessage()) == ("reminders", False)


@pytest.mark.parametrize("error", [TryAgain(), Unavailable()])
async def test_a_database_that_is_away_is_not_taken_for_a_failure(error: TryAgain) -> None:
    with pytest.raises(type(error)):
        await count_done([answers(done=True), answers(error)], "reminders")


async def test_a_tick_that_is_cancelled_ends() -> None:
    with pytest.raises(asyncio.CancelledError):
        await count_done([answers(asyncio.CancelledError())], "reminders")


async def test_a_process_that_is_told_to_end_does_not_wait_for_its_tick() -> None:
    looked = asyncio.Event()

    async def look(_: Services) -> None:
        looked.set()

    function = serve("it", http={"/tick": every_second(look, "reminders")}, schema="todo").served
    function.bind(Services(Settings(), RealClock()))
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        ticking = asyncio.create_task(function(request("/tick")))
        await looked.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(30):
            assert (await ticking).status_code == 204
    finally:
        signal.signal(signal.SIGTERM, before)
