"""The single box's broker on a real PostgreSQL: nothing lost, order kept, room limited, restarts taken up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from local import broker as broker_module
from local.broker import Broker, Busy
from shared.events.envelope import Event
from shared.events.schemas import COMMAND_PARSED, DIGEST_REQUESTED, MESSAGE_RECEIVED
from shared.runtime.clock import SimulatedClock
from shared.runtime.routing import Route
from shared.runtime.serving import Done, Later, Outcome
from shared.storage.audit import AuditStore
from shared.storage.database import Database
from shared.storage.outbox import Outbox
from tests.making import ADA, BOB, message, notification

pytestmark = pytest.mark.asyncio

ROUTES = [
    Route(trigger="parse-command-messages", function="parse-command", event_type=MESSAGE_RECEIVED, ordered=True),
    Route(trigger="notify-messages", function="notify", event_type=MESSAGE_RECEIVED, ordered=False),
    Route(trigger="todo-crud-commands", function="todo-crud", event_type=COMMAND_PARSED, ordered=True),
]


class Recorder:
    """A function that remembers what it was given; `do` decides the outcome."""

    def __init__(self, do: Callable[[Event, int], Awaitable[Outcome]] | None = None) -> None:
        self.given: list[tuple[str, int]] = []
        self.do = do

    async def deliver(self, event: Event, attempt: int = 1) -> Outcome:
        self.given.append((event.id, attempt))
        return await self.do(event, attempt) if self.do else Done()


class Box:
    """A broker with three recorders on one database; may be stopped and started again."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SimulatedClock()
        self.parse, self.notify, self.todo = Recorder(), Recorder(), Recorder()
        self.outbox = Outbox(database, "messaging")
        self.broker = self._new()

    def _new(self) -> Broker:
        functions = {"parse-command": self.parse, "notify": self.notify, "todo-crud": self.todo}
        return Broker(ROUTES, functions, [self.outbox], AuditStore(self.database), self.clock)

    async def restart(self) -> int:
        await self.broker.stop(seconds=0.05)
        self.broker = self._new()
        return await self.broker.start()

    async def idle(self) -> None:
        while self.broker.waiting:
            await asyncio.sleep(0)


@pytest.fixture
async def box(database: str) -> AsyncIterator[Box]:
    opened = Database(database)
    made = Box(opened)
    await made.broker.start()
    yield made
    await made.broker.stop(seconds=0.05)
    await opened.close()


async def test_every_trigger_gets_an_event_once_and_then_it_is_forgotten(box: Box) -> None:
    told = message()
    await box.broker.publish(told)
    await box.broker.publish(told)
    await box.idle()
    await box.broker.stop()
    assert box.parse.given == box.notify.given == [(told.id, 1)]
    assert await box.outbox.load() == []


async def test_one_persons_messages_wait_for_each_other_and_nobody_else_does(box: Box) -> None:
    gate = asyncio.Event()
    seen: list[str] = []

    async def hold(event: Event, attempt: int) -> Outcome:
        if event.partitionkey == first.partitionkey:
            await gate.wait()
        seen.append(event.id)
        return Done()

    box.parse.do = hold
    first, second, other = message("1"), message("2"), message("x", sender=BOB)
    for one in (first, second, other):
        await box.broker.publish(one)
    while other.id not in seen:
        await asyncio.sleep(0)
    assert [given for given, _ in box.parse.given] == [first.id, other.id]
    gate.set()
    await box.idle()
    assert [one for one in seen if one != other.id] == [first.id, second.id]


