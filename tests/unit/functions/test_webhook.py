"""The webhook: who is let in, what becomes of it, and that nothing is acknowledged before it is safe."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.loading import load_function
from shared.events.envelope import Event
from shared.events.ids import outgoing_id
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
    MessageReceived,
    MessageStatus,
    NotificationRequested,
)
from shared.policy.outcomes import TryAgain
from shared.providers.signature import sign
from shared.runtime.clock import RealClock, SimulatedClock
from shared.runtime.services import Services
from shared.runtime.serving import Function
from shared.runtime.settings import Settings
from shared.storage.outbox import Row
from tests.asking import ACCOUNT, PUBLIC_URL, TOKEN, request, webhook
from tests.making import ADA

pytestmark = pytest.mark.asyncio


class Ear:
    """A carrier that remembers what was published, or refuses it."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.refusing = False

    async def publish(self, event: Event) -> None:
        if self.refusing:
            raise TryAgain("no broker")
        self.heard.append(event)

    async def carry(self, rows: Sequence[Row]) -> None:
        raise AssertionError("the webhook commits nothing")

    async def close(self) -> None:
        """Nothing to release."""


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def hook(ear: Ear) -> Function:
    configured = Settings(
        public_url=PUBLIC_URL, twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, party_secret="secret", database_url=""
    )
    services = Services(configured, RealClock())
    services.use_carrier(ear)
    function = load_function("webhook")
    function.bind(services)
    return function


async def test_a_text_becomes_an_event_and_the_answer_is_empty_twiml(hook: Function, ear: Ear) -> None:
    answer = await hook(webhook(Body="buy milk tomorrow", MessageSid="SM" + "1" * 32))
    assert answer.status_code == 200
    assert answer.media_type == "text/xml"
    assert bytes(answer.body).endswith(b"<Response/>")
    [event] = ear.heard
    data = event.data
    assert isinstance(data, MessageReceived)
    assert (event.type, event.id) == (MESSAGE_RECEIVED, "SM" + "1" * 32)
    assert (data.sender, data.text, data.channel) == (ADA, "buy milk tomorrow", "sms")


@pytest.mark.parametrize(
    "text", ["", "x" * 1600, "\U0001f382 cake", "\u05dc\u05e7\u05e0\u05d5\u05ea \u05d7\u05dc\u05d1", "a\r\nb", "a\0b", " "]
)
async def test_any_text_is_taken(hook: Function, ear: Ear, text: str) -> None:
    assert (await hook(webhook(Body=text))).status_code == 200
    data = ear.heard[0].data
    assert isinstance(data, MessageReceived)
    assert data.text == text.replace("\0", "")


async def test_sms_and_whatsapp_of_one_number_are_one_person(hook: Function, ear: Ear) -> None:
    await hook(webhook())
    await hook(webhook(From=f"whatsapp:{ADA}", To="whatsapp:+14155550100"))
    await hook(webhook(From="+447700900123"))
    sms, whatsapp, other = ear.heard
    assert sms.partitionkey == whatsapp.partitionkey != other.partitionkey
    assert [getattr(one.data, "channel", "") for one in ear.heard] == ["sms", "whatsapp", "sms"]
    assert ADA not in sms.partitionkey


async def test_pictures_and_opt_out_words_are_carried(hook: Function, ear: Ear) -> None:
    await hook(webhook(Body="", NumMedia="1", MediaContentType0="image/jpeg", OptOutType="STOP"))
    data = ear.heard[0].data
    assert isinstance(data, MessageReceived)
    assert (data.channel, data.media, data.opt_out) == ("mms", ("image/jpeg",), "STOP")


async def test_unknown_parameters_are_welcome(hook: Function, ear: Ear) -> None:
    assert (await hook(webhook(SomethingNew="1", AddOns='{"a": 1}', Empty=""))).status_code == 200
    assert len(ear.heard) == 1


