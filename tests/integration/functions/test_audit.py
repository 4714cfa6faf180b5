"""audit over HTTP with a real PostgreSQL: every kind of letter a broker can hand over, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest

from local.loading import load_function
from shared.events.envelope import Event, from_json
from shared.events.schemas import COMMAND_PARSED, MESSAGE_STATUS, MessageStatus
from shared.policy.retries import BROKER
from shared.runtime.clock import SimulatedClock
from shared.runtime.cloudevents_http import STRUCTURED, to_http
from shared.runtime.services import Services
from shared.runtime.serving import Done, Function, Later
from shared.runtime.settings import Settings
from shared.storage.database import Database, Statement
from shared.storage.outbox import Row
from tests.asking import request
from tests.box import Process, free_port
from tests.making import ADA, event, message, notification
from tests.whole import listening, values

pytestmark = pytest.mark.asyncio


class Hands:
    """A carrier that keeps what was committed."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    async def publish(self, event: Event) -> None:
        raise AssertionError("audit publishes nothing of a letter")

    async def carry(self, rows: Sequence[Row]) -> None:
        self.rows += rows

    async def close(self) -> None:
        """Nothing to release."""


class Desk:
    """audit, and the database it writes to."""

    def __init__(self, database: str) -> None:
        self.clock, self.hands = SimulatedClock(), Hands()
        self.services = Services(Settings(database_url=database), self.clock)
        self.services.use_carrier(self.hands)
        self.function: Function = load_function("audit")
        self.function.bind(self.services)

    async def file(self, event: Event, function: str = "todo-crud", code: object = 503, **more: str) -> int:
        """Hand a letter over as the broker does."""
        said = {
            "ce-knativeerrordest": f"http://{function}.jotline.svc.cluster.local",
            "ce-knativeerrorcode": str(code),
            **{f"ce-{name}": value for name, value in more.items()},
        }
        headers, body = to_http(event)
        return await self.post({**headers, **said}, body)

    async def post(self, headers: dict[str, str], body: bytes) -> int:
        answer = await self.function(request("/", body, headers=headers))
        assert bytes(answer.body) == b""
        return int(answer.status_code)

    async def letters(self) -> list[Any]:
        return await self.services.audit.dead_letters()

    async def read(self, query: str) -> list[tuple[Any, ...]]:
        return await self.services.audit.database.fetch(query)

    def long_ago(self) -> timedelta:
        """So long that all tries of a broker fit into it."""
        return timedelta(seconds=sum(BROKER.delays) + 1)


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    made = Desk(database)
    yield made
    await made.services.close()


async def _parsed(desk: Desk, text: str = "buy milk") -> Event:
    """A command as parse-command makes it, long ago."""
    parse = load_function("parse-command")
    parse.bind(desk.services)
    outcome = await parse.deliver(message(text, at=desk.clock.now() - desk.long_ago()))
    assert isinstance(outcome, Done)
    assert outcome.reply is not None
    return outcome.reply


async def test_an_event_nobody_could_deliver_waits_with_its_cause_and_the_person_is_told(desk: Desk) -> None:
    command = await _parsed(desk)
    assert await desk.file(command, code=503, knativeerrordata="no healthy upstream") == 204
    [letter] = await desk.letters()
    assert (letter.event_id, letter.function, letter.type) == (command.id, "todo-crud", COMMAND_PARSED)
    assert (letter.cause, letter.attempts, letter.replayed_at) == ("broker: HTTP 503 (no healthy upstream)", 9, None)
    assert (letter.first_at, letter.last_at - desk.clock.now() < timedelta(seconds=5)) == (command.time, True)
    assert await desk.read("SELECT function, event_id, state FROM todo.claims") == [("todo-crud", command.id, "dead")]
    [row] = desk.hands.rows
    assert getattr(row.event.data, "body", "").startswith("Sorry, that text broke something here.")
    assert getattr(row.event.data, "recipient", "") == ADA
    [kept] = await desk.services.audit.find(command.id)
    assert from_json(kept.text) == command


