"""webhook: Twilio's requests become events.

Consumes   POST /twilio/message   a person's SMS, MMS or WhatsApp message
           POST /twilio/status    what became of a message of ours (`?m=<message uuid>` names it)
Decides    whether the request is Twilio's (signature over the public URL, our account), and how it reads as an event.
Emits      jotline.message.received, jotline.message.status

It answers 200 with empty TwiML only after the event is accepted; when it cannot be, 503, and Twilio sends it again (the number's
URL carries `#rc=5&rp=all`). It never looks at the language, the todos or the provider. A request that is not Twilio's gets 403 and
leaves no trace but a counter. Parameters: twilio.com/docs/messaging/guides/webhook-request.

    POST /twilio/message  From=%2B12125550142&To=%2B14155550100&Body=buy+milk&MessageSid=SM9f...&AccountSid=AC...&NumMedia=0
    event                 {"id": "SM9f...", "type": "jotline.message.received", "source": "/jotline/webhook",
                           "data": {"message_id": "SM9f...", "channel": "sms", "sender": "+12125550142", "text": "buy milk", ...}}
"""

from __future__ import annotations

import logging
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from shared.events.envelope import Event
from shared.events.ids import partition_key
from shared.events.schemas import MESSAGE_RECEIVED, MESSAGE_STATUS, Channel, Data, MessageReceived, MessageStatus
from shared.policy.outcomes import TryAgain
from shared.providers.signature import form, valid
from shared.runtime.services import Services
from shared.runtime.serving import body_of, serve
from shared.runtime.telemetry import correlation, count, describe

#: Twilio's requests are a few kilobytes; 1600 characters of Body percent-encoded are at most 20.
MAX_BODY_BYTES = 64 * 1024
MAX_TEXT = 1600
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
STATUSES = frozenset(
    "queued sending sent failed delivered undelivered receiving received accepted scheduled read partially_delivered canceled".split()
)

log = logging.getLogger("jotline")


async def on_message(request: Request, services: Services) -> Response:
    """A person's message."""
    fields = await _from_twilio(request, services)
    if isinstance(fields, Response):
        return fields
    sender, recipient = _address(fields.get("From", "")), _address(fields.get("To", ""))
    message_id = _sid(fields)
    if not (sender and recipient and message_id):
        return _bad("MessageSid, From and To are needed")
    received = MessageReceived(
        message_id=message_id,
        channel=_channel(fields),
        sender=sender,
        recipient=recipient,
        text=fields.get("Body", "")[:MAX_TEXT],
        media=tuple(fields.get(f"MediaContentType{n}", "") for n in range(min(10, _number(fields.get("NumMedia", "0"))))),
        opt_out=word if (word := fields.get("OptOutType", "").upper()) in ("STOP", "START", "HELP") else "",
        reply_to=fields.get("OriginalRepliedMessageSid", ""),
        segments=_number(fields.get("NumSegments", "1")),
    )
    return await _publish(services, MESSAGE_RECEIVED, message_id, person=sender, subject=message_id, data=received)


async def on_status(request: Request, services: Services) -> Response:
    """What became of a message of ours."""
    fields = await _from_twilio(request, services)
    if isinstance(fields, Response):
        return fields
    provider_id = _sid(fields)
    status = fields.get("MessageStatus") or fields.get("SmsStatus", "")
    if not provider_id or status not in STATUSES:
        return _bad("MessageSid and a known MessageStatus are needed")
    data = MessageStatus(
        provider_id=provider_id,
        message_id=_uuid(request.query_params.get("m", "")),
        status=status,
        error_code=_number(fields.get("ErrorCode", "")) or None,
        raw=fields,
    )
    person = _address(fields.get("To", "")) or provider_id
    return await _publish(services, MESSAGE_STATUS, f"{provider_id}.{status}", person=person, subject=provider_id, data=data)


