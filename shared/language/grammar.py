"""The matcher: forms are data, compiled once into tries, walked over tokens.

A form is a pattern with its meaning and its examples. In a pattern a plain word stands for itself, `[x]` may be absent,
`(a|b)` is a choice, `<month>` is a word class of the lexicon or another symbol of the grammar (`<num:hour>` names it), and
`<title...>` is free text up to what follows. `Parse.match` finds every end a symbol can have from a position, the longest
first, and remembers it, so each symbol is tried once at each position: work grows with the length of the text, and
`Parse.steps` counts it so that a test can say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    slots: dict[tuple[str, str], _Node] = field(default_factory=dict)
    gaps: dict[str, _Node] = field(default_factory=dict)
    forms: list[tuple[Form, int]] = field(default_factory=list)  # with the number of literal words: the more, the surer


class Grammar:
    """Forms by symbol. Register with `@grammar.form(symbol, *patterns, examples=...)`; compiled at the first match."""

    def __init__(self) -> None:
        """Start empty."""
        self.forms: list[Form] = []
        self._tries: dict[str, _Node] = {}
        self._starts: dict[str, frozenset[str] | None] = {}
        self.readers: dict[str, Reader] = {}  # symbols read by a function instead of forms (chains)

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
        """Build the tries. Harmless to repeat."""
        if self._tries:
            return
        for form in self.forms:
            root = self._tries.setdefault(form.symbol, _Node())
            for pattern in form.patterns:
                for atoms in _expand(pattern):
                    _insert(root, atoms, form)
        for symbol in self._tries:
            self._starts[symbol] = self._first(symbol, set())

    def trie(self, symbol: str) -> _Node | None:
        """The compiled forms of `symbol`, or None for a class of the lexicon."""
        return self._tries.get(symbol)

    def may_start(self, symbol: str, token: Token) -> bool:
        """False when no form of `symbol` can begin with `token`: the cheap answer for most words."""
        starts = self._starts.get(symbol)
        return starts is None or token.word in starts or not starts.isdisjoint(token.values)

    def _first(self, symbol: str, seen: set[str]) -> frozenset[str] | None:
        """Words and classes a symbol can begin with; None: anything (a form begins with free text)."""
        if symbol in seen:
            return frozenset()
        node = self._tries.get(symbol)
        starts = {symbol}
        if symbol in self.readers:
            return None
        if node is None:
            return frozenset(starts)
        if node.gaps:
            return None
        starts.update(node.words)
        for inner, _ in node.slots:
            more = self._first(inner, seen | {symbol})
            if more is None:
                return None
            starts.update(more)
        return frozenset(starts)


def _expand(pattern: str) -> list[tuple[str, ...]]:
    """Every flat sequence of atoms a pattern stands for."""
    atoms = _ATOM.findall(pattern)
    sequences, rest = _alternatives(atoms, 0)
    if rest != len(atoms):
        raise ValueError(f"unbalanced pattern: {pattern}")
    return sequences


def _alternatives(atoms: list[str], at: int) -> tuple[list[tuple[str, ...]], int]:
    done: list[tuple[str, ...]] = []
    current: list[tuple[str, ...]] = [()]
    while at < len(atoms):
        atom = atoms[at]
        if atom in ")]":
            break
        if atom == "|":
            done += current
            current = [()]
            at += 1
        elif atom in "([":
            inner, at = _alternatives(atoms, at + 1)
            inner = inner + [()] if atom == "[" else inner
            current = [left + right for left in current for right in inner]
            at += 1
        else:
            current = [(*left, atom) for left in current]
            at += 1
    return done + current, at


def _insert(root: _Node, atoms: tuple[str, ...], form: Form) -> None:
    if not atoms or len(atoms) > _LONGEST_FORM:
        raise ValueError(f"a form of {form.symbol} is empty or too long: {form.patterns}")
    node, words = root, 0
    for atom in atoms:
        if not atom.startswith("<"):
            node, words = node.words.setdefault(atom, _Node()), words + 1
        elif atom.endswith("...>"):
            node = node.gaps.setdefault(atom[1:-4], _Node())
        else:
            symbol, _, name = atom[1:-1].partition(":")
            node = node.slots.setdefault((symbol, name or symbol), _Node())
    node.forms.append((form, words))


Captured = tuple[tuple[str, Any], ...]
Found = tuple[int, Any]


Reader = Callable[["Parse", int], "list[Found]"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Free text a form captured: tokens `start` to `end`."""

    start: int
    end: int


def _free(captured: Captured) -> int:
    """How many tokens were taken as free text."""
    return sum(value.end - value.start for _, value in captured if isinstance(value, Gap))


