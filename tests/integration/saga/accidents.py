"""A box whose databases are four, and that is killed, or refused by one of them, at a commit that a test names.

A kill is one: from that commit on nothing more happens, whatever is under way is gone, and a new box starts on the same databases. The
provider and the phones live on. A refusal is an outage of a moment, before the commit or just after it, when its answer is lost; the box
lives on.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from shared.events.ids import partition_key
from shared.storage.database import Database, DatabaseUnavailable
from shared.storage.trail import TrailQuery, TrailRow
from shared.voice.transcript import Segment, Transcript, Word
from tests.asking import webhook
from tests.making import SECRET, sid
from tests.studio import Studio, silence
from tests.whole import Whole

Kind = Literal["killed before", "killed after", "refused", "answer lost"]
KINDS: tuple[Kind, ...] = ("killed before", "killed after", "refused", "answer lost")
_numbers = count(1)
QUIET_ROUNDS = 10
_WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM) (\w+\.\w+)")


@dataclass
class Accident:
    """What goes wrong at the commit number `at`, from 0; the commits so far are noted."""

    at: int = -1
    kind: Kind = "refused"
    commits: list[str] = field(default_factory=list)
    dead: asyncio.Event = field(default_factory=asyncio.Event)

    async def around(self, sql: str, commit: Any, *, buried: bool) -> Any:
        """Carry out a statement, or what is left of it."""
        if buried:
            raise asyncio.CancelledError
        if self.dead.is_set():
            await asyncio.Event().wait()
        written = _WRITES.search(sql)
        if not written:
            return await commit()
        self.commits.append(written[1])
        mine = len(self.commits) - 1 == self.at
        if mine and self.kind in ("killed before", "refused"):
            await self._happen()
        result = await commit()
        if mine:
            await self._happen()
        return result

    async def _happen(self) -> None:
        if self.kind in ("refused", "answer lost"):
            raise DatabaseUnavailable(self.kind)
        self.dead.set()
        await asyncio.Event().wait()


class Ear:
    """Who listens: hears what the test says is said."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.said = ""

    async def model(self, wanted: str = "") -> Any:
        """Any will do."""
        return SimpleNamespace(name=wanted or "usual")

    async def hear(self, *_: Any, **__: Any) -> Transcript:
        """The words."""
        words = tuple(Word(f" {word}", 0.0, 0.2, 0.95) for word in self.said.split())
        return Transcript((Segment(0.0, 1.0, words, -0.1, 0.0),), "en", 1.0)


