"""A database of a million todos: a thousand people with a thousand each.

Rows are made by the server itself, for a million of them would take long to send. Of a person's thousand 250 are open, 50 were done this
month and 700 long ago; half have a date, a third tags, a fifth a note. A search for a common word fits some forty of a person's.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg

NOW = datetime.now(UTC).replace(microsecond=0)
OPEN, DONE, LONG_DONE = 250, 50, 700

_USERS = """
INSERT INTO todo.users (id, party, phone, version, settings, dialogue, created_at, updated_at)
SELECT md5('user' || n)::uuid, md5('party' || n), '+1212' || lpad(n::text, 7, '0'), 1,
       '{"name": "Ada", "zone": "America/New_York"}', '{"next_number": 99}', %(now)s, %(now)s
FROM generate_series(1, %(users)s::int) n
"""
_TASKS = """
INSERT INTO todo.tasks (id, user_id, number, title, status, due_day, due_at, zone, priority, tags, note, created_at, completed_at, version)
SELECT md5('task' || n || '.' || k)::uuid, md5('user' || n)::uuid, k,
       (ARRAY['Buy', 'Call', 'Pay', 'Book', 'Renew', 'Fix', 'Clean', 'Return', 'Order', 'Water'])[1 + (h & 1023) %% 10] || ' ' ||
       (ARRAY['milk', 'the rent', 'mum', 'the dentist', 'tickets', 'passport', 'the bike', 'library books', 'plants', 'groceries',
              'the heating', 'flights', 'birthday card', 'insurance', 'the car', 'tax return', 'a cake', 'shoes', 'the gutter', 'keys',
              'printer ink', 'the hotel', 'a present', 'the boiler', 'stamps'])[1 + (h >> 10 & 1023) %% 25] || ' ' || k,
       CASE WHEN k <= %(open)s THEN 'open' ELSE 'done' END,
       CASE WHEN h & 1 = 0 THEN %(now)s::date - 20 + (h >> 4 & 127) END,
       CASE WHEN h & 3 = 0 THEN (%(now)s::date - 20 + (h >> 4 & 127) + time '17:00') AT TIME ZONE 'America/New_York' END,
       'America/New_York', (ARRAY['medium', 'medium', 'high', 'low', 'medium', 'urgent', 'medium', 'high'])[1 + (h >> 6 & 7)],
       CASE (h >> 2) %% 3 WHEN 0 THEN jsonb_build_array((ARRAY['home', 'work', 'shop', 'garden'])[1 + (h >> 8 & 3)]) ELSE '[]' END,
       CASE (h >> 3) %% 5 WHEN 0 THEN 'ask at the counter for the blue one, number ' || h ELSE '' END,
       %(now)s::timestamptz - (h & 16383) * interval '1 hour',
       CASE WHEN k > %(open)s + %(done)s THEN %(now)s::timestamptz - interval '100 days'
            WHEN k > %(open)s THEN %(now)s::timestamptz - interval '5 days' END, 1
FROM generate_series(%(first)s::int, %(last)s::int) n, generate_series(1, %(open)s::int + %(done)s::int + %(long_done)s::int) k,
     LATERAL (SELECT abs(hashint8((n * 7919 + k)::bigint)) AS h) seed
"""
_EVENTS = """
INSERT INTO todo.task_events (id, user_id, task_id, version, type, message_id, index, at, changed, before)
SELECT 'task.created-' || k.id || '-1', k.user_id, k.id, 1, 'created', 'SM' || k.id, 0, k.created_at,
       jsonb_build_object('title', k.title, 'number', k.number), '{}' FROM todo.tasks k WHERE k.status = 'open'
"""
_REMINDERS = """
INSERT INTO todo.reminders (id, user_id, task_id, at, meant_for)
SELECT md5('reminder' || k.id)::uuid, k.user_id, k.id, k.due_at, k.due_at FROM todo.tasks k WHERE k.status = 'open' AND k.due_at > %(now)s
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in a database."""

    users: int
    tasks: int
    megabytes: float
    seconds: float


def user_of(number: int) -> UUID:
    """The id of a person, from 1 on."""
    return UUID(hashlib.md5(f"user{number}".encode(), usedforsecurity=False).hexdigest())


def task_of(person: int, number: int) -> UUID:
    """The id of a person's todo, from 1 on."""
    return UUID(hashlib.md5(f"task{person}.{number}".encode(), usedforsecurity=False).hexdigest())


def fill(url: str, users: int) -> Filled:
    """Fill a migrated database."""
    began = time.monotonic()
    facts = {"now": NOW, "users": users, "open": OPEN, "done": DONE, "long_done": LONG_DONE}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_USERS, facts)
        for first in range(1, users + 1, 100):
            connection.execute(_TASKS, facts | {"first": first, "last": min(first + 99, users)})
        connection.execute(_EVENTS)
        connection.execute(_REMINDERS, facts)
        connection.execute("VACUUM ANALYZE todo.users, todo.tasks, todo.task_events, todo.reminders")
        [tasks] = connection.execute("SELECT count(*) FROM todo.tasks").fetchone() or (0,)
        [size] = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    return Filled(users, int(tasks), size / 1e6, time.monotonic() - began)
