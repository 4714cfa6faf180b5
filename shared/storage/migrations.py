"""Bringing the database to the version this code needs, and back: SQL files run by yoyo.

`migrations/NNNN.name.sql` goes up, `NNNN.name.rollback.sql` down. All that is missing goes into one transaction with the marks
that it was applied, and one starter works at a time: yoyo's own lock is a row that a killed starter leaves behind for ever, and
its own mark follows in a second transaction, before which a kill leaves a schema that nobody knows of.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yoyo.backends.base import DatabaseBackend

FOLDER = Path(__file__).parent / "migrations"
#: Any fixed number will do ("jotm" in ASCII); the broker's is `local.ownership.LOCK`.
LOCK = 0x6A6F746D


def _url(dsn: str) -> str:
    """The DSN as yoyo wants it: it picks psycopg 3 by the scheme."""
    return dsn.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)


def _missing(dsn: str) -> set[str]:
    """Which migrations the database has not seen, asked without loading yoyo: most starts find none."""
    import psycopg

    names = {file.name.removesuffix(".sql") for file in FOLDER.glob("*.sql") if not file.name.endswith(".rollback.sql")}
    with psycopg.connect(dsn, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('_yoyo_migration')").fetchone() == (None,):
            return names
        return names - {row[0] for row in connection.execute("SELECT migration_id FROM _yoyo_migration")}


@contextmanager
def _alone(dsn: str) -> Iterator[DatabaseBackend]:
    """yoyo's way to the database, while no other starter migrates; the lock ends with its connection, whatever ends that."""
    import psycopg
    from yoyo import get_backend

    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        backend = get_backend(_url(dsn))
        try:
            backend.ensure_internal_schema_updated()
            yield backend
        finally:
            backend.connection.close()


def migrate(dsn: str) -> list[str]:
    """Apply what is missing, all of it or nothing; returns the names applied, none when the database is up to date.

    Args:
        dsn: a `postgresql://` URL of a role that may create schemas.
    """
    if not _missing(dsn):
        return []
    from yoyo import read_migrations

    with _alone(dsn) as backend:
        missing = list(backend.to_apply(read_migrations(str(FOLDER))))
        with backend.transaction():
            for migration in missing:
                migration.process_steps(backend, "apply")
                backend.mark_one(migration, log=False)
    return [migration.id for migration in missing]


def roll_back(dsn: str) -> list[str]:
    """Take every migration back, newest first; returns their names. All data is lost: for tests and for leaving."""
    from yoyo import read_migrations

    with _alone(dsn) as backend:
        applied = list(backend.to_rollback(read_migrations(str(FOLDER))))
        with backend.transaction():
            for migration in applied:
                migration.process_steps(backend, "rollback")
                backend.unmark_one(migration, log=False)
    return [migration.id for migration in applied]
