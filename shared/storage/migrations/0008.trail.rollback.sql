ALTER TABLE audit.dead_letters DROP COLUMN discarded_at, DROP COLUMN reason;
DROP TABLE audit.departed;
DROP TABLE audit.trail;
DROP FUNCTION audit.refuse();
-- The role stays: other databases of this server may have a trail, too.
REVOKE ALL ON SCHEMA audit FROM jotline_retention;
