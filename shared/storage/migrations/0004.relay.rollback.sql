DROP TABLE audit.marks;
ALTER TABLE audit.dead_letters DROP COLUMN replayed_at;
ALTER TABLE messaging.messages DROP COLUMN kept_at;
ALTER TABLE audit.outbox DROP COLUMN due_at, DROP COLUMN tries;
ALTER TABLE messaging.outbox DROP COLUMN due_at, DROP COLUMN tries;
ALTER TABLE todo.outbox DROP COLUMN due_at, DROP COLUMN tries;