async def test_a_status_callback_names_our_message(hook: Function, ear: Ear) -> None:
    ours = "5b0c9d3e-9f5a-4a31-8a57-0b8ee4b6c0de"
    path = f"/twilio/status?m={ours}"
    assert (await hook(webhook(path, MessageSid="SM7", MessageStatus="delivered", To=ADA))).status_code == 200
    [event] = ear.heard
    assert isinstance(event.data, MessageStatus)
    assert (event.type, event.id, str(event.data.message_id)) == (MESSAGE_STATUS, "SM7.delivered", ours)
    assert event.data.raw["MessageStatus"] == "delivered"


async def test_who_is_not_twilio_gets_403_and_leaves_nothing(hook: Function, ear: Ear) -> None:
    wrong_token = await hook(webhook(token="guessed"))
    unsigned = await hook(request("/twilio/message", b"Body=hi"))
    good = webhook()
    tampered = request("/twilio/message", (await good.body()) + b"&Body=delete+all", headers=dict(good.headers))
    moved = webhook("/twilio/message")
    elsewhere = request("/twilio/message?a=b", await moved.body(), headers=dict(moved.headers))
    other_account = webhook(account="AC" + "b" * 32)
    for answer in (wrong_token, unsigned, await hook(tampered), await hook(elsewhere), await hook(other_account)):
        assert answer.status_code == 403
    assert ear.heard == []


async def test_a_signed_request_without_its_fields_is_told_what_is_missing(hook: Function, ear: Ear) -> None:
    for fields in ({"MessageSid": ""}, {"MessageSid": "S" * 65}, {"MessageSid": "S\nM"}, {"From": ""}, {"To": ""}):
        answer = await hook(webhook(**fields))
        assert answer.status_code == 400
        assert b"needed" in bytes(answer.body)
    assert (await hook(webhook("/twilio/status", MessageStatus="vanished"))).status_code == 400
    assert ear.heard == []


async def test_too_large_a_body_is_not_even_read(hook: Function, ear: Ear) -> None:
    assert (await hook(request("/twilio/message", b"x" * 70_000))).status_code == 413
    assert ear.heard == []


async def test_what_cannot_be_accepted_is_not_acknowledged(hook: Function, ear: Ear) -> None:
    ear.refusing = True
    answer = await hook(webhook())
    assert answer.status_code == 503
    assert answer.headers["retry-after"]


async def test_health_metrics_and_strangers(hook: Function) -> None:
    assert (await hook(request("/health/live", method="GET"))).status_code == 200
    assert (await hook(request("/health/ready", method="GET"))).status_code == 200
    await hook(webhook())
    metrics = await hook(request("/metrics", method="GET"))
    assert b'jotline_webhooks_total{type="jotline.message.received"}' in bytes(metrics.body)
    assert (await hook(request("/elsewhere"))).status_code == 404


# ---- recordings ----

VOICE_NOTE = {"Body": "", "NumMedia": "1", "MediaContentType0": "audio/ogg", "MediaUrl0": "https://api.twilio.com/m/ME1"}
MM = "MM" + "1" * 32
CA, RE = "CA" + "1" * 32, "RE" + "1" * 32
RECORDED = {
    "CallSid": CA,
    "RecordingSid": RE,
    "RecordingStatus": "completed",
    "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RE}",
    "RecordingDuration": "7",
    "RecordingChannels": "1",
    "RecordingSource": "RecordVerb",
}


def recorded(**fields: str) -> Any:
    """A recordingStatusCallback: it knows the call, and neither message nor caller."""
    return webhook("/twilio/recording", **{"MessageSid": "", "From": "", "To": "", **RECORDED, **fields})


def called(path: str = "/twilio/voice", **fields: str) -> Any:
    """A request about a call."""
    return webhook(path, **{"MessageSid": "", "CallSid": CA, "CallStatus": "ringing", "Direction": "inbound", **fields})


def verbs(answer: Any) -> list[ET.Element]:
    """What Twilio is to do."""
    assert answer.media_type == "text/xml"
    return list(ET.fromstring(bytes(answer.body)))  # noqa: S314 - our own


