-- depends: 0014.numbers
-- Who looks at their list is told by NOTIFY how far a call or a recording of theirs is, too, and reads it from the trail
-- (docs/decisions/0012-live.md). Most rows are none of these: for them the trigger is one look at their types.
CREATE FUNCTION audit.tell_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('jotline_live', 'spoken ' || string_agg(user_id::text, ' '))
    FROM (
        SELECT user_id, (row_number() OVER () - 1) / 100 AS part FROM (
            SELECT DISTINCT user_id FROM touched WHERE user_id IS NOT NULL AND (
                type LIKE 'jotline.call.%' OR type LIKE 'jotline.audio.%' OR type = 'jotline.transcript.created')
        ) AS people
    ) AS parts GROUP BY part;
    RETURN NULL;
END
$$;
CREATE TRIGGER live_spoken AFTER INSERT ON audit.trail REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION audit.tell_live();
