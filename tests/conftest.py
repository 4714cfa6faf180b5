"""What every test may ask for: a fresh database, and the programs that only some machines have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests import components
from tests.database import Server

# A slow machine is no failure. What fails is printed so that it can be run again.
settings.register_profile("jotline", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jotline")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """This test process' own PostgreSQL server."""
    server = Server(tmp_path_factory.mktemp("postgres"))
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


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Honour `@pytest.mark.needs("chromium", ...)`."""
    for marker in item.iter_markers("needs"):
        for component in marker.args:
            components.require(component)
