-- depends: 0004.relay
-- Schema voice: calls, recordings and what was heard in them. The audio itself is in the audio store (shared/media/store.py).
CREATE SCHEMA voice;

-- Who calls whom: a call's recording comes later and names only the call.
CREATE TABLE voice.calls (
    id         text PRIMARY KEY,          -- CallSid
    sender     text NOT NULL,             -- E.164
    recipient  text NOT NULL,             -- our number
    created_at timestamptz NOT NULL
);
CREATE INDEX calls_age ON voice.calls (created_at);

CREATE TABLE voice.recordings (
    id             text PRIMARY KEY,      -- RecordingSid, or MessageSid.audioN; the message its words become has this id too
    party          text NOT NULL,         -- HMAC of the number: the partition key of every event about this person
    sender         text NOT NULL,         -- E.164
    recipient      text NOT NULL,         -- our number
    channel        text NOT NULL CHECK (channel IN ('sms', 'mms', 'whatsapp')),
    message_id     text NOT NULL,         -- of the message it came with, or empty
    call_id        text NOT NULL,         -- of the call it came by, or empty
    correlation_id text NOT NULL,
    said_at        timestamptz NOT NULL,  -- "now" in it is this
    audio          text,                  -- where it is in the audio store; NULL: nowhere, or no longer
    content_type   text NOT NULL,
    codec          text NOT NULL,
    bytes          bigint NOT NULL,
    sha256         text NOT NULL,
    seconds        double precision NOT NULL,
    created_at     timestamptz NOT NULL
);
CREATE INDEX recordings_of_person ON voice.recordings (party, said_at);
CREATE INDEX recordings_kept ON voice.recordings (said_at) WHERE audio IS NOT NULL;

-- Each time a recording is heard is a version: begun with its pieces, finished with its text.
CREATE TABLE voice.transcripts (
    recording_id text NOT NULL REFERENCES voice.recordings ON DELETE CASCADE,
    version      integer NOT NULL CHECK (version > 0),
    request      jsonb,                   -- who asked to hear it again, and how they are answered; NULL: the first time
    wanted_model text NOT NULL,           -- empty: the usual one
    begun_at     timestamptz NOT NULL,
    finished_at  timestamptz,             -- NULL: pieces are missing yet
    text         text,
    heard        jsonb,                   -- stretches of the text and how surely they were heard
    language     text,
    model        text,
    took_seconds double precision,        -- of the transcription itself
    PRIMARY KEY (recording_id, version)
);

-- Pieces of at most two minutes, cut where it is quiet. `segments` is what was heard: texts and words with times and probabilities.
CREATE TABLE voice.pieces (
    recording_id  text NOT NULL,
    version       integer NOT NULL,
    piece         integer NOT NULL,
    start_seconds double precision NOT NULL,
    end_seconds   double precision NOT NULL,
    segments      jsonb,                  -- NULL: not heard yet
    language      text,
    model         text,
    took_seconds  double precision,
    PRIMARY KEY (recording_id, version, piece),
    FOREIGN KEY (recording_id, version) REFERENCES voice.transcripts ON DELETE CASCADE
);

-- How long the recordings of a person are kept, where they have said so.
CREATE TABLE voice.retention (
    party text PRIMARY KEY,
    days  integer NOT NULL CHECK (days >= 0)
);

-- Which event each function has worked off, is working on, or has given up (kept 30 days).
CREATE TABLE voice.claims (
    function    text NOT NULL,
    event_id    text NOT NULL,
    state       text NOT NULL CHECK (state IN ('working', 'done', 'dead')),
    lease_until timestamptz,
    attempts    integer NOT NULL DEFAULT 1,
    claimed_at  timestamptz NOT NULL,
    PRIMARY KEY (function, event_id)
);
CREATE INDEX claims_age ON voice.claims USING brin (claimed_at);  -- rows come in time order: a few bytes a page

-- Events that were committed and not yet consumed. A row addressed to one function is a retry of it.
CREATE TABLE voice.outbox (
    seq           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id      text NOT NULL,
    type          text NOT NULL,
    partition_key text NOT NULL,
    event         text NOT NULL,          -- CloudEvents JSON, as it will be sent
    for_function  text NOT NULL DEFAULT '',
    attempt       integer NOT NULL DEFAULT 0,
    not_before    timestamptz,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at        timestamptz NOT NULL DEFAULT clock_timestamp() + interval '60 seconds',  -- the relay's, as in 0004
    tries         integer NOT NULL DEFAULT 0,
    UNIQUE (event_id, type, for_function, attempt)
);
CREATE INDEX outbox_due ON voice.outbox (due_at);

-- In the single box transcribe is a process of its own: what it commits wakes the broker.
CREATE FUNCTION voice.wake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_notify('jotline_outbox', ''); RETURN NULL; END $$;
CREATE TRIGGER wake AFTER INSERT ON voice.outbox FOR EACH STATEMENT EXECUTE FUNCTION voice.wake();
