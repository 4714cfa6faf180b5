"""A database of many people: their todos, the reminders that wait, and everybody's digest at one hour.

Rows are made by the server itself, for a million of them would take longest to send. A person has ten todos: six open (one overdue, two
today, two later, one without a date) and four done. The clock of the run starts at `START`:

    START + 1 min     RATE reminders a second, of a tenth of the people
    BURST_AT          those of another tenth, at one second
    DIGESTS_AT        everybody's digest
    a day later on    the other reminders, one a minute and more
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg

START = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
PACED_AT, BURST_AT, DIGESTS_AT = (START + timedelta(minutes=minutes) for minutes in (1, 30, 60))
RATE = 100
TASKS_EACH = 10
#: One person in ten has a reminder at a second of its own, and one in ten at that one second.
SHARE = 10

_USERS = """
INSERT INTO todo.users (id, party, phone, version, settings, dialogue, digest_at, created_at, updated_at)
SELECT md5('user' || n)::uuid, md5('party' || n), '+1212' || lpad(n::text, 7, '0'), 1,
       '{"name": "Ada", "zone": "America/New_York"}', '{"hints": {"reminder": 3, "digest": 1}, "next_number": 7}',
       %(digests)s, %(start)s, %(start)s
FROM generate_series(%(first)s::int, %(last)s::int) n
"""
_TASKS = """
INSERT INTO todo.tasks (id, user_id, number, title, status, due_day, due_at, zone, created_at, completed_at, version)
SELECT md5('task' || n || '.' || k)::uuid, md5('user' || n)::uuid, k,
       (ARRAY['Call mum', 'Pay the rent', 'Put the bins out', 'Renew passport', 'Buy milk and eggs'])[1 + (n + k) %% 5],
       CASE WHEN k > 6 THEN 'done' ELSE 'open' END,
       CASE k WHEN 6 THEN NULL ELSE %(start)s::date + (ARRAY[-2, 0, 0, 3, 9, 0, -1, -2, -3, -4])[k] END,
       CASE WHEN k = 2 THEN %(start)s::timestamptz + interval '9 hours' END,
       'America/New_York', %(start)s, CASE WHEN k > 6 THEN %(start)s::timestamptz END, 1
FROM generate_series(%(first)s::int, %(last)s::int) n, generate_series(1, 10) k
"""
#: Two for each person: the first waits for its day; the second is one of those that the run will see, or waits as well.
_REMINDERS = """
INSERT INTO todo.reminders (id, user_id, task_id, at, meant_for)
SELECT md5('reminder' || n || '.' || k)::uuid, md5('user' || n)::uuid, md5('task' || n || '.' || 1 + k)::uuid, at, at
FROM generate_series(%(first)s::int, %(last)s::int) n, generate_series(1, 2) k, LATERAL (SELECT CASE
    WHEN k = 2 AND n <= %(paced)s THEN %(paced_at)s::timestamptz + ((n - 1) / %(rate)s) * interval '1 second'
    WHEN k = 2 AND n <= 2 * %(paced)s THEN %(burst_at)s::timestamptz
    ELSE %(start)s::timestamptz + interval '1 day' + (n * 37 %% 40000) * interval '1 minute' END AS at) planned
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in a database."""

    users: int
    tasks: int
    reminders: int
    megabytes: float
    seconds: float


def fill(url: str, first: int, last: int, of: int) -> Filled:
    """Add the people `first` to `last` of so many, and tell what is there then."""
    began = time.monotonic()
    facts = {
        "first": first,
        "last": last,
        "start": START,
        "digests": DIGESTS_AT,
        "paced": of // SHARE,
        "rate": RATE,
        "paced_at": PACED_AT,
        "burst_at": BURST_AT,
    }
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (_USERS, _TASKS, _REMINDERS):
            connection.execute(statement, facts)
        connection.execute("VACUUM ANALYZE todo.users, todo.tasks, todo.reminders")
        counts = (
            "SELECT (SELECT count(*) FROM todo.users), (SELECT count(*) FROM todo.tasks), (SELECT count(*) FROM todo.reminders)"
        )
        users, tasks, reminders = connection.execute(counts).fetchone() or (0, 0, 0)
        [size] = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    return Filled(users, tasks, reminders, size / 1e6, time.monotonic() - began)
