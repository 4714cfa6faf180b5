-- Schema todo: people, their todos, and every change of a todo as a row.
CREATE SCHEMA todo;

CREATE TABLE todo.users (
    id         uuid PRIMARY KEY,
    party      text NOT NULL UNIQUE,      -- HMAC of the number: the partition key of every event about this person
    phone      text NOT NULL,             -- E.164
    version    bigint NOT NULL,           -- counts changes; a writer names the version it read (compare and set)
    settings   jsonb NOT NULL,
    dialogue   jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
) WITH (fillfactor = 70);

-- The todos as they are now. todo.task_events alone would do: `rebuild` makes this table from it.
CREATE TABLE todo.tasks (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES todo.users ON DELETE CASCADE,
    number       integer NOT NULL CHECK (number > 0),
    title        text NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
    status       text NOT NULL CHECK (status IN ('open', 'done', 'deleted')),
    due_day      date,
    due_at       timestamptz,
    end_day      date,
    end_at       timestamptz,
    zone         text NOT NULL,
    repeat       jsonb,
    series_id    uuid,
    remind       jsonb NOT NULL DEFAULT '[]',
    priority     text NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
    tags         jsonb NOT NULL DEFAULT '[]',
    note         text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    completed_at timestamptz,
    version      integer NOT NULL,
    CHECK (due_at IS NULL OR due_day IS NOT NULL)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX tasks_open_number ON todo.tasks (user_id, number) WHERE status = 'open';
CREATE INDEX tasks_of_user ON todo.tasks (user_id, status);
CREATE INDEX tasks_series ON todo.tasks (series_id) WHERE series_id IS NOT NULL;

-- Every change of every todo, append-only: what changed, and what it was before.
CREATE TABLE todo.task_events (
    id         text NOT NULL,             -- task.<type>-<task>-<version>
    user_id    uuid NOT NULL REFERENCES todo.users ON DELETE CASCADE,
    task_id    uuid NOT NULL,
    version    integer NOT NULL,
    type       text NOT NULL CHECK (type IN ('created', 'completed', 'reopened', 'updated', 'deleted', 'restored')),
    message_id text NOT NULL,
    index      integer NOT NULL,
    at         timestamptz NOT NULL,
    undoes     text,
    changed    jsonb NOT NULL,
    before     jsonb NOT NULL,
    sequence   bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (task_id, version)
);
CREATE INDEX task_events_of_user ON todo.task_events (user_id, sequence);

-- Which event each function has worked off, is working on, or has given up (kept 30 days).
CREATE TABLE todo.claims (
    function    text NOT NULL,
    event_id    text NOT NULL,
    state       text NOT NULL CHECK (state IN ('working', 'done', 'dead')),
    lease_until timestamptz,
    attempts    integer NOT NULL DEFAULT 1,
    claimed_at  timestamptz NOT NULL,
    PRIMARY KEY (function, event_id)
);
CREATE INDEX claims_age ON todo.claims USING brin (claimed_at);  -- rows come in time order: a few bytes a page

-- Events that were committed and not yet consumed. A row addressed to one function is a retry of it.
CREATE TABLE todo.outbox (
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
