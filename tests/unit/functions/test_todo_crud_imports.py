"""What the API needs is not paid for by events: todo-crud starts without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
ONLY_FOR_THE_API = {"fastapi", "jwt", "jinja2", "limits", "icalendar"}


def test_a_function_that_takes_events_has_not_imported_the_api() -> None:
    program = (
        "import sys\nfrom local.loading import load_function\nload_function('todo-crud')\n"
        f"print(*sorted({ONLY_FOR_THE_API!r} & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == ""
