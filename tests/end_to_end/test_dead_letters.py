"""A dead letter in a running box, replayed from the command line: the box is woken, works it off once, and the person is answered."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.postgres import find_url
from shared.events.ids import partition_key
from shared.runtime.clock import RealClock
from shared.runtime.services import Services
from shared.runtime.settings import Settings
from tests.box import ROOT, town
from tests.making import ADA, message

pytestmark = pytest.mark.asyncio
PARTY = "a secret of this test"


async def _type(folder: Path, *words: str) -> tuple[int, str]:
    """Type a command on the box's machine; its exit status and what it printed."""
    typed = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local.cli", "dead-letters", *words,
        cwd=ROOT, env={**os.environ, "JOTLINE_HOME": str(folder / "home")}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await typed.communicate()
    assert typed.returncode is not None
    return typed.returncode, out.decode()


async def test_a_replayed_message_is_worked_off_once(tmp_path: Path) -> None:
    async with town(tmp_path, environment={"PARTY_SECRET": PARTY}) as box:
        services = Services(Settings(database_url=find_url(tmp_path / "home" / "postgres")), RealClock())
        lost = message("buy milk", at=datetime.now(UTC))
        lost = replace(lost, partitionkey=partition_key(ADA, PARTY.encode()))
        await services.audit.bury(
            lost, function="parse-command", cause="a bug, since mended", attempts=8, now=datetime.now(UTC)
        )
        await services.close()
        assert await _type(tmp_path, "replay", lost.id) == (0, f"{lost.id} (parse-command) is on its way\n")
        [reply] = await box.replies(1)
        assert reply["body"].splitlines()[0] == "Added #1 Buy milk"
        await box.quiet()
        assert len(await box.sent()) == 1
    status, _ = await _type(tmp_path)
    assert status == 1, "a box that is not running is no box to ask"
