"""The webhook: who is let in, what becomes of it, and that nothing is acknowledged before it is safe."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

import pytest

from local.loading import load_function
from shared.events.envelope import Event
from shared.events.schemas import MESSAGE_RECEIVED, MESSAGE_STATUS, MessageReceived, MessageStatus
from shared.policy.outcomes import TryAgain
from shared.runtime.clock import RealClock
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
    settings = Settings(
        public_url=PUBLIC_URL, twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN, party_secret="secret", database_url=""
    )
    services = Services(settings, RealClock())
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


async def test_it_loads_neither_language_nor_todos_nor_database_nor_provider() -> None:
    program = (
        "import sys; from local.loading import load_function; load_function('webhook');"
        "print(*(n for n in sys.modules if n.split('.')[0] in ('psycopg', 'aiohttp', 'twilio')"
        " or n.startswith(('shared.todos', 'shared.storage', 'shared.language.', 'shared.providers.'))))"
    )
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    loaded, _ = await child.communicate()
    assert loaded.decode().split() == ["shared.language.model", "shared.providers.signature"]


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
