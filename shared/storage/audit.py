"""Schema `audit`: dead letters. What could not be worked off is kept here with its cause, until a person or a replay takes it.

That a letter was buried, replayed or discarded is a row of the trail, written in the same statement.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.events.envelope import BadEvent, Event, Unread, from_json
from shared.policy.retention import DEAD_LETTERS, OTHER_DEAD_LETTERS
from shared.storage.database import Database, Statement
from shared.storage.outbox import COLUMNS, Outbox, Row, as_row, numbered
from shared.storage.trail import as_entry, read_cursor, write_cursor

#: Type of a letter that is no event this version can read.
UNREADABLE = "unreadable"
#: The channel that wakes who works in this database when a row was written from outside (PostgreSQL's NOTIFY).
WAKE = "jotline_outbox"

#: A row of the trail, as it is given.
_NOTE = """
    INSERT INTO audit.trail (event_id, type, topic, source, subject, party, user_id, task_id, actor, correlation_id, traceparent,
        at, recorded_at, data)
    SELECT note.* FROM {given} AS note (event_id text, type text, topic text, source text, subject text, party text, user_id uuid,
        task_id text, actor text, correlation_id text, traceparent text, at timestamptz, recorded_at timestamptz, data jsonb)
    ON CONFLICT DO NOTHING
