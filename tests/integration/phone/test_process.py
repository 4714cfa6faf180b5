"""The stand-in as a process of its own: ready when it says so, gone when told, and whole again after kill -9."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.integration.phone.conftest import ADA, TOKEN, Box


@asynccontextmanager
async def process(folder: Path, box: Box) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run it until the block ends; yields the process and the phone's URL from its first line."""
    words = ["--port", "0", "--folder", str(folder), "--auth-token", TOKEN, "--pace-seconds", "0", "--test-paths"]
    webhook = ["--webhook-url", f"{box.url}/twilio/message"]
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "local.phone", *words, *webhook, stdout=pipe)
    assert child.stdout is not None
    try:
        said = (await child.stdout.readline()).decode()
        yield child, said.split()[-1]
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


async def test_it_serves_and_ends_cleanly_with_a_page_open(tmp_path: Path, box: Box) -> None:
    async with (
        process(tmp_path, box) as (child, url),
        aiohttp.ClientSession(url) as http,
        http.get("/phone/api/events") as feed,
    ):
        assert (await feed.content.readline()).startswith(b"retry")
        child.send_signal(signal.SIGTERM)
        assert await child.wait() == 0


async def test_kill_9_loses_no_text(tmp_path: Path, box: Box) -> None:
    box.answers = [503] * 100
    texts = {f"text {number}" for number in range(20)}
    async with process(tmp_path, box) as (child, url), aiohttp.ClientSession(url) as http:
        for text in sorted(texts):
            async with http.post("/stand-in/messages", json={"phone": ADA, "body": text}) as answer:
                assert answer.status == 201
        child.kill()
        await child.wait()
    box.answers.clear()
    async with process(tmp_path, box) as (_, url), aiohttp.ClientSession(url) as http:
        async with asyncio.timeout(30):
            while any(not message["settled"] for message in await carried(http)):
                await asyncio.sleep(0.02)
        assert {message["body"] for message in await carried(http)} == texts
    assert {fields["Body"] for fields in box.fields("/twilio/message")} == texts


async def carried(http: aiohttp.ClientSession) -> list[dict[str, object]]:
    async with http.get("/stand-in/messages") as answer:
        found: list[dict[str, object]] = await answer.json()
        return found
