"""The conversation guide, word for word: every scenario that needs only text, through the language and the rules."""

from __future__ import annotations

from datetime import date

import pytest

from shared.messages.segments import count_segments
from tests.unit.conversations.driver import Driver, Rules, Shown
from tests.unit.conversations.scenarios import NEEDS_MORE_THAN_TEXT, Scenario, Turn, all_scenarios, day_or_time, played

ECHO_ONLY = frozenset({"aside", "full"})  # of the reply, not of the todo


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


def play(scenario: Scenario, driver: Driver) -> None:
    """Play a scenario to its end, whatever drives it."""
    driver.begin(scenario)
    for words in scenario.before:
        driver.text(words)
    for turn in scenario.turns:
        before = driver.tasks()
        assert driver.text(turn.text, sid=turn.sid) == turn.out
        if turn.out is not None:
            assert count_segments(turn.out).count == turn.segments
        assert driver.tasks() == _expected(before, turn, driver.tasks())


def _expected(before: dict[int, Shown], turn: Turn, after: dict[int, Shown]) -> dict[int, Shown]:
    """The todos as they were, but for what the turn sets; a todo that is new has nothing that is not said."""
    expected = dict(before)
    for entry in turn.set:
        number = entry["n"]
        expected.pop(number, None)
        if not entry.get("gone"):
            base = before.get(number) or dict.fromkeys(after.get(number, {}))
            expected[number] = {**base, **{key: _value(key, value) for key, value in entry.items() if key not in ECHO_ONLY}}
    return expected


def _value(key: str, value: object) -> object:
    return day_or_time(value) if key in ("due", "end", "remind", "done") and isinstance(value, (str, date)) else value
