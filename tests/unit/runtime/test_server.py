"""The entry point of every image: where its settings come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.runtime import server


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
