"""`jotline migrate`: what a cluster's Job runs before the functions."""

from __future__ import annotations

import pytest

from local import cli

SCHEMA_URLS = ("DATABASE_URL", "TODO_DATABASE_URL", "MESSAGING_DATABASE_URL", "VOICE_DATABASE_URL", "AUDIT_DATABASE_URL")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SCHEMA_URLS:
        monkeypatch.delenv(name, raising=False)


def test_an_empty_database_is_brought_to_this_version_once(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database)
    assert cli.main(["migrate"]) == 0
    assert capsys.readouterr().out.startswith("applied: 0001.todo, 0002.messaging, 0003.audit")
    assert cli.main(["migrate"]) == 0
    assert capsys.readouterr().out == "up to date\n"


def test_a_schema_with_a_database_of_its_own_is_migrated_there(
    database: str, empty_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("AUDIT_DATABASE_URL", empty_database)
    assert cli.main(["migrate"]) == 0
    assert "0003.audit" in capsys.readouterr().out


def test_without_a_database_it_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate"]) == 2
    assert capsys.readouterr().err == "cannot migrate: DATABASE_URL is not set\n"


def test_a_database_that_is_away_fails_the_job_and_tells_no_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://jotline:hush@127.0.0.1:1/jotline")
    assert cli.main(["migrate"]) == 2
    said = capsys.readouterr().err
    assert said == "cannot migrate: the database does not answer (OperationalError)\n"


def test_it_takes_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate", "down"]) == 2
    assert capsys.readouterr().err == "usage: jotline migrate\n"
