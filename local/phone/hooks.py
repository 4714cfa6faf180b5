"""Paths for tests that have the stand-in as a separate process: text, make trouble, and list what was received and sent.

Mounted only when asked for (`create_phone(..., test_paths=True)`, `python -m local.phone --test-paths`): they need no
credentials.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.phone.carrier import Carrier
from local.phone.faults import Faults
from local.phone.store import Message


def hook_routes(carrier: Carrier) -> list[Route]:
    """GET and POST /stand-in/messages, POST /stand-in/faults."""

    async def messages(request: Request) -> Response:
        """Everything carried so far in order of arrival, or (POST) a text: phone, body, channel, sid."""
        if request.method == "POST":
            return JSONResponse(_plain(carrier.text(**await request.json())), status_code=201)
        return JSONResponse([_plain(message) for message in carrier.store.all()])

    async def faults(request: Request) -> Response:
        """Set fields of `Faults`; answers all of them."""
        known = {field.name for field in fields(Faults)}
        for name, value in (await request.json()).items():
            if name not in known:
                return JSONResponse({"error": f"no fault called {name}"}, status_code=400)
            setattr(carrier.faults, name, value)
        return JSONResponse(asdict(carrier.faults))

    return [
        Route("/stand-in/messages", messages, methods=["GET", "POST"]),
        Route("/stand-in/faults", faults, methods=["POST"]),
    ]


def _plain(message: Message) -> dict[str, Any]:
    return {name: value if isinstance(value, int | str | None) else str(value) for name, value in asdict(message).items()}
