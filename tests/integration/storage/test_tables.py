"""What the tables themselves refuse and fill in, whoever writes to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest

TODO = (
    "INSERT INTO todo.tasks (id, user_id, number, title, status, zone, created_at, version{more})"
    " VALUES (gen_random_uuid(), %s, %s, %s, 'open', 'UTC', now(), 1{values}) RETURNING {wanted}"
)


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    with psycopg.connect(database, autocommit=True) as made:
        yield made


@pytest.fixture
def user(connection: psycopg.Connection[tuple[Any, ...]]) -> str:
    made = str(uuid4())
    connection.execute(
        "INSERT INTO todo.users (id, party, phone, version, settings, dialogue, created_at, updated_at)"
        " VALUES (%s, %s, '+1', 1, '{}', '{}', now(), now())", (made, made),
    )  # fmt: skip
    return made


def _add(
    connection: psycopg.Connection[tuple[Any, ...]], user: str, title: str, number: int = 1, **more: str
) -> tuple[Any, ...]:
    """Write a todo; its priority, tags and note as they stand there then."""
    names, values = "".join(f", {name}" for name in more), "".join(", %s" for _ in more)
    query = TODO.format(more=names, values=values, wanted="priority, tags, note")
    found = connection.execute(query.encode(), (user, number, title, *more.values())).fetchone()
    assert found is not None
    return found


def test_a_todo_is_of_medium_priority_without_tags_unless_said_otherwise(
    connection: psycopg.Connection[tuple[Any, ...]], user: str
) -> None:
    assert _add(connection, user, "x" * 255) == ("medium", [], "")
    assert _add(connection, user, "Buy milk", 2, priority="urgent")[0] == "urgent"


@pytest.mark.parametrize("title", ["", "x" * 256])
def test_a_title_has_1_to_255_characters(connection: psycopg.Connection[tuple[Any, ...]], user: str, title: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        _add(connection, user, title)


def test_a_todo_is_somebodys_and_its_number_its_own(connection: psycopg.Connection[tuple[Any, ...]], user: str) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        _add(connection, str(uuid4()), "Buy milk")
    _add(connection, user, "Buy milk")
    with pytest.raises(psycopg.errors.ExclusionViolation):
        _add(connection, user, "Call mum")


def test_there_is_no_such_priority(connection: psycopg.Connection[tuple[Any, ...]], user: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        _add(connection, user, "Buy milk", priority="someday")