def kinds(ear: Ear) -> list[tuple[str, str]]:
    return [(event.type, event.id) for event in ear.heard]


async def test_a_voice_note_becomes_a_recording_and_no_message(hook: Function, ear: Ear) -> None:
    note = webhook(MessageSid=MM, **VOICE_NOTE | {"From": f"whatsapp:{ADA}", "To": "whatsapp:+14155550100"})
    assert (await hook(note)).status_code == 200
    [event] = ear.heard
    assert (event.type, event.id, event.subject) == (AUDIO_RECEIVED, f"{MM}.audio0", MM)
    assert event.data == AudioReceived(
        recording_id=f"{MM}.audio0",
        message_id=MM,
        channel="whatsapp",
        sender=ADA,
        recipient="+14155550100",
        url="https://api.twilio.com/m/ME1",
        content_type="audio/ogg",
    )


async def test_words_and_a_recording_in_one_message_are_both_handled_once(hook: Function, ear: Ear) -> None:
    both = {**VOICE_NOTE, "Body": "buy milk"}
    await hook(webhook(MessageSid=MM, **both))
    assert kinds(ear) == [(MESSAGE_RECEIVED, MM), (AUDIO_RECEIVED, f"{MM}.audio0")]
    assert ear.heard[0].partitionkey == ear.heard[1].partitionkey
    first = list(ear.heard)
    await hook(webhook(MessageSid=MM, **both))
    assert [(one.id, one.data) for one in ear.heard[2:]] == [(one.id, one.data) for one in first]


async def test_when_only_the_words_are_accepted_twilio_sends_both_again(hook: Function, ear: Ear) -> None:
    publish = ear.publish

    async def only_words(event: Event) -> None:
        ear.refusing = event.type == AUDIO_RECEIVED
        await publish(event)

    ear.publish = only_words  # type: ignore[method-assign]
    assert (await hook(webhook(**{**VOICE_NOTE, "Body": "buy milk"}))).status_code == 503
    assert [kind for kind, _ in kinds(ear)] == [MESSAGE_RECEIVED]


@pytest.mark.parametrize(
    "kind",
    [
        *("audio/ogg", "audio/amr", "Audio/MPEG", "audio/ogg; codecs=opus", "video/3gpp", "video/mp4", "application/ogg"),
        "application/octet-stream",
    ],
)
async def test_whatever_may_be_audio_is_listened_to(hook: Function, ear: Ear, kind: str) -> None:
    await hook(webhook(**{**VOICE_NOTE, "MediaContentType0": kind}))
    assert [one for one, _ in kinds(ear)] == [AUDIO_RECEIVED]


@pytest.mark.parametrize("kind", ["image/jpeg", "application/zip", "text/vcard", "video/quicktime", ""])
async def test_what_cannot_be_audio_is_an_empty_message_with_an_attachment(hook: Function, ear: Ear, kind: str) -> None:
    await hook(webhook(**{**VOICE_NOTE, "MediaContentType0": kind}))
    data = ear.heard[0].data
    assert isinstance(data, MessageReceived)
    assert (data.text, data.media) == ("", (kind,))


async def test_several_recordings_and_a_picture_come_each_by_its_number(hook: Function, ear: Ear) -> None:
    kinds_of = {"0": "audio/amr", "1": "image/png", "2": "audio/mpeg"}
    media = {f"MediaContentType{n}": kind for n, kind in kinds_of.items()} | {
        f"MediaUrl{n}": f"https://m/{n}" for n in kinds_of
    }
    await hook(webhook(MessageSid=MM, Body=" ", NumMedia="3", **media))
    assert kinds(ear) == [(AUDIO_RECEIVED, f"{MM}.audio0"), (AUDIO_RECEIVED, f"{MM}.audio2")]


