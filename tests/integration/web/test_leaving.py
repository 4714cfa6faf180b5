"""DELETE /api/v1/me: what is deleted by it is deleted as by text (tests/end_to_end/test_leaving.py)."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.ids import user_id
from shared.runtime.cleanup import clean_up
from tests.integration.web.conftest import Api
from tests.making import ADA, BOB

NOW = {"confirm": "DELETE ME NOW"}


async def test_everything_is_deleted_and_the_receipt_is_texted(api: Api) -> None:
    await api.adds("Buy milk")
    await api.adds("Call mum", due_date="2099-01-01T17:00:00Z")
    answer = await api.delete("/me", json=NOW)
    assert answer.status_code == 202
    receipt = answer.json()["receipt"]
    await api.box.idle()
    assert api.box.heard_by(ADA)[-1] == (
        f"All deleted: 2 todos, 2 messages. Receipt {receipt}. If you text again, you begin anew."
    )
    assert await api.box.read("SELECT id FROM todo.users") == []
    assert (await api.get("/export")).status_code == 401


async def test_tokens_end_also_for_who_begins_anew(api: Api) -> None:
    made = await api.post("/tokens", json={"name": "script"})
    await api.delete("/me", json=NOW)
    await api.box.idle()
    await api.hears("buy bread")
    headers = {"authorization": f"Bearer {made.json()['token']}"}
    assert (await api.client.get("/api/v1/export", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    "body", [None, {}, {"confirm": "delete me"}, {"confirm": "DELETE ME NOW", "sure": True}, "DELETE ME NOW"]
)
async def test_without_the_words_nothing_happens_and_it_says_which(api: Api, body: Any) -> None:
    await api.adds("Buy milk")
    answer = await api.delete("/me", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    if body == {"confirm": "delete me"}:
        assert "DELETE ME NOW" in str(answer.json()["errors"])
    assert await api.hears("list") == "1 open:\n#1 Buy milk"


async def test_the_request_is_in_the_trail_before_what_it_led_to(api: Api) -> None:
    await api.adds("Buy milk")
    answer = await api.delete("/me", json=NOW)
    await api.box.idle()
    left = await api.box.read("SELECT correlation_id FROM audit.trail WHERE type = 'jotline.person.left'")
    requests = await api.box.read(
        "SELECT correlation_id FROM audit.trail WHERE type = 'jotline.request.made' AND data ->> 'status' = '202'"
    )
    assert answer.status_code == 202
    assert len(left) == 1
    assert left == requests
    await clean_up(api.box.services)
    who = user_id(api.box.services.party_of(ADA))
    assert await api.box.read("SELECT event_id FROM audit.trail WHERE user_id = %s", who) == []


async def test_somebody_else_stays(api: Api) -> None:
    await api.ask("POST", "/tasks", as_=BOB, json={"title": "Buy stamps"})
    await api.delete("/me", json=NOW)
    await api.box.idle()
    assert await api.hears("list", phone=BOB) == "1 open:\n#1 Buy stamps"
