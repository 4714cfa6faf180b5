"""What is in an audio file: how long it is, where it can be cut, and the samples of a part of it.

Nothing a file says of itself is believed: it is decoded once from end to end, and what comes out is counted and measured, 20 ms at
a time, and thrown away. So a header that lies, a minute that unpacks to hours and a picture with a sound track all end the same
way: at 10 minutes, or at 30 s of processor time, whichever is first. No more than one part is ever held as samples; a recording that
is one part has been decoded by then, and its samples are handed on (`Audio.samples`).

PyAV (FFmpeg) decodes, in the calling thread; call these functions in a thread of their own. Only the demuxer of the file's first
bytes and decoders of audio may touch it, and it can open nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from shared.media import checking
from shared.media.errors import MediaRefused

if TYPE_CHECKING:
    import numpy as np
    from av import AudioFrame, AudioStream
    from av.container import InputContainer
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000  # Hz: what Whisper hears
MAX_SECONDS = 600.0
PIECE_SECONDS = 120.0
CUT_WITHIN_SECONDS = 20.0  # a piece ends in the last so many seconds of what it may have
_SLACK_SECONDS = 1.0  # a caller stopped after 600 s has been recorded for a little more
PROCESSOR_SECONDS = 30.0  # an old single-board computer needs 6 s for 10 minutes of Opus
_LEVELS_A_SECOND = 50
_LEVEL_SAMPLES = SAMPLE_RATE // _LEVELS_A_SECOND  # 20 ms
_QUIET_LEVELS = 15  # 300 ms: longer than a stop inside a word
_RATES = range(4_000, 192_001)  # Hz; outside, a short file is inflated by resampling
_CHANNELS = 8
_DECLARE_LENGTH = {"mp4", "flac", "webm"}  # the lengths of the others are guesses from their size
#: FFmpeg's decoders for what telephones, messengers and browsers record; no other is ever started.
_DECODERS = (
    *(
        "aac",
        "alac",
        "amrnb",
        "amrwb",
        "flac",
        "gsm",
        "gsm_ms",
        "mp1",
        "mp1float",
        "mp2",
        "mp2float",
        "mp3",
        "mp3float",
        "opus",
    ),
    *("libopencore_amrnb", "libopencore_amrwb", "libopus", "vorbis", "adpcm_ima_wav", "adpcm_ms", "pcm_alaw", "pcm_f32le"),
    *("pcm_mulaw", "pcm_s16be", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_u8"),
)

Pieces = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """What a file was found to be."""

    format: str  # a key of checking.FORMATS
    codec: str  # FFmpeg's name of the decoder
    seconds: float  # of sound that came out; 0.0 for a recording without any
    pieces: Pieces  # as `cuts` would cut it, without decoding it again
    damaged: bool = False  # parts could not be decoded, or less came out than the file says it holds: it was cut off
    samples: NDArray[np.int16] | None = field(default=None, compare=False, repr=False)  # all, of a recording that is one part


def inspect(path: Path, *, content_type: str = "", checks: Sequence[checking.Check] = checking.CHECKS) -> Audio:
    """Check a file, then decode it once to see what is in it.

    Args:
        path: the file.
        content_type: what its sender calls it; "" when unknown.
        checks: run first; see `shared.media.checking` for how to add one.

    Raises:
        MediaRefused: "unreadable", "too_large", or "too_long" (over 10 minutes).
        TryAgain: a check could not do its work.
    """
    attachment = checking.Attachment(path, path.stat().st_size, content_type)
    for check in checks:
        check(attachment)
    with _opened(path) as sound:
        levels, seconds, samples = _measure(sound)
        return Audio(
            format=sound.format,
            codec=sound.codec,
            seconds=seconds,
            pieces=_cut(levels, seconds, PIECE_SECONDS),
            damaged=sound.broken > 0 or sound.declared_seconds - seconds > max(1.0, 0.05 * sound.declared_seconds),
            samples=samples,
        )


def cuts(path: Path, at_most: float = PIECE_SECONDS) -> Pieces:
    """Where to cut a recording: consecutive parts (start, end) in seconds from 0.0 to its end, none longer than `at_most` seconds.

    Each but the last ends at the quietest place of its last 20 s. A recording without sound has no parts.

    Raises:
        MediaRefused: as `inspect`.
    """
    with _opened(path) as sound:
        levels, seconds, _ = _measure(sound)
        return _cut(levels, seconds, at_most)


def decode(path: Path, start_seconds: float = 0.0, end_seconds: float | None = None) -> NDArray[np.float32]:
    """The samples from `start_seconds` to `end_seconds` (None: to the end), mono, 16 kHz, from -1 to 1.

    What comes before is decoded and dropped frame by frame: only so the times are those of `cuts`, whatever the format.

    Raises:
        MediaRefused: as `inspect`.
    """
    import numpy as np

    last = MAX_SECONDS + _SLACK_SECONDS if end_seconds is None else end_seconds
    wanted = max(0, round((last - start_seconds) * SAMPLE_RATE))
    blocks, count = [np.zeros(0, np.int16)], 0
    with _opened(path) as sound:
        for block in sound.samples(start_seconds):
            blocks.append(block[: wanted - count])
            count += len(blocks[-1])
            if count >= wanted:
                break
    return as_heard(np.concatenate(blocks))


def as_heard(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Samples as Whisper takes them, from -1 to 1."""
    import numpy as np

    return samples.astype(np.float32) / np.float32(32768.0)


