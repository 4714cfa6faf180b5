DROP INDEX todo.reminders_ended;
