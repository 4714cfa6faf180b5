"""`python -m bench.live`: five thousand idle connections on one instance, what a change takes to reach one, and what the calls cost.

PostgreSQL and the instance as they run for people; the clients are another process of the same machine, over loopback. Each of uvicorn's
ways to speak WebSockets gets an instance of its own, one after the other.
"""

from __future__ import annotations

import argparse
import os
import resource
import shlex
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.live import calls, connections
from bench.text import report
from bench.text.servers import Stack
from local.postgres import Postgres
from shared.storage.migrations import migrate

#: uvicorn's names, and the package each needs.
WAYS = {"websockets-sansio": "websockets", "websockets": "websockets", "wsproto": "wsproto"}


def run(people: int) -> dict[str, Any]:
    """Everything, one after the other."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    instances = {}
    with Stack("live", _folder()) as stack:
        postgres = Postgres()
        url = postgres.start(stack.folder / "postgres")
        stack.adopt(postgres)
        migrate(url)
        ids = connections.fill(url, people)
        for ws in (ws for ws, package in WAYS.items() if find_spec(package)):
            instances[ws] = connections.measure(stack, url, ids, ws)
            print(f"{ws}: {instances[ws]}", file=sys.stderr)
    with Stack("box", _folder()) as stack:
        return {"instances": instances, "calls": calls.measure(stack)}


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="jotline-live-"))
    folder.chmod(0o755)  # PostgreSQL runs as another account when we are root
    return folder


def text(results: dict[str, Any]) -> str:
    """All tables as markdown."""
    busy = results["load_before"]
    noise = f" Other programs were at work (load {busy:.1f} before): provisional." if busy >= 0.7 else ""
    lines = [f"`{results['command']}`", "", f"{results['hardware']}; {results['versions']}.{noise}", ""]
    lines += [
        "| uvicorn's `ws` | connections | opened in, s | CPU ms each | memory (PSS) before, MB | with all, MB | KB each |"
    ]
    lines[-1] += " idle, % of a core | change heard p50, p99, most, ms | CPU ms a change |"
    lines.append("|---" * 10 + "|")
    for ws, one in results["instances"].items():
        late = f"{one['change_p50_ms']:.0f}, {one['change_p99_ms']:.0f}, {one['change_most_ms']:.0f}"
        opened = f"{one['connections']:,} | {one['opening_seconds']:.1f} | {one['opening_cpu_ms_each']:.2f}"
        held = f"{one['started_mb']:.0f} | {one['held_mb']:.0f} | {one['kb_each']:.1f} | {one['idle_cpu_percent']:.1f}"
        lines.append(f"| {ws} | {opened} | {held} | {late} | {one['change_cpu_ms']:.2f} |")
    lines += [
        "",
        "| texts through the box, 128 in flight | messages/s | text to reply p50, p99, ms | CPU ms, Python | PostgreSQL |",
    ]
    lines.append("|---" * 5 + "|")
    for side, one in results["calls"].items():
        cells = f"{one['per_second']:.0f} | {one['reply_p50_ms']:.0f}, {one['reply_p99_ms']:.0f}"
        lines.append(f"| {side} calls | {cells} | {one['cpu_ms_python']:.2f} | {one['cpu_ms_postgresql']:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and with --write keep the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--connections", type=int, default=5000, help="how many (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write bench/results/live.json and docs/measurements.md")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    command = shlex.join(["python", "-m", "bench.live", *(word for word in sys.argv[1:] if word != "--write")])
    results = {"command": command, **report.machine(), "load_before": load, **run(options.connections)}
    print(text(results))
    if options.write:
        report.write("live", results, text(results))


if __name__ == "__main__":
    main()
