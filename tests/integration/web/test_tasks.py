"""One todo at a time over HTTP, beside the texts of the same person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.events.ids import user_id
from tests.integration.web.conftest import Api
from tests.making import ADA, BOB


async def test_what_a_program_adds_a_person_lists_completes_and_undoes(api: Api) -> None:
    made = await api.adds(
        "Pay rent", due_date="2099-01-01", recurring_pattern="MONTHLY", tags=["home"], priority="high", description="by card"
    )
    assert made["recurring_pattern"] == "FREQ=MONTHLY;BYMONTHDAY=1"
    assert made["recurrence"]["text"] == "every month"
    assert "#1 Pay rent (Thu 1 Jan 2099, every month, high, note) #home" in await api.hears("list")
    assert (await api.hears("done 1")).startswith("Done #1 Pay rent (next: ")
    answer = await api.post("/undo")
    assert [task["completed"] for task in answer.json()["tasks"]] == [False, False]
    assert "#1 Pay rent" in await api.hears("undo"), "what the program added goes next"
    assert (await api.get(f"/tasks/{made['id']}")).status_code == 404


async def test_what_a_person_texts_a_program_reads_changes_and_deletes(api: Api) -> None:
    await api.hears("call mum tomorrow 5pm !high #family")
    [task] = (await api.get("/tasks")).json()["tasks"]
    assert (task["title"], task["priority"], task["tags"]) == ("Call mum", "high", ["family"])
    changed = await api.patch(f"/tasks/{task['id']}", json={"title": "Call dad", "tags": None})
    assert (changed.status_code, changed.json()["title"], changed.json()["tags"]) == (200, "Call dad", [])
    assert changed.headers["etag"] == '"2"'
    assert "Call dad" in await api.hears("list")
    assert (await api.delete(f"/tasks/{task['id']}")).status_code == 204
    assert "Call dad" in await api.hears("undo")


async def test_a_reminder_comes_exactly_so_many_hours_before(api: Api) -> None:
    due = datetime.fromisoformat("2099-06-01T15:30:00-04:00")
    made = await api.adds("Board", due_date=due.isoformat(), reminder_offset_hours=1)
    assert datetime.fromisoformat(made["reminder_at"]) == due - timedelta(hours=1)
    [reminder] = (await api.get("/reminders")).json()["reminders"]
    assert datetime.fromisoformat(reminder["at"]) == due - timedelta(hours=1)
    assert reminder["task"]["id"] == made["id"]
    read = (await api.get(f"/tasks/{made['id']}")).json()
    assert read == made


async def test_complete_and_reopen(api: Api) -> None:
    made = await api.adds()
    done = await api.patch(f"/tasks/{made['id']}/complete", json={"completed": True})
    assert (done.status_code, done.json()["completed"], done.json()["status"]) == (200, True, "done")
    again = await api.patch(f"/tasks/{made['id']}/complete", json={"completed": True})
    assert again.json() == done.json(), "it is so already"
    opened = await api.patch(f"/tasks/{made['id']}/complete", json={"completed": False})
    assert (opened.json()["completed"], opened.json()["version"]) == (False, 3)


@pytest.mark.parametrize("prefix", ["/api/{user}/tasks", "/api/v1/users/{user}/tasks", "/api/tasks"])
async def test_other_spellings_of_the_address(api: Api, prefix: str) -> None:
    user = user_id(api.box.services.party_of(ADA))
    address = prefix.format(user=user)
    made = await api.post(address, json={"title": "Water plants", "user_id": str(user), "recurring_pattern": "DAILY"})
    assert (made.status_code, made.json()["recurring_pattern"]) == (201, "FREQ=DAILY")
    done = await api.patch(f"{address}/{made.json()['id']}/complete", json={"completed": True})
    assert (done.status_code, done.json()["completed"]) == (200, True)


async def test_another_persons_todos_are_not_there(api: Api) -> None:
    made, bob = await api.adds(), user_id(api.box.services.party_of(BOB))
    path = f"/tasks/{made['id']}"
    answers = [
        await api.get(path, as_=BOB),
        await api.patch(path, json={"title": "x"}, as_=BOB),
        await api.patch(f"{path}/complete", json={}, as_=BOB),
        await api.delete(path, as_=BOB),
        await api.get(f"/api/{bob}/tasks"),
        await api.post("/tasks", json={"title": "x", "user_id": str(bob)}),
        await api.post("/tasks/bulk", json={"operations": [{"op": "delete", "id": made["id"]}]}, as_=BOB),
    ]
    assert [answer.status_code for answer in answers] == [404] * 7
    assert (await api.get(path)).json() == made


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"title": " "}, "title-empty"),
        ({"title": "x" * 256}, "title-too-long"),
        ({"title": "x", "due_date": "2020-01-01"}, "time-is-over"),
        ({"title": "x", "due_date": "2999-12-31T23:59:59+00:00", "end_date": "2999-12-31"}, "end-unfit"),
        ({"title": "x", "reminder_offset_hours": 1}, "reminder-unfit"),
        ({"title": "x", "recurring_pattern": "HALFYEARLY"}, "repeat-unreadable"),
    ],
)
async def test_each_rule_refuses_by_its_name(api: Api, body: dict[str, Any], kind: str) -> None:
    answer = await api.post("/tasks", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["type"] == f"/api/v1/docs#problem-{kind}"
    assert f'id="problem-{kind}"' in (await api.get("/docs")).text


async def test_a_done_todo_is_not_changed_and_a_deleted_one_is_gone(api: Api) -> None:
    made = await api.adds()
    await api.patch(f"/tasks/{made['id']}/complete", json={})
    refused = await api.patch(f"/tasks/{made['id']}", json={"title": "x"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/docs#problem-already-done")
    await api.delete(f"/tasks/{made['id']}")
    assert [(await api.delete(f"/tasks/{id_}")).status_code for id_ in (made["id"], uuid4())] == [404, 404]


async def test_many_at_once_or_nothing(api: Api) -> None:
    first = await api.adds("First")
    steps: list[dict[str, Any]] = [
        {"op": "create", "task": {"title": "Second"}},
        {"op": "update", "id": first["id"], "changes": {"priority": "urgent"}, "version": 1},
        {"op": "complete", "id": first["id"]},
    ]
    done = await api.post("/tasks/bulk", json={"operations": steps})
    assert [task["title"] for task in done.json()["tasks"]] == ["Second", "First", "First"]
    refused = await api.post("/tasks/bulk", json={"operations": [*steps[:1], {"op": "delete", "id": str(uuid4())}]})
    assert (refused.status_code, refused.json()["index"]) == (404, 1)
    assert [task["title"] for task in (await api.get("/tasks")).json()["tasks"]] == ["Second"]
    assert "undone" in (await api.hears("undo")).casefold(), "one text takes back all of it"
    [left] = (await api.get("/tasks")).json()["tasks"]
    assert (left["title"], left["priority"]) == ("First", "medium")
    redone = await api.post("/redo")
    assert {task["title"] for task in redone.json()["tasks"]} == {"First", "Second"}


async def test_a_number_goes_from_one_todo_to_another_in_one_undo(api: Api) -> None:
    made = await api.adds("Water the plants", due_date="2099-03-01T09:00", recurring_pattern="DAILY")
    await api.patch(f"/tasks/{made['id']}/complete", json={"completed": True})
    await api.delete(f"/tasks/{made['id']}")
    for how, its_status, that_of_the_next in (("undo", "open", "deleted"), ("redo", "deleted", "open")):
        answer = await api.post(f"/{how}", json={"steps": 2})
        assert answer.status_code == 200, answer.text
        found = {task["id"] == made["id"]: (task["number"], task["status"]) for task in answer.json()["tasks"]}
        assert found == {True: (1, its_status), False: (1, that_of_the_next)}


async def test_undo_when_there_is_nothing(api: Api) -> None:
    answer = await api.post("/undo")
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/docs#problem-nothing-to-undo")
