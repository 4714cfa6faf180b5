"""The scenarios of docs/conversations.md as values, and which of them can be played where.

Section 2 of the guide says how a scenario is read. Scenarios of section 3.1 are first contacts; everybody else knows us
already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import yaml

GUIDE: Final = Path(__file__).parents[3] / "docs" / "conversations.md"
BLOCK: Final = re.compile(r"^### (?P<section>\d\.\d+) |^```yaml\n(?P<scenario>.*?)^```", re.DOTALL | re.MULTILINE)

NEEDS_MORE_THAN_TEXT: Final[Mapping[str, str]] = {
    "voice-refused": "transcribe, which measures and reads what is attached",
    "recordings-delete": "transcribe, which has the recordings and counts them",
    "sign-in": "the HTTP API: tests/end_to_end/test_at_the_door.py",
    "delete-me": "transcribe and notify, which delete the rest and count it",
    "rate-limit": "the webhook: tests/end_to_end/test_at_the_door.py",
    "could-not-save": "a message that storage refuses for good",
    "broke": "dead letters",
    "answer-late": "notify, which knows when an answer leaves",
    "same-webhook-twice": "claims, which end a message's second coming before the rules see it",
}
"""The scenarios that the rules and the language alone cannot play, and what each needs."""

HEARD_AGAIN: Final = {"voice-again": ("call Kim", "call Tim", "call Tim")}
"""What is heard in Monday's recording, the first time and each time it is tried again; the first made the scenario's todo."""

FIRST_EVER: Final = ("reminder-first-ever", "digest-first")
"""Scenarios of people who know us but had no reminder or digest yet: everybody else is past the hints that fade."""

MACHINE_OFF: Final = re.compile(r"the machine was off")
QUOTES: Final = re.compile(r"reply to the reminder of #(\d+)")
"""What an `event` of a turn may tell."""

DESCRIBED_TEXTS: Final = {
    "(a text of 312 characters without a date)": f"write {'to the caretaker about the broken window in the hall ' * 6}"[:311]
    + "s",
}
"""An `in` in round brackets describes a text instead of quoting it: here is the text."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: a text, or what was said and how surely that was heard, or what comes by itself as time goes by."""

    text: str
    out: str | None
    until: datetime | None = None  # nothing is said: time goes by
    asleep: bool = False  # and nothing happens on the way
    quotes: int | None = None  # the number of the todo whose reminder the text answers by quoting it
    sure: tuple[float, ...] = ()  # of a recording: of all of it, or of each command
    set: tuple[Mapping[str, Any], ...] = ()
    segments: int = 1
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One conversation."""

    id: str
    now: datetime
    zone: str
    turns: tuple[Turn, ...]
    phone: str = "+12125550142"
    channel: Literal["sms", "whatsapp"] = "sms"
    known: bool = True
    settings: Mapping[str, Any] = None  # type: ignore[assignment]
    tasks: tuple[Mapping[str, Any], ...] = ()
    hints: Mapping[str, int] = field(default_factory=dict)
    """How often the person has seen the hints that fade."""
    before: tuple[str, ...] = ()
    """Texts that come before the first turn, where a scenario speaks of something that happened."""
    heard: tuple[str, ...] = ()
    """What is heard in the recording that made the todos, each time it is heard."""

    @property
    def recorded_at(self) -> datetime:
        """When that was said: on the Monday before."""
        return self.now - timedelta(days=self.now.weekday())


@cache
def all_scenarios() -> dict[str, Mapping[str, Any]]:
    """Every scenario as written, by id, with its `section`."""
    found: dict[str, Mapping[str, Any]] = {}
    section = ""
    for block in BLOCK.finditer(GUIDE.read_text(encoding="utf-8")):
        section = block["section"] or section
        if block["scenario"]:
            written = yaml.safe_load(block["scenario"])
            found[written["id"]] = {**written, "section": section}
    return found


def played(*more: str) -> list[Scenario]:
    """The scenarios that need only text, ready to be played; and `more`, where what they need is there."""
    left_out = NEEDS_MORE_THAN_TEXT.keys() - set(more)
    return [_scenario(written) for name, written in all_scenarios().items() if name not in left_out]


def _scenario(written: Mapping[str, Any]) -> Scenario:
    tasks, before, back = _presumed(written)
    return Scenario(
        id=written["id"],
        now=datetime.fromisoformat(written["now"]),
        zone=written["zone"],
        turns=tuple(
            _turn(turn, back, written["zone"])
            for turn in written["turns"]
            if not turn.keys().isdisjoint(("in", "voice", "clock"))
        ),
        phone=re.sub(r"[^+\d]", "", written.get("from", "+1 212 555 0142")),
        channel=written.get("channel", "sms"),
        known=written["section"] != "3.1",
        settings=written.get("settings", {}),
        tasks=tasks,
        hints={} if written["id"] in FIRST_EVER else {"reminder": 3, "digest": 1},
        before=before,
        heard=HEARD_AGAIN.get(written["id"], ()),
    )


Todos = tuple[Mapping[str, Any], ...]


def _presumed(written: Mapping[str, Any]) -> tuple[Todos, tuple[str, ...], Todos]:
    """What a scenario tells in words (`why`, `event`, `note`): the todos, the texts before, what a turn brings back."""
    tasks = tuple(written.get("tasks", ()))
    match written["id"]:
        case "which-too-many":  # "nine open todos hold the word"
            names = ("Ana", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivo")
            return tuple({"n": n, "title": f"Call {name}"} for n, name in enumerate(names, 1)), (), ()
        case "undo-many":  # "the last message deleted 23 todos"
            boxes = tuple({"n": n, "title": f"Box {n}", "tags": ["old"]} for n in range(6, 29))
            return (*tasks, *boxes), ("delete all #old", "ok"), boxes
        case "stop-by-mistake":  # "within the hour following a change"
            return (), ("buy milk",), ()
    return tasks, (), ()


def _turn(written: Mapping[str, Any], back: Todos, zone: str) -> Turn:
    text = str(written.get("in", written.get("voice", {}).get("said", "")))
    sure = written.get("voice", {}).get("sure", ())
    told = written.get("event", "")
    quotes = QUOTES.search(told)
    return Turn(
        until=datetime.fromisoformat(written["clock"]).replace(tzinfo=ZoneInfo(zone)) if "clock" in written else None,
        asleep=bool(MACHINE_OFF.search(told)),
        quotes=int(quotes[1]) if quotes else None,
        sure=(sure,) if isinstance(sure, float) else tuple(sure),
        text=DESCRIBED_TEXTS.get(text, text),
        out=written["out"],
        set=(*written.get("set", ()), *back),
        segments=written.get("segments", 1),
        sid=written.get("sid", ""),
    )


def day_or_time(value: str | date | datetime) -> date | datetime:
    """A date of a scenario: YAML reads `2026-11-25` but leaves `2026-11-25T17:00` a string."""
    if isinstance(value, str):
        return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return value
