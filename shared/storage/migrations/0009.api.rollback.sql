DROP TABLE todo.answers;
DROP INDEX todo.reminders_coming;
DROP INDEX todo.tasks_tagged;
DROP FUNCTION todo.tagged(uuid, jsonb);
ALTER TABLE todo.tasks DROP COLUMN search, DROP COLUMN urgency, DROP COLUMN due_on;
