"""The images' files, made once, whoever of the tests' processes asks first."""

from __future__ import annotations

import fcntl
import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3  # type: ignore[import-untyped]
import pytest
from moto.server import ThreadedMotoServer

from tests.images import container

Trees = Callable[[str], Path]


@pytest.fixture(scope="session")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    """Answers the /app of an image by its name, made when first asked for."""
    folder = tmp_path_factory.getbasetemp()
    shared = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "images"
    shared.mkdir(exist_ok=True)

    @functools.cache
    def tree(name: str) -> Path:
        context = once(shared / "context", container.make_context)
        return once(shared / name, lambda made: container.make_tree(context, name, made)) / "app"

    return tree


@pytest.fixture
def bucket() -> Iterator[dict[str, str]]:
    """A bucket on this machine: the settings that lead to it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    given = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1"}
    client = boto3.session.Session("any", "any", region_name="us-east-1").client("s3", endpoint_url=f"http://{host}:{port}")
    client.create_bucket(Bucket="audio")
    yield {**given, "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AUDIO_STORE_URL": "s3://audio"}
    server.stop()


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """A folder, made by one process while the others that want it wait."""
    made = folder.with_suffix(".made")
    with alone(folder.with_suffix(".lock")):
        if not made.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            made.touch()
    return folder


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """No other process is in here meanwhile."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
