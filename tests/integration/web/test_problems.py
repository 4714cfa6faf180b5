"""What is answered to requests that are not done, and what is told of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from shared.events.ids import user_id
from shared.todos import errors
from shared.todos.errors import TodoRefused
from shared.web.refusals import REFUSALS, kind_of
from tests.integration.web.conftest import Api
from tests.making import ADA, BOB


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nowhere", 404),
        ("DELETE", "/api/v1/tasks", 405),
        ("PATCH", "/api/v1/tasks/bulk", 405),
        ("GET", "/api/v1/tasks/bulk", 405),
        ("GET", "/api/v1/tasks/x", 404),
        ("GET", "/api/v1/tasks/6f1b7c1e-5d0a-4a6e-9a53-0c1e3a7d2b44", 404),
        ("GET", "/api/v1/tasks?limit=many", 422),
    ],
)
async def test_every_refusal_is_problem_details(api: Api, method: str, path: str, status: int) -> None:
    answer = await api.ask(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert answer.json()["title"]


async def test_other_methods_are_told_all_that_an_address_takes(api: Api) -> None:
    assert (await api.ask("PUT", "/tasks")).headers["allow"] == "GET, POST"
    assert (await api.ask("PUT", f"/tasks/{uuid4()}")).headers["allow"] == "DELETE, GET, PATCH"


async def test_without_a_token_nothing_is_told(api: Api) -> None:
    for headers in ({}, {"authorization": "Bearer x"}, {"authorization": "Basic x"}):
        answer = await api.client.get("/api/v1/tasks", headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"].split()[0]) == (401, "Bearer")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nul",
        b"[]",
        b'"x"',
        b'{"title": 1}',
        b'{"title": "a\\u0000b"}',
        b'{"title": "\\ud800"}',
        b'{"\\ud800": 1, "title": "x"}',
        b'{"title": "\xff"}',
        b'{"title": "x", "due_date": 1}',
        b'{"title": "x", "due_date": "2026-02-30"}',
        b'{"title": "x", "due_date": "9999-12-31T23:59:59-23:59"}',
        b'{"title": "x", "due_date": "0000-01-01"}',
        b'{"title": "x", "reminder_offset_hours": 1e999}',
        b'{"title": "x", "reminder_offset_hours": NaN}',
        b'{"title": "x", "reminders": [{"before_seconds": ' + b"9" * 5000 + b"}]}",
        b'{"title": "x", "reminders": [{}]}',
        b'{"title": "x", "tags": ["#home"]}',
        b'{"title": "x", "huh": 1}',
        b'{"title": ' + b"[" * 100_000,
    ],
)
async def test_a_body_that_is_none_is_told_so(api: Api, body: bytes) -> None:
    answer = await api.post("/tasks", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    json.loads(answer.content.decode())


async def test_a_body_that_is_too_large_or_of_another_kind_is_refused(api: Api) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(600):
            yield b" " * 1000

    large = await api.post("/tasks", content=b" " * 600_000, headers={"content-type": "application/json"})
    streamed = await api.post("/tasks", content=pieces(), headers={"content-type": "application/json"})
    other = await api.post("/tasks", content=b"title=x", headers={"content-type": "application/x-www-form-urlencoded"})
    plain = await api.post("/tasks", content=b"{}")
    assert [answer.status_code for answer in (large, streamed, other, plain)] == [413, 413, 415, 415]
    assert {answer.headers["content-type"] for answer in (large, streamed, other, plain)} == {"application/problem+json"}


async def test_the_fields_that_are_wrong_are_named(api: Api) -> None:
    found = (await api.post("/tasks", json={"due_date": "soon", "priority": "huge"})).json()
    assert {error["field"] for error in found["errors"]} == {"body.title", "body.due_date", "body.priority"}


async def requests_told(api: Api) -> list[dict[str, Any]]:
    """The events of requests, oldest first."""
    await api.box.idle()
    rows = await api.box.read("SELECT event FROM told_requests ORDER BY seq")
    return [json.loads(event) for (event,) in rows]


@pytest.fixture
async def told(api: Api) -> Api:
    """A box whose outbox is copied, for what is consumed leaves it."""
    await api.token()
    await api.box.read("CREATE TABLE told_requests (seq bigint, event text)")
    await api.box.read(
        "CREATE FUNCTION keep_told() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.type = 'jotline.request.made' THEN "
        "INSERT INTO told_requests VALUES (NEW.seq, NEW.event); END IF; RETURN NEW; END $$"
    )
    await api.box.read("CREATE TRIGGER keep BEFORE INSERT ON todo.outbox FOR EACH ROW EXECUTE FUNCTION keep_told()")
    return api


async def test_what_a_request_changed_names_it(told: Api) -> None:
    made = await told.adds()
    [event] = await requests_told(told)
    assert event["data"] | {"request_id": ""} == {
        "request_id": "",
        "method": "POST",
        "route": "/api/v1/tasks",
        "status": 201,
        "user_id": str(user_id(told.box.services.party_of(ADA))),
        "role": "user",
    }
    assert event["correlationid"] == event["id"] == event["data"]["request_id"]
    rows = await told.box.read("SELECT message_id FROM todo.task_events WHERE task_id = %s", made["id"])
    assert rows == [(event["id"],)]


async def test_denials_are_told_and_reading_is_not(told: Api) -> None:
    made = await told.adds()
    await told.get("/tasks")
    await told.get("/nowhere")
    await told.patch(f"/tasks/{made['id']}/complete", json={"completed": False})  # it is so already
    await told.get(f"/tasks/{made['id']}", as_=BOB)
    await told.patch(f"/tasks/{made['id']}", json={"title": "x"}, headers={"if-match": '"9"'})
    await told.post("/tasks", json={"title": ""})
    await told.client.get("/api/v1/tasks")
    data = [event["data"] for event in await requests_told(told)]
    assert [(one["status"], one.get("cause", ""), "user_id" in one) for one in data] == [
        (201, "", True),
        (404, "todo-gone", True),
        (412, "version-differs", True),
        (422, "title-empty", True),
        (401, "", False),
    ]
    assert data[1]["route"] == "/api/v1/tasks/{task_id}"


def test_every_rule_that_an_operation_names_has_its_answer() -> None:
    assert all(issubclass(error, TodoRefused) for error in REFUSALS)
    assert kind_of(errors.TimeIsOver) == "/api/v1/docs#problem-time-is-over"
