"""The sweep: messages of people that nobody worked off, though the webhook accepted them, or that never reached the webhook.

Nothing but the broker holds a message between the webhook and todo-crud, and a broker can lose one. But notify keeps every message
it gets, by a Trigger of its own; so a message that is kept and that todo-crud never claimed has been lost on the way, and goes
to the broker again. What neither of them got, the provider still lists.

Both sweeps go forward by a mark, behind which everything is settled. A person's messages go out one after the other: the next one
only when the one before is worked off. And only a few at a time are under way, for a broker that is merely slow must not be
given its whole backlog a second time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.events.envelope import Event
from shared.events.schemas import MESSAGE_RECEIVED, MessageReceived
from shared.runtime.apology import apology_of
from shared.runtime.consumers import SCHEMAS, progress
from shared.runtime.dead_letters import bury
from shared.runtime.telemetry import count
from shared.storage.claims import Claim

if TYPE_CHECKING:
    from shared.providers.contract import Incoming
    from shared.runtime.services import Services
    from shared.storage.messaging import KeptMessage

#: A message is not looked for before this; it is on its way.
PATIENCE = timedelta(seconds=60)
#: The provider posts a message again for a minute or so before it gives up.
PROVIDERS_PATIENCE = timedelta(minutes=2)
#: What was not worked off in this time will not be; and so far back the provider is asked after an outage.
HORIZON = timedelta(days=1)
#: How much later than its time a message may appear in the provider's list.
LISTED_LATE = timedelta(minutes=5)
#: Messages under way at once by this; and those looked at in one round.
UNDER_WAY = 20
AT_ONCE = 2000
#: A message that was sent out again is left alone this long, then twice as long, up to a quarter of an hour.
AGAIN_AFTER = timedelta(seconds=60)
AGAIN_AT_MOST = timedelta(minutes=15)

#: The function that is through with a message when everyone is.
READER = "parse-command"

log = logging.getLogger("jotline.relay")


class Sweep:
    """Finds messages that were lost, and sends them to the broker again."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sent: dict[str, tuple[int, datetime]] = {}  # by event id: how often, and when it may go again

    async def kept(self, now: datetime) -> None:
        """Send messages again that are kept and that nobody worked off.

        Raises:
            TryAgain: a database or the broker is away.
        """
        store, audit = self._services.messaging, self._services.audit
        mark = await audit.mark("kept") or now - HORIZON
        found = await store.kept(after=mark, until=now - PATIENCE, limit=AT_ONCE)
        if not found:
            return
        ended = {
            one.event_id for one in (await progress(self._services, [_work(each.message_id) for each in found], now)).ended
        }
        left = [one for one in found if one.message_id not in ended]
        for one in [one for one in left if one.kept_at < now - HORIZON]:
            await self._give_up(one, now)
            left.remove(one)
        await audit.set_mark("kept", left[0].kept_at - timedelta(microseconds=1) if left else found[-1].kept_at)
        self._sent = {name: sent for name, sent in self._sent.items() if name in {one.message_id for one in left}}
        await self._send([self._event_of(one) for one in left], now)

    async def listed(self, now: datetime) -> None:
        """Send messages to the broker that the provider lists and nobody kept.

        Raises:
            TryAgain, ProviderError: a database, the broker or the provider is away.
        """
        ours = self._services.settings.twilio_from
        if not ours:
            return
        mark = await self._services.audit.mark("listed")
        if mark is None:  # what came before there was a relay was somebody else's
            await self._services.audit.set_mark("listed", now)
            return
        since = max(mark - LISTED_LATE, now - HORIZON)
        addresses = [ours] if ours.startswith("MG") else [ours, f"whatsapp:{ours}"]
        found = [one for address in addresses for one in await self._services.provider.received(address, since)]
        old = [one for one in found if one.created_at <= now - PROVIDERS_PATIENCE]
        known = await self._services.messaging.known([one.sid for one in old])
        lost = sorted((one for one in old if one.sid not in known), key=lambda one: one.created_at)
        for one in lost:
            log.warning("the provider lists a message that never came", extra={"event_id": one.sid})
            await self._publish(_event(self._services, _received(one), one.created_at, one.sid))
        await self._services.audit.set_mark("listed", now - PROVIDERS_PATIENCE)

    async def _send(self, events: Iterable[Event], now: datetime) -> None:
        """Send these again as far as it is their turn; they come in the order in which they were kept."""
        under_way = sum(1 for _, again_at in self._sent.values() if again_at > now)
        people: set[str] = set()
        for event in sorted(events, key=lambda event: event.time):
            first = event.partitionkey not in people
            people.add(event.partitionkey)
            times, again_at = self._sent.get(event.id, (0, now))
            if not first or again_at > now:
                continue
            if under_way >= UNDER_WAY:
                return
            log.warning("a message was lost on its way", extra={"event_id": event.id, "times": times + 1})
            await self._publish(event)
            self._sent[event.id] = (times + 1, now + min(AGAIN_AFTER * 2**times, AGAIN_AT_MOST))
            under_way += 1

    async def _publish(self, event: Event) -> None:
        await self._services.carrier.publish(event)
        count("relay_messages_total")

    async def _give_up(self, one: KeptMessage, now: datetime) -> None:
        """A message that was not worked off in a day, however often it was sent, is a dead letter."""
        event = self._event_of(one)
        await bury(
            self._services,
            event,
            function=READER,
            schema=SCHEMAS[READER],
            cause="relay: nobody worked it off within a day",
            attempts=1,
            now=now,
            told=apology_of(READER, event, now),
        )

    def _event_of(self, one: KeptMessage) -> Event:
        return _event(self._services, one.received, one.sent_at, one.correlation_id)


def _work(message_id: str) -> Claim:
    """The work that a message is for: whoever reads its words."""
    return Claim(READER, message_id)


def _event(services: Services, received: MessageReceived, sent_at: datetime, correlation_id: str) -> Event:
    """The event as the webhook made it."""
    return Event(
        id=received.message_id,
        type=MESSAGE_RECEIVED,
        source="/jotline/webhook",
        subject=received.message_id,
        time=sent_at,
        data=received,
        partitionkey=services.party_of(received.sender),
        correlationid=correlation_id,
    )


def _received(one: Incoming) -> MessageReceived:
    """A message of the provider's list as the webhook reads one. What its list does not say is left out."""
    return MessageReceived(
        message_id=one.sid,
        channel="whatsapp" if one.sender.startswith("whatsapp:") else "mms" if one.media else "sms",
        sender=one.sender.removeprefix("whatsapp:"),
        recipient=one.recipient.removeprefix("whatsapp:"),
        text=one.body,
        media=("",) * one.media,
        segments=one.segments,
    )
