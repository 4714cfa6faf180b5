"""JOTLINE_HOME: what the single box keeps between runs besides the database: its secrets and where its clock stands."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.runtime.clock import SimulatedClock
from shared.runtime.settings import BadSettings

#: The number and account of the phone stand-in, used while no Twilio credentials are set.
STAND_IN_NUMBER = "+14155550100"
STAND_IN_ACCOUNT = "AC" + "0" * 31 + "1"
TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM", "PUBLIC_URL")


def open_home(environment: MutableMapping[str, str]) -> Path:
    """The folder named by JOTLINE_HOME (default `.jotline`), made if needed, for nobody else to read."""
    home = Path(environment.get("JOTLINE_HOME") or ".jotline").absolute()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSettings(f"JOTLINE_HOME: {home} cannot be made ({error.strerror})") from None
    return home


def complete(environment: MutableMapping[str, str], home: Path) -> bool:
    """Fill in what a newcomer has not set; True when the stand-in plays Twilio.

    Raises:
        BadSettings: Twilio is set up in part, or the clock cannot be simulated.
    """
    kept = _secrets(home)
    environment.setdefault("PARTY_SECRET", kept["party_secret"])
    environment.setdefault("JWT_SECRET", kept["jwt_secret"])
    if not environment.get("AUDIO_STORE_URL"):
        environment["AUDIO_STORE_URL"] = (home / "audio").as_uri()
    given = [name for name in TWILIO if environment.get(name)]
    set_up = [name for name in (*given, "TWILIO_API_URL") if name.startswith("TWILIO_") and environment.get(name)]
    stand_in = not set_up
    problems = [] if stand_in else [f"{name} is not set, but {set_up[0]} is" for name in TWILIO if name not in given]
    if not stand_in and environment.get("JOTLINE_CLOCK") == "simulated" and "TWILIO_API_URL" not in environment:
        problems.append("JOTLINE_CLOCK: simulated is refused with the real Twilio: people would be texted at the wrong time")
    port = environment.get("PORT") or "8080"
    urls = {environment.get(f"{name}DATABASE_URL") for name in ("", "TODO_", "MESSAGING_", "VOICE_", "AUDIT_")} - {None, ""}
    if len(urls) > 1:
        problems.append("DATABASE_URL: the single box keeps everything in one database; set only DATABASE_URL")
    if problems:
        raise BadSettings("\n".join(problems))
    if stand_in:
        local_url = f"http://127.0.0.1:{port}"
        environment.update(
            TWILIO_ACCOUNT_SID=STAND_IN_ACCOUNT,
            TWILIO_AUTH_TOKEN=kept["stand_in_token"],
            TWILIO_FROM=STAND_IN_NUMBER,
            TWILIO_API_URL=local_url,
            PUBLIC_URL=local_url,
        )
        environment.setdefault("JOTLINE_CLOCK", "simulated")
    return stand_in


class FollowedClock:
    """A simulated clock that another process moves: it stands in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        """The simulated instant, aware, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=_offset(self._file))


class KeptClock(SimulatedClock):
    """A simulated clock that stands where it stood, after a restart."""

    def __init__(self, file: Path) -> None:
        self._file = file
        super().__init__(timedelta(seconds=_offset(file)))

    def set(self, instant: datetime) -> datetime:
        """See SimulatedClock."""
        moved = super().set(instant)
        self._file.write_text(str(self.offset.total_seconds()))
        return moved

    def advance(self, by: timedelta) -> datetime:
        """See SimulatedClock."""
        moved = super().advance(by)
        self._file.write_text(str(self.offset.total_seconds()))
        return moved


def _offset(file: Path) -> float:
    """How far a kept clock is ahead of this machine's, in seconds."""
    try:
        return float(file.read_text())
    except (OSError, ValueError):
        return 0.0


def _secrets(home: Path) -> dict[str, str]:
    """The secrets this box made for itself; made at the first start, readable by nobody else."""
    file = home / "secrets.json"
    try:
        kept = json.loads(file.read_text())
    except FileNotFoundError:
        kept = {}
    except (OSError, ValueError):
        raise BadSettings(f"{file} cannot be read; without it everyone would be a stranger: restore it from a backup") from None
    missing = [name for name in ("party_secret", "stand_in_token", "jwt_secret") if not kept.get(name)]
    if missing:
        kept.update({name: secrets.token_hex(32) for name in missing})
        fresh = file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(kept, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    return {str(name): str(value) for name, value in kept.items()}
