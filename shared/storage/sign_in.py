"""Schema `todo`: codes that were texted, sign-ins, personal access tokens. Only what they are recognised by is stored.

A number that is not known is written down as one that is: the same rows, the same statements. Only the text is left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from shared.events.envelope import Event
from shared.storage.database import Database, Statement
from shared.storage.outbox import COLUMNS, Row, as_row, numbered

#: How often a code may be asked for, by window in seconds: a person who forgot their phone, not somebody who tries codes all day.
CODES: Final = ((600, 5), (86_400, 15))
#: Wrong codes before the right one is of no use either.
TRIES: Final = 5

#: Where somebody is reached.
_REACHED = Statement(
    """
SELECT asked.n, json_build_object('channel', u.channel, 'ours', u.ours)::text
FROM ROWS FROM (json_to_recordset(%s) AS (party text)) WITH ORDINALITY AS asked (party, n)
JOIN todo.users u ON u.party = asked.party
""",
    pace_seconds=0,
)

#: A new code for a number, unless too many were asked for, and the text about it where somebody has that number.
_ASK = Statement(
    f"""
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (party text, digest text, at timestamptz, expires_at timestamptz, outbox json))
        WITH ORDINALITY AS unit (party, digest, at, expires_at, outbox, n)
), saved AS (
    INSERT INTO todo.sign_ins AS s (party, digest, tries, expires_at, asked)
    SELECT party, digest, 0, expires_at, ARRAY[at] FROM unit
    ON CONFLICT (party) DO UPDATE SET digest = excluded.digest, tries = 0, expires_at = excluded.expires_at,
        asked = ARRAY(SELECT a FROM unnest(s.asked) a WHERE a > excluded.asked[1] - interval '{CODES[1][0]} seconds')
                || excluded.asked
    WHERE (SELECT count(*) FILTER (WHERE a > excluded.asked[1] - interval '{CODES[0][0]} seconds') < {CODES[0][1]}
              AND count(*) FILTER (WHERE a > excluded.asked[1] - interval '{CODES[1][0]} seconds') < {CODES[1][1]}
           FROM unnest(s.asked) a)
    RETURNING party
), won AS (
    SELECT unit.* FROM unit JOIN saved USING (party)
), sent AS (
    INSERT INTO todo.outbox (event_id, type, partition_key, event)
    SELECT o.event_id, o.type, o.partition_key, o.event
    FROM won JOIN todo.users u ON u.party = won.party, json_to_recordset(won.outbox) AS o ({COLUMNS})
    RETURNING seq, event_id
)
SELECT won.n, (
    SELECT coalesce(json_object_agg(sent.event_id, sent.seq), '{{}}')
    FROM json_to_recordset(won.outbox) AS o (event_id text) JOIN sent USING (event_id))::text
FROM won
""",
    pace_seconds=0,
)

#: One try of a code: counted first, so that many at once are no more than the tries there are.
_TRY = """
UPDATE todo.sign_ins SET tries = tries + 1
WHERE party = %(party)s AND tries < %(tries)s AND expires_at > %(now)s AND digest <> ''
RETURNING digest
"""

#: The code was right: it ends, and a session begins. Nobody else may have been faster with the same code.
_BEGIN = """
WITH ended AS (
    UPDATE todo.sign_ins SET digest = '' WHERE party = %(party)s AND digest = %(code)s RETURNING party
), begun AS (
    INSERT INTO todo.sessions (id, user_id, digest, created_at, used_at, expires_at)
    SELECT %(session)s, u.id, %(digest)s, %(now)s, %(now)s, %(until)s FROM ended JOIN todo.users u USING (party)
    RETURNING user_id
)
SELECT u.id, u.phone FROM begun JOIN todo.users u ON u.id = begun.user_id
"""

#: A refresh token is good once: the next one takes its place.
_RENEW = """
WITH turned AS (
    UPDATE todo.sessions s SET digest = %(next)s, used_at = %(now)s, expires_at = %(until)s
    FROM todo.users u
    WHERE s.id = %(session)s AND s.digest = %(digest)s AND s.expires_at > %(now)s AND u.id = s.user_id
      AND s.created_at > coalesce(u.tokens_from, '-infinity')
    RETURNING u.id, u.phone
)
SELECT id, phone FROM turned
"""

#: Somebody showed a refresh token of this session that is not its present one: it was used before, by them or by a thief.
_END_REPLAYED = "DELETE FROM todo.sessions WHERE id = %s AND digest <> %s RETURNING id"

_END = "DELETE FROM todo.sessions WHERE id = %s"

#: Whom a token stands for, by what it says of itself: a user and maybe a session, or a digest. `since` is when it was made.
_STANDS_FOR = Statement(
    """
