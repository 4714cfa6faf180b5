"""The single box's broker: the outboxes are its log, a mailbox for each (trigger, person) keeps order, claims make it exactly once.

An event enters by `publish` (from the webhook: committed before it is acknowledged) or by `carry` (committed by a function with
what it tells of). Every Trigger of `knative/` that asks for its type gets it; when all have worked it off, the row is forgotten.
Nothing else is written down: at the next start every row still there is delivered again, and the claims of the functions say
which work was done. So a kill at any point loses nothing and repeats no effect. When the database was away, a commit may have
happened without our being told: then the log is read again for rows that nobody carried here.

A reply event (parse-command's) is not logged either: the delivery it answers stays open until the reply is worked off, so after
a kill the delivery comes again and makes the same reply with the same id. The person's next message waits only for those who take
replies in order.

At most `OPEN_AT_MOST` rows are open: beyond that `publish` waits, and then says "try again", so that no more is acknowledged
than can be worked off.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol, cast

from shared.events.envelope import BadEvent, Event, from_json
from shared.events.schemas import DIGEST_REQUESTED
from shared.policy.outcomes import TryAgain
from shared.runtime.clock import Clock
from shared.runtime.routing import Route
from shared.runtime.serving import Done, Later, Outcome
from shared.runtime.telemetry import describe
from shared.storage.audit import AuditStore
from shared.storage.outbox import Outbox, Row, Schema, Waiting

OPEN_AT_MOST = 2000
#: What comes by the thousand at once and is not urgent: few at a time are under way, the others stay in the log. So an answer or a
#: reminder overtakes them, and a hundred thousand of them take no memory.
IN_THE_BACKGROUND = frozenset({DIGEST_REQUESTED})
BACKGROUND_AT_MOST = 32
#: How long an acknowledgement may wait for room; Twilio waits 15 s.
ROOM_SECONDS = 8.0
#: Consumed rows are forgotten together, this often: forgetting late costs nothing but a claim's look-up after a kill.
FORGET_SECONDS = 0.5
#: What is only written down gathers for so long, and up to so many events share a statement.
GATHER_SECONDS = 0.1
GATHERED_AT_MOST = 256
#: How often a waiting retry looks at the clock, which may be moved.
LOOK_SECONDS = 0.25

log = logging.getLogger("jotline.broker")


class Busy(TryAgain):
    """More is waiting than can be worked off; nothing was accepted."""


class Deliverable(Protocol):
    """A function, as the broker sees it."""

    async def deliver(self, event: Event, attempt: int = 1) -> Outcome:
        """Work an event off; never raises."""
        ...


class Records(Protocol):
    """A function that only writes down what happens."""

    async def deliver_all(self, events: Sequence[Event]) -> Outcome:
        """Write events down together; never raises."""
        ...


@dataclass(slots=True)
class _Open:
    """A row that not everyone has worked off."""

    row: Row
    left: int


@dataclass(slots=True)
class _Letter:
    """One delivery to one trigger; `read` is called when it is worked off.

    `share`: lets one delivery more be part of this one: what is to be called when that one is worked off, too.
    """

    event: Event
    attempt: int
    read: Callable[[], None]
    share: Callable[[], Callable[[], None]]


@dataclass(slots=True)
class _Mailbox:
    """One person's deliveries to one trigger, in order."""

    letters: deque[_Letter] = field(default_factory=deque)


