"""Where recordings are kept: a folder of this machine, or a bucket of any S3-compatible service. One contract for both.

A key is `<party>/<day>/<recording id><suffix>`: whose it is (the HMAC of a number, never the number), the day it was said, which
one. So all of one person lies under one prefix, and retention goes by days.

AUDIO_STORE_URL chooses: `file:///var/lib/jotline/audio`, or `s3://bucket/prefix` (see `shared.media.s3`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

_PARTY = re.compile(r"[0-9a-f]{32}")  # shared.events.ids.partition_key
_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")


class AudioStore(Protocol):
    """Keeps files by key. Whatever is called twice does no harm: after a crash it is called again."""

    async def put(self, key: str, path: Path, content_type: str) -> None:
        """Keep a copy of the file at `path`, in place of what the key had. It is there whole or not at all.

        Raises:
            ValueError: no such key can be.
            StoreUnavailable: try again.
        """
        ...

    async def get(self, key: str, into: Path) -> None:
        """Copy what is kept to the file `into`, which is overwritten; after an error nothing of it is there.

        Raises:
            NotKept: there is nothing of this key.
            StoreUnavailable: try again.
        """
        ...

    async def delete(self, keys: Iterable[str]) -> int:
        """Forget these; answers how many keys that were, those already gone included: a repeat answers the same.

        Raises:
            StoreUnavailable: some may be left; try again.
        """
        ...

    async def delete_all(self, prefix: str) -> int:
        """Forget everything of a party, or of a party's day (`party/2026-03-01`); answers how many there were.

        Raises:
            ValueError: an empty prefix, or one that no key has.
            StoreUnavailable: some may be left; try again.
        """
        ...


def open_store(url: str) -> AudioStore:
    """The store behind AUDIO_STORE_URL. Nothing is opened or made before it is used.

    Raises:
        ValueError: neither `file:///folder` nor `s3://bucket[/prefix]`.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/") and parts.path.strip("/"):
        from shared.media.folder import FolderStore

        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        from shared.media.s3 import S3Store

        return S3Store(parts.netloc, unquote(parts.path).strip("/"))
    raise ValueError("AUDIO_STORE_URL must be file:///folder or s3://bucket/prefix")


def key_of(party: str, day: date, recording_id: str, suffix: str) -> str:
    """The key of a recording.

    Args:
        party: `shared.events.ids.partition_key` of the person: 32 hex digits, so that no number can stand in a key.
        day: on which it was said.
        recording_id: RecordingSid, or MessageSid.audioN.
        suffix: of the file, with its dot: ".ogg".

    Raises:
        ValueError: one of them cannot be part of a key.
    """
    if not _PARTY.fullmatch(party):
        raise ValueError("a party is 32 hex digits")
    return checked(f"{party}/{day.isoformat()}/{recording_id}{suffix}")


def checked(key: str) -> str:
    """The key itself, when it can be one: relative, and no part of it begins with a dot.

    Raises:
        ValueError: it leads elsewhere.
    """
    if not all(_SEGMENT.fullmatch(segment) for segment in key.split("/")):
        raise ValueError("no key of a recording")
    return key