class _Sound:
    """The sound of an open file."""

    def __init__(self, container: InputContainer, stream: AudioStream, name: str) -> None:
        self._container = container
        self._stream = stream
        self._until = time.thread_time() + PROCESSOR_SECONDS
        self.format = name
        self.codec = stream.codec_context.name
        self._lead_seconds = 0.0
        self.broken = 0  # packets that could not be decoded
        declared = container.duration if name in _DECLARE_LENGTH else None
        self.declared_seconds = (declared or 0) / 1_000_000  # FFmpeg's AV_TIME_BASE

    def samples(self, start_seconds: float = 0.0) -> Iterator[NDArray[np.int16]]:
        """Mono, 16 kHz, in blocks of about a second, from `start_seconds` on."""
        drop: int | None = None
        for block in _resampled(self._frames_from(start_seconds)):
            drop = round(self._lead_seconds * SAMPLE_RATE) if drop is None else drop
            yield block[drop:]
            drop = max(0, drop - len(block))

    def _frames_from(self, start_seconds: float) -> Iterator[AudioFrame]:
        """Frames, without those that end before `start_seconds`; the first may begin before it."""
        passed = 0.0
        for frame in self._frames():
            before, passed = passed, passed + frame.samples / frame.sample_rate
            if before <= start_seconds < passed:
                self._lead_seconds = start_seconds - before
            if passed > start_seconds:
                yield frame

    def _frames(self) -> Iterator[AudioFrame]:
        """Everything that can be decoded. A packet that cannot is passed over: the rest of a recording is still worth hearing."""
        from av import FFmpegError

        packets = self._container.demux(self._stream)
        while True:
            try:
                frames = next(packets).decode()
            except StopIteration:
                return
            except FFmpegError:
                frames = []
                self.broken += 1
            if time.thread_time() > self._until:
                raise MediaRefused("unreadable", f"decoding it takes more than {PROCESSOR_SECONDS:g} s of processor time")
            for frame in frames:
                if frame.samples:
                    yield _bounded(frame)


