"""notify: texts and mails leave, and what becomes of them is followed.

Consumes   jotline.notification.requested   send this
           jotline.digest.requested         this too, when nothing more urgent is waiting
           jotline.message.status           what the provider says of a message of ours
           jotline.message.received         a person's message: kept with its conversation; a texted STOP or START changes consent
           jotline.audio.received           a recording of theirs: kept likewise, without words until its transcript comes
Decides    whether it may be sent (consent, expiry), over which provider, and what a provider's answer means.
Emits      jotline.notification.sent, .failed, .suppressed; of a reminder jotline.reminder.sent, .failed

Who leaves gets a last text, a farewell: what was said before is deleted first, and it says how much that was. What was asked for before
and comes after that is not sent (`shared.runtime.leaving`).

A mail goes the way of a text, but over the mail server, and STOP does not end it: that word is about texts.

Sending happens once. The claim is committed before the provider is called and closed after. When a sender dies in between, or gets
no answer, the next one first finds out: a status callback names our message, or the provider's list has one with the same to, from
and body that no row owns. Only if neither does is it sent again, and then marked as a possible duplicate. A sender whose database
goes away before the provider was called lets go of its claim as soon as it is back: nobody need wait until the lease is over. A mail
server cannot be asked: an unsure mail is sent again at once, with the same Message-ID.

    in    {"type": "jotline.notification.requested", "data": {"channel": "sms", "recipient": "+12125550142", "body": "Added ..."}}
    out   {"type": "jotline.notification.sent", "data": {"message_id": "5b0c...", "provider_id": "SM77...", "segments": 1}}
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from shared.events.envelope import Event
from shared.events.schemas import (
    AUDIO_RECEIVED,
    DIGEST_REQUESTED,
    MESSAGE_RECEIVED,
    MESSAGE_STATUS,
    NOTIFICATION_FAILED,
    NOTIFICATION_REQUESTED,
    NOTIFICATION_SENT,
    NOTIFICATION_SUPPRESSED,
    REMINDER_FAILED,
    REMINDER_SENT,
    AudioReceived,
    Left,
    MessageReceived,
    MessageStatus,
    NotificationEnded,
    NotificationRequested,
)
from shared.messages.keywords import consent_word
from shared.messages.phrases import LATE, all_deleted
from shared.messages.segments import count_segments
from shared.policy.outcomes import TryAgain
from shared.providers.contract import Accepted, Mail, NotAccepted, OutcomeUnknown, Outgoing, Rejected
from shared.runtime.serving import Rest, Work, serve
from shared.runtime.telemetry import count
from shared.storage.database import DatabaseUnavailable
from shared.storage.messaging import Begun

NAME = "notify"
#: Longer than the provider's timeout (10 s) and the wait for a callback (15 s) together.
LEASE = timedelta(seconds=45)
#: How often it is tried to let go of a claim while the database is away.
RELEASE_SECONDS = 1.0
#: How long a status callback may take to tell us that a send without an answer did happen.
CALLBACK_SECONDS = 15.0
#: An answer this late says sorry.
LATE_AFTER = timedelta(minutes=5)
SORRY_IT_IS_LATE = f"\n{LATE}"

log = logging.getLogger("jotline")


async def keep(event: Event, work: Work) -> None:
    """Keep a person's message, and what it says of consent. Spoken words say nothing of it: no carrier has heard them."""
    received = cast(MessageReceived, event.data)
    texted = received.origin == "text"
    word = received.opt_out.lower() or (consent_word(received.text) if texted else None)
    consent = (word == "stop", received.text.strip().upper()[:20]) if word in ("stop", "start") else None
    await work.services.messaging.keep(event, received, function=NAME, consent=consent)


async def keep_recording(event: Event, work: Work) -> None:
    """Keep a person's recording; what it says comes as a message of the same id. A caller not known yet is kept with the words."""
    audio = cast(AudioReceived, event.data)
    if audio.sender and audio.recipient:
        await work.services.messaging.keep_recording(event, audio, function=NAME)


async def follow(event: Event, work: Work) -> None:
    """Follow a message of ours; callbacks repeat and come in any order."""
    status = cast(MessageStatus, event.data)
    await work.services.messaging.record_status(
        event, status, function=NAME, provider_at=_receipt_time(status.raw.get("RawDlrDoneDate", ""))
    )
    count("status_callbacks_total", status=status.status)


