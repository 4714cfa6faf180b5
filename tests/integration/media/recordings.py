"""Real audio files of every format, made when a test asks: a tone of 300 Hz that pauses for a second every ten.

Two formats cannot be written by FFmpeg as PyAV ships it and lie beside this file, 1.5 s of the same tone each:
tone.awb      AMR-WB: 16 kHz samples through `E_IF_encode(state, 0, ...)` of Debian's libvo-amrwbenc0, after the line "#!AMR-WB"
tone-gsm.wav  GSM 06.10: `sox tone.wav -r 8000 -e gsm-full-rate tone-gsm.wav`, SoX 14.4.2
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).parent
HERTZ = 300
PAUSE_EVERY_SECONDS = 10

# name: encoder, rate in Hz, container
KINDS = {
    "note.amr": ("libopencore_amrnb", 8_000, "amr"),
    "note.ogg": ("libopus", 48_000, "ogg"),
    "note.mp3": ("libmp3lame", 44_100, "mp3"),
    "phone.mp3": ("libmp3lame", 8_000, "mp3"),
    "note.m4a": ("aac", 44_100, "mp4"),
    "note.aac": ("aac", 44_100, "adts"),
    "note.3gp": ("libopencore_amrnb", 8_000, "3gp"),
    "call.wav": ("pcm_s16le", 8_000, "wav"),
    "ulaw.wav": ("pcm_mulaw", 8_000, "wav"),
    "alaw.wav": ("pcm_alaw", 8_000, "wav"),
    "note.flac": ("flac", 16_000, "flac"),
    "note.webm": ("libopus", 48_000, "webm"),
}


def tone(seconds: float, rate: int, *, pauses: bool = True) -> NDArray[np.int16]:
    """Samples of the tone; with `pauses`, silent in the last second of every ten."""
    times = np.arange(round(seconds * rate)) / rate
    loud = times % PAUSE_EVERY_SECONDS < PAUSE_EVERY_SECONDS - 1 if pauses else np.ones_like(times)
    return np.asarray(8000 * np.sin(2 * np.pi * HERTZ * times) * loud, dtype=np.int16)


def write(folder: Path, name: str, seconds: float = 3.0) -> Path:
    """A recording of one of `KINDS`."""
    encoder, rate, container_name = KINDS[name]
    return encode(folder / name, tone(seconds, rate), encoder, rate, container_name)


def encode(path: Path, samples: NDArray[np.int16], encoder: str, rate: int, container_name: str) -> Path:
    """A file of these mono samples."""
    with av.open(str(path), "w", format=container_name) as container:
        stream = container.add_stream(encoder, rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        context = stream.codec_context
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        resampler = av.AudioResampler(context.format, context.layout, rate, frame_size=context.frame_size or 1024)
        for each in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(each))
        container.mux(stream.encode(None))
    return path


def repeated_amr(path: Path, seconds: int) -> Path:
    """A long AMR file for little work: its frames are of 20 ms and know nothing of each other."""
    frames = write(path.parent, "note.amr", PAUSE_EVERY_SECONDS).read_bytes().removeprefix(b"#!AMR\n")
    size = _frame_bytes(frames[0])
    tenth = frames[: 50 * PAUSE_EVERY_SECONDS * size]
    path.write_bytes(b"#!AMR\n" + tenth * (seconds // PAUSE_EVERY_SECONDS))
    return path


def film_without_sound(path: Path) -> Path:
    """Ten pictures, as a telephone would send a film whose microphone was off."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    return path


def _frame_bytes(first: int) -> int:
    """How long an AMR-NB frame is, from its first byte (RFC 4867 section 5.3; 3GPP TS 26.101)."""
    return (13, 14, 16, 18, 20, 21, 27, 32)[first >> 3 & 0xF]
