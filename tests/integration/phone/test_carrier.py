"""What happens to a message: webhooks with everything real ones have, retries, carrier words, callbacks, and restarts."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable

import pytest

from local.phone import posting
from local.phone.app import Phone
from local.phone.carrier import HELPED, NOT_TAKEN, STARTED, STOPPED, Sending
from local.phone.store import Channel, Message
from tests.integration.phone.conftest import ACCOUNT, ADA, BOB, NUMBER, Box

MakePhone = Callable[..., Phone]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries follow each other at once."""
    monkeypatch.setattr(posting, "_FIRST_PAUSE_SECONDS", 0)


def sending(box: Box, channel: Channel = "sms", service_sid: str = "") -> Sending:
    callback = f"{box.url}/twilio/status?m=1"
    return Sending(phone=ADA, channel=channel, body="Added #1 Buy milk", status_callback=callback, service_sid=service_sid)


def heard(phone: Phone, who: str = ADA) -> list[str]:
    """What that person's phone received."""
    return [message.body for message in phone.messages() if message.phone == who and message.direction != "inbound"]


async def test_a_text_reaches_the_box_with_all_that_twilio_sends(phone: Phone, box: Box) -> None:
    text = phone.text(ADA, "buy milk & bread")
    await phone.idle()
    [fields] = box.fields("/twilio/message")
    assert fields["MessageSid"] == fields["SmsSid"] == fields["SmsMessageSid"] == text.sid
    assert (fields["From"], fields["To"], fields["Body"]) == (ADA, NUMBER, "buy milk & bread")
    assert (fields["AccountSid"], fields["NumMedia"], fields["NumSegments"]) == (ACCOUNT, "0", "1")
    assert (fields["SmsStatus"], fields["ApiVersion"], fields["FromCountry"]) == ("received", "2010-04-01", "US")
    assert fields["FromCity"] == "", "blank values are sent, as Twilio does"
    assert box.posted[0][2]["i-twilio-idempotency-token"]


async def test_a_whatsapp_message_says_so(phone: Phone, box: Box) -> None:
    phone.text(ADA, "hi", "whatsapp")
    await phone.idle()
    [fields] = box.fields("/twilio/message")
    assert (fields["From"], fields["To"], fields["WaId"]) == (f"whatsapp:{ADA}", f"whatsapp:{NUMBER}", ADA[1:])
    assert "FromCity" not in fields


async def test_media_are_named_by_number(phone: Phone, box: Box) -> None:
    text = phone.text(ADA, "", media=[("https://a.example/1", "audio/ogg"), ("https://a.example/2", "image/png")])
    await phone.idle()
    [fields] = box.fields("/twilio/message")
    assert text.sid.startswith("MM")
    assert (fields["NumMedia"], fields["MediaUrl0"], fields["MediaContentType1"]) == ("2", "https://a.example/1", "image/png")


async def test_a_test_may_choose_the_sid_but_only_once(phone: Phone, box: Box) -> None:
    assert phone.text(ADA, "one", sid="SM" + "7" * 32).sid == "SM" + "7" * 32
    with pytest.raises(sqlite3.IntegrityError):
        phone.text(ADA, "two", sid="SM" + "7" * 32)
    await phone.idle()
    assert len(box.posted) == 1


async def test_one_persons_texts_arrive_in_order(phone: Phone, box: Box) -> None:
    box.answers = [503, 200, 503, 503]
    for number in range(5):
        phone.text(ADA, str(number))
    await phone.idle()
    accepted = [fields["Body"] for fields in box.fields("/twilio/message")]
    assert accepted == ["0", "0", "1", "1", "1", "2", "3", "4"]


async def test_a_refused_text_is_tried_again_with_the_same_idempotency_token(phone: Phone, box: Box) -> None:
    box.answers = [500, 404, 503, 500, 500]
    phone.text(ADA, "hi")
    await phone.idle()
    assert len(box.posted) == 6
    assert len({headers["i-twilio-idempotency-token"] for _, _, headers in box.posted}) == 1
    assert phone.messages()[0].error_code is None


async def test_after_five_retries_twilio_gives_up_and_the_person_may_try_again(phone: Phone, box: Box) -> None:
    box.answers = [500] * 6
    text = phone.carrier.text(ADA, "hi", token="page-1")
    await phone.idle()
    assert phone.messages()[0].error_code == NOT_TAKEN
    again = phone.carrier.text(ADA, "hi", token="page-1")
    await phone.idle()
    assert again.sid == text.sid
    assert [message.error_code for message in phone.messages()] == [None]
    assert len(box.posted) == 7


@pytest.mark.parametrize(
    ("fragment", "answer", "posts"),
    [
        ("#rc=2&rp=5xx", 503, 3),
        ("#rc=2&rp=5xx", 404, 1),
        ("#rc=3&rp=4xx,5xx", 404, 4),
        ("#rc=0", 500, 1),
        ("#rc=9&rp=all", 500, 6),
    ],
)
async def test_the_fragment_of_the_url_says_what_is_tried_again(
    fragment: str, answer: int, posts: int, make_phone: MakePhone, box: Box
) -> None:
    phone = make_phone(webhook=f"{box.url}/twilio/message{fragment}")
    await phone.start()
    box.answers = [answer] * 9
    phone.text(ADA, "hi")
    await phone.idle()
    await phone.stop()
    assert len(box.posted) == posts


