"""The same promises for our stand-in and for a mock made from Twilio's own description; and our client keeps them with both."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from shared.providers.contract import NotAccepted, Outgoing
from shared.providers.twilio import Twilio
from tests.contract.conftest import ACCOUNT, NUMBER, Party
from tests.contract.description import (
    CALL,
    MEDIA,
    MEDIA_LIST,
    MESSAGE,
    MESSAGES,
    RECORDING,
    check_answer,
    check_form,
    properties_of,
    query_names,
)
from tests.integration.phone.conftest import tone
from tests.unit.providers.wire import wired

PHONE = "+14155550100"
TEXT = {"To": PHONE, "From": NUMBER, "Body": "Added #1 Buy milk", "StatusCallback": "https://box.example/twilio/status"}
SENT = [
    Outgoing(to=PHONE, sender=NUMBER, body="Added #1 Buy milk", status_callback="https://box.example/twilio/status?m=1"),
    Outgoing(to=f"whatsapp:{PHONE}", sender=f"whatsapp:{NUMBER}", body="Grüße 👍🏽", status_callback=""),
    Outgoing(to=PHONE, sender="MG" + "b" * 32, body="by service", status_callback=""),
    Outgoing(
        to=PHONE, sender=NUMBER, body="", status_callback="", media_urls=("https://a.example/1.png", "https://a.example/2.png")
    ),
]


@pytest.mark.parametrize("message", SENT, ids=["sms", "whatsapp", "service", "media"])
async def test_our_client_sends_and_is_understood(message: Outgoing, twilio: Twilio) -> None:
    accepted = await twilio.send(message)
    assert re.fullmatch("(SM|MM)[0-9a-f]{32}", accepted.sid)
    assert accepted.status in {"queued", "accepted"}
    assert accepted.segments == 1


async def test_our_client_asks_what_became_of_a_message(twilio: Twilio, party: Party) -> None:
    accepted = await twilio.send(SENT[0])
    found = await twilio.find(SENT[0], datetime.now(UTC) - timedelta(minutes=1))
    assert [each.sid for each in found] == ([accepted.sid] if party.name == "stand-in" else [])


async def test_our_client_asks_what_came(twilio: Twilio, party: Party, http: aiohttp.ClientSession) -> None:
    if party.name == "stand-in":
        for text in ("buy milk", "done 1"):
            async with http.post(f"{party.url}/phone/api/messages", json={"phone": PHONE, "body": text}) as answer:
                assert answer.status < 300
    found = await twilio.received(NUMBER, datetime.now(UTC) - timedelta(minutes=1))
    assert [(each.sender, each.recipient, each.body) for each in found] == (
        [(PHONE, NUMBER, "buy milk"), (PHONE, NUMBER, "done 1")] if party.name == "stand-in" else []
    )


async def test_refused_credentials_are_a_setting_to_mend(party: Party, http: aiohttp.ClientSession) -> None:
    async with http.post(party.path(), data=TEXT, headers={"Authorization": ""}) as answer:
        assert answer.status == 401
    if party.name == "stand-in":  # Prism takes any credentials
        stranger = Twilio(party.url, ACCOUNT, "another token")
        with pytest.raises(NotAccepted, match="TWILIO_AUTH_TOKEN"):
            await stranger.send(SENT[0])
        await stranger.close()


@pytest.mark.parametrize("message", SENT, ids=["sms", "whatsapp", "service", "media"])
async def test_what_our_client_puts_on_the_wire_fits_the_description(message: Outgoing) -> None:
    async with wired() as wire:
        client = Twilio(wire.url, ACCOUNT, "token")
        wire.answers_with(201, {"sid": "SM1"})
        wire.answers_with(200, {"messages": []})
        await client.send(message)
        await client.find(message, datetime.now(UTC))
        wire.answers_with(200, {"messages": []})
        await client.received(message.sender, datetime.now(UTC))
        await client.close()
    check_form(wire.received[0].fields)
    for asked in wire.received[1:]:
        assert {name for name, _ in asked.query} <= query_names()


async def test_sending_answers_as_described(party: Party, http: aiohttp.ClientSession) -> None:
    async with http.post(party.path(), data=TEXT) as answer:
        assert answer.status == 201
        message = await answer.json()
    check_answer(MESSAGES, "post", 201, message)
    assert set(message) == properties_of("message")


async def test_fetching_answers_as_described(party: Party, http: aiohttp.ClientSession) -> None:
    async with http.post(party.path(), data=TEXT) as answer:
        sid = (await answer.json())["sid"]
    async with http.get(party.path(f"Messages/{sid}.json")) as answer:
        assert answer.status == 200
        check_answer(MESSAGE, "get", 200, await answer.json())


async def _spoken(party: Party, http: aiohttp.ClientSession, channel: str) -> dict[str, Any]:
    """A person sends a recording, or calls."""
    about, headers = {"phone": PHONE, "channel": channel}, {"Content-Type": "audio/wav"}
    async with http.post(f"{party.url}/phone/api/recordings", params=about, data=tone(), headers=headers) as answer:
        assert answer.status == 201
        found: dict[str, Any] = await answer.json()
        return found


async def test_media_calls_and_recordings_answer_as_described(party: Party, http: aiohttp.ClientSession) -> None:
    sids = {"MM": "MM" + "1" * 32, "ME": "ME" + "1" * 32, "CA": "CA" + "1" * 32, "RE": "RE" + "1" * 32}
    if party.name == "stand-in":
        note, call = await _spoken(party, http, "whatsapp"), await _spoken(party, http, "call")
        sids |= {"MM": note["sid"], "CA": call["sid"], "RE": call["recordings"][0]}
        async with http.get(party.path(f"Messages/{sids['MM']}/Media.json")) as answer:
            sids["ME"] = (await answer.json())["media_list"][0]["sid"]
    for described, path, name in (
        (MEDIA_LIST, f"Messages/{sids['MM']}/Media.json", ""),
        (MEDIA, f"Messages/{sids['MM']}/Media/{sids['ME']}.json", "message.media"),
        (CALL, f"Calls/{sids['CA']}.json", "call"),
        (RECORDING, f"Recordings/{sids['RE']}.json", "recording"),
    ):
        async with http.get(party.path(path)) as answer:
            assert answer.status == 200, path
            found = await answer.json()
        check_answer(described, "get", 200, found)
        assert not name or set(found) == properties_of(name)


@pytest.mark.parametrize("query", [{}, {"PageSize": "1"}, {"To": PHONE, "From": NUMBER, "DateSent>": "2026-01-01"}])
async def test_listing_answers_as_described(query: dict[str, str], party: Party, http: aiohttp.ClientSession) -> None:
    for _ in range(2):
        async with http.post(party.path(), data=TEXT) as answer:
            assert answer.status == 201
    async with http.get(party.path(), params=query) as answer:
        assert answer.status == 200
        check_answer(MESSAGES, "get", 200, await answer.json())


@pytest.mark.parametrize("form", [{"From": NUMBER, "Body": "to nobody"}, TEXT | {"MessagingServiceSid": "not a sid"}])
async def test_a_form_that_does_not_fit_is_refused(form: dict[str, str], party: Party, http: aiohttp.ClientSession) -> None:
    async with http.post(party.path(), data=form) as answer:
        assert 400 <= answer.status < 500
