-- depends: 0007.retention
-- The HTTP API: lists and search of one person's todos, and answers that are given again.

-- due_on: when a todo is due, on the wall clock of its zone, so that days and times sort as people read them; never: at the end.
-- search: its words. Without an index: one person's todos are found by whose they are, and an index over everybody's words is
-- slower than looking at those few (docs/decisions/0010-api.md).
ALTER TABLE todo.tasks
    ADD COLUMN due_on timestamp GENERATED ALWAYS AS (coalesce(due_at AT TIME ZONE zone, due_day::timestamp, 'infinity')) STORED,
    ADD COLUMN urgency smallint GENERATED ALWAYS AS (
        CASE priority WHEN 'urgent' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END) STORED,
    ADD COLUMN search tsvector GENERATED ALWAYS AS (
        to_tsvector('english', title || ' ' || note || ' ' || translate(tags::text, '"[],/-', '      '))) STORED;
CREATE INDEX tasks_by_due ON todo.tasks (user_id, due_on, id) WHERE status = 'open';
CREATE INDEX tasks_by_priority ON todo.tasks (user_id, urgency, id) WHERE status = 'open';
CREATE INDEX reminders_coming ON todo.reminders (user_id, at) WHERE state = 'scheduled';

-- Whose tags a todo has, each as one word: a tag of one person is found without anybody else's.
CREATE FUNCTION todo.tagged(user_id uuid, tags jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(user_id || ' ' || lower(tag)), '{}') FROM jsonb_array_elements_text(tags) AS tag
$$;
CREATE INDEX tasks_tagged ON todo.tasks USING gin (todo.tagged(user_id, tags)) WHERE tags <> '[]';

-- What was answered to requests that carry an Idempotency-Key, for 24 hours.
CREATE TABLE todo.answers (
    user_id uuid NOT NULL REFERENCES todo.users ON DELETE CASCADE,
    key     text NOT NULL,
    request text NOT NULL,                -- hash of what was asked
    status  integer NOT NULL,
    headers jsonb NOT NULL,
    body    text NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX answers_age ON todo.answers USING brin (at);
