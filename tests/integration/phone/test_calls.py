"""Calls and attachments as the stand-in plays them: what the box is asked and told, when a recording is there, and who may fetch it."""

from __future__ import annotations

import asyncio
import io
import wave

import aiohttp
import pytest

from local.phone import posting, sound
from tests.integration.phone.conftest import ACCOUNT, ADA, AUTH, NUMBER, Box, MakePhone, Served, tone

ANSWER = """<?xml version="1.0" encoding="UTF-8"?><Response><Say>Speak.</Say><Record action="/twilio/voice/ended" maxLength="{longest}"
 recordingStatusCallback="/twilio/recording#rc=5&amp;rp=all" recordingStatusCallbackEvent="{events}"/><Say>Nothing.</Say></Response>"""
TWIML = ANSWER.format(longest=600, events="in-progress completed absent")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries follow each other at once."""
    monkeypatch.setattr(posting, "_FIRST_PAUSE_SECONDS", 0)


async def fetched(served: Served, url: str, *, headers: dict[str, str] | None = None) -> tuple[int, str, bytes]:
    """Status, content type and body, after redirects that are followed without credentials."""
    async with served.http.get(url, headers=AUTH if headers is None else headers, allow_redirects=False) as answer:
        if answer.status != 307:
            return answer.status, answer.content_type, await answer.read()
    async with served.http.get(answer.headers["Location"]) as there:
        return there.status, there.content_type, await there.read()


async def test_a_call_is_answered_recorded_and_told_in_order(served: Served, box: Box) -> None:
    box.twiml = TWIML
    call = served.phone.call(ADA, tone(2))
    await served.phone.idle()
    paths = [(path, fields.get("RecordingStatus", "")) for path, fields, _ in box.posted]
    assert paths == [
        ("/twilio/voice", ""),
        ("/twilio/recording", "in-progress"),
        ("/twilio/voice/ended", ""),
        ("/twilio/recording", "completed"),
        ("/twilio/voice/status", ""),
    ]
    [ringing] = box.fields("/twilio/voice")
    assert (ringing["CallSid"], ringing["From"], ringing["To"]) == (call.sid, ADA, NUMBER)
    assert (ringing["CallStatus"], ringing["Direction"], ringing["AccountSid"]) == ("ringing", "inbound", ACCOUNT)
    [ended] = box.fields("/twilio/voice/ended")
    assert (ended["Digits"], ended["RecordingDuration"], ended["CallStatus"]) == ("hangup", "2", "completed")
    [over] = box.fields("/twilio/voice/status")
    assert (over["CallSid"], over["CallStatus"], over["CallDuration"], over["From"]) == (call.sid, "completed", "2", ADA)
    completed = box.fields("/twilio/recording")[1]
    assert completed["RecordingUrl"] == ended["RecordingUrl"]
    assert completed["RecordingUrl"].startswith(f"{served.url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE")
    assert "From" not in completed, "Twilio does not say who called"
    [kept] = served.phone.messages()
    assert (kept.direction, kept.status, kept.settled, kept.error_code) == ("call", "completed", True, None)


async def test_a_recording_is_there_once_its_callback_says_so_and_not_before(served: Served, box: Box) -> None:
    found: list[tuple[str, int]] = []

    async def look(path: str, fields: dict[str, str]) -> None:
        if url := fields.get("RecordingUrl"):
            found.append((path.rpartition("/")[2], (await fetched(served, f"{url}.wav"))[0]))

    box.twiml, box.looks = TWIML, look
    served.phone.call(ADA, tone())
    await served.phone.idle()
    assert found == [("recording", 404), ("ended", 404), ("recording", 200)]
    url = box.fields("/twilio/recording")[-1]["RecordingUrl"]
    for suffix, kind in (("", "audio/wav"), (".wav", "audio/wav"), (".mp3", "audio/mpeg")):
        status, content_type, data = await fetched(served, f"{url}{suffix}")
        assert (status, content_type) == (200, kind)
        assert data
    assert (await fetched(served, f"{url}.ogg"))[0] == 404


async def test_the_longest_a_recording_may_be_is_kept(served: Served, box: Box) -> None:
    box.twiml = ANSWER.format(longest=2, events="completed")
    served.phone.call(ADA, tone(5))
    await served.phone.idle()
    [completed] = box.fields("/twilio/recording")
    assert completed["RecordingDuration"] == "2"
    assert sound.seconds_of((await fetched(served, completed["RecordingUrl"]))[2]) == 2


@pytest.mark.parametrize(("said", "code"), [(tone(3, loudness=0), "16102"), (tone(0.1), "16101")])
async def test_of_nothing_there_is_no_recording(said: bytes, code: str, served: Served, box: Box) -> None:
    box.twiml = TWIML
    served.phone.call(ADA, said)
    await served.phone.idle()
    statuses = [(fields["RecordingStatus"], fields["ErrorCode"]) for fields in box.fields("/twilio/recording")]
    assert statuses == [("in-progress", "0"), ("absent", code)]
    assert box.fields("/twilio/voice/ended") == []
    assert (await fetched(served, box.fields("/twilio/recording")[-1]["RecordingUrl"]))[0] == 404


@pytest.mark.parametrize(
    "twiml",
    [
        "<Response><Say>Bye.</Say><Hangup/><Record/></Response>",
        "<Response><Reject/></Response>",
        "<Response/>",
        "not TwiML",
        "<a/>",
    ],
)
async def test_who_is_not_asked_to_speak_is_not_recorded(twiml: str, served: Served, box: Box) -> None:
    box.twiml = twiml
    served.phone.call(ADA, tone())
    await served.phone.idle()
    assert [path for path, *_ in box.posted] == ["/twilio/voice", "/twilio/voice/status"]


async def test_a_call_the_box_does_not_answer_fails_and_can_be_tried_again(served: Served, box: Box) -> None:
    box.twiml, box.answers = TWIML, [503] * 6
    call = served.phone.carrier.call(ADA, tone(), token="a")
    await served.phone.idle()
    assert [(one.status, one.error_code) for one in served.phone.messages()] == [("failed", 11200)]
    assert served.phone.carrier.call(ADA, tone(), token="a").sid == call.sid
    await served.phone.idle()
    assert [(one.status, one.error_code) for one in served.phone.messages()] == [("completed", None)]


async def test_a_call_under_way_when_the_stand_in_ends_is_played_again_as_the_same_call(
    make_phone: MakePhone, box: Box
) -> None:
    reached = asyncio.Event()

    async def hang(path: str, fields: dict[str, str]) -> None:
        if path == "/twilio/voice/ended" and not reached.is_set():
            reached.set()
            await asyncio.sleep(30)

    box.twiml, box.looks = TWIML, hang
    first = make_phone()
    await first.start()
    first.call(ADA, tone())
    await reached.wait()
    await first.stop()
    second = make_phone()
    await second.start()
    await second.idle()
    assert len({fields["RecordingSid"] for fields in box.fields("/twilio/recording")}) == 1
    assert box.fields("/twilio/recording")[-1]["RecordingStatus"] == "completed"
    await second.stop()


async def test_a_voice_note_is_fetched_by_a_redirect_that_needs_no_credentials(served: Served, box: Box) -> None:
    note = served.phone.speak(ADA, b"OggS...", "audio/ogg", channel="whatsapp")
    await served.phone.idle()
    [fields] = box.fields("/twilio/message")
    assert (fields["NumMedia"], fields["MediaContentType0"], fields["MessageType"], fields["Body"]) == (
        "1",
        "audio/ogg",
        "audio",
        "",
    )
    url = fields["MediaUrl0"]
    assert url.startswith(f"{served.url}/2010-04-01/Accounts/{ACCOUNT}/Messages/{note.sid}/Media/ME")
    assert await fetched(served, url) == (200, "audio/ogg", b"OggS...")
    for strangers in ({}, {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, "guessed")}):
        assert (await fetched(served, url, headers=strangers))[0] == 401
    elsewhere = url.replace(note.sid, "MM" + "0" * 32)
    assert (await fetched(served, elsewhere))[0] == 404
    assert (await fetched(served, "/stand-in/media/guessed", headers={}))[0] == 404


async def test_a_file_can_be_late(served: Served, box: Box) -> None:
    served.phone.speak(ADA, b"x", "audio/ogg")
    await served.phone.idle()
    served.phone.faults.media_missing = 2
    url = box.fields("/twilio/message")[0]["MediaUrl0"]
    assert [(await fetched(served, url))[0] for _ in range(3)] == [404, 404, 200]


async def test_calls_are_no_messages_to_twilios_list(served: Served, box: Box) -> None:
    box.twiml = TWIML
    call = served.phone.call(ADA, tone())
    await served.phone.idle()
    account = f"/2010-04-01/Accounts/{ACCOUNT}"
    async with served.http.get(f"{account}/Messages.json", headers=AUTH) as answer:
        assert (await answer.json())["messages"] == []
    for path, status in ((f"Messages/{call.sid}.json", 404), (f"Calls/{call.sid}.json", 200), ("Calls/CA1.json", 404)):
        async with served.http.get(f"{account}/{path}", headers=AUTH) as answer:
            assert answer.status == status


# ---- what the page and the command line send ----

ABOUT = {"phone": ADA, "channel": "sms", "token": "a"}


async def post(served: Served, data: bytes, kind: str, about: dict[str, str], **headers: str) -> tuple[int, dict[str, object]]:
    headers = {"Content-Type": kind, **headers}
    async with served.http.post("/phone/api/recordings", params=about, data=io.BytesIO(data), headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_recording_from_the_page_is_sent_once_and_can_be_heard_again(served: Served, box: Box) -> None:
    about = {**ABOUT, "channel": "whatsapp", "body": "and this"}
    status, sent = await post(served, b"OggS", "audio/ogg", about)
    assert (status, (await post(served, b"OggS", "audio/ogg", about))[1]["sid"]) == (201, sent["sid"])
    await served.phone.idle()
    [fields] = box.fields("/twilio/message")
    assert (fields["From"], fields["Body"], fields["NumMedia"]) == (f"whatsapp:{ADA}", "and this", "1")
    assert (sent["media"], sent["recordings"], sent["call"]) == (["audio/ogg"], [f"{sent['sid']}.audio0"], False)
    assert await fetched(served, f"/phone/api/media/{sent['sid']}/0", headers={}) == (200, "audio/ogg", b"OggS")
    assert (await fetched(served, f"/phone/api/media/{sent['sid']}/1", headers={}))[0] == 404


async def test_a_page_somebody_attached_is_handed_out_and_never_shown(served: Served) -> None:
    _, sent = await post(served, b"<script>", "application/xhtml+xml", ABOUT)
    await served.phone.idle()
    async with served.http.get(f"/phone/api/media/{sent['sid']}/0") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"


async def test_a_call_from_the_page_takes_wav(served: Served, box: Box) -> None:
    box.twiml = TWIML
    status, sent = await post(served, tone(), "audio/wav", {**ABOUT, "channel": "call"})
    assert (status, sent["call"], sent["mine"]) == (201, True, True)
    await served.phone.idle()
    assert [fields["RecordingSid"] for fields in box.fields("/twilio/voice/ended")] == sent["recordings"]
    assert (await post(served, b"OggS", "audio/ogg", {**ABOUT, "channel": "call", "token": "b"}))[0] == 415


@pytest.mark.parametrize(
    ("about", "data", "kind", "status"),
    [
        ({**ABOUT, "phone": NUMBER}, b"x", "audio/ogg", 400),
        ({**ABOUT, "phone": "ada"}, b"x", "audio/ogg", 400),
        ({**ABOUT, "channel": "fax"}, b"x", "audio/ogg", 400),
        ({**ABOUT, "more": "1"}, b"x", "audio/ogg", 400),
        (ABOUT, b"", "audio/ogg", 400),
        (ABOUT, b"x" * (16 * 1024 * 1024 + 1), "audio/ogg", 413),
        (ABOUT, b"x", "text/plain", 415),
        (ABOUT, b"x", "multipart/form-data; boundary=b", 415),
    ],
)
async def test_what_is_no_recording_is_refused_with_a_reason(
    about: dict[str, str], data: bytes, kind: str, status: int, served: Served
) -> None:
    refused, answer = await post(served, data, kind, about)
    assert (refused, bool(answer["error"])) == (status, True)
    assert served.phone.messages() == []


async def test_another_website_cannot_speak_in_somebodys_name(served: Served) -> None:
    assert (await post(served, b"x", "audio/ogg", ABOUT, Origin="https://evil.example"))[0] == 403


# ---- sound ----


def test_a_telephone_carries_one_channel_at_eight_kilohertz() -> None:
    with wave.open(io.BytesIO(sound.as_telephone(tone(1.5, rate=44_100)))) as carried:
        assert (carried.getnchannels(), carried.getframerate(), carried.getsampwidth()) == (1, 8000, 2)
        assert carried.getnframes() / 8000 == pytest.approx(1.5, abs=0.01)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"\x00" * 100, b"<html>"])
def test_what_is_no_sound_is_said_to_be_none(data: bytes) -> None:
    for work in (sound.seconds_of, sound.as_telephone, sound.silent):
        with pytest.raises(sound.NotWav):
            work(data)
