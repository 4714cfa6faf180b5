"""Who may ask Twilio's API, and how it says no: basic auth with the account's token, and errors with Twilio's codes."""

from __future__ import annotations

import asyncio
import hmac
from base64 import b64decode
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.phone.carrier import Account, Carrier

Answer = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):
    """Twilio says no: an HTTP status, a code and words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def answered(carrier: Carrier, work: Answer) -> Answer:
    """Answer only whoever knows the account's token, and refusals as Twilio does."""

    async def answer(request: Request) -> Response:
        if carrier.faults.answer_after_seconds:
            await asyncio.sleep(carrier.faults.answer_after_seconds)
        try:
            _let_in(request, carrier.account)
            return await work(request)
        except Refusal as refusal:
            return _error(refusal)

    return answer


def not_found(request: Request) -> Refusal:
    """There is nothing at this path."""
    return Refusal(404, 20404, f"The requested resource {request.url.path} was not found")


def _let_in(request: Request, account: Account) -> None:
    expected = f"{account.sid}:{account.auth_token}".encode()
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        credentials = b64decode(given) if kind.lower() == "basic" else b""
    except ValueError:
        credentials = b""
    if not hmac.compare_digest(credentials, expected):
        raise Refusal(401, 20003, "Authenticate")
    if request.path_params.get("account_sid", account.sid) != account.sid:
        raise not_found(request)


def _error(refusal: Refusal) -> Response:
    headers = {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    if refusal.status == 429:
        headers["Retry-After"] = "1"
    body = {
        "code": refusal.code,
        "message": refusal.message,
        "more_info": f"https://www.twilio.com/docs/errors/{refusal.code}",
        "status": refusal.status,
    }
    return JSONResponse(body, status_code=refusal.status, headers=headers)
