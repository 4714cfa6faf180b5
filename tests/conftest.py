"""What every test may ask for: a fresh database, and the programs that only some machines have."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import components
from tests.database import Server

# A slow machine is no failure. What fails is printed so that it can be run again.
settings.register_profile("jotline", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jotline")


#: A copied database is hundreds of small files: 350 ms on a disk, 15 ms in memory.
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
MEMORY_BYTES = 2 * 1024**3


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """This test process' own PostgreSQL server, in memory where there is room."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES
    with tempfile.TemporaryDirectory(prefix="jotline-tests-", dir=MEMORY if roomy else None) as folder:
        server = Server(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    """URL of a fresh, migrated database that is this test's alone."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[str]:
    """URL of a fresh database without a schema."""
    with postgres.database(migrated=False) as url:
        yield url


@pytest.fixture
def require() -> Callable[[str], str]:
    """Ask for a program while the test runs: `require("prism")` answers its path."""
    return components.require


#: The real data plane, containers, OpenFaaS: minutes for what changes rarely. Everyday runs of everything leave them out by name; CI
#: and whoever names a folder or `--long` runs them.
LONG = ("tests/cluster/", "tests/images/test_images.py", "tests/openfaas/test_stack.py")
#: In the environment, for the test workers: "1" where the long ones run too.
ALL = "JOTLINE_TESTS_LONG"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know `--long`."""
    parser.addoption("--long", action="store_true", help="run the tests that take long, too (CI=true does)")


def pytest_configure(config: pytest.Config) -> None:
    """Decide once, where the command line is known, whether the long ones run."""
    asked = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    run = asked or config.getoption("--long") or os.environ.get("CI") == "true"
    os.environ.setdefault(ALL, str(int(run)))


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Leave the long ones out of an everyday run, by name."""
    if os.environ.get(ALL) == "0":
        left_out = pytest.mark.skip(reason="takes long: CI=true, --long or its folder's name runs it")
        for item in items:
            if item.nodeid.startswith(LONG) or item.get_closest_marker("long"):
                item.add_marker(left_out)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Honour `@pytest.mark.needs("chromium", ...)`."""
    for marker in item.iter_markers("needs"):
        for component in marker.args:
            components.require(component)