async def test_the_same_letter_again_counts_up_and_tells_nobody_twice(desk: Desk) -> None:
    command = await _parsed(desk)
    for _ in range(2):
        await desk.file(command)
    await desk.read("DELETE FROM todo.claims")  # as if the first burial had been cut off before it closed the claim
    await desk.file(command, code=500)
    [letter] = await desk.letters()
    assert (letter.attempts, letter.cause) == (18, "broker: HTTP 500")
    assert len({row.event.id for row in desk.hands.rows}) == 1
    assert await desk.read("SELECT count(*) FROM audit.outbox") == [(1,)]


@pytest.mark.parametrize("function", ["notify", "somebody-else"])
async def test_only_the_message_a_person_waits_for_is_apologised_for(desk: Desk, function: str) -> None:
    assert await desk.file(message(at=desk.clock.now() - desk.long_ago()), function) == 204
    assert [one.function for one in await desk.letters()] == ["notify" if function == "notify" else "somebody-else"]
    assert desk.hands.rows == []


async def test_who_it_was_for_is_unknown_and_it_is_kept_all_the_same(desk: Desk) -> None:
    assert await desk.file(message(), knativeerrordest="http://elsewhere.example/") == 204
    assert [one.function for one in await desk.letters()] == ["unknown"]


async def test_a_letter_of_any_type_is_kept_under_its_topic(desk: Desk) -> None:
    data = MessageStatus(provider_id="SM1", message_id=None, status="sent", raw={})
    status = event(MESSAGE_STATUS, "SM1.sent", data, at=desk.clock.now() - desk.long_ago())
    assert await desk.file(status, "notify") == 204
    [letter] = await desk.letters()
    assert (letter.type, letter.topic) == (MESSAGE_STATUS, "messages")


@pytest.mark.parametrize("code", [-1, 200, 503])
async def test_what_a_stopped_dispatcher_cancelled_goes_out_again_by_itself(desk: Desk, code: int) -> None:
    text = message(at=desk.clock.now())
    assert await desk.file(text, "parse-command", code) == 204
    [letter] = await desk.letters()
    assert letter.replayed_at is not None
    assert desk.hands.rows == []
    assert await desk.read("SELECT event_id, for_function, attempt FROM audit.outbox") == [(text.id, "parse-command", 0)]
    assert await desk.read("SELECT count(*) FROM todo.claims") == [(0,)]
    taken = await desk.services.audit.outbox.take(
        desk.clock.now() + timedelta(seconds=3), lease=timedelta(seconds=9), ordered=(), limit=9
    )
    assert [one.for_function for one in taken] == ["parse-command"]


async def test_after_the_fifth_time_a_person_has_to_look(desk: Desk) -> None:
    text = message(at=desk.clock.now())
    for _ in range(6):
        await desk.read("DELETE FROM audit.outbox")
        await desk.file(text, "parse-command", -1)
    [letter] = await desk.letters()
    assert (letter.attempts, letter.replayed_at) == (6, None)
    assert len(desk.hands.rows) == 1


async def test_work_that_was_done_though_its_answer_was_lost_is_no_dead_letter(desk: Desk) -> None:
    todo = load_function("todo-crud")
    todo.bind(desk.services)
    command = await _parsed(desk)
    await todo.deliver(command)
    rows = len(desk.hands.rows)
    assert await desk.file(command, code=-1) == 204
    source = message(message_id=command.id.removesuffix(".parsed"), at=command.time)
    assert await desk.file(source, "parse-command", 503) == 204, "and parse-command's work is what todo-crud did"
    assert await desk.letters() == []
    assert len(desk.hands.rows) == rows


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b""),
        ({"content-type": STRUCTURED}, b"{broken"),
        ({"ce-specversion": "1.0", "ce-id": "1", "ce-type": "somebody.elses", "ce-source": "y"}, b"{}"),
        ({"ce-specversion": "1.0", "ce-id": "1", "ce-type": "x", "ce-source": "y"}, b"\xff\x00"),
        ({"content-type": STRUCTURED}, b"x" * 200_000),
    ],
)
async def test_what_is_no_event_is_kept_as_it_came(desk: Desk, headers: dict[str, str], body: bytes) -> None:
    destination = {"ce-knativeerrordest": "http://notify.jotline.svc.cluster.local"}
    assert await desk.post({**headers, **destination}, body) == 204
    [letter] = await desk.letters()
    assert (letter.function, letter.type) == ("notify", "unreadable")


