"""Twilio as the benchmark plays it: signed webhooks out, `Messages.json` in.

Webhooks: twilio.com/docs/messaging/guides/webhook-request and …/usage/webhooks/webhooks-security; the resource: Twilio's
OpenAPI description, `api.v2010.account.message`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qsl, urlencode

CREATED = "Wed, 25 Nov 2026 15:00:00 +0000"
PLACE = {"City": "NEW YORK", "State": "NY", "Zip": "10001", "Country": "US"}
PLACES = {f"{side}{field}": value for side in ("From", "To") for field, value in PLACE.items()}


@dataclass(frozen=True, slots=True)
class Account:
    """The account that both the stack and the generator are told."""

    sid: str = "AC" + "0" * 31 + "1"
    token: str = "bench-token-of-no-account"  # noqa: S105 - signs webhooks on loopback only
    number: str = "+12125550100"


def sign(url: str, form: dict[str, str], token: str) -> str:
    """X-Twilio-Signature for a form post: HMAC-SHA1 over the URL and every name and value, sorted by name."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def incoming(account: Account, message_sid: str, phone: str, text: str) -> dict[str, str]:
    """The parameters of an incoming SMS from a US number."""
    return {
        "MessageSid": message_sid, "SmsSid": message_sid, "SmsMessageSid": message_sid, "AccountSid": account.sid,
        "From": phone, "To": account.number, "Body": text, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received",
        "ApiVersion": "2010-04-01", **PLACES,
    }  # fmt: skip


def status(account: Account, message_sid: str, phone: str, value: str) -> dict[str, str]:
    """The parameters of a status callback."""
    return {
        "MessageSid": message_sid, "SmsSid": message_sid, "MessageStatus": value, "SmsStatus": value, "AccountSid": account.sid,
        "From": account.number, "To": phone, "ApiVersion": "2010-04-01",
    }  # fmt: skip


class Messages:
    """`/2010-04-01/Accounts/{sid}/Messages.json`: takes every message and tells `received` its form and the sid it gave."""

    def __init__(self, account: Account, received: Callable[[dict[str, str], str], None]) -> None:
        self._account, self._received = account, received
        self._path = f"/2010-04-01/Accounts/{account.sid}/Messages.json"
        self._numbers = count(1)

    def respond(self, method: bytes, path: bytes, body: bytes) -> tuple[int, bytes]:
        """201 with the message resource; a list (asked for when reconciling) is empty."""
        if path.decode().split("?")[0] != self._path:
            return 404, b'{"code": 20404, "message": "not found", "status": 404}'
        if method == b"GET":
            return 200, json.dumps({"messages": [], "page": 0, "page_size": 50, "next_page_uri": None}).encode()
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        sid = f"SM{next(self._numbers):032x}"
        self._received(form, sid)
        return 201, json.dumps(self._resource(form, sid)).encode()

    def _resource(self, form: dict[str, str], sid: str) -> dict[str, object]:
        return {
            "sid": sid, "account_sid": self._account.sid, "to": form["To"], "from": form.get("From", self._account.number),
            "body": form["Body"], "status": "queued", "direction": "outbound-api", "num_segments": "1", "num_media": "0",
            "api_version": "2010-04-01", "date_created": CREATED, "date_updated": CREATED, "date_sent": None,
            "error_code": None, "error_message": None, "messaging_service_sid": None, "price": None, "price_unit": "USD",
            "uri": f"{self._path.removesuffix('.json')}/{sid}.json", "subresource_uris": {},
        }  # fmt: skip


def encode(form: dict[str, str]) -> bytes:
    """The form as it travels."""
    return urlencode(form).encode()
