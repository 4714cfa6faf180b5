"""`python -m bench.text`: both stacks in one run, in turn on the same machine, and what each text cost them.

Sides: `box` (the single box), `peer` (FastAPI, FastStream, RabbitMQ, asyncpg, aiohttp) and `peer-httpx` (the same with httpx,
the client most FastAPI projects use). With --rounds the sides take turns and every figure is the median of its rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from bench.text import report, servers, usage
from bench.text.load import Phase, Result
from bench.text.servers import Stack

SIDES: dict[str, Callable[[Stack], None]] = {
    "box": servers.start_box,
    "peer": lambda stack: servers.start_peer(stack, "aiohttp"),
    "peer-httpx": lambda stack: servers.start_peer(stack, "httpx"),
}
#: Long enough for everybody to have texted: a first text costs more than those of somebody known.
WARM_UP = Phase(seconds=30, concurrency=64)


class Generator:
    """The load generator's process: give it a phase, get its result."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.pid = process.pid
        self._phases, self._results = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)

    def run(self, phase: Phase) -> Result:
        """Run one phase to its end."""
        self._phases.write(json.dumps(asdict(phase)) + "\n")
        self._phases.flush()
        return Result(**json.loads(self._results.readline()))


@contextmanager
def generator(stack: Stack) -> Iterator[Generator]:
    """A generator texting `stack`, ended with the block."""
    command = [sys.executable, "-m", "bench.text.load", f"{stack.url}/twilio/message", str(stack.provider_port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=servers.REPOSITORY) as process:
        if cast("IO[str]", process.stdout).readline() != "ready\n":
            raise RuntimeError("the load generator did not start")
        try:
            yield Generator(process)
        finally:
            cast("IO[str]", process.stdin).close()


def measure(name: str, phases: dict[str, Phase]) -> dict[str, Any]:
    """Start one side, warm it up, run the phases, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="jotline-bench-"))
    folder.chmod(0o755)  # PostgreSQL runs as another account when we are root
    with Stack(name, folder) as stack, generator(stack) as load:
        SIDES[name](stack)
        started = usage.pss_mb(stack.roots)
        load.run(WARM_UP)
        measured = {title: measure_phase(stack, load, phase) for title, phase in phases.items()}
        return {"pss_mb_started": started, "pss_mb_after": usage.pss_mb(stack.roots), "phases": measured}


def measure_phase(stack: Stack, load: Generator, phase: Phase) -> dict[str, Any]:
    """One phase with the CPU milliseconds a text took, and what the rest of the machine was doing meanwhile."""
    clocks = (usage.cpu_seconds(stack.roots), usage.cpu_seconds([load.pid]), usage.machine_seconds(), time.monotonic())
    result = load.run(phase)
    stack.check()
    ours, generating, machine = usage.cpu_seconds(stack.roots), usage.cpu_seconds([load.pid]), usage.machine_seconds()
    seconds = time.monotonic() - clocks[3]
    spent = {part: ours[part] - clocks[0][part] for part in usage.PARTS}
    known = sum(spent.values()) + sum(generating.values()) - sum(clocks[1].values())
    return {
        "phase": asdict(phase),
        "result": asdict(result),
        "cpu_ms": {part: round(used * 1000 / result.texts, 3) for part, used in spent.items()},
        "others_percent": round(100 * max(0.0, machine - clocks[2] - known) / seconds / (os.cpu_count() or 1), 1),
    }


def phases_of(name: str, options: argparse.Namespace) -> dict[str, Phase]:
    """What one side is put through."""
    phases = {
        "paced": Phase(seconds=options.seconds, rate=options.rate),
        "closed": Phase(seconds=options.closed_seconds, concurrency=options.concurrency),
    }
    if options.callbacks and name == "box":
        phases["callbacks"] = Phase(seconds=options.seconds, rate=options.rate, callbacks=2)
    return phases


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.text", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sides", default=",".join(SIDES), help="which, separated by commas (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=1, help="how often the sides take turns (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=100, help="texts a second, open loop (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="how long at that rate (default: %(default)s)")
    parser.add_argument("--concurrency", type=int, default=128, help="texts in flight, closed loop (default: %(default)s)")
    parser.add_argument("--closed-seconds", type=float, default=20, help="how long (default: %(default)s)")
    parser.add_argument("--callbacks", action="store_true", help="a third phase: the box, two status callbacks a reply")
    parser.add_argument("--write", action="store_true", help="write bench/results/text.json and docs/measurements.md")
    return parser.parse_args()


def main() -> None:
    """Measure, print, and with --write keep the results."""
    options = read_options()
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in options.sides.split(",")}
    for number in range(1, options.rounds + 1):
        for name, measured in rounds.items():
            measured.append(measure(name, phases_of(name, options)))
            print(f"round {number}, {name}: {measured[-1]['phases']['paced']['cpu_ms']}", file=sys.stderr)
    command = shlex.join(["python", "-m", "bench.text", *(word for word in sys.argv[1:] if word != "--write")])
    sides = {name: report.median_of(measured) for name, measured in rounds.items()}
    results = {"command": command, **report.machine(), "sides": sides, "rounds": rounds}
    print(report.table(results))
    if options.write:
        report.write("text", results, report.table(results))


if __name__ == "__main__":
    main()
