"""What is measured with: recordings as long as they say, a model that writes what it was made to, and figures as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.voice import report
from bench.voice.recordings import FORMATS, SHORTER_SECONDS, make_recordings
from bench.voice.weights import make_model
from shared.media.audio import inspect
from shared.voice.whisper import HEARD, HOTWORDS, LOADED
from tools.voice_model.speech import speak


def heard(hearing: float, rest: float = 0.0) -> dict[str, Any]:
    return {"cpu_ms": {"transcribe": hearing, "the other functions": rest}, "took": 1.0, "said": "buy milk"}


def measured() -> dict[str, Any]:
    box = [heard(100, 10), heard(110, 10), heard(500, 30)]
    bare = {"ogg": [heard(100), heard(100), heard(500)], "amr": [heard(140)] * 3}
    alike = [heard(100), heard(100), heard(480)]
    files = [{"seconds": 2, "format": name, "box": box, "bare": found, "alike": alike} for name, found in bare.items()]
    memory = {"box": 160, "bare": 120, "alike": 110, "rest": 90}
    return {"first_seconds": {"box": 2, "bare": 1}, "pss_mb": memory, "files": files}


def test_the_table_has_medians_and_those_of_what_one_took_more_than_the_other_beside_it() -> None:
    results = {"command": "c", "hardware": "h", "versions": "v", "load_before": 0.1, "models": {"demo": [measured()]}}
    lines = report.table(results).splitlines()
    assert "| 2 s ogg | 100 | 120 | 110 | 10 | 20 (10 to 30) | 20.0 | 100 | 20.0 |" in lines
    assert "| 2 s amr | 140 | 120 | 110 | 10 | -20 (-30 to 390) | -14.3 | 100 | 20.0 |" in lines
    assert "| **2 s, all formats** | 140 | 120 | 110 | 10 | 15 (-22 to 120) | 10.7 | 100 | 20.0 |" in lines
    assert any("120 MB: +40 MB (allowed: 120); bare with memory like ours 110 MB" in line for line in lines)


@pytest.mark.parametrize("name", FORMATS)
def test_recordings_are_of_their_format_and_a_little_shorter_than_they_say(tmp_path: Path, name: str) -> None:
    [made] = make_recordings(tmp_path, [2], [name])
    found = inspect(made.path, content_type=made.content_type)
    assert found.format == name
    assert 2 - SHORTER_SECONDS <= found.seconds < 2


def test_a_model_without_training_writes_what_it_was_made_to_and_ends(tmp_path: Path) -> None:
    from faster_whisper import WhisperModel

    text = "Buy milk tomorrow at nine, and call mom."
    model = WhisperModel(str(make_model(tmp_path / "model", text, HOTWORDS, 3)), **LOADED)
    samples = speak("anything at all, said slowly").astype(np.float32) / 32768
    found, _ = model.transcribe(samples, language="en", hotwords=HOTWORDS, **HEARD)
    [segment] = found
    assert segment.text.strip() == text
    assert min(word.probability for word in segment.words) > 0.9
