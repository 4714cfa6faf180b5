"""Plain English, settings, messages and recordings over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.storage.voice import Piece
from shared.storage.voice import Recording as Kept
from tests.integration.web.conftest import Api
from tests.making import ADA, BOB, OURS, recording


async def test_say_does_what_a_text_does_and_answers_here(api: Api) -> None:
    await api.token()
    before = len(api.box.heard_by(ADA))
    said = (await api.post("/say", json={"text": "buy milk tomorrow 5pm and call mum"})).json()
    assert said["reply"].startswith("Added 2:")
    assert [task["title"] for task in said["tasks"]] == ["Buy milk", "Call mum"]
    assert not said["question"]
    await api.box.idle()
    assert len(api.box.heard_by(ADA)) == before, "nothing is texted"


async def test_a_question_asked_here_is_answered_by_text_and_the_other_way_round(api: Api) -> None:
    await api.post("/say", json={"text": "buy milk and buy almond milk"})
    asked = (await api.post("/say", json={"text": "delete milk"})).json()
    assert (asked["question"], asked["tasks"]) == (True, [])
    assert (await api.hears("2")).startswith("Deleted #2")
    await api.hears("buy bread, buy eggs and buy salt")
    assert "?" in await api.hears("delete all")
    assert (await api.post("/say", json={"text": "no"})).json()["reply"]


async def test_understand_changes_nothing(api: Api) -> None:
    found = (await api.post("/understand", json={"text": "pay rent on 1 jan 2099 9am every month #home and done 7"})).json()
    first, second = found["commands"]
    assert (first["intent"], first["title"], first["due_date"]) == ("add", "Pay rent", "2099-01-01T09:00:00-05:00")
    assert (first["recurring_pattern"], first["tags"]) == ("FREQ=MONTHLY", ["home"])
    assert first["echo"].startswith("Added #1 Pay rent (Thu 1 Jan 2099 9am, every month) #home")
    assert (second["intent"], second["numbers"]) == ("complete", [7])
    assert (await api.get("/tasks?status=all")).json()["tasks"] == []


async def test_words_to_the_carrier_are_texted(api: Api) -> None:
    answer = await api.post("/say", json={"text": "STOP"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/api/v1/docs#problem-carrier-word")


async def test_settings_are_those_of_the_texts(api: Api) -> None:
    await api.hears("call mum tomorrow 5pm")
    wanted: dict[str, Any] = {
        "name": "Ada",
        "time_zone": "Europe/Berlin",
        "clock_hours": 24,
        "quiet_from": "22:00",
        "quiet_to": "07:30",
        "morning": "06:45",
        "remind_before_seconds": 900,
        "digest": {"on": False, "at": "07:15"},
    }
    changed = await api.patch("/settings", json=wanted)
    assert changed.status_code == 200, changed.text
    assert changed.json() == (await api.get("/settings")).json()
    assert {name: changed.json()[name] for name in wanted if name != "digest"} == {
        n: v for n, v in wanted.items() if n != "digest"
    }
    assert (changed.json()["digest"]["on"], changed.json()["digest"]["at"]) == (False, "07:15")
    [task] = (await api.get("/tasks")).json()["tasks"]
    assert (task["time_zone"], task["due_date"][11:16]) == ("Europe/Berlin", "17:00")
    await api.hears("undo")
    assert (await api.get("/settings")).json()["time_zone"] == "America/New_York"


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ({"time_zone": "Nowhere at all"}, 422),
        ({"time_zone": "Springfield"}, 422),
        ({"digest": {"channel": "email"}}, 409),
        ({"morning": 3600}, 422),
        ({"clock_hours": True}, 422),
    ],
)
async def test_settings_that_cannot_be(api: Api, patch: dict[str, Any], status: int) -> None:
    before = (await api.get("/settings")).json()
    assert (await api.patch("/settings", json=patch)).status_code == status
    assert (await api.get("/settings")).json() == before


async def test_messages_are_ones_own_page_by_page_without_the_words_of_codes(api: Api) -> None:
    await api.token()
    await api.hears("buy milk")
    await api.hears("something of bob's", phone=BOB)
    await api.box.read(
        "UPDATE messaging.messages SET metadata = metadata || '{\"kind\": \"code\"}' WHERE body LIKE 'Added%%milk%%'"
    )
    page = (await api.get("/messages?limit=2")).json()
    texts = list(page["messages"])
    while page["next_cursor"]:
        page = (await api.get(f"/messages?limit=2&cursor={page['next_cursor']}")).json()
        texts += page["messages"]
    assert next(one["text"] for one in texts if one["direction"] == "inbound") == "buy milk"
    assert [one["text"] for one in texts if one["kind"] == "code"] == [""]
    assert not [one for one in texts if "bob" in one["text"]]
    assert len(texts) == 4


async def spoken(api: Api, name: str) -> None:
    """Ada has said something, and it was heard."""
    voice, event = api.box.services.voice, recording(at=api.box.clock.now() - timedelta(minutes=1), recording_id=name)
    kept = Kept(
        id=name,
        party=api.box.services.party_of(ADA),
        sender=ADA,
        recipient=OURS,
        channel="whatsapp",
        message_id=name,
        call_id="",
        correlation_id=name,
        said_at=event.time,
        audio="a/key",
        content_type="audio/ogg",
        codec="opus",
        bytes=10,
        sha256="0" * 64,
        seconds=2.5,
    )
    piece = Piece(piece=0, start_seconds=0, end_seconds=2.5)
    await voice.keep_recording(event, kept, [piece], [], function="transcribe", now=event.time)
    await api.box.read(
        "UPDATE voice.transcripts SET text = 'buy milk', finished_at = %s, model = 'small', language = 'en'", event.time
    )


async def test_recordings_with_what_was_heard_and_hearing_one_again(api: Api) -> None:
    await api.token()
    await spoken(api, "RE1")
    [one] = (await api.get("/recordings")).json()["recordings"]
    assert (one["id"], one["text"], one["kept"]) == ("RE1", "buy milk", True)
    assert (await api.get("/recordings/RE1")).json() == one
    [heard] = (await api.get("/recordings/RE1/transcripts")).json()["transcripts"]
    assert (heard["version"], heard["text"], heard["model"]) == (1, "buy milk", "small")
    for path in ("/recordings/RE1", "/recordings/RE1/transcripts", "/recordings/RE2"):
        assert (await api.get(path, as_=BOB)).status_code == 404
    assert (await api.post("/recordings/RE1/reprocess", as_=BOB)).status_code == 404
    await api.box.read("UPDATE voice.recordings SET audio = NULL")
    gone = await api.post("/recordings/RE1/reprocess")
    assert (gone.status_code, gone.json()["type"]) == (409, "/api/v1/docs#problem-recording-gone")


async def test_hearing_again_asks_transcribe_once(api: Api) -> None:
    await api.token()
    await spoken(api, "RE1")
    await api.box.broker.stop(seconds=1)  # so that what is asked stays to be looked at
    asked = [await api.post("/recordings/RE1/reprocess", headers={"idempotency-key": "again"}) for _ in range(2)]
    assert [answer.status_code for answer in asked] == [202, 202]
    assert asked[0].json() == asked[1].json()
    rows = await api.box.read(
        "SELECT event::json -> 'data' ->> 'recording_id', type FROM voice.outbox WHERE type LIKE '%%requested'"
    )
    assert rows == [("RE1", "jotline.recording.requested")]
