"""What a process that hears does beside hearing: it reports nothing to anybody, and gives memory back."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

HEARING = """
import numpy as np
from shared.voice.models import DEMO, Model
from shared.voice.whisper import Whisper

noise = np.random.default_rng(1).normal(0, 0.1, 32_000).astype(np.float32)
Whisper(Model(str(DEMO), "demo"), cpu_threads=1).hear(noise)
"""

#: 100 MB of anything are put down; how many of them the process holds then, with and without having given them back.
HOLDING = """
from pathlib import Path

import numpy as np
from shared.voice import memory

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

memory.keep()
before = held()
many = [np.ones(10_000_000, np.uint8) for _ in range(10)]
del many
kept = held() - before
memory.give_back()
print(round(kept), round(held() - before))
"""


def run(program: str, **variables: str) -> str:
    """What a process that runs this says; it knows of no other variables than a path."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3]), **variables}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_tells_speech_from_noise_reports_nothing(tmp_path: Path) -> None:
    """onnxruntime keeps what it is going to report, and an id of the machine, in the user's cache."""
    run(HEARING, HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path))
    assert [file for file in tmp_path.rglob("*") if "onnxruntime" in file.name] == []


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's memory is looked after")
def test_memory_is_kept_until_it_is_given_back() -> None:
    kept, left = map(int, run(HOLDING, MALLOC_ARENA_MAX="1").split())
    assert kept > 90
    assert left < 20
