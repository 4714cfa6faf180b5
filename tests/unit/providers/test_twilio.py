"""What we put on the wire to Twilio, and what each of its answers means: nothing lost, nothing sent twice by mistake."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.http.async_http_client import AsyncTwilioHttpClient  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from shared.providers.contract import NotAccepted, OutcomeUnknown, Outgoing, ProviderError, Rejected
from shared.providers.twilio import Twilio
from tests.unit.providers.wire import CUT, HANG, Half, Wire, wired

ACCOUNT = "AC" + "0" * 32
MESSAGE = Outgoing(
    to="+14155550100",
    sender="+15005550006",
    body="Added #1 Buy milk & bread",
    status_callback="https://box.example/twilio/status?m=1",
)
TAKEN = {"sid": "SM" + "1" * 32, "status": "queued", "num_segments": "2"}
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with wired() as open_wire:
        yield open_wire


@pytest.fixture
async def twilio(wire: Wire) -> AsyncIterator[Twilio]:
    client = Twilio(wire.url, ACCOUNT, "token", timeout_seconds=5)
    yield client
    await client.close()


async def test_a_message_is_one_form_post(wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(201, TAKEN)
    accepted = await twilio.send(MESSAGE)
    assert (accepted.sid, accepted.status, accepted.segments) == ("SM" + "1" * 32, "queued", 2)
    [request] = wire.received
    assert (request.method, request.target) == ("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert request.fields == [
        ("To", "+14155550100"),
        ("From", "+15005550006"),
        ("Body", "Added #1 Buy milk & bread"),
        ("StatusCallback", "https://box.example/twilio/status?m=1"),
    ]


MESSAGES = [
    MESSAGE,
    replace(MESSAGE, to="whatsapp:+14155550100", sender="whatsapp:+15005550006", body="Ünïcode ☃ 👍🏽\nand a line"),
    replace(MESSAGE, sender="MG" + "a" * 32, status_callback=""),
    replace(MESSAGE, body="", media_urls=("https://a.example/1.png?x=1&y=2", "https://a.example/2.png")),
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # twilio 9.13 calls aiohttp 3.14 in an outdated way
@pytest.mark.parametrize("message", MESSAGES)
async def test_twilios_own_client_sends_the_same(message: Outgoing, wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(201, TAKEN)
    wire.answers_with(201, TAKEN)
    await twilio.send(message)
    http = AsyncTwilioHttpClient(timeout=5)
    theirs = Client(ACCOUNT, "token", http_client=http)
    theirs.api.base_url = wire.url
    optional: dict[str, Any] = {"media_url": list(message.media_urls)} if message.media_urls else {}
    optional |= {"status_callback": message.status_callback} if message.status_callback else {}
    sender = "messaging_service_sid" if message.sender.startswith("MG") else "from_"
    await theirs.messages.create_async(to=message.to, body=message.body, **{sender: message.sender}, **optional)
    await http.close()
    ours, oracle = wire.received
    assert (ours.method, ours.target, sorted(ours.fields)) == (oracle.method, oracle.target, sorted(oracle.fields))
    for header in ("authorization", "content-type", "accept"):
        assert ours.headers[header] == oracle.headers[header]


@pytest.mark.parametrize("code", [21211, 21408, 21606, 21610, 21614, 21617, 21659, 63016, 29999])
async def test_a_code_about_the_message_rejects_it(code: int, wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(400, {"code": code, "message": "The 'To' number +14155550100 is bad", "status": 400})
    with pytest.raises(Rejected) as caught:
        await twilio.send(MESSAGE)
    assert caught.value.code == code
    assert caught.value.opted_out == (code == 21610)
    assert "+1415" not in str(caught.value)


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (429, 21611), (400, 21611), (429, 63038), (429, None)])
async def test_too_much_at_once_was_not_taken_and_says_when_to_come_back(
    status: int, code: int | None, wire: Wire, twilio: Twilio
) -> None:
    wire.answers_with(status, {"code": code} if code else "slow down", {"Retry-After": "7"})
    with pytest.raises(NotAccepted) as caught:
        await twilio.send(MESSAGE)
    assert caught.value.retry_after_seconds == 7


@pytest.mark.parametrize("header", ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "1.5", "soon", ""])
async def test_a_retry_after_that_is_no_number_of_seconds_is_left_out(header: str, wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(429, {"code": 20429}, {"Retry-After": header})
    with pytest.raises(NotAccepted) as caught:
        await twilio.send(MESSAGE)
    assert caught.value.retry_after_seconds is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"code": 20003, "message": "Authenticate"}),
        (401, "no"),
        (403, {"code": 20003}),
        (403, ""),
        (404, {"code": 20404}),
        (404, "<html>nothing here</html>"),
        (400, "<html>a proxy</html>"),
        (400, []),
        (301, ""),
    ],
)
async def test_wrong_settings_do_not_cost_the_message(status: int, body: object, wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(status, body)
    with pytest.raises(NotAccepted, match="check TWILIO_"):
        await twilio.send(MESSAGE)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"code": 20500}),
        (502, "bad gateway"),
        (503, ""),
        (400, {"code": 20500}),
        (408, ""),
        (201, "cut"),
        (201, {}),
        (200, "[]"),
    ],
)
async def test_what_twilio_may_have_carried_out_is_unknown(status: int, body: object, wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(status, body)
    with pytest.raises(OutcomeUnknown):
        await twilio.send(MESSAGE)


@pytest.mark.parametrize(
    "answer", [CUT, Half(b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{"), b"this is not HTTP\r\n\r\n"]
)
async def test_a_cut_connection_leaves_the_outcome_unknown(answer: bytes, wire: Wire, twilio: Twilio) -> None:
    wire.answers.append(answer)
    with pytest.raises(OutcomeUnknown) as caught:
        await twilio.send(MESSAGE)
    assert len(wire.received) == 1, "a POST is never repeated by itself"
    assert "milk" not in str(caught.value)


async def test_no_answer_in_time_leaves_the_outcome_unknown(wire: Wire) -> None:
    wire.answers.append(HANG)
    hasty = Twilio(wire.url, ACCOUNT, "token", timeout_seconds=0.05)
    with pytest.raises(OutcomeUnknown, match="no answer within"):
        await hasty.send(MESSAGE)
    await hasty.close()


async def test_nobody_there_is_safe_to_send_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "http://nowhere.invalid", "not a url", "ftp://127.0.0.1"):
        client = Twilio(url, ACCOUNT, "token", timeout_seconds=5)
        with pytest.raises(NotAccepted, match="TWILIO_API_URL"):
            await client.send(MESSAGE)
        await client.close()


async def test_a_server_that_fails_the_tls_handshake_was_not_reached() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    client = Twilio(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", ACCOUNT, "token", timeout_seconds=5)
    with pytest.raises(NotAccepted):
        await client.send(MESSAGE)
    await client.close()
    server.close()


def listed(sid: str, **changes: object) -> dict[str, object]:
    return {
        "sid": sid,
        "to": MESSAGE.to,
        "from": MESSAGE.sender,
        "body": MESSAGE.body,
        "direction": "outbound-api",
        "status": "sent",
        "messaging_service_sid": None,
        "date_created": "Fri, 27 Nov 2026 12:00:03 +0000",
    } | changes


async def test_finding_asks_for_the_day_and_keeps_only_the_same_message(wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(
        200,
        {
            "messages": [
                listed("SM5", date_created="Fri, 27 Nov 2026 12:00:09 +0000", status="delivered"),
                listed("SM4", body=MESSAGE.body + " "),
                listed("SM3", to="+14155550101"),
                listed("SM2", direction="inbound"),
                listed("SM1", body="Sent from your Twilio trial account - " + MESSAGE.body),
                listed("SM0", date_created="Fri, 27 Nov 2026 11:59:50 +0000"),
            ],
            "next_page_uri": None,
        },
    )
    found = await twilio.find(MESSAGE, NOON)
    assert [(each.sid, each.status) for each in found] == [("SM1", "sent"), ("SM5", "delivered")]
    assert found[0].created_at == NOON + timedelta(seconds=3)
    assert wire.received[0].query == [
        ("To", MESSAGE.to),
        ("From", MESSAGE.sender),
        ("DateSent>", "2026-11-27"),
        ("PageSize", "100"),
    ]


async def test_finding_for_a_messaging_service_goes_by_the_service(wire: Wire, twilio: Twilio) -> None:
    service = "MG" + "a" * 32
    wire.answers_with(200, {"messages": [listed("SM2", messaging_service_sid=service, **{"from": None}), listed("SM1")]})
    found = await twilio.find(replace(MESSAGE, sender=service), NOON)
    assert [each.sid for each in found] == ["SM2"]
    assert "From" not in dict(wire.received[0].query)


async def test_finding_follows_the_pages_but_not_for_ever_and_not_elsewhere(wire: Wire, twilio: Twilio) -> None:
    here = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?Page=1&PageToken=PASM2"
    wire.answers_with(200, {"messages": [listed("SM2")], "next_page_uri": here})
    wire.answers_with(200, {"messages": [listed("SM1")], "next_page_uri": None})
    assert [each.sid for each in await twilio.find(MESSAGE, NOON)] == ["SM1", "SM2"]
    assert wire.received[1].target == here

    for _ in range(10):
        wire.answers_with(200, {"messages": [], "next_page_uri": here})
    with pytest.raises(OutcomeUnknown, match="too many"):
        await twilio.find(MESSAGE, NOON)

    wire.answers_with(200, {"messages": [], "next_page_uri": "http://elsewhere.example/2010-04-01"})
    with pytest.raises(OutcomeUnknown, match="outside"):
        await twilio.find(MESSAGE, NOON)


async def test_finding_that_fails_says_so(wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(500, {"code": 20500})
    with pytest.raises(NotAccepted):
        await twilio.find(MESSAGE, NOON)
    wire.answers_with(
        200, {"messages": [{"to": MESSAGE.to, "from": MESSAGE.sender, "body": MESSAGE.body, "direction": "outbound-api"}]}
    )
    with pytest.raises(OutcomeUnknown):
        await twilio.find(MESSAGE, NOON)
    with pytest.raises(ValueError, match="zone"):
        await twilio.find(MESSAGE, NOON.replace(tzinfo=None))


def came(sid: str, **more: object) -> dict[str, object]:
    """A person's message in the list."""
    usual = {"direction": "inbound", "from": MESSAGE.to, "to": MESSAGE.sender, "num_media": "0", "num_segments": "1"}
    return listed(sid, **{**usual, **more})