@pytest.mark.parametrize("url", ["", "https://m/" + "x" * 2000])
async def test_a_recording_without_a_usable_url_is_a_file_nobody_can_read(hook: Function, ear: Ear, url: str) -> None:
    assert (await hook(webhook(**{**VOICE_NOTE, "MediaUrl0": url}))).status_code == 200
    assert [one for one, _ in kinds(ear)] == [MESSAGE_RECEIVED]


async def test_a_call_is_told_to_speak_after_the_beep(hook: Function, ear: Ear) -> None:
    say, record, silence = verbs(await hook(called()))
    assert (say.tag, say.text) == ("Say", "Jotline. Say your todos after the beep, then hang up.")
    assert (silence.tag, silence.text) == ("Say", "I heard nothing. Call again, or text me.")
    assert record.tag == "Record"
    assert record.attrib["action"] == f"{PUBLIC_URL}/twilio/voice/ended"
    assert record.attrib["recordingStatusCallback"] == f"{PUBLIC_URL}/twilio/recording#rc=5&rp=all"
    assert record.attrib["recordingStatusCallbackEvent"].split() == ["completed", "absent"]
    assert (record.attrib["maxLength"], record.attrib["playBeep"]) == ("600", "true")
    [event] = ear.heard
    assert (event.type, event.id) == (CALL_RECEIVED, f"{CA}.call")
    assert event.data == CallReceived(call_id=CA, sender=ADA, recipient="+14155550100")


def answering_by(hook: Function, number: str, ear: Ear) -> Services:
    """The same services, with a number of ours to text from."""
    services = Services(hook.services.settings.model_copy(update={"twilio_from": number}), RealClock())
    services.use_carrier(ear)
    return services


async def test_without_a_public_url_the_callbacks_are_relative_to_the_request(hook: Function) -> None:
    services = Services(hook.services.settings.model_copy(update={"public_url": ""}), RealClock())
    services.use_carrier(Ear())
    hook.bind(services)
    fields = {"AccountSid": ACCOUNT, "CallSid": CA, "From": ADA, "To": "+14155550100"}
    signature = sign("http://127.0.0.1:8000/twilio/voice", fields.items(), TOKEN)
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
    answer = await hook(request("/twilio/voice", urlencode(fields).encode(), headers=headers))
    assert verbs(answer)[1].attrib["action"] == "/twilio/voice/ended"


@pytest.mark.parametrize(
    "caller",
    [
        "+266696687",
        "+7378742833",
        "anonymous",
        "sip:ada@example.com",
        "sip:+12125550142@example.com",
        "12345",
        "",
        "client:ada",
    ],
)
async def test_a_caller_who_cannot_be_answered_hears_it_at_once(hook: Function, ear: Ear, caller: str) -> None:
    say, hangup = verbs(await hook(called(From=caller)))
    assert (say.text or "").startswith("I cannot see your number")
    assert hangup.tag == "Hangup"
    assert ear.heard == []


async def test_a_sip_phone_is_who_twilio_let_in_and_not_who_it_says_it_is(hook: Function, ear: Ear) -> None:
    hook.bind(answering_by(hook, "+14155550100", ear))
    sip = {
        "From": "sip:+13105550199@acme.sip.twilio.com",
        "To": "sip:todo@acme.sip.twilio.com",
        "SipDomain": "acme.sip.twilio.com",
    }
    assert verbs(await hook(called(**sip, SipUsername=ADA)))[1].tag == "Record"
    await hook(webhook())
    call, text = ear.heard
    assert call.data == CallReceived(call_id=CA, sender=ADA, recipient="+14155550100")
    assert call.partitionkey == text.partitionkey
    for username in ("ada", "", "+266696687"):
        assert verbs(await hook(called(**sip, SipUsername=username)))[1].tag == "Hangup"
    assert len(ear.heard) == 2


async def test_what_calls_itself_a_sip_user_over_the_phone_network_is_not(hook: Function, ear: Ear) -> None:
    await hook(called(From="anonymous", SipUsername=ADA))
    assert ear.heard == []


