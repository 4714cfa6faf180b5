"""The function as its image runs it: a process of its own that is told to end while somebody looks at their list."""

from __future__ import annotations

import signal
from pathlib import Path

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.box import Process, free_port
from tests.live import Client, People, services_on
from tests.making import SECRET

pytestmark = pytest.mark.asyncio


async def test_it_serves_board_feed_and_health_and_ends_when_it_is_told(database: str, tmp_path: Path) -> None:
    services = services_on(database)
    people = People(services)
    await people.adds("Buy milk")
    url = f"http://127.0.0.1:{free_port()}"
    environment = {
        "FUNCTION_SOURCE": "functions/live/main.py",
        "HOST": "127.0.0.1",
        "PORT": url.rpartition(":")[2],
        "DATABASE_URL": database,
        "PARTY_SECRET": SECRET.decode(),
        "JWT_SECRET": services.settings.jwt_secret,
    }
    process = Process(["-m", "shared.runtime.server"], environment, url, tmp_path / "live.log")
    await process.start()
    async with aiohttp.ClientSession() as session:
        for path, said in {"/": "<!doctype html>", "/health/ready": "ready", "/board/about.json": "null"}.items():
            assert said in await _read(session, url + path)
    services.clock.offset -= services.clock.offset  # type: ignore[attr-defined] # that process goes by the machine's clock
    async with connect(url.replace("http", "ws") + "/live", subprotocols=[Subprotocol("jotline")]) as socket:
        client = Client(socket)
        await client.says({"token": people.token()})
        await client.hears("hello")
        await people.adds("Pay rent")
        await client.hears("task.created")
        async with aiohttp.ClientSession() as session:
            assert "jotline_live_connections 1\n" in await _read(session, f"{url}/metrics")
        assert await process.stop() in {0, -signal.SIGTERM}  # uvicorn raises it once more when all is done
        assert await client.ends() == 1012
    await services.close()


async def _read(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as answer:
        assert answer.status == 200
        return await answer.text()
