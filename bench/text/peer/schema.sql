-- The peer's tables: users, tasks with their events, the MessageSids handled, the replies sent.
create table if not exists users (
    id bigint generated always as identity primary key,
    phone text not null unique,
    next_number integer not null default 1
);
create table if not exists tasks (
    id bigint generated always as identity primary key,
    user_id bigint not null references users,
    number integer not null,
    title text not null,
    due date,
    status text not null default 'open',
    unique (user_id, number)
);
create table if not exists inbound (
    message_sid text primary key,
    received_at timestamptz not null default now()
);
create table if not exists task_events (
    id bigint generated always as identity primary key,
    task_id bigint not null references tasks,
    user_id bigint not null references users,
    message_sid text not null,
    type text not null,
    before jsonb not null,
    undone boolean not null default false,
    at timestamptz not null default now()
);
create index if not exists task_events_by_user on task_events (user_id, id desc) where not undone;
create table if not exists replies (
    message_sid text primary key,
    phone text not null,
    body text not null,
    provider_sid text not null,
    sent_at timestamptz not null default now()
);
