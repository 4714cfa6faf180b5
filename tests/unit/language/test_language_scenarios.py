"""The conversations of docs/conversations.md, read without tasks: what was said gives the commands their replies need."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from shared.language import understand
from shared.language.model import Command, Intent, Meanings, Moment

_PAGE = (Path(__file__).parents[3] / "docs" / "conversations.md").read_text(encoding="utf-8")
SCENARIOS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(id:.*?)```", _PAGE, re.DOTALL)]

#: The first word of a reply to the intent it takes. Replies that depend on an open question are the rules' business.
_VERBS = {
    "Added": Intent.ADD,
    "Done": Intent.COMPLETE,
    "Moved": Intent.MOVE,
    "Deleted": Intent.DELETE,
    "Reopened": Intent.REOPEN,
    "Snoozed": Intent.SNOOZE,
    "Skipped": Intent.SKIP,
    "Set:": Intent.SETTING,
    "Undone:": Intent.UNDO,
    "Jotline,": Intent.HELP,
}


def _turns() -> list[tuple[str, datetime, str, Meanings, dict[str, Any]]]:
    turns = []
    for scenario in SCENARIOS:
        zone = scenario["zone"]
        now = datetime.fromisoformat(str(scenario["now"])).astimezone(ZoneInfo(zone))
        settings = scenario.get("settings", {})
        meanings = Meanings(day_first=not str(scenario.get("from", "+1")).startswith("+1"), hours=settings.get("clock", 12))
        for turn in scenario["turns"]:
            if "clock" in turn:
                now = datetime.fromisoformat(str(turn["clock"])).replace(tzinfo=ZoneInfo(zone))
            said = turn.get("in", (turn.get("voice") or {}).get("said"))
            if said and not said.startswith("("):
                turns.append((scenario["id"], now, said, meanings, turn | {"zone": zone}))
    return turns


TURNS = _turns()
ADDS = [turn for turn in TURNS if (turn[4].get("out") or "").startswith("Added")]
OTHERS = [turn for turn in TURNS if (turn[4].get("out") or "").split(" ")[0] in _VERBS and turn not in ADDS]
#: An answer to what was asked before: "2", "ok", "the second", "9pm" ...
_ANSWERS = {Intent.ANSWER, Intent.SHOW}


def _understood(turn: tuple[str, datetime, str, Meanings, dict[str, Any]]) -> tuple[Command, ...]:
    _, now, said, meanings, extra = turn
    return understand(said, now, extra["zone"], meanings).commands


def _same_moment(moment: Moment, expected: object) -> bool:
    if isinstance(expected, date) and not isinstance(expected, datetime):
        return moment.at is None and moment.day == expected
    return moment.at is not None and moment.at.strftime("%Y-%m-%dT%H:%M") == str(expected)


@pytest.mark.parametrize("turn", ADDS, ids=[f"{turn[0]}: {turn[2]}" for turn in ADDS])
def test_what_is_added_has_the_title_and_the_date_of_the_conversation(
    turn: tuple[str, datetime, str, Meanings, dict[str, Any]],
) -> None:
    added = [command for command in _understood(turn) if command.intent is Intent.ADD]
    wanted = [todo for todo in turn[4]["set"] if "title" in todo]
    if any(command.intent is Intent.ANSWER or not command.title for command in _understood(turn)):
        return  # "ok" and "add" take their words from the message before

    assert [command.title for command in added][: len(wanted)] == [todo["title"] for todo in wanted][: len(added)]
    for command, todo in zip(added, wanted, strict=False):
        _assert_times(command, todo)
        assert (command.priority.value if command.priority else None) == todo.get("pri")
        assert list(command.tags) == todo.get("tags", [])
        assert command.note == todo.get("note", "")
        assert (command.repeat is not None) == ("every" in todo)


def _assert_times(command: Command, todo: dict[str, Any]) -> None:
    if "due" not in todo:
        assert command.when is None or command.when.over is not None
        return
    assert command.when is not None
    assert _same_moment(command.when.start, todo["due"])
    assert command.when.aside == todo.get("aside")
    if "end" in todo:
        assert command.when.end is not None
        assert _same_moment(command.when.end, todo["end"])
    if todo.get("full"):
        assert command.when.full


@pytest.mark.parametrize("turn", OTHERS, ids=[f"{turn[0]}: {turn[2]}" for turn in OTHERS])
def test_other_replies_come_from_their_intent(turn: tuple[str, datetime, str, Meanings, dict[str, Any]]) -> None:
    commands = _understood(turn)
    wanted = _VERBS[turn[4]["out"].split(" ")[0]]
    first = commands[0]

    possible = {first.intent, first.maybe_intent}
    assert wanted in possible or first.intent in _ANSWERS or first.bare


def test_the_other_reading_of_a_date_is_kept_for_the_answer() -> None:
    command = understand(
        "dentist next friday 3pm", datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("America/New_York")), "America/New_York"
    ).commands[0]

    assert command.when is not None
    assert command.when.other is not None
    assert command.when.other.at is not None
    assert command.when.other.at.isoformat() == "2026-11-27T15:00:00-05:00"
