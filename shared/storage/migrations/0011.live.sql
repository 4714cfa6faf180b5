-- depends: 0010.sign_in
-- Who looks at their list is told by NOTIFY that it changed, and reads what from todo.task_events (docs/decisions/0012-live.md).
-- A payload is a word and the ids of people: at most a hundred, half of what PostgreSQL takes (8,000 bytes).

-- For statements: the word is the trigger's argument, whom it is about the distinct user_id of its rows, which are called `touched`.
CREATE FUNCTION todo.tell_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('jotline_live', TG_ARGV[0] || ' ' || string_agg(user_id::text, ' '))
    FROM (
        SELECT user_id, (row_number() OVER () - 1) / 100 AS part FROM (SELECT DISTINCT user_id FROM touched) AS people
    ) AS parts GROUP BY part;
    RETURN NULL;
END
$$;
CREATE TRIGGER live_changes AFTER INSERT ON todo.task_events REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION todo.tell_live('changed');
-- Whoever signs out, or takes a token back, is shown nothing any more by that token.
CREATE TRIGGER live_sessions AFTER DELETE ON todo.sessions REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION todo.tell_live('tokens');
CREATE TRIGGER live_access_tokens AFTER DELETE ON todo.access_tokens REFERENCING OLD TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION todo.tell_live('tokens');

-- For rows of people: the same about one of them.
CREATE FUNCTION todo.tell_live_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('jotline_live', TG_ARGV[0] || ' ' || OLD.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER live_leaving AFTER DELETE ON todo.users FOR EACH ROW EXECUTE FUNCTION todo.tell_live_of_user('left');
CREATE TRIGGER live_sign_outs AFTER UPDATE ON todo.users FOR EACH ROW
    WHEN (OLD.tokens_from IS DISTINCT FROM NEW.tokens_from) EXECUTE FUNCTION todo.tell_live_of_user('tokens');
-- A zone, or a clock of 24 hours, changes how every date is shown.
CREATE TRIGGER live_settings AFTER UPDATE ON todo.users FOR EACH ROW
    WHEN (OLD.settings IS DISTINCT FROM NEW.settings) EXECUTE FUNCTION todo.tell_live_of_user('settings');
