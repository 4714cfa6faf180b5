"""Bringing the database to the version this code needs, and back: SQL files run by yoyo.

`migrations/NNNN.name.sql` goes up, `NNNN.name.rollback.sql` down. yoyo takes a lock, so two starters never migrate at once.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "migrations"


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


def migrate(dsn: str) -> list[str]:
    """Apply what is missing; returns the names applied, none when the database is up to date.

    Args:
        dsn: a `postgresql://` URL of a role that may create schemas.
    """
    if not _missing(dsn):
        return []
    from yoyo import get_backend, read_migrations

    backend = get_backend(_url(dsn))
    with backend.lock():
        missing = backend.to_apply(read_migrations(str(FOLDER)))
        names = [migration.id for migration in missing]
        backend.apply_migrations(missing)
    backend.connection.close()
    return names


def roll_back(dsn: str) -> list[str]:
    """Take every migration back, newest first; returns their names. All data is lost: for tests and for leaving."""
    from yoyo import get_backend, read_migrations

    backend = get_backend(_url(dsn))
    with backend.lock():
        applied = backend.to_rollback(read_migrations(str(FOLDER)))
        names = [migration.id for migration in applied]
        backend.rollback_migrations(applied)
    backend.connection.close()
    return names
