"""The stand-in as a process of its own: `python -m local.phone --webhook-url http://127.0.0.1:8080/twilio/message`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from local.phone.app import PACE_SECONDS, create_phone
from local.phone.serving import running
from shared.runtime.clock import Clock, RealClock, SimulatedClock


def main(argv: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C. Prints its address on the first line."""
    given = _parser().parse_args(argv)
    asyncio.run(_serve(given))
    return 0


async def _serve(given: argparse.Namespace) -> None:
    clock: Clock = SimulatedClock() if given.clock == "simulated" else RealClock()
    phone = create_phone(
        folder=given.folder,
        clock=clock,
        auth_token=given.auth_token,
        account_sid=given.account_sid,
        number=given.number,
        webhook_url=given.webhook_url,
        pace_seconds=given.pace_seconds,
        test_paths=given.test_paths,
    )
    ended = asyncio.Event()
    for wish in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wish, ended.set)
    async with running(phone, port=given.port) as url:
        if given.api_url:
            phone.reachable_at(given.api_url)
        sys.stdout.write(f"phone at {url}/phone, Twilio's API at {url}\n")
        sys.stdout.flush()
        await ended.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local.phone", description="A stand-in for Twilio, with a phone to text from."
    )
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument(
        "--webhook-url", required=True, help="where texts are posted, and calls to `voice` beside it; overrides as its fragment"
    )
    parser.add_argument("--api-url", default="", help="where others reach its API, when that is not where it listens")
    parser.add_argument("--account-sid", default="AC" + "0" * 32)
    parser.add_argument("--auth-token", required=True)
    parser.add_argument("--number", default="+15005550006", help="the number people text to")
    parser.add_argument("--folder", type=Path, default=Path(".jotline/phone"), help="where messages are kept")
    parser.add_argument("--clock", choices=["simulated", "real"], default="simulated")
    parser.add_argument("--pace-seconds", type=float, default=PACE_SECONDS, help="between two delivery states")
    parser.add_argument(
        "--test-paths", action="store_true", help="also serve /stand-in/messages and /stand-in/faults, unprotected"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
