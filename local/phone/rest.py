"""Twilio's REST API for messages, as far as we use it: send, fetch, list.

Answers have the shape of Twilio's OpenAPI description (tests/contract holds both against it); errors have Twilio's codes and
its usual body. Lists are newest first; `PageToken` names the last message of the page before, so what arrives meanwhile shifts
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from local.phone.authentication import Refusal, answered, not_found
from local.phone.carrier import Account, Carrier, Sending, address
from local.phone.rest_voice import VoiceRest
from local.phone.store import Channel, Message, Query, Store

_ACCOUNT = "/2010-04-01/Accounts/{account_sid}"
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_MG = re.compile(r"MG[0-9a-fA-F]{32}")
_BODY_AT_MOST = 1600


class Rest:
    """The routes under /2010-04-01."""

    def __init__(self, carrier: Carrier) -> None:
        """Answers for the carrier's one account."""
        self._carrier = carrier
        self.routes = [
            Route(f"{_ACCOUNT}/Messages.json", answered(carrier, self._messages), methods=["GET", "POST"]),
            Route(f"{_ACCOUNT}/Messages/{{sid}}.json", answered(carrier, self._fetch), methods=["GET"]),
            *VoiceRest(carrier).routes,
            Route("/2010-04-01/{rest:path}", answered(carrier, self._nothing), methods=["GET", "POST", "DELETE"]),
        ]

    async def _messages(self, request: Request) -> Response:
        return await (self._create(request) if request.method == "POST" else self._list(request))

    async def _create(self, request: Request) -> Response:
        faults = self._carrier.faults
        if refusal := faults.next_refusal():
            raise Refusal(*refusal, "Refused on request")
        fields = parse_qsl((await request.body()).decode(), keep_blank_values=True)
        message = self._carrier.take(_sending(fields, self._carrier.account, self._carrier.store))
        if failure := faults.next_failure():
            raise Refusal(*failure, "Failed on request, after taking the message")
        if faults.next_drop():
            return _CutOff()
        return JSONResponse(_resource(message, self._carrier.account), status_code=201)

    async def _fetch(self, request: Request) -> Response:
        message = self._carrier.store.by_sid(request.path_params["sid"])
        if message is None or message.direction == "call":
            raise not_found(request)
        return JSONResponse(_resource(message, self._carrier.account))

    async def _list(self, request: Request) -> Response:
        page, query = _query(request.query_params, self._carrier.account)
        found = self._carrier.store.listed(query)
        rows = [_resource(message, self._carrier.account) for message in found[: query.limit]]
        return JSONResponse(_page(request, page, query, rows, more=len(found) > query.limit))

    async def _nothing(self, request: Request) -> Response:
        raise not_found(request)


def _sending(fields: list[tuple[str, str]], account: Account, store: Store) -> Sending:
    """What is to be sent, or why Twilio would not (twilio.com/docs/api/errors)."""
    given = dict(fields)
    to, body = given.get("To", ""), given.get("Body", "")
    media = tuple((value, "application/octet-stream") for name, value in fields if name == "MediaUrl")
    if not to:
        raise Refusal(400, 21604, "A 'To' phone number is required.")
    phone, channel = _split(to)
    if not _E164.fullmatch(phone):
        raise Refusal(400, 21211, f"Invalid 'To' Phone Number: {to}")
    _check_sender(given, channel, account)
    if not body and not media:
        raise Refusal(400, 21602, "Message body is required.")
    if len(body) > _BODY_AT_MOST:
        raise Refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    if channel == "sms" and store.opted_out(phone):
        raise Refusal(400, 21610, "Attempt to send to unsubscribed recipient")
    return Sending(
        phone=phone,
        channel=channel,
        body=body,
        status_callback=_callback(given),
        service_sid=given.get("MessagingServiceSid", ""),
        media=media,
    )


def _check_sender(given: Mapping[str, str], channel: Channel, account: Account) -> None:
    sender, service = given.get("From", ""), given.get("MessagingServiceSid", "")
    if not sender and not service:
        raise Refusal(400, 21603, "A 'From' phone number is required.")
    if service and not _MG.fullmatch(service):
        raise Refusal(400, 21705, "The Messaging Service Sid is invalid.")
    if not sender:
        return
    number, sender_channel = _split(sender)
    if sender_channel != channel:
        raise Refusal(400, 21910, "Invalid 'From' and 'To' pair. 'From' and 'To' should be of the same channel")
    if number != account.number and channel == "whatsapp":
        raise Refusal(400, 63007, "Twilio could not find a Channel with the specified From address")
    if number != account.number:
        raise Refusal(400, 21659, f"'From' {sender} is not a Twilio phone number or Short Code country mismatch")


