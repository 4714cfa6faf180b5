"""webhook: Twilio's requests become events.

Consumes   POST /twilio/message       a person's SMS, MMS or WhatsApp message: words, a voice note, or both
           POST /twilio/status        what became of a message of ours (`?m=<message uuid>` names it)
           POST /twilio/voice         somebody calls: answered with a greeting and a beep
           POST /twilio/voice/ended   they hung up: answered with a goodbye, and nothing else
           POST /twilio/voice/status  the call is over, whether or not anything was recorded
           POST /twilio/recording     how far the recording of a call is; only a completed one can be fetched
Decides    whether the request is Twilio's (signature over the public URL, our account), and how it reads as events. What may be
           a recording is one, wherever it came from: a voice note and what was said after the beep become the same event.
           Whether somebody texts faster than a person can: more than TEXTS_PER_MINUTE of a number within a minute are not read,
           and are answered once. Each process counts what it sees.
Emits      jotline.message.received, jotline.message.status, jotline.call.received, jotline.call.ended, jotline.audio.received, and
           jotline.notification.requested when there is nothing in a recording and its caller is known, or somebody texts too fast

It answers 200 with TwiML only after the events are accepted; when one cannot be, 503, and Twilio sends it again (the number's URLs
carry `#rc=5&rp=all`; the ids make a repetition harmless). It never looks at the language, the todos, a recording or the provider.
A request that is not Twilio's gets 403 and leaves no trace but a counter. Parameters: twilio.com/docs/messaging/guides/webhook-request,
twilio.com/docs/voice/twiml/record.

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
from shared.events.ids import outgoing_id, partition_key, reply_id
from shared.events.schemas import (
    AUDIO_RECEIVED,
    CALL_ENDED,
    CALL_RECEIVED,
    MESSAGE_RECEIVED,
    MESSAGE_STATUS,
    NOTIFICATION_REQUESTED,
    AudioReceived,
    CallEnded,
    CallReceived,
    Channel,
    Data,
    MessageReceived,
    MessageStatus,
    NotificationRequested,
)
from shared.policy.outcomes import TryAgain
from shared.providers.callers import called_of, caller_of
from shared.providers.signature import form, valid
from shared.runtime.services import Services
from shared.runtime.serving import body_of, serve
from shared.runtime.settings import Settings
from shared.runtime.telemetry import correlation, count, describe

#: Twilio's requests are a few kilobytes; 1600 characters of Body percent-encoded are at most 20.
MAX_BODY_BYTES = 64 * 1024
MAX_TEXT = 1600
MAX_URL = 2000
#: What Twilio lets through of one message.
MAX_MEDIA = 10
STATUSES = frozenset(
    "queued sending sent failed delivered undelivered receiving received accepted scheduled read partially_delivered canceled".split()
)

#: How calls end (twilio.com/docs/voice/api/call-resource, CallStatus).
ENDS = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
#: Content types that are no `audio/...` and may hold a recording all the same: phones and carriers name them so.
MAYBE_AUDIO = frozenset({"video/3gpp", "video/mp4", "application/ogg", "application/octet-stream"})
GREETING = "Jotline. Say your todos after the beep, then hang up."
NOTHING_SAID = "I heard nothing. Call again, or text me."
WITHHELD_NUMBER = "I cannot see your number, so I cannot answer. Text me, or call without hiding it."
GOODBYE = "Thank you. The answer is a text."
LONGEST_RECORDING_SECONDS = 600
#: A caller who says nothing for so long has finished.
SILENCE_SECONDS = 5
#: Twilio asks again when we cannot be reached or cannot accept it (connection overrides).
AGAIN = "#rc=5&rp=all"

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
    counted = services.flood.take(sender, services.clock.now().timestamp())
    if not counted and not _about_consent(fields):
        return await _too_many(services, fields, message_id, sender, recipient)
    if await _understood(services, fields, message_id, sender, recipient):
        return _twiml()
    if counted:
        services.flood.give_back(sender)  # it comes again
    return _try_again()


async def _understood(services: Services, fields: dict[str, str], message_id: str, sender: str, recipient: str) -> bool:
    """Hand over what a message is: words, voice notes, or both; whether all of it was accepted."""
    channel, media = _channel(fields), _media(fields)
    spoken = [(n, kind, url) for n, (kind, url) in enumerate(media) if _may_be_audio(kind) and 0 < len(url) <= MAX_URL]
    text = fields.get("Body", "")[:MAX_TEXT]
    if text.strip() or not spoken:
        received = MessageReceived(
            message_id=message_id,
            channel=channel,
            sender=sender,
            recipient=recipient,
            text=text,
            media=tuple(kind for kind, _ in media),
            opt_out=word if (word := fields.get("OptOutType", "").upper()) in ("STOP", "START", "HELP") else "",
            reply_to=fields.get("OriginalRepliedMessageSid", ""),
            segments=_number(fields.get("NumSegments", "1")),
        )
        if not await _accepted(services, MESSAGE_RECEIVED, message_id, person=sender, subject=message_id, data=received):
            return False
    for n, kind, url in spoken:
        audio = AudioReceived(
            recording_id=f"{message_id}.audio{n}",
            message_id=message_id,
            channel=channel,
            sender=sender,
            recipient=recipient,
            url=url,
            content_type=kind,
        )
        if not await _accepted(services, AUDIO_RECEIVED, audio.recording_id, person=sender, subject=message_id, data=audio):
            return False
    return True


def _about_consent(fields: dict[str, str]) -> bool:
    """Whether a message is one of the words that end and begin our texts: these always reach us."""
    from shared.messages.keywords import consent_word

    return bool(fields.get("OptOutType") or consent_word(fields.get("Body", "")))


async def _too_many(services: Services, fields: dict[str, str], message_id: str, sender: str, recipient: str) -> Response:
    """Read no further; say so once in a minute."""
    count("webhooks_refused_total", why="too many texts")
    if not services.flood.tell(sender, services.clock.now().timestamp()):
        return _twiml()
    from shared.messages.phrases import TOO_MANY

    if await _tell(services, message_id, TOO_MANY, to=sender, ours=recipient, channel=_channel(fields)):
        return _twiml()
    services.flood.untell(sender)
    return _try_again()


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
    id_ = f"{provider_id}.{status}"
    accepted = await _accepted(services, MESSAGE_STATUS, id_, person=person, subject=provider_id, data=data)
    return _twiml() if accepted else _try_again()


async def on_call(request: Request, services: Services) -> Response:
    """Somebody calls: ask for their todos after the beep. Who hides their number cannot be answered, and hears that."""
    fields = await _from_twilio(request, services)
    if isinstance(fields, Response):
        return fields
    call_id, caller, ours = _sid(fields, "CallSid"), caller_of(fields), called_of(fields, services.settings.twilio_from)
    if not (call_id and ours):
        return _bad("CallSid and To are needed")
    if not caller:
        return _twiml(_say(WITHHELD_NUMBER), "<Hangup/>")
    data = CallReceived(call_id=call_id, sender=caller, recipient=ours)
    if not await _accepted(services, CALL_RECEIVED, f"{call_id}.call", person=caller, subject=call_id, data=data):
        return _try_again()
    return _twiml(_say(GREETING), _record(services.settings.public_url), _say(NOTHING_SAID))


async def on_call_ended(request: Request, services: Services) -> Response:
    """The caller has finished. The recording may not be there yet: `on_recording` hears when it is."""
    fields = await _from_twilio(request, services)
    return fields if isinstance(fields, Response) else _twiml(_say(GOODBYE), "<Hangup/>")


async def on_call_status(request: Request, services: Services) -> Response:
    """A call is over. Nobody is told: what became of its recording, `on_recording` hears."""
    fields = await _from_twilio(request, services)
    if isinstance(fields, Response):
        return fields
    call_id, status = _sid(fields, "CallSid"), fields.get("CallStatus", "")
    if not (call_id and status):
        return _bad("CallSid and CallStatus are needed")
    if status not in ENDS:
        return _twiml()
    caller, ours = caller_of(fields), called_of(fields, services.settings.twilio_from)
    seconds = _number(fields.get("CallDuration", ""))
    data = CallEnded(call_id=call_id, status=status, seconds=seconds, sender=caller, recipient=ours)
    id_ = f"{call_id}.ended"
    accepted = await _accepted(services, CALL_ENDED, id_, person=caller or call_id, subject=call_id, data=data)
    return _twiml() if accepted else _try_again()


async def on_recording(request: Request, services: Services) -> Response:
    """How far the recording of a call is: completed is worked off, absent is told, and anything else is only noted."""
    fields = await _from_twilio(request, services)
    if isinstance(fields, Response):
        return fields
    recording_id, call_id = _sid(fields, "RecordingSid"), _sid(fields, "CallSid")
    status, url = fields.get("RecordingStatus", ""), fields.get("RecordingUrl", "")
    if not (recording_id and call_id and status):
        return _bad("RecordingSid, CallSid and RecordingStatus are needed")
    caller, ours = caller_of(fields), called_of(fields, services.settings.twilio_from)
    if status == "absent" and caller and ours:
        return await _tell_of_silence(services, recording_id, caller, ours)
    if status != "completed":
        count("recordings_total", status="absent" if status == "absent" else "other")
        return _twiml()
    if not 0 < len(url) <= MAX_URL:
        return _bad("RecordingUrl is needed")
    data = AudioReceived(
        recording_id=recording_id, call_id=call_id, sender=caller, recipient=ours, url=url, seconds=_seconds(fields)
    )
    id_ = f"{recording_id}.completed"
    accepted = await _accepted(services, AUDIO_RECEIVED, id_, person=caller or call_id, subject=call_id, data=data)
    return _twiml() if accepted else _try_again()


async def _tell_of_silence(services: Services, recording_id: str, caller: str, ours: str) -> Response:
    """A text to a caller in whose recording there is nothing."""
    from shared.messages.phrases import HEARD_NOTHING

    told = await _tell(services, recording_id, HEARD_NOTHING, to=caller, ours=ours, channel="sms")
    return _twiml() if told else _try_again()


async def _tell(services: Services, cause: str, body: str, *, to: str, ours: str, channel: Channel) -> bool:
    """Answer something with a text from here; whether that was accepted."""
    id_ = reply_id(cause)
    data = NotificationRequested(
        message_id=outgoing_id(id_),
        channel=channel,
        sender=ours,
        recipient=to,
        body=body,
        asked_at=services.clock.now(),
        in_reply_to=cause,
    )
    return await _accepted(services, NOTIFICATION_REQUESTED, id_, person=to, subject=cause, data=data)


async def _from_twilio(request: Request, services: Services) -> dict[str, str] | Response:
    """The fields of a request that is surely Twilio's and for our account, without characters nothing can store; else the refusal."""
    settings = services.settings
    settings.require("twilio_auth_token", "twilio_account_sid", "party_secret")
    if settings.webhook_allowed_ips and not _from_allowed(request, settings):
        count("webhooks_refused_total", why="address")
        return PlainTextResponse("not from this address; see WEBHOOK_ALLOWED_IPS and TRUSTED_PROXIES\n", status_code=403)
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


