"""Twilio's Messages API as a `Provider`: one POST a message, and a list to find out what became of one.

What Twilio answers, in the words of the contract (twilio.com/docs/api/errors; see also twilio.com/docs/usage/twilios-response):

    taken                2xx with a sid
    Rejected             4xx with a code about the message: bad number, opted out (21610), too long (21617)…
    NotAccepted          429 and full queues, with Retry-After; nobody there (DNS, refused, TLS); and everything that is wrong
                         with our settings (401, 403, 404, redirects): the message must survive until someone mends them
    OutcomeUnknown       5xx (a POST with 20500 may have been carried out), timeouts, cut connections, senseless answers

aiohttp posts the form itself: docs/decisions/0003-twilio-client.md has the figures, and twilio's own client is the oracle in
the tests. It is imported with the first send, not with this module. Error texts carry codes and our own words only: Twilio's
messages repeat phone numbers.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from shared.providers.contract import (
    Accepted,
    Caller,
    Found,
    Incoming,
    NotAccepted,
    OutcomeUnknown,
    Outgoing,
    ProviderError,
    Rejected,
)

if TYPE_CHECKING:
    from aiohttp import ClientSession

OPTED_OUT = 21610

_WORDS = {
    21211: "the number to send to is not valid",
    21408: "this region is not enabled for the account",
    21606: "the sender is not a number of this account",
    21610: "the person has opted out",
    21614: "the number to send to is not a mobile",
    21617: "the text is over 1600 characters",
    21659: "the sender is not a number of this account",
    63016: "outside WhatsApp's 24 hour window",
}
# Codes about our account or its rates, not about this message: sending it again later is right.
_ACCOUNT = {20003, 20005, 20006, 20008, 20403, 20404}
_RATES = {14107, 20429, 21611, 30001, 30022, 63017, 63018, 63038}
_TRIAL = "Sent from your Twilio trial account - "  # what a trial account puts in front of every body
_PAGES_AT_MOST = 10  # of one person's messages of a day or two
_PAGES_OF_ALL_AT_MOST = 100  # of everyone's, after an outage
_PAGE_SIZE = 100
_CLOCKS_APART = timedelta(seconds=5)  # Twilio stamps whole seconds by its own clock

_SID = re.compile(r"[A-Za-z0-9]{2,64}")
_NUMBER = re.compile(r"\+[1-9][0-9]{5,14}")

_Answer = tuple[int, Mapping[str, str], bytes]


class Twilio:
    """Twilio, or anything that answers like it, at `api_url`."""

    def __init__(self, api_url: str, account_sid: str, auth_token: str, *, timeout_seconds: float = 10.0) -> None:
        """Nothing connects before the first call.

        Args:
            api_url: https://api.twilio.com, or the stand-in's address.
            account_sid: AC and 32 hex digits.
            auth_token: the account's token.
            timeout_seconds: for a whole call; half of it for connecting.
        """
        self._api_url = api_url.rstrip("/")
        self._messages = f"/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._calls = f"/2010-04-01/Accounts/{account_sid}/Calls"
        self._timeout_seconds = timeout_seconds
        self._headers = {
            "Authorization": "Basic " + b64encode(f"{account_sid}:{auth_token}".encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        self._session: ClientSession | None = None

    async def send(self, message: Outgoing) -> Accepted:
        """Hand one message over.

        Raises:
            Rejected, NotAccepted, OutcomeUnknown: see the module.
        """
        status, headers, body = await self._call("POST", self._messages, urlencode(_form(message)).encode())
        answer = _object(body)
        if not 200 <= status < 300:
            raise _refusal(status, headers, answer)
        return _receipt(answer)

    async def find(self, message: Outgoing, since: datetime) -> list[Found]:
        """Messages with the same to, from and body that Twilio took since `since` (aware), oldest first.

        Raises:
            ValueError: `since` is naive.
            NotAccepted: Twilio could not be asked.
            OutcomeUnknown: it did not answer, or has too many messages of that day to look through.
        """
        if since.tzinfo is None:
            raise ValueError("since needs a zone")
        earliest = since - _CLOCKS_APART
        taken = [_found(row) async for row in self._list(_filters(message, earliest)) if _same(row, message)]
        recent = [each for each in reversed(taken) if each.created_at >= earliest]  # Twilio lists the newest first
        return sorted(recent, key=lambda each: each.created_at)

    async def received(self, ours: str, since: datetime) -> list[Incoming]:
        """Messages that came for `ours` (a number with its channel, or a messaging service) since `since` (aware), oldest first.

        Twilio lists the newest first, so no more pages are asked for than it takes to go back that far.

        Raises:
            ValueError: `since` is naive.
            NotAccepted: Twilio could not be asked.
            OutcomeUnknown: it did not answer, or has too many messages to look through.
        """
        if since.tzinfo is None:
            raise ValueError("since needs a zone")
        earliest = since - _CLOCKS_APART
        came: list[Incoming] = []
        async for row in self._list(_incoming_filters(ours, earliest), pages=_PAGES_OF_ALL_AT_MOST):
            if _created_at(row) < earliest:
                break
            if _is_for(row, ours):
                came.append(_incoming(row))
        came.reverse()
        return sorted(came, key=lambda each: each.created_at)

    async def caller(self, call_id: str) -> Caller | None:
        """Who made a call; None when Twilio knows no such call of this account, or the caller has hidden their number.

        Raises:
            NotAccepted: Twilio could not be asked.
            OutcomeUnknown: it did not answer.
        """
        if not _SID.fullmatch(call_id):
            return None
        status, headers, body = await self._call("GET", f"{self._calls}/{call_id}.json")
        if status == 404:
            return None
        answer = _object(body)
        if status != 200:
            raise _refusal(status, headers, answer, reading=True)
        sender, recipient = str(answer.get("from") or ""), str(answer.get("to") or "")
        return Caller(sender=sender, recipient=recipient) if _NUMBER.fullmatch(sender) and recipient else None

    async def close(self) -> None:
        """Release connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _list(self, filters: Iterable[tuple[str, str]], *, pages: int = _PAGES_AT_MOST) -> AsyncIterator[dict[str, Any]]:
        path: str | None = f"{self._messages}?{urlencode(list(filters))}"
        for _ in range(pages):
            status, headers, body = await self._call("GET", path)
            page = _object(body)
            if status != 200:
                raise _refusal(status, headers, page, reading=True)
            for row in page.get("messages") or []:
                yield row
            path = self._next_path(page)
            if path is None:
                return
        raise OutcomeUnknown("too many messages of that day to look through")

    def _next_path(self, page: Mapping[str, Any]) -> str | None:
        """The next page's path. Only a path of our own account is followed: the credentials go with it."""
        uri = page.get("next_page_uri")
        if not isinstance(uri, str):
            return None
        path = uri.removeprefix(self._api_url)
        if not path.startswith(self._messages):
            raise OutcomeUnknown("the next page lies outside the account")
        return path

    async def _call(self, method: str, path: str | None, body: bytes | None = None) -> _Answer:
        import aiohttp
        from yarl import URL

        try:
            url = URL(f"{self._api_url}{path}", encoded=True)
            session = self._opened()
            async with session.request(method, url, data=body, headers=self._headers, allow_redirects=False) as response:
                return response.status, response.headers, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotAccepted(f"no connection to the provider ({type(error).__name__}): is TWILIO_API_URL right?") from None
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError, ValueError):
            raise NotAccepted("TWILIO_API_URL is not a URL that can be called") from None
        except TimeoutError:
            raise OutcomeUnknown(f"no answer within {self._timeout_seconds:g} s") from None
        except aiohttp.ClientError as error:
            raise OutcomeUnknown(f"the connection was lost ({type(error).__name__})") from None

    def _opened(self) -> ClientSession:
        import aiohttp

        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._timeout_seconds, connect=None, sock_connect=self._timeout_seconds / 2)
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _form(message: Outgoing) -> list[tuple[str, str]]:
    sender = "MessagingServiceSid" if message.sender.startswith("MG") else "From"
    fields = [("To", message.to), (sender, message.sender), ("Body", message.body)]
    if message.status_callback:
        fields.append(("StatusCallback", message.status_callback))
    return fields + [("MediaUrl", url) for url in message.media_urls]


