"""Recordings in a bucket: Amazon's, or any service that speaks S3.

boto3 reads its own settings: AWS_ENDPOINT_URL for another service than Amazon's (which is then asked by path, not by a host name
for each bucket), AWS_REGION, and credentials from the environment, its files, or the role the process runs in. boto3 is synchronous:
each call runs in a thread. It is imported with the first call.

Deleting in a bucket with versions keeps the old one: let such a bucket forget old versions by a lifecycle rule.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.media.errors import NotKept, StoreUnavailable
from shared.media.files import written
from shared.media.store import checked

PAGE_SIZE = 1000  # keys in one answer: S3 gives no more
_CHUNK = 64 * 1024
_MISSING = {"NoSuchKey", "404"}
_CONFIG: dict[str, Any] = {
    "connect_timeout": 5,
    "read_timeout": 30,
    "retries": {"mode": "standard", "max_attempts": 3},
    # Checksums that boto3 adds by itself since 1.36 are not understood by all services that speak S3.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class S3Store:
    """An `AudioStore` in a bucket that exists, under a prefix."""

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._client: Any = None
        self._opening = threading.Lock()

    async def put(self, key: str, path: Path, content_type: str) -> None:
        """See `AudioStore`."""
        await asyncio.to_thread(self._put, self._name(key), path, content_type)

    async def get(self, key: str, into: Path) -> None:
        """See `AudioStore`."""
        await asyncio.to_thread(self._get, self._name(key), into)

    async def delete(self, keys: Iterable[str]) -> int:
        """See `AudioStore`."""
        names = {self._name(key) for key in keys}
        await asyncio.to_thread(self._delete, names)
        return len(names)

    async def delete_all(self, prefix: str) -> int:
        """See `AudioStore`."""
        return await asyncio.to_thread(self._delete_all, self._name(prefix.rstrip("/")) + "/")

    def _name(self, key: str) -> str:
        return self._prefix + checked(key)

    def _put(self, name: str, path: Path, content_type: str) -> None:
        with self._opened() as s3, path.open("rb") as file:
            s3.put_object(Bucket=self._bucket, Key=name, Body=file, ContentType=content_type or "application/octet-stream")

    def _get(self, name: str, into: Path) -> None:
        with self._opened() as s3:
            body = s3.get_object(Bucket=self._bucket, Key=name)["Body"]
            with body, written(into) as file:
                for chunk in body.iter_chunks(_CHUNK):
                    file.write(chunk)

    def _delete(self, names: Iterable[str]) -> None:
        """One by one: deleting many at once needs a checksum header that services besides Amazon's do not agree on."""
        with self._opened() as s3:
            for name in names:
                s3.delete_object(Bucket=self._bucket, Key=name)

    def _delete_all(self, prefix: str) -> int:
        count = 0
        with self._opened() as s3:
            for page in s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix, PaginationConfig={"PageSize": PAGE_SIZE}
            ):
                names = [each["Key"] for each in page.get("Contents", ())]
                self._delete(names)
                count += len(names)
        return count

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        """The client, made at first use (making one is not thread-safe, using one is), with its errors mapped."""
        import boto3  # type: ignore[import-untyped]
        from botocore.config import Config  # type: ignore[import-untyped]
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError  # type: ignore[import-untyped]

        try:
            with self._opening:
                if self._client is None:
                    self._client = boto3.session.Session().client("s3", config=Config(**_CONFIG))
            yield self._client
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _MISSING:
                raise NotKept(code) from None
            raise StoreUnavailable(f"S3 answered {code}") from error
        except (BotoCoreError, HTTPClientError, OSError) as error:
            raise StoreUnavailable(f"S3: {type(error).__name__}") from error
