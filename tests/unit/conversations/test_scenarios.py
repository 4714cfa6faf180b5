"""The conversation guide, word for word: every scenario that needs only text, through the language and the rules."""

from __future__ import annotations

import pytest

from tests.unit.conversations.driver import Rules
from tests.unit.conversations.playing import play
from tests.unit.conversations.scenarios import NEEDS_MORE_THAN_TEXT, Scenario, all_scenarios, played


@pytest.mark.parametrize("scenario", played(), ids=lambda scenario: scenario.id)
def test_scenario(scenario: Scenario) -> None:
    play(scenario, Rules())


def test_every_scenario_is_played_or_needs_more_than_text() -> None:
    names = {scenario.id for scenario in played()}
    assert names | NEEDS_MORE_THAN_TEXT.keys() == all_scenarios().keys()
    assert not names & NEEDS_MORE_THAN_TEXT.keys()


def test_a_played_scenario_has_nothing_but_texts() -> None:
    for scenario in played():
        causes = [set(turn) & {"in", "voice", "file", "clock", "event"} for turn in all_scenarios()[scenario.id]["turns"]]
        assert all(cause == {"in"} for cause in causes) or scenario.id == "undo-many"
