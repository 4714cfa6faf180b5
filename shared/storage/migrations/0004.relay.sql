-- depends: 0003.audit
-- What the relay needs to look after the outboxes on a cluster (docs/decisions/0006-relay.md).
-- due_at: when it looks at a row next; taking a row pushes this ahead, so two relays never hold one row. tries: how often it failed.
ALTER TABLE todo.outbox
    ADD COLUMN due_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '60 seconds',
    ADD COLUMN tries  integer NOT NULL DEFAULT 0;
ALTER TABLE messaging.outbox
    ADD COLUMN due_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '60 seconds',
    ADD COLUMN tries  integer NOT NULL DEFAULT 0;
ALTER TABLE audit.outbox
    ADD COLUMN due_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '60 seconds',
    ADD COLUMN tries  integer NOT NULL DEFAULT 0;
UPDATE todo.outbox SET due_at = not_before WHERE not_before IS NOT NULL;
UPDATE messaging.outbox SET due_at = not_before WHERE not_before IS NOT NULL;
UPDATE audit.outbox SET due_at = not_before WHERE not_before IS NOT NULL;
CREATE INDEX outbox_due ON todo.outbox (due_at);
CREATE INDEX outbox_due ON messaging.outbox (due_at);
CREATE INDEX outbox_due ON audit.outbox (due_at);

-- When a message was written down here (created_at is when it was sent): the sweep goes forward by this. Old ones are left in peace.
ALTER TABLE messaging.messages ADD COLUMN kept_at timestamptz;
UPDATE messaging.messages SET kept_at = created_at;
ALTER TABLE messaging.messages ALTER COLUMN kept_at SET DEFAULT clock_timestamp(), ALTER COLUMN kept_at SET NOT NULL;
CREATE INDEX messages_kept ON messaging.messages (kept_at) WHERE direction = 'inbound';

-- NULL: the letter waits for a person. Else when its event was given to the function again, by a person or by the relay.
ALTER TABLE audit.dead_letters ADD COLUMN replayed_at timestamptz;

-- How far a sweep has come: everything before is settled.
CREATE TABLE audit.marks (
    name text PRIMARY KEY,
    at   timestamptz NOT NULL
);
