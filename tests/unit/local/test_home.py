"""What a newcomer has not set is filled in; what is set in part, or cannot be meant, is refused by name."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from local.home import KeptClock, complete, open_home
from shared.runtime.settings import BadSettings, read_settings

ACCOUNT = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_FROM": "+14155550100",
    "PUBLIC_URL": "https://jotline.example",
}


def test_a_newcomer_gets_a_phone_and_secrets_that_stay(tmp_path: Path) -> None:
    first: dict[str, str] = {"PORT": "9000"}
    second: dict[str, str] = {}
    assert complete(first, tmp_path)
    assert complete(second, tmp_path)
    assert first["PUBLIC_URL"] == "http://127.0.0.1:9000"
    assert first["PARTY_SECRET"] == second["PARTY_SECRET"]
    assert first["JWT_SECRET"] == second["JWT_SECRET"] != first["PARTY_SECRET"]
    assert read_settings(first).jwt_secret == first["JWT_SECRET"]
    assert first["JOTLINE_CLOCK"] == "simulated"
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_real_account_keeps_its_settings_and_the_real_clock(tmp_path: Path) -> None:
    environment = dict(ACCOUNT)
    assert not complete(environment, tmp_path)
    assert {name: environment[name] for name in ACCOUNT} == ACCOUNT
    assert "JOTLINE_CLOCK" not in environment


@pytest.mark.parametrize("missing", list(ACCOUNT))
def test_an_account_in_part_is_refused_by_name(tmp_path: Path, missing: str) -> None:
    environment = {name: value for name, value in ACCOUNT.items() if name != missing}
    with pytest.raises(BadSettings, match=f"{missing} is not set"):
        complete(environment, tmp_path)


def test_an_api_without_an_account_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="TWILIO_ACCOUNT_SID is not set, but TWILIO_API_URL is"):
        complete({"TWILIO_API_URL": "http://127.0.0.1:1"}, tmp_path)


def test_the_clock_is_never_simulated_for_real_people(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="JOTLINE_CLOCK"):
        complete(ACCOUNT | {"JOTLINE_CLOCK": "simulated"}, tmp_path)
    assert not complete(ACCOUNT | {"JOTLINE_CLOCK": "simulated", "TWILIO_API_URL": "http://127.0.0.1:1"}, tmp_path)


def test_one_database_for_everything(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="DATABASE_URL"):
        complete({"DATABASE_URL": "postgresql://a", "TODO_DATABASE_URL": "postgresql://b"}, tmp_path)


def test_secrets_that_cannot_be_read_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{broken")
    with pytest.raises(BadSettings, match="restore it from a backup"):
        complete({}, tmp_path)
    assert (tmp_path / "secrets.json").read_text() == "{broken"


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSettings, match="JOTLINE_HOME"):
        open_home({"JOTLINE_HOME": str(tmp_path / "file" / "home")})


def test_the_clock_stands_where_it_stood(tmp_path: Path) -> None:
    moved = KeptClock(tmp_path / "clock").advance(timedelta(days=3))
    again = KeptClock(tmp_path / "clock").now()
    assert timedelta(0) <= again - moved < timedelta(minutes=1)
