"""The connections of one instance by person, and the way changes reach them.

PostgreSQL calls out whose todos have changed (0011.live.sql); every instance hears it, and reads the changes of those who are connected
here, each from where they are. A connection says where that is: its `seen`, the sequence of the last change it was given. So nothing is
given twice and nothing left out, whatever is heard, late, twice or not at all: a call only says that it is worth looking. After a gap in
hearing everybody is looked at. Instances know nothing of each other.

One person's changes are read by one statement at a time, and many people's share one (`shared.storage.database`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Final
from uuid import UUID

from shared.policy.outcomes import Unavailable
from shared.runtime.clock import Clock
from shared.runtime.telemetry import count, describe, measure
from shared.storage.feed import FeedStore, Since
from shared.storage.spoken import SpokenStore
from shared.web.live import connection
from shared.web.live.connection import Admitted, Connection, Ending
from shared.web.live.listening import listen
from shared.web.live.messages import Message, changes, spoken, standing
from shared.web.live.signing import Unwelcome
from shared.web.live.spoken import STATUS, TOLD_FOR, how_far

#: Of one instance, and of one person on it.
CONNECTIONS_AT_MOST: Final = 10_000
OF_ONE_PERSON_AT_MOST: Final = 25
#: How often tokens, the clock and silence are looked at.
LOOK_SECONDS: Final = 1.0
#: The longest silence: proxies cut what is silent for a minute, and a page knows by it that somebody is there.
BEAT_SECONDS: Final = 25.0
#: A clock that is off by more than this between two looks was moved.
MOVED_SECONDS: Final = 5.0
#: After a failed read.
AGAIN_SECONDS: Final = 1.0

log = logging.getLogger("jotline.live")


class Watch:
    """One person's connections, and whether their changes are being read."""

    __slots__ = ("again", "connections", "reading", "settings_mark", "spoke")

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.reading: asyncio.Task[None] | None = None
        self.again = False  # something happened while reading
        self.settings_mark = ""  # of their settings as they were read last
        self.spoke = False  # something happened to a call or a recording, or somebody is to be told how far it is


