"""Recordings on their way into the audio store, and out of it to be heard."""

from __future__ import annotations

import asyncio
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from shared.events.envelope import Event
from shared.events.schemas import AudioCut, AudioReceived
from shared.media.errors import NotKept
from shared.media.fresh import Fresh
from shared.policy.outcomes import Poison
from shared.runtime.serving import Work
from shared.runtime.spoken import Person
from shared.storage.voice import Piece, Recording

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: What was decoded to check it, and is heard next.
_fresh = Fresh()


async def keep(event: Event, audio: AudioReceived, person: Person, work: Work) -> tuple[Recording, list[Piece]]:
    """Fetch a recording, check it and put it into the audio store; the recording, and its pieces.

    Raises:
        MediaRefused: it is not taken. TryAgain: it cannot be had, or not be kept, now.
    """
    from shared.media.audio import inspect
    from shared.media.fetching import fetch
    from shared.media.store import key_of

    settings = work.services.settings
    settings.require("twilio_account_sid", "twilio_auth_token")
    with TemporaryDirectory(prefix="jotline-") as folder:
        path = Path(folder, "recording")
        fetched = await fetch(
            audio.url,
            path,
            api_url=settings.twilio_api_url,
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token,
            hosts=[host.strip() for host in settings.media_hosts.split(",") if host.strip()],
        )
        content_type = fetched.content_type or audio.content_type
        found = await asyncio.to_thread(inspect, path, content_type=content_type)
        key = key_of(person.party, event.time.astimezone(UTC).date(), audio.recording_id, f".{found.format}")
        await work.services.audio.put(key, path, content_type)
    _fresh.put(audio.recording_id, found.samples)
    recording = Recording(
        id=audio.recording_id,
        party=person.party,
        sender=person.sender,
        recipient=person.recipient,
        channel=person.channel,
        message_id=audio.message_id,
        call_id=audio.call_id,
        correlation_id=event.correlationid,
        said_at=event.time,
        audio=key,
        content_type=content_type,
        codec=found.codec,
        bytes=fetched.size,
        sha256=fetched.sha256,
        seconds=found.seconds,
    )
    bounds = found.pieces or ((0.0, found.seconds),)  # a recording without sound is heard too: there is nothing in it
    return recording, [Piece(piece=n, start_seconds=start, end_seconds=end) for n, (start, end) in enumerate(bounds)]


async def samples_of(cut: AudioCut, recording: Recording, work: Work) -> NDArray[np.float32]:
    """The samples of a piece: from the audio store, unless the recording was just kept.

    Raises:
        Poison: the audio is gone.
    """
    from shared.media.audio import as_heard, decode

    if (fresh := _fresh.take(cut.recording_id)) is not None:
        return as_heard(fresh)
    with TemporaryDirectory(prefix="jotline-") as folder:
        path = Path(folder, "recording")
        try:
            await work.services.audio.get(recording.audio or "", path)
        except NotKept as error:
            raise Poison("its audio is not in the store") from error
        return await asyncio.to_thread(decode, path, cut.start_seconds, cut.end_seconds)


def drop_samples(recording_id: str) -> None:
    """Let go of what is at hand of a recording that is not to be heard."""
    _fresh.take(recording_id)
