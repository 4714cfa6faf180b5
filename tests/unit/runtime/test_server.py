"""The entry point of every image: where its settings come from, and how it ends."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
import uvicorn

from shared.runtime import server, uvicorn_server


def test_files_of_secrets_become_the_variables_they_are_named_after(tmp_path: Path) -> None:
    (tmp_path / "party-secret").write_text("a secret\n")
    (tmp_path / "twilio_auth_token").write_text(" kept as it is ")
    (tmp_path / "..data").mkdir()  # Kubernetes' own
    (tmp_path / ".hidden").touch()
    assert server.read_secrets(tmp_path) == {"PARTY_SECRET": "a secret", "TWILIO_AUTH_TOKEN": " kept as it is "}


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert server.read_secrets(tmp_path / "none") == {}


def test_a_variable_that_is_set_wins_over_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "party-secret").write_text("from a file")
    (tmp_path / "twilio-from").write_text("from a file")
    monkeypatch.setattr(server, "SECRETS", tmp_path)
    monkeypatch.setenv("PARTY_SECRET", "set")
    monkeypatch.setenv("TWILIO_FROM", "")  # so that it is as before when the test is over
    monkeypatch.delenv("TWILIO_FROM")
    seen: dict[str, str] = {}

    def serve(environment: dict[str, str]) -> int:
        seen.update({name: environment[name] for name in ("PARTY_SECRET", "TWILIO_FROM")})
        return 0

    monkeypatch.setattr(server, "serve_forever", serve)
    assert server.main() == 0
    assert seen == {"PARTY_SECRET": "set", "TWILIO_FROM": "from a file"}


def test_settings_that_cannot_be_used_end_it_with_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert server.serve_forever({"PORT": "eighty", "LOG_LEVEL": "loud"}) == 2
    told = capsys.readouterr().err
    assert "PORT: " in told
    assert "LOG_LEVEL: " in told


async def test_the_server_ends_when_it_is_told_and_need_not_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn_server, "DATE_SECONDS", 3600.0)
    running = uvicorn_server.Server(uvicorn.Config("nobody:app"))
    looping = asyncio.create_task(running.main_loop())
    while not running.server_state.default_headers:
        await asyncio.sleep(0)
    assert not looping.done()
    running.handle_exit(signal.SIGTERM, None)
    async with asyncio.timeout(60):
        await looping
    assert running.should_exit


async def test_a_server_told_before_it_began_does_not_wait() -> None:
    running = uvicorn_server.Server(uvicorn.Config("nobody:app"))
    running.handle_exit(signal.SIGTERM, None)
    await running.main_loop()


@pytest.mark.parametrize(("function", "ws"), [("live", "websockets-sansio"), ("webhook", "none")])
def test_websockets_are_spoken_by_functions_that_serve_them_alone(function: str, ws: str) -> None:
    made = server.make_server({"FUNCTION_SOURCE": f"functions/{function}/main.py", "PORT": "8080"})
    assert made.config.ws == ws


async def test_whoever_keeps_connections_open_is_told_of_the_end() -> None:
    told: list[str] = []
    running = uvicorn_server.Server(uvicorn.Config("nobody:app"), lambda: told.append("the end"))
    running.handle_exit(signal.SIGTERM, None)
    async with asyncio.timeout(60):
        await running.main_loop()
    assert told == ["the end"]
