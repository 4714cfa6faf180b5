"""The memory of hearing: kept while a piece is heard, given back when it is.

Each layer of Whisper's encoder asks for its attention anew, 72 MB in a model of the size of `base`, and the C library asks the system for
what is that large each time, and hands it back: a hundred thousand pages to be emptied for a note of two seconds, a quarter of its CPU.
So it is told to keep them, and at the end to give back all at once; between recordings a process holds less than it would otherwise.

That is glibc's (mallopt(3), malloc_trim(3)); where there is another C library nothing is changed. What several threads ask for has to
come from one heap (MALLOC_ARENA_MAX=1, read before a program begins): other heaps are too small for what is large.
"""

from __future__ import annotations

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h
#: More than any layer asks for: 180 MB in `large-v3`.
_KEPT_BYTES = 1 << 30


def keep() -> None:
    """From now on keep what is free, whatever its size."""
    if (mallopt := _function("mallopt")) is not None:
        mallopt(_MMAP_THRESHOLD, _KEPT_BYTES)
        mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)


def give_back() -> None:
    """Give back what is free."""
    if (trim := _function("malloc_trim")) is not None:
        trim(ctypes.c_size_t(0))


def _function(name: str) -> ctypes._NamedFuncPointer | None:
    """A function of the C library that this process runs with; None where it has no such."""
    return getattr(ctypes.CDLL(None), name, None)
