"""docs/language.md works as written: its files exist, its forms can be typed in, its output is what is printed."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from local.understand import as_dicts, shown
from shared.language import reading as _reading  # noqa: F401 - registers every form
from shared.language.english.dates import grammar
from tests.unit.language.saying import NEW_YORK

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/language.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

followed = pytest.mark.skipif(
    any(form.name == "teatime" for form in grammar.forms), reason="somebody is following the page: its form is there"
)

#: What a newcomer types at the end of clocks.py and finishing.py, then every example and a sentence with it.
TYPED_IN = """
from shared.language.english.clocks import *
from shared.language.english.finishing import *
{code}
from tests.unit.language.saying import meaning
from tests.unit.language.test_language_forms import EXAMPLES, test_an_example_is_read_as_its_form_says
new = [example for example in EXAMPLES if example[0].name in ("teatime", "complete_bed")]
for example in new:
    test_an_example_is_read_as_its_form_says(*example)
print(len(new), meaning("call mum friday at teatime"), meaning("put 3 to bed"), meaning("put the kids to bed"), sep=" | ")
"""


def test_the_files_it_names_exist() -> None:
    named = set(re.findall(r"`(?:shared/language/)?((?:english/)?[a-z_]+\.py)`", PAGE))
    folders = (ROOT / "shared/language", ROOT / "shared/language/english")

    assert len(named) > 30
    assert [name for name in named if not any((folder / name).is_file() for folder in folders)] == []


def test_the_file_of_every_kind_of_form_is_in_its_table() -> None:
    loaded = "".join((ROOT / "shared/language/english" / name).read_text() for name in ("dates.py", "commands.py"))
    files = set(re.findall(r"(\w+) as _\1", loaded))

    assert [file for file in sorted(files) if f"`{file}.py`" not in PAGE] == []


@followed
def test_its_forms_can_be_typed_in() -> None:
    typed = TYPED_IN.format(code="\n".join(CODE))
    done = subprocess.run([sys.executable, "-c", typed], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout.strip().split(" | ") == [
        "3",
        "add 'Call mum' 2026-11-27T16:00",
        "complete #3",
        "add 'Put the kids to bed'",
    ]


@followed
def test_its_output_is_what_is_printed() -> None:
    printed = re.search(r"--tz America/New_York\n(call mum friday at teatime\n.*?)   \.\.\.\n", PAGE, re.DOTALL)
    line, answer = re.findall(r"echo '(.*)' \|.*\n(\[.*)\n", PAGE)[0]
    now = datetime(2026, 11, 25, 10, 0, tzinfo=NEW_YORK)

    assert printed is not None
    assert shown("call mum friday at teatime", now, NEW_YORK).startswith(printed[1])
    assert str(as_dicts(line)) == answer.replace("null", "None").replace('"', "'")
