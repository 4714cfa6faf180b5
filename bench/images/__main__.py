"""`python -m bench.images`: how large each image is, and how long it takes from nothing to ready.

Each image's files are made by scripts/image-tree, as the Dockerfile has it, and its server is started on them with the image's entry
point and environment, in a root of its own (tests/images/container.py), beside a PostgreSQL to be ready for.

    files       what the image adds to its base, in MB (1,000,000 bytes)
    compressed  the same as a registry keeps and a node pulls it (tar, gzip -6)
    ready       wall-clock ms from the start of the process until /health/ready answers 200
    CPU         what the process burnt until then (clock_getcpuclockid(3)), in ms

The first start warms the file cache and is not counted. Figures are medians. Needs root, as the tests of the images do.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import shlex
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp

from bench.text import report
from bench.text.servers import free_port
from local.postgres import Postgres
from shared.storage.migrations import migrate
from tests.images import container, dockerfile
from tests.images.world import over_tcp

PAGE = report.REPOSITORY / "docs" / "images.md"
TEXTS, OTHERS = (
    ("webhook", "parse-command", "todo-crud", "notify"),
    ("remind", "digest", "recurrence", "transcribe", "audit", "live"),
)
SERVED = (*TEXTS, *OTHERS, "broker")
_, STAGES = dockerfile.read()


class _Counted:
    """A file that only counts what is written to it."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, some: bytes) -> int:
        """Count."""
        self.bytes += len(some)
        return len(some)

    def flush(self) -> None:
        """Nothing to do."""


def sizes(app: Path) -> dict[str, float]:
    """MB of an image's files, plain and compressed."""
    counted = _Counted()
    with (
        gzip.GzipFile(fileobj=counted, mode="wb", compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w|") as archive,
    ):
        archive.add(app, "app")
    plain = sum(file.stat().st_size for file in app.rglob("*") if file.is_file())
    return {"files_mb": plain / 1e6, "compressed_mb": counted.bytes / 1e6}


async def start(name: str, app: Path, folder: Path, settings: dict[str, str]) -> dict[str, float]:
    """One cold start: ms to ready, by the clock and of the processor."""
    port, stage = free_port(), "broker" if name == "broker" else "function"
    environment = {**dockerfile.environment(STAGES, stage, FUNCTION=name), **settings, "PORT": str(port)}
    running = container.Container(
        app,
        folder / name,
        dockerfile.entry_point(STAGES, stage),
        environment,
        user=dockerfile.last(STAGES, stage, "USER"),
        port=port,
    )
    began = time.perf_counter()
    listening = asyncio.create_task(running.start())
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        while not await _ready(session, f"{running.url}/health/ready"):  # noqa: ASYNC110 - another process gets ready
            await asyncio.sleep(0.005)
    taken = time.perf_counter() - began
    cpu = time.clock_gettime((~running.pid << 3) | 2)
    await listening
    await running.stop()
    return {"ready_ms": taken * 1000, "cpu_ms": cpu * 1000}


async def _ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, OSError):
        return False


async def measure(folder: Path, database: str, rounds: int) -> dict[str, dict[str, float]]:
    """Every image's figures."""
    context = folder / "context"
    container.make_context(context)
    found: dict[str, dict[str, float]] = {}
    async with over_tcp(database) as url:
        settings = {"DATABASE_URL": url, "FUNCTION_URL": "http://127.0.0.1:9/{function}", "LOG_LEVEL": "WARNING"}
        for name in SERVED:
            app = container.make_tree(context, name, folder / f"{name}-files")
            starts = [await start(name, app, folder, settings) for _ in range(rounds + 1)][1:]
            found[name] = {**sizes(app), **{key: median(one[key] for one in starts) for key in starts[0]}}
            print(name, json.dumps(found[name]), file=sys.stderr)
    return found


def table(results: dict[str, Any]) -> str:
    """The figures as markdown."""
    lines = [f"`{results['command']}`", "", f"{results['hardware']}; {results['versions']}.", ""]
    lines += ["| image | files, MB | compressed, MB | ready after, ms | CPU, ms |", "|---|---|---|---|---|"]
    for name, one in results["images"].items():
        lines.append(
            f"| {name} | {one['files_mb']:.0f} | {one['compressed_mb']:.0f} | {one['ready_ms']:.0f} | {one['cpu_ms']:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and with --write keep the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.images", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="counted starts of each (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write bench/results/images.json and docs/images.md")
    options = parser.parse_args()
    if not container.possible():
        parser.error("needs root, and util-linux' unshare and setpriv")
    server = Postgres()
    with tempfile.TemporaryDirectory(prefix="jotline-images-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        database = server.start(folder / "postgres")
        try:
            migrate(database)
            images = asyncio.run(measure(folder, database, options.rounds))
        finally:
            server.stop()
    command = shlex.join(["python", "-m", "bench.images", "--rounds", str(options.rounds)])
    results = {"command": command, **report.machine(), "images": images}
    print(table(results))
    if options.write:
        (report.RESULTS / "images.json").write_text(json.dumps(results, indent=2) + "\n")
        PAGE.write_text(report.replaced(PAGE.read_text(), "images", table(results)))


if __name__ == "__main__":
    main()
