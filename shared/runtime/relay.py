"""The relay: what was committed and is not consumed, though it was posted, is delivered; then its row ends.

On a cluster the broker carries events, and now and then it loses one: its dispatcher lets go of an event before it has put it
among the dead letters, and may be killed in between. So nothing counts as delivered because it was posted. `audit` is asked for a
tick every minute, and a tick works in rounds, one a second:

    rows that are due       a retry or a replay, at its time, for one function; or a row for everyone that is a minute old, which
                            ends when all its consumers are through with it, and goes straight to those that are not
    messages nobody claimed see `shared.runtime.sweep`

A row is taken by pushing its time ahead, so two ticks at once never hold the same row, and one that dies leaves rows that come
due again. Doing it twice does no harm either way: the claims of the functions see to that.

What a function answers: 2xx is done; a reply goes to the broker; 503 with `retry-after` is "later", in the function's own words.
Anything else is nobody's word. When nobody was there the event waits for as long as it takes; when somebody broke on it, that
counts, and the event is given up after as many tries as its type has.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.events.envelope import BadEvent, Event, from_json
from shared.events.schemas import TYPES
from shared.policy.retries import TABLE, retry_for
from shared.runtime.apology import apology_of
from shared.runtime.consumers import SCHEMAS, progress
from shared.runtime.dead_letters import bury
from shared.runtime.delivery import Delivery
from shared.runtime.ending import tell_at_sigterm
from shared.runtime.routing import read_routes
from shared.runtime.serving import Done, Later
from shared.runtime.sweep import Sweep
from shared.runtime.telemetry import correlation, count, describe, measure
from shared.storage.claims import Claim

if TYPE_CHECKING:
    from shared.runtime.services import Services
    from shared.storage.outbox import Outbox, Schema, Taken

#: How long one tick works; the next is asked for after a minute.
TICK_SECONDS = 55.0
ROUND_SECONDS = 1.0
#: The messages are swept, and it is told how far behind we are, in every so many rounds.
SWEEP_EVERY = 10
#: Longer than any answer is waited for: whoever took a row is through with it by then, or gone.
LEASE = timedelta(seconds=90)
ROWS_AT_ONCE = 500
#: Deliveries on their way at once.
AT_ONCE = 16

#: How long the end of a tick waits for deliveries under way.
ENDING_SECONDS = 10.0

OUTBOXES: tuple[Schema, ...] = ("messaging", "todo", "voice", "audit")
ORDERED = frozenset(kind for kind, rule in TABLE.items() if rule.in_place)
TOPICS = frozenset(kind.topic for kind in TYPES.values())

log = logging.getLogger("jotline.relay")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that was taken, and whom it is for."""

    taken: Taken
    functions: tuple[str, ...]

    @property
    def works(self) -> list[Claim]:
        """The work it asks for."""
        return [Claim(function, self.taken.event_id, self.taken.type) for function in self.functions]


