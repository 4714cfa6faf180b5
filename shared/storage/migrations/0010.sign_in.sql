-- depends: 0007.retention
-- Who is signed in, and how often somebody may ask. No code and no token is here, only what they are recognised by.

-- The code that was texted last to a number, known to us or not: whoever asks cannot tell which.
CREATE TABLE todo.sign_ins (
    party      text PRIMARY KEY,          -- HMAC of the number
    digest     text NOT NULL,             -- HMAC of the code; empty when it is of no use any more
    tries      integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    asked      timestamptz[] NOT NULL     -- when codes were asked for, of the last day
);
CREATE INDEX sign_ins_age ON todo.sign_ins (expires_at);

-- A sign-in and all that follows from it. A refresh token names its session and is good once: the digest is that of the next one.
CREATE TABLE todo.sessions (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES todo.users ON DELETE CASCADE,
    digest     text NOT NULL,             -- SHA-256 of the refresh token
    created_at timestamptz NOT NULL,
    used_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX sessions_of_user ON todo.sessions (user_id);
CREATE INDEX sessions_age ON todo.sessions (expires_at);

-- Personal access tokens, for scripts.
CREATE TABLE todo.access_tokens (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES todo.users ON DELETE CASCADE,
    name       text NOT NULL,
    digest     text NOT NULL UNIQUE,      -- SHA-256 of the token
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    used_at    timestamptz                -- to the minute
) WITH (fillfactor = 80);
CREATE INDEX access_tokens_of_user ON todo.access_tokens (user_id);

-- Whatever was given out before then is of no use any more: tokens of every kind.
ALTER TABLE todo.users ADD COLUMN tokens_from timestamptz;

-- A sliding window for each client and endpoint: when it asked. Rows are worth a minute: a crash may take them.
CREATE UNLOGGED TABLE todo.rate_limits (
    key        text PRIMARY KEY,          -- rate_limit:{client}:{endpoint}
    hits       timestamptz[] NOT NULL,    -- oldest first
    allowed    boolean NOT NULL,          -- whether the last one was
    expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX rate_limits_age ON todo.rate_limits (expires_at);
