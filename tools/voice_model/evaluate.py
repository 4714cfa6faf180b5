"""How well the exported model hears: word error rates on held-out sentences, through faster-whisper as the product uses it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from tools.voice_model import grammar, sound, speech
from tools.voice_model.samples import TRAINING_VOICES, UNSEEN_VOICES

_SETTINGS: Final = {"temperature": 0.0, "condition_on_previous_text": False, "language": "en", "vad_filter": True}
"""Those of the product."""


@dataclass(frozen=True, slots=True)
class Clip:
    """What was said, by which voice, and how that sounds."""

    written: str
    voice: str
    samples: sound.Samples


@dataclass(slots=True)
class Score:
    """Words said, words wrong (changed, left out or added), clips, clips without any error, and what was misheard."""

    words: int = 0
    errors: int = 0
    clips: int = 0
    right: int = 0
    misheard: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{100 * self.errors / self.words:.1f} % of {self.words} words wrong, {self.right} of {self.clips} clips right"


def clips(voices: Sequence[str], count: int, seed: int) -> list[Clip]:
    """`count` different held-out sentences, each said by the next of `voices` at some speed and pitch."""
    random = Random(seed)  # noqa: S311 - no secret
    written: dict[str, None] = {}
    while len(written) < count:
        written[grammar.sentence(random, held_out=True)] = None
    return [said(sentence, voices[number % len(voices)], random) for number, sentence in enumerate(written)]


def said(written: str, voice: str, random: Random) -> Clip:
    """A clip with a little silence before and after."""
    samples = speech.waveform(grammar.spoken(written), voice, random.randint(130, 200), random.randint(25, 75))
    lead, tail = sound.silence(random.uniform(0.1, 0.8)), sound.silence(random.uniform(0.2, 0.8))
    return Clip(written, voice, np.concatenate([lead, samples * (0.5 / float(np.abs(samples).max())), tail]))


def score(model: Any, heard: Sequence[Clip], *, beam: int = 5) -> Score:  # noqa: ANN401 - faster-whisper ships no types
    """What `model` (a `faster_whisper.WhisperModel`) makes of the clips."""
    total = Score()
    for clip in heard:
        got = transcript(model, clip.samples, beam=beam)
        wrong = distance(words(clip.written), words(got))
        total.words += len(words(clip.written))
        total.errors += wrong
        total.clips += 1
        total.right += wrong == 0
        if wrong:
            total.misheard.append((clip.written, got))
    return total


def transcript(model: Any, samples: sound.Samples, *, beam: int = 5) -> str:  # noqa: ANN401 - as above
    """What `model` hears, as one text."""
    segments, _ = model.transcribe(samples, beam_size=beam, **_SETTINGS)
    return " ".join(segment.text.strip() for segment in segments)


def words(text: str) -> list[str]:
    """The words of a text, without case and marks."""
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter in " '").split()


def distance(said_words: Sequence[str], heard_words: Sequence[str]) -> int:
    """The least number of words to change, leave out or add (Levenshtein)."""
    row = list(range(len(heard_words) + 1))
    for number, word in enumerate(said_words, 1):
        diagonal, row[0] = row[0], number
        for column, other in enumerate(heard_words, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
    return row[-1]


def load(folder: Path) -> Any:  # noqa: ANN401 - as above
    """The model in `folder`, as the product loads it."""
    from faster_whisper import WhisperModel

    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)


def summary(folder: Path, count: int = 32) -> str:
    """A few lines on a model in training."""
    model, started = load(folder), time.perf_counter()
    seen = score(model, clips(TRAINING_VOICES, count, 1), beam=1)
    unseen = score(model, clips(UNSEEN_VOICES, count // 2, 2), beam=1)
    scenarios = score(model, scenario_clips("en-us"), beam=1)
    took = time.perf_counter() - started
    return f"== training voices {seen}; unseen voices {unseen}; scenarios {scenarios} {scenarios.misheard[:4]} ({took:.0f} s)"


def report(folder: Path, count: int = 200) -> Iterator[str]:
    """The table of the model card, line by line; then what of the scenarios is misheard."""
    model = load(folder)
    yield "| voices | sound | beam | word error rate | clips without an error |"
    yield "|---|---|---|---|---|"
    for name, voices, seed in (("training", TRAINING_VOICES, 101), ("unseen", UNSEEN_VOICES, 102)):
        for conditions, beam, heard in _conditions(clips(voices, count, seed), seed):
            yield _row(name, conditions, beam, score(model, heard, beam=beam))
    for voice in ("en-us", "en-gb"):
        scenarios = score(model, scenario_clips(voice))
        yield _row(voice, "the product's scenarios", 5, scenarios)
        yield from (f"misheard: {said_sentence} -> {got}" for said_sentence, got in scenarios.misheard)


def scenario_clips(voice: str) -> list[Clip]:
    """The sentences of `grammar.SCENARIOS`, as `voice` says them."""
    random = Random(3)  # noqa: S311 - no secret
    return [said(written, voice, random) for written in grammar.SCENARIOS]


def _conditions(clean: list[Clip], seed: int) -> Iterator[tuple[str, int, list[Clip]]]:
    random = Random(seed)  # noqa: S311 - no secret
    yield "clean", 5, clean
    yield "clean", 1, clean
    yield "noise 20 dB below", 5, [_changed(clip, sound.noisy(clip.samples, 20, random)) for clip in clean]
    yield "telephone band", 5, [_changed(clip, sound.telephoned(clip.samples)) for clip in clean]
    yield (
        "three sentences, pauses between",
        5,
        [_together(clean[first : first + 3]) for first in range(0, len(clean) // 2 - 2, 3)],
    )


def _row(name: str, conditions: str, beam: int, total: Score) -> str:
    rate = f"{100 * total.errors / total.words:.1f} %"
    return f"| {name} | {conditions} | {beam} | {rate} ({total.errors} of {total.words}) | {total.right} of {total.clips} |"


def _changed(clip: Clip, samples: sound.Samples) -> Clip:
    return Clip(clip.written, clip.voice, samples)


def _together(several: Sequence[Clip]) -> Clip:
    return Clip(
        " ".join(clip.written for clip in several), several[0].voice, np.concatenate([clip.samples for clip in several])
    )
