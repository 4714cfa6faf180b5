"""Whisper by faster-whisper: loaded once, int8 on the processor, one piece of audio at a time.

What differs from the library's defaults, and why: temperature 0 alone (the others draw words at random where it is unsure); the text
before is no condition (a mistake would go on for ever); voice activity detection first (nothing else tells a tone or a room from speech);
the language given (guessing it costs a pass and fails on short notes); new tokens limited; words with their own probabilities.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from shared.voice import memory
from shared.voice.models import Model, ModelUnavailable, threads
from shared.voice.transcript import Segment, Transcript, Word, weighed

if TYPE_CHECKING:
    import numpy as np
    from faster_whisper import WhisperModel
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
#: The most that is heard at once.
MAX_SECONDS = 120.0
#: New tokens in a window of half a minute: fast speech has five words a second, a word is one or two tokens.
MAX_NEW_TOKENS = 200
#: Whisper's own: a window that is likelier than this without speech, and has not been understood well, is left out.
NO_SPEECH = 0.6
#: How a model is loaded, and how it hears; `bench.voice` gives the library alone the same.
LOADED: Final[dict[str, Any]] = {"device": "cpu", "compute_type": "int8"}
HEARD: Final[dict[str, Any]] = {
    "temperature": 0.0,
    "condition_on_previous_text": False,
    "vad_filter": True,
    "no_speech_threshold": NO_SPEECH,
    "max_new_tokens": MAX_NEW_TOKENS,
    "word_timestamps": True,
}
#: What todos are made of: heard more easily when the model expects it.
HOTWORDS = "remind me, todo, buy, call, cancel, done, undo, tomorrow, tonight, every, a.m., p.m."


class DeadlinePassed(Exception):
    """It took longer than it may."""


class Whisper:
    """A model that is loaded. Not for two threads at once."""

    def __init__(self, model: Model, *, cpu_threads: int = 0) -> None:
        """Load it, and fetch it before where it may be fetched; takes seconds.

        Raises:
            ModelUnavailable: it cannot be loaded.
        """
        from faster_whisper import WhisperModel

        self.name = model.name
        logging.getLogger("faster_whisper").setLevel("WARNING")  # below that it tells what was said
        memory.keep()
        try:
            self._model: WhisperModel = WhisperModel(
                model.path, cpu_threads=threads(cpu_threads), local_files_only=not model.fetch, **LOADED
            )
        except Exception as error:  # the hub's, CTranslate2's and the tokenizer's have nothing in common
            why = "could not be fetched" if model.fetch else "cannot be loaded"
            raise ModelUnavailable(f"WHISPER_MODEL: {model.name} {why} ({type(error).__name__}: {str(error)[:200]})") from error

    def hear(
        self, samples: NDArray[np.float32], *, language: str = "en", hotwords: str = HOTWORDS, seconds: float = 0.0
    ) -> Transcript:
        """What is said in `samples`.

        Args:
            samples: float32, mono, 16,000 a second; at most 120 s.
            language: ISO 639-1, or empty to have it guessed.
            hotwords: words that are likely, in a line.
            seconds: how long that may take; 0: as long as it takes. Looked at after each window of half a minute.

        Raises:
            ValueError: more than 120 s.
            DeadlinePassed: it took too long.
        """
        length = len(samples) / SAMPLE_RATE
        if length > MAX_SECONDS + 1:
            raise ValueError(f"{length:.0f} s at once")
        if not len(samples):
            return Transcript((), language, 0.0)
        ends = time.monotonic() + seconds if seconds else None
        try:
            found, about = self._model.transcribe(samples, language=language or None, hotwords=hotwords or None, **HEARD)
            return Transcript(tuple(_segment(one) for one in _in_time(found, ends)), about.language, length)
        finally:
            memory.give_back()


def _in_time(found: Iterable[Any], ends: float | None) -> Iterator[Any]:
    """The segments, as long as there is time: the next one is heard when it is asked for.

    Raises:
        DeadlinePassed: there is no time left.
    """
    for one in found:
        yield one
        if ends is not None and time.monotonic() > ends:
            raise DeadlinePassed


def _segment(found: Any) -> Segment:  # noqa: ANN401 - faster_whisper.transcribe.Segment
    """A segment of the library's as ours, without what it repeats."""
    words = tuple(Word(word.word, float(word.start), float(word.end), float(word.probability)) for word in found.words or ())
    segment = Segment(float(found.start), float(found.end), words, float(found.avg_logprob), float(found.no_speech_prob))
    return weighed(segment, float(found.compression_ratio))
