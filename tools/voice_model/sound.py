"""What becomes of speech on its way into Whisper: noise, a telephone, and mel frames."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from tools.voice_model.speech import SAMPLE_RATE

Samples = npt.NDArray[np.float32]


def mel(samples: Samples) -> Samples:
    """The (80, frames) that `faster_whisper.WhisperModel.transcribe` computes of `samples`, without its last, padded frame."""
    frames = _front_end()(samples)
    return np.asarray(frames[:, :-1], np.float32)


@cache
def _front_end() -> Any:  # noqa: ANN401 - faster-whisper ships no types
    from faster_whisper.feature_extractor import FeatureExtractor

    return FeatureExtractor()


def disturbed(samples: Samples, random: Random) -> Samples:
    """`samples` as one of many microphones and lines might give them: band, tilt, noise of 12 to 40 dB below the speech, loudness."""
    chance = random.random()
    heard = samples
    if chance < 0.3:
        heard = telephoned(samples, high=random.choice((2800, 3400, 3700, 3950)), low=random.choice((0, 100, 250)))
        if random.random() < 0.4:
            heard = coarse(heard, bits=random.choice((5, 6, 7, 8)))
    elif chance < 0.5:
        heard = _shaped(samples, lambda hertz: (hertz / 1000 + 0.05) ** random.uniform(-0.35, 0.35))
    elif chance < 0.6:
        heard = telephoned(samples, high=random.choice((5500, 7000)), low=0)
    if random.random() < 0.65:
        heard = noisy(heard, random.uniform(12, 40), random)
    return np.asarray(heard * (random.uniform(0.05, 1.0) / max(1e-4, float(np.abs(heard).max()))), np.float32)


def telephoned(samples: Samples, *, high: float = 3400, low: float = 250) -> Samples:
    """Only the band of `low` to `high` Hz."""
    return _shaped(samples, lambda hertz: (hertz < high) & (hertz >= low))


def coarse(samples: Samples, *, bits: int) -> Samples:
    """`samples` with so few bits on the u-law scale of telephony (ITU-T G.711): an error that follows the loudness, as codecs make."""
    top = float(np.abs(samples).max()) + 1e-6
    scaled = np.sign(samples) * np.log1p(255 * np.abs(samples) / top) / np.log(256)
    steps = np.round(scaled * 2 ** (bits - 1)) / 2 ** (bits - 1)
    return np.asarray(np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255 * top, np.float32)


def noisy(samples: Samples, decibels: float, random: Random) -> Samples:
    """`samples` with noise so many `decibels` below them: white, pink or brown."""
    level = float(np.sqrt(np.mean(samples**2))) + 1e-6
    return np.asarray(samples + noise(len(samples), random) * (level * 10 ** (-decibels / 20)), np.float32)


def noise(length: int, random: Random) -> Samples:
    """Noise of a mean square of 1."""
    long = random.choice(_noises())
    start = random.randrange(len(long) - length)
    return long[start : start + length]


def silence(seconds: float) -> Samples:
    """Nothing at all for so long."""
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def _shaped(samples: Samples, gain: Any) -> Samples:  # noqa: ANN401 - a function of frequencies
    length = len(samples) + -len(samples) % 800  # a length of small prime factors: the transform is fast
    spectrum = np.fft.rfft(samples, length)
    hertz = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    return np.asarray(np.fft.irfft(spectrum * gain(hertz), length)[: len(samples)], np.float32)


@cache
def _noises() -> list[Samples]:
    generator = np.random.default_rng(1)
    return [_noise(generator, fall) for fall in (0.0, 0.5, 1.0) for _ in range(6)]


def _noise(generator: np.random.Generator, fall: float, seconds: int = 40) -> Samples:
    spectrum = np.fft.rfft(generator.standard_normal(seconds * SAMPLE_RATE))
    coloured = np.fft.irfft(spectrum * np.arange(1, len(spectrum) + 1) ** -fall)
    return np.asarray(coloured / coloured.std(), np.float32)
