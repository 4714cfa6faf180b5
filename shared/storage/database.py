"""The connection to PostgreSQL: a small lazy pool, and statements that work off many units of work at once.

Every unit of work here is one SQL statement, so it is one transaction: all of it happens or none. A statement takes a JSON
array of units and is set-based, so that units which arrive while another batch is being written share the next one: one
round trip, one plan, one commit. A unit that fails alone fails its batch; the batch is then run unit by unit, so that only
that one fails.

In one process that does everything (the single box) batches are also paced: those of one statement start at least `pace_seconds`
apart. A unit that comes alone goes at once, and under load a few hundredths of a second of waiting, which nobody who texts can
notice, save most of the cost of a message. On a cluster few units meet in a process, and an ordered Trigger waits for each of
its events: there the same wait would hold a whole lane at 8 events a second.

The convention of a statement: one parameter, the JSON array; it reads it by `ROWS FROM (json_to_recordset(%s) AS (...)) WITH
ORDINALITY` and answers rows `(n, result)`, `n` the unit's place (from 1) and `result` JSON text. No row for a unit: None.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.policy.outcomes import Poison, Unavailable

if TYPE_CHECKING:
    from psycopg import AsyncConnection
    from psycopg.rows import TupleRow
    from psycopg_pool import AsyncConnectionPool

#: Units in one statement at most: a bound on how much one commit can delay.
MAX_BATCH = 64
#: Once this many wait, a batch goes without keeping the pace: more would save nothing.
ENOUGH = 16
#: One generic plan per statement: planning these CTEs costs more than running them. The planner takes a JSON array for a
#: hundred rows and would read whole tables to join them; here it is a few units, and every table is looked up by its key.
OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "plan_cache_mode=force_generic_plan",
        "enable_seqscan=off",
        "enable_hashjoin=off",
        "enable_mergejoin=off",
        "TimeZone=UTC",
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """SQL that works off many units at once, and how far apart its batches start at least where they are paced.

    What an answer waits for is paced in hundredths of a second; what nobody waits for may gather longer. `gathered`: it is paced
    everywhere, on a cluster too. `enough`: once so many wait, a batch goes without keeping the pace.
    """

    sql: str
    pace_seconds: float = 0.06
    gathered: bool = False
    enough: int = ENOUGH


CONNECT_TIMEOUT_SECONDS = 5.0
#: While the database is known to be away nobody waits long for it, but the pool goes on trying to reach it.
AWAY_TIMEOUT_SECONDS = 0.5
#: How long a connection is kept at hand before the pool looks at it again: it replaces those that have grown old.
KEEP_SECONDS = 60.0
#: SQLSTATE class 54, program limit exceeded: too long for an index, too deep to parse. psycopg files it under outages.
_TOO_MUCH = "54"


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached or broke off; nothing of this unit of work happened, or its claim says it did."""


class UnstorableData(Poison):
    """The database refuses this data for what it is; trying again cannot help."""


@dataclass(slots=True)
class _Line:
    """Units waiting for one statement."""

    waiting: list[tuple[str, asyncio.Future[str | None]]] = field(default_factory=list)
    running: bool = False
    started: float = 0.0  # of the last batch, by the event loop's clock
    gathering: asyncio.Future[None] | None = None  # done when enough wait, or the pace is kept


