"""What the functions are said to emit (tools/check_manifests/facts.py reads it from their source) is what they do emit."""

from __future__ import annotations

import pytest

from shared.events.envelope import Event
from shared.events.schemas import TYPES
from tests.whole import whole
from tools.check_manifests.facts import facts_of

#: A conversation in which everything happens that can happen to a todo.
TEXTS = ("buy milk", "call mum", "rename 1 to buy oat milk", "done 1", "undo", "delete 2", "undo", "list", "STOP", "buy eggs")
FUNCTIONS = ("webhook", "parse-command", "todo-crud", "notify", "audit")
#: What this does not see: a provider that refuses for good, or calls back; and a reply, which the box passes on without writing it.
ELSEWHERE = {"jotline.notification.failed", "jotline.message.status", "jotline.command.parsed"}


async def test_a_conversation_emits_what_the_source_says(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    emitted: set[tuple[str, str]] = set()
    to_json = Event.to_json

    def noting(event: Event) -> str:
        emitted.add((event.source.removeprefix("/jotline/"), event.type))
        return to_json(event)

    monkeypatch.setattr(Event, "to_json", noting)
    async with whole(database) as box:
        for text in TEXTS:
            await box.text(text)
            await box.idle()
    assert {(function, kind) for function, kind in emitted if kind not in facts_of(function).emits} == set()
    assert {kind for _, kind in emitted} == set(TYPES) - ELSEWHERE


def test_every_type_is_emitted_by_somebody() -> None:
    assert set().union(*(facts_of(name).emits for name in FUNCTIONS)) == set(TYPES)