async def send(event: Event, work: Work) -> None:
    """Send a text or a mail, once.

    Raises:
        MailNotSetUp: a mail is asked for, and there is no mail server: a dead letter.
    """
    wanted = cast(NotificationRequested, event.data)
    body = await _forget(event, wanted, work) if wanted.left else wanted.body
    if wanted.kind == "reply" and work.now - wanted.asked_at > LATE_AFTER:
        body += SORRY_IT_IS_LATE
    outgoing = _mail(wanted, work) if wanted.channel == "email" else _outgoing(wanted, body, work)
    try:
        begun = await _begin(event, outgoing, work)
        if begun is None:
            return
    except (NotAccepted, OutcomeUnknown) as error:  # the provider does not say what an earlier sender left behind
        await _release(event, work, unsure=True)
        after_seconds = error.retry_after_seconds if isinstance(error, NotAccepted) else None
        raise TryAgain("nobody knows whether it was sent", after_seconds=after_seconds) from error
    except DatabaseUnavailable:
        await _release(event, work, unsure=False)
        raise
    await _hand_over(event, outgoing, work, again=begun.attempts > 1)
    if wanted.left:
        await _forget(event, wanted, work)  # what was just being written down when it was deleted


async def _forget(event: Event, wanted: NotificationRequested, work: Work) -> str:
    """Delete what was said before they left; answers the last text to them."""
    left = cast(Left, wanted.left)
    forgotten = work.services.departed_messages
    messages = await forgotten.forget(event.partitionkey, wanted.recipient, left, farewell=wanted.message_id)
    return all_deleted(left.todos, messages, left.recordings, left.receipt)


async def _begin(event: Event, outgoing: Outgoing | Mail, work: Work) -> Begun | None:
    """Claim the send, and see whether it has to be done at all; None when not. Nothing is sent here."""
    wanted = cast(NotificationRequested, event.data)
    begun = await work.services.messaging.begin(
        event,
        wanted,
        function=NAME,
        body=_kept(wanted, outgoing),
        now=work.now,
        lease_until=work.now + LEASE,
    )
    if begun.finished:
        return None
    if not begun.mine:
        raise TryAgain("another sender is at it")
    if begun.late:
        await _end(event, work, NOTIFICATION_SUPPRESSED, status="canceled", cause="left")
        return None
    if begun.stopped and not wanted.even_if_stopped:
        await _end(event, work, NOTIFICATION_SUPPRESSED, status="canceled", cause="opted out")
        return None
    if wanted.expires_at is not None and work.now > wanted.expires_at:
        await _end(event, work, NOTIFICATION_SUPPRESSED, status="canceled", cause="expired")
        return None
    if begun.attempts > 1 and isinstance(outgoing, Outgoing) and (sid := await _find_out(wanted, outgoing, begun, work)):
        await _end(event, work, NOTIFICATION_SENT, status="queued", provider_id=sid)
        return None
    return begun


async def _hand_over(event: Event, outgoing: Outgoing | Mail, work: Work, *, again: bool) -> None:
    """Give the message to whoever carries it and write down what came of it. `again`: an earlier sender may have."""
    try:
        accepted = await _give(outgoing, work)
    except Rejected as error:
        cause = f"provider error {error.code}"
        await _end(event, work, NOTIFICATION_FAILED, status="failed", cause=cause, opted_out=error.opted_out)
        return
    except NotAccepted as error:
        await _release(event, work, unsure=False)
        raise TryAgain("the provider did not take it", after_seconds=error.retry_after_seconds) from error
    except OutcomeUnknown as error:
        await _release(event, work, unsure=True)
        raise TryAgain("nobody knows whether the provider took it") from error
    log.debug("handed over", extra={"event_id": event.id, "provider_id": accepted.sid})
    await _end(event, work, NOTIFICATION_SENT, status=accepted.status, provider_id=accepted.sid, duplicate=again)


async def _give(outgoing: Outgoing | Mail, work: Work) -> Accepted:
    """Texts to the provider, mails to the mail server."""
    if isinstance(outgoing, Mail):
        return await work.services.mailer.send(outgoing)
    return await work.services.provider.send(outgoing)


async def _release(event: Event, work: Work, *, unsure: bool) -> None:
    """Let go of this try's claim, if there is one. `unsure`: the next try must find out whether this one has sent.

    While the database is away this is tried again, as long as it is of use: until the lease is over.
    """
    message_id, lease_until = cast(NotificationRequested, event.data).message_id, work.now + LEASE
    with suppress(TimeoutError):
        async with asyncio.timeout(LEASE.total_seconds()):
            while True:
                with suppress(DatabaseUnavailable):
                    await work.services.messaging.release(
                        event, message_id, function=NAME, lease_until=lease_until, unsure=unsure
                    )
                    return
                await asyncio.sleep(RELEASE_SECONDS)


