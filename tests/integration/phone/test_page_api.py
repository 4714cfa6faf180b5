"""What the page asks for: conversations, sending once however often it is tried, the clock, and a feed that misses nothing."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from local.phone.app import create_phone
from local.phone.serving import running
from shared.runtime.clock import RealClock, SimulatedClock
from tests.integration.phone.conftest import ACCOUNT, ADA, BOB, NUMBER, TOKEN, Box, MakePhone, Served

MESSAGES, CLOCK, EVENTS = "/phone/api/messages", "/phone/api/clock", "/phone/api/events"


async def post(served: Served, path: str, body: object, **headers: str) -> tuple[int, dict[str, Any]]:
    async with served.http.post(path, json=body, headers=headers) as answer:
        return answer.status, await answer.json()


async def get(served: Served, path: str, **query: str) -> dict[str, Any]:
    async with served.http.get(path, params=query) as answer:
        assert answer.status == 200
        found: dict[str, Any] = await answer.json()
        return found


async def test_a_text_goes_to_the_box_and_the_answer_comes_back(served: Served, box: Box) -> None:
    served.replies_with(box, "Added #1 Buy milk")
    status, sent = await post(served, MESSAGES, {"phone": ADA, "body": "buy milk", "token": "a"})
    assert (status, sent["state"], sent["mine"]) == (201, "sending", True)
    await served.phone.idle()
    conversation = (await get(served, MESSAGES, phone=ADA))["messages"]
    assert [(each["mine"], each["body"], each["state"]) for each in conversation] == [
        (True, "buy milk", "delivered"),
        (False, "Added #1 Buy milk", "delivered"),
    ]
    later = (await get(served, MESSAGES, phone=ADA, after=str(conversation[0]["changed"])))["messages"]
    assert [each["body"] for each in later if not each["mine"]] == ["Added #1 Buy milk"]


async def test_the_same_token_is_the_same_text(served: Served, box: Box) -> None:
    sids = {(await post(served, MESSAGES, {"phone": ADA, "body": "hi", "token": "a"}))[1]["sid"] for _ in range(3)}
    await served.phone.idle()
    assert len(sids) == len(box.fields("/twilio/message")) == 1


async def test_the_list_shows_the_newest_message_of_each_phone(served: Served) -> None:
    for phone, body in ((ADA, "one"), (BOB, "two"), (ADA, "three")):
        await post(served, MESSAGES, {"phone": phone, "body": body})
    await served.phone.idle()
    state = await get(served, "/phone/api/state")
    assert [(each["phone"], each["last"]["body"]) for each in state["conversations"]] == [(ADA, "three"), (BOB, "two")]
    assert state["number"] == NUMBER
    assert state["clock"]["simulated"] is True


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "text",
        {"phone": "ada", "body": "x"},
        {"phone": NUMBER, "body": "to itself"},
        {"phone": ADA, "body": ""},
        {"phone": ADA, "body": "x" * 1601},
        {"phone": ADA, "body": "x", "channel": "fax"},
        {"phone": ADA, "body": "x", "more": 1},
    ],
)
async def test_what_makes_no_sense_is_refused_with_a_reason(body: object, served: Served) -> None:
    status, answer = await post(served, MESSAGES, body)
    assert status == 400
    assert answer["error"]


async def test_another_website_cannot_text_in_somebodys_name(served: Served) -> None:
    text = {"phone": ADA, "body": "hi"}
    assert (await post(served, MESSAGES, text, Origin="https://evil.example"))[0] == 403
    async with served.http.post(MESSAGES, data=json.dumps(text), headers={"Content-Type": "text/plain"}) as answer:
        assert answer.status == 415
    assert (await post(served, MESSAGES, text, Origin=served.url))[0] == 201
    await served.phone.idle()


async def test_the_clock_moves_forward_only(served: Served, clock: SimulatedClock) -> None:
    before = clock.now()
    status, shown = await post(served, CLOCK, {"advance_seconds": 86_400})
    assert status == 200
    assert datetime.fromisoformat(shown["now"]) - before > timedelta(hours=23)
    status, shown = await post(served, CLOCK, {"set": "2100-01-01T09:00-05:00"})
    assert (status, shown["now"][:16]) == (200, "2100-01-01T14:00")
    for wrong in (
        {"set": "2099-01-01T09:00Z"},
        {"set": "2101-01-01T09:00"},
        {"advance_seconds": -1},
        {},
        {"advance_seconds": 1e300},
    ):
        assert (await post(served, CLOCK, wrong))[0] == 400
    assert clock.now().year == 2100


async def test_the_real_clock_cannot_be_moved(make_phone: MakePhone) -> None:
    async with running(make_phone(clock=RealClock())) as url, aiohttp.ClientSession(url) as http:
        async with http.get(CLOCK) as answer:
            assert (await answer.json())["simulated"] is False
        async with http.post(CLOCK, json={"advance_seconds": 1}) as answer:
            assert answer.status == 409


async def test_the_box_moves_the_clock_before_the_page_is_answered(make_phone: MakePhone) -> None:
    wanted: list[datetime] = []

    async def go(there: datetime) -> None:
        wanted.append(there)

    async with (
        running(make_phone(go=go)) as url,
        aiohttp.ClientSession(url) as http,
        http.post(CLOCK, json={"set": "2035-11-27T09:00-05:00"}) as answer,
    ):
        assert answer.status == 200
    assert wanted == [datetime.fromisoformat("2035-11-27T09:00-05:00")]


class Feed:
    """An open feed: `await feed.next()` is its next event."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def next(self) -> tuple[str, dict[str, Any]]:
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._answer.content:
                name, _, value = line.decode().strip().partition(": ")
                if not name and "event" in fields:
                    return fields["event"], json.loads(fields["data"]) | {"id": fields.get("id")}
                fields[name] = value
        raise AssertionError("the feed ended")


