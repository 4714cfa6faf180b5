"""Schema `messaging`: conversations, messages both ways, what the provider said of them, and consent.

A recording is kept as a message without words; its transcript, a message of the same id, completes it.

Nothing is kept, and nothing sent, that is from before its person left (`messaging.departures`, shared/storage/leaving.py).

Sending is work with an effect outside the database, so it takes three steps: `begin` commits a claim with a lease and the message
as `sending`; the caller sends; `finish` commits what came of it. A claim whose lease ran out tells that a sender died in between.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid5

from shared.events.envelope import Event
from shared.events.ids import NAMESPACE, conversation_id
from shared.events.schemas import AudioReceived, MessageReceived, MessageStatus, NotificationRequested
from shared.storage.database import Database, Statement
from shared.storage.outbox import COLUMNS, Outbox, Row, as_row, numbered

PROVIDER = "twilio"
MAIL_SERVER = "smtp"
#: How many attachments a message has at most.
MAX_MEDIA = 10

_CONVERSATION = """
    INSERT INTO messaging.conversations AS c (id, participant_from, participant_to, channel_type, created_at, updated_at)
    SELECT DISTINCT ON (conversation_id) conversation_id, theirs, ours, channel_type, at, at FROM fresh ORDER BY conversation_id, at
    ON CONFLICT (id) DO UPDATE SET updated_at = greatest(c.updated_at, excluded.updated_at)
