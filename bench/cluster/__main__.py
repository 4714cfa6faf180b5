"""`python -m bench.cluster`: what a text costs on the cluster, beside the single box in the same run on the same machine.

Sides: `box` (the single box), `one lane` (the cluster as knative/base says) and `lanes` (with components/lanes-12). Everybody on two
cores, RabbitMQ and Knative's programs too; the load generator is that of bench.text and its CPU is counted to nobody.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.cluster import report
from bench.cluster.side import Side, running_side
from bench.text.__main__ import WARM_UP, measure
from bench.text.load import Phase
from bench.text.report import machine

SIDES = {"one lane": ("rabbitmq",), "lanes": ("rabbitmq", "lanes-12")}
#: Texts a second of a paced phase, well under what any side can take; the same for all, for what a text costs depends on it.
RATE = 40.0
HOPS_A_SECOND = 100.0


def phases_of(options: argparse.Namespace) -> dict[str, Phase]:
    """What every side is put through."""
    return {
        "warm-up": WARM_UP,
        "paced": Phase(seconds=options.seconds, rate=RATE),
        "callbacks": Phase(seconds=options.seconds, rate=RATE / 2, callbacks=2),
        "closed": Phase(seconds=options.closed_seconds, concurrency=options.concurrency, drain_seconds=60),
    }


def measure_cluster(name: str, options: argparse.Namespace) -> dict[str, Any]:
    """Start the cluster, warm it up, run the phases, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="jotline-cluster-"))
    try:
        with running_side(folder, SIDES[name]) as side:
            started = side.memory_mb()
            measured = side.run_phases(phases_of(options))
            return {"pss_mb_started": started, "pss_mb_after": side.memory_mb(), "phases": measured}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_hops(options: argparse.Namespace) -> dict[str, Any]:
    """What one hop costs."""
    folder = Path(tempfile.mkdtemp(prefix="jotline-cluster-"))
    try:
        with running_side(folder, SIDES["one lane"], nothing=True) as side:
            _warm(side)
            return side.run_hops(HOPS_A_SECOND, options.seconds / 2)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _warm(side: Side) -> None:
    side.run_hops(HOPS_A_SECOND, 3)


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sides", default="box,one lane,lanes", help="which, separated by commas (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=40, help="how long at a fixed pace (default: %(default)s)")
    parser.add_argument("--concurrency", type=int, default=64, help="texts in flight, closed loop (default: %(default)s)")
    parser.add_argument("--closed-seconds", type=float, default=20, help="how long (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write bench/results/cluster.json and docs/cluster.md")
    return parser.parse_args()


def main() -> None:
    """Measure, print, and with --write keep the results."""
    options = read_options()
    load = os.getloadavg()[0]
    sides: dict[str, Any] = {}
    for name in options.sides.split(","):
        sides[name] = measure("box", _boxed(options)) if name == "box" else measure_cluster(name, options)
        print(f"{name}: {json.dumps(sides[name]['phases']['paced']['cpu_ms'])}", file=sys.stderr)
    command = shlex.join(["python", "-m", "bench.cluster", *(word for word in sys.argv[1:] if word != "--write")])
    results = {"command": command, **machine(), "load_before": load, "sides": sides, "hop": measure_hops(options)}
    print(report.text(results))
    if options.write:
        report.write(results)


def _boxed(options: argparse.Namespace) -> dict[str, Phase]:
    """The box's phases; its own warm-up comes with `measure`."""
    return {title: phase for title, phase in phases_of(options).items() if title != "warm-up"}


if __name__ == "__main__":
    main()
