"""A cluster for the tests: the real functions behind the real data plane, and a stub among them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bench.cluster.place import Place, place
from local.cluster.manifests import Cluster, Destination, Service, Trigger, read_cluster
from tests.components import require
from tests.database import Server

STUB = "jotline.stub.called"


def with_stub(cluster: Cluster, calls: Path) -> Cluster:
    """The cluster with one Service and one Trigger more, for a subscriber that does what its events say."""
    stub = Service("stub", "tests/stub", ("python", "-m", "tests.cluster.stub"), {"STUB_CALLS": str(calls)})
    trigger = Trigger("stub-called", {"type": STUB}, Destination("stub"), 5)
    return replace(cluster, services=(*cluster.services, stub), triggers=(*cluster.triggers, trigger))


@pytest.fixture(scope="session")
def components() -> None:
    """Skip, or fail where everything is to run, without the programs of the data plane."""
    require("rabbitmq")
    require("knative")
    require("unshare")


@pytest.fixture(scope="session")
def running(components: None, postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A cluster as knative/base says, and the stub."""
    folder = tmp_path_factory.mktemp("cluster")
    with postgres.database() as url, place(folder, url, cluster=with_stub(read_cluster(), folder / "calls.jsonl")) as made:
        yield made


@pytest.fixture(scope="module")
def running_with_lanes(components: None, postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A cluster with twelve lanes."""
    with (
        postgres.database() as url,
        place(tmp_path_factory.mktemp("lanes"), url, components=("rabbitmq", "lanes-12")) as made,
    ):
        yield made


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections to the cluster's doors."""
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as made:
        yield made
