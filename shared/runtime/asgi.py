"""A function as an ASGI application, for the server of the images: what it does as a request of functions-framework, with nothing around.

A text is five events, and functions-framework, Starlette's middleware and its router would put eleven calls around each of them: a
good tenth of what a text costs on a cluster (docs/decisions/0008-serving.md). Whatever is not an event goes through Starlette's
request and response as before.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request

from shared.runtime.services import close_all
from shared.runtime.serving import Function

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

#: What every function answers itself (`Function.__call__`).
OWN_PATHS = frozenset({"/health", "/health/live", "/health/ready", "/ready", "/metrics", "/_/health", "/_/ready"})


def load(source: Path, target: str) -> Function:
    """The function that a file serves under a name.

    Raises:
        FileNotFoundError: there is no such file. TypeError: what has that name there was not made by `serve`.
    """
    spec = importlib.util.spec_from_file_location("main", source)
    if not source.is_file() or spec is None or spec.loader is None:
        raise FileNotFoundError(source)
    module = importlib.util.module_from_spec(spec)
    sys.modules["main"] = module
    spec.loader.exec_module(module)
    served = getattr(getattr(module, target, None), "served", None)
    if not isinstance(served, Function):
        raise TypeError(f"{source} has no `{target} = serve(...)`")
    return served


def application(function: Function) -> ASGIApp:
    """The application. When the server has answered everything and ends, what functions have opened is closed."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["type"] == "lifespan":
                await _live(receive, send)
            elif scope["type"] == "http" and scope["path"] == "/" and scope["method"] == "POST" and function.takes_events:
                await _take(function, scope, receive, send)
            elif not _own(function, scope) and function.app is not None:  # made when first asked for
                await function.app(scope, receive, send)
            else:
                request = Request(scope, receive)
                response = await function(request)
                await response(scope, receive, send)
        except ClientDisconnect:
            pass  # nobody is there to be answered

    return answer


def _own(function: Function, scope: Scope) -> bool:
    """Whether a request is for the function itself and not for its application."""
    return scope["type"] == "http" and (scope["path"] in OWN_PATHS or scope["path"] in function.http)


async def _live(receive: Receive, send: Send) -> None:
    """Begin and end with the server."""
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await close_all()
    await send({"type": "lifespan.shutdown.complete"})


async def _take(function: Function, scope: Scope, receive: Receive, send: Send) -> None:
    """Hand an event over and answer what becomes of it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    answer = await function.take(headers, await _read(receive, function.largest))
    told = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    if answer.status != 204:
        told.append((b"content-length", b"%d" % len(answer.content)))
    await send({"type": "http.response.start", "status": answer.status, "headers": told})
    await send({"type": "http.response.body", "body": answer.content})


async def _read(receive: Receive, limit: int) -> bytes | None:
    """A request's body, or None when it is larger than `limit` bytes: read no further than that.

    Raises:
        ClientDisconnect: whoever asked has gone before the end of it.
    """
    body = b""
    while len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body if len(body) <= limit else None
    return None