SELECT asked.n, json_build_object('user_id', u.id, 'party', u.party, 'phone', u.phone, 'expires_at', t.expires_at,
    'used_at', t.used_at)::text
FROM ROWS FROM (json_to_recordset(%s) AS (user_id uuid, party text, session uuid, digest text, since timestamptz, now timestamptz))
     WITH ORDINALITY AS asked (user_id, party, session, digest, since, now, n)
LEFT JOIN todo.access_tokens t ON t.digest = asked.digest
LEFT JOIN todo.users named ON named.party = asked.party
JOIN todo.users u ON u.id = coalesce(t.user_id, named.id, asked.user_id)
LEFT JOIN todo.sessions s ON s.id = asked.session AND s.user_id = u.id
WHERE coalesce(t.created_at, asked.since) > coalesce(u.tokens_from, '-infinity')
  AND (asked.digest IS NULL OR t.id IS NOT NULL) AND coalesce(t.expires_at > asked.now, true)
  AND (asked.session IS NULL OR (s.id IS NOT NULL AND s.created_at > coalesce(u.tokens_from, '-infinity')))
""",
    pace_seconds=0,
)

_USED = "UPDATE todo.access_tokens SET used_at = %s WHERE digest = %s"

_LIST = """
SELECT t.id, t.name, t.created_at, t.expires_at, t.used_at FROM todo.access_tokens t JOIN todo.users u ON u.id = t.user_id
WHERE u.id = %(user_id)s AND t.created_at > coalesce(u.tokens_from, '-infinity') AND coalesce(t.expires_at > %(now)s, true)
ORDER BY t.created_at, t.id
"""

#: Another token, unless there are as many as one person may have.
_MAKE = """
INSERT INTO todo.access_tokens (id, user_id, name, digest, created_at, expires_at)
SELECT %(id)s, u.id, %(name)s, %(digest)s, %(now)s, %(until)s FROM todo.users u
WHERE u.id = %(user_id)s AND (SELECT count(*) FROM todo.access_tokens t
    WHERE t.user_id = u.id AND t.created_at > coalesce(u.tokens_from, '-infinity')
      AND coalesce(t.expires_at > %(now)s, true)) < %(most)s
RETURNING id
"""

_REVOKE_TOKENS = "DELETE FROM todo.access_tokens WHERE user_id = %s"
_REVOKE = "DELETE FROM todo.access_tokens WHERE user_id = %s AND id = %s RETURNING id"
_REVOKE_ALL = """
WITH marked AS (UPDATE todo.users SET tokens_from = %(now)s WHERE id = %(user_id)s),
     ended AS (DELETE FROM todo.sessions WHERE user_id = %(user_id)s)