async def test_a_reply_is_worked_off_before_the_next_message_begins(box: Box) -> None:
    order: list[str] = []

    async def parse(event: Event, attempt: int) -> Outcome:
        order.append(f"parse {event.id}")
        return Done(event.follow(id=f"{event.id}.parsed", type=COMMAND_PARSED, source="/p", subject="s", data=event.data))

    async def carry_out(event: Event, attempt: int) -> Outcome:
        await asyncio.sleep(0)
        order.append(f"do {event.id}")
        return Done()

    box.parse.do, box.todo.do = parse, carry_out
    one, two = message("1"), message("2")
    await box.broker.publish(one)
    await box.broker.publish(two)
    await box.idle()
    assert order == [f"parse {one.id}", f"do {one.id}.parsed", f"parse {two.id}", f"do {two.id}.parsed"]


async def test_what_a_stopped_broker_leaves_is_taken_up_in_order(box: Box) -> None:
    async def never(event: Event, attempt: int) -> Outcome:
        await asyncio.Event().wait()
        raise AssertionError

    box.parse.do = never
    sent = [message(str(n)) for n in range(5)]
    for one in sent:
        await box.broker.publish(one)
    box.parse.do = None
    box.parse.given.clear()
    assert await box.restart() == 5
    await box.idle()
    assert [given for given, _ in box.parse.given] == [one.id for one in sent]


async def test_a_delivery_that_says_later_is_tried_again_in_place(box: Box) -> None:
    async def twice_later(event: Event, attempt: int) -> Outcome:
        return Done() if attempt == 3 else Later(0.0)

    box.parse.do = twice_later
    first, second = message("1"), message("2")
    await box.broker.publish(first)
    await box.broker.publish(second)
    await box.idle()
    assert box.parse.given == [(one.id, n) for one in (first, second) for n in (1, 2, 3)]


async def test_a_retry_goes_to_its_function_alone_when_the_clock_says_so(box: Box) -> None:
    told = message()
    due = box.clock.now() + timedelta(hours=1)
    rows = await box.outbox.retry(told, function="notify", attempt=2, not_before=due)
    assert await box.outbox.retry(told, function="notify", attempt=2, not_before=due) == []
    await box.broker.carry(rows)
    await asyncio.sleep(0)
    assert box.notify.given == []
    box.clock.advance(timedelta(hours=2))
    await box.idle()
    assert box.notify.given == [(told.id, 3)]
    assert box.parse.given == []


async def test_no_more_is_accepted_than_can_be_worked_off(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_module, "OPEN_AT_MOST", 3)
    monkeypatch.setattr(broker_module, "ROOM_SECONDS", 0.02)
    monkeypatch.setattr(broker_module, "LOOK_SECONDS", 0.01)
    gate = asyncio.Event()

    async def hold(event: Event, attempt: int) -> Outcome:
        await gate.wait()
        return Done()

    box.parse.do = hold
    for n in range(3):
        await box.broker.publish(message(str(n), sender=ADA))
    with pytest.raises(Busy):
        await box.broker.publish(message("too many"))
    gate.set()
    await box.idle()
    await box.broker.publish(message("room again"))
    await box.idle()
    assert len(box.parse.given) == 4


async def test_a_row_nobody_can_read_becomes_a_dead_letter(box: Box) -> None:
    await box.database.fetch(
        "INSERT INTO messaging.outbox (event_id, type, partition_key, event) VALUES ('x', 'jotline.message.received', 'k', 'not json')"
    )
    assert await box.restart() == 1
    letters = await AuditStore(box.database).dead_letters()
    assert [letter.cause for letter in letters] == ["not a CloudEvent in JSON"]
    assert await box.outbox.load() == []


DIGESTS = Route(trigger="notify-digests", function="notify", event_type=DIGEST_REQUESTED, ordered=False)


