"""The trail: every event there was, as a row of `audit.trail` that nobody changes; asked by person, todo, cause, time and words.

A row is written once, whoever brings its event however often: the trail's own key is all the claim that is needed. Nobody waits for
it, so rows gather for a tenth of a second and share a commit. Data come unread: PostgreSQL reads them, and takes out of them what is
looked for. What it cannot store (a NUL, half a surrogate pair, no JSON at all) is kept as far as it can be: the trail never says no.

Rows are pruned and pseudonymised as the role `jotline_retention`; everyone else is refused by the database (migration 0008).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from shared.events.envelope import Unread
from shared.events.ids import user_id
from shared.events.privacy import FACTS
from shared.events.schemas import (
    AUDIO_RECEIVED,
    CALL_ENDED,
    CALL_RECEIVED,
    MESSAGE_RECEIVED,
    MESSAGE_STATUS,
    PERSON_LEFT,
    RECORDING_REQUESTED,
    REQUEST_MADE,
    TASK_COMPLETED,
    TASK_CREATED,
    TASK_DELETED,
    TASK_REOPENED,
    TASK_RESTORED,
    TASK_UPDATED,
    TYPES,
)
from shared.storage.database import Database, Statement, UnstorableData

RETENTION = "jotline_retention"
_NAME = re.compile(r"%\((\w+)\)s")
#: Characters that PostgreSQL's text and jsonb cannot hold.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

#: Who did it, by the type of what happened; everything else Jotline did by itself.
_ACTORS = {
    **dict.fromkeys((MESSAGE_STATUS, CALL_ENDED), "provider"),
    **dict.fromkeys(
        (MESSAGE_RECEIVED, CALL_RECEIVED, AUDIO_RECEIVED, RECORDING_REQUESTED, REQUEST_MADE, PERSON_LEFT), "person"
    ),
    **dict.fromkeys((TASK_CREATED, TASK_COMPLETED, TASK_REOPENED, TASK_UPDATED, TASK_DELETED, TASK_RESTORED), "person"),
}
#: Functions that do things because it is time.
_BY_THE_CLOCK = frozenset({"/jotline/remind", "/jotline/digest", "/jotline/recurrence"})

#: Rows of the trail, from events with their data as text. A text that is a code is not for anybody who reads the trail.
_ADD = Statement(
    f"""
WITH unit AS MATERIALIZED (
    SELECT *, data::jsonb #- CASE WHEN data::jsonb->>'kind' = 'code' THEN '{{body}}' ELSE '{{}}' END::text[] AS said
    FROM json_to_recordset(%s) AS unit (event_id text, type text, topic text, source text, subject text, party text, user_id uuid,
        actor text, correlation_id text, traceparent text, at timestamptz, recorded_at timestamptz, data text)
)
INSERT INTO audit.trail (event_id, type, topic, source, subject, party, user_id, task_id, actor, correlation_id, traceparent,
    at, recorded_at, data, words)
SELECT event_id, type, topic, source, subject, party,
    CASE WHEN type = '{REQUEST_MADE}' THEN (said->>'user_id')::uuid ELSE user_id END,
    said->>'task_id', CASE WHEN type = '{REQUEST_MADE}' AND said->>'role' = 'admin' THEN 'admin' ELSE actor END,
    correlation_id, traceparent, at, recorded_at, said, CASE WHEN text <> '' THEN to_tsvector('simple', text) END
