"""The peer's todo list: each command is a few statements on one connection, inside the caller's transaction."""

import json
from datetime import date

from asyncpg import Connection, Record

from bench.text.peer.parse import Command

# The lock on the user's row keeps two texts of one person from taking the same number.
USER = """
insert into users (phone) values ($1)
on conflict (phone) do update set phone = excluded.phone returning id"""
ADD = """
with number as (update users set next_number = next_number + 1 where id = $1 returning next_number - 1 as number),
task as (insert into tasks (user_id, number, title, due) select $1, number, $2, $3 from number returning id, number)
insert into task_events (task_id, user_id, message_sid, type, before)
select id, $1, $4, 'created', '{}' from task returning (select number from task)"""
CHANGE = """
with old as (
    select id, title, status, due from tasks where user_id = $1 and number = $2 and status = 'open' for update),
new as (
    update tasks set status = $3, due = coalesce($4, tasks.due) from old where tasks.id = old.id returning old.title)
insert into task_events (task_id, user_id, message_sid, type, before)
select id, $1, $5, $6, jsonb_build_object('status', status, 'due', due) from old returning (select title from new)"""
LIST = """
select number, title, due from tasks where user_id = $1 and status = 'open' and ($2::date is null or due = $2)
order by due nulls last, number limit 12"""
LAST = """
update task_events set undone = true where message_sid = (
    select message_sid from task_events where user_id = $1 and not undone order by id desc limit 1)
returning task_id, before"""
RESTORE = "update tasks set status = $2, due = coalesce($3, due) where id = $1 returning number, title"

CHANGED_TO = {"done": ("done", "completed"), "delete": ("deleted", "deleted"), "move": ("open", "moved")}
SAID = {"done": "Done", "delete": "Deleted", "move": "Moved"}


async def carry_out(db: Connection, phone: str, message_sid: str, command: Command) -> str:
    """Do what was asked and return the reply."""
    user = await db.fetchval(USER, phone)
    if command.verb == "add":
        return await add(db, user, message_sid, command)
    if command.verb == "list":
        return await show(db, user, command.due)
    if command.verb == "undo":
        return await undo(db, user)
    return await change(db, user, message_sid, command)


async def add(db: Connection, user: int, message_sid: str, command: Command) -> str:
    """New tasks, a number for each."""
    numbers = [await db.fetchval(ADD, user, title, command.due, message_sid) for title in command.titles]
    lines = [f"#{number} {title}{when(command.due)}" for number, title in zip(numbers, command.titles, strict=True)]
    return f"Added {lines[0]}" if len(lines) == 1 else "\n".join([f"Added {len(lines)}:", *lines])


async def change(db: Connection, user: int, message_sid: str, command: Command) -> str:
    """Done, deleted or moved, with the event that undo needs."""
    status, event = CHANGED_TO[command.verb]
    title = await db.fetchval(CHANGE, user, command.number, status, command.due, message_sid, event)
    if title is None:
        return f"There is no #{command.number}. Nothing changed. Text LIST to see yours."
    return f"{SAID[command.verb]} #{command.number} {title}{when(command.due)}"


async def show(db: Connection, user: int, due: date | None) -> str:
    """The open tasks, or those of one day."""
    tasks = await db.fetch(LIST, user, due)
    lines = [f"#{task['number']} {task['title']}{when(task['due'])}" for task in tasks]
    return "\n".join([f"{len(lines)} open:", *lines]) if lines else "Nothing open."


async def undo(db: Connection, user: int) -> str:
    """Take back the last text that changed something."""
    events = await db.fetch(LAST, user)
    lines = [await restore(db, event) for event in events]
    return "\n".join(lines) if lines else "Nothing to undo."


async def restore(db: Connection, event: Record) -> str:
    """Put one task back as it was before `event`."""
    before = json.loads(event["before"])
    due = date.fromisoformat(before["due"]) if before.get("due") else None
    task = await db.fetchrow(RESTORE, event["task_id"], before.get("status", "deleted"), due)
    return f"Undone: #{task['number']} {task['title']}"


def when(due: date | None) -> str:
    """The day as a reply shows it."""
    return f" ({due:%a} {due.day} {due:%b})" if due else ""
