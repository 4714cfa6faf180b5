"""Recordings in a folder that only this user can read. A file appears under its key when it is whole."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from shared.media.errors import NotKept, StoreUnavailable
from shared.media.files import written
from shared.media.store import checked


class FolderStore:
    """An `AudioStore` in a folder; keys are the paths in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def put(self, key: str, path: Path, content_type: str) -> None:
        """See `AudioStore`. The type is in the key's suffix; a folder has no other place for it."""
        await asyncio.to_thread(self._put, self.root / checked(key), path)

    async def get(self, key: str, into: Path) -> None:
        """See `AudioStore`."""
        await asyncio.to_thread(self._get, self.root / checked(key), into)

    async def delete(self, keys: Iterable[str]) -> int:
        """See `AudioStore`."""
        paths = {self.root / checked(key) for key in keys}
        await asyncio.to_thread(self._delete, paths)
        return len(paths)

    async def delete_all(self, prefix: str) -> int:
        """See `AudioStore`."""
        return await asyncio.to_thread(self._delete_all, self.root / checked(prefix.rstrip("/")))

    def _put(self, kept: Path, path: Path) -> None:
        with _errors_mapped():
            self._make(kept.parent)
            handle, name = mkstemp(dir=kept.parent, prefix=f".{kept.name}.")  # for this user alone
            copy = Path(name)
            try:
                with os.fdopen(handle, "wb") as target, path.open("rb") as source:
                    shutil.copyfileobj(source, target)
                    target.flush()
                    os.fsync(handle)
                copy.replace(kept)
            except BaseException:
                copy.unlink(missing_ok=True)
                raise

    def _make(self, folder: Path) -> None:
        """Make a folder and those above it, for this user alone (`mode` of `Path.mkdir` is not for the parents)."""
        inside = folder.relative_to(self.root)
        for each in (*reversed(inside.parents), inside):
            (self.root / each).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _get(self, kept: Path, into: Path) -> None:
        with _errors_mapped():
            try:
                source = kept.open("rb")
            except FileNotFoundError:
                raise NotKept(kept.name) from None
            with source, written(into) as target:
                shutil.copyfileobj(source, target)

    def _delete(self, paths: Iterable[Path]) -> None:
        with _errors_mapped():
            for path in paths:
                for unfinished in path.parent.glob(f".{path.name}.*"):  # of a `put` that was killed
                    unfinished.unlink(missing_ok=True)
                path.unlink(missing_ok=True)
                self._tidy(path.parent)

    def _delete_all(self, folder: Path) -> int:
        with _errors_mapped():
            if not folder.is_dir():
                return 0
            count = sum(1 for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
            shutil.rmtree(folder)
            self._tidy(folder.parent)
            return count

    def _tidy(self, folder: Path) -> None:
        """Take away folders that have become empty."""
        with suppress(OSError):
            while folder != self.root:
                folder.rmdir()
                folder = folder.parent


@contextmanager
def _errors_mapped() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"the folder of recordings: {error.strerror or type(error).__name__}") from error