"""

#: A dead letter, and what goes out with it (what the person is told, or the event once more for its function); the same event again
#: only counts up.
_BURY = Statement(
    f"""
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (event_id text, function text, type text, topic text, event text,
        cause text, attempts integer, first_at timestamptz, last_at timestamptz, replayed_at timestamptz, outbox json, note json))
        WITH ORDINALITY AS unit (event_id, function, type, topic, event, cause, attempts, first_at, last_at, replayed_at, outbox,
            note, n)
), buried AS (
    INSERT INTO audit.dead_letters AS d
        (event_id, function, type, topic, event, cause, attempts, first_at, last_at, replayed_at)
    SELECT event_id, function, type, topic, event, cause, attempts, first_at, last_at, replayed_at FROM unit
    ON CONFLICT (function, event_id, type) DO UPDATE SET attempts = d.attempts + excluded.attempts, cause = excluded.cause,
        last_at = excluded.last_at, replayed_at = excluded.replayed_at, discarded_at = NULL, reason = ''
), noted AS (
    {_NOTE.format(given="unit, json_to_record(unit.note)")}
), told AS (
    INSERT INTO audit.outbox (event_id, type, partition_key, event, for_function, not_before, due_at)
    SELECT o.event_id, o.type, o.partition_key, o.event, coalesce(o.for_function, ''), o.not_before,
        coalesce(o.not_before, clock_timestamp() + interval '60 seconds')
    FROM unit, json_to_recordset(unit.outbox) AS o ({COLUMNS})
    ON CONFLICT DO NOTHING RETURNING seq, event_id
)
SELECT unit.n, json_object_agg(told.event_id, told.seq)::text
FROM unit, json_to_recordset(unit.outbox) AS o (event_id text) JOIN told USING (event_id)
GROUP BY unit.n
"""
)

_COLUMNS = "event_id, function, type, topic, cause, attempts, first_at, last_at, replayed_at, discarded_at, reason"
_LIST = f"SELECT {_COLUMNS} FROM audit.dead_letters ORDER BY last_at, event_id, function"
_PAGE = f"""
SELECT {_COLUMNS} FROM audit.dead_letters WHERE {{conditions}}
ORDER BY last_at DESC, event_id DESC, function DESC, type DESC LIMIT %(limit)s
"""
_FIND = f"SELECT {_COLUMNS}, event FROM audit.dead_letters WHERE event_id = %s ORDER BY function, type"
_TIMES = "SELECT attempts FROM audit.dead_letters WHERE function = %s AND event_id = %s AND type = %s"

#: A letter that waits goes to its function once more, at once, and whoever works here is woken.
_REPLAY = f"""
WITH letter AS (
    UPDATE audit.dead_letters SET replayed_at = %(now)s, discarded_at = NULL, reason = ''
    WHERE function = %(function)s AND event_id = %(event_id)s AND type = %(type)s AND replayed_at IS NULL
    RETURNING function
), noted AS (
    {_NOTE.format(given="letter, json_to_record(%(note)s)")}
), row AS (
    INSERT INTO audit.outbox (event_id, type, partition_key, event, for_function, due_at)
    SELECT %(id)s, %(kind)s, %(party)s, %(event)s, function, '-infinity' FROM letter ON CONFLICT DO NOTHING
)
SELECT pg_notify('{WAKE}', '') FROM letter
"""

#: A letter that waits is nobody's any more.
_DISCARD = f"""
WITH letter AS (
    UPDATE audit.dead_letters SET discarded_at = %(now)s, reason = %(reason)s
    WHERE function = %(function)s AND event_id = %(event_id)s AND type = %(type)s AND replayed_at IS NULL AND discarded_at IS NULL
    RETURNING function
), noted AS (
    {_NOTE.format(given="letter, json_to_record(%(note)s)")}
)
SELECT function FROM letter
"""

#: Letters whose topic's time is over.
_FORGET = """
WITH kept AS (
    SELECT * FROM unnest(%(topics)s::text[], %(since)s::timestamptz[]) AS kept (topic, since)
), gone AS (
    DELETE FROM audit.dead_letters WHERE ctid = ANY (ARRAY(
        SELECT d.ctid FROM audit.dead_letters d LEFT JOIN kept USING (topic)
        WHERE d.last_at < coalesce(kept.since, %(others_since)s) LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED))
    RETURNING 1
)
SELECT count(*) FROM gone
"""
_STANDING = "SELECT DISTINCT event_id FROM audit.dead_letters WHERE first_at < %s"
_WAITING = "SELECT topic, count(*) FROM audit.dead_letters WHERE replayed_at IS NULL AND discarded_at IS NULL GROUP BY topic"

_MARK = "SELECT at FROM audit.marks WHERE name = %s"
#: A mark only goes forward, whoever sets it.
_SET_MARK = """
INSERT INTO audit.marks AS m (name, at) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET at = greatest(m.at, excluded.at)
"""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that was given up, without its content.

    `replayed_at`: since when it is on its way again. `discarded_at`: since when it is nobody's any more, for a `reason`. Both are None
    while it waits.
    """

    event_id: str
    function: str
    type: str
    topic: str
    cause: str
    attempts: int
    first_at: datetime
    last_at: datetime
    replayed_at: datetime | None
    discarded_at: datetime | None = None
    reason: str = ""

    @property
    def waits(self) -> bool:
        """For a person."""
        return self.replayed_at is None and self.discarded_at is None


@dataclass(frozen=True, slots=True)
class Kept:
    """A dead letter with its content: CloudEvents JSON, or what came when that was no event."""

    letter: DeadLetter
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterQuery:
    """Which dead letters are asked for; what is left empty does not matter. `waiting`: those that wait for a person, or the others."""

    function: str = ""
    topic: str = ""
    waiting: bool | None = None
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class LetterPage:
    """Dead letters, those given up last first. `cursor`: for the page after; empty when there is none."""

    letters: tuple[DeadLetter, ...]
    cursor: str


