"""Too many texts of one number: at no moment were more than `limit` taken within the last `seconds`.

What is too much is not taken, and the number is told once in that time; further texts are met with silence. Pure: the caller says
what time it is. Numbers that are quiet again are forgotten on the way, so that it holds no more than a minute of texts.
"""

from __future__ import annotations

from collections import deque

#: So many texts after each other until quiet numbers are looked for.
SWEEP = 4096


class Flood:
    """Who texted when, of late."""

    def __init__(self, limit: int, seconds: float) -> None:
        """Args: limit: texts of one number; 0: any number of them. seconds: within so long."""
        self._limit, self._seconds = limit, seconds
        self._taken: dict[str, deque[float]] = {}
        self._told: dict[str, float] = {}
        self._until_sweep = SWEEP

    def take(self, number: str, now: float) -> bool:
        """Count a text, unless it is one too many; whether it was counted. `now`: in seconds."""
        if not self._limit:
            return True
        taken = self._taken.get(number)
        if taken is None:
            self._sweep(now)
            taken = self._taken[number] = deque()
        while taken and taken[0] <= now - self._seconds:
            taken.popleft()
        if len(taken) >= self._limit:
            return False
        taken.append(now)
        return True

    def give_back(self, number: str) -> None:
        """The text that was counted last was not taken after all: it comes again."""
        if taken := self._taken.get(number):
            taken.pop()

    def tell(self, number: str, now: float) -> bool:
        """Whether the number is to be told now; it counts as told then."""
        told = self._told.get(number)
        if told is not None and told > now - self._seconds:
            return False
        self._told[number] = now
        return True

    def untell(self, number: str) -> None:
        """It could not be told after all."""
        self._told.pop(number, None)

    def _sweep(self, now: float) -> None:
        """Every so often, forget numbers of which nothing counts any more."""
        self._until_sweep -= 1
        if self._until_sweep > 0:
            return
        self._until_sweep = SWEEP
        since = now - self._seconds
        self._taken = {number: taken for number, taken in self._taken.items() if taken and taken[-1] > since}
        self._told = {number: told for number, told in self._told.items() if told > since}
