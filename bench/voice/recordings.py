"""Recordings to measure with: the same sentences said by espeak-ng, as long as is wanted, in what telephones and messengers send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

from tools.voice_model.speech import SAMPLE_RATE, resampled, speak

TEXT = (
    "Remind me to call mom tomorrow at five pm, buy milk, cancel the gym on friday, ask Kim about the tickets for the concert, "
    "water the plants every sunday morning, and pay rent before the first of next month."
)
LENGTHS = (2, 6, 15, 30, 120)
#: So much less than its name says: encoders fill up their last frame, and what is longer than a window or a piece takes one more.
SHORTER_SECONDS = 0.5
#: Name: encoder, rate in Hz, container, MIME type; a WhatsApp note, an MMS, a download and a call.
FORMATS = {
    "ogg": ("libopus", 48_000, "ogg", "audio/ogg"),
    "amr": ("libopencore_amrnb", 8_000, "amr", "audio/amr"),
    "mp3": ("libmp3lame", 44_100, "mp3", "audio/mpeg"),
    "wav": ("pcm_s16le", 8_000, "wav", "audio/x-wav"),
}


@dataclass(frozen=True, slots=True)
class Recording:
    """A file, and what it is."""

    path: Path
    seconds: int
    format: str

    @property
    def content_type(self) -> str:
        """Its MIME type."""
        return FORMATS[self.format][3]


def make_recordings(folder: Path, lengths: Sequence[int] = LENGTHS, formats: Sequence[str] = tuple(FORMATS)) -> list[Recording]:
    """Every length in every format, as files in `folder`."""
    spoken = np.tile(speak(f"{TEXT} "), 1 + max(lengths) // 10)
    made = [Recording(folder / f"{length}.{name}", length, name) for length in lengths for name in formats]
    for one in made:
        _write(one, spoken[: round((one.seconds - SHORTER_SECONDS) * SAMPLE_RATE)])
    return made


def _write(recording: Recording, samples: NDArray[np.int16]) -> None:
    encoder, rate, container_name, _ = FORMATS[recording.format]
    scaled = resampled(samples.astype(np.float32), SAMPLE_RATE, rate)
    whole = np.asarray(np.clip(scaled, -32768, 32767), np.int16)
    with av.open(str(recording.path), "w", format=container_name) as container:
        stream = cast("av.AudioStream", container.add_stream(encoder, rate=rate, layout="mono"))
        context = stream.codec_context
        frame = av.AudioFrame.from_ndarray(whole[None, :], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        resampler = av.AudioResampler(context.format, context.layout, rate, frame_size=context.frame_size or 1024)
        for each in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(each))
        container.mux(stream.encode(None))
