"""Pure packages are functions of values: no clock, no ids of their own making, no environment, no input or output.

import-linter (pyproject.toml) keeps other packages out of them; here their own words are read.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"
PURE = ("events", "language", "messages", "policy", "schedule", "todos")
FILES = sorted(file for package in PURE for file in (SHARED / package).rglob("*.py"))

# Everything of the standard library that they may use, and the libraries that are themselves functions of values.
IMPORTS = {
    *("__future__", "abc", "base64", "bisect", "calendar", "collections", "contextlib", "copy", "dataclasses", "datetime"),
    *(
        "decimal",
        "difflib",
        "enum",
        "functools",
        "hashlib",
        "heapq",
        "hmac",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "string",
    ),
    *("textwrap", "types", "typing", "unicodedata", "urllib.parse", "uuid", "zoneinfo"),
    *("dateutil", "phonenumbers", "pydantic", "tzdata"),
    "shared",
}
# What an allowed module also offers and a pure function does not ask for.
CALLS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4"}
CALLS |= {"open", "print", "input", "breakpoint", "exec", "eval", "__import__"}
# Files that read data which ships with the package, once, as if it were a constant: places, and templates.
READS_ITS_DATA = {
    SHARED / "schedule" / "gazetteer.py": {"pathlib"},
    SHARED / "messages" / "mails" / "letters.py": {"jinja2"},
}


def impurities(source: str, allowed: set[str]) -> Iterator[str]:
    """What in `source` asks the world for something, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for name in names:
                if not any(name == one or name.startswith(f"{one}.") for one in allowed):
                    yield f"line {node.lineno}: import of {name}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if any(called == one or called.endswith(f".{one}") for one in CALLS):
                yield f"line {node.lineno}: call of {called}"


def test_the_packages_are_where_this_looks() -> None:
    assert all((SHARED / package / "__init__.py").is_file() for package in PURE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SHARED)))
def test_a_pure_module_asks_the_world_for_nothing(file: Path) -> None:
    allowed = IMPORTS | READS_ITS_DATA.get(file, set())
    assert list(impurities(file.read_text(encoding="utf-8"), allowed)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import time",
        "import random",
        "import secrets",
        "import logging",
        "import psycopg.rows",
        "from os import environ",
        "from pathlib import Path",
        "import urllib.request",
        "def f():\n    import socket",
        "from datetime import datetime\nnow = datetime.now(zone)",
        "import datetime\nnow = datetime.datetime.now()",
        "from datetime import date\nday = date.today()",
        "from uuid import uuid4\nkey = uuid4()",
        "import uuid\nkey = uuid.uuid4()",
        "text = open('list').read()",
        "print('bought')",
    ],
)
def test_what_asks_the_world_is_found(source: str) -> None:
    assert len(list(impurities(source, IMPORTS))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nat = datetime(2026, 11, 27, tzinfo=zone)",
        "from uuid import UUID, uuid5\nkey = uuid5(space, 'milk')",
        "from shared.language.model import Command",
        "from urllib.parse import urlsplit",
        "from collections.abc import Iterator",
        "def today(context): ...\nday = today(context)",
        "day = context.now(zone)",
    ],
)
def test_what_computes_is_left_alone(source: str) -> None:
    assert list(impurities(source, IMPORTS)) == []
