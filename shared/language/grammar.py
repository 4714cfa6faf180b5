"""Forms are data, compiled once: what `parse.py` walks over the tokens of a text.

A form is a pattern with its meaning and its examples. In a pattern a plain word stands for itself, `[x]` may be absent,
`(a|b)` is a choice, `<month>` is a word class of the lexicon or another symbol of the grammar (`<num:hour>` names it), and
`<title...>` is free text up to what follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from shared.language.states import Atom, Form, Meaning, Names, Places, Sign, State
from shared.language.text import Token

if TYPE_CHECKING:
    from shared.language.parse import Reader

_ATOM = re.compile(r"\[|\]|\(|\)|\||<[^>]+>|[^\s\[\]()|<>]+")


class Grammar:
    """Forms by symbol. Register with `@grammar.form(symbol, *patterns, examples=...)`; compiled when first needed.

    A pattern becomes a chain of places, each with the places that may follow (a choice is a set of them), so its size is the size
    of the pattern. Patterns are walked together, a set of places at a time; the sets that texts reach are remembered as states.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.forms: list[Form] = []
        self.readers: dict[str, Reader] = {}  # symbols read by a function instead of forms (chains)
        self._led: dict[str, frozenset[str]] = {}  # the words and symbols these begin with
        self.atoms: list[Atom] = []
        self._roots: dict[str, State] = {}
        self._states: dict[Places, State] = {}
        self.symbols: AbstractSet[str] = frozenset()  # all that are more than a class of the lexicon
        self._words: set[str] = set()  # that stand in a pattern
        self._signs: dict[tuple[str, ...], Sign] = {}
        self._firsts: dict[str, Names | None] = {}  # a symbol to the words and classes it can begin with; None: anything
        self._anywhere: Names = frozenset()  # symbols that can begin with any token
        self._beginnings: dict[str, set[str]] = {}  # a word or class to the symbols that can begin with it

    def form(self, symbol: str, *patterns: str, examples: Mapping[str, str] | None = None) -> Callable[[Meaning], Meaning]:
        """Register the decorated function as the meaning of `patterns` for `symbol`."""

        def register(meaning: Meaning) -> Meaning:
            self.add(symbol, meaning.__name__.strip("_"), patterns, meaning, examples or {})
            return meaning

        return register

    def add(self, symbol: str, name: str, patterns: Sequence[str], meaning: Meaning, examples: Mapping[str, str]) -> None:
        """Add one form."""
        self.forms.append(Form(symbol, name, tuple(patterns), meaning, examples))

    def read(self, symbol: str, reader: Reader, begins: Iterable[str]) -> None:
        """Let `reader` find `symbol`; it begins with one of the words and symbols `begins`."""
        self.readers[symbol] = reader
        self._led[symbol] = frozenset(begins)
        self._words |= self._led[symbol]

    def compile(self) -> None:
        """Turn patterns into places. Harmless to repeat."""
        if self._roots:
            return
        roots: dict[str, set[int]] = {}
        for form in self.forms:
            end = self._place("end", form, ())
            for pattern in form.patterns:
                atoms = _ATOM.findall(pattern)
                if "".join(atoms) != pattern.replace(" ", ""):
                    raise ValueError(f"stray bracket in pattern: {pattern}")
                start, rest = self._alternatives(atoms, len(atoms), end)
                if rest or end[0] in start:
                    raise ValueError(f"unbalanced or empty pattern: {pattern}")
                roots.setdefault(form.symbol, set()).update(start)
        self._roots = {symbol: self.state(places) for symbol, places in roots.items()}
        self._index()

    def root(self, symbol: str) -> State | None:
        """Where the forms of `symbol` begin, or None for a class of the lexicon."""
        return self._roots.get(symbol)

    def state(self, places: Iterable[int]) -> State:
        """The state of a set of places; those of the form that was added first come first."""
        key = tuple(sorted({*places}))
        known = self._states.get(key)
        if known is None:
            known = self._states[key] = State(self, key)
        return known

    def signs(self, tokens: Iterable[Token]) -> list[Sign]:
        """What patterns can see of each token: few symbols can begin with most words, so that few are tried."""
        known = self._signs
        found: list[Sign] = []
        for token in tokens:
            word = token.word if token.word in self._words else ""
            key = (word, *token.values) if token.values else (word,)
            found.append(known.get(key) or self._sign(key))
        return found

    def _sign(self, key: tuple[str, ...]) -> Sign:
        word, *classes = key
        starts = self._anywhere.union(classes, *(self._beginnings.get(each, ()) for each in key))
        sign = self._signs[key] = Sign(word, frozenset(classes), starts, frozenset(("", *key)))
        return sign

    def beyond(self, symbol: str, sign: Sign) -> Names | None:
        """What can stand behind a token of this sign within `symbol`, "" when it may end there; None: anything."""
        if symbol not in sign.beyond:
            sign.beyond[symbol] = None  # while it is worked out: a symbol that begins with itself
            sign.beyond[symbol] = self._beyond(symbol, sign)
        return sign.beyond[symbol]

    def _beyond(self, symbol: str, sign: Sign) -> Names | None:
        names = {""} if symbol in sign.classes else set()
        root = self._roots.get(symbol)
        row = root[sign] if root is not None else None
        if row is not None and row[-1]:
            return None
        if symbol in self.readers:
            return self._beyond_leads(symbol, sign)
        behind = [row[1]] if row is not None and row[1] is not None else []
        for inner, _, following in row[2] if row is not None else ():
            second = self.beyond(inner, sign)
            if second is None:
                return None
            names |= second - {""}
            if "" in second:
                behind.append(following)
        for state in behind:
            following_names = self._next(state)
            if following_names is None:
                return None
            names |= following_names
        return frozenset(names)

    def _beyond_leads(self, symbol: str, sign: Sign) -> Names | None:
        """Of a symbol that a function reads: anything, unless all that it can begin with needs more."""
        names: set[str] = set()
        for inner in self._led.get(symbol, (sign.word,)):
            second = self.beyond(inner, sign) if inner != sign.word else None
            if second is None or "" in second:
                return None
            names |= second
        return frozenset(names)

    def _next(self, state: State) -> Names | None:
        """What a token can be that follows, "" when a form ends here; None: anything."""
        names = {""} if state.opened().forms else set()
        names.update(state.words)
        for symbol, _, _ in state.slots:
            first = self._firsts.get(symbol, frozenset((symbol,)))
            if first is None:
                return None
            names |= first
        return frozenset(names) if not state.gaps else None

    def _index(self) -> None:
        self.symbols = self._roots.keys() | self.readers.keys()
        self._firsts = {symbol: self._first(symbol, set()) for symbol in self.symbols}
        self._anywhere = frozenset(symbol for symbol, first in self._firsts.items() if first is None)
        for symbol, first in self._firsts.items():
            for each in first or ():
                self._beginnings.setdefault(each, set()).add(symbol)

    def _first(self, symbol: str, seen: set[str]) -> Names | None:
        """Words and classes a symbol can begin with; None: anything (a form begins with free text)."""
        if symbol in seen:
            return frozenset()
        if symbol in self.readers and symbol not in self._led:
            return None
        root = self._roots.get(symbol)
        starts = {symbol}
        inside = set(self._led.get(symbol, ()))
        if root is not None:
            if root.opened().gaps:
                return None
            starts.update(root.words)
            inside.update(inner for inner, _, _ in root.slots)
        for inner in inside:
            more = self._first(inner, seen | {symbol})
            if more is None:
                return None
            starts.update(more)
        return frozenset(starts)

    def _place(self, kind: str, value: Any, following: Places) -> Places:  # noqa: ANN401 - a form or words
        self.atoms.append((kind, value, following))
        return (len(self.atoms) - 1,)

    def _alternatives(self, atoms: list[str], end: int, after: Places) -> tuple[Places, int]:
        """The places where a group begins, read backwards from `end` to the bracket that opens it."""
        starts: Places = ()
        current = after
        while end > 0:
            atom = atoms[end - 1]
            if atom in "([":
                break
            end -= 1
            if atom == "|":
                starts += current
                current = after
            elif atom in ")]":
                inner, opening = self._alternatives(atoms, end, current)
                if opening < 1 or atoms[opening - 1] + atom not in ("()", "[]"):
                    raise ValueError(f"unbalanced pattern: {' '.join(atoms)}")
                current = inner + current if atom == "]" else inner
                end = opening - 1
            elif atom[0] == "<":
                current = self._slot(atom, current)
            else:
                self._words.add(atom)
                current = self._place("word", atom, current)
        return starts + current, end

    def _slot(self, atom: str, after: Places) -> Places:
        if atom.endswith("...>"):
            return self._place("gap", atom[1:-4], after)
        symbol, _, name = atom[1:-1].partition(":")
        return self._place("slot", (symbol, name or symbol), after)