"""

#: An inbound message, and the consent it may state; once per event. The row of a recording gets its words. Rows are taken in the
#: order of their ids, so that two statements at once never wait for each other.
_KEEP = Statement(
    f"""
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (function text, event_id text, at timestamptz, party text,
        conversation_id uuid, theirs text, ours text, channel_type text, id uuid, provider_message_id text, message_type text,
        body text, attachments jsonb, metadata jsonb, stopped boolean, word text)) WITH ORDINALITY AS unit (function, event_id, at,
        party, conversation_id, theirs, ours, channel_type, id, provider_message_id, message_type, body, attachments, metadata,
        stopped, word, n)
), claimed AS (
    INSERT INTO messaging.claims (function, event_id, state, claimed_at) SELECT function, event_id, 'done', at FROM unit
    ON CONFLICT DO NOTHING RETURNING event_id
), fresh AS (
    SELECT unit.* FROM unit JOIN claimed USING (event_id)
    WHERE NOT EXISTS (SELECT FROM messaging.departures d WHERE d.party = unit.party AND d.asked_at >= unit.at)
), conversation AS ({_CONVERSATION}), kept AS (
    INSERT INTO messaging.messages AS m (id, conversation_id, provider_message_id, direction, status, provider, message_type,
        body, attachments, created_at, metadata)
    SELECT DISTINCT ON (id) id, conversation_id, provider_message_id, 'inbound', 'received', '{PROVIDER}', message_type, body,
        attachments, at, metadata
    FROM fresh ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
        body = CASE WHEN m.body = '' THEN excluded.body ELSE m.body END,
        metadata = excluded.metadata || m.metadata
    WHERE m.metadata ? 'audio' OR excluded.metadata ? 'audio'
), consent AS (
    INSERT INTO messaging.consents AS c (phone, channel_type, stopped, word, at)
    SELECT theirs, channel_type, stopped, word, at FROM unit JOIN claimed USING (event_id) WHERE stopped IS NOT NULL
    ON CONFLICT (phone, channel_type) DO UPDATE SET stopped = excluded.stopped, word = excluded.word, at = excluded.at
    WHERE c.at <= excluded.at
)
SELECT unit.n, 'true' FROM unit JOIN claimed USING (event_id)
""",
    pace_seconds=0.3,
)

#: The same for recordings, in batches of their own: in one statement a recording and its words would be one row twice.
_KEEP_RECORDING = Statement(_KEEP.sql)

#: Claim a send and write the message down as sending. A claim that is done, or whose lease still runs, is left alone. What was asked
#: for before its person left is claimed and not written down: of what came by itself that is until a little after, by another clock;
#: of an apology, when what it is about is gone.
_BEGIN = Statement(
    f"""
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (function text, event_id text, at timestamptz, lease_until timestamptz,
        conversation_id uuid, theirs text, ours text, channel_type text, id uuid, provider text, message_type text, body text,
        asked timestamptz, metadata jsonb, party text, kind text, in_reply_to text)) WITH ORDINALITY AS unit (function, event_id, at,
        lease_until, conversation_id, theirs, ours, channel_type, id, provider, message_type, body, asked, metadata, party, kind,
        in_reply_to, n)
), claimed AS (
    INSERT INTO messaging.claims AS c (function, event_id, state, lease_until, claimed_at)
    SELECT function, event_id, 'working', lease_until, at FROM unit
    ON CONFLICT (function, event_id) DO UPDATE SET lease_until = excluded.lease_until, attempts = c.attempts + 1
    WHERE c.state = 'working' AND c.lease_until <= excluded.claimed_at
    RETURNING event_id, attempts
), late AS (
    SELECT unit.event_id FROM unit JOIN messaging.departures d USING (party)
    WHERE CASE WHEN unit.kind IN ('reminder', 'digest') THEN unit.asked <= d.left_at + interval '5 seconds'
          WHEN unit.kind = 'farewell' THEN false
          WHEN unit.kind = 'sorry' THEN NOT EXISTS (
              SELECT FROM messaging.messages m WHERE m.provider_message_id = unit.in_reply_to)
          ELSE unit.asked <= d.asked_at END
), fresh AS (
    SELECT unit.*, claimed.attempts FROM unit JOIN claimed USING (event_id)
    WHERE NOT EXISTS (SELECT FROM late WHERE late.event_id = unit.event_id)
), conversation AS ({_CONVERSATION}), message AS (
    INSERT INTO messaging.messages (id, conversation_id, direction, status, provider, message_type, body, created_at, metadata)
    SELECT id, conversation_id, 'outbound', 'sending', provider, message_type, body, at, metadata FROM fresh
    ON CONFLICT (id) DO UPDATE SET status = 'sending' WHERE messages.status = 'pending'
)
SELECT unit.n, json_build_object(
    'state', coalesce(claim.state, 'new'), 'attempts', claimed.attempts, 'stopped', coalesce(consent.stopped, false),
    'provider_id', sent.provider_message_id, 'first_at', sent.created_at, 'late', late.event_id IS NOT NULL)::text
