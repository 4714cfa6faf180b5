"""The matcher: forms are data, compiled once, walked over tokens.

A form is a pattern with its meaning and its examples. In a pattern a plain word stands for itself, `[x]` may be absent,
`(a|b)` is a choice, `<month>` is a word class of the lexicon or another symbol of the grammar (`<num:hour>` names it), and
`<title...>` is free text up to what follows. `Parse.match` finds every end a symbol can have from a position, the longest
first, and remembers it, so each symbol is tried once at each position: work grows with the length of the text, and
`Parse.steps` counts it so that a test can say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.language.text import Token

Meaning = Callable[..., Any]
"""Called with the context and the captured values; None rejects the match."""

_ATOM = re.compile(r"\[|\]|\(|\)|\||<[^>]+>|[^\s\[\]()|<>]+")
_LONGEST_FORM: Final = 24
_DEEPEST: Final = 16  # symbols within symbols: "the day after the day after ..." ends here


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say something: `patterns` mean `meaning`; `examples` show it and are run as tests."""

    symbol: str
    name: str
    patterns: tuple[str, ...]
    meaning: Meaning
    examples: Mapping[str, str]


_Places = frozenset[int]
_Atom = tuple[str, Any, _Places]
"""One place in a pattern: its kind (word, slot, gap, end), what stands there, the places that may follow. There are thousands."""


class _State:
    """Where several patterns stand after the same words. What follows is worked out when a text first comes here."""

    __slots__ = ("_live", "_places", "forms", "gaps", "slots", "words")

    def __init__(self, places: _Places) -> None:
        self._places: _Places | None = places
        self._live: dict[Starts, list[_Slot]] = {}
        self.forms: list[Form] = []
        self.words: dict[str, _State] = {}
        self.slots: list[_Slot] = []
        self.gaps: list[tuple[str, _State]] = []

    def reached(self, grammar: Grammar) -> _State:
        """This state, with what may follow."""
        if self._places is not None:
            self._open(grammar, self._places)
            self._places = None
        return self

    def _open(self, grammar: Grammar, places: _Places) -> None:
        words: dict[str, set[int]] = {}
        slots: dict[tuple[str, str], set[int]] = {}
        gaps: dict[str, set[int]] = {}
        for place in sorted(places):
            kind, value, following = grammar.atoms[place]
            if kind == "end":
                self.forms.append(value)
            elif kind == "word":
                words.setdefault(value, set()).update(following)
            elif kind == "slot":
                slots.setdefault(value, set()).update(following)
            else:
                gaps.setdefault(value, set()).update(following)
        self.words = {word: grammar.state(frozenset(after)) for word, after in words.items()}
        self.slots = [(symbol, name, grammar.state(frozenset(after))) for (symbol, name), after in slots.items()]
        self.gaps = [(name, grammar.state(frozenset(after))) for name, after in gaps.items()]

    def live(self, starts: Starts) -> list[_Slot]:
        """The slots whose symbol can begin with a token that starts `starts`."""
        if not self.slots:
            return self.slots
        known = self._live.get(starts)
        if known is None:
            known = self._live[starts] = [slot for slot in self.slots if slot[0] in starts]
        return known


_Slot = tuple[str, str, _State]
Starts = frozenset[str]
"""The symbols and classes that can begin at a token."""


