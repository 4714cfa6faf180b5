"""Time travel passes by everything that is due on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from local.travel import Travel
from shared.runtime.clock import SimulatedClock

NOON = datetime(2035, 11, 23, 12, tzinfo=UTC)


class Road:
    """Moments at which something is due, and when each was worked off."""

    def __init__(self, *due: datetime) -> None:
        self.clock = SimulatedClock()
        self.clock.set(NOON)
        self.due = list(due)
        self.worked: list[datetime] = []
        self.waiting = 0
        self.travel = Travel(self.clock, self._next, self._work, lambda: self.waiting)

    async def _next(self, after: datetime) -> datetime | None:
        return min((one for one in self.due if one > after), default=None)

    async def _work(self) -> None:
        self.worked.append(self.clock.now().replace(microsecond=0))


async def test_it_stops_wherever_something_is_due_and_ends_where_it_should() -> None:
    stops = [NOON + timedelta(hours=hours) for hours in (3, 1, 2, 30)]
    road = Road(*stops)
    there = await road.travel.to(NOON + timedelta(days=1))
    assert road.worked == sorted(stops)[:3]
    assert there >= NOON + timedelta(days=1)


async def test_the_way_is_free_where_nothing_is_due() -> None:
    road = Road()
    await road.travel.to(NOON + timedelta(days=365))
    assert road.worked == []
    assert road.clock.now() >= NOON + timedelta(days=365)


async def test_there_is_no_way_back_and_no_time_without_a_zone() -> None:
    road = Road()
    with pytest.raises(ValueError, match="cannot go back"):
        await road.travel.to(NOON - timedelta(days=1))
    with pytest.raises(ValueError, match="offset"):
        await road.travel.to(datetime(2036, 1, 1))  # noqa: DTZ001 - that is the point


async def test_a_stop_that_does_not_settle_holds_nobody_up_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.travel.SETTLE_SECONDS", 0.0)
    road = Road(NOON + timedelta(hours=1))
    road.waiting = 1
    await road.travel.to(NOON + timedelta(hours=2))
    assert len(road.worked) == 1
