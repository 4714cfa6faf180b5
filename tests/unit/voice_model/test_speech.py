"""Speech for tests."""

import numpy as np
import pytest

from tools.voice_model import speech


def test_a_sentence_is_spoken_at_whispers_rate() -> None:
    spoken = speech.speak("remind me to call mom tomorrow at five pm")
    assert spoken.dtype == np.int16
    assert 2 < len(spoken) / speech.SAMPLE_RATE < 5
    assert int(np.abs(spoken).max()) > 1000


def test_a_faster_voice_takes_less_time() -> None:
    slow, fast = (speech.speak("water the plants", rate_words_per_minute=rate) for rate in (130, 200))
    assert len(fast) < len(slow)


def test_an_unknown_voice_is_refused() -> None:
    with pytest.raises(ValueError, match="xx-yy"):
        speech.speak("buy milk", "xx-yy")


def test_nothing_said_is_no_samples() -> None:
    assert len(speech.speak("")) == 0


def test_resampling_keeps_a_tone() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(22_050) / 22_050).astype(np.float32)
    wanted = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    assert np.abs(speech.resampled(tone, 22_050, 16_000) - wanted).max() < 1e-3


def test_voices_of_england_and_america_differ_in_sounds() -> None:
    assert speech.phonemes("tomorrow", "en-us") != speech.phonemes("tomorrow", "en-gb")