async def test_a_thousand_digests_go_few_at_a_time_and_whatever_else_comes_overtakes_them(database: str) -> None:
    under_way, most, seen = 0, 0, list[str]()
    gate = asyncio.Event()

    async def work(event: Event, _: int) -> Outcome:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if event.type == DIGEST_REQUESTED:
            await gate.wait()
        seen.append(event.type)
        under_way -= 1
        return Done()

    base = Database(database)
    outbox = Outbox(base, "messaging")
    functions = {"notify": Recorder(work), "parse-command": Recorder(), "todo-crud": Recorder()}
    broker = Broker([*ROUTES, DIGESTS], functions, [outbox], AuditStore(base), SimulatedClock())
    await broker.start()
    digest = notification("Good morning.")
    for number in range(200):
        await broker.publish(replace(digest, id=f"digest-{number}", type=DIGEST_REQUESTED, partitionkey=f"{number:032x}"))
    assert len(functions["notify"].given) == broker_module.BACKGROUND_AT_MOST
    await broker.publish(message())
    while MESSAGE_RECEIVED not in seen:
        await asyncio.sleep(0)
    assert DIGEST_REQUESTED not in seen
    gate.set()
    while broker.waiting:
        await asyncio.sleep(0.01)
    assert sorted(id_ for id_, _ in functions["notify"].given if id_.startswith("digest")) == sorted(
        f"digest-{number}" for number in range(200)
    )
    assert most <= broker_module.BACKGROUND_AT_MOST + 1
    await broker.stop()
    await base.close()


async def test_digests_of_the_last_run_are_taken_up_a_few_at_a_time(database: str) -> None:
    base = Database(database)
    outbox = Outbox(base, "messaging")
    digest = notification("Good morning.")
    for number in range(100):
        await outbox.append(replace(digest, id=f"digest-{number}", type=DIGEST_REQUESTED, partitionkey=f"{number:032x}"))
    functions = {"notify": Recorder(), "parse-command": Recorder(), "todo-crud": Recorder()}
    broker = Broker([DIGESTS], functions, [outbox], AuditStore(base), SimulatedClock())
    await broker.start()
    while broker.waiting:
        await asyncio.sleep(0.01)
    assert len(functions["notify"].given) == 100
    await broker.stop()
    assert await outbox.load() == []
    await base.close()


class Book(Recorder):
    """A function that writes down whatever happens, several things at once; `open`: whether it can."""

    records = True

    def __init__(self) -> None:
        super().__init__()
        self.written: list[list[str]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def deliver_all(self, events: Sequence[Event]) -> Outcome:
        await self.open.wait()
        self.written.append([event.type.rpartition(".")[2] for event in events])
        return Later(0.01, counted=False) if len(self.written) == 1 else Done()


async def test_what_is_only_written_down_gathers_and_its_row_waits_for_it_and_nobody_else_does(database: str) -> None:
    base = Database(database)
    book, todo = Book(), Recorder()
    wrote = {MESSAGE_RECEIVED: "book", COMMAND_PARSED: "book"}
    routes = [*ROUTES, *(Route("book-all", function, kind, ordered=False) for kind, function in wrote.items())]

    async def parse(event: Event, _: int) -> Outcome:
        return Done(replace(event, id=f"{event.id}.parsed", type=COMMAND_PARSED))

    functions = {"parse-command": Recorder(parse), "todo-crud": todo, "notify": Recorder(), "book": book}
    outbox = Outbox(base, "messaging")
    broker = Broker(routes, functions, [outbox], AuditStore(base), SimulatedClock())
    await broker.start()
    book.open.clear()
    first, second = message("one"), message("two")
    await broker.publish(first)
    await broker.publish(second)
    while len(todo.given) < 2:
        await asyncio.sleep(0.01)
    assert [id_ for id_, _ in todo.given] == [f"{first.id}.parsed", f"{second.id}.parsed"], (
        "the second did not wait for the book"
    )
    assert broker.waiting == 2, "but neither row is over before it is in the book, and its reply too"
    assert len(await outbox.load()) == 2
    book.open.set()
    while broker.waiting:
        await asyncio.sleep(0.01)
    assert sorted(kind for batch in book.written[1:] for kind in batch) == ["parsed", "parsed", "received", "received"]
    assert len(book.written) < 5, "together"
    await broker.stop()
    assert await outbox.load() == []
    await base.close()