FROM unit
LEFT JOIN claimed USING (event_id)
LEFT JOIN late USING (event_id)
LEFT JOIN messaging.claims claim ON claim.function = unit.function AND claim.event_id = unit.event_id
LEFT JOIN messaging.consents consent ON consent.phone = unit.theirs AND consent.channel_type = unit.channel_type
LEFT JOIN messaging.messages sent ON sent.id = unit.id
""",
    pace_seconds=0.12,
)

#: What came of a send: the message, the claim, an opt-out the provider told of, and the event that tells of it all.
_FINISH = Statement(
    f"""
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (function text, event_id text, at timestamptz, id uuid, state text,
        status text, provider_id text, note jsonb, opted_out boolean, phone text, channel_type text, outbox json))
        WITH ORDINALITY AS unit (function, event_id, at, id, state, status, provider_id, note, opted_out, phone, channel_type,
        outbox, n)
), claimed AS (
    UPDATE messaging.claims c SET state = unit.state, lease_until = NULL FROM unit
    WHERE c.function = unit.function AND c.event_id = unit.event_id
), message AS (
    UPDATE messaging.messages m SET
        provider_message_id = coalesce(unit.provider_id, m.provider_message_id),
        status = CASE WHEN messaging.progress(unit.status) > messaging.progress(m.status) THEN unit.status ELSE m.status END,
        sent_at = CASE WHEN unit.provider_id IS NULL THEN m.sent_at ELSE coalesce(m.sent_at, unit.at) END,
        metadata = m.metadata || unit.note
    FROM unit WHERE m.id = unit.id
), consent AS (
    INSERT INTO messaging.consents (phone, channel_type, stopped, word, at)
    SELECT DISTINCT phone, channel_type, true, 'provider', at FROM unit WHERE opted_out
    ON CONFLICT (phone, channel_type) DO UPDATE SET stopped = true, word = 'provider', at = excluded.at
), told AS (
    INSERT INTO messaging.outbox (event_id, type, partition_key, event)
    SELECT o.event_id, o.type, o.partition_key, o.event FROM unit, json_to_recordset(unit.outbox) AS o ({COLUMNS})
    ON CONFLICT DO NOTHING RETURNING seq, event_id
)
SELECT unit.n, json_object_agg(told.event_id, told.seq)::text
FROM unit, json_to_recordset(unit.outbox) AS o (event_id text) JOIN told USING (event_id)
GROUP BY unit.n
""",
    pace_seconds=0.3,
)

#: Let go of a claim, if it is still the one that was taken: nobody else has the same lease. When this try or an earlier one may
#: have sent, the claim stays and only its lease ends; else the send surely did not happen, and it is as if it had never begun.
_RELEASE = Statement(
    """
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (function text, event_id text, id uuid, lease_until timestamptz,
        unsure boolean)) WITH ORDINALITY AS unit (function, event_id, id, lease_until, unsure, n)
), free AS (
    DELETE FROM messaging.claims c USING unit
    WHERE c.function = unit.function AND c.event_id = unit.event_id AND c.state = 'working' AND c.lease_until = unit.lease_until
      AND NOT (unit.unsure OR c.attempts > 1)
    RETURNING unit.id
), expired AS (
    UPDATE messaging.claims c SET lease_until = '-infinity' FROM unit
    WHERE c.function = unit.function AND c.event_id = unit.event_id AND c.state = 'working' AND c.lease_until = unit.lease_until
      AND (unit.unsure OR c.attempts > 1)
), waiting AS (
    UPDATE messaging.messages m SET status = 'pending' FROM free WHERE m.id = free.id AND m.status = 'sending'
)
SELECT unit.n, 'true' FROM unit
"""
)

#: A status callback: kept raw, once; the message moves forward only, and a final failure stays. Of somebody who has left it is kept
#: only where its message is.
_STATUS = Statement(
    """
