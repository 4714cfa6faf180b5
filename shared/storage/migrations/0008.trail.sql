-- depends: 0007.retention
-- The trail: every event there was, as a row that nobody changes. And why a dead letter was discarded.

-- Who may prune and pseudonymise the trail, and nobody else: nobody logs in as it, cleanup takes it on for one transaction. Roles belong
-- to the server, not to the database: another database's migration may have made it, or be making it now.
DO $$
BEGIN
    IF to_regrole('jotline_retention') IS NULL THEN
        CREATE ROLE jotline_retention NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('%I may not create the role jotline_retention, which alone may prune the audit trail', current_user),
            HINT = format('Let an administrator run: CREATE ROLE jotline_retention NOLOGIN; GRANT jotline_retention TO %I;', current_user);
END $$;

DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        BEGIN
            EXECUTE format('GRANT jotline_retention TO %I', current_user);
        EXCEPTION WHEN insufficient_privilege THEN NULL;  -- an administrator has granted it already, or the next lines say so
        END;
        SET LOCAL ROLE jotline_retention;
        RESET ROLE;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE insufficient_privilege USING
        MESSAGE = format('%I may not take on the role jotline_retention, which alone may prune the audit trail', current_user),
        HINT = format('Let an administrator run: GRANT jotline_retention TO %I;', current_user);
END $$;

CREATE TABLE audit.trail (
    event_id       text NOT NULL,
    type           text NOT NULL,
    topic          text NOT NULL,
    source         text NOT NULL,
    subject        text NOT NULL,
    party          text NOT NULL,         -- HMAC of the number; an alias once they have left
    user_id        uuid,                  -- made of the party; NULL: nobody's
    task_id        text,
    actor          text NOT NULL,         -- person, admin, provider, clock or jotline
    correlation_id text NOT NULL,         -- the event that all of this began with: the cause
    traceparent    text NOT NULL,
    at             timestamptz NOT NULL,  -- when it happened
    recorded_at    timestamptz NOT NULL,
    data           jsonb NOT NULL,
    words          tsvector,              -- of people's and of our words, as they stood; NULL: there are none
    PRIMARY KEY (event_id, type)
);
-- None by time alone: the planner would read all of it for the newest rows of a rare type. The newest of each type are the newest of all.
CREATE INDEX trail_of_user ON audit.trail (user_id, at);
CREATE INDEX trail_of_task ON audit.trail (task_id, at) WHERE task_id IS NOT NULL;
CREATE INDEX trail_of_type ON audit.trail (type, at);
CREATE INDEX trail_of_cause ON audit.trail (correlation_id);
CREATE INDEX trail_words ON audit.trail USING gin (words) WHERE words IS NOT NULL;

-- Whatever a role was granted, superuser and owner included, and also while triggers are off for replicas (ENABLE ALWAYS).
CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'jotline_retention' THEN
        RAISE insufficient_privilege USING MESSAGE = format('the audit trail is append-only: %s is refused to %I', TG_OP, current_user);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.trail FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
ALTER TABLE audit.trail ENABLE ALWAYS TRIGGER append_only;
REVOKE ALL ON audit.trail FROM PUBLIC;
REVOKE UPDATE, DELETE, TRUNCATE ON audit.trail FROM CURRENT_USER;
GRANT USAGE ON SCHEMA audit TO jotline_retention;
GRANT SELECT, UPDATE, DELETE ON audit.trail TO jotline_retention;

-- Who left, and what they are called since: for rows that come late. Forgotten when none can come any more.
CREATE TABLE audit.departed (
    party text NOT NULL,
    until timestamptz NOT NULL,
    alias text NOT NULL,
    PRIMARY KEY (party, until)
);

-- discarded_at: since when a letter is nobody's any more, by a person's word, and why. NULL: it is not.
ALTER TABLE audit.dead_letters
    ADD COLUMN discarded_at timestamptz,
    ADD COLUMN reason       text NOT NULL DEFAULT '';
