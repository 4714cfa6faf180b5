-- depends: 0002.messaging
-- Schema audit: for now the dead letters; the trail itself comes with the audit function.
CREATE SCHEMA audit;

CREATE TABLE audit.dead_letters (
    event_id  text NOT NULL,
    function  text NOT NULL,
    type      text NOT NULL,
    topic     text NOT NULL,
    event     text NOT NULL,              -- CloudEvents JSON, or the bytes as text when they were no event
    cause     text NOT NULL,
    attempts  integer NOT NULL,
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    PRIMARY KEY (function, event_id, type)
);
CREATE INDEX dead_letters_age ON audit.dead_letters (topic, last_at);

-- Which event each function has worked off, is working on, or has given up (kept 30 days).
CREATE TABLE audit.claims (
    function    text NOT NULL,
    event_id    text NOT NULL,
    state       text NOT NULL CHECK (state IN ('working', 'done', 'dead')),
    lease_until timestamptz,
    attempts    integer NOT NULL DEFAULT 1,
    claimed_at  timestamptz NOT NULL,
    PRIMARY KEY (function, event_id)
);
CREATE INDEX claims_age ON audit.claims USING brin (claimed_at);  -- rows come in time order: a few bytes a page

-- Events that were committed and not yet consumed. A row addressed to one function is a retry of it.
CREATE TABLE audit.outbox (
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
