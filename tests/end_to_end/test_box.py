"""The single box as a process: what it says when it cannot start, and what it does when the ground goes from under it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from local.ownership import AnotherBox, Ownership
from tests.box import ROOT, Process, free_port

pytestmark = pytest.mark.asyncio


def _box(folder: Path, **environment: str) -> Process:
    port = free_port()
    settings = {"PORT": str(port), "JOTLINE_HOME": str(folder / "home"), **environment}
    return Process(["-m", "local.cli", "run"], settings, f"http://127.0.0.1:{port}", folder / "box.log")


async def _refusal(environment: dict[str, str]) -> tuple[int | None, str]:
    """The exit status and the words of a box that does not start."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local.cli", "run", cwd=ROOT, env={**os.environ, **environment}, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        _, words = await child.communicate()
    return child.returncode, words.decode()


async def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    status, words = await _refusal({"JOTLINE_HOME": str(tmp_path), "TWILIO_ACCOUNT_SID": "AC1", "PORT": "8080"})
    assert status == 2
    for name in ("TWILIO_AUTH_TOKEN", "TWILIO_FROM", "PUBLIC_URL"):
        assert f"{name} is not set" in words


async def test_a_second_box_says_what_is_in_its_way(tmp_path: Path) -> None:
    box = _box(tmp_path)
    await box.start()
    home = {"JOTLINE_HOME": str(tmp_path / "home")}
    status, words = await _refusal({**home, "PORT": box.url.rpartition(":")[2]})
    assert (status, "cannot be used" in words) == (2, True)
    status, words = await _refusal({**home, "PORT": str(free_port())})
    assert status == 2
    assert str(tmp_path) in words
    assert await box.stop() == 0


async def test_a_box_whose_postgresql_was_killed_ends_and_says_so(tmp_path: Path) -> None:
    box = _box(tmp_path)
    await box.start()
    server = next(child for child in psutil.Process(box.pid).children() if "postgres" in child.name())
    server.send_signal(signal.SIGKILL)
    assert await box.wait() == 1
    assert "PostgreSQL has ended" in (tmp_path / "box.log").read_text()
    await box.start()
    assert await box.stop() == 0


async def test_two_brokers_never_share_a_database(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.ownership.LOOK_SECONDS", 0.01)
    one, two, reasons = Ownership(database), Ownership(database), list[str]()
    await one.take()
    with pytest.raises(AnotherBox):
        await two.take()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 20000) FROM pg_locks WHERE locktype = 'advisory' AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    await two.take()
    async with asyncio.timeout(20):
        await one.keep(reasons.append)
    assert "another Jotline works on this database" in reasons[0]
    await two.release()
