"""The first process in the namespace: sets it up, starts the parts in order, starts again what ends, and stops them all.

    python -m local.cluster.keeper PLAN.json

It is what kubelet is on a node. As process 1 of a process namespace it takes everything with it, whatever becomes of it: the kernel
kills every process of the namespace with its first. And it ends by itself when the pipe that only its parent holds is closed, so
nothing outlives the parent either, however that was ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

POLL_SECONDS = 0.05
STOP_SECONDS = 3.0
#: A part that ended so often before it answered once will not answer.
HOPELESS = 3
#: A part that keeps ending is started again this much later each time, as Kubernetes does with its own patience.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0

# linux/sockios.h, linux/if.h
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


class Keeper:
    """Keeps the parts of one plan running."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._logs = Path(plan["logs"])
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ended: Counter[str] = Counter()
        self._stopping = False

    async def run(self) -> None:
        """Start everything, say so, and keep it up until the parent is gone.

        Raises:
            TimeoutError: a part does not answer.
        """
        gone = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._plan["alive"], gone.set)  # nothing is ever written: it ends
        ended = asyncio.create_task(gone.wait())
        start = asyncio.create_task(self._start())
        await asyncio.wait({ended, start}, return_when=asyncio.FIRST_COMPLETED)
        if start.done():
            start.result()
            os.write(self._plan["ready"], b"ready\n")
            await ended
        await self._stop()

    async def _start(self) -> None:
        for door in self._plan["doors"]:
            await self._open(door)
        for stage in self._plan["stages"]:
            for part in stage:
                task = asyncio.create_task(self._keep(part))
                self._tasks.add(task)
            await asyncio.gather(*(self._await_ready(part) for part in stage))

    async def _keep(self, part: dict[str, Any]) -> None:
        """Run a part, again and again."""
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping:
            started = time.monotonic()
            with (self._logs / f"{part['name']}.log").open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    *part["command"], env=part["env"], cwd=self._plan["cwd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            self._running[part["name"]] = process
            await process.wait()
            self._ended[part["name"]] += 1
            pause = FIRST_PAUSE_SECONDS if time.monotonic() - started > LONGEST_PAUSE_SECONDS else pause * 2
            await asyncio.sleep(min(pause, LONGEST_PAUSE_SECONDS))

    async def _await_ready(self, part: dict[str, Any]) -> None:
        deadline = time.monotonic() + self._plan["start_seconds"]
        while part["ready"] and not await _answers(part["ready"]):
            if time.monotonic() > deadline or self._ended[part["name"]] >= HOPELESS:
                raise TimeoutError(f"{part['name']} does not answer; its log is {self._logs / part['name']}.log")
            await asyncio.sleep(POLL_SECONDS)

    async def _stop(self) -> None:
        """Let functions finish what they are at. All the rest ends with the namespace, as by kill -9.

        It may: RabbitMQ has on disk what it confirmed, and a dispatcher that is killed gives back what it holds, while one that is told to
        stop may dead-letter it.
        """
        self._stopping = True
        names = [part["name"] for stage in self._plan["stages"] for part in stage if part["kind"] in ("function", "phone")]
        ending = [self._running[name] for name in names if name in self._running]
        for process in ending:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        if ending:
            await asyncio.wait([asyncio.create_task(process.wait()) for process in ending], timeout=STOP_SECONDS)

    async def _open(self, door: dict[str, Any]) -> None:
        """Pass connections to a listener outside the namespace on to an address inside."""

        async def come_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                inner_reader, inner_writer = await asyncio.open_connection(door["host"], door["port"])
            except OSError:
                writer.close()
                return
            await asyncio.gather(_pass_on(reader, inner_writer), _pass_on(inner_reader, writer))

        await asyncio.start_server(come_in, sock=socket.socket(fileno=door["listener"]))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
        await writer.wait_closed()


async def _answers(url: str) -> bool:
    """Whether a connection is taken (tcp://), or an HTTP GET answered with 200."""
    target = urlsplit(url)
    try:
        reader, writer = await asyncio.open_connection(target.hostname, target.port or 80)
    except OSError:
        return False
    try:
        if target.scheme == "tcp":
            return True
        writer.write(f"GET {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nConnection: close\r\n\r\n".encode())
        async with asyncio.timeout(10):
            return b" 200 " in await reader.readline()
    except (OSError, TimeoutError):
        return False
    finally:
        writer.close()


def _settle(hosts: str) -> None:
    """Bring the loopback interface up, and put our names in place of the machine's; both are this namespace's alone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)  # noqa: S607 - wherever util-linux has it


def main(argv: list[str]) -> int:
    """Run the plan in the file; 1 when the cluster did not start."""
    plan = json.loads(Path(argv[0]).read_text())
    for number in (signal.SIGINT, signal.SIGTERM):
        # The pipe says when to stop. A handler and not SIG_IGN: that would be handed down to every part.
        signal.signal(number, lambda *_: None)
    _settle(plan["hosts"])
    try:
        asyncio.run(Keeper(plan).run())
    except TimeoutError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
