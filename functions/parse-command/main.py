"""parse-command: plain English becomes commands.

Consumes   jotline.message.received
Decides    what the words mean, with the person's time zone and their settings for words like "tonight". "Tomorrow" is the day after
           the message was sent, not after it is read: a replay reads the same.
Emits      jotline.command.parsed, as the reply to its delivery

It knows no todos: whether #3 exists, and which milk is meant, is todo-crud's to decide. It writes nothing down, so the same event
always gives the same reply and a second delivery does no harm.

    in    {"type": "jotline.message.received", "id": "SM9f...", "data": {"text": "done 1, buy milk fri", ...}}
    out   {"type": "jotline.command.parsed", "id": "SM9f....parsed", "data": {"understanding": {"commands": [
              {"intent": "complete", "ref": {"numbers": [1]}}, {"intent": "add", "title": "Buy milk", "when": {...}}]}, ...}}
"""

from __future__ import annotations

from typing import cast

from shared.events.envelope import Event
from shared.events.schemas import COMMAND_PARSED, MESSAGE_RECEIVED, CommandParsed, MessageReceived
from shared.language import understand
from shared.runtime.apology import apologise
from shared.runtime.serving import Work, serve
from shared.todos.newcomer import settings_for, zone_at


async def parse(event: Event, work: Work) -> Event:
    """Read the words."""
    received = cast(MessageReceived, event.data)
    settings = await work.services.todo.settings_of(event.partitionkey)
    if settings is None:
        settings = settings_for(received.sender, work.services.settings.default_timezone)
    zone = zone_at(settings, event.time)
    parsed = CommandParsed(
        message=received,
        received_at=event.time,
        zone=zone,
        meanings=settings.meanings,
        understanding=understand(received.text, event.time, zone, settings.meanings),
    )
    return event.follow(
        id=f"{event.id}.parsed",
        type=COMMAND_PARSED,
        source="/jotline/parse-command",
        subject=received.message_id,
        data=parsed,
    )


handle = serve("parse-command", events={MESSAGE_RECEIVED: parse}, schema="todo", apology=apologise)