def _callback(given: Mapping[str, str]) -> str:
    callback = given.get("StatusCallback", "")
    if callback and urlsplit(callback).scheme not in {"http", "https"}:
        raise Refusal(400, 21609, "The 'StatusCallback' URL is not a valid URL.")
    return callback


def _split(given: str) -> tuple[str, Channel]:
    return (given.removeprefix("whatsapp:"), "whatsapp") if given.startswith("whatsapp:") else (given, "sms")


def _resource(message: Message, account: Account) -> dict[str, Any]:
    """A message as Twilio shows it (`api.v2010.account.message`)."""
    here, there = address(account.number, message.channel), address(message.phone, message.channel)
    inbound = message.direction == "inbound"
    uri = f"/2010-04-01/Accounts/{account.sid}/Messages/{message.sid}"
    return {
        "account_sid": account.sid,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": format_datetime(message.created_at),
        "date_sent": format_datetime(message.created_at),
        "date_updated": format_datetime(message.updated_at),
        "direction": message.direction,
        "error_code": None if inbound else message.error_code,
        "error_message": None,
        "from": there if inbound else (None if message.status == "accepted" else here),
        "messaging_service_sid": message.service_sid or None,
        "num_media": str(len(message.media)),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": here if inbound else there,
        "uri": f"{uri}.json",
    }


def _query(given: Mapping[str, str], account: Account) -> tuple[int, Query]:
    """The page asked for and its filters. A filter on an address that is neither ours nor a phone's finds nothing."""
    size = min(max(_whole(given.get("PageSize"), 50), 1), 1000)
    page = _whole(given.get("Page"), 0)
    inbound, phone, channel = _direction(given, account)
    return page, Query(
        inbound=inbound,
        channel=channel,
        phone=phone,
        sent_on=_day(given.get("DateSent")),
        sent_until=_day(given.get("DateSent<")),
        sent_since=_day(given.get("DateSent>")),
        before_sid=given.get("PageToken", "").removeprefix("PA"),
        limit=size,
    )


def _direction(given: Mapping[str, str], account: Account) -> tuple[bool | None, tuple[str, Channel] | None, Channel | None]:
    """Which way the messages went, whose they are, and by which of our own addresses (one to a channel)."""
    to, sender = given.get("To"), given.get("From")
    inbound: bool | None = None
    phone: tuple[str, Channel] | None = None
    ours: Channel | None = None
    for value, means_inbound in ((to, True), (sender, False)):
        if value is None:
            continue
        number, channel = _split(value.strip())
        if number == account.number:
            inbound, ours = means_inbound, channel
        else:
            phone, inbound = (number, channel), not means_inbound
    return inbound, phone, ours


def _page(request: Request, page: int, query: Query, rows: list[dict[str, Any]], *, more: bool) -> dict[str, Any]:
    kept = [
        (name, value) for name, value in request.query_params.multi_items() if name not in {"Page", "PageSize", "PageToken"}
    ]

    def uri(number: int) -> str:
        return f"{request.url.path}?{urlencode([*kept, ('PageSize', query.limit), ('Page', number)])}"

    last = rows[-1]["sid"] if rows else ""
    start = page * query.limit
    return {
        "end": start + max(len(rows) - 1, 0),
        "first_page_uri": uri(0),
        "next_page_uri": f"{uri(page + 1)}&PageToken=PA{last}" if more else None,
        "page": page,
        "page_size": query.limit,
        "previous_page_uri": uri(page - 1) if page else None,
        "messages": rows,
        "start": start,
        "uri": uri(page),
    }


def _day(given: str | None) -> date | None:
    """The GMT day of a filter, in any of the spellings the description shows.

    Raises:
        Refusal: it is no date.
    """
    if not given:
        return None
    try:
        return _instant(given).date()
    except ValueError:
        raise Refusal(400, 20001, "Invalid date filter") from None


def _instant(given: str) -> datetime:
    try:
        instant = datetime.fromisoformat(given)
    except ValueError:
        instant = parsedate_to_datetime(given)
    return instant.astimezone(UTC) if instant.tzinfo else instant


def _whole(given: str | None, otherwise: int) -> int:
    return int(given) if given and given.isdecimal() and len(given) < 10 else otherwise


class _CutOff(Response):
    """The head of an answer and no body: the server then closes the connection, as when a wire is cut."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"800")]
        await send({"type": "http.response.start", "status": 201, "headers": headers})