def _filters(message: Outgoing, earliest: datetime) -> Iterator[tuple[str, str]]:
    """`DateSent>` with `=` is Twilio's spelling of "on or after this GMT day"."""
    yield "To", message.to
    if not message.sender.startswith("MG"):  # the service chose a number we do not know
        yield "From", message.sender
    yield "DateSent>", earliest.astimezone(UTC).date().isoformat()
    yield "PageSize", str(_PAGE_SIZE)


def _incoming_filters(ours: str, earliest: datetime) -> Iterator[tuple[str, str]]:
    if not ours.startswith("MG"):
        yield "To", ours
    yield "DateSent>", earliest.astimezone(UTC).date().isoformat()
    yield "PageSize", str(_PAGE_SIZE)


def _is_for(row: Mapping[str, Any], ours: str) -> bool:
    to = row.get("messaging_service_sid") if ours.startswith("MG") else row.get("to")
    return row.get("direction") == "inbound" and to == ours


def _same(row: Mapping[str, Any], message: Outgoing) -> bool:
    sender = row.get("messaging_service_sid") if message.sender.startswith("MG") else row.get("from")
    body = str(row.get("body") or "").removeprefix(_TRIAL)
    outbound = str(row.get("direction") or "").startswith("outbound")
    return outbound and (row.get("to"), sender, body) == (message.to, message.sender, message.body)


