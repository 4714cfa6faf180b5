"""What WHY tells: how a message was read, in the fewest words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.model import Command, Intent
from shared.messages import writing

Read = tuple[str, tuple[int, ...], str]
"""A verb, the numbers it was about, and the rest."""


def meaning(read: Sequence[Read]) -> str:
    """`move #2 to Fri 27 Nov, time kept`; of several things only what and how many: `add 2, delete #1`."""
    if len(read) == 1 and len(read[0][1]) <= 1:
        verb, numbers, rest = read[0]
        return " ".join(filter(None, (verb, *(f"#{number}" for number in numbers), rest)))
    about: dict[str, list[int]] = {}
    for verb, numbers, _ in read:
        about.setdefault(verb, []).extend(numbers)
    return ", ".join(_counted(verb, numbers) for verb, numbers in about.items())


def _counted(verb: str, numbers: list[int]) -> str:
    if len(numbers) > 1:
        return f"{verb} {len(numbers)}"
    return f"{verb} #{numbers[0]}" if numbers else verb


def asked(command: Command) -> Read:
    """What a command asked for that led to nothing: `done #99`, `delete "dentist"`, `delete all`."""
    ref = command.ref
    words = command.title or ref.words
    rest = writing.quoted(writing.cut_title(words)) if words else ""
    if not rest and ref.tag:
        rest = f"#{writing.cut_title(ref.tag)}"
    return _VERBS.get(command.intent, command.intent.value.replace("_", " ")), ref.numbers, rest or "all" * ref.everything


_VERBS: Final = {Intent.COMPLETE: "done", Intent.EDIT: "change"}