class Grammar:
    """Forms by symbol. Register with `@grammar.form(symbol, *patterns, examples=...)`; compiled when first needed.

    A pattern becomes a chain of places, each with the places that may follow (a choice is a set of them), so its size is the size
    of the pattern. Patterns are walked together, a set of places at a time; the sets that texts reach are remembered as states.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.forms: list[Form] = []
        self.readers: dict[str, Reader] = {}  # symbols read by a function instead of forms (chains)
        self.atoms: list[_Atom] = []
        self._roots: dict[str, _State] = {}
        self._states: dict[_Places, _State] = {}
        self._anywhere: Starts = frozenset()  # symbols that can begin with any token
        self._beginnings: dict[str, Starts] = {}  # a word or class to the symbols that can begin with it
        self._starts: dict[tuple[str, ...], Starts] = {}

    def form(self, symbol: str, *patterns: str, examples: Mapping[str, str] | None = None) -> Callable[[Meaning], Meaning]:
        """Register the decorated function as the meaning of `patterns` for `symbol`."""

        def register(meaning: Meaning) -> Meaning:
            self.add(symbol, meaning.__name__.strip("_"), patterns, meaning, examples or {})
            return meaning

        return register

    def add(self, symbol: str, name: str, patterns: Sequence[str], meaning: Meaning, examples: Mapping[str, str]) -> None:
        """Add one form."""
        self.forms.append(Form(symbol, name, tuple(patterns), meaning, examples))

    def compile(self) -> None:
        """Turn patterns into places. Harmless to repeat."""
        if self._roots:
            return
        roots: dict[str, set[int]] = {}
        for form in self.forms:
            end = self._place("end", form, frozenset())
            for pattern in form.patterns:
                atoms = _ATOM.findall(pattern)
                if "".join(atoms) != pattern.replace(" ", ""):
                    raise ValueError(f"stray bracket in pattern: {pattern}")
                start, rest = self._alternatives(atoms, len(atoms), end)
                if rest or end <= start:
                    raise ValueError(f"unbalanced or empty pattern: {pattern}")
                roots.setdefault(form.symbol, set()).update(start)
        self._roots = {symbol: self.state(frozenset(places)) for symbol, places in roots.items()}
        self._index()

    def root(self, symbol: str) -> _State | None:
        """Where the forms of `symbol` begin, or None for a class of the lexicon."""
        state = self._roots.get(symbol)
        return state.reached(self) if state is not None else None

    def state(self, places: _Places) -> _State:
        """The state of a set of places."""
        known = self._states.get(places)
        if known is None:
            known = self._states[places] = _State(places)
        return known

    def starts(self, token: Token) -> Starts:
        """What can begin with `token`; few for most words, so that few are tried."""
        word = token.word if token.word in self._beginnings else ""
        key = (word, *token.values)
        known = self._starts.get(key)
        if known is None:
            known = self._anywhere.union(token.values, *(self._beginnings.get(each, ()) for each in key))
            self._starts[key] = known
        return known

    def _index(self) -> None:
        anywhere = set(self.readers)
        beginnings: dict[str, set[str]] = {}
        for symbol in self._roots:
            first = self._first(symbol, set())
            if first is None:
                anywhere.add(symbol)
            for each in first or ():
                beginnings.setdefault(each, set()).add(symbol)
        self._anywhere = frozenset(anywhere)
        self._beginnings = {each: frozenset(symbols) for each, symbols in beginnings.items()}

    def _first(self, symbol: str, seen: set[str]) -> Starts | None:
        """Words and classes a symbol can begin with; None: anything (a form begins with free text)."""
        if symbol in seen:
            return frozenset()
        if symbol in self.readers:
            return None
        root = self.root(symbol)
        starts = {symbol}
        if root is None:
            return frozenset(starts)
        if root.gaps:
            return None
        starts.update(root.words)
        for inner, _, _ in root.slots:
            more = self._first(inner, seen | {symbol})
            if more is None:
                return None
            starts.update(more)
        return frozenset(starts)

    def _place(self, kind: str, value: Any, following: _Places) -> _Places:  # noqa: ANN401 - a form or words
        self.atoms.append((kind, value, following))
        return frozenset((len(self.atoms) - 1,))

    def _alternatives(self, atoms: list[str], end: int, after: _Places) -> tuple[_Places, int]:
        """The places where a group begins, read backwards from `end` to the bracket that opens it."""
        starts: _Places = frozenset()
        current = after
        at = end
        while at > 0 and atoms[at - 1] not in "([":
            atom = atoms[at - 1]
            if atom == "|":
                starts |= current
                current = after
                at -= 1
            elif atom in ")]":
                inner, opening = self._alternatives(atoms, at - 1, current)
                if opening < 1 or atoms[opening - 1] + atom not in ("()", "[]"):
                    raise ValueError(f"unbalanced pattern: {' '.join(atoms)}")
                current = inner | current if atom == "]" else inner
                at = opening - 1
            else:
                current = self._atom(atom, current)
                at -= 1
        return starts | current, at

    def _atom(self, atom: str, after: _Places) -> _Places:
        if atom[0] != "<":
            return self._place("word", atom, after)
        if atom.endswith("...>"):
            return self._place("gap", atom[1:-4], after)
        symbol, _, name = atom[1:-1].partition(":")
        return self._place("slot", (symbol, name or symbol), after)


Captured = tuple[tuple[str, Any], ...]
Found = tuple[int, Any]
_Match = tuple[int, int, Form, Captured]  # end, words said, form, what it captured
_NOTHING: Final[list[Found]] = []


Reader = Callable[["Parse", int], "list[Found]"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Free text a form captured: tokens `start` to `end`."""

    start: int
    end: int


def _longest_first(match: _Match) -> tuple[int, int]:
    return -match[0], -match[1]


def _free(captured: Captured) -> int:
    """How many tokens were taken as free text."""
    return sum(value.end - value.start for _, value in captured if isinstance(value, Gap))