class AuditStore:
    """Dead letters, and how far the sweeps have come."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox = Outbox(database, "audit")

    async def bury(
        self,
        event: Event,
        *,
        function: str,
        cause: str,
        attempts: int,
        now: datetime,
        told: Event | None = None,
        again_at: datetime | None = None,
    ) -> list[Row]:
        """Keep `event` as a dead letter of `function`; returns the rows to be carried.

        Args:
            event: what was given up.
            function: by whom.
            cause: why, without anybody's words.
            attempts: how many tries that took; added to those of an earlier burial.
            now: the time it is.
            told: the notification that tells the person, if any.
            again_at: when the function is to be given it once more without anybody's asking; None: it waits for a person.

        Raises:
            DatabaseUnavailable: it is not kept; do not let go of the event.
        """
        again = [as_row(event, for_function=function, not_before=again_at)] if again_at else []
        unit = {
            "event_id": event.id,
            "function": function,
            "type": event.type,
            "topic": event.topic,
            "event": event.to_json(),
            "cause": cause,
            "attempts": attempts,
            "first_at": event.time.isoformat(),
            "last_at": now.isoformat(),
            "replayed_at": now.isoformat() if again_at else None,
            "outbox": again + ([as_row(told)] if told else []),
            "note": _note("buried", now, function, Unread.of(event), {"cause": cause, "attempts": attempts}),
        }
        return numbered("audit", [told] if told else [], await self.database.run(_BURY, json.dumps(unit)))

    async def bury_unreadable(self, text: str, *, function: str, key: str, cause: str, now: datetime) -> None:
        """Keep what was delivered as an event and is none; `key` identifies it (its id, or a hash of its bytes)."""
        unit = {
            "event_id": key,
            "function": function,
            "type": UNREADABLE,
            "topic": "messages",
            "event": text,
            "cause": cause,
            "attempts": 1,
            "first_at": now.isoformat(),
            "last_at": now.isoformat(),
            "outbox": [],
            "note": _note("buried", now, function, _unreadable(key), {"cause": cause, "attempts": 1}),
        }
        await self.database.run(_BURY, json.dumps(unit))

    async def dead_letters(self) -> list[DeadLetter]:
        """Every dead letter, in the order in which they were last given up."""
        return [DeadLetter(*row) for row in await self.database.fetch(_LIST)]  # type: ignore[arg-type]

    async def letters(self, wanted: LetterQuery) -> LetterPage:
        """A page of dead letters.

        Raises:
            BadCursor: the cursor is of no page. DatabaseUnavailable: try again later.
        """
        conditions, parameters = _conditions(wanted)
        query = _PAGE.format(conditions=" AND ".join(conditions) or "true")
        found = await self.database.fetch(query, {**parameters, "limit": wanted.limit + 1})
        letters = tuple(DeadLetter(*row) for row in found[: wanted.limit])  # type: ignore[arg-type]
        last = letters[-1] if len(found) > wanted.limit else None
        return LetterPage(letters, write_cursor(last.last_at, last.event_id, last.function, last.type) if last else "")

    async def find(self, event_id: str) -> list[Kept]:
        """The dead letters of an event: one for each function that gave it up."""
        rows = await self.database.fetch(_FIND, event_id)
        return [Kept(DeadLetter(*row[:-1]), str(row[-1])) for row in rows]  # type: ignore[arg-type]

    async def given_up(self, event: Event, *, function: str) -> int:
        """How many tries an event has taken at earlier burials; 0 when there was none."""
        rows = await self.database.fetch(_TIMES, function, event.id, event.type)
        return int(str(rows[0][0])) if rows else 0

    async def replay(self, letter: DeadLetter, event: Event, now: datetime) -> bool:
        """Give a dead letter's event to its function once more; False when it is on its way already.

        The claim has to be opened before: see `shared.runtime.dead_letters.replay`.
        """
        wanted = {
            **_key_of(letter, now),
            "id": event.id,
            "kind": event.type,
            "party": event.partitionkey,
            "event": event.to_json(),
            "note": json.dumps(_note("replayed", now, letter.function, Unread.of(event), {})),
        }
        return bool(await self.database.fetch(_REPLAY, wanted))

    async def discard(self, kept: Kept, reason: str, now: datetime) -> bool:
        """Nobody is to look after a dead letter any more; False when it did not wait. It stays to be seen for its topic's time.

        Args:
            kept: the letter.
            reason: why, for whoever asks later.
            now: the time it is.
        """
        letter = kept.letter
        note = _note("discarded", now, letter.function, _as_it_came(kept), {"reason": reason})
        wanted = {**_key_of(letter, now), "reason": reason, "note": json.dumps(note)}
        return bool(await self.database.fetch(_DISCARD, wanted))

    async def forget(self, now: datetime, limit: int) -> int:
        """Delete at most `limit` letters that were kept as long as their topic's are (`shared.policy.retention`); how many.

        Raises:
            DatabaseUnavailable: try again later.
        """
        wanted = {
            "topics": list(DEAD_LETTERS),
            "since": [now - kept for kept in DEAD_LETTERS.values()],
            "others_since": now - OTHER_DEAD_LETTERS,
            "limit": limit,
        }
        [(gone,)] = await self.database.fetch(_FORGET, wanted)
        return int(str(gone))

    async def standing(self, before: datetime) -> set[str]:
        """The ids of events from before then that have a dead letter: somebody may replay it."""
        return {str(row[0]) for row in await self.database.fetch(_STANDING, before)}

    async def waiting(self) -> dict[str, int]:
        """How many dead letters wait for a person, by topic; topics without one are left out."""
        return {str(topic): int(str(count)) for topic, count in await self.database.fetch(_WAITING)}

    async def mark(self, name: str) -> datetime | None:
        """How far a sweep has come; None when it was never begun."""
        rows = await self.database.fetch(_MARK, name)
        return rows[0][0] if rows else None  # type: ignore[return-value]

    async def set_mark(self, name: str, at: datetime) -> None:
        """Everything before `at` is settled for that sweep."""
        await self.database.fetch(_SET_MARK, name, at)


def _key_of(letter: DeadLetter, now: datetime) -> dict[str, object]:
    return {"now": now, "function": letter.function, "event_id": letter.event_id, "type": letter.type}


def _conditions(wanted: LetterQuery) -> tuple[list[str], dict[str, object]]:
    """What letters must be, and the values that it names."""
    conditions, parameters = [], dict[str, object]()
    for name, value in (("function", wanted.function), ("topic", wanted.topic)):
        if value:
            conditions.append(f"{name} = %({name})s")
            parameters[name] = value
    if wanted.waiting is not None:
        waits = "(replayed_at IS NULL AND discarded_at IS NULL)"
        conditions.append(waits if wanted.waiting else f"NOT {waits}")
    if wanted.cursor:
        conditions.append("(last_at, event_id, function, type) < (%(at)s, %(c0)s, %(c1)s, %(c2)s)")
        at, *names = read_cursor(wanted.cursor, 3)
        parameters |= {"at": at, **{f"c{place}": name for place, name in enumerate(names)}}
    return conditions, parameters


def _note(what: str, now: datetime, function: str, event: Unread, more: Mapping[str, object]) -> dict[str, object]:
    """The row of the trail that says what became of a letter: buried, replayed or discarded."""
    about = as_entry(event, now)
    return about | {
        "event_id": f"{about['event_id']}/{function}/{now.timestamp()}",
        "type": f"jotline.letter.{what}",
        "source": f"/jotline/{function}",
        "subject": about["event_id"],
        "task_id": _task_of(event),
        "actor": "jotline" if what == "buried" else "admin",
        "at": now.isoformat(),
        "data": {"function": function, "event_type": about["type"], **more},
    }


def _task_of(event: Unread) -> str | None:
    task = json.loads(event.data).get("task_id")
    return task if isinstance(task, str) else None


def _unreadable(key: str) -> Unread:
    """What is known of a letter that is no event."""
    return Unread({"id": key, "type": UNREADABLE, "source": "", "partitionkey": "", "time": ""}, "{}")


def _as_it_came(kept: Kept) -> Unread:
    try:
        return Unread.of(from_json(kept.text))
    except BadEvent:
        return _unreadable(kept.letter.event_id)