async def test_the_feed_tells_every_change_and_catches_up(served: Served, box: Box) -> None:
    await post(served, MESSAGES, {"phone": ADA, "body": "one"})
    await served.phone.idle()
    async with served.http.get(EVENTS) as answer:
        feed = Feed(answer)
        assert (await feed.next())[0] == "clock"
        await post(served, MESSAGES, {"phone": ADA, "body": "two"})
        assert [(await feed.next())[1]["state"] for _ in range(2)] == ["sending", "delivered"]
    await post(served, MESSAGES, {"phone": ADA, "body": "three"})
    await served.phone.idle()
    async with served.http.get(EVENTS, headers={"Last-Event-ID": "0"}) as answer:
        feed = Feed(answer)
        assert (await feed.next())[0] == "clock"
        assert [(await feed.next())[1]["body"] for _ in range(3)] == ["one", "two", "three"]


async def test_the_feed_tells_when_the_clock_moved(served: Served) -> None:
    async with served.http.get(EVENTS) as answer:
        feed = Feed(answer)
        before = (await feed.next())[1]["now"]
        await post(served, CLOCK, {"advance_seconds": 86_400})
        event, shown = await feed.next()
        assert event == "clock"
        assert shown["now"] > before


async def test_stopping_ends_open_feeds(make_phone: MakePhone) -> None:
    phone = make_phone()
    async with running(phone) as url, aiohttp.ClientSession(url) as http, http.get(EVENTS) as answer:
        assert (await Feed(answer).next())[0] == "clock"
        phone.end_feeds()
        async with asyncio.timeout(10):
            assert await answer.content.read() == b""


async def test_the_page_is_served_with_a_strict_policy_and_only_its_own_files(served: Served) -> None:
    async with served.http.get("/phone") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for name, kind in (("main.js", "text/javascript"), ("phone.css", "text/css"), ("icon.svg", "image/svg+xml")):
        async with served.http.get(f"/phone/static/{name}") as answer:
            assert (answer.status, answer.content_type) == (200, kind)
    for name in ("app.py", "..%2Fapp.py", "none.js", "%2e%2e%2fstore.py"):
        async with served.http.get(f"/phone/static/{name}") as answer:
            assert answer.status == 404


async def test_without_test_paths_there_are_none(make_phone: MakePhone) -> None:
    async with running(make_phone()) as url, aiohttp.ClientSession(url) as http, http.get("/stand-in/messages") as answer:
        assert answer.status == 404


async def test_each_phone_shows_its_own_zone(make_phone: MakePhone) -> None:
    phone = make_phone(zone_of=lambda number: "Europe/London" if number == BOB else None)
    async with running(phone) as url, aiohttp.ClientSession(url) as http:
        zones = []
        for number in (ADA, BOB):
            async with http.get(MESSAGES, params={"phone": number}) as answer:
                zones.append((await answer.json())["zone"])
    assert zones == [None, "Europe/London"]


def test_making_a_phone_starts_nothing(tmp_path: Path) -> None:
    phone = create_phone(
        folder=tmp_path,
        clock=RealClock(),
        auth_token=TOKEN,
        account_sid=ACCOUNT,
        number=NUMBER,
        webhook_url="http://127.0.0.1:9/",
    )
    assert phone.messages() == []
    phone.carrier.store.close()