DELETE FROM todo.access_tokens WHERE user_id = %(user_id)s
"""

#: What is over, or was made before its person signed out everywhere.
_FORGET = """
WITH codes AS (
    DELETE FROM todo.sign_ins WHERE party = ANY (ARRAY(
        SELECT party FROM todo.sign_ins WHERE expires_at < %(now)s - interval '1 day' LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING 1
), ended AS (
    DELETE FROM todo.sessions WHERE id = ANY (ARRAY(
        SELECT id FROM todo.sessions WHERE expires_at < %(now)s LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING 1
), asked AS (
    DELETE FROM todo.rate_limits WHERE key = ANY (ARRAY(
        SELECT key FROM todo.rate_limits WHERE expires_at < %(now)s LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
    RETURNING 1
)
SELECT (SELECT count(*) FROM codes) + (SELECT count(*) FROM ended) + (SELECT count(*) FROM asked)
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a person wrote last."""

    channel: str = "sms"
    ours: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a token stands for."""

    user_id: UUID
    party: str
    phone: str
    expires_at: datetime | None = None  # of a personal access token
    used_at: datetime | None = None  # likewise: when it was last, to the minute


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A personal access token, without itself."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class SignInStore:
    """Who is signed in, and who tries to be. Every method raises DatabaseUnavailable when it is to be tried again later."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def reach(self, party: str) -> Reached | None:
        """Where a person wrote last; None for somebody we do not know."""
        found = await self.database.run(_REACHED, json.dumps({"party": party}))
        return Reached(**json.loads(found)) if found else None

    async def ask(self, party: str, digest: str, event: Event, *, now: datetime, expires_at: datetime) -> list[Row] | None:
        """Store the digest of a new code and let its text leave, where the number is somebody's: the rows to carry.

        None: too many codes were asked for of late, for this number.
        """
        unit = {
            "party": party,
            "digest": digest,
            "at": now.isoformat(),
            "expires_at": expires_at.isoformat(),
            "outbox": [as_row(event)],
        }
        numbers = await self.database.run(_ASK, json.dumps(unit))
        return None if numbers is None else numbered("todo", [event], numbers)

    async def try_code(self, party: str, *, now: datetime) -> str:
        """Count a try: the digest of the code it must be; empty when no code is any good."""
        rows = await self.database.fetch(_TRY, {"party": party, "tries": TRIES, "now": now})
        return str(rows[0][0]) if rows else ""

    async def begin(
        self, party: str, code: str, *, session: UUID, digest: str, now: datetime, valid_for: timedelta
    ) -> tuple[UUID, str] | None:
        """End a code that was right and begin a session: the user and their number; None when somebody else was faster."""
        parameters = {
            "party": party,
            "code": code,
            "session": session,
            "digest": digest,
            "now": now,
            "until": now + valid_for,
        }
        return _user(await self.database.fetch(_BEGIN, parameters))

    async def renew(
        self, session: UUID, digest: str, *, replacement: str, now: datetime, valid_for: timedelta
    ) -> tuple[UUID, str] | None:
        """Put the next refresh token's digest in place of this one's; None when it is no good. One that was used ends the session."""
        parameters = {"session": session, "digest": digest, "next": replacement, "now": now, "until": now + valid_for}
        found = _user(await self.database.fetch(_RENEW, parameters))
        if found is None:
            await self.database.fetch(_END_REPLAYED, session, digest)
        return found

    async def end(self, session: UUID) -> None:
        """Sign out."""
        await self.database.fetch(_END, session)

    async def stands_for(
        self,
        *,
        now: datetime,
        user_id: UUID | None = None,
        party: str | None = None,
        session: UUID | None = None,
        digest: str | None = None,
        since: datetime | None = None,
    ) -> Known | None:
        """Whom a token stands for as things are now; None for nobody (any more).

        Args:
            now: the time it is.
            user_id: as a JSON Web Token names them, or
            party: likewise, or
            digest: of a personal access token.
            session: the token came of; it must not have ended.
            since: when the token was made.
        """
        unit: dict[str, Any] = {"now": now.isoformat(), "since": since.isoformat() if since else None, "digest": digest}
        unit |= {"user_id": str(user_id) if user_id else None, "session": str(session) if session else None, "party": party}
        found = json.loads(await self.database.run(_STANDS_FOR, json.dumps(unit)) or "null")
        if found is None:
            return None
        times = (datetime.fromisoformat(found[name]) if found[name] else None for name in ("expires_at", "used_at"))
        return Known(UUID(found["user_id"]), found["party"], found["phone"], *times)

    async def note_use(self, digest: str, now: datetime) -> None:
        """Write down that a personal access token was used."""
        await self.database.fetch(_USED, now, digest)

    async def tokens(self, user_id: UUID, now: datetime) -> list[AccessToken]:
        """A person's access tokens that are good, oldest first."""
        rows = await self.database.fetch(_LIST, {"user_id": user_id, "now": now})
        return [AccessToken(*row) for row in rows]  # type: ignore[arg-type]

    async def make_token(
        self, user_id: UUID, token_id: UUID, name: str, digest: str, *, now: datetime, until: datetime | None, most: int
    ) -> bool:
        """Store a personal access token; False when the person has `most` already."""
        parameters = {
            "id": token_id,
            "user_id": user_id,
            "name": name,
            "digest": digest,
            "now": now,
            "until": until,
            "most": most,
        }
        return bool(await self.database.fetch(_MAKE, parameters))

    async def revoke(self, user_id: UUID, token_id: UUID) -> bool:
        """End one access token; False when the person has none of that id."""
        return bool(await self.database.fetch(_REVOKE, user_id, token_id))

    async def revoke_tokens(self, user_id: UUID) -> None:
        """End all of a person's access tokens."""
        await self.database.fetch(_REVOKE_TOKENS, user_id)

    async def revoke_all(self, user_id: UUID, now: datetime) -> None:
        """Sign a person out everywhere: sessions, access tokens, and whatever was issued before now."""
        await self.database.fetch(_REVOKE_ALL, {"user_id": user_id, "now": now})

    async def forget(self, now: datetime, limit: int) -> int:
        """Delete what is over, at most `limit` rows of a kind; returns how many."""
        [(gone,)] = await self.database.fetch(_FORGET, {"now": now, "limit": limit})
        return int(str(gone))


def _user(rows: list[tuple[object, ...]]) -> tuple[UUID, str] | None:
    return (UUID(str(rows[0][0])), str(rows[0][1])) if rows else None
