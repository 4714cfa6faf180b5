-- depends: 0006.time
-- Reminders that ended are deleted after a while (shared/policy/retention.py): found without a look at those to come.
CREATE INDEX reminders_ended ON todo.reminders (coalesce(ended_at, triggered_at)) WHERE state <> 'scheduled';