async def test_the_end_of_a_call_is_known_also_without_a_recording(hook: Function, ear: Ear) -> None:
    assert (await hook(called("/twilio/voice/status", CallStatus="completed", CallDuration="12"))).status_code == 200
    assert (await hook(called("/twilio/voice/status", CallStatus="no-answer", From="anonymous"))).status_code == 200
    answered, missed = ear.heard
    assert (answered.type, answered.id, answered.subject) == (CALL_ENDED, f"{CA}.ended", CA)
    assert answered.data == CallEnded(call_id=CA, status="completed", seconds=12, sender=ADA, recipient="+14155550100")
    assert isinstance(missed.data, CallEnded)
    assert (missed.data.status, missed.data.sender, missed.data.seconds) == ("no-answer", "", 0)
    assert answered.partitionkey != missed.partitionkey


async def test_a_call_that_goes_on_is_no_event(hook: Function, ear: Ear) -> None:
    for status in ("queued", "ringing", "in-progress", "something-new"):
        assert (await hook(called("/twilio/voice/status", CallStatus=status))).status_code == 200
    assert (await hook(called("/twilio/voice/status", CallStatus=""))).status_code == 400
    assert (await hook(called("/twilio/voice/status", CallStatus="completed", CallSid=""))).status_code == 400
    assert ear.heard == []


async def test_an_end_nobody_could_write_down_is_told_again(hook: Function, ear: Ear) -> None:
    ear.refusing = True
    assert (await hook(called("/twilio/voice/status", CallStatus="completed"))).status_code == 503


async def test_a_call_nobody_could_write_down_is_tried_again(hook: Function, ear: Ear) -> None:
    ear.refusing = True
    assert (await hook(called())).status_code == 503


async def test_the_end_of_a_call_is_answered_with_a_goodbye_and_does_nothing_else(hook: Function, ear: Ear) -> None:
    say, hangup = verbs(await hook(called("/twilio/voice/ended", **RECORDED, Digits="hangup")))
    assert (say.tag, hangup.tag) == ("Say", "Hangup")
    assert ear.heard == []


async def test_only_a_completed_recording_becomes_an_event_and_that_once(hook: Function, ear: Ear) -> None:
    for status in ("in-progress", "absent", "failed", "something-new", "completed", "completed"):
        assert (await hook(recorded(RecordingStatus=status))).status_code == 200
    assert kinds(ear) == [(AUDIO_RECEIVED, f"{RE}.completed")] * 2
    data = AudioReceived(recording_id=RE, call_id=CA, url=RECORDED["RecordingUrl"], seconds=7)
    assert [event.data for event in ear.heard] == [data] * 2


async def test_a_recording_with_its_caller_belongs_to_the_person_and_one_without_to_the_call(hook: Function, ear: Ear) -> None:
    await hook(webhook())
    await hook(recorded(From=ADA, To="+14155550100"))
    await hook(recorded())
    person, known, unknown = ear.heard
    assert known.partitionkey == person.partitionkey != unknown.partitionkey
    assert isinstance(known.data, AudioReceived)
    assert (known.data.sender, known.data.recipient, known.data.channel) == (ADA, "+14155550100", "sms")


async def test_nothing_recorded_is_told_to_a_caller_who_is_known(hook: Function, ear: Ear) -> None:
    await hook(recorded(RecordingStatus="absent", From=ADA, To="+14155550100"))
    [event] = ear.heard
    assert (event.type, event.id) == (NOTIFICATION_REQUESTED, f"{RE}.reply")
    assert isinstance(event.data, NotificationRequested)
    assert event.data.body == "I heard nothing in that recording. Try again, or text it."
    assert (event.data.recipient, event.data.sender, event.data.message_id) == (ADA, "+14155550100", outgoing_id(event.id))


@pytest.mark.parametrize(
    ("duration", "seconds"), [("0", 0), ("600", 600), ("-1", None), ("", None), ("²", None), ("7.5", None)]
)
async def test_a_length_is_taken_where_it_is_one(hook: Function, ear: Ear, duration: str, seconds: float | None) -> None:
    await hook(recorded(RecordingDuration=duration))
    assert isinstance(ear.heard[0].data, AudioReceived)
    assert ear.heard[0].data.seconds == seconds


