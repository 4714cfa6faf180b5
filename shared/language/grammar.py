"""The matcher: forms are data, compiled once, walked over tokens.

A form is a pattern with its meaning and its examples. In a pattern a plain word stands for itself, `[x]` may be absent,
`(a|b)` is a choice, `<month>` is a word class of the lexicon or another symbol of the grammar (`<num:hour>` names it), and
`<title...>` is free text up to what follows. `Parse.match` finds every end a symbol can have from a position, the longest
first, and remembers it, so each symbol is tried once at each position: work grows with the length of the text, and
`Parse.steps` counts it so that a test can say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from shared.language.states import END, Atom, Form, Meaning, Names, Places, Row, Sign, State
from shared.language.text import Token

_ATOM = re.compile(r"\[|\]|\(|\)|\||<[^>]+>|[^\s\[\]()|<>]+")
_LONGEST_FORM: Final = 24
_DEEPEST: Final = 16  # symbols within symbols: "the day after the day after ..." ends here


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
        key = tuple(sorted(places))
        known = self._states.get(key)
        if known is None:
            known = self._states[key] = State(self, key)
        return known

    def sign(self, token: Token) -> Sign:
        """What patterns can see of `token`: few symbols can begin with most words, so that few are tried."""
        word = token.word if token.word in self._words else ""
        key = (word, *token.values)
        known = self._signs.get(key)
        if known is None:
            starts = self._anywhere.union(token.values, *(self._beginnings.get(each, ()) for each in key))
            known = self._signs[key] = Sign(word, frozenset(token.values), starts, frozenset(("", *key)))
        return known

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
        self._signs = [*(grammar.sign(token) for token in tokens), END]
        self._known: list[dict[str, list[Found]]] = [{} for _ in tokens]
        self._places: dict[str, list[int]] | None = None

    def match(self, symbol: str, at: int) -> list[Found]:
        """Every (end, value) of `symbol` from token `at`, the longest first; one value for each end."""
        if at >= len(self.tokens) or symbol not in self._signs[at].starts:
            return _NOTHING
        known = self._known[at].get(symbol)
        return self._match(symbol, at) if known is None else known

    def begins(self, at: int, symbols: frozenset[str]) -> bool:
        """True when one of `symbols` can begin at token `at`, as far as this token and the next one tell."""
        starts = self._signs[at].starts
        return not symbols.isdisjoint(starts) and any(self._may(symbol, at) for symbol in symbols & starts)

    def _may(self, symbol: str, at: int) -> bool:
        sign = self._signs[at]
        names = sign.beyond[symbol] if symbol in sign.beyond else self.grammar.beyond(symbol, sign)
        return names is None or not names.isdisjoint(self._signs[at + 1].names)

    def longest(self, symbol: str, at: int) -> Found | None:
        """The longest match, if any."""
        found = self.match(symbol, at)
        return found[0] if found else None

    def whole(self, symbol: str, start: int = 0, end: int | None = None) -> Any | None:  # noqa: ANN401 - whatever the symbol means
        """The value when `symbol` covers exactly the tokens from `start` to `end`."""
        goal = len(self.tokens) if end is None else end
        return next((value for stop, value in self.match(symbol, start) if stop == goal), None)

    def _match(self, symbol: str, at: int) -> list[Found]:
        """What `match` finds, the first time.

        A form that begins with its own symbol ("third to last") finds the plain word here, and grows once.
        """
        here = self._known[at]
        known = here[symbol] = [(at + 1, self.tokens[at].values[symbol])] if symbol in self._signs[at].classes else _NOTHING
        if symbol in self.grammar.symbols and self._depth < _DEEPEST and self._may(symbol, at):
            self._depth += 1
            known = here[symbol] = self._longer(symbol, at, known)
            self._depth -= 1
        return known

    def _longer(self, symbol: str, at: int, word: list[Found]) -> list[Found]:
        """The ends that the reader and the forms of a symbol find, beside that of the plain `word`."""
        found: list[_Match] = []
        root = self.grammar.root(symbol)
        row = root[self._signs[at]] if root is not None else None
        if row is not None:
            self._walk(row, at, 0, (), found)
        reader = self.grammar.readers.get(symbol)
        if not found and reader is None:
            return word
        by_end = dict(word)
        if reader is not None:
            by_end.update(reader(self, at))
        if len(found) > 1:
            found.sort(key=_longest_first)
        for end, _, form, captured in found:
            if end not in by_end:
                value = form.meaning(self.context, **dict(captured))
                if value is not None:
                    by_end[end] = value
        return sorted(by_end.items(), reverse=True) if len(by_end) > 1 else list(by_end.items())

    def _walk(self, row: Row, at: int, words: int, captured: Captured, found: list[_Match]) -> None:
        self.steps += 1
        forms, after, slots, _ = row
        if forms:
            found.extend([(at, words, form, captured) for form in forms])
        signs = self._signs
        if after is not None:
            further = after[signs[at + 1]]
            if further is not None:
                self._walk(further, at + 1, words + 1, captured, found)
        known = self._known[at] if slots else {}
        for symbol, name, following in slots:
            matches = known.get(symbol)
            for end, value in self._match(symbol, at) if matches is None else matches:
                further = following[signs[end]]
                if further is not None:
                    self._walk(further, end, words, (*captured, (name, value)), found)

    # Commands: forms with free text, matched against a whole clause.

    def commands(self, symbol: str, start: int, end: int) -> Iterator[tuple[Form, dict[str, Any]]]:
        """Forms of `symbol` that cover tokens `start` to `end` exactly, the surest first: least free text, then most literal words."""
        root = self.grammar.root(symbol)
        if root is None or start >= end:
            return
        found: list[tuple[int, Form, Captured]] = []
        row = root[self._signs[start]]
        if row is not None:
            self._cover(row, start, end, 0, (), found)
        found.sort(key=lambda match: (_free(match[2]), -match[0]))
        for _, form, captured in found:
            yield form, dict(captured)

    def _cover(  # noqa: PLR0917 - recursive: words by place cost less
        self, row: Row, at: int, end: int, words: int, captured: Captured, found: list[tuple[int, Form, Captured]]
    ) -> None:
        self.steps += 1
        forms, after, slots, gaps = row
        if at == end:
            found.extend([(words, form, captured) for form in forms])
            return
        signs = self._signs
        if after is not None:
            further = after[signs[at + 1]]
            if further is not None:
                self._cover(further, at + 1, end, words + 1, captured, found)
        known = self._known[at]
        for symbol, name, following in slots:
            matches = known.get(symbol)
            for stop, value in self._match(symbol, at) if matches is None else matches:
                further = following[signs[stop]] if stop <= end else None
                if further is not None:
                    self._cover(further, stop, end, words, (*captured, (name, value)), found)
        for name, behind in gaps:
            for stop in self._stops(behind.opened(), at, end):
                further = behind[signs[stop]]
                if further is not None:
                    self._cover(further, stop, end, words, (*captured, (name, Gap(at, stop))), found)

    def _stops(self, behind: State, at: int, end: int) -> list[int]:
        """Where free text that began at `at` may end: before a word or symbol that can follow, or at the clause's end.

        At most the first four and the last eight places of each following word are tried, so repeating a word cannot grow the work.
        """
        places: set[int] = set()
        where = self._where()
        for word in behind.words.keys() & where.keys():
            inside = [spot for spot in where[word] if at < spot < end]
            places.update(inside[:4] + inside[-8:])
        for symbol, _, _ in behind.slots:
            spots = range(max(at + 1, end - _LONGEST_FORM), end)
            places.update([spot for spot in spots if symbol in self._signs[spot].starts and self.match(symbol, spot)])
        return [end, *sorted(places)] if behind.forms else sorted(places)

    def _where(self) -> dict[str, list[int]]:
        if self._places is None:
            self._places = {}
            for index, token in enumerate(self.tokens):
                self._places.setdefault(token.word, []).append(index)
        return self._places