WITH unit AS MATERIALIZED (
    SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (function text, event_id text, at timestamptz, event_row uuid, id uuid,
        provider_id text, status text, raw jsonb, provider_at timestamptz, party text)) WITH ORDINALITY AS unit (function,
        event_id, at, event_row, id, provider_id, status, raw, provider_at, party, n)
), claimed AS (
    INSERT INTO messaging.claims (function, event_id, state, claimed_at) SELECT function, event_id, 'done', at FROM unit
    ON CONFLICT DO NOTHING RETURNING event_id
), fresh AS (
    SELECT unit.* FROM unit JOIN claimed USING (event_id)
    WHERE NOT EXISTS (SELECT FROM messaging.departures d WHERE d.party = unit.party)
       OR EXISTS (SELECT FROM messaging.messages m WHERE m.id = unit.id OR m.provider_message_id = unit.provider_id)
), kept AS (
    INSERT INTO messaging.message_events (id, message_id, event_type, event_data, created_at, provider_timestamp)
    SELECT event_row, coalesce(id, (SELECT m.id FROM messaging.messages m WHERE m.provider_message_id = fresh.provider_id)),
        status, raw, at, provider_at
    FROM fresh ON CONFLICT (id) DO NOTHING
), furthest AS (
    SELECT DISTINCT ON (coalesce(id::text, provider_id)) * FROM fresh
    ORDER BY coalesce(id::text, provider_id), messaging.progress(status) DESC
), moved AS (
    UPDATE messaging.messages m SET
        status = f.status,
        provider_message_id = coalesce(m.provider_message_id, f.provider_id),
        sent_at = CASE WHEN messaging.progress(f.status) BETWEEN 2 AND 5 THEN coalesce(m.sent_at, f.at) ELSE m.sent_at END,
        delivered_at = CASE WHEN f.status IN ('delivered', 'read') THEN coalesce(m.delivered_at, f.provider_at, f.at)
                       ELSE m.delivered_at END
    FROM furthest f
    WHERE m.direction = 'outbound' AND (m.id = f.id OR (f.id IS NULL AND m.provider_message_id = f.provider_id))
      AND (m.provider_message_id IS NULL OR m.provider_message_id = f.provider_id)
      AND m.status NOT IN ('failed', 'undelivered', 'canceled')
      AND messaging.progress(f.status) > messaging.progress(m.status)
    RETURNING m.id
)
SELECT unit.n, (SELECT count(*) FROM moved)::text FROM unit JOIN claimed USING (event_id)
""",
    pace_seconds=0.3,
)

#: The provider's ids of messages that a row already owns: reconciling never takes one of these.
_OWNED = "SELECT provider_message_id FROM messaging.messages WHERE provider_message_id = ANY(%s) AND id <> %s"

#: After a restart of the only worker every lease is over: nobody holds it.
_EXPIRE = "UPDATE messaging.claims SET lease_until = '-infinity' WHERE state = 'working'"

_UNDERSTOOD = """
SELECT m.metadata FROM messaging.messages m WHERE m.direction = 'outbound'
   AND (m.provider_message_id = %s OR m.metadata ->> 'in_reply_to' = %s) LIMIT 1
"""

#: What is kept of a message beside its columns, so that its event can be made again.
_MORE = {"origin", "opt_out", "reply_to", "heard"}

#: Messages and recordings of people in the order in which they were kept. Words that came without a kept recording are left out:
#: transcribe has committed them, and its outbox sees to it that they are read.
_KEPT = """
SELECT m.kept_at, m.created_at, m.metadata || jsonb_build_object('message_id', m.provider_message_id, 'channel', m.message_type,
    'sender', c.participant_from, 'recipient', c.participant_to, 'text', m.body, 'media', m.attachments),
    coalesce(m.metadata ->> 'correlation_id', m.provider_message_id)
FROM messaging.messages m JOIN messaging.conversations c ON c.id = m.conversation_id
WHERE m.direction = 'inbound' AND m.kept_at > %s AND m.kept_at <= %s
    AND (m.metadata ? 'audio' OR m.metadata ->> 'origin' IS DISTINCT FROM 'voice')
ORDER BY m.kept_at LIMIT %s
"""

#: Which of these are kept.
_KNOWN = "SELECT provider_message_id FROM messaging.messages WHERE provider_message_id = ANY(%s)"

_PROVIDER_ID = "SELECT provider_message_id FROM messaging.messages WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Begun:
    """The state of a send. `mine`: this caller holds the claim. `attempts` > 1: an earlier sender died or was unsure."""

    mine: bool
    finished: bool
    attempts: int
    stopped: bool  # the person does not want our texts
    provider_id: str | None  # known already from a status callback
    first_at: datetime | None  # when the first try began
    late: bool = False  # the person has left since it was asked for


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message or a recording of a person as it was kept, with all that makes up its event."""

    kept_at: datetime
    sent_at: datetime
    event_id: str
    data: MessageReceived | AudioReceived
    correlation_id: str


def _inbound(event: Event, said: MessageReceived | AudioReceived, provider_id: str) -> dict[str, object]:
    """What a message and a recording of a person have in common as a row."""
    return {
        "at": event.time.isoformat(),
        "party": event.partitionkey,
        "conversation_id": str(conversation_id(said.recipient, said.sender, said.channel)),
        "theirs": said.sender,
        "ours": said.recipient,
        "channel_type": _channel(said.channel),
        "id": str(uuid5(NAMESPACE, f"inbound/{provider_id}")),
        "provider_message_id": provider_id,
        "message_type": said.channel,
    }


