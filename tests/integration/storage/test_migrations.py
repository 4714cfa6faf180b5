"""Migrations go up, are a no-op the second time, and come down again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg

from shared.storage.migrations import FOLDER, migrate, roll_back

ROOT = Path(__file__).parents[3]
MIGRATIONS = [
    "0001.todo",
    "0002.messaging",
    "0003.audit",
    "0004.relay",
    "0005.voice",
    "0006.time",
    "0007.retention",
    "0008.trail",
    "0009.api",
    "0010.sign_in",
    "0011.live",
    "0013.leaving",
    "0014.numbers",
    "0015.spoken",
]
SCHEMAS = "SELECT count(*) FROM pg_namespace WHERE nspname IN ('todo', 'messaging', 'voice', 'audit')"


def _schemas(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(SCHEMAS).fetchone()
    assert row is not None
    return int(row[0])


def test_up_again_and_down(empty_database: str) -> None:
    assert migrate(empty_database) == MIGRATIONS
    assert _schemas(empty_database) == 4
    assert migrate(empty_database) == []
    assert roll_back(empty_database) == MIGRATIONS[::-1]
    assert _schemas(empty_database) == 0
    assert migrate(empty_database) == MIGRATIONS


def test_a_starter_killed_in_the_middle_leaves_nothing_and_the_next_one_begins_anew(empty_database: str) -> None:
    with psycopg.connect(empty_database) as obstacle:
        obstacle.execute("CREATE SCHEMA audit")  # not committed: whoever creates it too has to wait
        program = f"from shared.storage.migrations import migrate; migrate({empty_database!r})"
        with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) as starter:
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            with psycopg.connect(empty_database, autocommit=True) as onlooker:
                while onlooker.execute(waiting.encode()).fetchone() == (0,):
                    assert starter.poll() is None
            starter.kill()
        obstacle.rollback()
    assert migrate(empty_database) == MIGRATIONS


def test_rows_of_before_the_relay_keep_their_time(empty_database: str) -> None:
    with psycopg.connect(empty_database) as connection:
        for name in ("0001.todo", "0002.messaging", "0003.audit"):
            connection.execute((FOLDER / f"{name}.sql").read_bytes())
        connection.execute(
            "INSERT INTO todo.outbox (event_id, type, partition_key, event, not_before) VALUES ('x', 'y', 'z', '{}', '2026-01-01T00:00Z')"
        )
        connection.execute(
            "WITH c AS (INSERT INTO messaging.conversations (id, participant_from, participant_to, channel_type, created_at, updated_at)"
            " VALUES (gen_random_uuid(), 'a', 'b', 'sms', now(), now()) RETURNING id)"
            " INSERT INTO messaging.messages (id, conversation_id, direction, status, provider, message_type, body, created_at)"
            " SELECT gen_random_uuid(), id, 'inbound', 'received', 'twilio', 'sms', 'hi', '2026-01-01T00:00Z' FROM c"
        )
        connection.execute((FOLDER / "0004.relay.sql").read_bytes())
        for query in ("SELECT due_at = not_before FROM todo.outbox", "SELECT kept_at = created_at FROM messaging.messages"):
            assert connection.execute(query.encode()).fetchall() == [(True,)]
        connection.execute((FOLDER / "0004.relay.rollback.sql").read_bytes())
        assert connection.execute("SELECT event_id FROM todo.outbox").fetchall() == [("x",)]


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
