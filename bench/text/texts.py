"""The people of the benchmark and what they text: the same words to both sides.

Each person goes through one everyday script again and again: adds with dates, a list, done, move, undo. "done" and "move" name
the number that the last reply gave them, so every text has an effect on both sides. The first text is always an add, the place
in the script after it differs from person to person, so that at any moment the load is a mix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SCRIPT = (
    "buy milk tomorrow 5pm",
    "call mum on friday",
    "what's on for tomorrow",
    "done {number}",
    "dentist next tuesday at 9am",
    "list",
    "pick up the parcel today at 6pm",
    "move {number} to saturday",
    "renew the passport",
    "undo",
    "water the plants and put the bins out",
    "every friday clean the kitchen",
    "today",
    "done {number}",
    "send the contract to Priya on monday",
    "undo",
)
NUMBER = re.compile(r"#(\d+)")


@dataclass(slots=True)
class Person:
    """One phone number, its place in the script, and the last todo number it was told."""

    phone: str
    place: int
    number: int = 0
    texted: int = 0

    def next_text(self) -> str:
        """The next text; one that names a number only once a number is known."""
        if self.texted == 0:
            self.texted = 1
            return SCRIPT[0]
        self.texted += 1
        self.place = (self.place + 1) % len(SCRIPT)
        line = SCRIPT[self.place]
        return line.format(number=self.number) if self.number or "{" not in line else SCRIPT[0]

    def hears(self, reply: str) -> None:
        """Remember the last number named in `reply`."""
        if numbers := NUMBER.findall(reply):
            self.number = int(numbers[-1])


def people(first: int = 0) -> Iterator[Person]:
    """Endless people with New York numbers, from the `first` on."""
    index = first
    while True:
        yield Person(phone=f"+1212{2_000_000 + index:07d}", place=index % len(SCRIPT))
        index += 1
