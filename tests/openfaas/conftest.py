"""The stack of template.yml, up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.images import container
from tests.images.conftest import Trees, bucket, trees
from tests.openfaas import network
from tests.openfaas.cluster import Stack, openfaas

__all__ = ["bucket", "trees"]


@pytest.fixture
async def stack(trees: Trees, empty_database: str, tmp_path: Path, bucket: dict[str, str]) -> AsyncIterator[Stack]:
    """Everything that template.yml says, on a database that nothing has been done to yet."""
    container.require()
    network.require()
    async with openfaas(trees, empty_database, tmp_path, bucket) as up:
        yield up