@pytest.mark.parametrize(
    "fields",
    [
        *({"CallSid": ""}, {"RecordingSid": ""}, {"RecordingStatus": ""}, {"RecordingUrl": ""}, {"RecordingSid": "R" * 65}),
        {"RecordingUrl": "https://m/" + "x" * 2000},
    ],
)
async def test_a_recording_without_what_names_it_is_refused(hook: Function, ear: Ear, fields: dict[str, str]) -> None:
    assert (await hook(recorded(**fields))).status_code == 400
    assert (await hook(called(CallSid=""))).status_code == 400
    assert ear.heard == []


@pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/voice/ended", "/twilio/voice/status", "/twilio/recording"])
async def test_calls_are_only_twilios(hook: Function, ear: Ear, path: str) -> None:
    for stranger in (called(path, token="guessed"), called(path, account="AC" + "b" * 32), request(path, b"CallSid=CA1")):
        assert (await hook(stranger)).status_code == 403
    assert ear.heard == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(
        ["/twilio/message", "/twilio/voice", "/twilio/voice/ended", "/twilio/voice/status", "/twilio/recording"]
    ),
    fields=st.dictionaries(
        st.sampled_from(
            "MessageSid CallSid CallStatus CallDuration SipUsername RecordingSid RecordingStatus RecordingUrl RecordingDuration"
            " From To Body NumMedia MediaUrl0"
            " MediaContentType0 MediaUrl1 MediaContentType1 OptOutType".split()
        ),
        st.text(max_size=60) | st.sampled_from([ADA, "completed", "absent", "audio/ogg", "2", "99999999", CA]),
    ),
)
async def test_whatever_is_signed_is_answered_and_never_breaks(hook: Function, path: str, fields: dict[str, str]) -> None:
    answer = await hook(webhook(path, **fields))
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        verbs(answer)


async def test_it_loads_neither_language_nor_todos_nor_database_nor_provider() -> None:
    program = (
        "import sys; from local.loading import load_function; load_function('webhook');"
        "print(*(n for n in sys.modules if n.split('.')[0] in ('psycopg', 'aiohttp', 'twilio')"
        " or n.startswith(('shared.todos', 'shared.storage', 'shared.language.', 'shared.providers.'))))"
    )
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    loaded, _ = await child.communicate()
    assert loaded.decode().split() == ["shared.language.model", "shared.providers.callers", "shared.providers.signature"]


async def test_the_answer_comes_after_the_event_was_accepted_and_not_before(hook: Function, ear: Ear) -> None:
    accepted = asyncio.Event()
    publish = ear.publish

    async def slowly(event: Event) -> None:
        await accepted.wait()
        await publish(event)

    ear.publish = slowly  # type: ignore[method-assign]
    answering = asyncio.ensure_future(hook(webhook()))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not answering.done()
    accepted.set()
    assert (await answering).status_code == 200


# Too many texts, and addresses


TOO_MANY = "Too many texts at once: I did not read the last ones. Text them again in a minute."


@pytest.fixture
def clock(hook: Function) -> SimulatedClock:
    """The webhook's clock, which can be set."""
    made = SimulatedClock()
    hook.services.clock = made
    return made


async def texts(hook: Function, times: int, **fields: str) -> None:
    """Somebody texts fast."""
    for _ in range(times):
        assert (await hook(webhook(**fields))).status_code == 200


async def test_the_101st_text_within_a_minute_is_not_read_and_that_is_said_once(
    hook: Function, ear: Ear, clock: SimulatedClock
) -> None:
    await texts(hook, 120)
    assert [event.type for event in ear.heard] == [MESSAGE_RECEIVED] * 100 + [NOTIFICATION_REQUESTED]
    told = ear.heard[-1].data
    assert isinstance(told, NotificationRequested)
    assert (told.body, told.recipient, told.channel) == (TOO_MANY, ADA, "sms")
    clock.advance(timedelta(seconds=61))
    await texts(hook, 101)
    assert [event.type for event in ear.heard[101:]] == [MESSAGE_RECEIVED] * 100 + [NOTIFICATION_REQUESTED]


