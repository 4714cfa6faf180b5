-- depends: 0001.todo
-- Schema messaging: conversations, every message both ways, what the provider said of them, and consent.
CREATE SCHEMA messaging;

CREATE TABLE messaging.conversations (
    id               uuid PRIMARY KEY,
    participant_from text NOT NULL,       -- the person, E.164
    participant_to   text NOT NULL,       -- our number
    channel_type     text NOT NULL CHECK (channel_type IN ('sms', 'whatsapp')),
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    metadata         jsonb NOT NULL DEFAULT '{}'
) WITH (fillfactor = 70);
CREATE INDEX conversations_of_person ON messaging.conversations (participant_from);

CREATE TABLE messaging.messages (
    id                  uuid PRIMARY KEY,
    conversation_id     uuid NOT NULL REFERENCES messaging.conversations ON DELETE CASCADE,
    provider_message_id text,             -- Twilio's SID
    direction           text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    status              text NOT NULL,
    provider            text NOT NULL,
    message_type        text NOT NULL,    -- sms, mms, whatsapp
    body                text NOT NULL,
    attachments         jsonb NOT NULL DEFAULT '[]',
    created_at          timestamptz NOT NULL,
    sent_at             timestamptz,
    delivered_at        timestamptz,
    metadata            jsonb NOT NULL DEFAULT '{}'
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX messages_provider_id ON messaging.messages (provider_message_id) WHERE provider_message_id IS NOT NULL;
CREATE INDEX messages_of_conversation ON messaging.messages (conversation_id, created_at);

-- What the provider reported of a message, raw and in full, as often as it said it.
CREATE TABLE messaging.message_events (
    id                 uuid PRIMARY KEY,
    message_id         uuid,              -- no foreign key: a callback may come before its message is known
    event_type         text NOT NULL,
    event_data         jsonb NOT NULL,
    created_at         timestamptz NOT NULL,
    provider_timestamp timestamptz
);
CREATE INDEX message_events_of_message ON messaging.message_events (message_id, created_at);

-- Whether a person wants our texts, per number and channel. No row: they never said.
CREATE TABLE messaging.consents (
    phone        text NOT NULL,
    channel_type text NOT NULL CHECK (channel_type IN ('sms', 'whatsapp')),
    stopped      boolean NOT NULL,
    word         text NOT NULL,           -- the word they sent, or 'provider' for error 21610
    at           timestamptz NOT NULL,
    PRIMARY KEY (phone, channel_type)
);

-- Which event each function has worked off, is working on, or has given up (kept 30 days).
CREATE TABLE messaging.claims (
    function    text NOT NULL,
    event_id    text NOT NULL,
    state       text NOT NULL CHECK (state IN ('working', 'done', 'dead')),
    lease_until timestamptz,
    attempts    integer NOT NULL DEFAULT 1,
    claimed_at  timestamptz NOT NULL,
    PRIMARY KEY (function, event_id)
);
CREATE INDEX claims_age ON messaging.claims USING brin (claimed_at);  -- rows come in time order: a few bytes a page

-- Events that were committed and not yet consumed. A row addressed to one function is a retry of it.
CREATE TABLE messaging.outbox (
    seq           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id      text NOT NULL,
    type          text NOT NULL,
    partition_key text NOT NULL,
    event         text NOT NULL,          -- CloudEvents JSON, as it will be sent
    for_function  text NOT NULL DEFAULT '',
    attempt       integer NOT NULL DEFAULT 0,
    not_before    timestamptz,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (event_id, type, for_function, attempt)
);

-- How far a message has come; a callback that arrives late never takes it back (Twilio does not order them).
CREATE FUNCTION messaging.progress(status text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE status
        WHEN 'pending' THEN 0 WHEN 'sending' THEN 1
        WHEN 'accepted' THEN 2 WHEN 'scheduled' THEN 2 WHEN 'queued' THEN 2
        WHEN 'sent' THEN 3
        WHEN 'delivered' THEN 4 WHEN 'partially_delivered' THEN 4
        WHEN 'undelivered' THEN 4 WHEN 'failed' THEN 4 WHEN 'canceled' THEN 4
        WHEN 'read' THEN 5
        ELSE 2 END
$$;
