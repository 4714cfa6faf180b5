"""`jotline migrate`: bring the database to the version this code needs. The box does so itself when it starts; a cluster runs this.

Schemas may have databases of their own (`TODO_DATABASE_URL` and so on): each database gets every schema, and uses its own.
"""

from __future__ import annotations

import os
import sys

from shared.runtime.settings import BadSettings, read_settings
from shared.storage.migrations import migrate

SCHEMAS = ("todo", "messaging", "voice", "audit")


def main(argv: list[str]) -> int:
    """Migrate every database that the settings name; returns the exit status."""
    import psycopg

    if argv:
        sys.stderr.write("usage: jotline migrate\n")
        return 2
    try:
        settings = read_settings(os.environ)
        urls = dict.fromkeys(settings.database_of(schema) for schema in SCHEMAS)
        if "" in urls:
            settings.require("database_url")
        applied = [name for url in urls for name in migrate(url)]
    except (BadSettings, psycopg.OperationalError) as error:
        # libpq's words may hold the host and the user; of a database that does not answer the kind is enough.
        said = str(error) if isinstance(error, BadSettings) else f"the database does not answer ({type(error).__name__})"
        sys.stderr.write(f"cannot migrate: {said}\n")
        return 2
    sys.stdout.write(f"applied: {', '.join(applied)}\n" if applied else "up to date\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