class Parse:
    """One text being read. `context` is handed to every meaning."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token], context: Any) -> None:
        """Prepare to read `tokens`."""
        grammar.compile()
        self.grammar = grammar
        self.tokens = tokens
        self.context = context
        self.steps = 0
        self._depth = 0
        self._known: dict[tuple[str, int], list[Found]] = {}
        self._places: dict[str, list[int]] | None = None

    def match(self, symbol: str, at: int) -> list[Found]:
        """Every (end, value) of `symbol` from token `at`, the longest first; one value for each end."""
        key = (symbol, at)
        known = self._known.get(key)
        if known is None:
            # A form that begins with its own symbol ("third to last") finds the plain word here, and grows once.
            plain = self._known[key] = self._class(symbol, at)
            if self._depth < _DEEPEST:
                self._depth += 1
                known = self._known[key] = self._match(symbol, at)
                self._depth -= 1
            else:
                known = plain
        return known

    def _class(self, symbol: str, at: int) -> list[Found]:
        if at < len(self.tokens) and symbol in self.tokens[at].values:
            return [(at + 1, self.tokens[at].values[symbol])]
        return []

    def longest(self, symbol: str, at: int) -> Found | None:
        """The longest match, if any."""
        found = self.match(symbol, at)
        return found[0] if found else None

    def whole(self, symbol: str, start: int = 0, end: int | None = None) -> Any | None:
        """The value when `symbol` covers exactly the tokens from `start` to `end`."""
        goal = len(self.tokens) if end is None else end
        return next((value for stop, value in self.match(symbol, start) if stop == goal), None)

    def _match(self, symbol: str, at: int) -> list[Found]:
        if at >= len(self.tokens):
            return []
        token = self.tokens[at]
        by_end: dict[int, Any] = {}
        if symbol in token.values:
            by_end[at + 1] = token.values[symbol]
        reader = self.grammar.readers.get(symbol)
        if reader is not None:
            by_end.update(reader(self, at))
        root = self.grammar.trie(symbol)
        if root is not None and self.grammar.may_start(symbol, token):
            found: list[tuple[int, int, Form, Captured]] = []
            self._walk(root, at, (), found)
            found.sort(key=lambda match: (-match[0], -match[1]))
            for end, _, form, captured in found:
                if end not in by_end:
                    value = form.meaning(self.context, **dict(captured))
                    if value is not None:
                        by_end[end] = value
        return sorted(by_end.items(), reverse=True)

    def _walk(self, node: _Node, at: int, captured: Captured, found: list[tuple[int, int, Form, Captured]]) -> None:
        self.steps += 1
        for form, words in node.forms:
            found.append((at, words, form, captured))
        if at >= len(self.tokens):
            return
        after = node.words.get(self.tokens[at].word)
        if after is not None:
            self._walk(after, at + 1, captured, found)
        for (symbol, name), after in node.slots.items():
            for end, value in self.match(symbol, at):
                self._walk(after, end, (*captured, (name, value)), found)

    # Commands: forms with free text, matched against a whole clause.

    def commands(self, symbol: str, start: int, end: int) -> Iterator[tuple[Form, dict[str, Any]]]:
        """Forms of `symbol` that cover tokens `start` to `end` exactly, the surest first: least free text, then most literal words."""
        root = self.grammar.trie(symbol)
        if root is None or start >= end:
            return
        found: list[tuple[int, Form, Captured]] = []
        self._cover(root, start, end, (), found)
        found.sort(key=lambda match: (_free(match[2]), -match[0]))
        for _, form, captured in found:
            yield form, dict(captured)

    def _cover(self, node: _Node, at: int, end: int, captured: Captured, found: list[tuple[int, Form, Captured]]) -> None:
        self.steps += 1
        if at == end:
            found.extend((words, form, captured) for form, words in node.forms)
            return
        after = node.words.get(self.tokens[at].word)
        if after is not None:
            self._cover(after, at + 1, end, captured, found)
        for (symbol, name), after in node.slots.items():
            for stop, value in self.match(symbol, at):
                if stop <= end:
                    self._cover(after, stop, end, (*captured, (name, value)), found)
        for name, after in node.gaps.items():
            for stop in self._stops(after, at, end):
                self._cover(after, stop, end, (*captured, (name, Gap(at, stop))), found)

    def _stops(self, after: _Node, at: int, end: int) -> Iterator[int]:
        """Where free text that began at `at` may end: before a word or symbol that can follow, or at the clause's end.

        At most the first and the last eight places of each following word are tried, so repeating a word cannot grow the work.
        """
        if after.forms:
            yield end
        places: set[int] = set()
        for word in after.words:
            spots = [spot for spot in self._where(word) if at < spot < end]
            places.update(spots[:4] + spots[-8:])
        for symbol, _ in after.slots:
            spots = [spot for spot in range(max(at + 1, end - _LONGEST_FORM), end) if self.match(symbol, spot)]
            places.update(spots)
        yield from sorted(places)

    def _where(self, word: str) -> list[int]:
        if self._places is None:
            self._places = {}
            for index, token in enumerate(self.tokens):
                self._places.setdefault(token.word, []).append(index)
        return self._places.get(word, [])
