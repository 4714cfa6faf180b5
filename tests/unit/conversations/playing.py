"""Playing a scenario of the conversation guide word for word, whatever drives it."""

from __future__ import annotations

from datetime import date

from shared.messages.segments import count_segments
from tests.unit.conversations.driver import Driver, Shown
from tests.unit.conversations.scenarios import Scenario, Turn, day_or_time

ECHO_ONLY = frozenset({"aside", "full"})  # of the reply, not of the todo


def play(scenario: Scenario, driver: Driver) -> None:
    """Play a scenario to its end, whatever drives it."""
    driver.begin(scenario)
    for words in scenario.before:
        driver.text(words)
    for turn in scenario.turns:
        before = driver.tasks()
        reply = _said(driver, turn)
        assert reply == turn.out, f"{turn.text!r}: heard {reply!r}, not {turn.out!r}"
        if turn.out is not None:
            assert count_segments(turn.out).count == turn.segments
        after = driver.tasks()
        expected = _expected(before, turn, after)
        assert after == expected, f"{turn.text!r}: {after}, not {expected}"


def _said(driver: Driver, turn: Turn) -> str | None:
    """What a turn leads to: the reply, or the one text that comes by itself."""
    if turn.until is not None:
        came = driver.wait(turn.until, asleep=turn.asleep)
        return "\n\n".join(came) or None
    if turn.sure:
        return driver.voice(turn.text, turn.sure)
    return driver.text(turn.text, sid=turn.sid, quotes=turn.quotes)


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
