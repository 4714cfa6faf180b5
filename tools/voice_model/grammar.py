"""What the demo model is taught to understand: todo commands as people say them, drawn at random from `grammar.txt`.

`sentence(random)` answers one in writing; `spoken(sentence)` is the same as a synthesiser should read it. One sentence in
twenty is held out: it is never drawn for training, whatever the seed, and only such sentences are drawn for measuring.
Sentences of three words and less are in both, for there are only a few. The sentences of `SCENARIOS` are held out too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final

Rules = Mapping[str, tuple[Sequence[str], Sequence[float]]]

SCENARIOS: Final = (
    "remind me to call mom tomorrow at five pm.",
    "I need to buy milk, and remind me to call the dentist tomorrow at nine, oh and cancel the gym thing.",
    "call Kim.",
    "call Tim.",
    "buy milk and call Kim.",
    "hello is this thing on.",
    "done number three.",
    "move two to Friday.",
    "what's on for tomorrow?",
    "every Friday put the bins out.",
    "undo.",
    "pay rent on the first.",
    "buy eggs bread and butter.",
    "water the plants every three days.",
    "pick up the kids at half past three.",
    "delete the milk one.",
    "list.",
    "email Bob the report by Friday at noon.",
)
"""Sentences that the product's own tests and demo say."""

_ONE_IN: Final = 20
_SHORT: Final = 3
_RULE: Final = re.compile(r"<([^>]+)>")
_HALF_DAY: Final = re.compile(r"(?<=[a-z]) am\b(?! I\b)")


def sentence(random: Random, *, held_out: bool = False, rule: str = "sentence") -> str:
    """A sentence of the training part, or of the part held out for measuring: "call Kim tomorrow at five pm."."""
    while True:
        words = _expanded(rule, random, rules())
        written = words if words.endswith("?") else f"{words}."
        if is_held_out(written) == held_out:
            return written


def is_held_out(written: str) -> bool:
    """Whether a sentence never occurs in training (short ones always do)."""
    if _is_short(written):
        return False
    return written in SCENARIOS or sha256(written.lower().encode()).digest()[0] % _ONE_IN == 0


def spoken(written: str) -> str:
    """What the synthesiser is given: "nine am" would be read as in "I am"."""
    return _HALF_DAY.sub(" A M", written)


def vocabulary() -> list[str]:
    """Every word of the grammar, as written, in alphabetical order."""
    words = {
        word
        for choices, _ in rules().values()
        for choice in choices
        for word in _RULE.sub(" ", choice).replace(",", " ").split()
    }
    return sorted({word.strip("?") for word in words} - {"'s", ""})


@cache
def rules() -> Rules:
    """The rules of `grammar.txt`: each one's alternatives and their weights."""
    return _parsed((Path(__file__).parent / "grammar.txt").read_text().splitlines())


def named(choice: str) -> list[str]:
    """The rules that an alternative names."""
    return _RULE.findall(choice)


def _is_short(written: str) -> bool:
    return len(written.split()) <= _SHORT


def _expanded(rule: str, random: Random, known: Rules) -> str:
    choices, weights = known[rule]
    choice = random.choices(choices, weights)[0]
    return _RULE.sub(lambda name: _expanded(name[1], random, known), choice)


def _parsed(lines: Iterable[str]) -> Rules:
    found: dict[str, tuple[list[str], list[float]]] = {}
    choices: list[str] = []
    weights: list[float] = []
    for line in (line for line in lines if line and not line.startswith("#")):
        if not line.startswith(" "):
            choices, weights = found.setdefault(line, ([], []))
            continue
        weighed = re.fullmatch(r"\s+(?:(\d+)\s+)?(.+)", line)
        if weighed is None:
            raise ValueError(f"no alternative: {line}")
        shared = weighed[2].split(" | ")
        choices += shared
        weights += [float(weighed[1] or 1) / len(shared)] * len(shared)
    return found
