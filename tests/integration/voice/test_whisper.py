"""Whisper itself, with the model that comes with Jotline: it is loaded unmodified, hears speech, and hears nothing in silence."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from shared.media.audio import decode
from shared.voice.listener import Listener
from shared.voice.models import DEMO, Model, ModelUnavailable, choose
from shared.voice.whisper import SAMPLE_RATE, DeadlinePassed, Whisper
from tests import components
from tests.box import ROOT
from tests.studio import spoken


@pytest.fixture(scope="module")
def whisper() -> Whisper:
    return Whisper(Model(str(DEMO), "demo"), cpu_threads=1)


def samples(tmp_path: Path, text: str, **more: int) -> np.ndarray:
    file = tmp_path / "said.wav"
    file.write_bytes(spoken(text, **more))
    return decode(file)


def test_speech_is_heard_word_by_word(whisper: Whisper, tmp_path: Path) -> None:
    heard = whisper.hear(samples(tmp_path, "remind me to call mom tomorrow at five pm"))
    assert heard.language == "en"
    words = [word for segment in heard.segments for word in segment.words]
    assert len(words) >= 3
    assert all(0.0 <= word.probability <= 1.0 for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert heard.seconds == pytest.approx(words[-1].end, abs=3)


#: Hears a file and prints its words, where nothing outside the process can be reached.
ALONE = """
import asyncio, socket, sys
from pathlib import Path
from shared.media.audio import decode
from shared.voice.listener import Listener
try:
    socket.create_connection(("192.0.2.1", 443), timeout=5)
except OSError as error:
    assert "unreachable" in str(error), error
else:
    raise SystemExit("there is a network")
async def main():
    listener = Listener(sys.argv[1])
    heard = await listener.hear(await listener.model(), decode(Path(sys.argv[2])), language="en", hotwords="", seconds=120)
    print(" ".join(word.text for segment in heard.segments for word in segment.words))
asyncio.run(main())
"""


@pytest.mark.needs("unshare")
def test_half_a_minute_is_heard_where_there_is_no_network(tmp_path: Path) -> None:
    sentence = "remind me to call mom tomorrow at five pm"
    file = tmp_path / "memo.wav"
    file.write_bytes(spoken(sentence, lead_seconds=3, times=5))
    assert 28 < decode(file).size / SAMPLE_RATE < 34
    rootless = [] if os.geteuid() == 0 else ["--user", "--map-current-user"]
    command = [components.require("unshare"), *rootless, "--net", sys.executable, "-c", ALONE, str(DEMO), str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    said = re.findall(r"[a-z]+", done.stdout.lower())
    assert said[:9] == sentence.split()
    assert said.count("mom") >= 3  # the demo model is made for notes of one sentence


@pytest.mark.parametrize("seconds", [0.0, 0.3, 5.0, 40.0])
def test_silence_and_noise_are_nothing(whisper: Whisper, seconds: float) -> None:
    count = int(seconds * SAMPLE_RATE)
    noise = np.random.default_rng(1).normal(0, 0.002, count).astype(np.float32)
    tone = (0.3 * np.sin(2 * np.pi * 440 * np.arange(count) / SAMPLE_RATE)).astype(np.float32)
    for sound in (np.zeros(count, np.float32), noise, tone):
        assert whisper.hear(sound).silent


def test_no_more_than_two_minutes_at_once(whisper: Whisper) -> None:
    with pytest.raises(ValueError, match="130 s at once"):
        whisper.hear(np.zeros(130 * SAMPLE_RATE, np.float32))


def test_it_stops_when_its_time_is_over(whisper: Whisper, tmp_path: Path) -> None:
    with pytest.raises(DeadlinePassed):
        whisper.hear(samples(tmp_path, "remind me to call mom tomorrow at five pm", times=12), seconds=1e-6)


async def test_a_listener_keeps_one_model_and_loads_another_in_its_place(tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(DEMO, other)
    listener = Listener(str(DEMO), cpu_threads=1)
    first, again = await asyncio.gather(listener.model(), listener.model())
    assert first is again
    assert (await listener.model(str(other))).name == "other"
    assert (await listener.model()).name == DEMO.name


async def test_a_folder_that_is_no_model_is_a_clear_setting_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(DEMO, broken)
    (broken / "model.bin").write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match="WHISPER_MODEL: broken cannot be loaded"):
        await Listener(str(broken)).model()


def test_the_model_is_small_and_complete() -> None:
    assert sum(file.stat().st_size for file in DEMO.iterdir()) <= 6_000_000
    assert json.loads((DEMO / "preprocessor_config.json").read_text())["hop_length"] == 160
    assert choose("", str(DEMO)).name == "jotline-demo"
