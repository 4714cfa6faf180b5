-- depends: 0013.leaving
-- A number is one open todo's, once a statement is over: within one, a todo may take the number that another one gives up there
-- ("undo twice" opens what was done and takes back what followed it), in whatever order the rows are written.
DROP INDEX todo.tasks_open_number;
ALTER TABLE todo.tasks ADD CONSTRAINT tasks_open_number
    EXCLUDE USING btree (user_id WITH =, number WITH =) WHERE (status = 'open') DEFERRABLE INITIALLY IMMEDIATE;