async def test_a_number_counts_by_itself_and_by_whatever_way_it_texts(hook: Function, ear: Ear, clock: SimulatedClock) -> None:
    await texts(hook, 60)
    await texts(hook, 60, From=f"whatsapp:{ADA}", To="whatsapp:+14155550100")
    await texts(hook, 10, From="+447700900123")
    assert sum(event.type == MESSAGE_RECEIVED for event in ear.heard) == 110
    [told] = [event.data for event in ear.heard if isinstance(event.data, NotificationRequested)]
    assert told.channel == "whatsapp"


async def test_what_becomes_of_our_texts_is_never_too_much(hook: Function, ear: Ear, clock: SimulatedClock) -> None:
    await texts(hook, 101)
    for _ in range(150):
        assert (await hook(webhook("/twilio/status", MessageStatus="delivered", To=ADA))).status_code == 200
    assert sum(event.type == MESSAGE_STATUS for event in ear.heard) == 150


async def test_the_words_that_end_our_texts_always_reach_us(hook: Function, ear: Ear, clock: SimulatedClock) -> None:
    await texts(hook, 105)
    for fields in ({"Body": "Stop"}, {"Body": "START"}, {"Body": "no more", "OptOutType": "STOP"}):
        await texts(hook, 1, **fields)
    assert [getattr(event.data, "text", "") for event in ear.heard[101:]] == ["Stop", "START", "no more"]


async def test_a_text_that_could_not_be_accepted_does_not_count(hook: Function, ear: Ear, clock: SimulatedClock) -> None:
    ear.refusing = True
    for _ in range(300):
        assert (await hook(webhook())).status_code == 503
    ear.refusing = False
    await texts(hook, 100)
    ear.refusing = True
    assert (await hook(webhook())).status_code == 503, "nor is anybody told"
    ear.refusing = False
    await texts(hook, 3)
    assert [event.type for event in ear.heard] == [MESSAGE_RECEIVED] * 100 + [NOTIFICATION_REQUESTED]


async def test_how_many_are_too_many_is_a_setting(hook: Function, ear: Ear, clock: SimulatedClock) -> None:
    hook.services.settings = hook.services.settings.model_copy(update={"texts_per_minute": 0})
    await texts(hook, 300)
    assert {event.type for event in ear.heard} == {MESSAGE_RECEIVED}


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        ("203.0.113.9", "", 200),
        ("198.51.100.1", "", 403),
        ("198.51.100.1", "203.0.113.9", 403),  # anybody can write that
        ("10.0.0.1", "203.0.113.9", 200),  # our own proxy
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", 403),
        ("10.0.0.1", "", 403),
        ("", "", 403),
    ],
)
async def test_webhooks_come_from_where_they_may(hook: Function, ear: Ear, peer: str, forwarded: str, status: int) -> None:
    allowed = {"webhook_allowed_ips": "203.0.113.0/24", "trusted_proxies": "10.0.0.0/8"}
    hook.services.settings = hook.services.settings.model_copy(update=allowed)
    asked = webhook()
    asked.scope["client"] = (peer, 1234) if peer else None
    if forwarded:
        asked.scope["headers"].append((b"x-forwarded-for", forwarded.encode()))
    assert (await hook(asked)).status_code == status
    assert len(ear.heard) == (status == 200)


async def test_an_allowed_address_still_has_to_sign(hook: Function, ear: Ear) -> None:
    hook.services.settings = hook.services.settings.model_copy(update={"webhook_allowed_ips": "203.0.113.9"})
    asked = webhook(token="a guess")
    asked.scope["client"] = ("203.0.113.9", 1234)
    assert (await hook(asked)).status_code == 403
    assert ear.heard == []