class Broker:
    """Carries events between the functions of this process. The `Carrier` of the single box."""

    def __init__(
        self,
        routes: Iterable[Route],
        functions: Mapping[str, Deliverable],
        outboxes: Iterable[Outbox],
        audit: AuditStore,
        clock: Clock,
    ) -> None:
        self._routes: dict[str, list[Route]] = defaultdict(list)
        for route in routes:
            self._routes[route.event_type].append(route)
        self._functions = functions
        self._outboxes: dict[Schema, Outbox] = {outbox.schema: outbox for outbox in outboxes}
        self._audit = audit
        self._clock = clock
        self._mailboxes: dict[tuple[str, str], _Mailbox] = {}
        self._recorders = {name for name, function in functions.items() if getattr(function, "records", False)}
        self._gathering: dict[str, list[_Letter]] = {}
        self._gathered_at: dict[str, float] = {}  # by the event loop's clock
        self._open = 0
        self._known: set[tuple[Schema, int]] = set()
        self._in_doubt = False
        self._background = 0  # rows of it that are open
        self._more_in_the_log = False  # others of it wait there
        self._refilling = False
        self._room = asyncio.Condition()
        self._consumed: dict[Schema, list[int]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._awaited: set[asyncio.Future[bool]] = set()  # replies somebody waits for
        self._forgetter: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Take up what the last run left; returns how many rows that was."""
        found = await self.take_up()
        self._forgetter = asyncio.create_task(self._forget_regularly())
        return found

    async def publish(self, event: Event) -> None:
        """Commit an event to the log, then deliver it; the same event again is accepted and dropped.

        Raises:
            Busy: there is no room. DatabaseUnavailable: it was not committed.
        """
        if self._stopping.is_set():
            raise Busy("stopping")
        if self._open >= OPEN_AT_MOST:
            await self._await_room()
        try:
            rows = await self._outboxes["messaging"].append(event)
        except TryAgain:
            self._in_doubt = True
            raise
        await self.carry(rows)

    async def carry(self, rows: Sequence[Row]) -> None:
        """Deliver events that a function has committed."""
        for row in rows:
            self._take(row)

    async def close(self) -> None:
        """Part of `Carrier`; the box stops the broker itself."""

    async def stop(self, seconds: float = 10.0) -> None:
        """Finish the deliveries under way, at most for `seconds`; what is left is taken up at the next start."""
        self._stopping.set()
        for reply in self._awaited:
            if not reply.done():
                reply.set_result(False)
        if self._forgetter is not None:
            self._forgetter.cancel()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
        await self._forget()

    @property
    def waiting(self) -> int:
        """How many rows are open; one more, where others wait in the log until it is their turn."""
        return self._open + (self._more_in_the_log or self._refilling)

    async def look(self) -> None:
        """Take up what somebody else has written into the log; when it cannot be read now, soon."""
        try:
            await self.take_up()
        except TryAgain:
            self._in_doubt = True

    async def take_up(self) -> int:
        """Take what stands in the log and is not known here; returns how many rows that was."""
        found = 0
        for schema, outbox in self._outboxes.items():
            found += await self._take_all(schema, await outbox.load(self._numbers(schema), but=IN_THE_BACKGROUND))
        self._more_in_the_log = False
        return found + await self._refill()

    async def _refill(self) -> int:
        """Take up as much from the log as may be under way in the background; returns how many rows that was."""
        found = 0
        for schema, outbox in self._outboxes.items():
            room = max(BACKGROUND_AT_MOST - self._background, 0)
            rows = await outbox.load_some(IN_THE_BACKGROUND, room + 1, self._numbers(schema))
            found += await self._take_all(schema, rows[:room])
            self._more_in_the_log |= len(rows) > room
        return found

    async def _refill_while_there_is_room(self) -> None:
        """Refill whenever half of it is worked off; when the log cannot be read now, soon."""
        try:
            while self._more_in_the_log and self._background <= BACKGROUND_AT_MOST // 2:
                self._more_in_the_log = False
                await self._refill()
        except TryAgain:
            self._in_doubt = True
        finally:
            self._refilling = False

    def _numbers(self, schema: Schema) -> list[int]:
        """The rows of a schema that are known here."""
        return [number for known, number in self._known if known == schema]

    async def _take_all(self, schema: Schema, rows: Iterable[Waiting]) -> int:
        """Take rows of the log; returns how many were new."""
        found = 0
        for waiting in rows:
            if (schema, waiting.seq) in self._known:
                continue
            found += 1
            try:
                event = from_json(waiting.text)
            except BadEvent as error:
                await self._set_aside(schema, waiting.seq, waiting.text, error)
                continue
            self._take(Row(schema, waiting.seq, event, waiting.for_function, waiting.attempt, waiting.not_before))
        return found

    def _take(self, row: Row) -> None:
        """Open a row, once, and put it into the mailboxes of the triggers that ask for it."""
        if (row.schema, row.seq) in self._known:
            return
        if _in_the_background(row):
            if self._background >= BACKGROUND_AT_MOST:
                self._more_in_the_log = True
                return
            self._background += 1
        self._known.add((row.schema, row.seq))
        routes = [route for route in self._routes.get(row.event.type, ()) if row.for_function in ("", route.function)]
        if not routes:
            self._background -= _in_the_background(row)
            self._consumed[row.schema].append(row.seq)
            return
        self._open += 1
        opened = _Open(row, len(routes))
        for route in routes:
            letter = _Letter(row.event, row.attempt + 1, partial(self._read, opened), partial(self._share, opened))
            if row.not_before is not None:
                self._start(self._post_later(route, letter, row.not_before))
            else:
                self._post(route, letter)

    def _share(self, opened: _Open) -> Callable[[], None]:
        """One delivery more belongs to this row."""
        opened.left += 1
        return partial(self._read, opened)

    def _read(self, opened: _Open) -> None:
        """One trigger has worked a row off."""
        opened.left -= 1
        if not opened.left:
            self._open -= 1
            self._background -= _in_the_background(opened.row)
            self._consumed[opened.row.schema].append(opened.row.seq)
            if self._more_in_the_log and not self._refilling and self._background <= BACKGROUND_AT_MOST // 2:
                self._refilling = True
                self._start(self._refill_while_there_is_room())

    def _post(self, route: Route, letter: _Letter) -> None:
        """Put a letter into its mailbox and see that somebody reads it."""
        if route.function in self._recorders:
            self._gather(route.function, letter)
            return
        key = (route.trigger, letter.event.partitionkey)
        mailbox = self._mailboxes.get(key)
        if mailbox is not None:
            mailbox.letters.append(letter)
            return
        self._mailboxes[key] = mailbox = _Mailbox(deque([letter]))
        self._start(self._work_off(route, key, mailbox))

    def _gather(self, function: str, letter: _Letter) -> None:
        """Put a letter to those that its function writes down together: in no order, and nobody waits for it."""
        if function in self._gathering:
            self._gathering[function].append(letter)
            return
        self._gathering[function] = letters = [letter]
        self._start(self._work_off_gathered(function, letters))

    async def _work_off_gathered(self, function: str, letters: list[_Letter]) -> None:
        """Deliver what has gathered, together, until there is no more or the broker stops."""
        loop = asyncio.get_running_loop()
        while letters and not self._stopping.is_set():
            early = self._gathered_at.get(function, 0.0) + GATHER_SECONDS - loop.time()
            if early > 0 and await self._stopped_within(early):
                return
            self._gathered_at[function] = loop.time()
            batch, letters[:] = letters[:GATHERED_AT_MOST], letters[GATHERED_AT_MOST:]
            if not await self._deliver_all(function, [letter.event for letter in batch]):
                return
            for letter in batch:
                letter.read()
        if not letters:
            del self._gathering[function]

    async def _deliver_all(self, function: str, events: list[Event]) -> bool:
        """Deliver events until they are written down; False when the broker stops before that."""
        recorder = cast("Records", self._functions[function])
        while isinstance(outcome := await recorder.deliver_all(events), Later):
            self._in_doubt |= not outcome.counted
            if await self._stopped_within(outcome.seconds):
                return False
        return True

    async def _post_later(self, route: Route, letter: _Letter, not_before: datetime) -> None:
        """Post a letter when its time has come, by a clock that may be moved."""
        while (left := (not_before - self._clock.now()).total_seconds()) > 0:
            if await self._stopped_within(min(left, LOOK_SECONDS)):
                return
        self._post(route, letter)

    async def _work_off(self, route: Route, key: tuple[str, str], mailbox: _Mailbox) -> None:
        """Deliver a mailbox's letters in order, until it is empty or the broker stops."""
        while mailbox.letters and not self._stopping.is_set():
            letter = mailbox.letters[0]
            if not await self._deliver(route, letter):
                return
            mailbox.letters.popleft()
            letter.read()
        if not mailbox.letters:
            del self._mailboxes[key]

    async def _deliver(self, route: Route, letter: _Letter) -> bool:
        """Deliver one letter until it is worked off, its reply included; False when the broker stops before that."""
        attempt = letter.attempt
        while True:
            outcome = await self._functions[route.function].deliver(letter.event, attempt)
            if isinstance(outcome, Done):
                return await self._pass_on(outcome.reply, letter)
            attempt += outcome.counted
            self._in_doubt |= not outcome.counted
            if await self._stopped_within(outcome.seconds):
                return False

    async def _pass_on(self, reply: Event | None, answered: _Letter) -> bool:
        """Deliver a reply to every trigger that asks for it and wait until those that take it in order have worked it off."""
        if reply is None:
            return True
        if self._stopping.is_set():
            return False
        delivered: list[asyncio.Future[bool]] = []
        for route in self._routes.get(reply.type, ()):
            read = answered.share()
            if route.ordered:
                delivered.append(done := asyncio.get_running_loop().create_future())
                read = partial(_both, read, done)
            self._post(route, _Letter(reply, 1, read, answered.share))
        self._awaited.update(delivered)
        try:
            return all([await done for done in delivered])
        finally:
            self._awaited.difference_update(delivered)

    async def _stopped_within(self, seconds: float) -> bool:
        """Wait; True as soon as the broker stops."""
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _await_room(self) -> None:
        """Wait until fewer rows are open."""
        for _ in range(int(ROOM_SECONDS / LOOK_SECONDS)):
            if await self._stopped_within(LOOK_SECONDS):
                break
            if self._open < OPEN_AT_MOST:
                return
        raise Busy("more waits than can be worked off")

    async def _forget_regularly(self) -> None:
        """Forget consumed rows every little while; and clear up a doubt about what is in the log."""
        while True:
            await asyncio.sleep(FORGET_SECONDS)
            try:
                await self._forget()
                if self._in_doubt:
                    await self._clear_up()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next round tries again
                log.warning("the log could not be looked after", extra={"cause": describe(error)})

    async def _clear_up(self) -> None:
        """Read the log again; when it cannot be read the doubt remains."""
        self._in_doubt = False
        try:
            found = await self.take_up()
        except TryAgain:
            self._in_doubt = True
        else:
            log.info("the database is back", extra={"taken_up": found})

    async def _forget(self) -> None:
        """Remove consumed rows; what cannot be removed now is removed later."""
        for schema, numbers in list(self._consumed.items()):
            if not numbers:
                continue
            self._consumed[schema] = []
            try:
                await self._outboxes[schema].remove(numbers)
                self._known.difference_update((schema, number) for number in numbers)
            except TryAgain as error:
                log.warning("consumed rows are kept a while", extra={"rows": len(numbers), "cause": describe(error)})
                self._consumed[schema].extend(numbers)

    async def _set_aside(self, schema: Schema, seq: int, text: str, error: BadEvent) -> None:
        """A row this version cannot read becomes a dead letter."""
        log.error("unreadable row", extra={"schema": schema, "seq": seq, "cause": str(error)})
        await self._audit.bury_unreadable(
            text, function="broker", key=f"{schema}/{seq}", cause=str(error), now=self._clock.now()
        )
        await self._outboxes[schema].remove([seq])

    def _start(self, work: asyncio._CoroutineLike[None]) -> None:
        """Run a coroutine, and remember it until it ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _both(read: Callable[[], None], done: asyncio.Future[bool]) -> None:
    """A reply is worked off: say so to whoever waits for it, too."""
    read()
    if not done.done():
        done.set_result(True)


def _in_the_background(row: Row) -> bool:
    """Whether a row is one of the many that are not urgent. What is tried again has its own time, and is one of few."""
    return row.event.type in IN_THE_BACKGROUND and row.not_before is None
