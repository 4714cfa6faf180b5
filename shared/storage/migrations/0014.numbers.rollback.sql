ALTER TABLE todo.tasks DROP CONSTRAINT tasks_open_number;
CREATE UNIQUE INDEX tasks_open_number ON todo.tasks (user_id, number) WHERE status = 'open';
