"""The demo model as it lies in the repository: small, complete, and able to hear."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tools.voice_model import evaluate, speech
from tools.voice_model.vocabulary import tokens_of

MODEL = Path(__file__).parents[3] / "models" / "jotline-demo"


@pytest.fixture(scope="module")
def model() -> Any:
    return evaluate.load(MODEL)


def test_it_takes_less_than_six_megabytes() -> None:
    assert sum(file.stat().st_size for file in MODEL.iterdir()) < 6_000_000


def test_both_lists_of_its_tokens_agree() -> None:
    assert json.loads((MODEL / "vocabulary.json").read_text()) == tokens_of(MODEL / "tokenizer.json")


@pytest.mark.parametrize(
    ("voice", "said"),
    [
        ("en-us", "remind me to call mom tomorrow at five pm."),
        ("en-gb", "pick up the kids at half past three."),
        ("en-us", "I need to buy milk, and remind me to call the dentist tomorrow at nine, oh and cancel the gym thing."),
    ],
)
def test_it_hears_a_command(model: Any, voice: str, said: str) -> None:
    silence = np.zeros(speech.SAMPLE_RATE // 2, np.float32)
    spoken = speech.speak(said, voice).astype(np.float32) / 32768
    heard = evaluate.transcript(model, np.concatenate([silence, spoken, silence]))
    assert evaluate.words(heard) == evaluate.words(said)


def test_it_hears_nothing_in_silence(model: Any) -> None:
    assert evaluate.transcript(model, np.zeros(3 * speech.SAMPLE_RATE, np.float32)) == ""
