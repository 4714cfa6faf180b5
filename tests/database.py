"""Databases for tests: one throw-away server per test process, one migrated template, one fresh copy of it per test.

A copy takes some 15 ms in memory, so a test never has to clean up after another or share a table with one.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from local.postgres import Postgres

CONNECTIONS = 100  # a test may run a whole box beside its own pools


class Server:
    """A PostgreSQL server that forgets everything, and hands out databases."""

    def __init__(self, folder: Path) -> None:
        """Start it in `folder` and migrate the template."""
        self._postgres = Postgres()
        self._numbers = itertools.count(1)
        self.url = self._postgres.start(folder, durable=False, connections=CONNECTIONS)
        self._run("CREATE DATABASE template_empty")
        self._run("CREATE DATABASE template_migrated")
        migrate(database_url(self.url, "template_migrated"))

    def stop(self) -> None:
        """Stop the server."""
        self._postgres.stop()

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[str]:
        """Make a database, answer its URL, and drop it with every connection to it afterwards."""
        name = f"test_{next(self._numbers)}"
        template = "template_migrated" if migrated else "template_empty"
        # FILE_COPY takes half of what copying by way of the WAL does.
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield database_url(self.url, name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())


def database_url(url: str, name: str) -> str:
    """The same server's URL for another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema."""
    try:
        migrations = importlib.import_module("shared.storage.migrations")
    except ModuleNotFoundError as missing:
        if missing.name != "shared.storage.migrations":
            raise
        return
    migrations.migrate(url)
