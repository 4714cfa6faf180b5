"""Each function is one file that stands alone: import-linter cannot see into a folder called `parse-command`, so this does."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FUNCTIONS = sorted(folder for folder in (ROOT / "functions").iterdir() if folder.is_dir() and not folder.name.startswith("__"))
#: The four of the text path are always there; more may come.
TEXT_PATH = {"webhook", "parse-command", "todo-crud", "notify"}
#: Ours, but above or beside a function.
NOT_FOR_FUNCTIONS = {"functions", "local", "tests", "bench", "tools", "main"}
#: Ways around an import statement.
LOADERS = {"importlib", "runpy", "imp", "__import__", "exec", "eval"}

#: For spoken words alone: tens of megabytes each, and half a second to import.
FOR_VOICE = {"faster_whisper", "ctranslate2", "onnxruntime", "av", "numpy", "boto3", "botocore"}

each_function = pytest.mark.parametrize("folder", FUNCTIONS, ids=lambda folder: str(folder.name))


def reaching_out(source: str) -> Iterator[str]:
    """What in a function's source reaches for another function or for what stands above functions, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        elif isinstance(node, ast.Name) and node.id in LOADERS:
            names = [node.id]
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.path":
            names = ["sys.path"]
        else:
            continue
        for name in names:
            if name.startswith(".") or name == "sys.path" or name.partition(".")[0] in NOT_FOR_FUNCTIONS | LOADERS:
                yield f"line {node.lineno}: {name}"


def test_the_functions_of_the_text_path_are_there() -> None:
    assert {folder.name for folder in FUNCTIONS} >= TEXT_PATH


@each_function
def test_a_function_is_one_python_file(folder: Path) -> None:
    assert [str(file.relative_to(folder)) for file in folder.rglob("*.py")] == ["main.py"]


@each_function
def test_a_function_reaches_for_the_library_alone(folder: Path) -> None:
    assert list(reaching_out((folder / "main.py").read_text(encoding="utf-8"))) == []


@each_function
def test_a_function_opens_with_what_it_consumes_decides_and_emits(folder: Path) -> None:
    story = ast.get_docstring(ast.parse((folder / "main.py").read_text(encoding="utf-8"))) or ""
    assert story.startswith(f"{folder.name}: ")
    assert [word for word in ("Consumes", "Decides", "Emits") if not re.search(rf"^{word}\b", story, re.MULTILINE)] == []


@each_function
def test_a_function_ends_with_handle_under_its_own_name(folder: Path) -> None:
    *body, last = ast.parse((folder / "main.py").read_text(encoding="utf-8")).body
    constants = {ast.unparse(line.targets[0]): ast.unparse(line.value) for line in body if isinstance(line, ast.Assign)}
    assert isinstance(last, ast.Assign)
    assert ast.unparse(last).startswith("handle = serve(")
    assert isinstance(last.value, ast.Call)
    name = ast.unparse(last.value.args[0])
    assert constants.get(name, name) == repr(folder.name)


@pytest.mark.parametrize("folder", [one for one in FUNCTIONS if one.name != "transcribe"], ids=lambda folder: str(folder.name))
def test_a_function_imports_nothing_for_voice_not_even_later(folder: Path) -> None:
    """Imports within its functions are done too."""
    inside = [
        ast.unparse(node)
        for node in ast.walk(ast.parse((folder / "main.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__"
    ]
    load = f"import sys\nfrom local.loading import load_function\nload_function({folder.name!r})"
    tell = f"print(*sorted({FOR_VOICE!r} & {{name.partition('.')[0] for name in sys.modules}}))"
    program = "\n".join([load, *inside, tell])
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    "source",
    [
        "import local.broker",
        "from local import broker",
        "from functions.notify import main",
        "from main import handle",
        "from . import main",
        "from ..notify import main",
        "import importlib",
        "from importlib.util import spec_from_file_location",
        "__import__('main')",
        "import sys\nsys.path.append('../notify')",
        "def handle():\n    from tests import box",
    ],
)
def test_reaching_out_is_found(source: str) -> None:
    assert len(list(reaching_out(source))) == 1


def test_the_library_and_other_packages_may_be_used() -> None:
    assert list(reaching_out("import asyncio\nfrom shared.runtime.serving import serve\nimport starlette.requests")) == []