def _from_allowed(request: Request, settings: Settings) -> bool:
    """Whether a request comes from where webhooks may come from."""
    from shared.runtime.clients import client_of, read_networks, within

    forwarded = request.headers.getlist("x-forwarded-for")
    peer = request.client.host if request.client else ""
    return within(
        client_of(peer, forwarded, read_networks(settings.trusted_proxies)), read_networks(settings.webhook_allowed_ips)
    )


def _url(request: Request, public_url: str) -> str:
    """The URL as the server saw it, without the query; with PUBLIC_URL its host is of no account, so none is put together."""
    path = (request.scope.get("raw_path") or request.scope["path"].encode()).decode("latin-1")
    return path if public_url else f"{request.url.scheme}://{request.url.netloc}{path}"


async def _accepted(services: Services, kind: str, id: str, *, person: str, subject: str, data: Data) -> bool:  # noqa: A002
    """Hand an event over; whether it was accepted."""
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
        return False
    finally:
        correlation.reset(token)
    count("webhooks_total", type=kind)
    return True


def _try_again() -> Response:
    """Not accepted: Twilio is to send it again."""
    return PlainTextResponse("try again\n", status_code=503, headers={"retry-after": "2"})


def _twiml(*verbs: str) -> Response:
    """What Twilio is to do: these verbs, one after the other."""
    response = f"<Response>{''.join(verbs)}</Response>" if verbs else "<Response/>"
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{response}', media_type="text/xml")


