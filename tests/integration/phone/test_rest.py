"""Twilio's REST API as the stand-in plays it: what it refuses and with which code, lists, pages, and trouble on demand."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from shared.runtime.clock import SimulatedClock
from tests.integration.phone.conftest import ACCOUNT, ADA, AUTH, BOB, MESSAGES, NUMBER, Box, Served

TEXT = {"To": ADA, "From": NUMBER, "Body": "Added #1 Buy milk"}


async def send(served: Served, **changes: str | None) -> tuple[int, dict[str, object]]:
    form = {name: value for name, value in (TEXT | changes).items() if value is not None}
    async with served.http.post(MESSAGES, data=form, headers=AUTH) as answer:
        return answer.status, await answer.json()


async def listed(served: Served, path: str = MESSAGES, **query: str) -> dict[str, object]:
    async with served.http.get(path, params=query or None, headers=AUTH) as answer:
        assert answer.status == 200
        found: dict[str, object] = await answer.json()
        return found


def bodies(page: dict[str, object]) -> list[str]:
    messages = page["messages"]
    assert isinstance(messages, list)
    return [message["body"] for message in messages]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": None}, 21604),
        ({"To": "0155"}, 21211),
        ({"To": "whatsapp:ada"}, 21211),
        ({"From": None}, 21603),
        ({"From": BOB}, 21659),
        ({"From": f"whatsapp:{NUMBER}"}, 21910),
        ({"From": f"whatsapp:{BOB}", "To": f"whatsapp:{ADA}"}, 63007),
        ({"From": None, "MessagingServiceSid": "MG1"}, 21705),
        ({"Body": None}, 21602),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"StatusCallback": "nowhere"}, 21609),
    ],
)
async def test_what_twilio_refuses(changes: dict[str, str | None], code: int, served: Served) -> None:
    status, error = await send(served, **changes)
    assert (status, error["code"], error["status"]) == (400, code, 400)
    assert error["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert served.phone.messages() == []


async def test_sixteen_hundred_characters_are_taken(served: Served) -> None:
    status, message = await send(served, Body="x" * 1600)
    assert (status, message["num_segments"]) == (201, "11")


async def test_after_stop_twilio_refuses_until_start(served: Served, box: Box) -> None:
    served.phone.text(ADA, "STOP")
    assert (await send(served))[1]["code"] == 21610
    assert (await send(served, To=BOB))[0] == 201
    assert (await send(served, To=f"whatsapp:{ADA}", From=f"whatsapp:{NUMBER}"))[0] == 201
    served.phone.text(ADA, "START")
    assert (await send(served))[0] == 201
    await served.phone.idle()


@pytest.mark.parametrize("authorization", [None, "Basic !!!", "Bearer x", aiohttp.encode_basic_auth(ACCOUNT, "wrong")])
async def test_strangers_are_not_let_in(authorization: str | None, served: Served) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    async with served.http.post(MESSAGES, data=TEXT, headers=headers) as answer:
        assert answer.status == 401
        assert (await answer.json())["code"] == 20003
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    "path", [MESSAGES.replace(ACCOUNT, "AC" + "1" * 32), "/2010-04-01/Accounts.json", f"{MESSAGES[:-5]}/SM1.json"]
)
async def test_what_is_not_there_is_not_found(path: str, served: Served) -> None:
    async with served.http.get(path, headers=AUTH) as answer:
        assert answer.status == 404
        assert (await answer.json())["code"] == 20404


async def test_lists_are_newest_first_and_filter_by_address_and_day(served: Served, clock: SimulatedClock) -> None:
    await send(served, Body="to Ada")
    await send(served, Body="to Bob", To=BOB)
    await send(served, Body="by WhatsApp", To=f"whatsapp:{ADA}", From=f"whatsapp:{NUMBER}")
    served.phone.text(ADA, "from Ada")
    today = clock.now().date().isoformat()
    clock.advance(timedelta(days=1))
    await send(served, Body="tomorrow to Ada")
    tomorrow = clock.now().date().isoformat()
    assert bodies(await listed(served)) == ["tomorrow to Ada", "from Ada", "by WhatsApp", "to Bob", "to Ada"]
    assert bodies(await listed(served, To=ADA)) == ["tomorrow to Ada", "to Ada"]
    assert bodies(await listed(served, To=ADA, From=NUMBER)) == ["tomorrow to Ada", "to Ada"]
    assert bodies(await listed(served, To=f"whatsapp:{ADA}")) == ["by WhatsApp"]
    assert bodies(await listed(served, From=ADA)) == bodies(await listed(served, To=NUMBER)) == ["from Ada"]
    assert bodies(await listed(served, DateSent=today, To=ADA)) == ["to Ada"]
    assert bodies(await listed(served, **{"DateSent>": tomorrow})) == ["tomorrow to Ada"]
    assert bodies(await listed(served, **{"DateSent<": today, "To": BOB})) == ["to Bob"]
    await served.phone.idle()


async def test_pages_follow_each_other_although_messages_arrive_meanwhile(served: Served) -> None:
    for number in range(5):
        await send(served, Body=str(number))
    first = await listed(served, PageSize="2")
    await send(served, Body="late")
    second = await listed(served, str(first["next_page_uri"]))
    third = await listed(served, str(second["next_page_uri"]))
    assert [bodies(page) for page in (first, second, third)] == [["4", "3"], ["2", "1"], ["0"]]
    assert third["next_page_uri"] is None
    assert (second["page"], second["start"], second["end"]) == (1, 2, 3)


async def test_a_date_that_is_none_is_refused(served: Served) -> None:
    async with served.http.get(MESSAGES, params={"DateSent": "soon"}, headers=AUTH) as answer:
        assert answer.status == 400


async def test_trouble_on_demand_over_http(served: Served) -> None:
    async with served.http.post(
        "/stand-in/faults", json={"refuse": [[429, 20429]], "fail_after_taking": [[500, 20500]]}
    ) as answer:
        assert answer.status == 200
    assert (await send(served))[0] == 429
    assert served.phone.messages() == []
    assert (await send(served))[0] == 500
    assert len(served.phone.messages()) == 1
    assert (await send(served))[0] == 201
    async with served.http.post("/stand-in/faults", json={"no_such": 1}) as answer:
        assert answer.status == 400


async def test_an_answer_can_be_cut_off_after_the_message_was_taken(served: Served) -> None:
    served.phone.faults.drop_answers = 1
    with pytest.raises(aiohttp.ClientPayloadError):
        await send(served)
    assert len(served.phone.messages()) == 1


async def test_an_answer_can_be_late(served: Served) -> None:
    served.phone.faults.answer_after_seconds = 60
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await send(served)


async def test_what_was_received_and_sent_can_be_read_and_texts_sent_over_http(served: Served, box: Box) -> None:
    async with served.http.post("/stand-in/messages", json={"phone": ADA, "body": "hi", "sid": "SM" + "5" * 32}) as answer:
        assert answer.status == 201
    await send(served)
    await served.phone.idle()
    async with served.http.get("/stand-in/messages") as answer:
        carried = await answer.json()
    assert [(each["direction"], each["body"]) for each in carried] == [("inbound", "hi"), ("outbound-api", "Added #1 Buy milk")]
    assert box.fields("/twilio/message")[0]["MessageSid"] == "SM" + "5" * 32
