"""Where English command forms register: `say` for a command in a line, `commands.set` for a setting.

`<ref...>` is free text that names todos, `<numbers>` their numbers, `<when>` a statement of time, `<title...>` words for a title.
"""

from __future__ import annotations

from typing import Final

from shared.language.commands import Commands
from shared.language.english import repeats as _repeats  # noqa: F401 - registers its forms
from shared.language.english.dates import form, grammar
from shared.language.english.pointing import POINTING
from shared.language.parse import Found, Parse
from shared.language.references import read_numbers
from shared.language.timing import TIMES, read_time

__all__ = ["commands", "form", "say"]


def _read_when(parse: Parse, at: int) -> list[Found]:
    """The time stated at token `at`, and what is left of it when it ends before an "and": another command may begin there."""
    time = read_time(parse, at, len(parse.tokens))
    if time is None:
        return []
    found: list[Found] = [(time.end, time)]
    if parse.tokens[time.end - 1].word == "." and time.end - 1 > at:
        found.append((time.end - 1, time))  # "fri." is written short, "Friday." ends the sentence
    for place in range(at + 1, min(time.end, at + _MOST_PARTS)):
        if parse.tokens[place].word in ("and", ","):
            shorter = read_time(parse, at, place)
            if shorter is not None and shorter.end == place:
                found.append((place, shorter))
    return found


_MOST_PARTS: Final = 12

commands: Final = Commands(grammar)
say = commands.say
#: "the third" is a place in what was shown, "the 27th" a day.
MOST_SHOWN: Final = 20


def _read_arrow(parse: Parse, at: int) -> list[Found]:
    """Signs that a pattern cannot spell: "->", "=>", ">"."""
    texts = [token.text for token in parse.tokens[at : at + 2]]
    if texts[0] in (">", "\u2192"):
        return [(at + 1, True)]
    return [(at + 2, True)] if texts in (["-", ">"], ["=", ">"]) else []


grammar.read("arrow", _read_arrow, begins=(">", "\u2192", "-", "="))
grammar.read("numbers", read_numbers, begins=("num", *POINTING.number_nouns))
grammar.read("when", _read_when, begins=TIMES)


form("position", "[the] <ord:place> [one|task|todo|item]")(
    lambda _, place: place if 1 <= place <= MOST_SHOWN or place == -1 else None
)