def _kept(kept_at: datetime, sent_at: datetime, row: dict[str, Any], correlation_id: str) -> KeptMessage:
    """A row of `_KEPT`."""
    if "audio" in row:
        audio = AudioReceived.model_validate(row["audio"])
        return KeptMessage(kept_at, sent_at, row["audio_event_id"], audio, correlation_id)
    return KeptMessage(kept_at, sent_at, row["message_id"], MessageReceived.model_validate(row), correlation_id)


def _channel(channel: str) -> Literal["sms", "whatsapp", "email"]:
    """SMS and MMS are one conversation and one consent. Of mail there is no consent: whoever gets it has asked for it by text."""
    return "whatsapp" if channel == "whatsapp" else "email" if channel == "email" else "sms"


class MessagingStore:
    """Conversations, messages, callbacks and consents."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox = Outbox(database, "messaging")

    async def keep(self, event: Event, received: MessageReceived, *, function: str, consent: tuple[bool, str] | None) -> bool:
        """Keep an inbound message, and the consent it states (stopped?, word); False when it was kept before."""
        unit = {
            **_inbound(event, received, received.message_id),
            "function": function,
            "event_id": event.id,
            "body": received.text,
            "attachments": list(received.media),
            "metadata": {
                "correlation_id": event.correlationid,
                "segments": received.segments,
                **received.model_dump(mode="json", include=_MORE, exclude_defaults=True),
            },
            "stopped": consent[0] if consent else None,
            "word": consent[1] if consent else None,
        }
        return await self.database.run(_KEEP, json.dumps(unit)) is not None

    async def keep_recording(self, event: Event, audio: AudioReceived, *, function: str) -> bool:
        """Keep a recording whose sender is known, as a message without words; False when it was kept before."""
        unit = {
            **_inbound(event, audio, audio.recording_id),
            "function": function,
            "event_id": f"{event.id}.recording",  # its words may come as an event of the same id
            "body": "",
            "attachments": [audio.content_type],
            "metadata": {
                "correlation_id": event.correlationid,
                "audio": audio.model_dump(mode="json", exclude_defaults=True),
                "audio_event_id": event.id,
            },
        }
        return await self.database.run(_KEEP_RECORDING, json.dumps(unit)) is not None

    async def begin(
        self, event: Event, wanted: NotificationRequested, *, function: str, body: str, now: datetime, lease_until: datetime
    ) -> Begun:
        """Claim a send until then and write the message down as sending."""
        unit = {
            "function": function,
            "event_id": event.id,
            "at": now.isoformat(),
            "lease_until": lease_until.isoformat(),
            "conversation_id": str(conversation_id(wanted.sender, wanted.recipient, wanted.channel)),
            "theirs": wanted.recipient,
            "ours": wanted.sender,
            "channel_type": _channel(wanted.channel),
            "id": str(wanted.message_id),
            "provider": MAIL_SERVER if wanted.channel == "email" else PROVIDER,
            "message_type": wanted.channel,
            "body": body,
            "metadata": {
                **wanted.metadata,
                "kind": wanted.kind,
                "in_reply_to": wanted.in_reply_to,
                "correlation_id": event.correlationid,
                **({"party": event.partitionkey} if wanted.channel == "email" else {}),
            },
            "asked": wanted.asked_at.isoformat(),
            "party": event.partitionkey,
            "kind": wanted.kind,
            "in_reply_to": wanted.in_reply_to,
        }
        found = json.loads(await self.database.run(_BEGIN, json.dumps(unit)) or "{}")
        return Begun(
            mine=found["attempts"] is not None,
            finished=found["attempts"] is None and found["state"] in ("done", "dead"),
            attempts=found["attempts"] or 0,
            stopped=found["stopped"],
            provider_id=found["provider_id"],
            first_at=datetime.fromisoformat(found["first_at"]) if found["first_at"] else None,
            late=found["late"],
        )

    async def finish(
        self,
        event: Event,
        wanted: NotificationRequested,
        told: Event,
        *,
        function: str,
        now: datetime,
        status: str,
        provider_id: str | None = None,
        note: dict[str, Any] | None = None,
        opted_out: bool = False,
    ) -> list[Row]:
        """Commit what came of a send, with the event that tells of it."""
        unit = {
            "function": function,
            "event_id": event.id,
            "at": now.isoformat(),
            "id": str(wanted.message_id),
            "state": "done",
            "status": status,
            "provider_id": provider_id,
            "note": note or {},
            "opted_out": opted_out,
            "phone": wanted.recipient,
            "channel_type": _channel(wanted.channel),
            "outbox": [as_row(told)],
        }
        return numbered("messaging", [told], await self.database.run(_FINISH, json.dumps(unit)))

    async def release(self, event: Event, message_id: UUID, *, function: str, lease_until: datetime, unsure: bool) -> None:
        """Let go of the claim that was taken until then, so that a later try can take it.

        `unsure`: it may have been sent, and that try must first find out. It must also when an earlier try left that open.
        """
        unit = {
            "function": function,
            "event_id": event.id,
            "id": str(message_id),
            "lease_until": lease_until.isoformat(),
            "unsure": unsure,
        }
        await self.database.run(_RELEASE, json.dumps(unit))

    async def record_status(self, event: Event, status: MessageStatus, *, function: str, provider_at: datetime | None) -> bool:
        """Keep a status callback and move the message forward; False when this callback was seen before."""
        unit = {
            "function": function,
            "event_id": event.id,
            "at": event.time.isoformat(),
            "event_row": str(uuid5(NAMESPACE, f"callback/{event.id}")),
            "id": str(status.message_id) if status.message_id else None,
            "provider_id": status.provider_id,
            "status": status.status,
            "raw": status.raw,
            "provider_at": provider_at.isoformat() if provider_at else None,
            "party": event.partitionkey,
        }
        return await self.database.run(_STATUS, json.dumps(unit)) is not None

    async def provider_id_of(self, message_id: UUID) -> str | None:
        """The provider's id of an outgoing message, once a callback or an answer told it."""
        rows = await self.database.fetch(_PROVIDER_ID, message_id)
        return str(rows[0][0]) if rows and rows[0][0] else None

    async def owned(self, provider_ids: list[str], *, but: UUID) -> set[str]:
        """Which of these provider ids belong to a message other than `but`."""
        return {str(row[0]) for row in await self.database.fetch(_OWNED, provider_ids, but)}

    async def kept(self, *, after: datetime, until: datetime, limit: int) -> list[KeptMessage]:
        """Messages and recordings of people that were kept in this time, `after` itself left out, those kept first first."""
        rows: list[tuple[Any, ...]] = await self.database.fetch(_KEPT, after, until, limit)
        return [_kept(*row) for row in rows]

    async def known(self, provider_ids: list[str]) -> set[str]:
        """Which of these messages are kept, be it as the recordings they brought."""
        asked = [*provider_ids, *(f"{one}.audio{n}" for one in provider_ids for n in range(MAX_MEDIA))]
        return {str(row[0]).partition(".")[0] for row in await self.database.fetch(_KNOWN, asked)}

    async def expire_leases(self) -> None:
        """Every lease is over: for the single box at start, when no other worker can be alive."""
        await self.database.fetch(_EXPIRE)

    async def understood(self, provider_id: str) -> dict[str, Any] | None:
        """What was heard, understood and done for a message, by the reply's provider id or the inbound MessageSid."""
        rows = await self.database.fetch(_UNDERSTOOD, provider_id, provider_id)
        return dict(rows[0][0]) if rows else None  # type: ignore[call-overload]
