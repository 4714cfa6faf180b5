"""What a person changed, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.web.conftest import Api
from tests.making import BOB


def told(page: dict[str, Any]) -> list[tuple[str, str]]:
    """Kinds and titles of a page."""
    return [(change["type"], change["title"]) for change in page["changes"]]


async def test_every_change_whoever_made_it(api: Api) -> None:
    made = await api.adds("Buy milk")
    await api.hears("call mum tomorrow 5pm")
    await api.hears("done 1")
    await api.delete(f"/tasks/{made['id']}")
    await api.hears("undo")
    page = (await api.get("/history")).json()
    assert told(page) == [
        ("restored", "Buy milk"),
        ("deleted", "Buy milk"),
        ("completed", "Buy milk"),
        ("created", "Call mum"),
        ("created", "Buy milk"),
    ]
    restored, deleted, *_, created = page["changes"]
    assert restored["undoes"] == deleted["cause"]
    assert deleted["cause"].startswith("api-")
    assert (created["task_id"], created["changed"]["title"], created["before"]) == (made["id"], "Buy milk", {})
    assert page["next_cursor"] is None


async def test_each_filter_and_all_of_them(api: Api) -> None:
    milk = await api.adds("Buy milk")
    await api.adds("Call mum")
    await api.hears("done 1")
    api.box.clock.advance(timedelta(minutes=5))
    at = api.box.clock.now().isoformat()
    await api.hears("reopen 1")
    assert told((await api.get("/history", params={"task": milk["id"]})).json()) == [
        ("reopened", "Buy milk"), ("completed", "Buy milk"), ("created", "Buy milk"),
    ]  # fmt: skip
    assert told((await api.get("/history", params={"type": ["completed", "reopened"]})).json()) == [
        ("reopened", "Buy milk"), ("completed", "Buy milk"),
    ]  # fmt: skip
    assert len((await api.get("/history", params={"until": at})).json()["changes"]) == 3
    assert told((await api.get("/history", params={"since": at})).json()) == [("reopened", "Buy milk")]
    every = {"task": milk["id"], "type": "completed", "since": "2020-01-01T00:00:00Z", "until": at}
    assert told((await api.get("/history", params=every)).json()) == [("completed", "Buy milk")]


async def test_pages_do_not_move_when_something_comes(api: Api) -> None:
    for n in range(5):
        await api.adds(f"Thing {n}")
    first = (await api.get("/history", params={"limit": 2})).json()
    await api.adds("Late")
    second = (await api.get("/history", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    third = (await api.get("/history", params={"limit": 2, "cursor": second["next_cursor"]})).json()
    assert [title for _, title in told(first) + told(second) + told(third)] == [f"Thing {n}" for n in (4, 3, 2, 1, 0)]
    assert third["next_cursor"] is None


async def test_it_is_ones_own(api: Api) -> None:
    made = await api.adds("Buy milk")
    assert (await api.get("/history", as_=BOB)).json()["changes"] == []
    assert (await api.get("/history", as_=BOB, params={"task": made["id"]})).json()["changes"] == []


@pytest.mark.parametrize(
    "asked", ["since=yesterday", "since=2026-01-01T00:00:00", "type=renamed", "cursor=x", "limit=0", "what=1"]
)
async def test_what_cannot_be_asked(api: Api, asked: str) -> None:
    answer = await api.get(f"/history?{asked}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
