"""Sound as a telephone has it: WAV, one channel, 8000 samples of 16 bits a second.

Reading and cutting WAV is the standard library's. Only another format, in or out, loads PyAV.
"""

from __future__ import annotations

import io
import wave
from array import array

RATE = 8000
#: The loudest sample of what Twilio would call silent; a whisper is ten times that.
SILENT_BELOW = 200


class NotWav(Exception):
    """These bytes are no WAV that can be read."""


def seconds_of(wav: bytes) -> float:
    """How long it is.

    Raises:
        NotWav: see there.
    """
    with _reading(wav) as sound:
        return sound.getnframes() / sound.getframerate()


def silent(wav: bytes) -> bool:
    """Whether nobody says anything in it.

    Raises:
        NotWav: see there.
    """
    with _reading(wav) as sound:
        if sound.getsampwidth() != 2:
            return False
        samples = array("h", sound.readframes(sound.getnframes()))
    return all(-SILENT_BELOW < sample < SILENT_BELOW for sample in samples)


def cut(wav: bytes, seconds: float) -> bytes:
    """Its first `seconds`.

    Raises:
        NotWav: see there.
    """
    into = io.BytesIO()
    with _reading(wav) as sound, wave.open(into, "wb") as shorter:
        shorter.setparams(sound.getparams())
        shorter.writeframes(sound.readframes(int(seconds * sound.getframerate())))
    return into.getvalue()


def as_telephone(data: bytes) -> bytes:
    """Sound of whatever format as the telephone would carry it.

    Raises:
        NotWav: there is no sound in it that could be read.
    """
    import av

    frames: list[bytes] = []
    try:
        with av.open(io.BytesIO(data), "r") as source:
            telephone = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in source.decode(audio=0):
                frames += [bytes(each.planes[0])[: each.samples * 2] for each in telephone.resample(frame)]
            frames += [bytes(each.planes[0])[: each.samples * 2] for each in telephone.resample(None)]
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise NotWav(type(error).__name__) from error
    into = io.BytesIO()
    with wave.open(into, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(b"".join(frames))
    return into.getvalue()


def as_mp3(wav: bytes) -> bytes:
    """The same as MP3, as Twilio offers every recording."""
    import av

    into = io.BytesIO()
    with av.open(io.BytesIO(wav), "r") as source, av.open(into, "w", format="mp3") as target:
        stream = target.add_stream("mp3", rate=source.streams.audio[0].rate)
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return into.getvalue()


def _reading(wav: bytes) -> wave.Wave_read:
    try:
        sound = wave.open(io.BytesIO(wav), "rb")  # noqa: SIM115 - the caller closes it
    except (wave.Error, EOFError) as error:
        raise NotWav(str(error)) from error
    if not sound.getframerate():
        raise NotWav("no rate")
    return sound
