"""Training samples, made while they are needed: sentences spoken, put one after another, disturbed, and cut into batches of one length.

A pool of spoken sentences is renewed all the time: each is used about three times, each time among others and disturbed
differently. The silence before the first word varies: a model that always heard the same lead hears nothing after another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tools.voice_model import grammar, sound, speech
from tools.voice_model.vocabulary import BEFORE, END, SILENT, START, TIMES, UNTIMED

TRAINING_VOICES: Final = tuple(
    "en-us en-us+f1 en-us+f2 en-us+f4 en-us+f5 en-us+m1 en-us+m3 en-us+m4 en-us+m7 "
    "en-gb en-gb+f4 en-gb+f5 en-gb+m2 en-gb+m6".split()
)
UNSEEN_VOICES: Final = ("en-us+f3", "en-us+m5", "en-us+belinda", "en-gb-x-rp")

SOUNDS: Final = "abdefhijklmnopstuvwzæðŋɐɑɒɔəɚɛɜɡɪɹɾʃʊʌʒθᵻ"
"""The letters of the IPA these voices speak with. 0 is the blank of CTC, the first letter 1."""

LONGEST_SECONDS: Final = 17.5
_POOL: Final = 4000
_NEW: Final = 0.34
_IGNORED: Final = -100


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence as spoken: `tokens` is its text with the space before it, `sounds` its pronunciation."""

    samples: sound.Samples
    tokens: list[int]
    sounds: list[int]


