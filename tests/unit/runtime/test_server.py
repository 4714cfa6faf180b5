"""The entry point of every image: where its settings come from."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from shared.runtime import server
from shared.runtime.services import Services, close_all


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


class Carrier:
    """Counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


async def test_what_functions_have_opened_is_closed_when_the_server_ends_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.runtime.services.start_logging", lambda _level: None)  # the tests' own stays
    carrier = Carrier()
    Services.from_environment().use_carrier(carrier)  # type: ignore[arg-type]
    seen: list[tuple[str, int]] = []
    said: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(2 if scope["type"] == "lifespan" else 1):
            seen.append(((await receive())["type"], carrier.closed))
            await send({"type": "answer"})

    async def run(kind: str, *messages: str) -> None:
        coming = iter(messages)

        async def receive() -> Message:
            return {"type": next(coming)}

        async def send(message: Message) -> None:
            said.append(message["type"])

        await server.closing(app)({"type": kind}, receive, send)

    await run("http", "http.request")
    await run("lifespan", "lifespan.startup", "lifespan.shutdown")
    assert seen == [("http.request", 0), ("lifespan.startup", 0), ("lifespan.shutdown", 1)]
    assert said == ["answer"] * 3
    await close_all()
    assert carrier.closed == 1
