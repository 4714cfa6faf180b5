"""The trail on a real PostgreSQL: what is written down, what nobody can change, and what is found again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from shared.events.envelope import Event, Unread
from shared.events.ids import partition_key, user_id
from shared.events.schemas import (
    MESSAGE_RECEIVED,
    MESSAGE_STATUS,
    NOTIFICATION_FAILED,
    REMINDER_TRIGGERED,
    REQUEST_MADE,
    TASK_COMPLETED,
    TASK_CREATED,
    MessageStatus,
    NotificationEnded,
    ReminderChanged,
    RequestMade,
)
from shared.storage.database import Database
from shared.storage.trail import BadCursor, TrailQuery, TrailRow, TrailStore
from tests.making import ADA, BOB, NOW, SECRET, event, message, notification, task_change, uuid

pytestmark = pytest.mark.asyncio

ADAS, BOBS = (partition_key(phone, SECRET) for phone in (ADA, BOB))


class Trail(TrailStore):
    """The trail, with shorter words."""

    async def write(self, *events: Event) -> None:
        for one in events:
            await self.add([Unread.of(one)], NOW)

    async def all(self, **wanted: Any) -> list[TrailRow]:
        """Every row, page by page, the newest first."""
        found: list[TrailRow] = []
        cursor = ""
        while True:
            page = await self.query(TrailQuery(**wanted, cursor=cursor))
            found += page.rows
            cursor = page.cursor
            if not cursor:
                return found

    async def ids(self, **wanted: Any) -> list[str]:
        return [row.event_id for row in await self.all(**wanted)]


@pytest.fixture
async def trail(database: str) -> AsyncIterator[Trail]:
    opened = Database(database)
    yield Trail(opened)
    await opened.close()


def failed(number: int, **more: Any) -> Event:
    data = NotificationEnded(message_id=uuid(f"m{number}"), kind="reply", channel="sms", cause="no such number")
    return event(NOTIFICATION_FAILED, f"x{number}.failed", data, **more)


async def test_a_row_says_what_happened_to_whom_by_whom_when_and_why(trail: Trail) -> None:
    told = task_change(TASK_CREATED, title="Buy milk")
    await trail.write(told)
    [row] = await trail.all()
    assert (row.event_id, row.type, row.topic, row.source, row.subject) == (
        told.id, TASK_CREATED, "task-events", told.source, told.subject,
    )  # fmt: skip
    assert (row.party, row.user_id, row.actor) == (ADAS, user_id(ADAS), "person")
    assert (row.task_id, row.correlation_id, row.at, row.recorded_at) == (
        str(told.data.task_id), told.correlationid, told.time, NOW,  # type: ignore[attr-defined]
    )  # fmt: skip
    assert row.data == json.loads(told.data_json())


async def test_who_did_it(trail: Trail) -> None:
    request = RequestMade(request_id="r", method="POST", route="/", status=200, user_id=uuid("u"), role="admin")
    nobody = RequestMade(request_id="s", method="POST", route="/", status=401)
    reminder = ReminderChanged(
        reminder_id=uuid("r"), task_id=uuid("t"), user_id=uuid("u"), title="x", due_date=None, reminder_at=NOW, message_id="m"
    )
    status = MessageStatus(provider_id="SM1", message_id=None, status="delivered", raw={"To": ADA})
    await trail.write(
        message(message_id="SM1"),
        event(REQUEST_MADE, "api-1", request),
        event(REQUEST_MADE, "api-2", nobody),
        event(REMINDER_TRIGGERED, "r.triggered", reminder, source="/jotline/remind"),
        event(MESSAGE_STATUS, "SM1.delivered", status),
        notification(),
    )
    actors = {row.type.removeprefix("jotline."): row.actor for row in await trail.all() if row.type != REQUEST_MADE}
    assert actors == {
        "message.received": "person",
        "reminder.triggered": "clock",
        "message.status": "provider",
        "notification.requested": "jotline",
    }
    requests = {row.event_id: (row.actor, row.user_id) for row in await trail.all(types=(REQUEST_MADE,))}
    assert requests == {"api-1": ("admin", uuid("u")), "api-2": ("person", None)}


async def test_the_same_event_again_leaves_one_row_and_another_type_of_the_same_id_its_own(trail: Trail) -> None:
    told = message(message_id="MM1.audio0")
    for _ in range(3):
        await trail.write(told)
    await trail.add([Unread({**told.attributes(), "type": "jotline.audio.received"}, "{}")], NOW)
    assert sorted(row.type for row in await trail.all()) == ["jotline.audio.received", MESSAGE_RECEIVED]
    asked = [(told.id, MESSAGE_RECEIVED), (told.id, "jotline.call.received")]
    assert await trail.recorded(asked) == {(told.id, MESSAGE_RECEIVED)}
    assert await trail.recorded([]) == set()


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ('{"text": "a\\u0000b"}', {"text": "a\N{REPLACEMENT CHARACTER}b"}),
        ('{"text": "a\\ud800b"}', {"text": "a\N{REPLACEMENT CHARACTER}b"}),
        ("{broken", {"unreadable": "{broken"}),
        ("{}}, {", {"unreadable": "{}}, {"}),
        ("", {"unreadable": ""}),
        ("[1, 2]", [1, 2]),
        ("null", {"unreadable": "null"}),
        ("[" * 20_000, {"unreadable": "[" * 20_000}),
    ],
)
async def test_what_cannot_be_stored_is_kept_as_far_as_it_can_be_and_harms_no_neighbour(
    trail: Trail, data: str, kept: object
) -> None:
    beside = message()
    await trail.write(beside)
    await trail.add([Unread(message(message_id="SMbad").attributes(), data)], NOW)
    found = {row.event_id: row.data for row in await trail.all()}
    assert found == {beside.id: json.loads(beside.data_json()), "SMbad": kept}


async def test_a_task_id_that_is_none_and_a_user_that_is_none_are_no_obstacle(trail: Trail) -> None:
    odd = Unread({**message(message_id="SModd").attributes(), "type": REQUEST_MADE}, '{"user_id": "me", "task_id": [1]}')
    await trail.add([odd], NOW)
    [row] = await trail.all()
    assert row.data == {"unreadable": odd.data}


async def test_a_code_is_not_for_whoever_reads_the_trail(trail: Trail) -> None:
    await trail.write(notification("Your code is 123456", kind="code"))
    [row] = await trail.all()
    assert "123456" not in json.dumps(row.data)
    assert await trail.ids(text="123456") == []


REFUSED = ("UPDATE audit.trail SET actor = 'nobody'", "DELETE FROM audit.trail", "TRUNCATE audit.trail")


@pytest.mark.parametrize("statement", REFUSED)
@pytest.mark.parametrize("role", ["owner and superuser", "replica", "owner", "granted", "stranger"])
async def test_every_role_but_retentions_is_refused(trail: Trail, database: str, statement: str, role: str) -> None:
    await trail.write(message())
    name = f"test_{uuid4().hex}"
    with psycopg.connect(database) as connection:
        connection.execute(f"CREATE ROLE {name}".encode())  # gone with the transaction
        if role == "replica":
            connection.execute("SET session_replication_role = replica")
        if role == "owner":
            connection.execute(f"ALTER TABLE audit.trail OWNER TO {name}".encode())
        if role == "granted":
            connection.execute(f"GRANT ALL ON audit.trail TO {name}".encode())
        if role != "stranger":
            connection.execute(f"GRANT USAGE ON SCHEMA audit TO {name}".encode())
        if role not in ("owner and superuser", "replica"):
            connection.execute(f"SET LOCAL ROLE {name}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
    assert len(await trail.all()) == 1


async def test_retentions_role_may_prune_and_change_but_neither_log_in_nor_empty_nor_invent(
    trail: Trail, database: str
) -> None:
    await trail.write(message())
    with psycopg.connect(database) as connection:
        assert connection.execute(
            "SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = 'jotline_retention'"
        ).fetchall() == [(False, False)]
        connection.execute("SET LOCAL ROLE jotline_retention")
        for allowed in REFUSED[:2]:
            connection.execute(allowed.encode())
        for refused in (REFUSED[2], "INSERT INTO audit.trail DEFAULT VALUES", "SELECT FROM audit.dead_letters"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(refused.encode())


async def test_each_filter_and_any_of_them_together(trail: Trail) -> None:
    hour = timedelta(hours=1)
    created = task_change(TASK_CREATED, title="Buy milk", at=NOW + hour)
    mine = [
        message("buy milk", message_id="SM1", at=NOW),
        replace(created, correlationid="SM1"),
        replace(created, id="completed", type=TASK_COMPLETED, time=NOW + 2 * hour, data=task_change(TASK_COMPLETED).data),
        failed(1, at=NOW + 3 * hour),
    ]
    mine[2] = replace(mine[2], data=mine[2].data.model_copy(update={"task_id": created.data.task_id}))  # type: ignore[attr-defined]
    theirs = [message("Milk and eggs", message_id="SM9", sender=BOB, at=NOW + 4 * hour)]
    await trail.write(*mine, *theirs)
    said, made, done, lost, other = [one.id for one in (*mine, *theirs)]
    task = mine[1].data.task_id  # type: ignore[attr-defined]
    assert await trail.ids() == [other, lost, done, made, said]
    assert await trail.ids(user_id=user_id(ADAS)) == await trail.ids(party=ADAS) == [lost, done, made, said]
    assert await trail.ids(user_id=user_id(ADAS), party=BOBS) == []
    assert await trail.ids(types=(TASK_CREATED, NOTIFICATION_FAILED)) == [lost, made]
    assert await trail.ids(topic="task-events") == [done, made]
    assert await trail.ids(task_id=task) == await trail.ids(task_id=str(task)) == [done, made]
    assert await trail.ids(correlation_id="SM1") == [made, said]
    assert await trail.ids(since=NOW + hour, until=NOW + 3 * hour) == [done, made]
    assert await trail.ids(text="MILK") == [other, made, said]
    assert await trail.ids(text="milk -eggs") == [made, said]
    assert await trail.ids(text="milk", user_id=user_id(ADAS), types=(TASK_CREATED,), since=NOW) == [made]
    assert await trail.ids(text="milk", topic="messages", correlation_id="SM1") == [said]
    assert await trail.ids(task_id=task, topic="task-events", until=NOW + 2 * hour, party=ADAS) == [made]
    assert await trail.ids(types=("jotline.nothing.happened",)) == []


@pytest.mark.parametrize("wanted", [{}, {"topic": "messages"}, {"user_id": user_id(ADAS)}, {"text": "milk"}])
async def test_pages_are_whole_whatever_comes_meanwhile(trail: Trail, wanted: dict[str, Any]) -> None:
    old = [message("milk", message_id=f"SM{n:02}", at=NOW + timedelta(seconds=n // 3)) for n in range(20)]
    await trail.write(*old)
    found: list[str] = []
    cursor = ""
    for number in range(7):
        page = await trail.query(TrailQuery(**wanted, limit=3, cursor=cursor))
        found += [row.event_id for row in page.rows]
        cursor = page.cursor
        await trail.write(message("milk", message_id=f"SMnew{number}", at=NOW + timedelta(hours=1)))
    assert cursor == ""
    assert found == sorted((one.id for one in old), reverse=True)


@pytest.mark.parametrize("cursor", ["x", "e30", "WzFd", "WyIyMDI2LTExLTI1VDE1OjAwOjAwIiwgIngiLCAieSJd", "\N{SNOWMAN}"])
async def test_what_is_no_cursor_is_refused(trail: Trail, cursor: str) -> None:
    with pytest.raises(BadCursor):
        await trail.query(TrailQuery(cursor=cursor))


async def test_rows_are_pruned_by_their_time_a_batch_at_a_time(trail: Trail) -> None:
    await trail.write(*(message(message_id=f"SM{n}", at=NOW + timedelta(days=n)) for n in range(5)))
    assert [await trail.forget(NOW + timedelta(days=3), 2) for _ in range(3)] == [2, 1, 0]
    assert await trail.ids() == ["SM4", "SM3"]
