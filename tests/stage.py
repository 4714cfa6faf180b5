"""Functions with a real database and no broker around them: what they hand to their carrier is kept, and can be looked at."""

from __future__ import annotations

from collections.abc import Sequence

from local.loading import load_function
from shared.events.envelope import Event, from_json
from shared.runtime.clock import SimulatedClock
from shared.runtime.services import Services
from shared.runtime.serving import Done, Function
from shared.runtime.settings import Settings
from shared.storage.outbox import Row


class Stage:
    """The functions a text goes through, those that are loaded beside them, and what all of them have handed over."""

    def __init__(self, settings: Settings, clock: SimulatedClock | None = None) -> None:
        self.clock = clock or SimulatedClock()
        self.services = Services(settings, self.clock)
        self.services.use_carrier(self)
        self.carried: list[Row] = []
        self.parse, self.todo = self.load("parse-command"), self.load("todo-crud")

    def load(self, name: str) -> Function:
        function = load_function(name)
        function.bind(self.services)
        return function

    @property
    def told(self) -> list[Event]:
        """The events that were handed over."""
        return [row.event for row in self.carried]

    async def parsed(self, text: Event) -> Event:
        """What parse-command makes of a text, as it comes over the wire."""
        outcome = await self.parse.deliver(text)
        assert isinstance(outcome, Done)
        assert outcome.reply is not None
        return from_json(outcome.reply.to_json())

    async def carry_out(self, text: Event) -> None:
        """What a text asks for."""
        assert isinstance(await self.todo.deliver(await self.parsed(text)), Done)

    async def publish(self, event: Event) -> None:
        raise AssertionError

    async def carry(self, rows: Sequence[Row]) -> None:
        self.carried += rows

    async def close(self) -> None:
        """Nothing to release."""
