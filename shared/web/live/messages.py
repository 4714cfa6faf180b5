"""What is sent on a feed, as JSON; the same for a WebSocket and for Server-Sent Events.

    {"type": "hello", "id": "41", "now": "2026-11-25T10:00:00Z"}       what changes after 41 follows, from now on, each change once
    {"type": "task.created", "id": "42", "at": "...", "task": {...}}   the todo as it is now, as the API writes it
    {"type": "resync", "id": "977", "now": "..."}                      too much has changed: read the list anew; what is after 977 follows
    {"type": "settings.changed", "now": "..."}                         read the settings anew (while connected: ask after each hello)
    {"type": "spoken", "spoken": [{"id": "CA...", "status": "hearing", ...}], "now": "..."}   all calls and recordings on their way
    {"type": "renewed", "now": "..."}                                  a fresh token was taken
    {"type": "ping", "now": "..."}                                     nothing happened for a while, or the clock was moved

Ids grow. Whoever comes back names the last one seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.storage.feed import Since
from shared.todos.preferences import in_force
from shared.web.models import task_out


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `sequence`: of the change it tells of, or where it says that a feed stands; None: it moves nothing."""

    type: str
    sequence: int | None
    text: str  # JSON

    @property
    def as_event(self) -> str:
        """As a Server-Sent Event (html.spec.whatwg.org, section 9.2); JSON has no line ends of its own."""
        head = f"id: {self.sequence}\n" if self.sequence is not None else ""
        return f"{head}event: {self.type}\ndata: {self.text}\n\n"


def standing(kind: str, now: datetime, sequence: int | None = None) -> Message:
    """A message that tells of no todo: hello, resync, settings.changed, renewed, ping."""
    place = {} if sequence is None else {"id": str(sequence)}
    return Message(kind, sequence, json.dumps({"type": kind, **place, "now": now.isoformat()}))


def spoken(things: Sequence[dict[str, Any]], now: datetime) -> Message:
    """The message that tells how far calls and recordings are (`shared.web.live.spoken`)."""
    return Message("spoken", None, json.dumps({"type": "spoken", "now": now.isoformat(), "spoken": list(things)}))


def changes(user_id: UUID, found: Since, now: datetime) -> Iterator[Message]:
    """The messages of what was read, oldest first."""
    settings = in_force(found.settings, now)
    shown = {one.id: task_out(one, user_id, settings, one.reminder_at, now).model_dump(mode="json") for one in found.tasks}
    for change in found.changes:
        if change.task_id not in shown:
            continue
        kind = f"task.{change.type}"
        body = {"type": kind, "id": str(change.sequence), "at": change.at.isoformat(), "task": shown[change.task_id]}
        yield Message(kind, change.sequence, json.dumps(body, ensure_ascii=False))
