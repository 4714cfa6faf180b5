"""The same request twice, two at once, and changes made meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from shared.runtime.cleanup import clean_up
from tests.integration.web.conftest import Api
from tests.making import BOB


async def count(api: Api) -> int:
    """How many todos there are."""
    return len((await api.get("/tasks?status=all")).json()["tasks"])


async def test_an_etag_is_the_version_and_guards_a_change(api: Api) -> None:
    made = await api.adds()
    path = f"/tasks/{made['id']}"
    read = await api.get(path)
    assert read.headers["etag"] == '"1"'
    assert (await api.get(path, headers={"if-none-match": 'W/"1"'})).status_code == 304
    changed = await api.patch(path, json={"title": "Buy oat milk"}, headers={"if-match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    for answer in (
        await api.patch(path, json={"title": "Buy soy milk"}, headers={"if-match": '"1"'}),
        await api.patch(f"{path}/complete", json={}, headers={"if-match": 'W/"2"'}),  # weak tags never match
        await api.delete(path, headers={"if-match": '"0", "1"'}),
    ):
        assert (answer.status_code, answer.json()["version"]) == (412, 2)
        assert answer.json()["type"] == "/api/v1/docs#problem-version-differs"
    assert (await api.delete(path, headers={"if-match": '"7", "2"'})).status_code == 204
    assert (await api.delete(path, headers={"if-match": "*"})).status_code == 404


async def test_the_same_key_has_one_effect_and_one_answer(api: Api) -> None:
    key = {"idempotency-key": "one"}
    first = await api.post("/tasks", json={"title": "Buy milk"}, headers=key)
    second = await api.post("/tasks", json={"title": "Buy milk"}, headers=key)
    assert (second.status_code, second.json(), second.headers["etag"]) == (201, first.json(), first.headers["etag"])
    assert second.headers["idempotency-replayed"] == "true"
    assert await count(api) == 1
    other = await api.post("/tasks", json={"title": "Buy bread"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/api/v1/docs#problem-key-used")
    theirs = await api.post("/tasks", json={"title": "Buy bread"}, headers=key, as_=BOB)
    assert theirs.status_code == 201, "a key is one person's"


async def test_a_deletion_with_a_key_is_answered_the_same_again(api: Api) -> None:
    made = await api.adds()
    answers = [await api.delete(f"/tasks/{made['id']}", headers={"idempotency-key": "gone"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]


async def test_a_refusal_is_decided_again_the_next_time(api: Api) -> None:
    key = {"idempotency-key": "later"}
    assert (await api.post("/undo", headers=key)).status_code == 409
    await api.adds()
    assert (await api.post("/undo", headers=key)).status_code == 200


async def test_one_key_at_once_has_one_effect(api: Api) -> None:
    await api.token()
    asked = (api.post("/tasks", json={"title": "Buy milk"}, headers={"idempotency-key": "race"}) for _ in range(5))
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await count(api) == 1


async def test_a_key_is_kept_for_a_day_and_then_forgotten(api: Api) -> None:
    key = {"idempotency-key": "daily"}
    await api.post("/tasks", json={"title": "Buy milk"}, headers=key)
    api.box.clock.advance(timedelta(hours=25))
    api.forget_tokens()
    assert (await api.post("/tasks", json={"title": "Buy bread"}, headers=key)).status_code == 201
    api.box.clock.advance(timedelta(hours=25))
    await clean_up(api.box.services)
    assert await api.box.read("SELECT key FROM todo.answers") == []


async def test_changes_at_once_all_happen_one_after_the_other(api: Api) -> None:
    await api.token()
    answers = await asyncio.gather(*(api.post("/tasks", json={"title": f"Todo {n}"}) for n in range(4)))
    assert sorted(answer.json()["number"] for answer in answers) == [1, 2, 3, 4]
