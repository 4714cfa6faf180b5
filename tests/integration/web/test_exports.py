"""What a person can take along, and their calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from shared.storage import exports
from shared.todos.model import Task, TaskEvent
from shared.todos.rebuild import rebuild
from tests.asking import PUBLIC_URL
from tests.integration.web.conftest import Api
from tests.making import ADA, BOB


async def test_json_has_everything_that_is_kept(api: Api) -> None:
    made = await api.adds(
        "Pay rent", due_date="2099-01-01T17:00:00Z", recurring_pattern="MONTHLY", tags=["home"], description="in cash"
    )
    await api.adds("Buy milk")
    await api.hears("done 2")
    await api.post("/tokens", json={"name": "backup"})
    await api.post("/calendar")
    answer = await api.get("/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["content-disposition"].endswith('.json"')
    found = answer.json()
    assert set(found) == {"exported_at", "person", *exports.PARTS}
    assert found["person"]["phone"] == ADA
    assert {task["title"]: task["status"] for task in found["tasks"]} == {"Pay rent": "open", "Buy milk": "done"}
    assert found["tasks"][0]["id"] == made["id"]
    assert [change["type"] for change in found["task_events"]] == ["created", "created", "completed"]
    assert len(found["reminders"]) == 1
    assert [message["body"] for message in found["messages"]][0::2] == ["hello", "done 2"]
    assert found["messages"][-1]["direction"] == "outbound"
    assert [token["name"] for token in found["access_tokens"]] == ["backup"]
    assert len(found["calendar"]) == 1
    assert "digest" not in str(found["access_tokens"] + found["calendar"])


async def test_whoever_asks_by_text_is_told_where_it_is(api: Api) -> None:
    await api.hears("hello")
    told = await api.hears("export my list")
    assert f"sign in at {PUBLIC_URL} with your number" in told
    assert (await api.post("/say", json={"text": "help copy"})).json()["reply"] == told


async def test_its_events_alone_make_its_todos_again(api: Api) -> None:
    await api.adds("Pay rent", due_date="2099-01-01T17:00:00Z", recurring_pattern="MONTHLY", tags=["home"])
    for text in (
        "call mum friday 5pm",
        "done 2",
        "undo",
        "move 2 to monday",
        "delete 2",
        "undo",
        "done 1",
        "rename 1 to Pay the rent",
    ):
        await api.hears(text)
    found = (await api.get("/export")).json()
    made = rebuild(TaskEvent.model_validate(change) for change in found["task_events"])
    assert {str(name): task for name, task in made.items()} == {
        task["id"]: Task.model_validate(task) for task in found["tasks"]
    }


async def test_no_code_is_in_it(api: Api) -> None:
    await api.token()
    await api.client.post("/api/v1/login", json={"phone": ADA})
    await api.box.idle()
    [code] = [said.split()[0] for said in api.box.heard_by(ADA) if "is your Jotline code" in said]
    answer = await api.get("/export")
    assert answer.json()["messages"][-1]["metadata"]["kind"] == "code"
    assert code not in answer.text


async def test_it_is_ones_own(api: Api) -> None:
    await api.adds("Buy milk")
    other = (await api.get("/export", as_=BOB)).json()
    assert (other["tasks"], other["task_events"], other["person"]["phone"]) == ([], [], BOB)
    assert ADA not in str(other)


async def test_a_long_life_is_read_page_by_page(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PAGE", 2)
    titles = [f"Thing {n}" for n in range(7)]
    for title in titles:
        await api.adds(title)
    found = (await api.get("/export")).json()
    assert [task["title"] for task in found["tasks"]] == titles
    assert len(found["task_events"]) == 7
    lines = (await api.get("/export?format=todotxt")).text.splitlines()
    assert [line.split(maxsplit=2)[2] for line in lines] == titles


async def test_todo_txt(api: Api) -> None:
    await api.adds("Pay rent", due_date="2099-01-01T17:00:00Z", recurring_pattern="MONTHLY", tags=["home"], priority="high")
    gone = await api.adds("Buy eggs")
    await api.adds("Buy milk")
    await api.hears("done 3")
    await api.delete(f"/tasks/{gone['id']}")
    answer = await api.get("/export?format=todotxt")
    made = datetime.now(UTC).astimezone().date()
    days = {(made + timedelta(days=n)).isoformat() for n in (-1, 0, 1)}
    first, second = answer.text.splitlines()
    assert first.split()[1] in days
    assert second.split()[1] in days
    assert (first[:4], first[15:]) == ("(B) ", "Pay rent @home due:2099-01-01 time:1200 rec:+1m")
    assert (second[:2], second[24:]) == ("x ", "Buy milk pri:C")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


async def test_ical_has_todos_that_its_own_parser_reads(api: Api) -> None:
    await api.adds("Pay rent", due_date="2099-01-01T17:00:00Z", recurring_pattern="WEEKLY", reminder_offset_hours=2)
    await api.adds("Grüße " * 40)
    answer = await api.get("/export?format=ical")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))
    calendar: Any = Calendar.from_ical(answer.text)
    rent, greetings = calendar.walk("VTODO")
    assert (rent["summary"], greetings["summary"]) == ("Pay rent", ("Grüße " * 40).strip())
    assert rent.decoded("due") == datetime(2099, 1, 1, 17, tzinfo=UTC)
    assert rent["rrule"]["FREQ"] == ["WEEKLY"]
    assert [alarm.decoded("trigger") for alarm in rent.walk("VALARM")] == [timedelta(hours=-2)]
    assert "due" not in greetings


async def test_the_calendar_has_events_of_open_todos_with_a_date(api: Api) -> None:
    await api.adds("Renew passport", due_date="2099-01-02")
    await api.adds("Buy milk")
    answer = await api.get("/calendar.ics")
    calendar: Any = Calendar.from_ical(answer.text)
    [event] = calendar.walk("VEVENT")
    assert (event["summary"], event.decoded("dtstart"), event["transp"]) == ("Renew passport", date(2099, 1, 2), "TRANSPARENT")
    assert calendar.walk("VTODO") == calendar.walk("VALARM") == []
    again = await api.get("/calendar.ics", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")


async def test_an_empty_calendar_is_one_all_the_same(api: Api) -> None:
    calendar: Any = Calendar.from_ical((await api.get("/calendar.ics")).text)
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


async def test_a_secret_address_needs_no_token_and_the_next_one_ends_it(api: Api) -> None:
    await api.adds("Renew passport", due_date="2099-01-02")
    first, second = [(await api.post("/calendar")).json()["url"] for _ in range(2)]
    assert first.startswith("https://jotline.example/api/v1/calendar/")
    assert first.endswith(".ics")
    assert (await api.client.get(path_of(first))).status_code == 404
    seen = await api.client.get(path_of(second))
    assert (seen.status_code, "Renew passport" in seen.text) == (200, True)
    [(digest,)] = await api.box.read("SELECT digest FROM todo.feeds")
    assert second.rpartition("/")[2].removesuffix(".ics") not in digest


async def test_deleted_is_gone(api: Api) -> None:
    url = (await api.post("/calendar")).json()["url"]
    assert (await api.delete("/calendar")).status_code == 204
    assert (await api.client.get(path_of(url))).status_code == 404
    assert (await api.delete("/calendar")).status_code == 404


async def test_who_signs_out_everywhere_has_no_secret_address_any_more(api: Api) -> None:
    url = (await api.post("/calendar")).json()["url"]
    who = (await api.get("/export")).json()["person"]["user_id"]
    await api.box.services.sign_in.revoke_all(who, api.box.clock.now())
    assert (await api.client.get(path_of(url))).status_code == 404


async def test_a_script_makes_no_address(api: Api) -> None:
    made = await api.post("/tokens", json={"name": "script"})
    headers = {"authorization": f"Bearer {made.json()['token']}"}
    assert (await api.client.post("/api/v1/calendar", headers=headers)).status_code == 403


@pytest.mark.parametrize("path", ["/export", "/calendar.ics"])
async def test_it_needs_a_token(api: Api, path: str) -> None:
    assert (await api.client.get(f"/api/v1{path}")).status_code == 401


@pytest.mark.parametrize("path", ["/export?format=pdf", "/calendar/short.ics", "/calendar/not%20a%20key%20of%20ours.ics"])
async def test_what_there_is_not(api: Api, path: str) -> None:
    assert (await api.get(path)).status_code == 422


def path_of(url: str) -> str:
    return url.removeprefix("https://jotline.example")
