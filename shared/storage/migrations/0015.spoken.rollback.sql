DROP TRIGGER live_spoken ON audit.trail;
DROP FUNCTION audit.tell_live();
