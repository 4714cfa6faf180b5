"""What `local.transcriber` starts: `python -m local.transcriber_process SOCKET [CLOCK]`.

The function transcribe behind HTTP, on a listening socket it was given, with the box's clock. Events leave through the database alone:
committed to `voice.outbox` they wake the box by themselves, and for any other outbox it is woken here.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from hmac import compare_digest
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from local.home import FollowedClock
from local.loading import load_function
from local.transcriber import KEY, NAME
from shared.events.envelope import Event
from shared.policy.outcomes import TryAgain
from shared.runtime.asgi import application
from shared.runtime.clock import RealClock
from shared.runtime.server import GC_THRESHOLD
from shared.runtime.services import Services
from shared.runtime.settings import read_settings
from shared.runtime.telemetry import start_logging
from shared.runtime.uvicorn_server import Server
from shared.storage.audit import WAKE
from shared.storage.database import Database, DatabaseUnavailable
from shared.storage.outbox import Row

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

#: How long work under way may go on after SIGTERM.
GRACE_SECONDS = 2


class Committed:
    """The carrier of events that the box finds where they are committed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def publish(self, event: Event) -> None:
        """transcribe publishes nothing.

        Raises:
            TryAgain: always.
        """
        raise TryAgain(f"{event.type} can only be committed")

    async def carry(self, rows: Sequence[Row]) -> None:
        """Wake the box for rows of which the database does not tell it by itself: an apology is in `audit.outbox`."""
        if any(row.schema != "voice" for row in rows):
            with suppress(DatabaseUnavailable):  # when the box has its connection back, it looks by itself
                await self._database.fetch("SELECT pg_notify(%s, '')", WAKE)

    async def close(self) -> None:
        """Nothing to release."""


def guarded(app: ASGIApp, key: str) -> ASGIApp:
    """The application, for those who have the key; that it is alive anybody may ask."""
    wanted = f"Bearer {key}".encode()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != "/health/live":
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not compare_digest(given, wanted):
                await send({"type": "http.response.start", "status": 403, "headers": []})
                await send({"type": "http.response.body", "body": b"not for you\n"})
                return
        await app(scope, receive, send)

    return answer


def main(arguments: list[str]) -> None:
    """Serve until SIGTERM, or SIGINT: the box has died. Does not return: a thread in Whisper would hold it up."""
    gc.set_threshold(GC_THRESHOLD, 20, 20)
    door = socket.socket(fileno=int(arguments[0]))
    settings = read_settings(os.environ)
    start_logging(settings.log_level)
    services = Services(settings, FollowedClock(Path(arguments[1])) if arguments[1] else RealClock())
    services.use_carrier(Committed(services.database("voice")))
    function = load_function(NAME)
    function.bind(services)
    app = guarded(application(function), os.environ.pop(KEY))
    config = uvicorn.Config(
        app, http="httptools", ws="none", access_log=False, log_config=None, server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )  # fmt: skip
    Server(config).run(sockets=[door])
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
