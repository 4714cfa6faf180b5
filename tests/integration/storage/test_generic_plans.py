"""Plans are made once, while the tables are empty, and kept: what a message costs must not grow with what is stored."""

from __future__ import annotations

import psycopg
import pytest

from shared.storage.database import OPTIONS, Statement
from shared.storage.due import _HAND_OVER
from shared.storage.feed import _SINCE
from shared.storage.todo import _COMMIT

STATEMENTS = {"a decision": _COMMIT, "a reminder that goes out": _HAND_OVER, "the live feed": _SINCE}


@pytest.mark.parametrize("what", STATEMENTS)
def test_reminders_are_found_by_their_own_keys_and_not_among_all_that_are_planned(database: str, what: str) -> None:
    statement: Statement = STATEMENTS[what]
    with psycopg.connect(database, autocommit=True, options=OPTIONS) as connection:
        connection.execute(("PREPARE it (json) AS " + statement.sql.replace("%s", "$1")).encode())
        plan = "\n".join(str(row[0]) for row in connection.execute(b"EXPLAIN EXECUTE it ('[]')").fetchall())
    assert "on reminders" in plan
    assert "reminders_due" not in plan
