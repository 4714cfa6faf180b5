"""What the functions' source says: which events each takes and emits, and which paths it answers.

Taken and answered is what `serve` was given, so the function is loaded and asked. Emitted is read from the source: every event type
that a function names, or what it uses of shared.runtime and shared.web, other than as the key of a handler or to compare with.
tests/unit/manifests holds that against what a conversation emits.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from local.loading import load_function
from shared.events import schemas

ROOT = Path(__file__).parents[2]
SCHEMAS = "shared.events.schemas"
#: Modules that are followed, and packages of which a function may take whole modules.
FOLLOWED = ("shared.runtime.", "shared.web.")
WHOLE = {"shared.web"}
#: Services that run the application of a function: no event is brought to them.
APPLICATIONS = {"api": "todo-crud"}
#: Not followed: what they tell of for a function, they were given by that function (`apology=`, `carrier`).
SURROUNDINGS = {"shared.runtime.serving", "shared.runtime.services"}
TYPES_BY_CONSTANT = {name: (value,) for name, value in vars(schemas).items() if name.isupper() and isinstance(value, str)}


@dataclass(frozen=True)
class Facts:
    """A function as its source has it."""

    takes: frozenset[str]
    answers: frozenset[str]
    emits: frozenset[str]


def function_of(service: str) -> str:
    """The function whose image a Service runs: that of its name, but for a function's application that is a Service of its own."""
    return APPLICATIONS.get(service, service)


@cache
def facts_of(service: str) -> Facts:
    """The facts of functions/<function>/main.py; of an application that is a Service of its own, those of the application.

    Raises:
        FileNotFoundError: there is no such function.
    """
    source = (ROOT / "functions" / function_of(service) / "main.py").read_text(encoding="utf-8")
    served = load_function(function_of(service))
    if service in APPLICATIONS:
        return Facts(frozenset(), frozenset(), frozenset(_emitted_by_application()))
    return Facts(frozenset(served.events), frozenset(served.http), frozenset(emitted_by(source)))


def _emitted_by_application() -> set[str]:
    """The event types that shared/web emits. Which of its modules a path leads to is FastAPI's to say: all of them are read."""
    files = (file for file in (ROOT / "shared" / "web").glob("*.py"))
    return {event_type for file in files for event_type in emitted_by(file.read_text(encoding="utf-8"))}


def emitted_by(source: str) -> set[str]:
    """The event types that a function's source emits."""
    module = _Module(ast.parse(source))
    found, seen = set(module.types_in(module.tree)), set[tuple[str, str]]()
    follow = list(module.runtime_names(module.tree))
    while follow:
        name = follow.pop()
        if name not in seen and name[0] not in SURROUNDINGS:
            seen.add(name)
            whole = name[0] in WHOLE
            used = _module(".".join(name) if whole else name[0])
            for node in [used.tree] if whole else used.definitions(name[1]):
                found.update(used.types_in(node))
                follow.extend(used.runtime_names(node))
                if not whole:
                    follow.extend((name[0], one.id) for one in ast.walk(node) if isinstance(one, ast.Name))
    return found


@cache
def _module(name: str) -> _Module:
    place = ROOT.joinpath(*name.split("."))
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    return _Module(ast.parse(file.read_text(encoding="utf-8")))


class _Module:
    """A module's source: what it calls event types, and where its other names come from."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._imports = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    def definitions(self, name: str) -> Iterator[ast.stmt]:
        """The statements at the top of the module that give `name` its meaning."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
                yield node

    def runtime_names(self, node: ast.AST) -> Iterator[tuple[str, str]]:
        """What `node` uses of shared.runtime and shared.web: module and name."""
        for one in ast.walk(node):
            module = self._imports.get(one.id, ("", ""))[0] if isinstance(one, ast.Name) else ""
            if isinstance(one, ast.Name) and (module in WHOLE or module.startswith(FOLLOWED)):
                yield self._imports[one.id]

    def types_in(self, node: ast.AST) -> Iterator[str]:
        """The event types that `node` names and does something with."""
        idle = {id(one) for part in ast.walk(node) for root in _compared(part) for one in ast.walk(root)}
        for one in ast.walk(node):
            match one:
                case ast.Name(id=name) if self._imports.get(name, ("", ""))[0] == SCHEMAS and id(one) not in idle:
                    yield from TYPES_BY_CONSTANT.get(self._imports[name][1], ())
                case ast.Constant(value=str(text)) if text in schemas.TYPES and id(one) not in idle:
                    yield text
                case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]) if start.startswith("jotline."):
                    yield from (name for name in schemas.TYPES if name.startswith(start))
                case _:
                    pass


def _compared(node: ast.AST) -> list[ast.expr]:
    """Where a type is named without being emitted: the keys of handlers, and comparisons."""
    if isinstance(node, ast.keyword) and node.arg == "events" and isinstance(node.value, ast.Dict):
        return [key for key in node.value.keys if key]
    return [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
