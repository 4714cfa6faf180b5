"""Who listens in a process: one model in memory, one piece of audio at a time, each within its time.

The model is loaded when it is first needed, and takes the place of another one: two would not fit a small machine. Whisper works in a
thread, and a thread cannot be stopped from outside. It looks at the time itself, after each window of half a minute; one that does not
even come to that has gone astray in a decoder, and then the process ends itself. Its claim tells the next one that it died of this piece.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from functools import partial
from typing import TYPE_CHECKING

from shared.voice.models import choose
from shared.voice.transcript import Transcript
from shared.voice.whisper import HOTWORDS, DeadlinePassed, Whisper

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: How long after its time a thread may take to notice: one window of audio on a slow machine.
GRACE_SECONDS = 45.0
#: EX_SOFTWARE of sysexits.h.
ASTRAY = 70

log = logging.getLogger("jotline")


class Listener:
    """Hears audio, one piece after the other."""

    def __init__(self, setting: str, *, cpu_threads: int = 0) -> None:
        """Nothing is loaded before it is needed.

        Args:
            setting: WHISPER_MODEL, or empty.
            cpu_threads: see `shared.voice.models.threads`.
        """
        self._setting, self._threads = setting, cpu_threads
        self._loaded: tuple[str, Whisper] | None = None
        self._loading = asyncio.Lock()
        self.turn = asyncio.Lock()  # held by whoever is heard

    async def model(self, wanted: str = "") -> Whisper:
        """The model `wanted`, loaded; empty: the usual one.

        Raises:
            ModelUnavailable: there is none.
        """
        async with self._loading:
            if self._loaded is None or self._loaded[0] != wanted:
                self._loaded = None
                began = time.monotonic()
                chosen = await asyncio.to_thread(choose, wanted, self._setting)
                if chosen.fetch:
                    log.info("fetching a Whisper model, once; this takes a while", extra={"model": chosen.name})
                whisper = await asyncio.to_thread(partial(Whisper, chosen, cpu_threads=self._threads))
                self._loaded = (wanted, whisper)
                log.info("Whisper is loaded", extra={"model": chosen.name, "seconds": round(time.monotonic() - began, 2)})
            return self._loaded[1]

    async def hear(
        self, whisper: Whisper, samples: NDArray[np.float32], *, language: str, hotwords: str = HOTWORDS, seconds: float
    ) -> Transcript:
        """What is said in `samples`; hold `turn`.

        Raises:
            DeadlinePassed: it took more than `seconds`.
        """
        work = asyncio.create_task(
            asyncio.to_thread(partial(whisper.hear, samples, language=language, hotwords=hotwords, seconds=seconds))
        )
        done, _ = await asyncio.wait([work], timeout=seconds + GRACE_SECONDS)
        if not done:
            log.critical("transcription does not end: ending the process", extra={"seconds": seconds + GRACE_SECONDS})
            os._exit(ASTRAY)
        return work.result()


__all__ = ["DeadlinePassed", "Listener"]
