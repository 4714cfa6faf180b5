"""The conversation guide, word for word, through the real functions and a real PostgreSQL.

Beside what the rules alone play there is the scenario that needs claims. After every scenario the rows of todos are exactly what
their stored events tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Final, cast

import pytest

from shared.events.schemas import NotificationRequested, RecordingRequested, TranscriptRevised
from shared.todos.model import Dialogue
from tests.database import Server
from tests.end_to_end.through import Path, made_sid, party_of
from tests.unit.conversations.driver import (
    RECORDING,
    Shown,
    made_by_recording,
    settings_before,
    shown,
    stretches_of,
    tasks_before,
)
from tests.unit.conversations.playing import play
from tests.unit.conversations.scenarios import Scenario, played

NUMBER: Final = re.compile(r"#(\d+)")
"""The number of a todo in a text."""


class Functions:
    """Plays scenarios through the functions; each has a person of its own, so one database does for all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, scenario: Scenario) -> None:
        """Somebody with the scenario's todos; nobody yet, at a first contact."""
        self.scenario, self.party, self._sent = scenario, party_of(scenario.phone, scenario.id), count(1)
        self.path.clock.instant = scenario.now
        if scenario.known:
            made = made_by_recording(scenario)
            self.path.know(
                self.party,
                scenario.phone,
                settings_before(scenario),
                tasks_before(scenario),
                made,
                dialogue=Dialogue(hints=dict(scenario.hints)),
                channel=scenario.channel,
            )
        self.heard = list(scenario.heard)
        self.came = 0
        self.reminders: dict[int, str] = {}

    def text(self, words: str, *, sid: str = "", quotes: int | None = None) -> str | None:
        """One message, from the event to the notification; what it wants of a recording is answered as transcribe would."""
        message_id = made_sid(self.scenario.id, sid or next(self._sent))
        reply = self._say(words, message_id, reply_to=self.reminders[quotes] if quotes else "")
        wished = self.path.wished(message_id)
        return self._hear_again(wished) if wished and self.heard else reply

    def wait(self, until: datetime, *, asleep: bool = False) -> list[str]:
        """Let remind and digest work; the provider takes what they ask to be sent."""
        self.path.go_on(until, asleep=asleep)
        new = self.path.came(self.party)[self.came :]
        self.came += len(new)
        for event in new:
            asked = cast(NotificationRequested, event.data)
            if asked.kind == "reminder":
                provider_id = made_sid(event.id)
                self.path.accept(event, provider_id)
                self.reminders |= dict.fromkeys(map(int, NUMBER.findall(asked.body)), provider_id)
        return [cast(NotificationRequested, event.data).body for event in new]

    def voice(self, said: str, sure: Sequence[float]) -> str | None:
        """One message as transcribe gives it."""
        return self._say(
            said, made_sid(self.scenario.id, "said", next(self._sent)), origin="voice", heard=stretches_of(said, sure)
        )

    def _say(self, words: str, message_id: str, **fields: object) -> str | None:
        given = {"channel": self.scenario.channel, **fields}
        return self.path.say(self.party, self.scenario.phone, words, message_id=message_id, **given)

    def _hear_again(self, wished: RecordingRequested) -> str | None:
        scenario = self.scenario
        assert (wished.action, wished.zone) == ("hear_again", scenario.zone)
        assert (wished.day or wished.recording_id) in (scenario.recorded_at.date(), RECORDING)
        old, new = self.heard[0], self.heard[1]
        del self.heard[0]
        return self.path.revise(
            self.party,
            TranscriptRevised(
                recording_id=RECORDING,
                message_id=RECORDING,
                version=len(scenario.heard) - len(self.heard) + 1,
                said_at=scenario.recorded_at,
                old=old,
                new=new,
                request_id=wished.request_id,
                asked_at=scenario.now,
                sender=wished.sender,
                recipient=wished.recipient,
                channel=wished.channel,
            ),
        )

    def tasks(self) -> dict[int, Shown]:
        """The todos as they are stored."""
        return shown(self.path.tasks(self.party).values(), self.path.clock.now())


@pytest.fixture(scope="module")
def functions(postgres: Server) -> Iterator[Functions]:
    with postgres.database() as url:
        path = Path(url)
        yield Functions(path)
        path.close()


@pytest.mark.parametrize("scenario", played("same-webhook-twice"), ids=lambda scenario: scenario.id)
def test_scenario(functions: Functions, scenario: Scenario) -> None:
    play(scenario, functions)
    rows = functions.path.tasks(functions.party)
    before = [] if scenario.heard else tasks_before(scenario)
    assert functions.path.rebuilt(functions.party, before) == rows
