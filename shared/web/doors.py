"""What a request passes before it is routed: other spellings of addresses, and bodies that are none.

/api/{user_id}/tasks...            like /api/v1/tasks..., and the token must be that person's: else there is nothing there
/api/v1/users/{user_id}/tasks...   likewise
/api/tasks...                      like /api/v1/tasks...
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from shared.web import problems

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The largest body: a hundred todos with notes.
MOST_BYTES: Final = 512 * 1024

_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ALIAS: Final = re.compile(rf"/api(?:(?:/v1/users)?/(?P<user>{_UUID}))?(?P<rest>/tasks(?:/.*)?)", re.DOTALL)
_JSON: Final = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE | re.DOTALL)


class Spellings:
    """ASGI middleware: other spellings of addresses become ours; whom they name stands in the scope as `jotline.user`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on under the address we know it by."""
        alias = _ALIAS.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if alias is not None:
            path = f"/api/v1{alias['rest']}"
            scope = {**scope, "path": path, "raw_path": path.encode()}
            if alias["user"]:
                scope["jotline.user"] = alias["user"].lower()
        await self._app(scope, receive, send)


class Bodies:
    """ASGI middleware: a body must say that it is JSON, and not be too large."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request without a body, or with one of ours."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        refused = _refused(headers)
        if refused is not None:
            await problems.answer(refused)(scope, receive, send)
            return
        taken = 0

        async def count() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MOST_BYTES:
                raise HTTPException(413)
            return message

        await self._app(scope, count, send)


def _refused(headers: Headers) -> problems.Problem | None:
    """What is wrong with a body by its headers. It has one where it says how long it is, or that it comes in pieces (RFC 9112, 6.3)."""
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > MOST_BYTES:
        return problems.Problem(413, f"The body is too large: at most {MOST_BYTES:,} bytes.")
    if (length == "0" and "transfer-encoding" not in headers) or _JSON.fullmatch(headers.get("content-type", "")):
        return None
    return problems.Problem(415, "The body must be JSON: Content-Type: application/json.")
