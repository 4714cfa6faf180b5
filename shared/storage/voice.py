"""Schema `voice`: calls, recordings, the pieces they are heard in, and every version of what was heard.

Fetching a recording and hearing a piece are work outside the database, so both take three steps: `begin` commits a claim with a
lease; the caller works; the statement that keeps the result closes the claim, with the events that tell of it. A claim that is taken
again counts up: its last holder died. Who ends otherwise says so by `release`.

The words of a recording are one transcript version: begun with its pieces, finished by whoever hears the last of them. Two may both
believe they are that one; the first to write wins, and both say the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from shared.events.envelope import Event
from shared.events.schemas import CallReceived, Channel
from shared.storage.database import Database
from shared.storage.outbox import COLUMNS, Outbox, Row, as_row, numbered

#: The work on this event is done, and this is what it tells. Every statement that ends work ends with it.
_DONE = f"""
claimed AS (
    INSERT INTO voice.claims AS c (function, event_id, state, claimed_at) VALUES (%(function)s, %(event_id)s, 'done', %(now)s)
    ON CONFLICT (function, event_id) DO UPDATE SET state = 'done', lease_until = NULL
), told AS (
    INSERT INTO voice.outbox (event_id, type, partition_key, event)
    SELECT event_id, type, partition_key, event
    FROM ROWS FROM (json_to_recordset(%(outbox)s) AS ({COLUMNS})) WITH ORDINALITY
         AS o (event_id, type, partition_key, event, for_function, attempt, not_before, n)
    ORDER BY o.n ON CONFLICT DO NOTHING RETURNING seq, event_id
)
SELECT json_object_agg(event_id, seq)::text FROM told
"""

#: Claim work until then. A claim that is done, or whose lease still runs, is left alone.
_BEGIN = """
INSERT INTO voice.claims AS c (function, event_id, state, lease_until, claimed_at)
VALUES (%(function)s, %(event_id)s, 'working', %(lease_until)s, %(now)s)
ON CONFLICT (function, event_id) DO UPDATE SET lease_until = excluded.lease_until, attempts = c.attempts + 1
WHERE c.state = 'working' AND c.lease_until <= excluded.claimed_at
RETURNING attempts
"""
_STATE = "SELECT state, nullif(lease_until, '-infinity') FROM voice.claims WHERE function = %s AND event_id = %s"

#: Let go of a claim, if it is still the one that was taken. "nothing": this try did no harm and does not count; "harm": it counts as
#: if its worker had died; "all": as if there had never been one.
_RELEASE = """
WITH free AS (
    DELETE FROM voice.claims WHERE function = %(function)s AND event_id = %(event_id)s AND state = 'working'
    AND lease_until = %(lease_until)s AND (%(counts)s = 'all' OR (%(counts)s = 'nothing' AND attempts = 1))
)
UPDATE voice.claims SET lease_until = '-infinity', attempts = attempts - (%(counts)s = 'nothing')::integer
WHERE function = %(function)s AND event_id = %(event_id)s AND state = 'working' AND lease_until = %(lease_until)s
AND (%(counts)s = 'harm' OR (%(counts)s = 'nothing' AND attempts > 1))
"""

#: After a restart of the only worker every lease is over: nobody holds it.
_EXPIRE = "UPDATE voice.claims SET lease_until = '-infinity' WHERE state = 'working'"

_END = f"WITH {_DONE}"

_KEEP_CALL = f"""
WITH kept AS (
    INSERT INTO voice.calls (id, sender, recipient, created_at) VALUES (%(id)s, %(sender)s, %(recipient)s, %(now)s)
    ON CONFLICT DO NOTHING
), {_DONE}
"""
_CALL = "SELECT sender, recipient FROM voice.calls WHERE id = %s"

_RECORDING = (
    "id, party, sender, recipient, channel, message_id, call_id, correlation_id, said_at, audio, content_type, codec, bytes, sha256, "
    "seconds"
)
_BEGIN_VERSION = """
version AS (
    INSERT INTO voice.transcripts (recording_id, version, request, wanted_model, begun_at)
    VALUES (%(id)s, %(version)s, %(request)s::jsonb, %(wanted_model)s, %(now)s)
), cut AS (
    INSERT INTO voice.pieces (recording_id, version, piece, start_seconds, end_seconds)
    SELECT %(id)s, %(version)s, piece, start_seconds, end_seconds
    FROM json_to_recordset(%(cuts)s) AS p (piece integer, start_seconds double precision, end_seconds double precision)
)"""
#: A recording that is in the audio store, and the first version of what will be heard in it.
_KEEP_RECORDING = f"""
WITH kept AS (
    INSERT INTO voice.recordings ({_RECORDING}, created_at)
    VALUES ({", ".join(f"%({name})s" for name in _RECORDING.split(", "))}, %(now)s)
), {_BEGIN_VERSION}, {_DONE}
"""
#: One more version of what is heard in a recording that is kept.
_HEAR_AGAIN = f"WITH {_BEGIN_VERSION}, {_DONE}"

_OF_ID = f"SELECT {_RECORDING} FROM voice.recordings WHERE id = %s"
#: The last recording of a person that can be heard again, by its id or its time.
_LAST = f"""
SELECT {_RECORDING} FROM voice.recordings WHERE party = %(party)s AND audio IS NOT NULL
AND (%(id)s = '' OR id = %(id)s) AND said_at >= %(since)s AND said_at < %(until)s ORDER BY said_at DESC, id DESC LIMIT 1
"""
_VERSIONS = """
SELECT recording_id, version, request, wanted_model, finished_at, text, heard, language, model, took_seconds
FROM voice.transcripts WHERE recording_id = %s ORDER BY version
"""
_PIECES = """
SELECT piece, start_seconds, end_seconds, segments, language, model, took_seconds FROM voice.pieces
WHERE recording_id = %s AND version = %s ORDER BY piece
"""
#: What was heard in a piece; a second worker's result changes nothing.
_KEEP_PIECE = """
UPDATE voice.pieces SET segments = %(segments)s::jsonb, language = %(language)s, model = %(model)s, took_seconds = %(took_seconds)s
WHERE recording_id = %(id)s AND version = %(version)s AND piece = %(piece)s AND segments IS NULL
"""
_FINISH = f"""
WITH finished AS (
    UPDATE voice.transcripts SET finished_at = %(now)s, text = %(text)s, heard = %(heard)s::jsonb, language = %(language)s,
        model = %(model)s, took_seconds = %(took_seconds)s
    WHERE recording_id = %(id)s AND version = %(version)s AND finished_at IS NULL
), {_DONE}
"""

_KEEP_DAYS = f"""
WITH gone AS (
    DELETE FROM voice.retention WHERE party = %(party)s AND %(days)s::integer IS NULL
), kept AS (
    INSERT INTO voice.retention (party, days) SELECT %(party)s, %(days)s::integer WHERE %(days)s::integer IS NOT NULL
    ON CONFLICT (party) DO UPDATE SET days = excluded.days
), {_DONE}
"""
_AUDIO_OF = "SELECT id, audio FROM voice.recordings WHERE party = %s"
_DELETE = f"WITH gone AS (DELETE FROM voice.recordings WHERE id = ANY(%(ids)s)), {_DONE}"

#: Recordings that were kept long enough, those said first first.
_EXPIRED = """
SELECT r.id, r.audio FROM voice.recordings r LEFT JOIN voice.retention USING (party)
WHERE r.audio IS NOT NULL AND r.said_at < %s - make_interval(days => coalesce(retention.days, %s)) ORDER BY r.said_at LIMIT %s
"""
_FORGET_AUDIO = "UPDATE voice.recordings SET audio = NULL WHERE id = ANY(%s)"
_FORGET_CALLS = "DELETE FROM voice.calls WHERE created_at < %s"

#: What there is, for whoever runs this.
_LIST = f"""
SELECT {_RECORDING} FROM voice.recordings
WHERE said_at >= %(since)s AND (%(party)s = '' OR party = %(party)s) AND (%(id)s = '' OR id = %(id)s) ORDER BY said_at, id
"""

Counts = Literal["nothing", "harm", "all"]


@dataclass(frozen=True, slots=True)
class Begun:
    """The state of a piece of work. `attempts`: how many workers have begun it, this one included; 0: it is not this caller's."""

    attempts: int
    finished: bool = False
    lease_until: datetime | None = None  # somebody else's


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording that was taken in. `audio` is its key in the audio store; None when it is not there any more."""

    id: str
    party: str
    sender: str
    recipient: str
    channel: Channel
    message_id: str
    call_id: str
    correlation_id: str
    said_at: datetime
    audio: str | None
    content_type: str
    codec: str
    bytes: int
    sha256: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a recording. `segments` is None until it was heard."""

    piece: int
    start_seconds: float
    end_seconds: float
    segments: list[dict[str, Any]] | None = None
    language: str | None = None
    model: str | None = None
    took_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One hearing of a recording; `text` is None until all its pieces were heard."""

    recording_id: str
    version: int
    request: dict[str, Any] | None
    wanted_model: str
    finished_at: datetime | None
    text: str | None
    heard: list[dict[str, Any]] | None
    language: str | None
    model: str | None
    took_seconds: float | None


class VoiceStore:
    """Calls, recordings and transcripts."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox = Outbox(database, "voice")

    async def begin(self, event: Event, *, function: str, now: datetime, lease_until: datetime) -> Begun:
        """Claim the work on an event until then.

        Raises:
            DatabaseUnavailable: it is not, or not surely, claimed.
        """
        claim = {"function": function, "event_id": event.id, "now": now, "lease_until": lease_until}
        rows = await self.database.fetch(_BEGIN, claim)
        if rows:
            return Begun(attempts=int(str(rows[0][0])))
        [(state, held_until)] = await self.database.fetch(_STATE, function, event.id) or [("working", None)]
        return Begun(0, finished=state in ("done", "dead"), lease_until=held_until)  # type: ignore[arg-type]

    async def release(self, event: Event, *, function: str, lease_until: datetime, counts: Counts) -> None:
        """Let go of a claim that was taken until then; `counts`: what of this try does."""
        await self.database.fetch(
            _RELEASE, {"function": function, "event_id": event.id, "lease_until": lease_until, "counts": counts}
        )

    async def expire_leases(self) -> None:
        """Every lease is over: for the single box, when its only worker is gone."""
        await self.database.fetch(_EXPIRE)

    async def end(self, event: Event, told: Sequence[Event], *, function: str, now: datetime) -> list[Row]:
        """The work on an event is done, and this is what it tells; returns the rows to be carried."""
        return await self._end(_END, event, told, function=function, now=now)

    async def keep_call(self, event: Event, call: CallReceived, *, function: str, now: datetime) -> None:
        """Remember who calls."""
        of_call = {"id": call.call_id, "sender": call.sender, "recipient": call.recipient}
        await self._end(_KEEP_CALL, event, (), function=function, now=now, **of_call)

    async def call(self, call_id: str) -> tuple[str, str] | None:
        """Who called which number of ours; None when nobody told."""
        rows = await self.database.fetch(_CALL, call_id)
        return (str(rows[0][0]), str(rows[0][1])) if rows else None

    async def keep_recording(
        self, event: Event, recording: Recording, cuts: Sequence[Piece], told: Sequence[Event], *, function: str, now: datetime
    ) -> list[Row]:
        """A recording is in the audio store, and is to be heard in these pieces."""
        more = {**asdict(recording), **_begin_version(1, cuts, None, "")}
        return await self._end(_KEEP_RECORDING, event, told, function=function, now=now, **more)

    async def hear_again(
        self,
        event: Event,
        recording_id: str,
        version: int,
        cuts: Sequence[Piece],
        told: Sequence[Event],
        *,
        request: dict[str, Any],
        wanted_model: str,
        function: str,
        now: datetime,
    ) -> list[Row]:
        """Begin one more version of what is heard in a recording."""
        more = {"id": recording_id, **_begin_version(version, cuts, request, wanted_model)}
        return await self._end(_HEAR_AGAIN, event, told, function=function, now=now, **more)

    async def recording(self, recording_id: str) -> Recording | None:
        """A recording; None when there is none, or no longer."""
        rows = await self.database.fetch(_OF_ID, recording_id)
        return _recording(rows[0]) if rows else None

    async def last_recording(self, party: str, recording_id: str, since: datetime, until: datetime) -> Recording | None:
        """The last recording of a person in this time that can be heard again; with an id, that one."""
        wanted = {"party": party, "id": recording_id, "since": since, "until": until}
        rows = await self.database.fetch(_LAST, wanted)
        return _recording(rows[0]) if rows else None

    async def versions(self, recording_id: str) -> list[Version]:
        """Every version of what was heard in a recording, the first one first."""
        rows: list[tuple[Any, ...]] = await self.database.fetch(_VERSIONS, recording_id)
        return [Version(**dict(zip(Version.__slots__, row, strict=True))) for row in rows]

    async def pieces(self, recording_id: str, version: int) -> list[Piece]:
        """The pieces of a version, in order."""
        rows: list[tuple[Any, ...]] = await self.database.fetch(_PIECES, recording_id, version)
        return [Piece(**dict(zip(Piece.__slots__, row, strict=True))) for row in rows]

    async def keep_piece(self, recording_id: str, version: int, piece: Piece) -> None:
        """Keep what was heard in a piece, once; its claim stays open until it is known what follows."""
        of_piece = {**asdict(piece), "segments": json.dumps(piece.segments)}
        await self.database.fetch(_KEEP_PIECE, {"id": recording_id, "version": version, **of_piece})

    async def finish(
        self,
        event: Event,
        version: Version,
        told: Sequence[Event],
        *,
        function: str,
        now: datetime,
    ) -> list[Row]:
        """All pieces were heard: keep the whole."""
        more = {
            "id": version.recording_id,
            "version": version.version,
            "text": version.text,
            "heard": json.dumps(version.heard),
            "language": version.language,
            "model": version.model,
            "took_seconds": version.took_seconds,
        }
        return await self._end(_FINISH, event, told, function=function, now=now, **more)

    async def keep_days(
        self, event: Event, party: str, days: int | None, told: Sequence[Event], *, function: str, now: datetime
    ) -> list[Row]:
        """Keep a person's recordings so long; None: as long as everyone's."""
        return await self._end(_KEEP_DAYS, event, told, function=function, now=now, party=party, days=days)

    async def audio_of(self, party: str) -> list[tuple[str, str | None]]:
        """All recordings of a person, with their keys in the audio store."""
        return [(str(row[0]), row[1]) for row in await self.database.fetch(_AUDIO_OF, party)]  # type: ignore[misc]

    async def delete(
        self, event: Event, recording_ids: Sequence[str], told: Sequence[Event], *, function: str, now: datetime
    ) -> list[Row]:
        """Forget recordings with all that was heard in them. Their audio has to be deleted before."""
        return await self._end(_DELETE, event, told, function=function, now=now, ids=list(recording_ids))

    async def expired(self, now: datetime, *, days: int, limit: int) -> list[tuple[str, str]]:
        """Recordings whose audio was kept long enough: as their person said, else for `days`; with their keys."""
        return [(str(row[0]), str(row[1])) for row in await self.database.fetch(_EXPIRED, now, days, limit)]

    async def forget_audio(self, recording_ids: Sequence[str]) -> None:
        """The audio of these is deleted; what was heard in them stays."""
        await self.database.fetch(_FORGET_AUDIO, list(recording_ids))

    async def forget_calls(self, before: datetime) -> None:
        """Forget who called before that."""
        await self.database.fetch(_FORGET_CALLS, before)

    async def recordings(self, *, since: datetime, party: str = "", recording_id: str = "") -> list[Recording]:
        """What was said since then, in order; of one person, or one recording, where that is asked for."""
        rows = await self.database.fetch(_LIST, {"since": since, "party": party, "id": recording_id})
        return [_recording(row) for row in rows]

    async def _end(
        self, statement: str, event: Event, told: Sequence[Event], *, function: str, now: datetime, **more: object
    ) -> list[Row]:
        """Run a statement that ends the work on an event."""
        outbox = json.dumps([as_row(each) for each in told])
        [(numbers,)] = await self.database.fetch(
            statement, {"function": function, "event_id": event.id, "now": now, "outbox": outbox, **more}
        )
        return numbered("voice", told, None if numbers is None else str(numbers))


def _begin_version(version: int, cuts: Sequence[Piece], request: dict[str, Any] | None, wanted_model: str) -> dict[str, object]:
    """The parameters of a version that begins."""
    pieces = [{name: getattr(cut, name) for name in ("piece", "start_seconds", "end_seconds")} for cut in cuts]
    return {
        "version": version,
        "cuts": json.dumps(pieces),
        "request": None if request is None else json.dumps(request),
        "wanted_model": wanted_model,
    }


def _recording(row: Sequence[object]) -> Recording:
    return Recording(**dict(zip(_RECORDING.split(", "), row, strict=True)))  # type: ignore[arg-type]
