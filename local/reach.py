"""The database that a command at a terminal speaks to: the one that is named, else that of the box running in JOTLINE_HOME."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg

from local.postgres import find_url
from shared.runtime.settings import Settings, read_settings
from shared.storage.outbox import Schema

NOT_RUNNING = "Jotline is not running. Start it with ./scripts/run, or set DATABASE_URL to another one's database."
NO_ANSWER = "The database of DATABASE_URL does not answer. Is its server running, and is the URL right?"
OTHER_VERSION = "The database is of an older version, or not Jotline's. Start Jotline once: it brings it up to date."


class Trouble(Exception):
    """What is wrong, in words for the person at the terminal."""


def settings_for(schema: Schema) -> Settings:
    """Settings of the environment, with the database of the box where none is named.

    Raises:
        Trouble: there is neither. BadSettings: one cannot be used.
    """
    settings = read_settings(os.environ)
    if settings.database_of(schema):
        return settings
    folder = Path(os.environ.get("JOTLINE_HOME") or ".jotline").absolute() / "postgres"
    if not folder.is_dir():
        raise Trouble(f"There is no Jotline in {folder.parent}. Set JOTLINE_HOME to where it keeps its data, or DATABASE_URL.")
    return settings.model_copy(update={"database_url": find_url(folder)})


def look(settings: Settings, schema: Schema, query: str) -> None:
    """Make sure that the database answers and is one of ours: that it knows what `query` asks for.

    Raises:
        Trouble: it does not, or is not.
    """
    try:
        with psycopg.connect(settings.database_of(schema), connect_timeout=5) as connection:
            connection.execute(query.encode())
    except psycopg.OperationalError:
        named = any(os.environ.get(name) for name in ("DATABASE_URL", f"{schema.upper()}_DATABASE_URL"))
        raise Trouble(NO_ANSWER if named else NOT_RUNNING) from None
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.InvalidSchemaName):
        raise Trouble(OTHER_VERSION) from None