class Database:
    """A lazily opened pool of autocommit connections.

    Args:
        dsn: `postgresql://` URL.
        connections: size of the pool; DESIGN section 3 asks for 2.
        paced: gather units for fuller batches, see the module.
    """

    def __init__(self, dsn: str, *, connections: int = 2, paced: bool = False) -> None:
        self.dsn = dsn
        self._paced = paced
        self._connections = connections
        self.pool: AsyncConnectionPool[AsyncConnection[TupleRow]] | None = None
        self._opening = asyncio.Lock()
        self.away = False  # nobody waits long then
        self.kept: tuple[AsyncConnection[TupleRow], float] | None = None  # a connection at hand, and since when
        self._lines: dict[Statement, _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, statement: Statement, unit: str) -> str | None:
        """Run `statement` for one unit (a JSON object as text); returns its result (JSON text), or None.

        Raises:
            DatabaseUnavailable: try again later. UnstorableData: never try again. psycopg.Error: anything else.
        """
        line = self._lines.setdefault(statement, _Line())
        if not (self._paced or statement.gathered or line.running):
            return await self._run_alone(statement, line, unit)
        result: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        line.waiting.append((unit, result))
        if line.gathering and len(line.waiting) >= statement.enough:
            _wake(line.gathering)
        if not line.running:
            self._start(statement, line)
        return await result

    async def run_all(self, statement: Statement, units: list[str]) -> None:
        """Run `statement` for units that came together, without waiting for others; all of them or none.

        Raises:
            DatabaseUnavailable: try again later. UnstorableData: never, for one of them. psycopg.Error: anything else.
        """
        await self._execute(statement, units)

    async def fetch(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """Run one ordinary query; for start-up, health, administration and the relay. One mapping names its parameters.

        Raises:
            DatabaseUnavailable: try again later.
        """
        import psycopg

        try:
            async with _Borrowed(self) as connection:
                named = parameters[0] if len(parameters) == 1 and isinstance(parameters[0], dict) else parameters
                cursor = await connection.execute(query, named)
                return list(await cursor.fetchall()) if cursor.description else []
        except (psycopg.OperationalError, OSError) as error:
            raise DatabaseUnavailable(_plain(error)) from error

    async def fetch_as(self, role: str, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """Run one query as another role of the server, taken on for its transaction alone.

        Raises:
            DatabaseUnavailable: try again later. psycopg.errors.InsufficientPrivilege: this user may not take it on.
        """
        import psycopg
        from psycopg.sql import SQL, Identifier

        try:
            async with _Borrowed(self) as connection, connection.transaction():
                await connection.execute(SQL("SET LOCAL ROLE {}").format(Identifier(role)))
                named = parameters[0] if len(parameters) == 1 and isinstance(parameters[0], dict) else parameters
                return list(await (await connection.execute(query, named)).fetchall())
        except (psycopg.OperationalError, OSError) as error:
            raise DatabaseUnavailable(_plain(error)) from error

    async def close(self) -> None:
        """Finish what is waiting, then release the connections."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CONNECT_TIMEOUT_SECONDS)
        if self.pool is not None:
            if self.kept is not None:
                await self.pool.putconn(self.kept[0])
                self.kept = None
            await self.pool.close()
            self.pool = None

    async def _run_alone(self, statement: Statement, line: _Line, unit: str) -> str | None:
        """Run the only unit there is: without the task and the future that it takes to share a batch."""
        line.running = True
        try:
            return (await self._execute(statement, [unit])).get(1)
        finally:
            line.running = False
            if line.waiting:
                self._start(statement, line)

    def _start(self, statement: Statement, line: _Line) -> None:
        """Begin to work off what waits."""
        line.running = True
        task = asyncio.create_task(self._work_off(statement, line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, statement: Statement, line: _Line) -> None:
        """Run batches of one statement until nothing waits."""
        loop = asyncio.get_running_loop()
        try:
            while line.waiting:
                early = line.started + statement.pace_seconds - loop.time()
                if (self._paced or statement.gathered) and early > 0 and len(line.waiting) < statement.enough:
                    line.gathering = loop.create_future()
                    loop.call_later(early, _wake, line.gathering)
                    await line.gathering
                    line.gathering = None
                line.started = loop.time()
                batch, line.waiting = line.waiting[:MAX_BATCH], line.waiting[MAX_BATCH:]
                await self._settle(statement, batch)
        finally:
            line.running = False

    async def _settle(self, statement: Statement, batch: list[tuple[str, asyncio.Future[str | None]]]) -> None:
        """Run one batch and give every unit its result or its error."""
        try:
            results = await self._execute(statement, [unit for unit, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            if len(batch) == 1 or isinstance(error, DatabaseUnavailable):
                for _, result in batch:
                    if not result.done():
                        result.set_exception(error)
                return
            for one in batch:
                await self._settle(statement, [one])
            return
        for place, (_, result) in enumerate(batch, start=1):
            if not result.done():
                result.set_result(results.get(place))

    async def _execute(self, statement: Statement, units: list[str]) -> dict[int, str | None]:
        """One round trip for all units."""
        import psycopg

        from shared.storage.prepared import ask

        try:
            async with _Borrowed(self) as connection:
                return await ask(connection, statement.sql, f"[{','.join(units)}]".encode())
        except (psycopg.OperationalError, psycopg.DataError, OSError) as error:
            if isinstance(error, psycopg.DataError) or (getattr(error, "sqlstate", None) or "").startswith(_TOO_MUCH):
                raise UnstorableData(type(error).__name__) from error
            raise DatabaseUnavailable(_plain(error)) from error

    async def open(self) -> AsyncConnectionPool[AsyncConnection[TupleRow]]:
        """The pool, opened at first use."""
        if self.pool is None:
            async with self._opening:
                if self.pool is None:
                    from psycopg_pool import AsyncConnectionPool

                    pool: AsyncConnectionPool[AsyncConnection[TupleRow]] = AsyncConnectionPool(
                        self.dsn,
                        min_size=1,
                        max_size=self._connections,
                        timeout=CONNECT_TIMEOUT_SECONDS,
                        # Tries are a second or two apart; given more time they would come to be minutes apart, and so would
                        # the first answer after an outage. When a series has ended, whoever asks next begins another.
                        reconnect_timeout=CONNECT_TIMEOUT_SECONDS,
                        open=False,
                        kwargs={"autocommit": True, "options": OPTIONS},
                    )
                    await pool.open()
                    self.pool = pool
        return self.pool


class _Borrowed:
    """A connection for the length of a block; whoever comes while the database is away is told so soon.

    The last one is kept at hand for a while: going to the pool and back costs a fifth of what a small statement does.
    """

    __slots__ = ("_connection", "_database", "_pool", "_since")

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __aenter__(self) -> AsyncConnection[TupleRow]:
        self._pool = await self._database.open()
        if self._database.kept is not None:
            (self._connection, self._since), self._database.kept = self._database.kept, None
        else:
            self._connection, self._since = await self._fetch(), asyncio.get_running_loop().time()
        return self._connection

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        import psycopg

        if error is None:
            self._database.away = False
            fresh = asyncio.get_running_loop().time() < self._since + KEEP_SECONDS
            if fresh and self._database.kept is None and self._database.pool is self._pool:
                self._database.kept = self._connection, self._since
                return
        elif isinstance(error, psycopg.OperationalError):
            self._database.away = True
        await self._pool.putconn(self._connection)  # one that broke, or is at something, ends there

    async def _fetch(self) -> AsyncConnection[TupleRow]:
        import psycopg

        try:
            return await self._pool.getconn(AWAY_TIMEOUT_SECONDS if self._database.away else None)
        except psycopg.OperationalError:
            self._database.away = True
            raise


def _wake(gathering: asyncio.Future[None]) -> None:
    """Let a batch go."""
    if not gathering.done():
        gathering.set_result(None)


def _plain(error: BaseException) -> str:
    """The kind of a database error without its text, which may quote data."""
    return f"database: {type(error).__name__}"
