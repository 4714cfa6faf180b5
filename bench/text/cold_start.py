"""`python -m bench.text.cold_start`: the CPU a function burns before it does its first useful thing.

Each function is started alone as on a cluster, `uvicorn functions_framework.aio:app`, and sent one request when its port is
open. The clock is the CPU time of its process (user and system, all threads; clock_getcpuclockid(3), nanoseconds), read when
the effect is seen from outside. Beside it a bare functions-framework function answers its first request, in the same round.

    webhook         a signed text            its event arrives at K_SINK
    parse-command   that event               it answers with the command event
    todo-crud       that command             the todo stands in the database, for another connection
    notify          the reply it emitted     the provider is called

Each hands its event on to the next, so nothing is made up. The first round warms the file cache and the byte code and is not
counted. Figures are medians.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Any, Self
from uuid import uuid4

import aiohttp
import psycopg
from aiohttp import web

from bench.text import report, twilio
from bench.text.servers import free_port, listens
from local.postgres import Postgres
from shared.storage.migrations import migrate

BARE = """
import functions_framework.aio

@functions_framework.aio.http
async def handle(request):
    return "ok"
"""
LIMITS = {"webhook": 2.0, "parse-command": 3.0, "todo-crud": 3.0, "notify": 3.0}
REPLY = "jotline.notification.requested"
EFFECT_SECONDS = 30


class World:
    """Everything around the functions: a database, a sink and a provider, and what arrived there."""

    def __init__(self, database_url: str) -> None:
        """Nothing has arrived."""
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.account = twilio.Account()
        self.on_event: Callable[[dict[str, str], bytes], None] = lambda _headers, _body: None
        self.on_text: Callable[[], None] = lambda: None
        self._messages = twilio.Messages(self.account, lambda _form, _sid: self.on_text())

    @property
    def settings(self) -> dict[str, str]:
        """What every function is told."""
        return {
            "DATABASE_URL": self.database_url, "K_SINK": f"{self.url}/sink", "PUBLIC_URL": "http://bench.test",
            "TWILIO_API_URL": self.url, "TWILIO_ACCOUNT_SID": self.account.sid, "TWILIO_AUTH_TOKEN": self.account.token,
            "TWILIO_FROM": self.account.number, "TEXTS_PER_MINUTE": "0", "PARTY_SECRET": "bench", "LOG_LEVEL": "WARNING",
        }  # fmt: skip

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """The sink and the provider, on one port."""
        app = web.Application()
        app.add_routes([web.post("/sink", self._take), web.post("/{path:.*}", self._send)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        try:
            yield
        finally:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.on_event(event_headers(request.headers.items()), await request.read())
        return web.Response(status=202)

    async def _send(self, request: web.Request) -> web.Response:
        status, body = self._messages.respond(b"POST", request.path.encode(), await request.read())
        return web.Response(status=status, body=body, content_type="application/json")


class Starting:
    """One function's process from nothing, and its CPU time until an effect is seen."""

    def __init__(self, source: Path, settings: dict[str, str]) -> None:
        """Start it."""
        self._port = free_port()
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "functions_framework.aio:app",
            "--host",
            "127.0.0.1",
            "--port",
            str(self._port),
        ]
        command += ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
        # Bytecode is written and used, as in an image: some environments switch that off.
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**inherited, **settings, "FUNCTION_SOURCE": str(source), "FUNCTION_TARGET": "handle"}
        self._process = subprocess.Popen(command, env=environment, cwd=report.REPOSITORY)
        self._cpu_ms: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    async def request(self, path: str, headers: dict[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
        """Send the one request; the headers and body of the answer."""
        while not listens(self._port):
            if self._process.poll() is not None:
                raise RuntimeError("the function ended before its first request")
            await asyncio.sleep(0.02)
        url = f"http://127.0.0.1:{self._port}{path}"
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
            content = await answer.read()
            if not answer.ok:
                raise RuntimeError(f"{path} was answered {answer.status}: {content[:500]!r}")
            return event_headers(answer.headers.items()), content

    def effect(self) -> None:
        """The effect is seen: stop the clock, once."""
        if not self._cpu_ms.done():
            self._cpu_ms.set_result(time.clock_gettime((~self._process.pid << 3) | 2) * 1000)

    async def taken(self) -> float:
        """Wait for the effect; the CPU milliseconds until then.

        Raises:
            TimeoutError: there was none.
        """
        async with asyncio.timeout(EFFECT_SECONDS):
            return await self._cpu_ms

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        self._process.terminate()
        await asyncio.to_thread(self._process.wait)


def event_headers(headers: Any) -> dict[str, str]:  # noqa: ANN401 - the items of any multidict
    """What makes a message a CloudEvent in binary mode."""
    return {name.lower(): value for name, value in headers if name.lower().startswith("ce-") or name.lower() == "content-type"}


def source_of(name: str) -> Path:
    """A function's file."""
    return report.REPOSITORY / "functions" / name / "main.py"


Event = tuple[dict[str, str], bytes]
Effect = Callable[[Starting], Awaitable[Event]]


async def measure_round(world: World, bare: Path) -> dict[str, float]:
    """Start everything once, in the order a text takes; CPU milliseconds by function."""
    found: dict[str, float] = {}

    async def first_effect(name: str, source: Path, act: Effect) -> Event:
        async with Starting(source, world.settings) as starting:
            event = await act(starting)
            found[name] = await starting.taken()
        return event

    phone = f"+1212{uuid4().int % 7_000_000 + 2_000_000:07d}"
    await first_effect("bare", bare, lambda starting: answer(starting, ({}, b"")))
    received = await first_effect("webhook", source_of("webhook"), lambda starting: text(world, starting, phone))
    parsed = await first_effect("parse-command", source_of("parse-command"), lambda starting: answer(starting, received))
    reply = await first_effect("todo-crud", source_of("todo-crud"), lambda starting: commit(world, starting, parsed, phone))
    await first_effect("notify", source_of("notify"), lambda starting: send(world, starting, reply))
    return found


async def text(world: World, starting: Starting, phone: str) -> Event:
    """The webhook: its event at the sink."""
    arrived: list[Event] = []

    def on_event(headers: dict[str, str], body: bytes) -> None:
        starting.effect()
        arrived.append((headers, body))

    world.on_event = on_event
    form = twilio.incoming(world.account, f"SM{uuid4().hex}", phone, "buy milk tomorrow 5pm")
    signature = twilio.sign("http://bench.test/twilio/message", form, world.account.token)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    await starting.request("/twilio/message", headers, twilio.encode(form))
    return arrived[0]


async def answer(starting: Starting, event: Event) -> Event:
    """parse-command, and bare: what it answers with."""
    parsed = await starting.request("/", *event)
    starting.effect()
    return parsed


async def commit(world: World, starting: Starting, event: Event, phone: str) -> Event:
    """todo-crud: the todo, seen by another connection; then the reply it emits."""
    arrived: list[Event] = []
    world.on_event = lambda headers, body: arrived.append((headers, body))
    watching = asyncio.create_task(watch(world.database_url, starting, phone))
    await starting.request("/", *event)
    await watching
    return next(one for one in arrived if one[0]["ce-type"] == REPLY)


async def watch(database_url: str, starting: Starting, phone: str) -> None:
    """Look every half millisecond whether the person's todo is there."""
    query = "SELECT 1 FROM todo.tasks JOIN todo.users ON users.id = tasks.user_id WHERE users.phone = %s"
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        while await (await connection.execute(query, [phone])).fetchone() is None:  # noqa: ASYNC110 - another process acts
            await asyncio.sleep(0.0005)
        starting.effect()


async def send(world: World, starting: Starting, event: Event) -> Event:
    """notify: the provider's Messages.json is called."""
    world.on_event = lambda _headers, _body: None
    world.on_text = starting.effect
    await starting.request("/", *event)
    return event


async def measure(rounds: int) -> dict[str, list[float]]:
    """All rounds; CPU milliseconds of each, by function."""
    with tempfile.TemporaryDirectory(prefix="jotline-cold-") as name:
        folder, server = Path(name), Postgres()
        bare = prepare(folder)
        world = World(server.start(folder / "postgres"))
        try:
            migrate(world.database_url)
            async with world.serving():
                found = [await measure_round(world, bare) for _ in range(rounds + 1)][1:]
        finally:
            server.stop()
    return {name: [one[name] for one in found] for name in found[0]}


def prepare(folder: Path) -> Path:
    """Open the folder to the account that PostgreSQL runs as when we are root, and put the bare function in it."""
    folder.chmod(0o755)
    bare = folder / "bare.py"
    bare.write_text(BARE)
    return bare


def table(results: dict[str, Any]) -> str:
    """The medians as markdown, with what the acceptance allows."""
    lines = [f"`{results['command']}`", "", f"{results['hardware']}; {results['versions']}.", ""]
    lines += ["| function | CPU ms to the first effect | to bare | allowed |", "|---|---|---|---|"]
    bare = median(results["cpu_ms"]["bare"])
    lines.append(f"| bare functions-framework | {bare:.0f} | 1.00 | |")
    for name, limit in LIMITS.items():
        taken = median(results["cpu_ms"][name])
        lines.append(f"| {name} | {taken:.0f} | {taken / bare:.2f} | {limit:.1f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and with --write keep the results."""
    parser = argparse.ArgumentParser(prog="python -m bench.text.cold_start", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="counted starts of each (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write bench/results/cold_start.json and docs/measurements.md")
    options = parser.parse_args()
    command = shlex.join(["python", "-m", "bench.text.cold_start", "--rounds", str(options.rounds)])
    results = {"command": command, **report.machine(), "cpu_ms": asyncio.run(measure(options.rounds))}
    print(json.dumps(results["cpu_ms"]), file=sys.stderr)
    print(table(results))
    if options.write:
        report.write("cold_start", results, table(results))


if __name__ == "__main__":
    main()