def _say(words: str) -> str:
    """A verb that speaks."""
    return f"<Say>{_escaped(words)}</Say>"


def _record(public_url: str) -> str:
    """The verb that beeps and records. When the caller says nothing at all, Twilio goes on with the verb behind it."""
    attributes = {
        "action": f"{public_url}/twilio/voice/ended",
        "finishOnKey": "#",
        "maxLength": LONGEST_RECORDING_SECONDS,
        "playBeep": "true",
        "recordingStatusCallback": f"{public_url}/twilio/recording{AGAIN}",
        "recordingStatusCallbackEvent": "completed absent",
        "timeout": SILENCE_SECONDS,
        "trim": "trim-silence",
    }
    written = " ".join(f'{name}="{_escaped(str(value))}"' for name, value in attributes.items())
    return f"<Record {written}/>"


def _escaped(text: str) -> str:
    """Text as it stands in XML."""
    from html import escape  # a table of two thousand names: only a call needs it

    return escape(text)


def _bad(why: str) -> Response:
    """A signed request that Twilio would not send."""
    count("webhooks_refused_total", why="fields")
    return PlainTextResponse(f"{why}\n", status_code=400)


def _sid(fields: dict[str, str], *names: str) -> str:
    """The provider's id (of the message, unless named); empty when there is none, or what cannot be one: it becomes an event's id."""
    sid = next(filter(None, (fields.get(name, "") for name in names or ("MessageSid", "SmsSid"))), "")
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


def _media(fields: dict[str, str]) -> list[tuple[str, str]]:
    """Content type and URL of each attachment."""
    many = min(MAX_MEDIA, _number(fields.get("NumMedia", "0")))
    return [(fields.get(f"MediaContentType{n}", ""), fields.get(f"MediaUrl{n}", "")) for n in range(many)]


def _may_be_audio(content_type: str) -> bool:
    """Whether somebody may be speaking there; who opens it finds out."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith("audio/") or kind in MAYBE_AUDIO


def _seconds(fields: dict[str, str]) -> float | None:
    """How long the recording is, where Twilio says so: whole seconds, -1 where it does not know."""
    said = fields.get("RecordingDuration", "")
    return float(_number(said)) if said.isascii() and said.isdigit() else None


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


handle = serve(
    "webhook",
    http={
        "/twilio/message": on_message,
        "/twilio/status": on_status,
        "/twilio/voice": on_call,
        "/twilio/voice/ended": on_call_ended,
        "/twilio/voice/status": on_call_status,
        "/twilio/recording": on_recording,
    },
)
