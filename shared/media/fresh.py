"""Recordings that were just taken in, as samples: who hears one in the same process next need not fetch and decode it again.

Checking a recording decodes it, and most are heard a moment later. Nothing depends on it: what is not here (taken in elsewhere, or too
long ago, or asked for once more) is in the audio store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Four minutes; a hundred short notes that wait for each other.
MAX_BYTES = 8 * 1024 * 1024


class Fresh:
    """Samples by recording id; the oldest make room."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: dict[str, NDArray[np.int16]] = {}

    def put(self, recording_id: str, samples: NDArray[np.int16] | None) -> None:
        """Keep the samples of a recording; None: they are not at hand."""
        self._kept.pop(recording_id, None)
        if samples is not None:
            self._kept[recording_id] = samples
        while sum(one.nbytes for one in self._kept.values()) > self._max_bytes:
            del self._kept[next(iter(self._kept))]

    def take(self, recording_id: str) -> NDArray[np.int16] | None:
        """The samples, which are not kept any longer; None where there are none."""
        return self._kept.pop(recording_id, None)
