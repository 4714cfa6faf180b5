"""The events that recordings become: pieces to be heard, words that were said, answers to who spoke.

Each follows from the event that caused it, under an id that is the same whenever it is made again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from shared.events.envelope import Event
from shared.events.ids import outgoing_id, reply_id
from shared.events.schemas import (
    AUDIO_CUT,
    AUDIO_PROGRESSED,
    AUDIO_REFUSED,
    MESSAGE_RECEIVED,
    TRANSCRIPT_CREATED,
    TRANSCRIPT_REVISED,
    AudioCut,
    AudioProgressed,
    AudioRefused,
    Channel,
    Data,
    Heard,
    Left,
    MessageReceived,
    NotificationRequested,
    RecordingRequested,
    TranscriptCreated,
    TranscriptRevised,
)
from shared.media.errors import MediaRefused
from shared.messages.phrases import HEARD_NOTHING
from shared.runtime.notifications import answering
from shared.storage.voice import Piece, Recording, Version

SOURCE = "/jotline/transcribe"

log = logging.getLogger("jotline")


@dataclass(frozen=True, slots=True)
class Person:
    """Who is answered, and where."""

    party: str
    sender: str  # E.164
    recipient: str  # our number
    channel: Channel


def piece_cut(
    event: Event, recording: Recording, version: int, piece: Piece, *, pieces: int, wanted: RecordingRequested | None = None
) -> Event:
    """A piece is to be heard. Who is not to be asked about a difference is not told either when it cannot be heard."""
    answered_to = wanted is None or wanted.ask
    data = AudioCut(
        recording_id=recording.id,
        version=version,
        piece=piece.piece,
        pieces=pieces,
        start_seconds=piece.start_seconds,
        end_seconds=piece.end_seconds,
        model=wanted.model if wanted else "",
        sender=recording.sender if answered_to else "",
        recipient=recording.recipient if answered_to else "",
        channel=recording.channel,
    )
    return _about(event, f"{recording.id}.{version}.{piece.piece}", AUDIO_CUT, data, event.time)


def progressed(event: Event, cut: AudioCut, recording: Recording, pieces: Sequence[Piece]) -> Event:
    """So much of a recording is heard."""
    done = sum(piece.end_seconds - piece.start_seconds for piece in pieces if piece.segments is not None)
    log.info("progress", extra={"event_id": recording.id, "seconds_done": round(done, 1), "of": round(recording.seconds, 1)})
    data = AudioProgressed(
        recording_id=recording.id, version=cut.version, seconds_done=round(done, 1), seconds=recording.seconds
    )
    return _about(event, f"{event.id}.progressed", AUDIO_PROGRESSED, data, event.time)


def refused(event: Event, recording_id: str, refusal: MediaRefused) -> Event:
    """A recording is not taken."""
    data = AudioRefused(recording_id=recording_id, reason=refusal.reason)
    return _about(event, f"{recording_id}.refused", AUDIO_REFUSED, data, event.time)


def created(event: Event, recording: Recording, whole: Version, *, words: int, probability: float, now: datetime) -> Event:
    """A recording was heard to its end; `probability`: of its words, on average."""
    data = TranscriptCreated(
        recording_id=recording.id,
        version=whole.version,
        language=whole.language or "",
        model=whole.model or "",
        seconds=recording.seconds,
        words=words,
        probability=round(probability, 3),
    )
    return _about(event, f"{recording.id}.transcript.{whole.version}", TRANSCRIPT_CREATED, data, now)


def said(event: Event, recording: Recording, text: str, stretches: tuple[Heard, ...]) -> Event:
    """The words of a recording, as a message of when they were said; where there are none, the answer to that."""
    person = Person(recording.party, recording.sender, recording.recipient, recording.channel)
    if not text:
        return answered(event, reply_id(recording.id), HEARD_NOTHING, person, asked_at=recording.said_at)
    data = MessageReceived(
        message_id=recording.id,
        channel=recording.channel,
        sender=recording.sender,
        recipient=recording.recipient,
        text=text,
        origin="voice",
        heard=stretches,
    )
    return _about(event, recording.id, MESSAGE_RECEIVED, data, recording.said_at)


def revised(
    event: Event, recording: Recording, whole: Version, stretches: tuple[Heard, ...], *, old: str, now: datetime
) -> Event:
    """A recording was heard again."""
    asked = RecordingRequested.model_validate(whole.request)
    data = TranscriptRevised(
        recording_id=recording.id,
        message_id=recording.id,
        version=whole.version,
        said_at=recording.said_at,
        old=old,
        new=whole.text or "",
        heard=stretches,
        request_id=asked.request_id,
        asked_at=datetime.fromisoformat(cast("dict[str, str]", whole.request)["asked_at"]),
        ask=asked.ask,
        sender=asked.sender or recording.sender,
        recipient=asked.recipient or recording.recipient,
        channel=asked.channel if asked.sender else recording.channel,
    )
    return _about(event, f"{recording.id}.revised.{whole.version}", TRANSCRIPT_REVISED, data, now)


def told(event: Event, wanted: RecordingRequested, body: str, person: Person) -> list[Event]:
    """The answer to who has asked for something; none where nobody is to be answered."""
    return [answered(event, reply_id(wanted.request_id), body, person, asked_at=event.time)] if person.sender else []


def answered(event: Event, notification_id: str, body: str, person: Person, *, asked_at: datetime) -> Event:
    """The request to send an answer."""
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        channel="whatsapp" if person.channel == "whatsapp" else "sms",
        sender=person.recipient,
        recipient=person.sender,
        body=body,
        asked_at=asked_at,
        in_reply_to=notification_id.removesuffix(".reply"),
    )
    return answering(event, notification_id, data, source=SOURCE, at=asked_at)


def farewell(event: Event, left: Left, person: Person) -> Event:
    """The last text to somebody, for notify to complete: it says how many messages were deleted."""
    notification_id = reply_id(event.id, "farewell")
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        kind="farewell",
        channel="whatsapp" if person.channel == "whatsapp" else "sms",
        sender=person.recipient,
        recipient=person.sender,
        body="",
        asked_at=left.asked_at,
        in_reply_to=left.asked_by,
        left=left,
    )
    return answering(event, notification_id, data, source=SOURCE)


def _about(cause: Event, id_: str, kind: str, data: Data, at: datetime) -> Event:
    subject = str(getattr(data, "recording_id", "") or getattr(data, "message_id", ""))
    return cause.follow(id=id_, type=kind, source=SOURCE, subject=subject, data=data, time=at)
