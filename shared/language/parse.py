"""One text being read: the forms of a grammar, walked over its tokens.

`Parse.match` finds every end a symbol can have from a position, the longest first, and remembers it, so each symbol is tried once at
each position: work grows with the length of the text, and `Parse.steps` counts it so that a test can say so. `Parse.commands` does
the same for forms with free text, which cover a whole clause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shared.language.states import END, Form, Row, State

if TYPE_CHECKING:
    from shared.language.grammar import Grammar
    from shared.language.text import Token

_LONGEST_FORM: Final = 24
_DEEPEST: Final = 16  # symbols within symbols: "the day after the day after ..." ends here

Captured = tuple[tuple[str, Any], ...]
Found = tuple[int, Any]
Reader = Callable[["Parse", int], "list[Found]"]
_Match = tuple[int, int, Form, Captured]  # end, words said, form, what it captured
_Cover = tuple[int, Form, Captured]  # words said, form, what it captured
_NOTHING: Final[list[Found]] = []


@dataclass(frozen=True, slots=True)
class Gap:
    """Free text a form captured: tokens `start` to `end`."""

    start: int
    end: int


def _longest_first(match: _Match) -> tuple[int, int]:
    return -match[0], -match[1]


def _surest_first(cover: _Cover) -> tuple[int, int]:
    """Least free text, then most words said."""
    return sum(value.end - value.start for _, value in cover[2] if isinstance(value, Gap)), -cover[0]


class Parse:
    """One text being read. `context` is handed to every meaning."""

    def __init__(self, grammar: Grammar, tokens: Sequence[Token], context: Any) -> None:  # noqa: ANN401 - each grammar has its own
        """Prepare to read `tokens`."""
        grammar.compile()
        self.grammar = grammar
        self.tokens = tokens
        self.words = [token.word for token in tokens]
        self.context = context
        self.steps = 0
        self._depth = 0
        self.memory: dict[Any, Any] = {}  # what readers wish to remember about this text
        self._signs = [*grammar.signs(tokens), END]
        self._known: list[dict[str, list[Found]]] = [{} for _ in tokens]
        self._covers: dict[tuple[str, int, int], list[_Cover]] = {}
        self._places: dict[str, list[int]] | None = None

    def match(self, symbol: str, at: int) -> list[Found]:
        """Every (end, value) of `symbol` from token `at`, the longest first; one value for each end."""
        if at >= len(self.tokens) or symbol not in self._signs[at].starts:
            return _NOTHING
        known = self._known[at].get(symbol)
        return self._match(symbol, at) if known is None else known

    def spots(self, symbol: str) -> list[int]:
        """The tokens at which `symbol` can begin, as far as each and the one behind it tell."""
        near = [at for at, sign in enumerate(self._signs) if symbol in sign.starts]
        return [at for at in near if self._may(symbol, at)] if near else near

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
        for stop, value in self.match(symbol, start):
            if stop == goal:
                return value
        return None

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
        by_end: dict[int, Any] = dict(word)
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
        for form in forms:
            found.append((at, words, form, captured))  # noqa: PERF401 - mostly none or one
        signs = self._signs
        if after is not None:
            further = after[signs[at + 1]]
            if further is not None:
                self._walk(further, at + 1, words + 1, captured, found)
        if not slots:
            return
        known = self._known[at]
        for symbol, name, following in slots:
            matches = known.get(symbol)
            for end, value in self._match(symbol, at) if matches is None else matches:
                further = following[signs[end]]
                if further is not None:
                    self._walk(further, end, words, (*captured, (name, value)), found)

    # Commands: forms with free text, matched against a whole clause.

    def commands(self, symbol: str, start: int, end: int) -> list[_Cover]:
        """Forms of `symbol` that cover tokens `start` to `end` exactly: words said, the form, what it captured; the surest first."""
        key = (symbol, start, end)
        found = self._covers.get(key)
        if found is None:
            found = self._covers[key] = []
            root = self.grammar.root(symbol)
            row = root[self._signs[start]] if root is not None and start < end else None
            if row is not None:
                self._cover(row, start, end, 0, (), found)
            if len(found) > 1:
                found.sort(key=_surest_first)
        return found

    def _cover(  # noqa: C901, PLR0917 - recursive, and called for every step: words by place and one function cost less
        self, row: Row, at: int, end: int, words: int, captured: Captured, found: list[_Cover]
    ) -> None:
        self.steps += 1
        forms, after, slots, gaps = row
        if at == end:
            for form in forms:
                found.append((words, form, captured))  # noqa: PERF401 - mostly none or one
            return
        signs = self._signs
        if after is not None:
            further = after[signs[at + 1]]
            if further is not None:
                self._cover(further, at + 1, end, words + 1, captured, found)
        if slots:
            known = self._known[at]
            for symbol, name, following in slots:
                matches = known.get(symbol)
                for stop, value in self._match(symbol, at) if matches is None else matches:
                    further = following[signs[stop]] if stop <= end else None
                    if further is not None:
                        self._cover(further, stop, end, words, (*captured, (name, value)), found)
        for name, behind in gaps:
            for stop in self._stops(behind, at, end):
                further = behind[signs[stop]]
                if further is not None:
                    self._cover(further, stop, end, words, (*captured, (name, Gap(at, stop))), found)

    def _stops(self, behind: State, at: int, end: int) -> Sequence[int]:
        """Where free text that began at `at` may end: before a word or symbol that can follow, or at the clause's end.

        At most the first four and the last eight places of each following word are tried, so repeating a word cannot grow the work.
        """
        state = behind.opened()
        where = self._where()
        said = where.keys() & state.words.keys() if state.words else ()
        last = (end,) if state.forms else ()
        if not (said or state.slots):
            return last
        places: set[int] = set()
        for word in said:
            inside = [spot for spot in where[word] if at < spot < end]
            places.update(inside[:4] + inside[-8:])
        for symbol, _, _ in state.slots:
            spots = range(max(at + 1, end - _LONGEST_FORM), end)
            places.update([spot for spot in spots if symbol in self._signs[spot].starts and self.match(symbol, spot)])
        return (*last, *sorted(places))

    def _where(self) -> dict[str, list[int]]:
        """The words that stand in a pattern, with their places."""
        if self._places is None:
            self._places = {}
            for at, sign in enumerate(self._signs):
                if sign.word:
                    self._places.setdefault(sign.word, []).append(at)
        return self._places
