"""People and their todos in a real PostgreSQL: one statement, all or nothing, and nobody overwrites anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.storage.database import Database, DatabaseUnavailable, UnstorableData
from shared.storage.todo import TodoStore
from tests.making import creation, decision, message, notification, person, task

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def store(database: str) -> AsyncIterator[TodoStore]:
    opened = Database(database)
    yield TodoStore(opened)
    await opened.close()


async def test_a_stranger_has_no_row(store: TodoStore) -> None:
    found = await store.read(person().party, function="todo-crud", event_id="SM1")
    assert found.person is None
    assert not found.claimed


async def test_a_decision_comes_back_as_it_was_written(store: TodoStore) -> None:
    ada, milk, cause = person(), task(tags=("shop",), note="oat"), message()
    rows = await store.commit(
        ada, decision(milk, events=(creation(milk),), name="Ada"), [notification()], function="todo-crud", cause=cause
    )
    found = await store.read(ada.party, function="todo-crud", event_id=cause.id, history=True)
    assert rows is not None
    assert [row.schema for row in rows] == ["todo"]
    assert found.claimed
    assert found.person is not None
    assert found.person.tasks == (milk,)
    assert found.person.settings.name == "Ada"
    assert found.person.version == 1
    assert [change.id for change in found.person.history] == [creation(milk).id]


async def test_the_same_event_is_carried_out_once(store: TodoStore) -> None:
    ada, milk, cause = person(), task(), message()
    again = task(2, "Buy milk twice")
    first = await store.commit(ada, decision(milk, events=(creation(milk),)), [], function="todo-crud", cause=cause)
    grown = ada.model_copy(update={"version": 1})
    second = await store.commit(grown, decision(again, events=(creation(again),)), [], function="todo-crud", cause=cause)
    found = await store.read(ada.party, function="todo-crud", event_id=cause.id)
    assert first == []
    assert second is None
    assert found.person is not None
    assert found.person.tasks == (milk,)


async def test_who_read_an_old_version_writes_nothing(store: TodoStore) -> None:
    ada, milk, bread = person(), task(), task(2, "Bread")
    await store.commit(ada, decision(milk, events=(creation(milk),)), [], function="todo-crud", cause=message())
    stale = await store.commit(
        ada, decision(bread, events=(creation(bread),)), [notification()], function="todo-crud", cause=message()
    )
    found = await store.read(ada.party, function="todo-crud", event_id="x")
    assert stale is None
    assert found.person is not None
    assert found.person.tasks == (milk,)
    assert await store.outbox.load() == []


async def test_twenty_writers_of_one_event_leave_one_effect(store: TodoStore) -> None:
    ada, cause = person(), message()
    made = [task(1, f"Buy milk {n}") for n in range(20)]
    results = await asyncio.gather(
        *(store.commit(ada, decision(one, events=(creation(one),)), [], function="todo-crud", cause=cause) for one in made)
    )
    found = await store.read(ada.party, function="todo-crud", event_id=cause.id)
    assert sum(result is not None for result in results) == 1
    assert found.person is not None
    assert len(found.person.tasks) == 1


async def test_many_people_share_a_batch_and_one_bad_unit_fails_alone(store: TodoStore) -> None:
    people = [person(f"+1212555{n:04}") for n in range(30)]
    bad = task(0, "a number the database refuses")
    tasks = [bad if n == 7 else task(1, f"Todo {n}") for n in range(30)]
    results = await asyncio.gather(
        *(
            store.commit(
                one, decision(made, events=(creation(made),)), [], function="todo-crud", cause=message(sender=one.phone)
            )
            for one, made in zip(people, tasks, strict=True)
        ),
        return_exceptions=True,
    )
    assert [n for n, result in enumerate(results) if isinstance(result, BaseException)] == [7]
    found = [await store.read(one.party, function="todo-crud", event_id="x") for one in people]
    assert [n for n, one in enumerate(found) if one.person is None] == [7]


async def test_data_no_database_can_keep_is_poison(store: TodoStore) -> None:
    milk = task()
    with pytest.raises(UnstorableData):
        await store.commit(person(), decision(milk, name="a\0b"), [], function="todo-crud", cause=message())


async def test_an_unreachable_database_is_told_as_such() -> None:
    nowhere = Database("postgresql://jotline@/jotline?host=/nonexistent")
    with pytest.raises(DatabaseUnavailable):
        await nowhere.fetch("SELECT 1")
    await nowhere.close()
