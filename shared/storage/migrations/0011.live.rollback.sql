DROP TRIGGER live_settings ON todo.users;
DROP TRIGGER live_sign_outs ON todo.users;
DROP TRIGGER live_leaving ON todo.users;
DROP TRIGGER live_access_tokens ON todo.access_tokens;
DROP TRIGGER live_sessions ON todo.sessions;
DROP TRIGGER live_changes ON todo.task_events;
DROP FUNCTION todo.tell_live_of_user();
DROP FUNCTION todo.tell_live();
