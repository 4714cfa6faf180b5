"""The audit trail and dead letters, for admins."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.envelope import from_json
from shared.events.ids import user_id
from shared.events.schemas import TASK_CREATED
from shared.web.tokens import issue
from tests.integration.web.conftest import Api
from tests.making import ADA, BOB, NOW, task_change

BAD = "task.created-broken"


class Office:
    """An admin at a box."""

    def __init__(self, api: Api, token: str) -> None:
        self.api, self.headers = api, {"authorization": f"Bearer {token}"}

    async def get(self, path: str, **params: Any) -> Any:
        """GET, which must work."""
        answer = await self.api.client.get(f"/api/v1/admin{path}", params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        """POST, which must be answered so."""
        path = path if path.startswith("/api") else f"/api/v1/admin{path}"
        answer = await self.api.client.post(path, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
async def office(api: Api) -> Office:
    """Bob is an admin."""
    await api.hears("hello", phone=BOB)
    services = api.box.services
    services.settings = services.settings.model_copy(update={"admin_phones": BOB})
    return Office(api, issue(services, user_id(services.party_of(BOB)), "admin"))


async def buried(api: Api, function: str = "recurrence") -> str:
    """An event that a function gave up; its id."""
    event = task_change("jotline.task.completed", recurring_pattern="nonsense")
    await api.box.services.audit.bury(event, function=function, cause="Poison at main.py:1", attempts=3, now=NOW)
    return event.id


async def types(office: Office, **params: Any) -> list[str]:
    """The types of the rows that are found."""
    return [row["type"].removeprefix("jotline.") for row in (await office.get("/audit", **params))["rows"]]


async def test_each_filter_of_the_trail(office: Office) -> None:
    api = office.api
    milk = await api.adds("Buy milk")
    await api.hears("call mum tomorrow 5pm")
    await api.hears("buy stamps", phone=BOB)
    await api.box.idle()
    ada = str(user_id(api.box.services.party_of(ADA)))
    assert "message.received" in await types(office, user_id=ada)
    assert await types(office, phone=ADA, type=TASK_CREATED) == ["task.created", "task.created"]
    assert await types(office, task_id=milk["id"]) == ["task.created"]
    assert {"task.created", "request.made"} == set(await types(office, phone=ADA, type=[TASK_CREATED, "jotline.request.made"]))
    assert set(await types(office, topic="reminders")) == {"reminder.scheduled"}
    assert await types(office, type=TASK_CREATED, text="stamps") == ["task.created"]
    [row] = (await office.get("/audit", task_id=milk["id"]))["rows"]
    assert await types(office, correlation_id=row["correlation_id"]) == ["task.created", "request.made"] or (
        set(await types(office, correlation_id=row["correlation_id"])) == {"task.created", "request.made"}
    )
    assert await types(office, task_id=milk["id"], until=row["at"]) == []
    assert await types(office, task_id=milk["id"], since=row["at"]) == ["task.created"]
    every = {
        "phone": ADA,
        "type": TASK_CREATED,
        "topic": "task-events",
        "task_id": milk["id"],
        "since": row["at"],
        "text": "milk",
    }
    assert await types(office, **every) == ["task.created"]
    assert await types(office, **{**every, "phone": BOB}) == []


async def test_a_reminder_that_is_planned_once_more_is_told_once_more(office: Office) -> None:
    await office.api.hears("call mum 1 june 2099 5pm")
    for minutes in (30, 10, 30):
        await office.api.hears(f"always remind me {minutes} min before")
    rows = (await office.get("/audit", phone=ADA, type="jotline.reminder.scheduled"))["rows"]
    assert len(rows) == 4
    assert len({row["data"]["reminder_id"] for row in rows}) == 3


async def test_pages_of_the_trail(office: Office) -> None:
    for n in range(5):
        await office.api.adds(f"Thing {n}")
    await office.api.box.idle()
    seen: list[str] = []
    more: dict[str, str] = {}
    while True:
        page = await office.get("/audit", type=TASK_CREATED, limit=2, **more)
        seen += [row["data"]["payload"]["title"] for row in page["rows"]]
        if page["next_cursor"] is None:
            break
        more = {"cursor": page["next_cursor"]}
        await office.api.adds("Late")
        await office.api.box.idle()
    assert seen == [f"Thing {n}" for n in (4, 3, 2, 1, 0)]


async def test_what_was_denied_is_in_the_trail(office: Office) -> None:
    await office.api.get("/admin/audit")
    await office.api.box.idle()
    rows = (await office.get("/audit", phone=ADA, type="jotline.request.made"))["rows"]
    assert [row["data"]["status"] for row in rows] == [403]


async def test_every_operation_has_its_row_also_what_failed_or_was_denied(office: Office) -> None:
    api = office.api
    made = await api.adds("Buy milk")
    await api.patch(f"/tasks/{made['id']}", json={"title": "Buy oat milk"}, headers={"if-match": '"9"'})
    await api.get(f"/tasks/{made['id']}", as_=BOB)
    await api.post("/tasks", json={"title": ""})
    await api.client.get("/api/v1/tasks")
    await api.hears("done 1")
    await api.hears("done 99")
    await api.delete(f"/tasks/{made['id']}")
    await api.box.idle()
    rows = (await office.get("/audit", limit=200))["rows"]
    requests = [(row["data"]["method"], row["data"]["status"]) for row in rows if row["type"] == "jotline.request.made"]
    wanted = [("POST", 201), ("PATCH", 412), ("GET", 404), ("POST", 422), ("GET", 401), ("DELETE", 204)]
    assert sorted(requests) == sorted(wanted)
    said = [row["data"]["text"] for row in rows if row["type"] == "jotline.message.received"]
    assert {"done 1", "done 99"} <= set(said)
    assert {"jotline.task.created", "jotline.task.completed", "jotline.task.deleted"} <= {row["type"] for row in rows}
    assert all(row["actor"] and row["at"] and row["correlation_id"] for row in rows)


async def test_dead_letters_are_listed_and_shown(office: Office) -> None:
    event_id = await buried(office.api)
    page = await office.get("/dead-letters", function="recurrence", waiting=True)
    [letter] = page["dead_letters"]
    assert (letter["event_id"], letter["state"], letter["attempts"], page["next_cursor"]) == (event_id, "waiting", 3, None)
    assert "event" not in letter
    [shown] = (await office.get(f"/dead-letters/{event_id}"))["dead_letters"]
    assert shown["event"]["data"]["payload"] == {"recurring_pattern": "nonsense"}
    assert (await office.get("/dead-letters", function="notify"))["dead_letters"] == []
    assert (await office.get("/dead-letters", waiting=False))["dead_letters"] == []


async def test_the_checklists_retry(office: Office) -> None:
    """Given out again with the same id; a second call is a no-op that says so; an unknown id is not found."""
    event_id = await buried(office.api)
    await office.api.box.broker.stop(seconds=1)
    first = await office.post("/api/admin/dlq/retry", {"event_id": event_id})
    assert first == {
        "event_id": event_id, "replayed": True, "functions": ["recurrence"], "detail": "It goes to recurrence again.",
    }  # fmt: skip
    rows = await office.api.box.read("SELECT event_id, for_function FROM audit.outbox WHERE event_id = %s", event_id)
    assert rows == [(event_id, "recurrence")]
    second = await office.post("/api/admin/dlq/retry", {"event_id": event_id})
    assert (second["replayed"], second["detail"]) == (False, "It was given out again before; nothing happened now.")
    unknown = await office.post("/api/admin/dlq/retry", {"event_id": "nobody's"}, status=404)
    assert unknown["detail"] == "There is no dead letter of that event."


async def test_each_function_that_gave_it_up_gets_it_once_more(office: Office) -> None:
    event_id = await buried(office.api)
    [kept] = await office.api.box.services.audit.find(event_id)
    event = from_json(kept.text)
    await office.api.box.services.audit.bury(event, function="live", cause="Poison at main.py:1", attempts=1, now=NOW)
    await office.api.box.broker.stop(seconds=1)
    first = await office.post(f"/dead-letters/{event_id}/replay")
    assert (first["functions"], first["replayed"]) == (["recurrence"], True)
    states = {letter["function"]: letter["state"] for letter in (await office.get("/dead-letters"))["dead_letters"]}
    assert states == {"recurrence": "replayed", "live": "waiting"}


async def test_discarded_with_a_reason(office: Office) -> None:
    event_id = await buried(office.api)
    first = await office.post(f"/dead-letters/{event_id}/discard", {"reason": "a test of ours"})
    assert first == {"event_id": event_id, "discarded": True, "functions": ["recurrence"]}
    again = await office.post(f"/dead-letters/{event_id}/discard", {"reason": "a test of ours"})
    assert again["discarded"] is False
    [letter] = (await office.get("/dead-letters"))["dead_letters"]
    assert (letter["state"], letter["reason"]) == ("discarded", "a test of ours")
    await office.post(f"/dead-letters/{event_id}/discard", {"reason": "  "}, status=422)
    await office.post("/dead-letters/nobodys/discard", {"reason": "a test"}, status=404)


async def test_what_no_function_can_be_given(office: Office) -> None:
    await office.api.box.services.audit.bury_unreadable("nonsense", function="notify", key="k1", cause="no event", now=NOW)
    answer = await office.post("/dead-letters/k1/replay", status=409)
    assert answer["type"].endswith("not-replayable")
    [shown] = (await office.get("/dead-letters/k1"))["dead_letters"]
    assert shown["event"] == "nonsense"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/admin/audit"),
        ("GET", "/api/v1/admin/dead-letters"),
        ("GET", f"/api/v1/admin/dead-letters/{BAD}"),
        ("POST", f"/api/v1/admin/dead-letters/{BAD}/replay"),
        ("POST", f"/api/v1/admin/dead-letters/{BAD}/discard"),
        ("POST", "/api/admin/dlq/retry"),
    ],
)
async def test_it_is_for_admins_alone(api: Api, method: str, path: str) -> None:
    body: dict[str, Any] = (
        {"json": {"event_id": "x"} if path.endswith("retry") else {"reason": "x"}} if method == "POST" else {}
    )
    assert (await api.ask(method, path, **body)).status_code == 403
    assert (await api.client.request(method, path, **body)).status_code == 401


@pytest.mark.parametrize(
    "asked", ["phone=ada", "type=NO!", "topic=all", "cursor=!", "cursor=abcd", "since=monday", "text=%00", "limit=501"]
)
async def test_what_cannot_be_asked_of_the_trail(office: Office, asked: str) -> None:
    answer = await office.api.client.get(f"/api/v1/admin/audit?{asked}", headers=office.headers)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
