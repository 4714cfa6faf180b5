"""Migrations go up, are a no-op the second time, and come down again."""

from __future__ import annotations

import psycopg

from shared.storage.migrations import migrate, roll_back

SCHEMAS = "SELECT count(*) FROM pg_namespace WHERE nspname IN ('todo', 'messaging', 'audit')"


def _schemas(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(SCHEMAS).fetchone()
    assert row is not None
    return int(row[0])


def test_up_again_and_down(empty_database: str) -> None:
    assert migrate(empty_database) == ["0001.todo", "0002.messaging", "0003.audit"]
    assert _schemas(empty_database) == 3
    assert migrate(empty_database) == []
    assert roll_back(empty_database) == ["0003.audit", "0002.messaging", "0001.todo"]
    assert _schemas(empty_database) == 0
    assert len(migrate(empty_database)) == 3


def test_looking_up_a_person_uses_indexes(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET enable_seqscan = off")
        for query in (
            "SELECT 1 FROM todo.users WHERE party = 'x'",
            "SELECT 1 FROM todo.tasks WHERE user_id = gen_random_uuid() AND status = 'open'",
            "SELECT 1 FROM todo.task_events WHERE user_id = gen_random_uuid() ORDER BY sequence DESC LIMIT 5",
            "SELECT 1 FROM messaging.messages WHERE provider_message_id = 'x'",
        ):
            plan = "\n".join(str(row[0]) for row in connection.execute(f"EXPLAIN {query}".encode()))
            assert "Index" in plan, plan
            assert "Seq Scan" not in plan, plan
