"""The conversation guide, word for word, through the real functions and a real PostgreSQL.

Beside what the rules alone play there is the scenario that needs claims. After every scenario the rows of todos are exactly what
their stored events tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.database import Server
from tests.end_to_end.through import Path, made_sid, party_of
from tests.unit.conversations.driver import Shown, settings_before, shown, tasks_before
from tests.unit.conversations.playing import play
from tests.unit.conversations.scenarios import Scenario, played


class Functions:
    """Plays scenarios through the functions; each has a person of its own, so one database does for all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, scenario: Scenario) -> None:
        """Somebody with the scenario's todos; nobody yet, at a first contact."""
        self.scenario, self.party, self._sent = scenario, party_of(scenario.phone, scenario.id), count(1)
        self.path.clock.instant = scenario.now
        if scenario.known:
            self.path.know(self.party, scenario.phone, settings_before(scenario), tasks_before(scenario))

    def text(self, words: str, *, sid: str = "") -> str | None:
        """One message, from the event to the notification."""
        message_id = made_sid(self.scenario.id, sid or next(self._sent))
        return self.path.say(self.party, self.scenario.phone, words, message_id=message_id, channel=self.scenario.channel)

    def tasks(self) -> dict[int, Shown]:
        """The todos as they are stored."""
        return shown(self.path.tasks(self.party).values(), self.scenario.now)


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
    assert functions.path.rebuilt(functions.party, tasks_before(scenario)) == rows
