"""What the functions are said to emit (tools/check_manifests/facts.py reads it from their source) is what they do emit."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from local.loading import ROOT, load_function
from shared.events.envelope import Event
from shared.events.schemas import REMINDER_SCHEDULED, REMINDER_TRIGGERED, TYPES
from shared.providers.contract import Accepted, Outgoing, Rejected
from shared.voice.transcript import Segment, Transcript, Word
from tests.asking import request, webhook
from tests.integration.web.conftest import api_of
from tests.making import ADA, BOB, OURS
from tests.studio import Studio, silence
from tests.whole import Whole, whole
from tools.check_manifests.facts import facts_of

#: A conversation in which everything happens that can happen to a todo.
TEXTS = (
    "buy milk",
    "call mum",
    "rename 1 to buy oat milk",
    "done 1",
    "undo",
    "delete 2",
    "undo",
    "list",
    "STOP",
    "buy eggs",
    "START",
)
FUNCTIONS = sorted(folder.name for folder in (ROOT / "functions").iterdir() if (folder / "main.py").exists())
#: What this does not see: a reply, which the box passes on without writing it.
ELSEWHERE = {"jotline.command.parsed"}


class Ear:
    """Who listens: hears other words each time."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.heard = 0

    async def model(self, wanted: str = "") -> Any:
        return SimpleNamespace(name=wanted or "usual")

    async def hear(self, *_: Any, **__: Any) -> Transcript:
        self.heard += 1
        words = tuple(Word(f" {word}", 0.0, 0.2, 0.95) for word in ("buy", f"thing{self.heard}"))
        return Transcript((Segment(0.0, 1.0, words, -0.1, 0.0),), "en", 1.0)


async def test_a_conversation_emits_what_the_source_says(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    emitted: set[tuple[str, str]] = set()
    documents: dict[str, list[dict[str, Any]]] = defaultdict(list)
    to_json = Event.to_json

    def noting(event: Event) -> str:
        emitted.add((event.source.removeprefix("/jotline/"), event.type))
        text = to_json(event)
        documents[event.type].append(json.loads(text)["data"])
        return text

    monkeypatch.setattr(Event, "to_json", noting)
    async with whole(database) as box, Studio().open() as studio:
        media = {"twilio_api_url": studio.url, "audio_store_url": tmp_path.as_uri()}
        box.services.settings = box.services.settings.model_copy(update=media)
        monkeypatch.setattr(box.provider, "send", but_for(box.provider.send, BOB))
        monkeypatch.setitem(next(iter(box.functions["transcribe"].events.values())).__globals__, "_listening", [Ear()])
        for text in TEXTS:
            await box.text(text)
            await box.idle()
        for sender in (ADA, BOB):
            await box.text("water the plants every day at 5pm", sender=sender)
        await box.text("daily digest at 8am")
        await box.idle()
        await what_comes_by_itself(box)
        await what_is_said(box, studio.keep(silence(150)))
        await who_leaves(box)
    assert {(function, kind) for function, kind in emitted if kind not in facts_of(function).emits} == set()
    assert {kind for _, kind in emitted} == set(TYPES) - ELSEWHERE
    they_fit_what_is_published(documents)


#: What readers of a todo's event and of a reminder's find there (checklist B11, B12).
OF_A_TODO = {"event_type", "task_id", "user_id", "timestamp", "task_data"}
OF_ITS_DATA = set(
    "id title description status priority due_date created_at completed_at tags user_id recurrence_pattern".split()
)
OF_A_REMINDER = set("event_type task_id user_id timestamp title due_at remind_at notification_type".split())


def they_fit_what_is_published(documents: dict[str, list[dict[str, Any]]]) -> None:
    """Every event fits its type's JSON schema, and those of todos and reminders have every field there is to be."""
    for kind, found in documents.items():
        schema = TYPES[kind].model.model_json_schema()
        for data in found:
            jsonschema.validate(data, schema, format_checker=jsonschema.FormatChecker())
            if kind.startswith("jotline.task."):
                assert data.keys() >= OF_A_TODO
                assert data["task_data"].keys() == OF_ITS_DATA
            if kind in (REMINDER_SCHEDULED, REMINDER_TRIGGERED):
                assert data.keys() >= OF_A_REMINDER


async def who_leaves(box: Whole) -> None:
    """Bob leaves by a program, which asks for a token first."""
    async with api_of(box) as api:
        assert (await api.client.delete("/api/v1/me")).status_code == 401
        assert (await api.delete("/me", as_=BOB, json={"confirm": "DELETE ME NOW"})).status_code == 202
    await box.idle()


def but_for(send: Any, number: str) -> Any:
    """A provider that takes nothing for a number, ever."""

    async def sending(message: Outgoing) -> Accepted:
        if message.to == number:
            raise Rejected("no such number")
        taken: Accepted = await send(message)
        return taken

    return sending


async def what_comes_by_itself(box: Whole) -> None:
    """Reminders and digests are due, and a text of ours has arrived."""
    await box.read("UPDATE todo.reminders SET at = %s", box.clock.now())
    await box.read("UPDATE todo.users SET digest_at = %s WHERE digest_at IS NOT NULL", box.clock.now())
    digest = load_function("digest")
    digest.bind(box.services)
    for function in (box.functions["remind"], digest):
        assert (await function(request("/tick?seconds=0"))).status_code == 204
    await box.idle()
    delivered = webhook("/twilio/status", MessageStatus="delivered", To=ADA, From=OURS)
    over = webhook("/twilio/voice/status", CallSid="CA" + "1" * 32, CallStatus="completed", From=ADA, To=OURS)
    for status in (delivered, over):
        assert (await box.functions["webhook"](status)).status_code == 200


async def what_is_said(box: Whole, recording: str) -> None:
    """Somebody calls and says something in two pieces, wants it heard again, and then deleted; and one recording is elsewhere."""
    spoken = {"CallSid": f"CA{'1' * 32}", "From": ADA, "To": OURS}
    done = {"RecordingSid": f"RE{'1' * 32}", "RecordingStatus": "completed", "RecordingUrl": recording}
    other = {"RecordingSid": f"RE{'2' * 32}", "RecordingUrl": "http://169.254.169.254/latest/meta-data"}
    recordings = [{**spoken, **done}, {**spoken, **done, **other}]
    for path, fields in (("/twilio/voice", spoken), *(("/twilio/recording", one) for one in recordings)):
        assert (await box.functions["webhook"](webhook(path, **fields))).status_code == 200
        await box.idle()
    for text in ("try my last voicemail again", "delete my recordings", "yes"):
        await box.text(text)
        await box.idle()


def test_every_type_is_emitted_by_somebody() -> None:
    assert set().union(*(facts_of(name).emits for name in FUNCTIONS)) == set(TYPES)
