DELETE FROM messaging.conversations WHERE channel_type = 'email';
ALTER TABLE messaging.conversations DROP CONSTRAINT conversations_channel_type_check,
    ADD CONSTRAINT conversations_channel_type_check CHECK (channel_type IN ('sms', 'whatsapp'));
ALTER TABLE todo.tasks DROP COLUMN parent_id;
ALTER TABLE todo.users DROP COLUMN digest_at, DROP COLUMN channel, DROP COLUMN ours;
DROP TABLE todo.reminders;
