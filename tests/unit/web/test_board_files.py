"""The board's files as they are served: complete, strict, small, and nothing from elsewhere."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest

from shared.web.live import pages

BOARD = {path: file for path, file in pages.files().items() if path != "/"}
MODULES = sorted(path for path in BOARD if path.endswith(".js"))


async def asked(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What a request is answered."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await pages.page({"type": "http", "method": method, "path": path, "headers": raw}, receive, send)
    named = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], named, b"".join(message.get("body", b"") for message in sent[1:])


async def test_the_page_is_at_the_root() -> None:
    status, headers, body = await asked("/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert body == BOARD["/board/index.html"].plain


async def test_nothing_but_its_own_files_may_run() -> None:
    _, headers, _ = await asked("/")
    rules = dict(rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["img-src"] == "'self'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


async def test_what_has_not_changed_is_not_sent_again() -> None:
    _, headers, _ = await asked("/board/main.js")
    assert (await asked("/board/main.js", if_none_match=headers["etag"]))[0] == 304
    assert (await asked("/board/main.js", if_none_match='"another"'))[0] == 200


async def test_it_is_packed_for_whoever_unpacks_it() -> None:
    _, headers, body = await asked("/board/main.js", accept_encoding="gzip, br")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == BOARD["/board/main.js"].plain


@pytest.mark.parametrize("path", ["/board/", "/board/../models.py", "/board/__init__.py", "/board/none.js", "/board"])
async def test_nothing_else_is_served(path: str) -> None:
    assert (await asked(path))[0] == 404


async def test_it_is_only_read() -> None:
    assert (await asked("/", method="POST"))[0] == 405


def test_the_first_load_is_small() -> None:
    """Packed, with everything, before the list itself."""
    assert sum(len(file.packed) for file in BOARD.values()) < 40_000


def test_every_module_is_named_where_the_page_begins() -> None:
    """So that all are fetched at once, and not one after the other."""
    page = BOARD["/board/index.html"].plain.decode()
    assert sorted({*re.findall(r'(?:href|src)="(/board/\w+\.js)"', page)}) == MODULES


@pytest.mark.parametrize("path", sorted(BOARD))
def test_nothing_comes_from_elsewhere_and_nothing_parses_html(path: str) -> None:
    source = BOARD[path].plain.decode()
    elsewhere = [url for url in re.findall(r"https?://[^\s\"'`)]+", source) if not url.startswith("http://www.w3.org/")]
    assert elsewhere == []
    parsers = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|eval\(|new Function|DOMParser"
    assert re.findall(parsers, source) == []
    assert re.findall(r"\son\w+=\"|style=\"|javascript:", source) == []
