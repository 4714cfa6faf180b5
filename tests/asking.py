"""HTTP requests to a function without a server: the Starlette request it would get, built by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request

from shared.providers.signature import sign
from tests.making import ADA, OURS, sid

PUBLIC_URL = "https://jotline.example"
TOKEN = "an auth token"
ACCOUNT = "AC" + "a" * 32


def request(path: str, body: bytes = b"", *, method: str = "POST", headers: dict[str, str] | None = None) -> Request:
    """A request as functions-framework would pass it on. `path` may carry a query."""
    parts = urlsplit(path)
    sent = [body]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": sent.pop() if sent else b"", "more_body": False}

    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()]
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(b"host", b"127.0.0.1:8000"), *raw],
        "server": ("127.0.0.1", 8000),
    }
    return Request(scope, receive)


def webhook(path: str = "/twilio/message", *, token: str = TOKEN, account: str = ACCOUNT, **fields: str) -> Request:
    """A request signed as Twilio signs it; `fields` override the usual ones, an empty MessageSid leaves it out."""
    posted = {
        "MessageSid": sid(),
        "AccountSid": account,
        "From": ADA,
        "To": OURS,
        "Body": "buy milk",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        **fields,
    }
    body = urlencode(posted).encode()
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "x-twilio-signature": sign(f"{PUBLIC_URL}{path}", posted.items(), token),
    }
    return request(path, body, headers=headers)
