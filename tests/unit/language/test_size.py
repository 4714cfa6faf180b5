"""The compiled grammar must stay small: the whole box, PostgreSQL included, has 200 MB, and a cold function compiles it first.

Seen on 22 November: 168 MB, because every pattern is expanded into all of its alternatives (260,000 trie nodes). Share the inner
alternatives (a group as a symbol of its own) instead of multiplying them out.
"""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import tracemalloc, datetime, zoneinfo
import shared.language.model
tracemalloc.start()
now = datetime.datetime(2026, 11, 25, 10, 0, tzinfo=zoneinfo.ZoneInfo("America/New_York"))
for text in ("buy milk tomorrow at 5pm", "done 1-3", "what's on friday", "every 2 weeks on mon and thu call bob", "undo", "asdf qwer"):
    shared.language.understand(text, now, "America/New_York")
print(tracemalloc.get_traced_memory()[0])
"""
MOST_BYTES = 15 * 1024 * 1024


def test_the_compiled_grammar_takes_less_than_15_megabytes() -> None:
    answer = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert int(answer.stdout) < MOST_BYTES
