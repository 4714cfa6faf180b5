"""Carrier words: whole texts that mean consent, and nothing else."""

from __future__ import annotations

import pytest

from shared.messages.keywords import consent_word
from tests.unit.messages import guide


@pytest.mark.parametrize(
    "word", ["STOP", "stop", " Stop ", "stopall", "UNSUBSCRIBE", "cancel", "End", "quit", "revoke", "optout"]
)
def test_opt_out_words(word: str) -> None:
    assert consent_word(word) == "stop"


@pytest.mark.parametrize("word", ["START", "start", "unstop", "yes", "YES\n"])
def test_opt_in_words(word: str) -> None:
    assert consent_word(word) == "start"


@pytest.mark.parametrize("word", ["HELP", "help", "info"])
def test_help_words(word: str) -> None:
    assert consent_word(word) == "help"


@pytest.mark.parametrize("text", ["", "stop it", "STOP!", "cancel the gym", "help me", "undo", "ok", "?", "yes please", "done"])
def test_anything_else_is_no_keyword(text: str) -> None:
    assert consent_word(text) is None


def test_the_guides_carrier_words_are_keywords() -> None:
    texts = [turn["in"] for scene in guide.scenarios() for turn in scene["turns"] if turn.get("in", "").isupper()]
    assert {text: consent_word(text) for text in texts} == {"STOP": "stop", "START": "start", "CANCEL": "stop", "HELP": "help"}
