"""Where patterns stand after some words: states, and what they see of the token that follows.

A pattern is a chain of places, each with the places that may follow. Patterns are walked together, a set of places at a time; such
a set is a `State`. States and their rows are worked out when a text first comes there, and remembered for all texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from shared.language.grammar import Grammar

Meaning = Callable[..., Any]
"""Called with the context and the captured values; None rejects the match."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say something: `patterns` mean `meaning`; `examples` show it and are run as tests."""

    symbol: str
    name: str
    patterns: tuple[str, ...]
    meaning: Meaning
    examples: Mapping[str, str]


Places = tuple[int, ...]
Atom = tuple[str, Any, Places]
"""One place in a pattern: its kind (word, slot, gap, end), what stands there, the places that may follow. There are thousands."""
Names = frozenset[str]
"""Words, classes and symbols; of a token: its word, if any pattern has it, and its classes."""


@dataclass(slots=True, eq=False)
class Sign:
    """What patterns can see of a token. Tokens that look alike to them share one."""

    word: str
    classes: Names
    starts: Names  # the symbols and classes that can begin here
    names: Names = frozenset()  # the word, the classes, and "", which stands for the end of a form
    beyond: dict[str, Names | None] = field(default_factory=dict)  # see `Grammar.beyond`


class State(dict[Sign, "Row | None"]):
    """Where several patterns stand after the same words: the sign of the next token to what can go on there, None for nothing.

    Worked out when a text first comes here.
    """

    __slots__ = ("_grammar", "_places", "forms", "gaps", "slots", "words")

    def __init__(self, grammar: Grammar, places: Places) -> None:
        self._grammar = grammar
        self._places: Places = places
        # Until it is opened, which few of the thousands ever are, all share the same nothing.
        self.forms: Sequence[Form] = ()
        self.words: Mapping[str, State] = _NO_WORDS
        self.slots: Sequence[Slot] = ()
        self.gaps: Sequence[tuple[str, State]] = ()

    def __missing__(self, sign: Sign) -> Row | None:
        self.opened()
        after = self.words.get(sign.word)
        slots = [slot for slot in self.slots if slot[0] in sign.starts]
        gaps = self.gaps if sign is not END else ()
        row = (self.forms, after, slots, gaps) if self.forms or after is not None or slots or gaps else None
        if len(self) >= _MOST_ROWS:
            self.clear()
        self[sign] = row
        return row

    def opened(self) -> State:
        """This state, with what may follow."""
        if not self._places:
            return self
        forms: list[Form] = []
        words: dict[str, Places] = {}
        slots: dict[tuple[str, str], Places] = {}
        gaps: dict[str, Places] = {}
        grammar = self._grammar
        for place in self._places:
            kind, value, following = grammar.atoms[place]
            if kind == "end":
                forms.append(value)
            elif kind == "word":
                words[value] = words.get(value, ()) + following
            elif kind == "slot":
                slots[value] = slots.get(value, ()) + following
            else:
                gaps[value] = gaps.get(value, ()) + following
        self.forms = forms
        self.words = {word: grammar.state(after) for word, after in words.items()}
        self.slots = [(symbol, name, grammar.state(after)) for (symbol, name), after in slots.items()]
        self.gaps = [(name, grammar.state(after)) for name, after in gaps.items()]
        self._places = ()  # last: another thread may be here
        return self


_NO_WORDS: Final[Mapping[str, State]] = MappingProxyType({})
Slot = tuple[str, str, State]
Row = tuple[Sequence[Form], State | None, Sequence[Slot], Sequence[tuple[str, State]]]
"""The forms complete here, the state behind the word, the slots whose symbol can begin here, free text that can."""
END: Final = Sign("", frozenset(), frozenset(), frozenset(("",)))  # behind the last token
_MOST_ROWS: Final = 500  # of a state: people do not say all words behind one, and memory has an end
