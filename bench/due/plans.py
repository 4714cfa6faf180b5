"""What looking for what is due costs the database, by EXPLAIN (ANALYZE, BUFFERS), as a function's own connections plan it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg

from shared.storage.database import OPTIONS
from shared.storage.due import DIGESTS, REMINDERS

QUERIES = {"reminders": REMINDERS, "digests": DIGESTS}


@dataclass(frozen=True, slots=True)
class Look:
    """One look for what is due."""

    rows: int
    pages: int
    """Pages of 8 KB that it read, from memory or from disk."""
    ms: float
    plan: str


def look(url: str, what: str, now: datetime, limit: int) -> Look:
    """Look for at most `limit` of what is due at `now`; twice, so that its pages are in memory."""
    sql = QUERIES[what].replace("%(now)s", "$1").replace("%(limit)s", "$2")
    with psycopg.connect(url, autocommit=True, options=OPTIONS) as connection:
        connection.execute(f"PREPARE due (timestamptz, int) AS {sql}".encode())
        explain = f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, FORMAT %s) EXECUTE due ('{now.isoformat()}', {limit})"
        connection.execute((explain % "JSON").encode())
        [[found]] = connection.execute((explain % "JSON").encode()).fetchone() or ([{}],)
        plan = "\n".join(row[0] for row in connection.execute((explain % "TEXT").encode()).fetchall())
    top = found["Plan"]
    pages = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return Look(int(top["Actual Rows"]), pages, found["Execution Time"], plan)