async def test_what_came_is_asked_for_back_to_that_time_and_no_further(wire: Wire, twilio: Twilio) -> None:
    here = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?Page=1&PageToken=PASM2"
    rows = [
        came("SM5", date_created="Fri, 27 Nov 2026 12:00:09 +0000"),
        listed("SM4"),
        came("SM3", to="+14155550101"),
        came("MM2", body="buy milk", num_media="2", num_segments="3"),
        came("SM1", date_created="Fri, 27 Nov 2026 11:59:50 +0000"),
    ]
    wire.answers_with(200, {"messages": rows, "next_page_uri": here})
    found = await twilio.received(MESSAGE.sender, NOON)
    assert [each.sid for each in found] == ["MM2", "SM5"]
    assert (found[0].sender, found[0].recipient, found[0].body) == (MESSAGE.to, MESSAGE.sender, "buy milk")
    assert (found[0].media, found[0].segments, found[0].created_at) == (2, 3, NOON + timedelta(seconds=3))
    assert wire.received[0].query == [("To", MESSAGE.sender), ("DateSent>", "2026-11-27"), ("PageSize", "100")]
    assert len(wire.received) == 1


async def test_what_came_for_a_messaging_service_goes_by_the_service(wire: Wire, twilio: Twilio) -> None:
    service = "MG" + "a" * 32
    wire.answers_with(200, {"messages": [came("SM2", messaging_service_sid=service), came("SM1")]})
    assert [each.sid for each in await twilio.received(service, NOON)] == ["SM2"]
    assert "To" not in dict(wire.received[0].query)


async def test_asking_what_came_that_fails_says_so(wire: Wire, twilio: Twilio) -> None:
    wire.answers_with(503, {})
    with pytest.raises(NotAccepted):
        await twilio.received(MESSAGE.sender, NOON)
    wire.answers_with(200, {"messages": [came("")]})
    with pytest.raises(OutcomeUnknown):
        await twilio.received(MESSAGE.sender, NOON)
    with pytest.raises(ValueError, match="zone"):
        await twilio.received(MESSAGE.sender, NOON.replace(tzinfo=None))


async def test_nothing_private_is_logged_or_raised(wire: Wire, twilio: Twilio, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wire.answers_with(400, {"code": 21211, "message": "Invalid +14155550100: Added #1 Buy milk"})
    wire.answers.append(CUT)
    for _ in range(2):
        with pytest.raises(ProviderError) as caught:
            await twilio.send(MESSAGE)
        assert caught.value.__cause__ is None
        assert not any(secret in f"{caught.value!r} {caplog.text}" for secret in ("4155550100", "Buy milk", "token"))


def test_the_adapters_import_neither_twilio_nor_aiohttp() -> None:
    code = "import sys, shared.providers.twilio, shared.providers.signature; print({'twilio', 'aiohttp'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
