"""A box with its board in a real browser: who texts, who looks, and a line between them that can be cut."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Page, expect

from local.phone.client import ask
from tests.box import Process, free_port
from tests.making import ADA
from tests.studio import spoken

PATIENCE_MS = 20_000


class Line:
    """A line to a server that can be cut: connections end, and new ones are refused until it is mended."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = free_port()

    async def mend(self) -> None:
        """Let connections through."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """End all, and let no more through."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._server = None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._port)
            self._open |= {writer, back}
            await asyncio.gather(_pour(reader, back), _pour(there, writer))
            self._open -= {writer, back}


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()
    with contextlib.suppress(OSError):
        await sink.wait_closed()


class House:
    """A box that nobody set anything up for, and the phones of people."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        environment = {"PORT": str(port), "JOTLINE_HOME": str(folder / "home")}
        self.box = Process(["-m", "local.cli", "run"], environment, f"http://127.0.0.1:{port}", folder / "box.log")
        self.line = Line(port)
        self.session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """Where the board is, through the line."""
        return f"http://127.0.0.1:{self.line.port}/"

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        assert self.session is not None
        async with self.session.request(method, self.box.url + path, **more) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def heard(self, phone: str = ADA) -> list[str]:
        """What Jotline has texted to somebody."""
        found = await self._ask("GET", "/phone/api/messages", params={"phone": phone})
        return [one["body"] for one in found["messages"] if not one["mine"]]

    async def texts(self, *bodies: str, phone: str = ADA) -> list[str]:
        """Somebody texts one after the other, each when the one before was answered; the answers."""
        answers = []
        for body in bodies:
            before = len(await self.heard(phone))
            await self._ask("POST", "/phone/api/messages", json={"phone": phone, "body": body})
            answers.append((await self._hears(before, phone))[before])
        return answers

    async def _hears(self, before: int, phone: str) -> list[str]:
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while len(heard := await self.heard(phone)) <= before:
                await asyncio.sleep(0.05)
        return heard

    async def calls(self, words: str, phone: str = ADA) -> None:
        """Somebody calls and says this after the beep."""
        sound = await asyncio.to_thread(spoken, words)
        await asyncio.to_thread(
            ask, self.box.url, "/phone/api/recordings", {"phone": phone, "channel": "call"}, file=(sound, "audio/wav")
        )

    async def moves_clock(self, **move: Any) -> None:
        """Time travel."""
        await self._ask("POST", "/phone/api/clock", json=move)

    async def signs_in(self, page: Page, phone: str = ADA) -> None:
        """Sign in on a page by the code that is texted."""
        await page.goto(self.url)
        before = len(await self.heard(phone))
        await page.get_by_label("Your phone number").fill(phone)
        await page.get_by_role("button", name="Text me a code").click()
        await expect(page.get_by_label("The code we texted")).to_be_visible(timeout=PATIENCE_MS)
        [code] = re.findall(r"\b\d{6}\b", (await self._hears(before, phone))[before])
        await page.get_by_label("The code we texted").fill(code)
        await expect(page.get_by_role("main", name="Todos")).not_to_have_attribute("aria-busy", "true", timeout=PATIENCE_MS)
        await expect(page.locator("#board")).to_be_visible(timeout=PATIENCE_MS)


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """A running one, its line whole."""
    made = House(folder)
    async with aiohttp.ClientSession() as session:
        made.session = session
        await made.box.start()
        await made.line.mend()
        try:
            yield made
        finally:
            await made.line.cut()
            await made.box.stop()