@dataclass(frozen=True, slots=True)
class Sample:
    """Mel frames, what the decoder reads and from which index on it must answer, and the sounds in it."""

    mel: sound.Samples
    tokens: list[int]
    asked_from: int
    sounds: list[int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples side by side: mel (n, 80, frames), inputs and wanted tokens (n, length; -100: not asked).

    `sounds` are those of all samples, one after another; `sound_counts` says how many are whose.
    """

    mel: sound.Samples
    frames: npt.NDArray[np.int64]
    inputs: npt.NDArray[np.int64]
    wanted: npt.NDArray[np.int64]
    sounds: npt.NDArray[np.int64]
    sound_counts: npt.NDArray[np.int64]


@dataclass(slots=True)
class SampleMaker:
    """Makes samples without end; `share_long` of them hold several sentences."""

    tokenizer: Any
    random: Random
    share_long: float = 0.2
    _pool: list[Utterance] = field(default_factory=list)

    def sample(self) -> Sample:
        """One more."""
        if self.random.random() < 0.03:
            return self._silent()
        utterances = [self._utterance() for _ in range(self._how_many())]
        samples, spans, kept = self._laid_out(utterances)
        tokens, asked_from = self._asked(self._answer(kept, spans))
        frames = _masked(sound.mel(sound.disturbed(samples, self.random)), self.random)
        return Sample(frames, tokens, asked_from, [letter for utterance in kept for letter in utterance.sounds])

    def batches(self, positions: int) -> Iterator[Batch]:
        """Batches of about `positions` encoder positions, each of samples of like length: PyTorch prepares for each new shape."""
        waiting: dict[tuple[bool, int], list[Sample]] = {}
        while True:
            sample = self.sample()
            frames = _rounded(sample.mel.shape[1], 32 if sample.mel.shape[1] < 512 else 128)
            group = waiting.setdefault((sample.asked_from > 0, frames), [])
            group.append(sample)
            if len(group) >= positions * 2 // frames:
                yield _batch(group, frames, self._id(END))
                group.clear()

    def _how_many(self) -> int:
        if self.random.random() >= self.share_long:
            return 1
        return self.random.choices((2, 3, 4, 5, 6, 8), (40, 25, 12, 8, 6, 4))[0]

    def _utterance(self) -> Utterance:
        if len(self._pool) < _POOL or self.random.random() < _NEW:
            new = self._spoken()
            if len(self._pool) < _POOL:
                self._pool.append(new)
            else:
                self._pool[self.random.randrange(_POOL)] = new
            return new
        return self.random.choice(self._pool)

    def _spoken(self) -> Utterance:
        random = self.random
        written = grammar.sentence(random)
        voice, said = random.choice(TRAINING_VOICES), grammar.spoken(written)
        stretch = random.uniform(0.93, 1.08) if random.random() < 0.4 else 1.0
        samples = speech.waveform(said, voice, random.randint(125, 205), random.randint(20, 80), stretch)
        samples *= 0.7 / max(1e-3, float(np.abs(samples).max()))
        return Utterance(samples, self._ids(f" {written}"), letters(speech.phonemes(said, voice)))

    def _laid_out(self, utterances: list[Utterance]) -> tuple[sound.Samples, list[tuple[float, float]], list[Utterance]]:
        """One after another with pauses: the sound, when each begins and ends, and those that found room."""
        parts = [sound.silence(self.random.uniform(0, 0.6))]
        spans: list[tuple[float, float]] = []
        length = len(parts[0])
        for utterance in utterances:
            end = length + len(utterance.samples)
            if spans and end > LONGEST_SECONDS * speech.SAMPLE_RATE:
                break
            spans.append((length / speech.SAMPLE_RATE, end / speech.SAMPLE_RATE))
            pause = sound.silence(self.random.uniform(0.25, 1.2))
            parts += [utterance.samples, pause]
            length = end + len(pause)
        parts[-1] = sound.silence(self.random.uniform(0, 0.8))
        return np.concatenate(parts), spans, utterances[: len(spans)]

    def _answer(self, utterances: list[Utterance], spans: list[tuple[float, float]]) -> list[int]:
        if self.random.random() < 0.4:
            return [self._id(UNTIMED), *(token for utterance in utterances for token in utterance.tokens), self._id(END)]
        timed: list[int] = []
        for number, (utterance, (start, end)) in enumerate(zip(utterances, spans, strict=True)):
            timed += [self._time(start if number else 0), *utterance.tokens, self._time(end)]
        return [*timed, self._id(END)]

    def _asked(self, answer: list[int]) -> tuple[list[int], int]:
        """The answer behind what stands before it: often nothing, sometimes earlier text or a list of words to expect."""
        prompt: list[int] = []
        if self.random.random() < 0.08:
            earlier = " ".join(grammar.sentence(self.random) for _ in range(self.random.randint(1, 3)))
            words = ", ".join(self.random.choices(grammar.vocabulary(), k=self.random.randint(2, 24)))
            prompt = [self._id(BEFORE), *self._ids(" " + self.random.choice((earlier, words)))[-80:]]
        return [*prompt, self._id(START), *answer], len(prompt)

    def _silent(self) -> Sample:
        level = 0.0 if self.random.random() < 0.2 else 10 ** self.random.uniform(-4, -1)
        length = self.random.randint(8_000, 64_000)
        frames = sound.mel(np.asarray(sound.noise(length, self.random) * (level + 1e-6), np.float32))
        first = self.random.choice((SILENT, SILENT, UNTIMED, TIMES[0]))
        tokens, asked_from = self._asked([self._id(first), self._id(END)])
        return Sample(frames, tokens, asked_from + (0 if first == SILENT else 1), [])

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text).ids)

    def _id(self, token: str) -> int:
        return int(self.tokenizer.token_to_id(token))

    def _time(self, seconds: float) -> int:
        return self._id(TIMES[5 * round(seconds * 10)])  # to a tenth of a second: fewer tokens to learn


def letters(pronounced: str) -> list[int]:
    """The numbers of the sounds in an IPA transcription, without stress and length."""
    return [SOUNDS.index(letter) + 1 for letter in pronounced if letter in SOUNDS]


def _masked(frames: sound.Samples, random: Random) -> sound.Samples:
    """Without a few bands and moments (SpecAugment, Park et al. 2019)."""
    mean = frames.mean()
    for _ in range(2):
        height, width = random.randint(0, 9), random.randint(0, min(14, frames.shape[1] // 12))
        low, first = random.randint(0, 80 - height), random.randint(0, frames.shape[1] - width)
        frames[low : low + height] = mean
        frames[:, first : first + width] = mean
    return frames


def _rounded(number: int, step: int) -> int:
    return -(-number // step) * step


def _batch(samples: list[Sample], frames: int, end: int) -> Batch:
    length = _rounded(max(len(sample.tokens) for sample in samples) - 1, 8)
    mel = np.zeros((len(samples), 80, frames), np.float32)
    inputs = np.full((len(samples), length), end, np.int64)
    wanted = np.full((len(samples), length), _IGNORED, np.int64)
    for row, sample in enumerate(samples):
        mel[row, :, : sample.mel.shape[1]] = sample.mel
        inputs[row, : len(sample.tokens) - 1] = sample.tokens[:-1]
        wanted[row, sample.asked_from : len(sample.tokens) - 1] = sample.tokens[sample.asked_from + 1 :]
    return Batch(
        mel,
        np.array([sample.mel.shape[1] for sample in samples]),
        inputs,
        wanted,
        np.array([letter for sample in samples for letter in sample.sounds], np.int64),
        np.array([len(sample.sounds) for sample in samples]),
    )