class World:
    """Boxes one after the other on the same four databases, one provider, and people who text and speak."""

    def __init__(self, settings: dict[str, str], studio: Studio, patch: pytest.MonkeyPatch) -> None:
        self._settings, self._studio, self._patch = settings, studio, patch
        self.graves: set[Database] = set()  # of boxes that died: whatever still asks them gets no answer
        self.accident, self.ear = Accident(), Ear()
        self.box = self._new()
        self.provider, self.clock = self.box.provider, self.box.clock
        self.phone = f"+1212555{next(_numbers):04}"
        self.accepted: list[str] = []  # titles of todos, as they were asked for

    def _new(self) -> Whole:
        made = Whole("", **self._settings)
        transcribe, notify = (next(iter(made.functions[name].events.values())).__globals__ for name in ("transcribe", "notify"))
        self._patch.setitem(transcribe, "_listening", [self.ear])
        self._patch.setitem(notify, "CALLBACK_SECONDS", 0.1)  # the provider's list does not lag here
        return made

    @property
    def party(self) -> str:
        """Whose everything is."""
        return partition_key(self.phone, SECRET)

    async def start(self) -> None:
        """Take up what there is."""
        await self.box.broker.start()

    async def text(self) -> None:
        """Somebody texts; like Twilio, it is posted until it is accepted."""
        await self._post(Body=self._wish(), MessageSid=sid())

    async def say(self) -> None:
        """Somebody sends a voice note."""
        self.ear.said = self._wish()
        url = self._studio.keep(silence(1))
        await self._post(
            Body="", MessageSid=sid().replace("SM", "MM"), NumMedia="1", MediaUrl0=url, MediaContentType0="audio/wav"
        )

    def _wish(self) -> str:
        """Words for a todo of its own."""
        number = next(_numbers)
        item = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        self.accepted.append(f"Buy item{item}")
        return f"buy item{item}"

    async def _post(self, **fields: str) -> None:
        while True:
            posting = asyncio.create_task(self._answer(fields))
            dying = asyncio.create_task(self.accident.dead.wait())
            await asyncio.wait((posting, dying), return_when=asyncio.FIRST_COMPLETED)
            dying.cancel()
            if posting.done() and posting.result() == 200:
                return
            posting.cancel()
            if self.accident.dead.is_set():
                await self.restart()
            await asyncio.sleep(0.01)

    async def _answer(self, fields: dict[str, str]) -> int:
        return int((await self.box.functions["webhook"](webhook(From=self.phone, **fields))).status_code)

    async def settle(self) -> None:
        """Let everything come to an end: a box that died is started again. While nothing happens, leases run out."""
        seen, quiet = -1, 0
        async with asyncio.timeout(30):
            while await self._at_work():
                if self.accident.dead.is_set():
                    await self.restart()
                await asyncio.sleep(0.02)
                quiet = quiet + 1 if seen == len(self.accident.commits) else 0
                seen = len(self.accident.commits)
                if quiet == QUIET_ROUNDS:
                    self.clock.advance(timedelta(seconds=20))
                    quiet = 0

    async def _at_work(self) -> bool:
        """Whether something is still to come: the log is read once more, for a broker that is just about to read it shows nothing."""
        if not (self.accident.dead.is_set() or self.box.broker.waiting or self.box.broker._in_doubt):  # noqa: SLF001
            await self.box.broker.look()
        return self.accident.dead.is_set() or bool(self.box.broker.waiting) or self.box.broker._in_doubt  # noqa: SLF001

    async def trail(self) -> list[TrailRow]:
        """Everything that happened to them."""
        wanted = TrailQuery(party=self.party, limit=10_000)
        return list((await self.box.services.trail.query(wanted)).rows)

    async def restart(self) -> None:
        """The box is gone as it stands; a new one takes up what the databases hold."""
        await self._bury()
        self.accident = Accident()
        self.box = self._new()
        self.box.clock = self.box.services.clock = self.clock
        self.box.broker._clock = self.clock  # noqa: SLF001 - made before the clock could be given
        self.box.services.__dict__["provider"] = self.box.provider = self.provider
        await self.start()

    async def _bury(self) -> None:
        databases = list(self.box.services._databases.values())  # noqa: SLF001 - nothing is finished, connections are cut
        self.graves.update(databases)
        broker = self.box.broker
        tasks = [*broker._tasks, *filter(None, [broker._forgetter])]  # noqa: SLF001
        tasks += [task for database in databases for task in database._tasks]  # noqa: SLF001
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for database in databases:
            if database.kept is not None and database.pool is not None:
                await database.pool.putconn(database.kept[0])
                database.kept = None
            await database.close()

    async def close(self) -> None:
        """End in peace."""
        self.accident = Accident()
        await self.box.broker.stop(seconds=1)
        await self.box.services.close()

    @contextmanager
    def having(self, accident: Accident) -> Iterator[Accident]:
        """An accident that is waiting to happen."""
        self.accident = accident
        yield accident
        self.accident = Accident()


@asynccontextmanager
async def world(urls: dict[str, str], folder: str, patch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A world on a database for each schema."""
    made: list[World] = []
    execute, fetch, fetch_as = Database._execute, Database.fetch, Database.fetch_as  # noqa: SLF001

    async def executing(self: Database, statement: Any, units: Any) -> Any:
        return await made[0].accident.around(
            statement.sql, lambda: execute(self, statement, units), buried=self in made[0].graves
        )

    async def fetching(self: Database, query: str, *given: object) -> Any:
        return await made[0].accident.around(query, lambda: fetch(self, query, *given), buried=self in made[0].graves)

    async def fetching_as(self: Database, role: str, query: str, *given: object) -> Any:
        return await made[0].accident.around(query, lambda: fetch_as(self, role, query, *given), buried=self in made[0].graves)

    patch.setattr(Database, "_execute", executing)
    patch.setattr(Database, "fetch", fetching)
    patch.setattr(Database, "fetch_as", fetching_as)
    async with Studio().open() as studio:
        settings = {f"{schema}_database_url": url for schema, url in urls.items()}
        settings |= {"audio_store_url": folder, "twilio_api_url": studio.url}
        made.append(World(settings, studio, patch))
        await made[0].start()
        yield made[0]
        await made[0].close()
