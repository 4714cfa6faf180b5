"""The matcher looks one token ahead so that it tries less; what it leaves out must be what would have failed."""

from __future__ import annotations

import pytest

from shared.language import reading as reading_module
from shared.language.english.language import ENGLISH
from shared.language.model import Command, Meanings
from shared.language.moments import Context
from shared.language.parse import Parse
from shared.language.text import normalise
from tests.unit.language.saying import NEW_YORK, NOW
from tests.unit.language.test_language_sentences import SENTENCES


def _read(text: str) -> tuple[list[Command], int]:
    """The commands of a text, and the steps of the matcher."""
    reading = reading_module.begin(normalise(text), Context(NOW, NEW_YORK, Meanings(), ENGLISH))
    return reading_module.commands_of(reading), reading.parse.steps


def test_looking_ahead_saves_work_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for _, text, _ in SENTENCES]
    ahead = [_read(text) for text in texts]

    monkeypatch.setattr(Parse, "_may", lambda *_: True)  # every symbol is tried, whatever stands behind its first word
    blind = [_read(text) for text in texts]

    assert [commands for commands, _ in ahead] == [commands for commands, _ in blind]
    assert sum(steps for _, steps in ahead) < 0.95 * sum(steps for _, steps in blind)
