"""The scenarios of the conversation guide that begin at a door and not with a text: sign-in, and too many texts. Through a whole box."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import Any

import httpx2 as httpx
import pytest

from shared.web import login
from shared.web.app import make_app
from tests.integration.web.signing_in import SECRET
from tests.making import ADA, BOB
from tests.unit.conversations.scenarios import all_scenarios
from tests.whole import Whole, whole


def turn_of(name: str, event: str) -> Mapping[str, Any]:
    """The one turn of a scenario, which tells this event."""
    [turn] = all_scenarios()[name]["turns"]
    assert turn["event"] == event
    found: Mapping[str, Any] = turn
    return found


async def _logs_in(box: Whole, phone: str) -> tuple[int, bytes]:
    """POST /api/v1/login with a number."""
    transport = httpx.ASGITransport(make_app(box.services))
    async with httpx.AsyncClient(transport=transport, base_url="http://jotline") as client:
        answer = await client.post("/api/v1/login", json={"phone": phone})
    await box.idle()
    return answer.status_code, answer.content


async def test_sign_in(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = turn_of("sign-in", "POST /api/v1/login with this number")
    monkeypatch.setattr(login, "ANSWER_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(secrets, "randbelow", lambda below: int(turn["out"].split()[0]) % below)
    async with whole(database) as box:
        box.services.settings = box.services.settings.model_copy(update={"jwt_secret": SECRET})
        await box.text("hello")
        await box.idle()
        before = len(box.heard_by(ADA))
        known, unknown = await _logs_in(box, ADA), await _logs_in(box, BOB)
        assert box.heard_by(ADA)[before:] == [turn["out"]]
        assert (known, box.heard_by(BOB)) == (unknown, []), turn["note"]


async def test_rate_limit(database: str) -> None:
    turn = turn_of("rate-limit", "the 101st text within a minute")
    async with whole(database) as box:
        box.services.database("todo")._paced = False  # noqa: SLF001 - one person's texts, one after the other, need not wait
        read = [await box.text("?") for _ in range(100)]
        refused = [await box.text("?") for _ in range(5)]
        async with asyncio.timeout(60):  # what is said last is written to the trail in its own time
            while len(box.heard_by(ADA)) < 101:
                await asyncio.sleep(0.01)
        assert all(len(box.replies_to(one)) == 1 for one in read)
        assert [box.replies_to(one) for one in refused] == [[turn["out"]], [], [], [], []], turn["note"]
