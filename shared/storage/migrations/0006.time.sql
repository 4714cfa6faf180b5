-- depends: 0005.voice
-- Reminders and digests: what comes by itself, at its time.

-- Worked out from the todos whenever one of them changes (shared/todos/reminding.py): rows that could be made again.
-- Ids are made of the todo and the moment, so that what was sent is not planned a second time.
CREATE TABLE todo.reminders (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES todo.users ON DELETE CASCADE,
    task_id      uuid NOT NULL REFERENCES todo.tasks ON DELETE CASCADE,
    at           timestamptz NOT NULL,    -- when it is sent
    meant_for    timestamptz NOT NULL,    -- when it would have been but for quiet hours
    state        text NOT NULL DEFAULT 'scheduled' CHECK (state IN ('scheduled', 'triggered', 'sent', 'failed')),
    message_id   uuid,                    -- of the text it went out with
    provider_id  text,                    -- the provider's id of that text: an answer on WhatsApp names it
    triggered_at timestamptz,
    ended_at     timestamptz              -- when the provider took it, or refused it for good
) WITH (fillfactor = 80);
CREATE INDEX reminders_due ON todo.reminders (at) WHERE state = 'scheduled';
CREATE INDEX reminders_of_task ON todo.reminders (task_id);
CREATE INDEX reminders_of_user ON todo.reminders (user_id);
CREATE INDEX reminders_of_message ON todo.reminders (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX reminders_of_provider ON todo.reminders (provider_id) WHERE provider_id IS NOT NULL;

-- digest_at: the next digest; NULL when none is wanted. channel and ours: where the person wrote last, and to which number of ours.
ALTER TABLE todo.users
    ADD COLUMN digest_at timestamptz,
    ADD COLUMN channel   text NOT NULL DEFAULT 'sms' CHECK (channel IN ('sms', 'whatsapp')),
    ADD COLUMN ours      text NOT NULL DEFAULT '';
CREATE INDEX users_digest ON todo.users (digest_at) WHERE digest_at IS NOT NULL;

-- The time before it, of a repeating todo.
ALTER TABLE todo.tasks ADD COLUMN parent_id uuid;

-- Mail beside texts: a conversation with an address.
ALTER TABLE messaging.conversations DROP CONSTRAINT conversations_channel_type_check,
    ADD CONSTRAINT conversations_channel_type_check CHECK (channel_type IN ('sms', 'whatsapp', 'email'));
