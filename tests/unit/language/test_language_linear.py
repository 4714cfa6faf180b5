"""No pattern of the language can backtrack without end, and reading is counted: work grows no faster than the text.

Every `re` pattern that a module of `shared.language` holds is taken apart with the parser of the standard library: a repeat without an
upper bound must not stand within another repeat unless it is possessive (it gives nothing back), and two that follow each other must not be able to match the same character. What
remains is bounded, so its work is at most a constant for each character.
"""

# ruff: noqa: E501 - texts side by side

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shared.language
from shared.language import reading as reading_module
from shared.language.english.language import ENGLISH
from shared.language.english.lexicon import LEXICON
from shared.language.model import Meanings
from shared.language.moments import Context
from shared.language.text import normalise
from tests.unit.language.saying import NEW_YORK, NOW

#: Python's own reading of a pattern, which has no types.
sre: Any = importlib.import_module("re._constants")
sre_parse: Any = importlib.import_module("re._parser")

_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT}
_LONGEST = 1_600
_SAMPLE = [chr(code) for code in range(1, 128)] + list("äßéЖ漢٣²½  ´’")
#: The most work one token may cost, counted in steps, whatever stands around it.
_STEPS_A_TOKEN = 600


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(shared.language.__path__, "shared.language."):
        yield importlib.import_module(found.name)


def _patterns() -> dict[str, re.Pattern[str]]:
    """Every compiled pattern a module holds, alone or in a collection."""
    found: dict[str, re.Pattern[str]] = {}

    def look(name: str, value: object, depth: int) -> None:
        if isinstance(value, re.Pattern):
            found[name] = value
        elif isinstance(value, (list, tuple, set, frozenset)) and depth < 3 and len(value) < 200:
            for index, each in enumerate(value):
                look(f"{name}[{index}]", each, depth + 1)
        elif isinstance(value, dict) and depth < 3 and len(value) < 200:
            for key, each in value.items():
                look(f"{name}[{key!r}]", each, depth + 1)

    for module in _modules():
        for name, value in vars(module).items():
            look(f"{module.__name__}.{name}", value, 0)
    return found


PATTERNS = _patterns()


def test_the_search_finds_patterns() -> None:
    assert "shared.language.english.lexicon.TOKENS" in PATTERNS
    assert len(PATTERNS) >= 3


def test_no_module_makes_patterns_where_the_search_cannot_see() -> None:
    """Patterns are compiled at the top of a module, never inside a function."""
    hidden = [
        f"{module.__name__}: {line.strip()}"
        for module in _modules()
        for line in Path(str(module.__file__)).read_text(encoding="utf-8").splitlines()
        if line.startswith(" ") and re.search(r"\bre\.(compile|match|search|sub|split|fullmatch|finditer|findall)\(", line)
    ]
    assert not hidden


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_pattern_cannot_backtrack_without_end(name: str) -> None:
    pattern = PATTERNS[name]
    tree = sre_parse.parse(pattern.pattern, pattern.flags & ~re.UNICODE)

    assert not list(_nested(tree, within=False)), f"a repeat without end within another: {pattern.pattern}"
    assert not list(_overlapping(tree, pattern.flags)), f"two repeats that share characters: {pattern.pattern}"


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [
        (r"(a+)+b", True), (r"(a|aa)*c", True), (r"\w+\s*\w+x", True), (r"(\d+)*", True), (r"(?:[a-z]+,?)*;", True),
        (r"a+b", False), (r"\w+ \w+", False), (r"[^ ]{1,64}@", False), (r"(?:x{1,3}-){1,4}", False),
    ],
)  # fmt: skip
def test_the_check_itself_tells_bad_from_good(pattern: str, bad: bool) -> None:
    tree = sre_parse.parse(pattern)

    assert bool(list(_nested(tree, within=False)) or list(_overlapping(tree, 0))) is bad


def _nested(tree: Any, *, within: bool) -> Iterator[Any]:
    """Repeats without an upper bound inside a repeat that can come more than once."""
    for kind, value in tree:
        if kind in _REPEATS:
            _, most, inner = value
            endless = most == sre.MAXREPEAT
            if endless and within:
                yield inner
            if endless and _ambiguous(inner):
                yield inner
            yield from _nested(inner, within=within or most > _FEW)
        else:
            for part in _parts(kind, value):
                yield from _nested(part, within=within)


_FEW = 1


def _ambiguous(inner: Any) -> bool:
    """A choice under a repeat whose branches can begin alike: (a|aa)*."""
    for kind, value in inner:
        if kind == sre.BRANCH:
            starts = [_can_begin(branch, 0) for branch in value[1]]
            if any(first & second for index, first in enumerate(starts) for second in starts[index + 1 :]):
                return True
            # (a|aa)* is kept as (a(?:|a))*: what may be left out can also begin the next round.
            if any(not branch for branch in value[1]) and set().union(*starts) & _can_begin(inner, 0):
                return True
        if kind == sre.SUBPATTERN and _ambiguous(value[3]):
            return True
    return False


