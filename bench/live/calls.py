"""What a text costs with the calls that tell of changes and without, in the same box, in turn."""

from __future__ import annotations

from statistics import median
from typing import Any

import psycopg

from bench.text import servers, usage
from bench.text.__main__ import generator, measure_phase
from bench.text.load import Phase
from bench.text.servers import Stack
from local.postgres import find_url

ROUNDS = 4
PHASE = Phase(seconds=10, concurrency=128)
WARM_UP = Phase(seconds=10, concurrency=128)
TABLES = ("todo.task_events", "todo.users")


def measure(stack: Stack) -> dict[str, Any]:
    """Medians of the rounds, with calls and without."""
    with generator(stack) as load:
        servers.start_box(stack)
        url = find_url(stack.folder / "home" / "postgres")
        load.run(WARM_UP)
        rounds: dict[str, list[dict[str, Any]]] = {"with": [], "without": []}
        for number in range(ROUNDS):
            for side in ("with", "without") if number % 2 else ("without", "with"):
                _switch(url, on=side == "with")
                rounds[side].append(measure_phase(stack, load, PHASE))
    return {side: _medians(measured) for side, measured in rounds.items()}


def _switch(url: str, *, on: bool) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"ALTER TABLE {table} {'ENABLE' if on else 'DISABLE'} TRIGGER USER".encode())


def _medians(measured: list[dict[str, Any]]) -> dict[str, float]:
    return {
        "per_second": median(one["result"]["per_second"] for one in measured),
        "reply_p50_ms": median(one["result"]["reply_p50_ms"] for one in measured),
        "reply_p99_ms": median(one["result"]["reply_p99_ms"] for one in measured),
        "cpu_ms_python": median(one["cpu_ms"][usage.PYTHON] for one in measured),
        "cpu_ms_postgresql": median(one["cpu_ms"][usage.POSTGRESQL] for one in measured),
    }