@contextmanager
def _opened(path: Path) -> Iterator[_Sound]:
    """Open a file with the one demuxer its first bytes tell.

    Raises:
        MediaRefused: "unreadable".
    """
    import av

    name = checking.format_of(path)
    if not name:
        raise MediaRefused("unreadable", "its first bytes are of no format that is read here")
    # Neither what a file refers to nor what else is in it (a film, a cover) may start a protocol or a decoder.
    options = {"protocol_whitelist": "file", "codec_whitelist": ",".join(_DECODERS)}
    try:
        container = av.open(str(path.absolute()), format=checking.FORMATS[name], options=options, metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        raise MediaRefused("unreadable", f"it cannot be opened as {name} ({type(error).__name__})") from None
    with container:
        streams = container.streams.audio
        if not streams:
            raise MediaRefused("unreadable", f"there is no sound in this {name}")
        if getattr(streams[0].codec_context, "name", "") not in _DECODERS:  # PyAV has no context for a codec unknown to it
            raise MediaRefused("unreadable", f"the sound in this {name} is of a codec that is not decoded here")
        yield _Sound(container, streams[0], name)


def _bounded(frame: AudioFrame) -> AudioFrame:
    if frame.sample_rate not in _RATES or len(frame.layout.channels) > _CHANNELS:
        raise MediaRefused("unreadable", f"it has {len(frame.layout.channels)} channels at {frame.sample_rate} Hz")
    return frame


def _resampled(frames: Iterator[AudioFrame]) -> Iterator[NDArray[np.int16]]:
    """Frames as mono samples at 16 kHz, a second or more at a time: frames are of 20 ms, and each costs a few calls.

    Rate and channels may change on the way.
    """
    from av import AudioFifo, AudioResampler

    for _, alike in groupby(frames, key=_shape):
        resampler, waiting = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE), AudioFifo()
        for frame in alike:
            frame.pts = None  # what a file says about time is not asked
            waiting.write(frame)
            if waiting.samples >= frame.sample_rate:
                yield from _arrays(resampler.resample(waiting.read()))
        if waiting.samples:
            yield from _arrays(resampler.resample(waiting.read()))
        yield from _arrays(resampler.resample(None))


def _shape(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _arrays(frames: Iterable[AudioFrame]) -> Iterator[NDArray[np.int16]]:
    for frame in frames:
        yield frame.to_ndarray()[0]


def _measure(sound: _Sound) -> tuple[NDArray[np.float32], float, NDArray[np.int16] | None]:
    """How loud each 20 ms is, how many seconds there are, and the samples themselves unless they are more than one part.

    Raises:
        MediaRefused: "too_long" as soon as it is; "unreadable" when nothing could be decoded.
    """
    import numpy as np

    levels, rest, count = [np.zeros(0, np.float32)], np.zeros(0, np.int16), 0
    kept, most = [rest], PIECE_SECONDS * SAMPLE_RATE
    for block in sound.samples():
        count += len(block)
        if count <= most:
            kept.append(block)
        else:
            kept.clear()
        if count > (MAX_SECONDS + _SLACK_SECONDS) * SAMPLE_RATE:
            raise MediaRefused("too_long", f"it is longer than {MAX_SECONDS:g} s")
        joined = np.concatenate((rest, block))
        whole = len(joined) // _LEVEL_SAMPLES * _LEVEL_SAMPLES
        levels.append(np.abs(joined[:whole].astype(np.float32)).reshape(-1, _LEVEL_SAMPLES).mean(axis=1))
        rest = joined[whole:]
    if not count and sound.broken:
        raise MediaRefused("unreadable", f"nothing in this {sound.format} could be decoded")
    return np.concatenate(levels), count / SAMPLE_RATE, np.concatenate(kept) if count <= most else None


def _cut(levels: NDArray[np.float32], seconds: float, at_most: float) -> Pieces:
    """See `cuts`; `levels` are those of `_measure`."""
    import numpy as np

    if at_most < 1.0:
        raise ValueError("a part has at least a second")
    quiet = np.convolve(levels, np.ones(_QUIET_LEVELS), mode="same") if len(levels) else levels
    ends, start = [], 0.0
    while seconds - start > at_most:
        first, last = (
            int(each * _LEVELS_A_SECOND) for each in (start + at_most - min(CUT_WITHIN_SECONDS, at_most / 2), start + at_most)
        )
        start = (last - int(np.argmin(quiet[first:last][::-1]))) / _LEVELS_A_SECOND
        ends.append(start)
    return tuple(zip([0.0, *ends], [*ends, seconds], strict=True)) if seconds else ()
