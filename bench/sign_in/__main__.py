"""`python -m bench.sign_in`: does the time of a login's answer tell whether a number is known?

A whole box in this process (tests/whole.py), a real PostgreSQL. Known and unknown numbers ask for codes in turns, in an order that dice
make. `area` is how often the answer to a known number takes longer than that to an unknown one: 0.5 tells nothing, 1 tells everything;
behind it the error that chance makes. Once as it is, and once with an answer as soon as the work is done.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from bisect import bisect_left, bisect_right
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import Final

import httpx2 as httpx

from shared.storage.sign_in import CODES
from shared.web import login
from shared.web.app import make_app
from tests.database import Server
from tests.whole import Whole, whole

KEY: Final = "a key of thirty-two bytes or more for the benchmark"
#: Between two requests: a text leaves meanwhile.
PAUSE_SECONDS: Final = 0.05


async def ask(client: httpx.AsyncClient, phone: str) -> float:
    """Milliseconds until a login is answered."""
    began = perf_counter()
    answer = await client.post("/api/v1/login", json={"phone": phone})
    took = (perf_counter() - began) * 1000
    answer.raise_for_status()
    return took


async def measure(box: Whole, known: list[str], unknown: list[str], dice: Random) -> tuple[list[float], list[float]]:
    """The times of both, sorted. Each number asks as often as it may."""
    asked = [(phone, kind) for kind, phones in enumerate((known, unknown)) for phone in phones] * CODES[0][1]
    dice.shuffle(asked)
    times: tuple[list[float], list[float]] = ([], [])
    transport = httpx.ASGITransport(make_app(box.services))
    async with httpx.AsyncClient(transport=transport, base_url="http://jotline") as client:
        await ask(client, "+12125559999")
        for phone, kind in asked:
            times[kind].append(await ask(client, phone))
            await asyncio.sleep(PAUSE_SECONDS)
    return sorted(times[0]), sorted(times[1])


def area(known: list[float], unknown: list[float]) -> float:
    """How often a known number's answer takes longer; ties count half."""
    wins = sum(bisect_left(unknown, one) + bisect_right(unknown, one) for one in known) / 2
    return wins / (len(known) * len(unknown))


async def run(url: str, people: int, seconds: float) -> None:
    """One table."""
    login.ANSWER_AFTER_SECONDS = seconds
    known, unknown = ([f"+1212{kind}{number:04}" for number in range(people)] for kind in ("555", "556"))
    async with whole(url) as box:
        limits = {"jwt_secret": KEY, "rate_limit": 0}
        box.services.settings = box.services.settings.model_copy(update=limits)
        for phone in known:
            await box.text("hello", sender=phone)
        await box.idle()
        times = await measure(box, known, unknown, Random(20261125))  # noqa: S311 - dice
    error = (1 / 12 * (1 / len(times[0]) + 1 / len(times[1]))) ** 0.5
    print(f"answered after {seconds} s at the soonest: area {area(*times):.3f} (chance: 0.5 +- {error:.3f})")
    for name, one in zip(("known", "unknown"), times, strict=True):
        p95 = quantiles(one, n=20)[-1]
        print(f"  {name:8} n={len(one)} median {median(one):.2f} ms, p95 {p95:.2f} ms, most {one[-1]:.2f} ms")


def main() -> int:
    """Measure both; returns the exit status."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    reader.add_argument("--people", type=int, default=40, help="known numbers, and as many unknown ones (default 40)")
    people = reader.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            for seconds in (login.ANSWER_AFTER_SECONDS, 0.0):
                with server.database() as url:
                    asyncio.run(run(url, people, seconds))
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
