"""A file that is written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written(into: Path) -> Iterator[BinaryIO]:
    """The file `into`, emptied, to write to; whatever goes wrong meanwhile takes it away again."""
    try:
        with into.open("wb") as file:
            yield file
    except BaseException:
        into.unlink(missing_ok=True)
        raise