FROM unit, concat_ws(' ', said->>'text', said->>'subject', said->>'body', said->>'title', said#>>'{{payload,title}}',
    said#>>'{{payload,note}}', said#>>'{{payload,tags}}', said->>'old', said->>'new') AS text
ON CONFLICT DO NOTHING
""",
    pace_seconds=0.1,
    gathered=True,
    enough=64,
)


#: Which of these are in it. Types are compared so that no index of them is of use: the planner, who has seen the table empty, would take
#: it instead of the key's.
_RECORDED = """
SELECT t.event_id, t.type FROM unnest(%s::text[], %s::text[]) AS asked (event_id, type) JOIN audit.trail t
    ON t.event_id = asked.event_id AND t.type || '' = asked.type
"""


_COLUMNS = (
    "t.event_id, t.type, t.topic, t.source, t.subject, t.party, t.user_id, t.task_id, t.actor, t.correlation_id, t.traceparent,"
    " t.at, t.recorded_at, t.data"
)
_NEWEST_FIRST = "ORDER BY t.at DESC, t.event_id DESC, t.type DESC LIMIT %(limit)s"
#: Rows of one person, todo or cause, or of whatever; an index has them in order.
_SELECT = f"SELECT {_COLUMNS} FROM audit.trail t WHERE {{conditions}} {_NEWEST_FIRST}"
#: Rows of some types: the newest of each, so that a rare one is not looked for among all.
_SELECT_TYPES = f"""
SELECT {_COLUMNS} FROM unnest(%(types)s::text[]) AS wanted (type), LATERAL (
    SELECT * FROM audit.trail t WHERE t.type = wanted.type AND {{conditions}} {_NEWEST_FIRST}) AS t
{_NEWEST_FIRST}
"""
#: Every type that there is, each by one look into the index.
_KINDS = """
WITH RECURSIVE kinds (type) AS (
    SELECT min(type) FROM audit.trail
    UNION ALL SELECT (SELECT min(t.type) FROM audit.trail t WHERE t.type > kinds.type) FROM kinds WHERE kinds.type IS NOT NULL
)
"""
_TYPES = f"{_KINDS} SELECT type FROM kinds WHERE type IS NOT NULL"
#: Rows with some words, or of one cause: all are found before the newest are chosen, else the newest of all would be read until enough
#: fit.
_SELECT_FOUND = f"""
WITH found AS MATERIALIZED (SELECT t.ctid AS place, t.at, t.event_id, t.type FROM audit.trail t WHERE {{conditions}}),
    chosen AS MATERIALIZED (SELECT t.place FROM found t {_NEWEST_FIRST})
SELECT {_COLUMNS} FROM chosen JOIN audit.trail t ON t.ctid = chosen.place {_NEWEST_FIRST}
"""

#: Rows from before that. As `jotline_retention`.
_FORGET = f"""
{_KINDS}, gone AS (
    DELETE FROM audit.trail WHERE ctid = ANY (ARRAY(
        SELECT old.ctid FROM kinds, LATERAL (
            SELECT t.ctid FROM audit.trail t WHERE t.type = kinds.type AND t.at < %(before)s
            ORDER BY t.at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) AS old
        LIMIT %(limit)s))
    RETURNING 1
)
SELECT count(*) FROM gone
"""

#: Somebody left: what they are called from then on is decided once.
_LEAVE = """
WITH told AS (
    INSERT INTO audit.departed (party, until, alias) VALUES (%(party)s, %(until)s, %(alias)s) ON CONFLICT DO NOTHING RETURNING alias
)
SELECT alias FROM told UNION ALL SELECT alias FROM audit.departed WHERE party = %(party)s AND until = %(until)s
"""
_DEPARTED = "SELECT party, until, alias FROM audit.departed ORDER BY until"
_FORGET_DEPARTED = "DELETE FROM audit.departed WHERE until < %s"

#: What was theirs until they left, and what came of that in the day after: the last text's status. Whoever writes again begins anew.
#: Of the data stay facts; everything that was said goes, and with it what text search knows. As `jotline_retention`.
_PSEUDONYMISE = """
WITH reach AS (
    SELECT least(%(until)s + interval '1 day', (
        SELECT min(at) - interval '1 microsecond' FROM audit.trail
        WHERE user_id = %(user_id)s AND at > %(until)s AND type = ANY (%(beginnings)s))) AS until
), changed AS (
    UPDATE audit.trail SET party = %(alias)s, user_id = %(alias_id)s, words = NULL,
        subject = CASE WHEN subject IN (%(party)s, %(user_id)s::text) THEN '' ELSE subject END,
        data = (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(
            CASE jsonb_typeof(data) WHEN 'object' THEN data ELSE '{}' END) WHERE key = ANY (%(facts)s))
    FROM reach WHERE user_id = %(user_id)s AND at <= reach.until
    RETURNING 1
)
SELECT count(*) FROM changed
"""
_FORGET_LETTERS = "DELETE FROM audit.dead_letters WHERE first_at <= %s AND position(%s IN event) > 0"


class BadCursor(ValueError):
    """This is no cursor that a page has given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailQuery:
    """What is asked for; what is left empty does not matter.

    `text`: words, as a search engine takes them (PostgreSQL's websearch_to_tsquery). `since` counts, `until` does not. `cursor`: of the
    page before. `limit`: rows of a page.
    """

    user_id: UUID | None = None
    party: str = ""
    types: tuple[str, ...] = ()
    topic: str = ""
    task_id: UUID | str = ""
    correlation_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One thing that happened. `user_id`: None where it was nobody's; `data`: JSON, with people's words and numbers."""

    event_id: str
    type: str
    topic: str
    source: str
    subject: str
    party: str
    user_id: UUID | None
    task_id: str | None
    actor: str
    correlation_id: str
    traceparent: str
    at: datetime
    recorded_at: datetime
    data: Any


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Rows, the newest first. `cursor`: for the page after; empty when there is none."""

    rows: tuple[TrailRow, ...]
    cursor: str


class TrailStore:
    """What happened."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def add(self, events: Sequence[Unread], now: datetime) -> None:
        """Write events down; each once, however often it comes.

        Raises:
            DatabaseUnavailable: they are not, or not surely, written down.
        """
        if len(events) > 1:
            try:
                await self.database.run_all(_ADD, [_unit(event, now) for event in events])
            except UnstorableData:  # one of them, or more
                pass
            else:
                return
        for event in events:
            await self._add(event, now)

    async def _add(self, event: Unread, now: datetime) -> None:
        """Write one event down, as far as it can be."""
        row = as_entry(event, now)
        for data in (event.data, _cleaned(event.data), _quoted(event.data)):
            try:
                await self.database.run(_ADD, json.dumps({**row, "data": data}, ensure_ascii=False))
            except UnstorableData:
                continue
            return
        raise UnstorableData("not even quoted")

    async def recorded(self, events: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Of these events (id, type), those that are in it.

        Raises:
            DatabaseUnavailable: nobody knows.
        """
        if not events:
            return set()
        ids, types = zip(*events, strict=True)
        return {(str(row[0]), str(row[1])) for row in await self.database.fetch(_RECORDED, list(ids), list(types))}

    async def query(self, wanted: TrailQuery) -> TrailPage:
        """A page of what is asked for, the newest first. Rows that come meanwhile move nothing.

        Raises:
            BadCursor: the cursor is of no page. DatabaseUnavailable: try again later.
        """
        types = wanted.types
        conditions, parameters = _conditions(wanted)
        if wanted.text or wanted.correlation_id:
            select = _SELECT_FOUND
        elif not (wanted.user_id or wanted.party or wanted.task_id):
            select = _SELECT_TYPES
            types = types or await self._types(wanted.topic)
        else:
            select = _SELECT
        if types and select is not _SELECT_TYPES:
            conditions.append("t.type = ANY (%(types)s)")
        parameters |= {"types": list(types), "limit": wanted.limit + 1}
        found = await self.database.fetch(select.format(conditions=" AND ".join(conditions) or "true"), parameters)
        rows = tuple(TrailRow(*row) for row in found[: wanted.limit])  # type: ignore[arg-type]
        return TrailPage(rows, write_cursor(rows[-1].at, rows[-1].event_id, rows[-1].type) if len(found) > wanted.limit else "")

    async def _types(self, topic: str) -> tuple[str, ...]:
        """The types that rows have, of a topic or of all; what is of none (a buried letter) may be of any."""
        found = [str(row[0]) for row in await self.database.fetch(_TYPES)]
        return tuple(name for name in found if not topic or name not in TYPES or TYPES[name].topic == topic)

    async def forget(self, before: datetime, limit: int) -> int:
        """Delete at most `limit` rows of what happened before then; how many.

        Raises:
            DatabaseUnavailable: try again later. psycopg.errors.InsufficientPrivilege: this user may not (migration 0008 says how).
        """
        [(gone,)] = await self.database.fetch_as(RETENTION, _FORGET, {"before": before, "limit": limit})
        return int(str(gone))

    async def pseudonymise(self, party: str, until: datetime, alias: str) -> int:
        """Somebody left: what the trail has of them up to then is somebody's, and no words; how many rows that were.

        Rows keep type, times and ids of todos; party, user id, phone numbers and words go, and dead letters with them. Whatever alias
        was given first stays. Rows that come late are found by `pseudonymise_late`.

        Args:
            party: their partition key.
            until: when they left; whoever writes again later begins anew.
            alias: what they are called instead, 32 hex digits.

        Raises:
            DatabaseUnavailable: try again; nothing else than the rest is left to do.
        """
        [(kept,), *_] = await self.database.fetch(_LEAVE, {"party": party, "until": until, "alias": alias})
        return await self._pseudonymise(party, until, str(kept))

    async def pseudonymise_late(self, forgotten: datetime) -> int:
        """Once more for everyone who left, then forget who that was where it is longer ago than `forgotten`; how many rows.

        Raises:
            DatabaseUnavailable: try again later.
        """
        rows = await self.database.fetch(_DEPARTED)
        changed = [await self._pseudonymise(str(party), until, str(alias)) for party, until, alias in rows]  # type: ignore[arg-type]
        await self.database.fetch(_FORGET_DEPARTED, forgotten)
        return sum(changed)

    async def _pseudonymise(self, party: str, until: datetime, alias: str) -> int:
        await self.database.fetch(_FORGET_LETTERS, until, party)
        parameters = {
            "party": party,
            "user_id": user_id(party),
            "until": until,
            "alias": alias,
            "alias_id": user_id(alias),
            "beginnings": [MESSAGE_RECEIVED, AUDIO_RECEIVED, CALL_RECEIVED, REQUEST_MADE],
            "facts": list(FACTS),
        }
        [(changed,)] = await self.database.fetch_as(RETENTION, _PSEUDONYMISE, parameters)
        return int(str(changed))


def _conditions(wanted: TrailQuery) -> tuple[list[str], dict[str, object]]:
    """What rows must be, but for their types, and the values that it names."""
    person = wanted.user_id or (user_id(wanted.party) if wanted.party else None)
    said: dict[str, object] = {
        "t.user_id = %(person)s": person,
        "t.party = %(party)s": wanted.party,
        "t.topic = %(topic)s": wanted.topic,
        "t.task_id = %(task)s": str(wanted.task_id),
        "t.correlation_id = %(cause)s": wanted.correlation_id,
        "t.at >= %(since)s": wanted.since,
        "t.at < %(until)s": wanted.until,
        "t.words IS NOT NULL AND t.words @@ websearch_to_tsquery('simple', %(text)s)": wanted.text,
    }
    conditions = [condition for condition, value in said.items() if value]
    parameters = {str(_NAME.findall(condition)[0]): value for condition, value in said.items() if value}
    if wanted.cursor:
        conditions.append("(t.at, t.event_id, t.type) < (%(last_at)s, %(last_id)s, %(last_type)s)")
        at, event_id, kind = read_cursor(wanted.cursor, 2)
        parameters |= {"last_at": at, "last_id": event_id, "last_type": kind}
    return conditions, parameters


def write_cursor(at: datetime, *names: str) -> str:
    """A place in a list that is ordered by a time and these names."""
    place = json.dumps([at.isoformat(), *names], separators=(",", ":"))
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(cursor: str, count: int) -> tuple[Any, ...]:
    """The time of a cursor, and its `count` names.

    Raises:
        BadCursor: nobody has given this one.
    """
    try:
        at, *names = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        last_at = datetime.fromisoformat(at)
    except (ValueError, TypeError):
        raise BadCursor(BadCursor.__doc__) from None
    sound = all(isinstance(name, str) and not _UNSTORABLE.search(name) for name in names)
    if last_at.tzinfo is None or len(names) != count or not sound:
        raise BadCursor(BadCursor.__doc__)
    return (last_at, *names)


def _unit(event: Unread, now: datetime) -> str:
    """A row as the statement takes it."""
    return json.dumps({**as_entry(event, now), "data": event.data}, ensure_ascii=False)


def as_entry(event: Unread, now: datetime) -> dict[str, str | None]:
    """The columns of an event's row, but for its data."""
    known = event.attributes
    kind, source, party = known["type"], known["source"], known["partitionkey"]
    return {
        "event_id": known["id"],
        "type": kind,
        "topic": known.get("topic") or (TYPES[kind].topic if kind in TYPES else "messages"),
        "source": source,
        "subject": known.get("subject", ""),
        "party": party,
        "user_id": _user(party) if party else None,
        "actor": "clock" if source in _BY_THE_CLOCK else _ACTORS.get(kind, "jotline"),
        "correlation_id": known.get("correlationid") or known["id"],
        "traceparent": known.get("traceparent", ""),
        "at": known["time"],
        "recorded_at": now.isoformat(),
    }


@lru_cache(maxsize=4096)
def _user(party: str) -> str:
    """A person's id, as text."""
    return str(user_id(party))


def _cleaned(data: str) -> str:
    """The same data without what jsonb cannot hold: NULs and halves of surrogate pairs."""
    try:
        return json.dumps(_without_unstorable(json.loads(data)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return _quoted(data)


def _without_unstorable(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, str):
        return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_without_unstorable(one) for one in value]
    if isinstance(value, dict):
        return {_without_unstorable(key): _without_unstorable(one) for key, one in value.items()}
    return value


def _quoted(data: str) -> str:
    """Data that cannot be read, as a string."""
    return json.dumps({"unreadable": _without_unstorable(data)})
