"""Whatever is sent to any address of the API: no 5xx, and nothing that its description does not tell."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from shared.events.ids import partition_key, user_id
from shared.runtime.clock import RealClock
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from shared.web.tokens import issue
from tests.box import ROOT, Town, free_port, town
from tests.making import ADA, BOB

HERE = Path(__file__).parent
PARTY_SECRET = "a secret of numbers for tests"
JWT_SECRET = "a key of thirty-two bytes or more for tests"


async def explore(folder: Path, *more: str) -> tuple[int, str]:
    """Let schemathesis loose on a box; its exit status and what it says."""
    environment = {
        "PARTY_SECRET": PARTY_SECRET,
        "JWT_SECRET": JWT_SECRET,
        "RATE_LIMIT": "0",
        "LOG_LEVEL": "WARNING",
        "ADMIN_PHONES": ADA,
    }
    async with town(folder, environment=environment) as place, token_server(place) as tokens:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"),
            *(f"{place.url}/api/v1/openapi.json", "--checks", "all", "--no-color", "--continue-on-failure"),
            *("--generation-database", "none", *more),
            env={
                **os.environ,
                "SCHEMATHESIS_HOOKS": "tests.integration.web.schema_hooks",
                "PYTHONPATH": str(ROOT),
                "TOKENS_URL": tokens,
            },
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()


@asynccontextmanager
async def token_server(place: Town) -> AsyncIterator[str]:
    """A server that hands out tokens of Ada, who is an admin, and of somebody who keeps leaving; its address."""
    services = Services(Settings(jwt_secret=JWT_SECRET, party_secret=PARTY_SECRET), RealClock())

    async def hand_out(request: web.Request) -> web.Response:
        phone = ADA if request.match_info["who"] == "ada" else BOB
        if phone == BOB:
            await place.post("hello", sender=BOB)
            await place.quiet()
        who = user_id(partition_key(phone, PARTY_SECRET.encode()))
        return web.Response(text=issue(services, who, "admin" if phone == ADA else "user"))

    await place.post("buy milk tomorrow", sender=ADA)
    await place.quiet()
    app = web.Application()
    app.router.add_get("/{who}", hand_out)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


async def test_a_little_of_everything_is_answered_as_described(tmp_path: Path) -> None:
    status, said = await explore(tmp_path, "--max-examples", "4", "--seed", "7", "--phases", "examples,fuzzing")
    assert status == 0, said[-8000:]


@pytest.mark.long
async def test_ten_minutes_of_everything_are_answered_as_described(tmp_path: Path) -> None:
    status, said = await explore(tmp_path, "--max-time", "600")
    assert status == 0, said[-8000:]