async def test_stop_is_answered_by_the_carrier_and_opts_out_until_start(phone: Phone, box: Box) -> None:
    phone.text(ADA, " Stop ")
    await phone.idle()
    assert heard(phone) == [STOPPED]
    assert box.fields("/twilio/message")[0]["OptOutType"] == "STOP"
    assert phone.carrier.store.opted_out(ADA)
    assert not phone.carrier.store.opted_out(BOB)

    phone.text(ADA, "stop")
    phone.text(ADA, "start")
    await phone.idle()
    assert heard(phone) == [STOPPED, STARTED]
    assert not phone.carrier.store.opted_out(ADA)


async def test_help_is_answered_by_the_carrier_and_ordinary_words_are_not(phone: Phone, box: Box) -> None:
    for body in ("help", "stop it", "yes", "helpful"):
        phone.text(ADA, body)
    await phone.idle()
    assert heard(phone) == [HELPED]
    assert [fields.get("OptOutType") for fields in box.fields("/twilio/message")] == ["HELP", None, None, None]


async def test_yes_opts_in_only_whoever_was_out(phone: Phone) -> None:
    phone.text(ADA, "QUIT")
    phone.text(ADA, "yes")
    await phone.idle()
    assert heard(phone) == [STOPPED, STARTED]


async def test_on_whatsapp_nobody_answers_but_the_box(phone: Phone, box: Box) -> None:
    phone.text(ADA, "stop", "whatsapp")
    await phone.idle()
    assert heard(phone) == []
    assert "OptOutType" not in box.fields("/twilio/message")[0]
    assert not phone.carrier.store.opted_out(ADA)


async def test_a_message_goes_queued_sent_delivered_and_says_each(phone: Phone, box: Box) -> None:
    taken = phone.carrier.take(sending(box))
    assert taken.status == "queued"
    await phone.idle()
    told = box.fields("/twilio/status")
    assert [fields["MessageStatus"] for fields in told] == ["queued", "sent", "delivered"]
    assert {fields["MessageSid"] for fields in told} == {taken.sid}
    assert "RawDlrDoneDate" in told[-1]
    assert phone.messages()[0].status == "delivered"


async def test_a_message_that_cannot_be_delivered_says_why(phone: Phone, box: Box) -> None:
    phone.faults.undelivered = [30003]
    phone.carrier.take(sending(box))
    phone.carrier.take(sending(box, service_sid="MG" + "0" * 32, channel="whatsapp"))
    await phone.idle()
    last = {fields["MessageSid"]: fields for fields in box.fields("/twilio/status")}
    undelivered, delivered = last.values()
    assert (undelivered["MessageStatus"], undelivered["ErrorCode"]) == ("undelivered", "30003")
    assert (delivered["MessageStatus"], delivered["MessagingServiceSid"]) == ("delivered", "MG" + "0" * 32)
    assert "ErrorCode" not in delivered


async def test_callbacks_can_be_held_back(phone: Phone, box: Box) -> None:
    phone.faults.hold_callbacks = True
    phone.carrier.take(sending(box))
    await phone.idle()
    assert box.posted == []
    assert phone.messages()[0].status == "delivered"


async def test_a_restart_goes_on_where_it_was(make_phone: MakePhone, box: Box) -> None:
    first = make_phone()  # never started: as if killed with everything still to do
    text, taken = first.text(ADA, "hi"), first.carrier.take(sending(box))
    await first.carrier.stop()
    second = make_phone()
    await second.start()
    await second.idle()
    assert [fields["MessageSid"] for fields in box.fields("/twilio/message")] == [text.sid]
    assert [fields["MessageStatus"] for fields in box.fields("/twilio/status")] == ["queued", "sent", "delivered"]
    assert box.fields("/twilio/status")[0]["MessageSid"] == taken.sid
    await second.stop()
    third = make_phone()
    await third.start()
    await third.idle()
    assert len(box.posted) == 4, "what is settled stays settled"
    await third.stop()
    first.carrier.store.close()


async def test_a_box_that_is_not_there_is_shown_to_the_person(make_phone: MakePhone, box: Box) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/twilio/message#rc=0"
    phone = make_phone(webhook=nowhere)
    await phone.start()
    phone.text(ADA, "hi")
    await phone.idle()
    assert phone.messages()[0].error_code == NOT_TAKEN
    await phone.stop()


async def test_segments_are_counted_as_twilio_counts_them(phone: Phone) -> None:
    def counted(message: Message) -> tuple[str, int]:
        return message.encoding, message.segments

    assert counted(phone.text(ADA, "a" * 160)) == ("GSM-7", 1)
    assert counted(phone.text(ADA, "a" * 161)) == ("GSM-7", 2)
    assert counted(phone.text(ADA, "ça va")) == ("UCS-2", 1)
    await phone.idle()
