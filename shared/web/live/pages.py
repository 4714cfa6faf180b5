"""The board's files: read once, sent small, asked for again only when they have changed."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
#: Nothing is loaded from elsewhere, nothing inline runs, nobody frames it.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-cache",
    "vary": "accept-encoding",
}
UNDER: Final = "/board/"
#: What the board asks about this installation: our number, and where the stand-in's phone is, if one plays (the single box says so).
ABOUT: Final = "/board/about.json"


@dataclass(frozen=True, slots=True)
class File:
    """One file, as it is and packed."""

    media_type: str
    plain: bytes
    packed: bytes
    etag: str


@cache
def files() -> dict[str, File]:
    """Every file of the board by its path."""
    found = {}
    for one in resources.files("shared.web").joinpath("board").iterdir():
        media_type = TYPES.get(one.name[one.name.rfind(".") :])
        if media_type is not None:
            plain = one.read_bytes()
            etag = f'"{hashlib.sha256(plain).hexdigest()[:20]}"'
            found[UNDER + one.name] = File(media_type, plain, gzip.compress(plain, mtime=0), etag)
    return found | {"/": found[f"{UNDER}index.html"]}


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request for one of them."""
    file = files().get(scope["path"])
    answer = PlainTextResponse("not found\n", 404) if file is None else _sent(file, Headers(scope=scope))
    if scope["method"] not in {"GET", "HEAD"}:
        answer = PlainTextResponse("GET only\n", 405, {"allow": "GET, HEAD"})
    await answer(scope, receive, send)


def _sent(file: File, asked: Headers) -> Response:
    """The file, packed where the browser unpacks it, or that it has not changed."""
    headers = {**HEADERS, "etag": file.etag}
    if asked.get("if-none-match", "").removeprefix("W/") == file.etag:
        return Response(status_code=304, headers=headers)
    if "gzip" in asked.get("accept-encoding", ""):
        return Response(file.packed, headers={**headers, "content-encoding": "gzip"}, media_type=file.media_type)
    return Response(file.plain, headers=headers, media_type=file.media_type)
