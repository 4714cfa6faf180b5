"""The clock's path, `/phone/api/clock`: GET shows it, POST moves a simulated one. It works without a phone, too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.phone.guard import Refused, guarded, read_json
from shared.runtime.clock import Clock, SimulatedClock

_LONGEST_JUMP_SECONDS = 10 * 366 * 86_400
Moved = Callable[[], Awaitable[None]]
#: Moves the clock to an instant; a ValueError says why not.
Go = Callable[[datetime], Awaitable[object]]


class ClockMove(BaseModel):
    """Where the clock is to go: an instant with an offset, or so many seconds on."""

    model_config = ConfigDict(extra="forbid")
    set: datetime | None = None
    advance_seconds: int | None = Field(default=None, ge=0, le=_LONGEST_JUMP_SECONDS)


async def nobody() -> None:
    """Nobody needs to hear that the clock was moved."""


class ClockApi:
    """Shows and moves one clock."""

    def __init__(self, clock: Clock, *, go: Go | None = None, moved: Moved = nobody) -> None:
        """Nothing is opened: mount `route`.

        Args:
            clock: the clock.
            go: moves it; by itself it jumps.
            moved: awaited after every move, before the answer.
        """
        self._clock = clock
        self._go = go
        self._moved = moved
        self.route = Route("/phone/api/clock", guarded(self._answer), methods=["GET", "POST"])

    def now(self) -> dict[str, Any]:
        """What the clock shows, and whether it can be moved."""
        return {
            "simulated": isinstance(self._clock, SimulatedClock),
            "now": self._clock.now().isoformat(timespec="milliseconds"),
        }

    async def _answer(self, request: Request) -> Response:
        if request.method == "POST":
            await self._move(await read_json(request, ClockMove))
        return JSONResponse(self.now())

    async def _move(self, move: ClockMove) -> None:
        clock = self._clock
        if not isinstance(clock, SimulatedClock):
            raise Refused(409, "the clock is the real one and cannot be moved")
        if (move.set is None) == (move.advance_seconds is None):
            raise Refused(400, "say either set or advance_seconds")
        try:
            there = move.set if move.set is not None else clock.now() + timedelta(seconds=move.advance_seconds or 0)
            if self._go is not None:
                await self._go(there)
            else:
                clock.set(there)
        except (ValueError, OverflowError) as error:
            raise Refused(400, str(error)) from None
        await self._moved()
