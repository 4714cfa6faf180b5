"""Who is put to the contract: our stand-in, and Prism (npm @stoplight/prism-cli), which mocks Twilio from its description."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
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


@pytest.fixture(scope="session")
def prism() -> Iterator[str]:
    """URL of Prism, once for all tests; it refuses requests that do not fit the description."""
    program = components.require("prism")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [program, "mock", "--host", "127.0.0.1", "--port", str(port), str(FILE)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_open(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, "Prism ended at once"
        assert time.monotonic() < deadline, "Prism does not listen"
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        time.sleep(0.05)


@pytest.fixture(params=["stand-in", "prism"])
async def party(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Party]:
    if request.param == "prism":
        yield Party(request.getfixturevalue("prism"), "prism")
        return
    async with stand_in(tmp_path) as url:
        yield Party(url, "stand-in")


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
