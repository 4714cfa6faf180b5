"""`jotline clock`, `jotline clock set 2026-11-27T09:00-05:00`, `jotline clock advance 1d`: show or move the simulated clock."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import datetime
from typing import Any

from local.phone.client import Trouble, ask, box_url

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_AMOUNT = re.compile(r"(\d+)([smhdw])")


def main(argv: list[str]) -> int:
    """Show or move the clock and print what it then shows; 2 when the words on the command line are wrong."""
    parser = _parser()
    given = parser.parse_args(argv)
    try:
        move = _move(given.action, given.value)
    except ValueError as error:
        parser.error(str(error))
    try:
        shown = ask(box_url(given.url), "/phone/api/clock", body=move)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    sys.stdout.write(f"{_said(shown)}\n")
    return 0


def _move(action: str, value: str | None) -> dict[str, Any] | None:
    """What to ask of the clock; None: only to show itself.

    Raises:
        ValueError: the value does not fit the action.
    """
    if action == "show":
        if value is not None:
            raise ValueError(f"show needs no {value}")
        return None
    return {"set": _instant(value or "")} if action == "set" else {"advance_seconds": _seconds(value or "")}


def _said(shown: dict[str, Any]) -> str:
    now = datetime.fromisoformat(shown["now"])
    return f"{now.isoformat(timespec='seconds')} ({'simulated' if shown['simulated'] else 'the real time'})"


def _instant(text: str) -> str:
    try:
        aware = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise ValueError("write an instant with its offset, like 2026-11-27T09:00-05:00")
    return text


def _seconds(text: str) -> int:
    if not re.fullmatch(f"({_AMOUNT.pattern})+", text):
        raise ValueError("write an amount of time, like 1d, 2h, 30m or 1d12h")
    return sum(int(number) * _SECONDS[unit] for number, unit in _AMOUNT.findall(text))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jotline clock", description="Show or move the simulated clock. It only goes forward."
    )
    parser.add_argument("action", nargs="?", choices=["show", "set", "advance"], default="show")
    parser.add_argument("value", nargs="?", help="set: an instant like 2026-11-27T09:00-05:00; advance: 1d, 2h, 30m or 1d12h")
    parser.add_argument("--url", help="where Jotline runs (JOTLINE_URL, else http://127.0.0.1:8080)")
    return parser
