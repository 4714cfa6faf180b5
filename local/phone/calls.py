"""What happens to a call: the number's voice webhook is asked what to do, and its TwiML is followed as far as ours goes.

`<Say>` is passed over, `<Record>` takes what the caller says and hangs up after it, `<Hangup>` and `<Reject>` end the call. A
recording is there only when its status callback says `completed`; when nobody said anything it is `absent`, and the call goes on
with the next verb. In the end the number's status callback is told. (twilio.com/docs/voice/twiml/record,
twilio.com/docs/voice/api/recording, twilio.com/docs/usage/webhooks/voice-webhooks)
"""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from local.phone import sound
from local.phone.media import MediaStore, Medium
from local.phone.posting import EVERYTHING, Poster

if TYPE_CHECKING:
    from local.phone.carrier import Account
    from local.phone.store import Message

TOO_SHORT, SILENT = 16101, 16102
_SHORTEST_SECONDS = 0.3
_LONGEST_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Line:
    """What a call needs: whose number it is, who posts, and where recordings are kept."""

    account: Account
    poster: Poster
    media: MediaStore


async def connect(call: Message, line: Line) -> bool:
    """Play a call to its end, with the one recording it has; False when the box did not answer it.

    The same call again is the same to the box: its sids are.
    """
    [recording] = line.media.of(call.sid)
    url = line.account.voice_url
    twiml = await line.poster.ask(
        url, _about(call, line.account, "ringing"), idempotency_token=_token(call.sid), overrides=EVERYTHING
    )
    if twiml is None:
        return False
    seconds = 0
    for verb in _verbs(twiml):
        if verb.tag in ("Hangup", "Reject"):
            break
        if verb.tag == "Record":
            seconds = round(recording.seconds or 0)
            if await _record(verb, urldefrag(url)[0], call, recording, line):
                break
    await _tell_of_end(call, seconds, line)
    return True


async def _tell_of_end(call: Message, seconds: int, line: Line) -> None:
    """Post that a call is over."""
    about = _about(call, line.account, "completed") | {
        "CallDuration": str(seconds),
        "Duration": str(max(1, -(-seconds // 60))),  # minutes, as they are billed
        "CallbackSource": "call-progress-events",
        "SequenceNumber": "0",
        "Timestamp": format_datetime(call.created_at),
    }
    await line.poster.ask(line.account.call_status_url, about, idempotency_token=_token(f"{call.sid}.completed"))


async def _record(verb: ET.Element, document: str, call: Message, recording: Medium, line: Line) -> bool:
    """Take what the caller says; True when they said something, and hung up."""
    data = line.media.data(recording.sid)
    seconds = min(sound.seconds_of(data), float(verb.get("maxLength", _LONGEST_SECONDS)))
    callback = _Callback(verb, document, call, recording, line)
    await callback.tell("in-progress")
    nothing = TOO_SHORT if seconds < _SHORTEST_SECONDS else SILENT if sound.silent(data) else 0
    if nothing:
        await callback.tell("absent", ErrorCode=str(nothing))
        return False
    about = _about(call, line.account, "completed") | {
        "RecordingUrl": _url(recording, line.account),
        "RecordingSid": recording.sid,
        "RecordingDuration": str(round(seconds)),
        "Digits": "hangup",
    }
    await line.poster.ask(urljoin(document, verb.get("action", document)), about, idempotency_token=_token(recording.sid))
    if not recording.ready:
        line.media.finish(recording.sid, sound.cut(data, seconds), seconds)
    await callback.tell("completed", RecordingDuration=str(round(seconds)))
    return True


@dataclass(frozen=True, slots=True)
class _Callback:
    """The recordingStatusCallback of a `<Record>`."""

    verb: ET.Element
    document: str
    call: Message
    recording: Medium
    line: Line

    async def tell(self, status: str, **more: str) -> None:
        """Post a status, if it was asked for."""
        url = self.verb.get("recordingStatusCallback")
        if not url or status not in self.verb.get("recordingStatusCallbackEvent", "completed").split():
            return
        fields = {
            "RecordingSource": "RecordVerb",
            "RecordingSid": self.recording.sid,
            "RecordingUrl": _url(self.recording, self.line.account),
            "RecordingStatus": status,
            "RecordingChannels": "1",
            "ErrorCode": "0",
            "CallSid": self.call.sid,
            "RecordingStartTime": format_datetime(self.recording.created_at),
            "AccountSid": self.line.account.sid,
            "RecordingDuration": "-1",
            **more,
        }
        token = _token(f"{self.recording.sid}.{status}")
        await self.line.poster.ask(urljoin(self.document, url), fields, idempotency_token=token)


def _about(call: Message, account: Account, status: str) -> dict[str, str]:
    """What Twilio says of a call in every request about it."""
    places = {f"{who}{what}": "" for who in ("From", "To", "Caller", "Called") for what in ("City", "State", "Zip")}
    theirs = "US" if call.phone.startswith("+1") else ""
    return {
        **places,
        "FromCountry": theirs,
        "CallerCountry": theirs,
        "ToCountry": "US",
        "CalledCountry": "US",
        "AccountSid": account.sid,
        "ApiVersion": "2010-04-01",
        "CallSid": call.sid,
        "CallStatus": status,
        "Called": account.number,
        "Caller": call.phone,
        "Direction": "inbound",
        "From": call.phone,
        "To": account.number,
    }


def _url(recording: Medium, account: Account) -> str:
    return f"{account.api_url}/2010-04-01/Accounts/{account.sid}/Recordings/{recording.sid}"


def _verbs(twiml: str) -> list[ET.Element]:
    """The verbs of an answer; what is no TwiML has none, and Twilio would hang up."""
    try:
        root = ET.fromstring(twiml)  # noqa: S314 - the answer of the box that was asked to answer
    except ET.ParseError:
        return []
    return list(root) if root.tag == "Response" else []


def _token(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))