async def _find_out(wanted: NotificationRequested, outgoing: Outgoing, begun: Begun, work: Work) -> str | None:
    """The provider's id of a message an earlier sender may have left behind, or None when it surely did not arrive.

    The provider's list is asked at once, and again after a status callback has had its time: a list can lag.
    """
    store = work.services.messaging
    for wait in (0.0, CALLBACK_SECONDS):
        await asyncio.sleep(wait)
        if sid := await store.provider_id_of(wanted.message_id):
            return sid
        since = (begun.first_at or work.now) - timedelta(minutes=1)
        earlier = {outgoing.body, outgoing.body.removesuffix(SORRY_IT_IS_LATE)}  # an earlier try may not have been late yet
        found = [
            one for body in sorted(earlier) for one in await work.services.provider.find(replace(outgoing, body=body), since)
        ]
        owned = await store.owned([one.sid for one in found], but=wanted.message_id)
        for one in found:
            if one.sid not in owned:
                return one.sid
    return None


def _kept(wanted: NotificationRequested, outgoing: Outgoing | Mail) -> str:
    """The words that stay with the conversation. A code is for whoever reads it now, and for nobody else later."""
    if wanted.kind == "code":
        return "(a code)"
    return outgoing.text if isinstance(outgoing, Mail) else outgoing.body


def _outgoing(wanted: NotificationRequested, body: str, work: Work) -> Outgoing:
    """The text as the provider takes it, with the callback that names our message and is tried again (connection overrides)."""
    prefix = "whatsapp:" if wanted.channel == "whatsapp" else ""
    public_url = work.services.settings.public_url
    return Outgoing(
        to=f"{prefix}{wanted.recipient}",
        sender=f"{prefix}{wanted.sender}",
        body=body,
        status_callback=f"{public_url}/twilio/status?m={wanted.message_id}#rc=5&rp=all" if public_url else "",
    )


def _mail(wanted: NotificationRequested, work: Work) -> Mail:
    """The mail as the mail server takes it; dated when it was asked for, so that it is the same on every try.

    Raises:
        MailNotSetUp: there is none.
    """
    _ = work.services.mailer  # before anything is claimed
    return Mail(
        message_id=wanted.message_id,
        to=wanted.recipient,
        subject=wanted.subject,
        text=wanted.body,
        html=wanted.html,
        unsubscribe=wanted.unsubscribe,
        sent_at=wanted.asked_at,
    )


async def _end(
    event: Event,
    work: Work,
    kind: str,
    *,
    status: str,
    provider_id: str | None = None,
    cause: str = "",
    opted_out: bool = False,
    duplicate: bool = False,
) -> None:
    """Close the claim and tell of the end, in one commit. Who reminded hears of it under a name of its own."""
    wanted = cast(NotificationRequested, event.data)
    if wanted.kind == "reminder":
        kind = REMINDER_SENT if kind == NOTIFICATION_SENT else REMINDER_FAILED
    data = NotificationEnded(
        message_id=wanted.message_id,
        kind=wanted.kind,
        channel=wanted.channel,
        provider_id=provider_id or "",
        segments=0 if wanted.channel == "email" else count_segments(wanted.body).count,
        cause=cause,
        possible_duplicate=duplicate,
    )
    told = event.follow(
        id=f"{event.id}.{kind.rpartition('.')[2]}",
        type=kind,
        source=f"/jotline/{NAME}",
        subject=str(wanted.message_id),
        data=data,
        time=work.now,
    )
    note: dict[str, Any] = {"cause": cause} if cause else {}
    if duplicate:
        note["possible_duplicate"] = True
    rows = await work.services.messaging.finish(
        event,
        wanted,
        told,
        function=NAME,
        now=work.now,
        status=status,
        provider_id=provider_id,
        note=note,
        opted_out=opted_out,
    )
    await work.services.carrier.carry(rows)
    count("notifications_total", outcome=kind.rpartition(".")[2])


def _receipt_time(stamp: object) -> datetime | None:
    """When the carrier delivered: Twilio's RawDlrDoneDate, YYMMDDhhmm, taken as UTC (it names no zone)."""
    try:
        return datetime.strptime(str(stamp), "%y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None


handle = serve(
    NAME,
    events={
        NOTIFICATION_REQUESTED: send,
        DIGEST_REQUESTED: send,
        MESSAGE_STATUS: follow,
        MESSAGE_RECEIVED: keep,
        AUDIO_RECEIVED: keep_recording,
    },
    schema="messaging",
    # A text takes seconds on its way. A send has some five steps: 12 at a time, with a rest at each, are eighty texts a second.
    rest=Rest(0.03, below=12),
)
