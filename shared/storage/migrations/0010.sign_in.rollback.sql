DROP TABLE todo.rate_limits;
ALTER TABLE todo.users DROP COLUMN tokens_from;
DROP TABLE todo.access_tokens;
DROP TABLE todo.sessions;
DROP TABLE todo.sign_ins;
