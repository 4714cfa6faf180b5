"""Speech without a microphone: `speak(text)` answers what espeak-ng says, as 16 kHz samples.

The synthesiser is the library inside the PyPI wheel `espeakng-loader` (libespeak-ng and its voices; nothing is installed on the
machine). It is loaded at the first call, into this process: about 5 ms a sentence. It keeps global state, so one thread of a
process may speak at a time, and the same words said twice differ a little.

A voice is a language and, after a plus sign, a variant: `en-us`, `en-gb`, `en-gb-scotland`, `en-us+f2` (the files in `lang/`
and `voices/!v/` of the wheel's data). What espeak-ng says is not covered by its licence (GPL-3), which is that of the program.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

SAMPLE_RATE: Final = 16_000
"""Samples a second of everything here: what Whisper hears."""

# speak_lib.h of espeak-ng 1.52
_SYNCHRONOUS: Final = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples go to a callback before espeak_Synth returns; no thread, no waiting
_UTF8: Final = 1
_PHONEME_IPA: Final = 0x02
_RATE, _PITCH, _RANGE = 1, 3, 4
_CALLBACK: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def speak(text: str, voice: str = "en-us", rate_words_per_minute: int = 150, pitch: int = 50) -> npt.NDArray[np.int16]:
    """`text` as speech: mono, 16 kHz, without silence around it.

    Args:
        text: What to say.
        voice: A voice of espeak-ng, such as "en-us" or "en-gb+f3".
        rate_words_per_minute: 80 to 450; people speak at 130 to 200.
        pitch: 0 (low) to 99.

    Raises:
        ValueError: there is no such voice.
        ModuleNotFoundError: `espeakng-loader` is not installed.
    """
    spoken = waveform(text, voice, rate_words_per_minute, pitch)
    return np.asarray(np.clip(spoken * 32767, -32768, 32767), np.int16)


def waveform(text: str, voice: str, rate_words_per_minute: int, pitch: int, stretch: float = 1.0) -> npt.NDArray[np.float32]:
    """The same as samples of -1 to 1; a `stretch` above 1 sounds slower and lower, as from a longer throat."""
    synthesiser = _synthesiser()
    native = synthesiser.say(text, voice, rate_words_per_minute, pitch)
    return _trimmed(resampled(native, synthesiser.sample_rate, SAMPLE_RATE * stretch))


def phonemes(text: str, voice: str = "en-us") -> str:
    """How `voice` pronounces `text`, in the letters of the IPA."""
    return _synthesiser().phonemes(text, voice)


def resampled(samples: npt.NDArray[np.float32], rate: float, wanted: float) -> npt.NDArray[np.float32]:
    """`samples` at another rate, by cutting or extending their spectrum."""
    padded = np.pad(samples, (0, -len(samples) % 4410))  # a length of small prime factors: the transform is fast
    length = 2 * round(len(padded) * wanted / rate / 200) * 100
    spectrum = np.fft.rfft(padded)
    kept = np.zeros(length // 2 + 1, spectrum.dtype)
    common = min(len(kept), len(spectrum))
    kept[:common] = spectrum[:common]
    return np.asarray(np.fft.irfft(kept, length) * (length / len(padded)), np.float32)


def _trimmed(samples: npt.NDArray[np.float32], quiet: float = 0.004) -> npt.NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(samples) > quiet)
    return samples[max(0, loud[0] - 160) : loud[-1] + 800] if len(loud) else samples[:0]


class _Synthesiser:
    """libespeak-ng, as loaded into this process."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        self.sample_rate: int = self._library.espeak_Initialize(
            _SYNCHRONOUS, 0, str(espeakng_loader.get_data_path()).encode(), 0
        )
        if self.sample_rate <= 0:
            raise RuntimeError("libespeak-ng does not start")
        self._heard: list[npt.NDArray[np.int16]] = []
        self._hear = _CALLBACK(self._keep)  # held here: the library keeps only its address
        self._library.espeak_SetSynthCallback(self._hear)
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._voice = ""

    def say(self, text: str, voice: str, rate: int, pitch: int) -> npt.NDArray[np.float32]:
        self._choose(voice)
        self._library.espeak_SetParameter(_RATE, rate, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        self._heard.clear()
        said = text.encode() + b"\0"
        self._library.espeak_Synth(said, len(said), 0, 1, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        whole = np.concatenate(self._heard) if self._heard else np.zeros(0, np.int16)
        return np.asarray(whole / 32768, np.float32)

    def phonemes(self, text: str, voice: str) -> str:
        self._choose(voice)
        rest = ctypes.c_void_p(ctypes.cast(ctypes.create_string_buffer(text.encode()), ctypes.c_void_p).value)
        clauses: list[str] = []
        while rest.value:
            clause = self._library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _PHONEME_IPA)
            clauses.append(clause.decode())
        return " ".join(clauses)

    def _choose(self, voice: str) -> None:
        name = (
            "en" + voice.removeprefix("en-gb") if voice.partition("+")[0] == "en-gb" else voice
        )  # the file of en-gb is called en
        if voice != self._voice and self._library.espeak_SetVoiceByName(name.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice}")
        self._voice = voice

    def _keep(self, samples: Any, count: int, _events: object) -> int:  # noqa: ANN401 - a pointer of ctypes
        if samples and count > 0:
            self._heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0


@cache
def _synthesiser() -> _Synthesiser:
    return _Synthesiser()
