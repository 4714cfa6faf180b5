"""Lists over HTTP: filters, search, orders, pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.web.conftest import Api
from tests.making import BOB


async def titles(api: Api, query: str = "", **more: Any) -> list[str]:
    """What a list shows."""
    answer = await api.get(f"/tasks{query}", **more)
    assert answer.status_code == 200, answer.text
    return [task["title"] for task in answer.json()["tasks"]]


@pytest.fixture
async def full(api: Api) -> Api:
    """A list of five, one of them done."""
    steps: list[dict[str, Any]] = [
        {"title": "Buy milk", "due_date": "2099-01-03", "priority": "low", "tags": ["shop"]},
        {"title": "Apples", "description": "and milk for the cake", "tags": ["Shop", "home"]},
        {"title": "Water the plants", "due_date": "2099-01-01T09:00", "priority": "urgent"},
        {"title": "Zebra crossing", "due_date": "2099-01-01", "priority": "high"},
        {"title": "Old thing"},
    ]
    done = await api.post("/tasks/bulk", json={"operations": [{"op": "create", "task": one} for one in steps]})
    assert done.status_code == 200, done.text
    await api.patch(f"/tasks/{done.json()['tasks'][4]['id']}/complete", json={})
    return api


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=milk", ["Buy milk", "Apples"]),
        ("?q=find milk", []),
        ("?q=MILKS", ["Buy milk", "Apples"]),
        ("?q=plant", ["Water the plants"]),
        ("?q=watering", ["Water the plants"]),
        ("?q=zeb", ["Zebra crossing"]),
        ("?q=milk cake", ["Apples"]),
        ("?q=home", ["Apples"]),
        ("?q=milk&tag=home", ["Apples"]),
        ("?q=%25", []),
        ("?q=milk:*|!x'\\", []),
        ("?q=(milk) %26 !'cake:*", ["Apples"]),
        ("?tag=shop", ["Buy milk", "Apples"]),
        ("?tag=shop&tag=home", ["Apples"]),
        ("?priority=high&priority=urgent", ["Zebra crossing", "Water the plants"]),
        ("?due_from=2099-01-02", ["Buy milk"]),
        ("?due_from=2099-01-01&due_to=2099-01-01", ["Zebra crossing", "Water the plants"]),
        ("?status=done", ["Old thing"]),
        ("?status=all&q=thing", ["Old thing"]),
        ("?overdue=true", []),
        ("?overdue=false&tag=home", ["Apples"]),
    ],
)
async def test_filters(full: Api, query: str, found: list[str]) -> None:
    assert await titles(full, query) == found


async def test_search_by_text_and_by_program_find_the_same(full: Api) -> None:
    heard = await full.hears("find milk")
    assert all(title in heard for title in await titles(full, "?q=milk"))
    assert len(await titles(full, "?q=milk")) == 2


async def test_letters_are_found_where_there_are_no_words(api: Api) -> None:
    await api.adds("\u8d2d\u4e70\u725b\u5976")
    await api.adds("Party \N{PARTY POPPER}")
    await api.adds("The thing to do")
    assert await titles(api, "?q=\u725b\u5976") == ["\u8d2d\u4e70\u725b\u5976"]
    assert await titles(api, "?q=\N{PARTY POPPER}") == ["Party \N{PARTY POPPER}"]
    assert await titles(api, "?q=the") == ["The thing to do"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("due", ["Zebra crossing", "Water the plants", "Buy milk", "Apples"]),
        ("-due", ["Buy milk", "Water the plants", "Zebra crossing", "Apples"]),
        ("title", ["Apples", "Buy milk", "Water the plants", "Zebra crossing"]),
        ("-title", ["Zebra crossing", "Water the plants", "Buy milk", "Apples"]),
        ("-priority", ["Water the plants", "Zebra crossing", "Apples", "Buy milk"]),
        ("priority", ["Buy milk", "Apples", "Zebra crossing", "Water the plants"]),
    ],
)
async def test_orders_both_ways_with_what_has_no_date_last(full: Api, sort: str, found: list[str]) -> None:
    assert await titles(full, f"?sort={sort}") == found
    page = (await full.get(f"/tasks?sort={sort}&limit=1")).json()
    paged = [task["title"] for task in page["tasks"]]
    while page["next_cursor"]:
        page = (await full.get(f"/tasks?sort={sort}&limit=1&cursor={page['next_cursor']}")).json()
        paged += [task["title"] for task in page["tasks"]]
    assert paged == found


async def test_pages_go_on_where_they_ended_whatever_happens_meanwhile(full: Api) -> None:
    first = (await full.get("/tasks?limit=2")).json()
    await full.adds("New and early", due_date="2098-01-01")
    await full.patch(f"/tasks/{first['tasks'][1]['id']}/complete", json={})
    assert await titles(full, f"?limit=2&cursor={first['next_cursor']}") == ["Buy milk", "Apples"]


@pytest.mark.parametrize(
    "query", ["?limit=0", "?limit=201", "?cursor=x", "?cursor=W10", "?sort=color", "?due_from=0", "?huh=1", "?q=%00"]
)
async def test_what_is_no_query_is_refused(api: Api, query: str) -> None:
    assert (await api.get(f"/tasks{query}")).status_code == 422


async def test_a_cursor_is_of_one_order(full: Api) -> None:
    cursor = (await full.get("/tasks?limit=1")).json()["next_cursor"]
    answer = await full.get(f"/tasks?sort=title&cursor={cursor}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/api/v1/docs#problem-cursor-unfit")


async def test_overdue_is_what_is_over_where_the_person_is(api: Api) -> None:
    await api.adds("Timed", due_date=(api.box.clock.now() + timedelta(minutes=5)).isoformat())
    await api.adds("Today", due_date=api.box.clock.now().astimezone().date().isoformat())
    api.box.clock.advance(timedelta(minutes=10))
    api.forget_tokens()
    assert await titles(api, "?overdue=true") == ["Timed"]
    api.box.clock.advance(timedelta(days=2))
    api.forget_tokens()
    assert sorted(await titles(api, "?overdue=true")) == ["Timed", "Today"]


async def test_nobody_sees_what_is_another_persons(full: Api) -> None:
    assert await titles(full, "?q=milk", as_=BOB) == []
    assert await titles(full, "?tag=shop&status=all", as_=BOB) == []
    stolen = (await full.get("/tasks?limit=1")).json()["next_cursor"]
    assert await titles(full, f"?cursor={stolen}", as_=BOB) == []
