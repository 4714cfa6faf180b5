"""What was heard, as words with times and probabilities, and as one text with the stretches that were heard equally well.

Whisper's mistakes are of three kinds, and only two show in its figures: it says little of silence (dropped before it gets here), it
falls into repeating itself (found here, cut, and marked as doubtful), and it writes a fluent sentence that nobody said (found by nobody:
log-probability -0.25). So a word is taken for sure only from `SURE` upwards, and what is not is asked back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from shared.events.schemas import Heard

#: Words from this probability on are heard surely, and neighbours of them are one stretch.
SURE = 0.8
#: A window whose words have a mean log-probability under this, or that compresses better than this, was hardly understood.
#: Both are Whisper's own (openai/whisper, transcribe.py).
MIN_LOG_PROBABILITY = -1.0
MAX_COMPRESSION = 2.4
#: What a word of such a window, or a repeated one, can be heard with at most: whoever said it is asked.
DOUBTFUL = 0.4
#: So many times the same words in a row are the model's, not the person's: single words may come three times ("no no no").
REPEATED_WORD, REPEATED_WORDS = 4, 3
LONGEST_REPEATED = 8
_REPEATED_LETTER = re.compile(r"(\w)\1{4,}")
#: Stretches at most: an event has 64 KiB.
STRETCHES_AT_MOST = 300


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is written, with what stands before it (a space, mostly). Times in seconds of the recording."""

    text: str
    start: float
    end: float
    probability: float  # 0 to 1, the model's own


@dataclass(frozen=True, slots=True)
class Segment:
    """What was heard without a break."""

    start: float
    end: float
    words: tuple[Word, ...]
    log_probability: float
    no_speech: float  # 0 to 1: how likely nobody speaks


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard in a piece of audio."""

    segments: tuple[Segment, ...]
    language: str
    seconds: float  # of the audio

    @property
    def text(self) -> str:
        """All of it."""
        return write(self.segments)[0]

    @property
    def silent(self) -> bool:
        """Whether nothing was heard."""
        return not self.text


def weighed(segment: Segment, compression: float) -> Segment:
    """A segment without what the model repeats, and with its words in doubt where the whole is.

    Args:
        segment: as the model gave it.
        compression: how much smaller its text gets when compressed, a factor.
    """
    words = unrepeated(segment.words)
    if segment.log_probability < MIN_LOG_PROBABILITY or compression > MAX_COMPRESSION:
        words = [_doubted(word) for word in words]
    return replace(segment, words=tuple(words))


def unrepeated(words: Sequence[Word]) -> list[Word]:
    """The words, each group that comes again and again only once, and in doubt."""
    words = [_unstuttered(word) for word in words]
    kept: list[Word] = []
    place = 0
    while place < len(words):
        for length in range(1, LONGEST_REPEATED + 1):
            times = _times(words, place, length)
            if times >= (REPEATED_WORD if length == 1 else REPEATED_WORDS):
                kept += [_doubted(word) for word in words[place : place + length]]
                place += length * times
                break
        else:
            kept.append(words[place])
            place += 1
    return kept


def write(segments: Iterable[Segment]) -> tuple[str, tuple[Heard, ...]]:
    """The text of segments in order, and its stretches: neighbours that were heard surely are one, every other word is its own."""
    text, stretches = "", list[Heard]()
    for first, word in ((word is segment.words[0], word) for segment in segments for word in segment.words):
        bare = word.text.strip()
        if not bare:
            continue
        apart = bool(text) and (first or word.text[0].isspace())
        start = len(text) + apart
        text = f"{text}{' ' * apart}{bare}"
        stretches.append(Heard(start=start, end=len(text), probability=round(word.probability, 3)))
    return text, tuple(_merged(stretches))


def as_json(segments: Iterable[Segment], shift_seconds: float = 0.0) -> list[dict[str, Any]]:
    """Segments as they are kept; `shift_seconds`: where their piece begins in the recording."""
    return [_shifted(asdict(segment), shift_seconds) for segment in segments]


def from_json(kept: Iterable[dict[str, Any]]) -> list[Segment]:
    """Segments as they were kept."""
    return [Segment(**{**one, "words": tuple(Word(**word) for word in one["words"])}) for one in kept]


def mean_probability(segments: Iterable[Segment]) -> float:
    """How surely the words were heard, on average; 0 where there are none."""
    found = [word.probability for segment in segments for word in segment.words]
    return math.fsum(found) / len(found) if found else 0.0


def _times(words: Sequence[Word], place: int, length: int) -> int:
    """How often the `length` words at `place` stand there in a row."""
    group = [_plain(word) for word in words[place : place + length]]
    times = 0
    while group and [_plain(word) for word in words[place + times * length : place + (times + 1) * length]] == group:
        times += 1
    return times


def _plain(word: Word) -> str:
    return "".join(letter for letter in word.text.casefold() if letter.isalnum())


def _unstuttered(word: Word) -> Word:
    """A word in which the model repeats a letter ("bosssssss"): the letter once, and in doubt."""
    bare = _REPEATED_LETTER.sub(r"\1", word.text)
    return word if bare == word.text else replace(_doubted(word), text=bare)


def _doubted(word: Word) -> Word:
    return replace(word, probability=min(word.probability, DOUBTFUL))


def _merged(stretches: list[Heard]) -> list[Heard]:
    """Stretches with neighbours joined that were heard surely; doubtful ones too where they would be too many."""
    joined = _joined(stretches, lambda a, b: a >= SURE and b >= SURE)
    if len(joined) > STRETCHES_AT_MOST:
        joined = _joined(joined, lambda a, b: (a >= SURE) == (b >= SURE))
    return joined


def _joined(stretches: Iterable[Heard], alike: Callable[[float, float], bool]) -> list[Heard]:
    joined: list[Heard] = []
    for one in stretches:
        if joined and alike(joined[-1].probability, one.probability):
            before = joined.pop()
            least = min(before.probability, one.probability)
            joined.append(Heard(start=before.start, end=one.end, probability=least))
        else:
            joined.append(one)
    return joined


def _shifted(segment: dict[str, Any], seconds: float) -> dict[str, Any]:
    """A segment with its times moved, rounded to what they are good for."""
    words = [
        {
            **word,
            "start": round(word["start"] + seconds, 2),
            "end": round(word["end"] + seconds, 2),
            "probability": round(word["probability"], 3),
        }
        for word in segment["words"]
    ]
    return {
        "start": round(segment["start"] + seconds, 2),
        "end": round(segment["end"] + seconds, 2),
        "words": words,
        "log_probability": round(segment["log_probability"], 3),
        "no_speech": round(segment["no_speech"], 3),
    }