class Feed:
    """All connections of an instance."""

    def __init__(
        self,
        store: FeedStore,
        spoken: SpokenStore,
        dsns: Iterable[str],
        clock: Clock,
        welcome: Callable[[str], Awaitable[Admitted]],
    ) -> None:
        """Args: dsns: where calls are heard. welcome: whose a token is. Nothing runs before the first connection."""
        self._store, self._spoken, self._dsns, self._clock, self._welcome = store, spoken, set(dsns), clock, welcome
        self._checking: set[asyncio.Task[None]] = set()
        self._people: dict[UUID, Watch] = {}
        self._open = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._ended = False

    def join(self, joining: Connection) -> None:
        """Begin to feed a connection; it is greeted as soon as it is known where it stands."""
        self._start()
        watch = self._people.setdefault(joining.user_id, Watch())
        if self._ended:
            joining.end(connection.STOPPING)
        elif self._open >= CONNECTIONS_AT_MOST or len(watch.connections) >= OF_ONE_PERSON_AT_MOST:
            joining.end(connection.TOO_MANY)
        watch.connections.add(joining)
        self._count(1)
        joining.beat_at = asyncio.get_running_loop().time() + BEAT_SECONDS
        self._look(joining.user_id)

    def leave(self, leaving: Connection) -> None:
        """Feed it no more."""
        watch = self._people[leaving.user_id]
        watch.connections.discard(leaving)
        self._count(-1)
        if not watch.connections:
            del self._people[leaving.user_id]

    def watching(self, user_id: UUID) -> frozenset[Connection]:
        """Somebody's connections here."""
        watch = self._people.get(user_id)
        return frozenset(watch.connections if watch else ())

    def end(self) -> None:
        """End every connection, and whatever runs."""
        self._ended = True
        for one in self._connections():
            one.end(connection.STOPPING)
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    def _count(self, by: int) -> None:
        self._open += by
        measure("live_connections", self._open)

    def _connections(self) -> Iterator[Connection]:
        for watch in list(self._people.values()):
            yield from list(watch.connections)

    def _start(self) -> None:
        """Hear and look after the connections, from the first one on."""
        if not self._tasks and not self._ended:
            hearing = [listen(dsn, self._heard, self._look_at_all) for dsn in self._dsns]
            self._tasks = [asyncio.create_task(one) for one in (*hearing, self._look_after())]

    def _heard(self, payload: str) -> None:
        """PostgreSQL calls: `changed`, `spoken`, `left`, `tokens` or `settings`, and whom it is about."""
        what, *ids = payload.split(" ")
        for user_id in map(UUID, ids):
            watch = self._people.get(user_id)
            if watch is None:
                continue
            if what == "tokens":
                self._recheck(watch)
            else:
                watch.spoke = watch.spoke or what == "spoken"
                self._look(user_id)

    def _recheck(self, watch: Watch) -> None:
        """Some token of theirs is of no use any more: see which."""
        for one in watch.connections:
            task = asyncio.create_task(self._check(one))
            self._checking.add(task)
            task.add_done_callback(self._checking.discard)

    async def _check(self, one: Connection) -> None:
        try:
            await self._welcome(one.token)
        except Unwelcome as unwelcome:
            one.end(unwelcome.ending)

    def _look_at_all(self) -> None:
        """Something may have happened that was not heard."""
        for user_id, watch in self._people.items():
            watch.spoke = True
            self._look(user_id)
            self._recheck(watch)

    def _look(self, user_id: UUID) -> None:
        """Read a person's changes, now or as soon as they have been read."""
        watch = self._people.get(user_id)
        if watch is None:
            return
        if watch.reading is not None:
            watch.again = True
        else:
            watch.reading = asyncio.create_task(self._read(user_id, watch))

    async def _read(self, user_id: UUID, watch: Watch) -> None:
        """Read and hand over until everybody here has everything."""
        try:
            watch.again = True
            while watch.again and watch.connections:
                watch.again = False
                found = await self._store.since(user_id, _earliest(watch))
                if found is None:
                    _end_all(watch, connection.LEFT)
                else:
                    self._hand_over(user_id, watch, found)
                if watch.spoke:
                    await self._tell_how_far(user_id, watch)
        except Unavailable as error:
            log.warning("cannot read changes, trying again", extra={"cause": describe(error)})
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._look, user_id)
        except Exception as error:  # one person's trouble is nobody else's; they connect again
            log.exception("cannot show changes", extra={"cause": describe(error)})
            _end_all(watch, connection.NOT_NOW)
        finally:
            watch.reading = None

    def _hand_over(self, user_id: UUID, watch: Watch, found: Since) -> None:
        """Give everybody what they have not seen."""
        if watch.settings_mark not in {"", found.settings_mark}:
            self._tell(watch, standing("settings.changed", self._clock.now()))
        watch.settings_mark = found.settings_mark
        messages = list(changes(user_id, found, self._clock.now()))
        for one in watch.connections:
            if one.ended is None:
                self._bring(watch, one, messages, found)
                watch.again = watch.again or (one.seen or 0) < found.newest

    async def _tell_how_far(self, user_id: UUID, watch: Watch) -> None:
        """Tell everybody how far calls and recordings are, unless they know."""
        things = how_far(await self._spoken.since(user_id, self._clock.now() - TOLD_FOR, STATUS))
        watch.spoke = False
        for one in watch.connections:
            if one.ended is None and one.seen is not None and one.spoken != things:
                one.spoken = things
                self._send(one, spoken(things, self._clock.now()))

    def _bring(self, watch: Watch, one: Connection, messages: list[Message], found: Since) -> None:
        """Greet a new connection; give everyone the changes they have not seen, or tell them to read the list anew."""
        place = one.after if one.seen is None else one.seen
        watch.spoke = watch.spoke or one.seen is None
        if place is not None and _is_lost(place, found):
            one.seen = found.newest
            self._send(one, standing("resync", self._clock.now(), one.seen))
            return
        if one.seen is None:
            one.seen = found.newest if place is None else place
            self._send(one, standing("hello", self._clock.now(), one.seen))
        for message in messages:
            if (message.sequence or 0) > one.seen:
                self._send(one, message)
        one.seen = max(one.seen, found.changes[-1].sequence if found.too_many else found.newest)

    def _tell(self, watch: Watch, message: Message) -> None:
        for one in watch.connections:
            self._send(one, message)

    def _send(self, one: Connection, message: Message) -> None:
        one.beat_at = asyncio.get_running_loop().time() + BEAT_SECONDS
        one.put(message)
        count("live_messages_total", type=message.type)

    async def _look_after(self) -> None:
        """End what has expired, tell of a clock that was moved, and break long silences."""
        loop = asyncio.get_running_loop()
        ahead = self._clock.now().timestamp() - loop.time()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now, beat = self._clock.now(), loop.time()
            moved = abs(now.timestamp() - beat - ahead) > MOVED_SECONDS
            ahead = now.timestamp() - beat
            ping = standing("ping", now)
            for one in self._connections():
                if one.expires_at is not None and now >= one.expires_at:
                    one.end(connection.EXPIRED)
                elif moved or beat >= one.beat_at:
                    self._send(one, ping)


def _earliest(watch: Watch) -> int | None:
    """Where the one is who has seen least; None when nobody has seen anything."""
    places = (one.after if one.seen is None else one.seen for one in watch.connections)
    return min((place for place in places if place is not None), default=None)


def _is_lost(place: int, found: Since) -> bool:
    """Whether there are too many changes after a place to hand them over, or it is one of another database."""
    return place > found.newest or (found.too_many and place < found.changes[0].sequence)


def _end_all(watch: Watch, ending: Ending) -> None:
    for one in list(watch.connections):
        one.end(ending)