class Relay:
    """Looks after the outboxes. One to a process; several processes may have one."""

    def __init__(self, services: Services, delivery: Delivery) -> None:
        self._services = services
        self._delivery = delivery
        self._sweep = Sweep(services)
        self._routes: dict[str, tuple[str, ...]] = {}
        for route in read_routes():
            self._routes[route.event_type] = (*self._routes.get(route.event_type, ()), route.function)
        self._tasks: set[asyncio.Task[None]] = set()
        self._rounds = 0
        self._looking = False
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether it looks for what waits, or delivers some of it."""
        return self._looking or bool(self._tasks)

    async def tick(self) -> None:
        """Work in rounds for as long as a tick lasts, or until the process is told to end."""
        tell_at_sigterm(self._stopping)
        loop = asyncio.get_running_loop()
        ends = loop.time() + TICK_SECONDS
        await self.look_at_list()
        while not self._stopping.is_set():
            began = loop.time()
            await self.round()
            pause = max(0.0, began + ROUND_SECONDS - loop.time())
            if loop.time() + pause >= ends:
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
        if self._tasks:  # what is not answered by then is waited for without us
            await asyncio.wait(self._tasks, timeout=ENDING_SECONDS)

    async def look_at_list(self) -> None:
        """Fetch what came and only the provider knows of."""
        await self._safely("listed messages", self._sweep.listed)

    async def round(self) -> None:
        """Begin what is due now."""
        self._looking = True
        try:
            if self._rounds % SWEEP_EVERY == 0:
                await self._safely("measures", self._measure)
            for schema in OUTBOXES:
                await self._safely(f"outbox {schema}", partial(self._work_off, schema))
            if self._rounds % SWEEP_EVERY == 0:
                await self._safely("kept messages", self._sweep.kept)
        finally:
            self._looking = False
        self._rounds += 1

    def sweep_next(self) -> None:
        """Let the next round sweep the messages, whenever the last one did."""
        self._rounds = 0

    async def settle(self) -> None:
        """Wait until everything that was begun has ended."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        """Cut what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._delivery.close()

    async def _safely(self, what: str, work: Callable[[datetime], Awaitable[None]]) -> None:
        """Do a part of the work; whatever becomes of it, the other parts go on."""
        try:
            await work(self._services.clock.now())
        except Exception as error:  # noqa: BLE001 - a database that is away, a provider that is: the next round tries again
            log.warning("could not be looked after", extra={"what": what, "cause": describe(error)})

    async def _measure(self, now: datetime) -> None:
        """Tell for how long rows have been due, and what waits for a person."""
        measure("last_look_timestamp_seconds", now.timestamp(), what="outboxes")
        waiting = await self._services.audit.waiting()
        for topic in TOPICS:
            measure("dead_letters_waiting", waiting.get(topic, 0), topic=topic)
        for schema in OUTBOXES:
            measure("outbox_overdue_seconds", await self._services.outbox(schema).overdue(now), schema=schema)

    async def _work_off(self, schema: Schema, now: datetime) -> None:
        """Take the rows of one outbox that are due, end those that are over, and begin the deliveries of the others."""
        outbox = self._services.outbox(schema)
        room = ROWS_AT_ONCE - len(self._tasks)
        if room <= 0:
            return
        taken = await outbox.take(now, lease=LEASE, ordered=ORDERED, limit=room)
        for one in taken:
            if one.type not in TYPES:
                await self._set_aside(outbox, one, f"unknown event type {one.type!r}", now)
        rows = [_Row(one, self._for_whom(one)) for one in taken if one.type in TYPES]
        left = await self._left(rows, now)
        over = [row.taken.seq for row in rows if row.taken.seq not in left]
        if over:
            await outbox.remove(over)
        for row in rows:
            if functions := left.get(row.taken.seq):
                self._begin(self._deliver(outbox, row.taken, functions))

    async def _left(self, rows: list[_Row], now: datetime) -> dict[int, tuple[str, ...]]:
        """By number of the row, the functions to be given it now; rows that are over are left out.

        Of a row for everyone that is nobody who is through with it, is at it, or has it waiting as a row of their own.
        """
        left = {row.taken.seq: row.functions for row in rows if row.taken.for_function and row.functions}
        for_all = [row for row in rows if not row.taken.for_function and row.functions]
        known = await progress(self._services, [work for row in for_all for work in row.works], now)
        unfinished = [row for row in for_all if not known.ended.issuperset(row.works)]
        addressed = await self._addressed(unfinished)
        for row in unfinished:
            open_works = [work for work in row.works if work not in known.ended and work not in known.held]
            names = [work.function for work in open_works]
            left[row.taken.seq] = tuple(name for name in names if (name, row.taken.event_id, row.taken.type) not in addressed)
        return left

    def _for_whom(self, taken: Taken) -> tuple[str, ...]:
        """The functions a row is for: all that a Trigger names, or the one it is addressed to."""
        return tuple(name for name in self._routes.get(taken.type, ()) if taken.for_function in ("", name))

    async def _addressed(self, rows: list[_Row]) -> set[tuple[str, str, str]]:
        """Which of these events wait as a row for one function alone, in that function's outbox or among the replays."""
        if not rows:
            return set()
        events = {(row.taken.event_id, row.taken.type) for row in rows}
        schemas: set[Schema] = {"audit", *(SCHEMAS[name] for row in rows for name in row.functions)}
        found: set[tuple[str, str, str]] = set()
        for schema in schemas:
            found |= await self._services.outbox(schema).addressed(events)
        return found

    async def _deliver(self, outbox: Outbox, taken: Taken, functions: tuple[str, ...]) -> None:
        """Give a row's event to each of these functions, and see to what becomes of the row."""
        try:
            event = from_json(taken.text)
        except BadEvent as error:
            await self._safely("unreadable row", partial(self._set_aside, outbox, taken, str(error)))
            return
        token = correlation.set(event.correlationid)
        try:
            async with self._gate:
                refusals = [later for name in functions if (later := await self._give(taken, event, name))]
            if refusals:
                counted = any(later.counted for later in refusals)
                due_at = self._services.clock.now() + timedelta(seconds=max(later.seconds for later in refusals))
                await outbox.postpone(taken.seq, due_at, counted=counted)
            elif taken.for_function:
                await outbox.remove([taken.seq])
        except Exception as error:  # noqa: BLE001 - whatever it was: the row is still ours for a while, then somebody's
            log.warning("a row is left for later", extra={"event_id": event.id, "cause": describe(error)})
        finally:
            correlation.reset(token)

    async def _set_aside(self, outbox: Outbox, taken: Taken, cause: str, now: datetime) -> None:
        """A row that this version cannot read becomes a dead letter."""
        log.error("unreadable row", extra={"schema": outbox.schema, "seq": taken.seq, "cause": cause})
        key = f"{outbox.schema}/{taken.seq}"
        await self._services.audit.bury_unreadable(taken.text, function="relay", key=key, cause=cause, now=now)
        await outbox.remove([taken.seq])

    async def _give(self, taken: Taken, event: Event, function: str) -> Later | None:
        """Deliver an event to one function; how long to wait when that was not the end of it."""
        attempt = taken.attempt + taken.tries + 1
        facts = {"function": function, "event_id": event.id, "type": event.type, "attempt": attempt}
        outcome = await self._delivery.post(self._services.addresses.url_of(function), event, attempt)
        if isinstance(outcome, Done):
            if outcome.reply is not None:
                await self._services.carrier.publish(outcome.reply)
            log.info("delivered by the relay", extra=facts)
            count("relay_deliveries_total", function=function)
            return None
        log.warning("not delivered by the relay", extra={**facts, "counted": outcome.counted})
        delay = retry_for(event.type).delay_after(attempt)
        if not outcome.counted:
            return outcome
        if delay is not None:
            return Later(max(delay, outcome.seconds))
        now = self._services.clock.now()
        told = apology_of(function, event, now)
        await bury(
            self._services,
            event,
            function=function,
            schema=SCHEMAS[function],
            cause="relay: no answer",
            attempts=attempt,
            now=now,
            told=told,
        )
        return None

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a delivery beside the rounds."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
