"""The rules hold no word of any language: those stand in a folder of their own (`shared/language/english`), under names.

Every text in a rule module is read from its source. It may be a name that the program declares (a kind of token, a symbol of the
grammar, a class of the lexicon, a field, a value of a type) or marks; and what a person said is never compared with letters at all.
"""

from __future__ import annotations

import ast
import enum
import importlib
import re
import types
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from shared.language.english.language import ENGLISH
from shared.language.text import tokenise
from shared.language.words import Tables

FOLDER = Path(__file__).parents[3] / "shared/language"
RULES = sorted(FOLDER.glob("*.py"))
SOURCE = {path: path.read_text(encoding="utf-8") for path in RULES}
_WORD = re.compile(r"[^\W\d_]{2,}")
_SLOT = re.compile(r"<(\w+)(?::(\w+))?(?:\.\.\.)?>")
#: One text of every kind that carries values.
_SAMPLES = ("7", "1730", "20261124", "2026", "3/12", "3/12/2026", "2026-12-03", "2026-12-03T10:00", "7:30", "2nd", "1.5", "#a")
#: Methods that compare, as "in" and "==" do.
_COMPARING = {"get", "isdisjoint", "issubset", "issuperset", "startswith", "endswith", "removeprefix", "removesuffix"}
#: What holds words as a person wrote them: attributes of a token, and what the rules call lists of them.
_SAID = {"word", "words", "text", "said", "phrase", "title", "rest", "named", "core", "content", "verb", "base"}


ADDRESSES = {"https", "www"}  # of no language


def _declared() -> set[str]:
    """The names the program itself has: from tokens, grammar, lexicon and the types of the rule modules."""
    grammar = ENGLISH.grammar
    grammar.compile()
    names = {kind for kind, *_ in grammar.atoms} | set(grammar.readers) | set(ENGLISH.tokens.groupindex)
    for form in grammar.forms:
        names.add(form.symbol)
        names.update(name for pattern in form.patterns for slot in _SLOT.findall(pattern) for name in slot if name)
    for classes in ENGLISH.lexicon.values():
        names.update(classes)
    for token in (token for sample in _SAMPLES for token in tokenise(sample, ENGLISH.tokens, {}, {})):
        names.update(token.values)
    for path in RULES:
        module = importlib.import_module(f"shared.language.{path.stem}".removesuffix(".__init__"))
        for value in vars(module).values():
            names.update(_of_type(value))
    return names


def _of_type(value: Any) -> Iterator[str]:
    """Fields of models and data classes, values of enums and of Literal types."""
    if isinstance(value, type) and issubclass(value, enum.Enum):
        yield from (str(member.value) for member in value)
    elif isinstance(value, type) and issubclass(value, BaseModel):
        for name, field in value.model_fields.items():
            yield from (name, *_literals(field.annotation))
    elif isinstance(value, type) and is_dataclass(value):
        yield from (field.name for field in fields(value))
    else:
        yield from _literals(value)