async def test_what_cannot_be_written_down_stays_with_the_broker() -> None:
    lost = Desk("postgresql://jotline@/jotline?host=/nonexistent")
    assert await lost.file(notification(), "notify") == 503
    assert await lost.post({}, b"nonsense") == 503
    await lost.services.close()


async def test_a_claim_that_cannot_be_closed_stays_with_the_broker_too(desk: Desk) -> None:
    half = Desk("postgresql://jotline@/jotline?host=/nonexistent")
    half.services = Services(
        desk.services.settings.model_copy(update={"todo_database_url": "postgresql://jotline@/jotline?host=/nonexistent"}),
        desk.clock,
    )
    half.services.use_carrier(desk.hands)
    half.function.bind(half.services)
    assert await half.file(await _parsed(desk), code=503) == 503
    await half.services.close()


async def test_neither_words_nor_numbers_are_logged(desk: Desk) -> None:
    with listening() as lines:
        await desk.file(await _parsed(desk, "buy a present for Zoe"))
        await desk.post({"content-type": STRUCTURED}, b"{the present for Zoe, +12125550142")
    told = "\n".join(map(values, lines))
    assert "undelivered event" in told
    assert [word for word in ("Zoe", "present", ADA) if word in told] == []


async def test_it_takes_posts_alone(desk: Desk) -> None:
    for path in ("/", "/tick"):
        assert (await desk.function(request(path, method="GET"))).status_code == 405


async def test_a_tick_under_way_ends_when_the_process_is_told_to(database: str, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "DATABASE_URL": database, "K_SINK": "http://127.0.0.1:9", "PARTY_SECRET": "secret", "FUNCTION_TARGET": "handle",
        "FUNCTION_SOURCE": "functions/audit/main.py",
    }  # fmt: skip
    arguments = ["-m", "uvicorn", "functions_framework.aio:app", "--port", str(port), "--http", "httptools"]
    process = Process(arguments, environment, url, tmp_path / "audit.log")
    await process.start()
    try:
        await desk_has_row(database)
        async with aiohttp.ClientSession() as session:
            ticking = asyncio.create_task(session.post(f"{url}/tick"))
            await until_taken(database)
            await process.stop()  # it waits for the request: a tick that went on would take longer than it allows
            assert (await ticking).status == 204
    finally:
        await process.kill()


async def desk_has_row(database: str) -> None:
    """A row that is due, for nobody: a tick that has begun takes it away."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute(
            "INSERT INTO audit.outbox (event_id, type, partition_key, event, due_at)"
            " VALUES ('x', 'jotline.task.created', 'k', '{}', '-infinity')"
        )


async def until_taken(database: str) -> None:
    """Wait until that has happened."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection, asyncio.timeout(20):
        while await (await connection.execute("SELECT 1 FROM audit.outbox")).fetchone():
            await asyncio.sleep(0.01)


# ---- the trail ----


async def test_an_event_is_written_down_and_is_no_dead_letter(desk: Desk) -> None:
    told = notification(at=desk.clock.now())
    for _ in range(2):
        assert await desk.post(*to_http(told)) == 204
    assert await desk.read("SELECT event_id, type, data->>'body' FROM audit.trail") == [
        (told.id, told.type, "Added #1 Buy milk")
    ]
    assert await desk.letters() == []
    assert await desk.read("SELECT FROM audit.claims") == [], "the row is claim enough"


