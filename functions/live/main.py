"""live: a person's list as it changes, on every screen that shows it, and the page that shows it.

Consumes    no event of the broker: a broker gives an event to one instance, and every instance needs all of them. PostgreSQL calls out
            whose todos have changed (NOTIFY), and the changes are read from todo.task_events; how far calls and recordings are, from
            the trail.
            WebSocket /live   first message {"token": "...", "last_event_id": "41"}
            GET /live/events  Server-Sent Events, with Authorization and Last-Event-ID
            GET /             the board, its files under /board/
Decides     whose feed it is (the token, checked like every request's), what they have not seen yet, and when it ends: the token expires,
            the client reads too slowly, the person has left.
Emits       nothing to the broker. To each of that person's connections, each change once:
            {"type": "spoken", "spoken": [{"id": "CA4f...", "status": "hearing", ...}], ...} and
            {"type": "task.created", "id": "42", "at": "2026-11-25T15:00:00Z", "task": {"number": 1, "title": "Buy milk", ...}}

Nothing is kept here: a connection names the last change it saw and goes on from there, on this instance or another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.runtime.serving import serve

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from shared.runtime.services import Services

NAME = "live"


def feed_and_board(services: Services) -> ASGIApp:
    """The feed and the board."""
    from shared.web.live.app import Live

    return Live(services)


handle = serve(NAME, app=feed_and_board, sockets=True)
