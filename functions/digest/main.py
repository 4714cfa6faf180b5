"""digest: once a morning, what the day holds.

Consumes   POST /tick   a minute's worth of work, asked for every minute
Decides    whose digest is due (their own hour, where they are), what is in it, and whether there is anything to say.
Emits      jotline.digest.requested

A person's next digest is an instant in their row. A digest and the instant of the next one are written in one statement that names
the version of the person it was made from, and its id is made of the person and the day: two of these at work, and one that is
killed anywhere, send one. What could not leave for two hours is left out: nobody wants the morning in the evening. Nothing is due
today or overdue: nothing is sent. By text it is as much as two segments hold; by mail, to whoever has confirmed an address, it is
whole.

    due   Ada, 8am in New York
    out   {"type": "jotline.digest.requested", "id": "digest-5b0c...-2026-11-25", "data": {"body": "Good morning Ada. 1 today: ...", ...}}
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from shared.events.envelope import Event
from shared.events.ids import outgoing_id
from shared.events.schemas import DIGEST_REQUESTED, NotificationRequested
from shared.runtime.notifications import in_time
from shared.runtime.services import Services
from shared.runtime.serving import serve
from shared.runtime.telemetry import count
from shared.runtime.ticking import count_done, every_second
from shared.storage.due import Due
from shared.todos.digests import STALE_AFTER, Morning, digest_day, letter, morning, next_digest, text
from shared.todos.model import Settings
from shared.todos.preferences import in_force

NAME = "digest"
#: People looked at in one go.
BATCH = 500


async def hand_over_due(services: Services) -> int:
    """Hand over everything that is due now; how many people that was about.

    Raises:
        DatabaseUnavailable: nobody knows what is due.
    """
    total = 0
    while True:
        now = services.clock.now()
        found = await services.due.digests(now, BATCH)
        handed = await count_done((_hand_over(services, due, now) for due in found), "digests")
        total += handed
        if not handed or len(found) < BATCH:
            return total


async def _hand_over(services: Services, due: Due, now: datetime) -> bool:
    """One person's digest, if there is one; False when somebody changed the person meanwhile: the next look finds them."""
    person = due.person
    settings = in_force(person.settings, now)
    local = now.astimezone(ZoneInfo(settings.zone))
    made = morning(person, due.digest_at, now)
    events = [_request(services, due, settings, made, local)] if made.outcome == "sent" else []
    coming = next_digest(person.settings, now)
    rows = await services.due.hand_over(due, events, dialogue=made.dialogue, now=now, next_digest=coming)
    if rows is None:
        return False
    await services.carrier.carry(rows)
    count("digests_total", outcome=made.outcome)
    return True


def _request(services: Services, due: Due, settings: Settings, made: Morning, local: datetime) -> Event:
    """The request to send it."""
    notification_id = f"digest-{due.person.id}-{digest_day(due.person.settings, local)}"
    ours = due.person.ours or services.settings.twilio_from
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        kind="digest",
        asked_at=local,
        expires_at=local + STALE_AFTER,
        **_written(due, settings, made, local, ours),
    )
    return in_time(notification_id, DIGEST_REQUESTED, data, source=f"/jotline/{NAME}", party=due.person.party)


def _written(due: Due, settings: Settings, made: Morning, local: datetime, ours: str) -> dict[str, Any]:
    """What it says, and the way it goes: by text, or by mail."""
    if settings.digest.channel == "text":
        body = text(made.contents, settings, local, first=made.first)
        return {"channel": due.person.channel, "sender": ours, "recipient": due.person.phone, "body": body}
    number = ours if ours.startswith("+") else ""  # a messaging service has none that people could text
    mail = letter(made.contents, settings, local, ours=number)
    return {
        "channel": "email",
        "sender": "",
        "recipient": settings.digest.email,
        "subject": mail.subject,
        "body": mail.text,
        "html": mail.html,
        "unsubscribe": f"sms:{number}?body={quote('NO DIGEST')}" if number else "",
    }


handle = serve(NAME, http={"/tick": every_second(hand_over_due, "digests")}, schema="todo")