def _parts(kind: Any, value: Any) -> list[Any]:
    if kind == sre.SUBPATTERN:
        return [value[3]]
    if kind == sre.BRANCH:
        return list(value[1])
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    if kind == sre.GROUPREF_EXISTS:
        return [part for part in value[1:] if part]
    return []


def _overlapping(tree: Any, flags: int) -> Iterator[tuple[Any, Any]]:
    """Two endless repeats with only optional things between them that can match the same character."""
    endless: set[str] = set()
    for kind, value in tree:
        characters = _can_begin([(kind, value)], flags)
        if kind in _REPEATS:
            least, most, inner = value
            if most == sre.MAXREPEAT:
                if endless & characters:
                    yield endless, characters
                endless = endless | characters if least == 0 else characters
            elif least > 0:
                endless = set()
            yield from _overlapping(inner, flags)
        elif kind not in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            endless = set()
            for part in _parts(kind, value):
                yield from _overlapping(part, flags)


def _can_begin(tree: Any, flags: int) -> set[str]:
    """The characters of the sample that can come first."""
    found: set[str] = set()
    for kind, value in tree:
        if kind in _REPEATS:
            found |= _can_begin(value[2], flags)
            if value[0] > 0:
                return found
        elif kind == sre.SUBPATTERN:
            return found | _can_begin(value[3], flags)
        elif kind == sre.BRANCH:
            return found.union(*(_can_begin(branch, flags) for branch in value[1]))
        elif kind in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            continue
        else:
            return found | {character for character in _SAMPLE if _matches(kind, value, character)}
    return found


def _matches(kind: Any, value: Any, character: str) -> bool:
    if kind == sre.LITERAL:
        return character.lower() == chr(value).lower()
    if kind == sre.NOT_LITERAL:
        return character != chr(value)
    if kind == sre.IN:
        negated = value[0][0] == sre.NEGATE
        return any(_matches(inner, what, character) for inner, what in value if inner != sre.NEGATE) is not negated
    if kind == sre.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    return _in_category(str(value), character) if kind == sre.CATEGORY else True  # ANY


def _in_category(name: str, character: str) -> bool:
    plain = {"DIGIT": character.isdigit(), "SPACE": character.isspace(), "WORD": character.isalnum() or character == "_"}
    return plain[name.rsplit("_", maxsplit=1)[-1]] is not ("_NOT_" in name)


# Steps.


def _steps(text: str) -> tuple[int, int]:
    """Steps of the matcher, and tokens."""
    reading = reading_module.begin(normalise(text), Context(NOW, NEW_YORK, Meanings(), ENGLISH))
    reading_module.commands_of(reading)
    return reading.parse.steps, len(reading.parse.tokens)


_HARD = (
    "at 5 to 6 to 7 to ", "every monday and tuesday , ", "from 3 to 5 and ", "the first two weeks of ", "the day after ", "early in ", "end of ",
    "a week before ", "the weekend after ", "next next ", "last 3 days of ", "sometime in ", "8am and 8pm ", "at 8 , 9 , 10 and ", "except sunday ",
    "for 3 weeks ", "repeat every ", "twenty five past ", "half past ten to ", "1 / 2 / ", "(friday) ", "2 hours before ", "friday 7-6 ",
    "q2 2027 ", "in the 90s ", "later in the ", "no later than ", "every! 3 days after done ", "the rest of the ", "same time ", "rest of all of the whole of ",
    "1-2-3-4-", "12:30:", "a.b@c", "x'*-", "'''", "http://", "#a", "2nd ", "1,1,", "every other ", "first and third ", "jan feb mar ",
)  # fmt: skip


@pytest.mark.parametrize("unit", _HARD)
def test_twice_the_text_is_at_most_twice_the_work(unit: str) -> None:
    """A long text and one twice as long; a little is allowed for what both begin with."""
    half, whole = (unit * (size // len(unit)) for size in (_LONGEST // 2, _LONGEST))

    assert _steps(whole)[0] <= 2.2 * _steps(half)[0] + 500


_WORDS = st.sampled_from(
    sorted({*LEXICON, *"the of in at by on and to - , for every until before after ( ) / . : first a end".split()})
)


@given(st.lists(_WORDS, min_size=1, max_size=40), st.integers(1, 8))
@settings(max_examples=150, deadline=None)
def test_no_word_costs_more_than_so_many_steps(words: list[str], times: int) -> None:
    text = (" ".join(words) + " ") * times

    steps, tokens = _steps(text[:_LONGEST])

    assert steps <= _STEPS_A_TOKEN * max(tokens, 8)
