"""Who is put to the contract: our stand-in, and Prism (npm @stoplight/prism-cli), which mocks Twilio from its description."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from local.phone.app import create_phone
from local.phone.serving import running
from shared.providers.twilio import Twilio
from shared.runtime.clock import SimulatedClock
from tests import components
from tests.contract.description import FILE

ACCOUNT, TOKEN, NUMBER = "AC" + "a" * 32, "token", "+15005550006"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who claims to be Twilio."""

    url: str
    name: str

    def path(self, rest: str = "Messages.json") -> str:
        return f"{self.url}/2010-04-01/Accounts/{ACCOUNT}/{rest}"


@asynccontextmanager
async def stand_in(folder: Path) -> AsyncIterator[str]:
    """Our own."""
    phone = create_phone(
        folder=folder,
        clock=SimulatedClock(),
        auth_token=TOKEN,
        account_sid=ACCOUNT,
        number=NUMBER,
        webhook_url="http://127.0.0.1:9/nobody#rc=0",
        pace_seconds=0,
    )
    async with running(phone) as url:
        yield url


@asynccontextmanager
async def prism(_: Path) -> AsyncIterator[str]:
    """Prism; `--errors` makes it refuse requests that do not fit the description."""
    program = components.require("prism")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = ("mock", "--errors", "--host", "127.0.0.1", "--port", str(port), str(FILE))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(program, *arguments, stdout=pipe, stderr=asyncio.subprocess.STDOUT)
    said = b""
    try:
        async with asyncio.timeout(60):
            while process.stdout is not None and b"is listening" not in said:
                line = await process.stdout.readline()
                assert line, said.decode()
                said = line
        drained = asyncio.create_task(_drain(process.stdout))
        yield f"http://127.0.0.1:{port}"
        drained.cancel()
    finally:
        process.terminate()
        await process.wait()


async def _drain(output: asyncio.StreamReader | None) -> None:
    while output is not None and await output.readline():
        pass


@pytest.fixture(params=[stand_in, prism], ids=["stand-in", "prism"])
async def party(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Party]:
    async with request.param(tmp_path) as url:
        yield Party(url, request.param.__name__)


@pytest.fixture
async def twilio(party: Party) -> AsyncIterator[Twilio]:
    client = Twilio(party.url, ACCOUNT, TOKEN)
    yield client
    await client.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A plain client that lets in with the account's credentials."""
    headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}
    async with aiohttp.ClientSession(headers=headers) as session:
        yield session