def _found(row: Mapping[str, Any]) -> Found:
    created_at = _created_at(row)
    return Found(sid=str(row.get("sid")), status=str(row.get("status")), created_at=created_at)


def _incoming(row: Mapping[str, Any]) -> Incoming:
    return Incoming(
        sid=str(row.get("sid")),
        sender=str(row.get("from") or ""),
        recipient=str(row.get("to") or ""),
        body=str(row.get("body") or ""),
        media=_number(row.get("num_media")) or 0,
        segments=_number(row.get("num_segments")) or 1,
        created_at=_created_at(row),
    )


def _created_at(row: Mapping[str, Any]) -> datetime:
    """When Twilio took a message it lists.

    Raises:
        OutcomeUnknown: it does not say, or not of which message.
    """
    try:
        created_at = parsedate_to_datetime(row["date_created"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        created_at = None
    if created_at is None or not row.get("sid"):
        raise OutcomeUnknown("the provider listed a message without sid or date")
    return created_at


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _receipt(answer: Mapping[str, Any]) -> Accepted:
    sid = answer.get("sid")
    if not isinstance(sid, str) or not sid:
        raise OutcomeUnknown("the provider took it and named no sid")
    return Accepted(sid=sid, status=str(answer.get("status") or "queued"), segments=_number(answer.get("num_segments")) or 1)


def _refusal(status: int, headers: Mapping[str, str], answer: Mapping[str, Any], *, reading: bool = False) -> ProviderError:
    """The error that an answer other than success means. `reading`: nothing could have been sent, so nothing is unknown."""
    code = _number(answer.get("code"))
    said = f"HTTP {status}" + (f", code {code}" if code else "")
    if status == 429 or code in _RATES:
        return NotAccepted(f"too much at once ({said})", code, retry_after_seconds=_seconds(headers.get("Retry-After")))
    if status >= 500 or status == 408 or code == 20500:
        return (
            NotAccepted(f"the provider failed ({said})", code)
            if reading
            else OutcomeUnknown(f"the provider failed ({said})", code)
        )
    if status in {401, 403} and (code is None or code in _ACCOUNT):
        return NotAccepted(f"the account was not let in ({said}): check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN", code)
    if status < 400 or code is None or code in _ACCOUNT:
        return NotAccepted(
            f"nobody there takes messages for this account ({said}): check TWILIO_API_URL and TWILIO_ACCOUNT_SID", code
        )
    return Rejected(f"{_WORDS.get(code, 'the provider refused the message')} ({said})", code, opted_out=code == OPTED_OUT)


def _seconds(retry_after: str | None) -> float | None:
    return None if (seconds := _number(retry_after)) is None else float(seconds)


def _number(value: object) -> int | None:
    """A whole number as Twilio writes it: a JSON number for `code`, a string for `num_segments`, a header's text."""
    text = str(value).strip()
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
