"""The single box as a person runs it: a process of its own, beside a Twilio stand-in that is a process of its own too."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp

from shared.providers.signature import sign
from tests.making import ADA, OURS, sid

ROOT = Path(__file__).parent.parent
ACCOUNT = "AC" + "c" * 32
TOKEN = "the token of somebody else's stand-in"
START_SECONDS = 60.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """A child that is ready when a path of it answers."""

    def __init__(self, arguments: list[str], environment: dict[str, str], url: str, log: Path) -> None:
        self._arguments, self._environment, self.url, self._log = arguments, environment, url, log
        self._child: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._child is not None
        return self._child.pid

    async def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, *self._arguments, cwd=ROOT, env={**os.environ, **self._environment}, stdout=log, stderr=log
            )
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
            while not await answers(session, f"{self.url}/health/live"):
                if self._child.returncode is not None:
                    raise AssertionError(f"ended with {self._child.returncode}:\n{self._log.read_text()[-3000:]}")
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        return await self._end(signal.SIGTERM)

    async def interrupt(self) -> int:
        """Ctrl-C; returns the exit status."""
        return await self._end(signal.SIGINT)

    async def wait(self) -> int:
        """Wait until it ends by itself; returns the exit status."""
        assert self._child is not None
        async with asyncio.timeout(30):
            return await self._child.wait()

    async def _end(self, number: signal.Signals) -> int:
        if self._child is None:
            return 0
        if self._child.returncode is None:
            self._child.send_signal(number)
        async with asyncio.timeout(30):
            return await self._child.wait()


async def answers(session: aiohttp.ClientSession, url: str) -> bool:
    """Whether somebody is there and well."""
    try:
        async with session.get(url) as answer:
            return answer.status < 500
    except (aiohttp.ClientError, OSError):
        return False


class Town:
    """A box, somebody else's Twilio stand-in, and the people who text."""

    def __init__(self, folder: Path, *, environment: dict[str, str] | None = None) -> None:
        box_port, phone_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{box_port}"
        self.phone_url = f"http://127.0.0.1:{phone_port}"
        self.box_log = folder / "box.log"
        self.phone = Process(
            [
                "-m",
                "local.phone",
                "--port",
                str(phone_port),
                "--account-sid",
                ACCOUNT,
                "--auth-token",
                TOKEN,
                "--number",
                OURS,
                "--folder",
                str(folder / "phone"),
                "--webhook-url",
                f"{self.url}/twilio/message",
                "--test-paths",
                "--clock",
                "real",
                "--pace-seconds",
                "0",
            ],
            {},
            self.phone_url,
            folder / "phone.log",
        )
        self.box = Process(
            ["-m", "local.cli", "run"],
            {
                "PORT": str(box_port),
                "JOTLINE_HOME": str(folder / "home"),
                "TWILIO_API_URL": self.phone_url,
                "TWILIO_ACCOUNT_SID": ACCOUNT,
                "TWILIO_AUTH_TOKEN": TOKEN,
                "TWILIO_FROM": OURS,
                "PUBLIC_URL": self.url,
                "LOG_LEVEL": "DEBUG",
                **(environment or {}),
            },
            self.url,
            self.box_log,
        )
        self.session: aiohttp.ClientSession | None = None

    async def post(self, text: str, *, sender: str = ADA, message_id: str = "", token: str = TOKEN) -> int:
        """Post a text as Twilio does; returns the HTTP status, 0 when nobody answered."""
        assert self.session is not None
        fields = {
            "MessageSid": message_id or sid(),
            "AccountSid": ACCOUNT,
            "From": sender,
            "To": OURS,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        headers = {
            "X-Twilio-Signature": sign(f"{self.url}/twilio/message", fields.items(), token),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            async with self.session.post(f"{self.url}/twilio/message", data=urlencode(fields), headers=headers) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0

    async def sent(self) -> list[dict[str, Any]]:
        """Every text of ours that the stand-in took, oldest first."""
        assert self.session is not None
        async with self.session.get(f"{self.phone_url}/stand-in/messages") as answer:
            found = await answer.json()
        return [one for one in found if one["direction"] == "outbound-api"]

    async def replies(self, count: int, seconds: float = 60) -> list[dict[str, Any]]:
        """Wait until the stand-in took `count` texts of ours."""
        async with asyncio.timeout(seconds):
            while len(found := await self.sent()) < count:
                await asyncio.sleep(0.05)
        return found

    async def quiet(self, seconds: float = 60) -> None:
        """Wait until the box has nothing open."""
        assert self.session is not None
        async with asyncio.timeout(seconds):
            while True:
                async with self.session.get(f"{self.url}/metrics") as answer:
                    if "jotline_events_waiting 0\n" in await answer.text():
                        return
                await asyncio.sleep(0.05)


@asynccontextmanager
async def town(folder: Path, **more: Any) -> AsyncIterator[Town]:
    """A running town; both processes are stopped at the end."""
    made = Town(folder, **more)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        made.session = session
        try:
            await made.phone.start()
            await made.box.start()
            yield made
        finally:
            await made.box.stop()
            await made.phone.stop()
