"""Statements past psycopg's cursors, straight to its libpq: half of what they cost otherwise (docs/decisions/0008-serving.md).

A statement of `shared.storage.database` takes one text and answers rows of a number and a text, so there is nothing to adapt, no
types to look up and no row to make. Connections, waiting and errors are psycopg's own: `psycopg.pq` is its documented way down.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus

if TYPE_CHECKING:
    from psycopg import AsyncConnection
    from psycopg.pq.abc import PGresult
    from psycopg.rows import TupleRow

#: What each connection has prepared: SQL, and the name it has there.
_prepared: WeakKeyDictionary[AsyncConnection[TupleRow], dict[str, bytes]] = WeakKeyDictionary()
_numbers = count(1)


async def ask(connection: AsyncConnection[TupleRow], sql: str, parameter: bytes) -> dict[int, str | None]:
    """Run a statement on a connection that is nobody else's meanwhile; it is prepared there first if it is not.

    Args:
        connection: in autocommit mode: the statement is a transaction.
        sql: with the one parameter `%s`, answering rows (number, text).
        parameter: as UTF-8 text.

    Returns:
        The texts by their numbers.

    Raises:
        psycopg.Error: as a cursor raises it.
    """
    names = _prepared.get(connection)
    if names is None:
        names = _prepared[connection] = {}
    name = names.get(sql)
    if name is None:
        name = b"jotline_%d" % next(_numbers)  # apart from those that psycopg makes up
        connection.pgconn.send_prepare(name, sql.replace("%s", "$1").encode())
        await _result(connection)
        names[sql] = name
    connection.pgconn.send_query_prepared(name, [parameter])
    return _texts(await _result(connection))


async def _result(connection: AsyncConnection[TupleRow]) -> PGresult:
    """The one result of what was sent."""
    results: list[PGresult] = await connection.wait(execute(connection.pgconn))
    [result] = results
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        raise error_from_result(result)
    return result


def _texts(result: PGresult) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for row in range(result.ntuples):
        text = result.get_value(row, 1)
        found[int(result.get_value(row, 0) or b"")] = None if text is None else text.decode()
    return found
