"""`python -m bench.api`: lists, searches and changes among a million todos, beside FastAPI with SQLAlchemy on the same list.

The API as on a cluster: todo-crud's image's server, PostgreSQL with the settings it has there, a broker that takes every event and does
nothing. The load comes from this process on the same machine; a latency counts from when a request was due.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
from aiohttp import web

from bench.api import report
from bench.api.filling import fill, user_of
from bench.api.load import Took, drive, lists, mixed
from bench.text.report import machine
from bench.text.servers import REPOSITORY, answers, free_port
from local.postgres import Postgres
from shared.runtime.clock import RealClock
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.storage.migrations import migrate
from shared.web.tokens import issue

PEER = Path(__file__).parent / "peer"
RATE = 50.0
SECRET = "a key of thirty-two bytes or more for this run"  # noqa: S105 - nobody else knows this server
START_SECONDS = 60


@contextmanager
def serving(command: list[str], environment: dict[str, str], url: str) -> Iterator[psutil.Process]:
    """A server, until it has answered once and as long as it is wanted."""
    child = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **environment})
    try:
        for _ in range(START_SECONDS * 10):
            if answers(f"{url}/health/live"):
                break
            if child.poll() is not None:
                raise RuntimeError(f"ended with {child.returncode}: {command}")
            asyncio.run(asyncio.sleep(0.1))
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        child.wait(20)


async def measure(
    url: str, sink_port: int, server: psutil.Process, people: int, seconds: float, *, path: str = ""
) -> dict[str, Any]:
    """One run: of the mix, or of lists alone at `path`."""
    services = Services(Settings(jwt_secret=SECRET, party_secret="x"), RealClock())  # noqa: S106 - likewise
    tokens = {person: issue(services, user_of(person)) for person in range(1, people + 1)}
    rng = random.Random(7)  # noqa: S311 - which todos are asked for

    async def take(_: web.Request) -> web.Response:
        return web.Response(status=202)

    sink = web.Application()
    sink.router.add_post("/", take)
    runner = web.AppRunner(sink)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", sink_port).start()
    try:
        ask = (lambda: lists(rng, people, path)) if path else (lambda: mixed(rng, people))
        await drive(url, tokens, ask, rate=RATE, seconds=5)  # what is first is slow: imports, plans, caches
        before = server.cpu_times()
        took = await drive(url, tokens, ask, rate=RATE, seconds=seconds)
        after = server.cpu_times()
    finally:
        await runner.cleanup()
    used = after.user + after.system - before.user - before.system
    return {**_numbers(took), "cpu_ms_each": used * 1000 / max(1, sum(map(len, took.seconds.values())))}


def _numbers(took: Took) -> dict[str, Any]:
    kinds: dict[str, Any] = {"failed": len(took.others)}
    for kind, found in sorted(took.seconds.items()):
        ms = sorted(second * 1000 for second in found)
        kinds[kind] = {"count": len(ms), "p50": ms[len(ms) // 2], "p99": ms[len(ms) * 99 // 100], "most": ms[-1]}
    return kinds


def run(folder: Path, people: int, seconds: float) -> dict[str, Any]:
    """Fill, then measure one after the other on the same data."""
    postgres = Postgres()
    url = postgres.start(folder / "postgres")
    try:
        migrate(url)
        filled = fill(url, people)
        print(f"filled: {filled}", file=sys.stderr)
        port, sink = free_port(), free_port()
        address = f"http://127.0.0.1:{port}"
        ours = {
            "DATABASE_URL": url, "K_SINK": f"http://127.0.0.1:{sink}", "JWT_SECRET": SECRET, "PARTY_SECRET": "x", "PORT": str(port),
            "HOST": "127.0.0.1", "FUNCTION_SOURCE": "functions/todo-crud/main.py", "FUNCTION_TARGET": "handle",
        }  # fmt: skip
        with serving([sys.executable, "-m", "shared.runtime.server"], ours, address) as server:
            mix = asyncio.run(measure(address, sink, server, people, seconds))
            print(f"mix: {mix}", file=sys.stderr)
            own = asyncio.run(measure(address, sink, server, people, seconds / 2, path="/api/v1/tasks"))
            print(f"lists: {own}", file=sys.stderr)
        return {
            "filled": asdict(filled),
            "seconds": seconds,
            "mix": mix,
            "lists": {"jotline": own, "peer": _peer(url, people, seconds)},
        }
    finally:
        postgres.stop()


def _peer(url: str, people: int, seconds: float) -> dict[str, Any]:
    """The same list by the peer, in an environment of its own."""
    subprocess.run(["uv", "sync", "--quiet", "--frozen", "--project", str(PEER)], check=True)  # noqa: S607 - uv as it is found
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    host = url.partition("host=")[2]
    theirs = {"DATABASE_URL": f"postgresql+asyncpg://jotline@/jotline?host={host}", "JWT_SECRET": SECRET, "VIRTUAL_ENV": ""}
    command = [str(PEER / ".venv" / "bin" / "python"), "-m", "uvicorn", "bench.api.peer.app:app", "--port", str(port)]
    with serving([*command, "--log-level", "warning", "--no-access-log"], theirs, address) as server:
        found = asyncio.run(measure(address, free_port(), server, people, seconds / 2, path="/tasks"))
    print(f"peer: {found}", file=sys.stderr)
    return found


def main() -> None:
    """Measure, print, and with --write keep the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.api", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=1000, help="each with 1,000 todos (default: %(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=120, help="of the mix; lists alone take half of it (default: %(default)s)"
    )
    parser.add_argument("--write", action="store_true", help="write bench/results/api.json and docs/measurements.md")
    options = parser.parse_args()
    load, folder = os.getloadavg()[0], Path(tempfile.mkdtemp(prefix="jotline-api-"))
    try:
        measured = run(folder, options.people, options.seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    command = shlex.join(["python", "-m", "bench.api", *(word for word in sys.argv[1:] if word != "--write")])
    results = {"command": command, **machine(), "load_before": load, **measured}
    print(report.text(results))
    if options.write:
        report.write(results)


if __name__ == "__main__":
    main()