class Parse:
    """One text being read. `context` is handed to every meaning."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token], context: Any) -> None:  # noqa: ANN401 - each grammar has its own
        """Prepare to read `tokens`."""
        grammar.compile()
        self.grammar = grammar
        self.tokens = tokens
        self.context = context
        self.steps = 0
        self._depth = 0
        self.memory: dict[Any, Any] = {}  # what readers wish to remember about this text
        self._starts = [grammar.starts(token) for token in tokens]
        self._known: list[dict[str, list[Found]]] = [{} for _ in tokens]
        self._places: dict[str, list[int]] | None = None

    def match(self, symbol: str, at: int) -> list[Found]:
        """Every (end, value) of `symbol` from token `at`, the longest first; one value for each end."""
        if at >= len(self.tokens) or symbol not in self._starts[at]:
            return _NOTHING
        here = self._known[at]
        known = here.get(symbol)
        if known is None:
            # A form that begins with its own symbol ("third to last") finds the plain word here, and grows once.
            known = here[symbol] = self._class(symbol, at)
            if self._depth < _DEEPEST:
                self._depth += 1
                known = here[symbol] = self._match(symbol, at)
                self._depth -= 1
        return known

    def begins(self, at: int, symbols: frozenset[str]) -> bool:
        """True when one of `symbols` can begin at token `at`."""
        return not symbols.isdisjoint(self._starts[at])

    def _class(self, symbol: str, at: int) -> list[Found]:
        values = self.tokens[at].values
        return [(at + 1, values[symbol])] if symbol in values else _NOTHING

    def longest(self, symbol: str, at: int) -> Found | None:
        """The longest match, if any."""
        found = self.match(symbol, at)
        return found[0] if found else None

    def whole(self, symbol: str, start: int = 0, end: int | None = None) -> Any | None:  # noqa: ANN401 - whatever the symbol means
        """The value when `symbol` covers exactly the tokens from `start` to `end`."""
        goal = len(self.tokens) if end is None else end
        return next((value for stop, value in self.match(symbol, start) if stop == goal), None)

    def _match(self, symbol: str, at: int) -> list[Found]:
        by_end: dict[int, Any] = dict(self._class(symbol, at))
        reader = self.grammar.readers.get(symbol)
        if reader is not None:
            by_end.update(reader(self, at))
        root = self.grammar.root(symbol)
        if root is not None:
            found: list[_Match] = []
            self._walk(root, at, 0, (), found)
            if len(found) > 1:
                found.sort(key=_longest_first)
            for end, _, form, captured in found:
                if end not in by_end:
                    value = form.meaning(self.context, **dict(captured))
                    if value is not None:
                        by_end[end] = value
        return sorted(by_end.items(), reverse=True) if len(by_end) > 1 else list(by_end.items())

    def _walk(self, state: _State, at: int, words: int, captured: Captured, found: list[_Match]) -> None:
        self.steps += 1
        if state.forms:
            found.extend([(at, words, form, captured) for form in state.forms])
        if at >= len(self.tokens):
            return
        after = state.words.get(self.tokens[at].word)
        if after is not None:
            self._walk(after.reached(self.grammar), at + 1, words + 1, captured, found)
        for symbol, name, following in state.live(self._starts[at]):
            for end, value in self.match(symbol, at):
                self._walk(following.reached(self.grammar), end, words, (*captured, (name, value)), found)

    # Commands: forms with free text, matched against a whole clause.

    def commands(self, symbol: str, start: int, end: int) -> Iterator[tuple[Form, dict[str, Any]]]:
        """Forms of `symbol` that cover tokens `start` to `end` exactly, the surest first: least free text, then most literal words."""
        root = self.grammar.root(symbol)
        if root is None or start >= end:
            return
        found: list[tuple[int, Form, Captured]] = []
        self._cover(root, start, end, 0, (), found)
        found.sort(key=lambda match: (_free(match[2]), -match[0]))
        for _, form, captured in found:
            yield form, dict(captured)

    def _cover(  # noqa: PLR0917 - recursive: words by place cost less
        self, state: _State, at: int, end: int, words: int, captured: Captured, found: list[tuple[int, Form, Captured]]
    ) -> None:
        self.steps += 1
        if at == end:
            found.extend((words, form, captured) for form in state.forms)
            return
        after = state.words.get(self.tokens[at].word)
        if after is not None:
            self._cover(after.reached(self.grammar), at + 1, end, words + 1, captured, found)
        for symbol, name, following in state.live(self._starts[at]):
            for stop, value in self.match(symbol, at):
                if stop <= end:
                    self._cover(following.reached(self.grammar), stop, end, words, (*captured, (name, value)), found)
        for name, following in state.gaps:
            behind = following.reached(self.grammar)
            for stop in self._stops(behind, at, end):
                self._cover(behind, stop, end, words, (*captured, (name, Gap(at, stop))), found)

    def _stops(self, behind: _State, at: int, end: int) -> Iterator[int]:
        """Where free text that began at `at` may end: before a word or symbol that can follow, or at the clause's end.

        At most the first four and the last eight places of each following word are tried, so repeating a word cannot grow the work.
        """
        if behind.forms:
            yield end
        places: set[int] = set()
        for word, spots in self._where().items():
            if word in behind.words:
                inside = [spot for spot in spots if at < spot < end]
                places.update(inside[:4] + inside[-8:])
        for symbol, _, _ in behind.slots:
            places.update(spot for spot in range(max(at + 1, end - _LONGEST_FORM), end) if self.match(symbol, spot))
        yield from sorted(places)

    def _where(self) -> dict[str, list[int]]:
        if self._places is None:
            self._places = {}
            for index, token in enumerate(self.tokens):
                self._places.setdefault(token.word, []).append(index)
        return self._places