def _literals(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from (each for each in get_args(annotation) if isinstance(each, str))
    elif isinstance(annotation, types.UnionType) or get_origin(annotation) is not None:
        for part in get_args(annotation):
            yield from _literals(part)


DECLARED = _declared()
FORMS = {form.name for form in ENGLISH.grammar.forms}


def words_in(source: str) -> list[str]:
    """Every word of a language in the texts of a module: "line: word"."""
    tree = ast.parse(source)
    apart = {id(each) for part in _read_by_nobody(tree) for each in ast.walk(part)}
    constants = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    constants |= {ast.unparse(node.target): node.value for node in tree.body if isinstance(node, ast.AnnAssign) and node.value}
    found = {(line, word) for line, text in _texts(tree, apart) if text not in DECLARED for word in _undeclared(text)}
    for node in ast.walk(tree):
        found.update(_compared(node, constants))
    return [f"{line}: {word}" for line, word in sorted(found)]


def _texts(node: ast.AST, apart: AbstractSet[int] = frozenset()) -> Iterator[tuple[int, str]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in apart:
            yield each.lineno, each.value


def _undeclared(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.islower() and word not in DECLARED]


def _read_by_nobody(tree: ast.Module) -> Iterator[ast.AST]:
    """Texts that no message is read with: documentation, errors, types, settings of a class, and names of rules."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Raise)
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
            or (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal")
            or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("__all__", "__slots__", "model_config"))
        ):
            yield node
        elif isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "rule")
            yield from (node.args if ast.unparse(node.func) == "import_module" else ())
        elif isinstance(node, ast.Compare) and _is_rule(node):
            yield from node.comparators


def _compared(node: ast.AST, constants: dict[str, ast.expr]) -> Iterator[tuple[int, str]]:
    """Letters that what was said is compared with, and names of forms that are none."""
    sides: list[ast.expr] = []
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if _is_rule(node):
            yield from ((line, name) for side in node.comparators for line, name in _texts(side) if name not in FORMS)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COMPARING:
        sides = [node.func.value, *node.args]
    if any(_is_said(side) for side in sides):
        for side in sides:
            meant = constants.get(ast.unparse(side), side)
            yield from ((side.lineno, word) for _, text in _texts(meant) for word in _WORD.findall(text))


def _is_rule(node: ast.Compare) -> bool:
    return isinstance(node.left, ast.Attribute) and node.left.attr == "rule"


def _is_said(node: ast.expr) -> bool:
    """`token.word`, `words[0]`, `title.lower()`; not `token.kind`."""
    while isinstance(node, ast.Subscript | ast.Call):
        node = node.value if isinstance(node, ast.Subscript) else node.func
        if isinstance(node, ast.Attribute) and node.attr in ("lower", "split", "strip"):
            node = node.value
    return (node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else "") in _SAID


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_rule_module_holds_no_word_of_a_language(path: Path) -> None:
    found = [each for each in words_in(SOURCE[path]) if each.partition(": ")[2] not in ADDRESSES]
    assert [f"shared/language/{path.name}:{each}" for each in found] == []


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_rule_module_imports_no_language(path: Path) -> None:
    """Only `understand` itself knows which language is usual, and asks for it when it is first called."""
    imported = re.findall(r"^from shared\.language\.english", SOURCE[path], re.MULTILINE)
    assert not imported


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ('if token.word == "please": pass', "please"),
        ('if token.word in ("for", "in"): pass', "for"),
        ('if words[0] == "date": pass', "date"),
        ('if title.lower() == "done": pass', "done"),
        ('if words[:2] == ["call", "off"]: pass', "call"),
        ('if title.startswith("call "): pass', "call"),
        ('_DAYS = frozenset({"today", "day"})\nif token.word in _DAYS: pass', "day"),
        ('_DAYS: Final = {"today", "day"}\nif _DAYS.isdisjoint(words): pass', "day"),
        ('HEADS = {"bin": 1}', "bin"),
        ('HEADS = "groceries|shopping".split("|")', "groceries"),
        ('_TOKEN = re.compile(r"\\d(?:st|nd)")', "nd"),
        ('found = f"not {day}"', "not"),
        ('if command.rule == "no_such_form": pass', "no_such_form"),
    ],
)
def test_a_word_is_found(source: str, word: str) -> None:
    assert word in [found.partition(": ")[2] for found in words_in(source)]


@pytest.mark.parametrize(
    "source",
    [
        '"""Take the words "please" and "thanks" off."""',
        'if token.kind == "word" and token.text in ("&", ","): pass',
        'for stop, piece in parse.match("piece", at): pass',
        'if "month" in token.values: pass',
        'command = Command(intent=Intent.SHOW, rule="bare_position")',
        'if command.rule == "complete_words": pass',
        'if day.grain in ("day", "weekend"): pass',
        'raise ValueError("now must be aware")',
        "if token.word in language.please: pass",
    ],
)
def test_what_is_no_word_is_left_alone(source: str) -> None:
    assert words_in(source) == []


def _tables(of: Tables, name: str) -> Iterator[tuple[str, object]]:
    for each in type(of).__annotations__:
        value = getattr(of, each)
        if isinstance(value, Tables):
            yield from _tables(value, each)
        else:
            yield f"{name}.{each}", value


TABLES = dict(_tables(ENGLISH, "language"))


def test_every_table_is_asked_for_by_a_rule() -> None:
    asked = {name for source in SOURCE.values() for name in re.findall(r"\.(\w+)", source)}
    assert [name for name in TABLES if name.partition(".")[2] not in asked] == []


def test_english_leaves_no_table_empty() -> None:
    assert [name for name, value in TABLES.items() if hasattr(value, "__len__") and not len(value)] == []