async def _from_twilio(request: Request, services: Services) -> dict[str, str] | Response:
    """The fields of a request that is surely Twilio's and for our account, without characters nothing can store; else the refusal."""
    settings = services.settings
    settings.require("twilio_auth_token", "twilio_account_sid", "party_secret")
    body = await body_of(request, MAX_BODY_BYTES)
    if body is None:
        return PlainTextResponse("larger than 64 KiB\n", status_code=413)
    try:
        posted = form(body, request.headers.get("content-type", ""))
    except ValueError:
        posted = []
    genuine = valid(
        _url(request, settings.public_url),
        request.scope.get("query_string", b"").decode("latin-1"),
        body,
        request.headers,
        settings.twilio_auth_token,
        public_url=settings.public_url,
        shared_key=settings.twilio_shared_key,
        fields=posted or None,
    )
    if not genuine:
        count("webhooks_refused_total", why="signature")
        return PlainTextResponse("the signature does not fit; is PUBLIC_URL the URL Twilio calls?\n", status_code=403)
    fields = {name: _storable(value) for name, value in posted}
    if fields.get("AccountSid") != settings.twilio_account_sid:
        count("webhooks_refused_total", why="account")
        return PlainTextResponse("another account\n", status_code=403)
    return fields


def _url(request: Request, public_url: str) -> str:
    """The URL as the server saw it, without the query; with PUBLIC_URL its host is of no account, so none is put together."""
    path = (request.scope.get("raw_path") or request.scope["path"].encode()).decode("latin-1")
    return path if public_url else f"{request.url.scheme}://{request.url.netloc}{path}"


async def _publish(services: Services, kind: str, id: str, *, person: str, subject: str, data: Data) -> Response:  # noqa: A002
    """Hand the event over; 200 once it is accepted, 503 when it is not."""
    event = Event(
        id=id,
        type=kind,
        source="/jotline/webhook",
        subject=subject,
        time=services.clock.now(),
        data=data,
        partitionkey=partition_key(person, services.settings.party_secret.encode()),
        correlationid=subject,
    )
    token = correlation.set(event.correlationid)
    try:
        await services.carrier.publish(event)
        log.debug("accepted", extra={"event_id": id, "type": kind})
    except TryAgain as error:
        log.warning("not accepted", extra={"event_id": id, "cause": describe(error)})
        return PlainTextResponse("try again\n", status_code=503, headers={"retry-after": "2"})
    finally:
        correlation.reset(token)
    count("webhooks_total", type=kind)
    return Response(EMPTY_TWIML, media_type="text/xml")


def _bad(why: str) -> Response:
    """A signed request that Twilio would not send."""
    count("webhooks_refused_total", why="fields")
    return PlainTextResponse(f"{why}\n", status_code=400)


def _sid(fields: dict[str, str]) -> str:
    """The provider's id of the message; empty when there is none, or what cannot be one: it becomes the id of an event."""
    sid = fields.get("MessageSid") or fields.get("SmsSid", "")
    return sid if len(sid) <= 64 and sid.isascii() and sid.isprintable() else ""


def _address(value: str) -> str:
    """An address without its channel: `whatsapp:+12125550142` is the person +12125550142. Anything over-long is none."""
    bare = value.rpartition(":")[2].strip()
    return bare if len(bare) <= 40 else ""


def _channel(fields: dict[str, str]) -> Channel:
    """sms, mms or whatsapp."""
    if fields.get("From", "").startswith("whatsapp:"):
        return "whatsapp"
    return "mms" if _number(fields.get("NumMedia", "0")) else "sms"


def _number(value: str) -> int:
    """A small count; 0 when it is none."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else 0


def _uuid(value: str) -> UUID | None:
    """A UUID, or None."""
    try:
        return UUID(value)
    except ValueError:
        return None


def _storable(value: str) -> str:
    """Text without NUL and lone surrogates, which neither JSON nor PostgreSQL can keep."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()


handle = serve("webhook", http={"/twilio/message": on_message, "/twilio/status": on_status})
