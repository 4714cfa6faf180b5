"""The sides: the single box with everything it takes, and a process with nothing but faster-whisper, once more with memory as ours.

Of the box all processes count: the one that hears, the one that does the rest, and PostgreSQL. What plays Twilio (the webhook's
sender, the host of the media, the API that replies are sent to) is this process, and counts for nobody.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, cast

import aiohttp
import psutil
from aiohttp import web

from bench.text import twilio, usage
from bench.text.servers import REPOSITORY, Stack, answers
from bench.voice.recordings import Recording

REPLY_SECONDS = 300.0
#: After its reply a recording has nothing left to do but some bookkeeping: it counts too.
SETTLE_SECONDS = 0.4
HEARING, REST = "transcribe", "the other functions"


class Provider:
    """Twilio as the box sees it: it hands out recordings and takes replies."""

    def __init__(self, account: twilio.Account) -> None:
        self.files: dict[str, Recording] = {}
        self.replies: dict[str, list[str]] = {}
        self._account, self._arrived = account, asyncio.Condition()
        self._messages = twilio.Messages(account, lambda form, _: self.replies.setdefault(form["To"], []).append(form["Body"]))

    async def reply_to(self, phone: str) -> str:
        """Wait for a reply to that number."""
        async with asyncio.timeout(REPLY_SECONDS), self._arrived:
            await self._arrived.wait_for(lambda: phone in self.replies)
        return self.replies[phone][0]

    async def _take(self, request: web.Request) -> web.Response:
        status, body = self._messages.respond(request.method.encode(), request.path_qs.encode(), await request.read())
        async with self._arrived:
            self._arrived.notify_all()
        return web.Response(status=status, body=body, content_type="application/json")

    async def _media(self, request: web.Request) -> web.StreamResponse:
        recording = self.files[request.match_info["name"]]
        return web.FileResponse(recording.path, headers={"Content-Type": recording.content_type})

    @asynccontextmanager
    async def open(self, port: int) -> AsyncIterator[None]:
        """Answer on that port of this machine."""
        app, path = web.Application(), f"/2010-04-01/Accounts/{self._account.sid}"
        app.router.add_route("*", f"{path}/Messages.json", self._take)
        app.router.add_get(f"{path}/Messages/{{message}}/Media/{{name}}", self._media)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield
        finally:
            await runner.cleanup()


def _cpu_ms(process: psutil.Process) -> float:
    """CPU of all threads of a process, by its own clock (clock_getcpuclockid(3): nanoseconds), and of children that have ended."""
    times = process.cpu_times()
    return 1000 * (time.clock_gettime(~process.pid << 3 | 2) + times.children_user + times.children_system)


@dataclass
class Box:
    """The single box, as `./scripts/run` starts it."""

    stack: Stack
    provider: Provider
    session: aiohttp.ClientSession
    _numbers: Any = field(default_factory=lambda: count(1))

    async def hear(self, recording: Recording) -> tuple[float, str]:
        """Send a recording as a voice note of somebody new; the seconds to the reply, and the reply."""
        number, account = next(self._numbers), twilio.Account()
        phone, message = f"+1646{number:07}", f"MM{number:032x}"
        name = f"ME{number:032x}"
        self.provider.files[name] = recording
        media = f"http://127.0.0.1:{self.stack.provider_port}/2010-04-01/Accounts/{account.sid}/Messages/{message}/Media/{name}"
        form = {**twilio.incoming(account, message, phone, ""), "NumMedia": "1"}
        form |= {"MediaUrl0": media, "MediaContentType0": recording.content_type}
        url = f"{self.stack.url}/twilio/message"
        headers = {"X-Twilio-Signature": twilio.sign(url, form, account.token)}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        async with self.session.post(url, data=twilio.encode(form), headers=headers) as answer:
            answer.raise_for_status()
        reply = await self.provider.reply_to(phone)
        seconds = time.monotonic() - began
        await asyncio.sleep(SETTLE_SECONDS)
        return seconds, reply

    def cpu_ms(self) -> dict[str, float]:
        """CPU used so far, by part."""
        used = {HEARING: 0.0, REST: 0.0, usage.POSTGRESQL: 0.0}
        hearing = self.hearing
        for process in usage.trees(self.stack.roots):
            with suppress(psutil.NoSuchProcess, OSError):  # it has just ended
                part = usage.POSTGRESQL if usage.part_of(process.name()) == usage.POSTGRESQL else REST
                used[HEARING if process.pid == hearing else part] += _cpu_ms(process)
        return used

    @property
    def hearing(self) -> int | None:
        """The process that hears, once there is one."""
        for one in usage.trees(self.stack.roots):
            with suppress(psutil.NoSuchProcess):  # it has just ended
                if "local.transcriber_process" in one.cmdline():
                    return one.pid
        return None


@asynccontextmanager
async def open_box(folder: Path, model: Path, threads: int) -> AsyncIterator[Box]:
    """Start a box with a model, and end it."""
    async with AsyncExitStack() as exits:
        stack = exits.enter_context(Stack("box", folder))
        provider = Provider(twilio.Account())
        await exits.enter_async_context(provider.open(stack.provider_port))
        session = await exits.enter_async_context(aiohttp.ClientSession())
        settings = {"JOTLINE_HOME": str(folder / "home"), "WHISPER_MODEL": str(model), "WHISPER_THREADS": str(threads)}
        command = [sys.executable, "-m", "local.cli", "run"]
        ready = f"{stack.url}/health/ready"
        await asyncio.to_thread(stack.run, "box", command, lambda: answers(ready), **stack.settings, **settings)
        yield Box(stack, provider, session)


@dataclass
class Bare:
    """faster-whisper alone."""

    process: asyncio.subprocess.Process
    paths: asyncio.StreamWriter
    words: asyncio.StreamReader

    async def hear(self, recording: Recording) -> tuple[float, str]:
        """Have a recording heard; the seconds it took, and the words."""
        began = time.monotonic()
        self.paths.write(f"{recording.path}\n".encode())
        line = await self.words.readline()
        return time.monotonic() - began, str(json.loads(line)["text"])

    def cpu_ms(self) -> dict[str, float]:
        """CPU used so far."""
        return {HEARING: _cpu_ms(psutil.Process(self.process.pid))}

    @property
    def hearing(self) -> int:
        """The process."""
        return self.process.pid


@asynccontextmanager
async def open_bare(model: Path, options: Mapping[str, Any], *, memory: bool = False) -> AsyncIterator[Bare]:
    """Start one, and end it; `memory`: treated as we do (`shared.voice.memory`)."""
    more = {"MALLOC_ARENA_MAX": "1"} if memory else {}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.voice.bare", str(model), json.dumps({**options, "memory": memory})),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        cwd=REPOSITORY, env={**os.environ, **more}, limit=1 << 20,
    )  # fmt: skip
    paths = cast("asyncio.StreamWriter", process.stdin)
    try:
        yield Bare(process, paths, cast("asyncio.StreamReader", process.stdout))
    finally:
        paths.close()
        await process.wait()
