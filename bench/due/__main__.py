"""`python -m bench.due`: are 200,000 reminders on time among 1,000,000 todos, and 100,000 digests at one hour?

The box's own PostgreSQL, durable; remind and digest in this process as on a cluster, with a carrier that only counts. Lateness is from
the second for which a reminder was set until its text is committed to the outbox.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shlex
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.due import report
from bench.due.filling import BURST_AT, DIGESTS_AT, PACED_AT, SHARE, START, TASKS_EACH, fill
from bench.due.measuring import Run, measure
from bench.due.plans import look
from bench.text.report import machine
from local.postgres import Postgres
from shared.storage.migrations import migrate

#: How many are looked at in one go, and moments at which none, some and many are due.
LIMIT = 500
MOMENTS = {
    "reminders": {"nothing": START, "100": PACED_AT, "500 of many": BURST_AT},
    "digests": {"nothing": START, "500 of all": DIGESTS_AT},
}
PATIENCE_SECONDS = 400.0


def run(folder: Path, users: int) -> dict[str, Any]:
    """Fill a tenth, look; fill it up, look; let everything come due; look again."""
    postgres = Postgres()
    url = postgres.start(folder)
    try:
        migrate(url)
        few = fill(url, 1, users // 10, users)
        looks = {f"{few.tasks:,} todos": _looks(url)}
        filled = fill(url, users // 10 + 1, users, users)
        print(f"filled: {filled}", file=sys.stderr)
        looks[f"{filled.tasks:,} todos"] = _looks(url)
        paced = _measure(url, "remind", PACED_AT, users // SHARE)
        burst = _measure(url, "remind", BURST_AT, users // SHARE)
        looks["after all that"] = {"reminders": {"nothing": asdict(look(url, "reminders", BURST_AT, LIMIT))}}
        digests = _measure(url, "digest", DIGESTS_AT, users)
        return {"filled": asdict(filled), "looks": looks, "paced": paced, "burst": burst, "digests": digests}
    finally:
        postgres.stop()


def _looks(url: str) -> dict[str, dict[str, Any]]:
    return {
        what: {title: asdict(look(url, what, now, LIMIT)) for title, now in moments.items()}
        for what, moments in MOMENTS.items()
    }


def _measure(url: str, function: str, due_at: Any, count: int) -> dict[str, Any]:  # noqa: ANN401 - a moment
    """One run as numbers."""
    done: Run = asyncio.run(measure(url, function, due_at, count, patience_seconds=PATIENCE_SECONDS))
    late, memory = done.lateness, done.memory_mb
    numbers: dict[str, Any] = {
        "due": count,
        "handed": done.handed,
        "seconds": done.seconds,
        "cpu_ms_each": done.cpu_seconds * 1000 / max(1, done.handed),
        "memory_mb_first": memory[min(len(memory) - 1, 16)],
        "memory_mb_most": max(memory),
    }
    if late:
        numbers |= {"p50": late[len(late) // 2], "p99": late[len(late) * 99 // 100], "most": late[-1]}
    print(f"{function}: {numbers}", file=sys.stderr)
    return numbers


def main() -> None:
    """Measure, print, and with --write keep the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.due", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--users", type=int, default=100_000, help=f"each with {TASKS_EACH} todos (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write bench/results/due.json and docs/measurements.md")
    options = parser.parse_args()
    load, folder = os.getloadavg()[0], Path(tempfile.mkdtemp(prefix="jotline-due-"))
    try:
        measured = run(folder, options.users)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    command = shlex.join(["python", "-m", "bench.due", *(word for word in sys.argv[1:] if word != "--write")])
    results = {"command": command, **machine(), "load_before": load, **measured}
    print(report.text(results))
    if options.write:
        report.write(results)


if __name__ == "__main__":
    main()
