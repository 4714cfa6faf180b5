-- depends: 0007.retention
-- Who left, for what comes late: an event about them that was still under way must not bring their rows back (docs/privacy.md).
-- A row names nobody: the party is an HMAC of the number. It is forgotten when nothing can come late any more (shared/policy/retention.py).
-- asked_at: when they said so; what they say later begins anew. left_at: when it was done here.
CREATE TABLE todo.departures (
    party    text PRIMARY KEY,
    asked_at timestamptz NOT NULL,
    left_at  timestamptz NOT NULL
);
CREATE TABLE voice.departures (
    party    text PRIMARY KEY,
    asked_at timestamptz NOT NULL,
    left_at  timestamptz NOT NULL
);
-- receipt and messages: what the last text says, so that it says the same on every try. farewell: its row in messaging.messages.
CREATE TABLE messaging.departures (
    party    text PRIMARY KEY,
    asked_at timestamptz NOT NULL,
    left_at  timestamptz NOT NULL,
    receipt  text NOT NULL,
    messages integer NOT NULL,
    farewell uuid NOT NULL
);
-- Whose a mail is: of a text its number tells.
CREATE INDEX messages_of_mail ON messaging.messages ((metadata ->> 'party')) WHERE message_type = 'email';

-- The secret address of a person's calendar, for programs that can send no token: only what it is recognised by.
CREATE TABLE todo.feeds (
    user_id    uuid PRIMARY KEY REFERENCES todo.users ON DELETE CASCADE,
    digest     text NOT NULL UNIQUE,      -- SHA-256 of the key in the address
    created_at timestamptz NOT NULL
);
