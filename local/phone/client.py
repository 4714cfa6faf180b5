"""Asking a running box through its phone, for the command line: the standard library alone, so that it starts at once."""

from __future__ import annotations

import json
import os
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

DEFAULT_URL = "http://127.0.0.1:8080"
_TIMEOUT_SECONDS = 10

_open = build_opener(ProxyHandler({})).open  # the box is on this machine or this network: no proxy in between


class Trouble(Exception):
    """What is wrong, in words for the person at the terminal."""


def box_url(given: str | None) -> str:
    """The box to talk to: --url, else JOTLINE_URL, else this machine's."""
    return (given or os.environ.get("JOTLINE_URL") or DEFAULT_URL).rstrip("/")


def ask(
    url: str,
    path: str,
    query: dict[str, str | int] | None = None,
    *,
    body: dict[str, Any] | None = None,
    file: tuple[bytes, str] | None = None,
) -> dict[str, Any]:
    """GET, or POST `body` as JSON, or POST a file: its bytes and content type; the answer's object.

    Raises:
        Trouble: the box is not there, has no phone, or refuses.
    """
    address = f"{url}{path}" + (f"?{urlencode(query)}" if query else "")
    data, kind = file or (None if body is None else json.dumps(body).encode(), "application/json")
    try:
        with _open(Request(address, data, {"Content-Type": kind}), timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - told by the user
            found: dict[str, Any] = json.load(answer)
            return found
    except HTTPError as error:
        raise Trouble(_refusal(url, error)) from None
    except (URLError, OSError):
        raise Trouble(
            f"Jotline is not running at {url}. Start it with ./scripts/run, or name another address with --url or JOTLINE_URL."
        ) from None
    except ValueError:
        raise Trouble(f"What answers at {url} is not Jotline.") from None


def _refusal(url: str, error: HTTPError) -> str:
    with error:
        if error.code == 404:
            return f"There is no phone at {url}: with a real Twilio account, text its number."
        try:
            said = json.load(error)["error"]
        except (ValueError, KeyError, TypeError):
            said = f"HTTP {error.code}"
    return f"Jotline refused: {said}"