async def test_in_structured_mode_too(desk: Desk) -> None:
    told = message('"knativeerrordest": "http://x"', at=desk.clock.now())
    assert await desk.post({"content-type": STRUCTURED}, told.to_json().encode()) == 204
    assert await desk.read("SELECT event_id FROM audit.trail WHERE type = 'jotline.message.received'") == [(told.id,)]
    assert await desk.letters() == []


async def test_an_event_of_a_newer_version_is_written_down_all_the_same(desk: Desk) -> None:
    headers, body = to_http(message(at=desk.clock.now()))
    newer = {**headers, "ce-type": "jotline.thing.invented", "ce-topic": "task-events"}
    assert await desk.post(newer, body) == 204
    assert await desk.read("SELECT type, topic, actor FROM audit.trail") == [
        ("jotline.thing.invented", "task-events", "jotline")
    ]


async def test_a_dead_letter_that_was_for_audit_is_written_down_and_goes_round_no_more(desk: Desk) -> None:
    told = message(at=desk.clock.now())
    for _ in range(2):
        assert await desk.file(told, function="audit", code=503) == 204
    assert await desk.read("SELECT event_id, type FROM audit.trail") == [(told.id, told.type)]
    assert (await desk.letters(), desk.hands.rows) == ([], [])


async def test_a_burial_is_a_row_of_the_trail(desk: Desk) -> None:
    command = await _parsed(desk)
    await desk.file(command, code=503)
    rows = await desk.read("SELECT type, subject, source, correlation_id, data->>'cause' FROM audit.trail")
    assert rows == [
        ("jotline.letter.buried", command.id, "/jotline/todo-crud", command.correlationid, "broker: HTTP 503"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"ce-specversion": "1.0", "ce-id": "1", "ce-type": "jotline.x.y", "content-type": "application/json"}, b"{}"),
        ({"ce-time": "yesterday"}, b"{}"),
        ({"ce-time": "2026-11-25T12:00:00"}, b"{}"),
        ({}, b"\xff"),
        ({}, b"x" * 200_000),
    ],
)
async def test_what_is_no_event_for_the_trail_is_kept_as_a_letter(desk: Desk, headers: dict[str, str], body: bytes) -> None:
    whole, _ = to_http(message(at=desk.clock.now()))
    assert await desk.post(headers if "ce-id" in headers else {**whole, **headers}, body) == 204
    assert [(letter.function, letter.type) for letter in await desk.letters()] == [("audit", "unreadable")]


async def test_while_the_database_is_away_events_stay_with_the_broker_and_no_try_counts(desk: Desk) -> None:
    desk.services.settings = desk.services.settings.model_copy(update={"database_url": "postgresql://x@/x?host=/nonexistent"})
    answer = await desk.function.take(*to_http(message(at=desk.clock.now())))
    assert (answer.status, answer.headers["jotline-counted"]) == (503, "false")
    assert await desk.function.deliver_all([message()]) == Later(1.0, counted=False)


async def test_many_deliveries_at_once_share_statements(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    execute = Database._execute  # noqa: SLF001 - one of these is one commit

    async def counting(self: Database, statement: Statement, units: list[str]) -> dict[int, str | None]:
        batches.append(len(units))
        return await execute(self, statement, units)

    monkeypatch.setattr(Database, "_execute", counting)
    events = [message(at=desk.clock.now()) for _ in range(200)]
    answers = await asyncio.gather(*(desk.post(*to_http(told)) for told in events))
    assert set(answers) == {204}
    assert sum(batches) == 200
    assert len(batches) <= 6
    assert await desk.read("SELECT count(*) FROM audit.trail") == [(200,)]


async def test_one_event_that_cannot_be_stored_as_it_is_holds_up_nobody(desk: Desk) -> None:
    events = [message(at=desk.clock.now()), message("a\0b", at=desk.clock.now()), message(at=desk.clock.now())]
    assert await desk.function.deliver_all(events) == Done()
    assert await desk.read("SELECT count(*) FROM audit.trail") == [(3,)]
