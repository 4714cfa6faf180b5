"""The sweep: messages of people that nobody worked off, though the webhook accepted them, or that never reached the webhook.

Nothing but the broker holds a message between the webhook and todo-crud, and a broker can lose one. But notify keeps every message
it gets, by a Trigger of its own; so a message that is kept and that todo-crud never claimed has been lost on the way, and goes
to the broker again. So does a recording that transcribe never claimed; once it has, its outbox sees to the rest. What nobody got,
the provider still lists.

What the trail has not seen of all this it is given here: a message that came through is in nobody's outbox.

Both sweeps go forward by a mark, behind which everything is settled. A person's messages go out one after the other: the next one
only when the one before is worked off. And only a few at a time are under way, for a broker that is merely slow must not be
given its whole backlog a second time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.events.envelope import Event, Unread
from shared.events.schemas import AUDIO_RECEIVED, MESSAGE_RECEIVED, AudioReceived, MessageReceived
from shared.policy.flood import Flood
from shared.runtime.apology import apology_of
from shared.runtime.consumers import SCHEMAS, progress
from shared.runtime.dead_letters import bury
from shared.runtime.telemetry import count
from shared.storage.claims import Claim
from shared.storage.messaging import KeptMessage

if TYPE_CHECKING:
    from shared.providers.contract import Incoming
    from shared.runtime.services import Services

#: A message is not looked for before this; it is on its way.
PATIENCE = timedelta(seconds=60)
#: The provider posts a message again for a minute or so before it gives up.
PROVIDERS_PATIENCE = timedelta(minutes=2)
#: What was not worked off in this time will not be; and so far back the provider is asked after an outage.
HORIZON = timedelta(days=1)
#: How much later than its time a message may appear in the provider's list.
LISTED_LATE = timedelta(minutes=5)
#: In so long the webhook reads only so many texts of one number.
MINUTE = timedelta(minutes=1)
#: Messages under way at once by this; and those looked at in one round.
UNDER_WAY = 20
AT_ONCE = 2000
#: A message that was sent out again is left alone this long, then twice as long, up to a quarter of an hour.
AGAIN_AFTER = timedelta(seconds=60)
AGAIN_AT_MOST = timedelta(minutes=15)

#: The function that is through with a message when everyone is, and the one that takes a recording.
READER = "parse-command"
LISTENER = "transcribe"

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
        await self._record(found, now)
        so_far = await progress(self._services, [_work(one) for one in found], now)
        left = [one for one in found if _work(one) not in so_far.ended]
        for one in [one for one in left if one.kept_at < now - HORIZON]:
            await self._give_up(one, now)
            left.remove(one)
        await audit.set_mark("kept", left[0].kept_at - timedelta(microseconds=1) if left else found[-1].kept_at)
        self._sent = {name: sent for name, sent in self._sent.items() if name in {one.event_id for one in left}}
        await self._send([self._event_of(one) for one in left if _work(one) not in so_far.held], now)

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
        begin = since - MINUTE
        found = [one for address in addresses for one in await self._services.provider.received(address, begin)]
        found = list(self._read(sorted(found, key=lambda one: one.created_at)))
        old = [one for one in found if since <= one.created_at <= now - PROVIDERS_PATIENCE]
        known = await self._services.messaging.known([one.sid for one in old])
        lost = [one for one in old if one.sid not in known]
        for one in lost:
            log.warning("the provider lists a message that never came", extra={"event_id": one.sid})
            await self._publish(self._event_of(_as_kept(one)))
        await self._services.audit.set_mark("listed", now - PROVIDERS_PATIENCE)

    def _read(self, found: Iterable[Incoming]) -> Iterator[Incoming]:
        """Without the texts that came too fast to be read: the webhook has said so."""
        flood = Flood(self._services.settings.texts_per_minute, MINUTE.total_seconds())
        return (one for one in found if flood.take(one.sender, one.created_at.timestamp()))

    async def _send(self, events: Iterable[Event], now: datetime) -> None:
        """Send these again as far as it is their turn; they come in the order in which they were kept.

        A text does not wait for a recording: that takes its time, and its words come when they come.
        """
        under_way = sum(1 for _, again_at in self._sent.values() if again_at > now)
        people: set[tuple[str, str]] = set()
        for event in sorted(events, key=lambda event: event.time):
            first = (event.partitionkey, event.type) not in people
            people.add((event.partitionkey, event.type))
            times, again_at = self._sent.get(event.id, (0, now))
            if not first or again_at > now:
                continue
            if under_way >= UNDER_WAY:
                return
            log.warning("a message was lost on its way", extra={"event_id": event.id, "times": times + 1})
            await self._publish(event)
            self._sent[event.id] = (times + 1, now + min(AGAIN_AFTER * 2**times, AGAIN_AT_MOST))
            under_way += 1

    async def _record(self, found: Iterable[KeptMessage], now: datetime) -> None:
        """Write down messages that the broker lost on their way to the trail."""
        events = {(event.id, event.type): event for event in map(self._event_of, found)}
        trail = self._services.trail
        missing = events.keys() - await trail.recorded(events)
        await trail.add([Unread.of(events[key]) for key in missing], now)

    async def _publish(self, event: Event) -> None:
        await self._services.carrier.publish(event)
        count("relay_messages_total")

    async def _give_up(self, one: KeptMessage, now: datetime) -> None:
        """A message that was not worked off in a day, however often it was sent, is a dead letter."""
        event, function = self._event_of(one), _work(one).function
        await bury(
            self._services,
            event,
            function=function,
            schema=SCHEMAS[function],
            cause="relay: nobody worked it off within a day",
            attempts=1,
            now=now,
            told=apology_of(function, event, now),
        )

    def _event_of(self, one: KeptMessage) -> Event:
        """The event as the webhook made it."""
        audio = one.data if isinstance(one.data, AudioReceived) else None
        return Event(
            id=one.event_id,
            type=AUDIO_RECEIVED if audio else MESSAGE_RECEIVED,
            source="/jotline/webhook",
            subject=(audio.message_id or audio.call_id) if audio else one.event_id,
            time=one.sent_at,
            data=one.data,
            partitionkey=self._services.party_of(one.data.sender),
            correlationid=one.correlation_id,
        )


def _work(one: KeptMessage) -> Claim:
    """The work that it is for: whoever reads the words of a message, or listens to a recording."""
    return Claim(LISTENER if isinstance(one.data, AudioReceived) else READER, one.event_id)


def _as_kept(one: Incoming) -> KeptMessage:
    """A message of the provider's list as the webhook reads one. What its list does not say is left out."""
    received = MessageReceived(
        message_id=one.sid,
        channel="whatsapp" if one.sender.startswith("whatsapp:") else "mms" if one.media else "sms",
        sender=one.sender.removeprefix("whatsapp:"),
        recipient=one.recipient.removeprefix("whatsapp:"),
        text=one.body,
        media=("",) * one.media,
        segments=one.segments,
    )
    return KeptMessage(one.created_at, one.created_at, one.sid, received, one.sid)
