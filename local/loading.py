"""Loading the functions from their folders, each under a module name of its own.

`functions/todo-crud/main.py` cannot be imported by name, and several `main.py` imported as `main` would silently become one.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from shared.runtime.serving import Function

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ROOT / "functions"


def load_function(name: str) -> Function:
    """The function that functions/<name>/main.py serves.

    Raises:
        FileNotFoundError: there is no such function. TypeError: its `handle` was not made by `serve`.
    """
    path = FUNCTIONS / name / "main.py"
    module_name = f"jotline_function_{name.replace('-', '_')}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    served = getattr(getattr(module, "handle", None), "served", None)
    if not isinstance(served, Function):
        raise TypeError(f"{path} has no `handle = serve(...)`")
    return served
