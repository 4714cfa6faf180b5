"""Amounts as Kubernetes writes them: 50m of a CPU, 128Mi of memory."""

from __future__ import annotations

SUFFIXES = {"m": 0.001, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "k": 1e3, "M": 1e6, "G": 1e9}


def amount(written: str | int) -> float:
    """The number of CPUs or bytes that is meant.

    Raises:
        ValueError: it is none.
    """
    text = str(written)
    for suffix, factor in SUFFIXES.items():
        if text.endswith(suffix):
            return float(text.removesuffix(suffix)) * factor
    return float(text)


def gibibytes(size: float) -> str:
    """A size as people read it."""
    return f"{size / 2**30:.1f} GiB"
