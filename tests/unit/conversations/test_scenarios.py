"""The conversation guide, word for word: every scenario of texts, spoken words and time that goes by, through the rules."""

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


def test_a_played_scenario_has_nothing_but_texts_spoken_words_and_time_that_goes_by() -> None:
    for scenario in played():
        causes = [set(turn) & {"in", "voice", "file", "clock"} for turn in all_scenarios()[scenario.id]["turns"]]
        assert all(cause in ({"in"}, {"voice"}, {"clock"}) for cause in causes) or scenario.id == "undo-many"


def test_whatever_else_a_scenario_tells_of_is_played() -> None:
    """An `event` beside a text or the clock is one that the harness knows."""
    for scenario in played():
        for written, turn in zip(all_scenarios()[scenario.id]["turns"], scenario.turns, strict=False):
            told = written.get("event", "")
            assert not told or turn.asleep or turn.quotes or "is due" in told or scenario.id == "undo-many"
