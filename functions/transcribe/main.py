"""transcribe: recordings become words.

Consumes   jotline.call.received         somebody calls: remembered, for their recording will name only the call
           jotline.audio.received        a recording is to be fetched, checked, kept and cut
           jotline.audio.cut             a piece of at most two minutes is to be heard
           jotline.recording.requested   a person, or who runs this, wants one heard again, all deleted, or kept so long
           POST /tick                    what was kept long enough is deleted
Decides    whether a file is taken, which model hears it, and what of its answer counts as heard. Not what the words mean.
Emits      jotline.message.received (the words, as if they were texted when they were said), jotline.transcript.created, .revised,
           jotline.audio.cut, .progressed, jotline.notification.requested (nothing was heard, the file is none, what was deleted)

Only one piece is heard at a time. Fetching and hearing are claimed with a lease before they begin; who finds a claim whose holder died
tries once more, and a recording that has killed two workers, or was too slow for two, is set aside and its sender told. The last piece
to be heard completes the transcript. What was heard again changes nothing by itself: todo-crud compares, and asks.

    in    {"type": "jotline.audio.received", "id": "MM4f...audio0", "data": {"recording_id": "MM4f...audio0", "sender": "+1212...",
           "url": "https://api.twilio.com/2010-04-01/Accounts/AC.../Messages/MM.../Media/ME..."}}
    out   {"type": "jotline.audio.cut", "data": {"recording_id": "MM4f...audio0", "version": 1, "piece": 0, "pieces": 1, ...}}
    then  {"type": "jotline.message.received", "id": "MM4f...audio0", "data": {"text": "Buy milk.", "origin": "voice", ...}}
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from shared.events.envelope import Event
from shared.events.ids import outgoing_id, reply_id
from shared.events.schemas import (
    AUDIO_CUT,
    AUDIO_PROGRESSED,
    AUDIO_RECEIVED,
    CALL_RECEIVED,
    MESSAGE_RECEIVED,
    NOTIFICATION_REQUESTED,
    RECORDING_REQUESTED,
    TRANSCRIPT_CREATED,
    TRANSCRIPT_REVISED,
    AudioCut,
    AudioProgressed,
    AudioReceived,
    CallReceived,
    Channel,
    Data,
    Heard,
    MessageReceived,
    NotificationRequested,
    RecordingRequested,
    TranscriptCreated,
    TranscriptRevised,
)
from shared.media.errors import MediaRefused, NotKept
from shared.messages.phrases import (
    CANNOT_READ_FILE,
    HEARD_NOTHING,
    RECORDING_TOO_LONG,
    no_recording,
    recordings_deleted,
    recordings_kept,
)
from shared.policy.outcomes import Poison, TryAgain
from shared.runtime.apology import apologise
from shared.runtime.serving import Work, serve
from shared.runtime.telemetry import count, describe
from shared.storage.database import DatabaseUnavailable
from shared.storage.outbox import Row
from shared.storage.voice import Counts, Piece, Recording, Version
from shared.voice import transcript

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from shared.runtime.services import Services
    from shared.voice.listener import Listener

NAME = "transcribe"
#: Fetching (60 s), decoding once (30 s) and keeping (60 s) together, and some.
FETCH_LEASE = timedelta(seconds=180)
#: How long hearing a piece may take: as long as this, and so many times its own length. A Raspberry Pi takes about its length.
HEAR_SECONDS, HEAR_FACTOR = 60.0, 3.5
#: What a piece takes beside Whisper: getting it from the store, and decoding it.
AROUND_SECONDS = 90.0
#: So many workers may die of a piece of work, or be too slow for it.
WORKERS = 2
#: A call's recording comes within minutes of it.
CALLS_KEPT = timedelta(days=7)
#: Recordings deleted at once.
AT_ONCE = 100
#: The titles of so many open todos are expected to be spoken of.
TITLES, TITLES_LENGTH = 12, 300

log = logging.getLogger("jotline")
#: Who listens in this process, once somebody has to.
_listening: list[Listener] = []


@dataclass(frozen=True, slots=True)
class Person:
    """Who is answered, and where."""

    party: str
    sender: str  # E.164
    recipient: str  # our number
    channel: Channel


async def remember(event: Event, work: Work) -> None:
    """Somebody calls: their recording will be here in a minute, so the model is loaded meanwhile."""
    await work.services.voice.keep_call(event, cast(CallReceived, event.data), function=NAME, now=work.now)
    with suppress(TryAgain):
        await _listener(work.services).model()


async def take_in(event: Event, work: Work) -> None:
    """Fetch a recording, look at it, keep it, and have its pieces heard."""
    audio, store = cast(AudioReceived, event.data), work.services.voice
    async with _claimed(event, work, FETCH_LEASE) as mine:
        if not mine:
            return
        person = await _person_of(event, audio, work)
        event = replace(event, partitionkey=person.party)
        try:
            recording, cuts = await _fetch(event, audio, person, work)
        except MediaRefused as refusal:
            log.info("recording refused", extra={"event_id": event.id, "why": refusal.reason, "cause": str(refusal)})
            count("recordings_refused_total", why=refusal.reason)
            # What is larger than 16 MB is longer, too, but for music; and a shorter one is what helps.
            body = RECORDING_TOO_LONG if refusal.reason in ("too_long", "too_large") else CANNOT_READ_FILE
            told = [_answer(event, reply_id(audio.recording_id), body, person, asked_at=event.time)]
            rows = await store.end(event, told, function=NAME, now=work.now)
        else:
            events = [_cut(event, recording, 1, cut, pieces=len(cuts)) for cut in cuts]
            rows = await store.keep_recording(event, recording, cuts, events, function=NAME, now=work.now)
            log.info(
                "recording kept", extra={"event_id": event.id, "seconds": round(recording.seconds, 1), "pieces": len(cuts)}
            )
        await work.services.carrier.carry(rows)


async def listen(event: Event, work: Work) -> None:
    """Hear a piece; whoever hears the last one completes the transcript."""
    cut, store, listener = cast(AudioCut, event.data), work.services.voice, _listener(work.services)
    seconds = HEAR_SECONDS + HEAR_FACTOR * (cut.end_seconds - cut.start_seconds)
    async with listener.turn:
        await listener.model(cut.model)  # before the claim: a model that has to be fetched takes minutes
        async with _claimed(event, work, timedelta(seconds=seconds + AROUND_SECONDS)) as mine:
            if not mine:
                return
            recording = await store.recording(cut.recording_id)
            pieces = await store.pieces(cut.recording_id, cut.version)
            if recording is None or recording.audio is None or cut.piece >= len(pieces):  # deleted meanwhile
                await store.end(event, (), function=NAME, now=work.now)
                return
            if pieces[cut.piece].segments is None:
                await store.keep_piece(cut.recording_id, cut.version, await _hear(cut, recording, work, seconds))
                pieces = await store.pieces(cut.recording_id, cut.version)
            if any(piece.segments is None for piece in pieces):
                told = [_progressed(event, cut, recording, pieces)]
                rows = await store.end(event, told, function=NAME, now=work.now)
            else:
                rows = await _complete(event, cut, recording, pieces, work)
            await work.services.carrier.carry(rows)


async def look_after(event: Event, work: Work) -> None:
    """Do what is wanted of recordings that are kept."""
    wanted, store = cast(RecordingRequested, event.data), work.services.voice
    person = Person(event.partitionkey, wanted.sender, wanted.recipient, wanted.channel)
    async with _claimed(event, work, FETCH_LEASE) as mine:
        if not mine:
            return
        match wanted.action:
            case "hear_again":
                rows = await _hear_again(event, wanted, person, work)
            case "delete":
                found = [one for one, _ in await store.audio_of(person.party)]
                await work.services.audio.delete_all(person.party)
                told = _told(event, wanted, recordings_deleted(len(found)), person)
                rows = await store.delete(event, found, told, function=NAME, now=work.now)
            case _:
                days = wanted.days if wanted.days is not None else work.services.settings.keep_audio_days
                told = _told(event, wanted, recordings_kept(days), person)
                rows = await store.keep_days(event, person.party, wanted.days, told, function=NAME, now=work.now)
        await work.services.carrier.carry(rows)


async def tick(request: Request, services: Services) -> Response:
    """Delete the audio that was kept long enough. What was heard in it stays, as the texts do."""
    from starlette.responses import Response

    now, store = services.clock.now(), services.voice
    while found := await store.expired(now, days=services.settings.keep_audio_days, limit=AT_ONCE):
        await services.audio.delete(key for _, key in found)
        await store.forget_audio([one for one, _ in found])
        log.info("recordings kept long enough are deleted", extra={"recordings": len(found)})
    await store.forget_calls(now - CALLS_KEPT)
    return Response(status_code=204)


async def _person_of(event: Event, audio: AudioReceived, work: Work) -> Person:
    """Who spoke: as the event says, else whose call it is, else as the provider knows.

    Raises:
        TryAgain: nobody knows, or nobody knows yet.
    """
    if audio.sender and audio.recipient:
        return Person(event.partitionkey, audio.sender, audio.recipient, audio.channel)
    called = await work.services.voice.call(audio.call_id)
    if called is None:
        found = await work.services.provider.caller(audio.call_id)
        if found is None:
            raise TryAgain("nobody knows who called")
        called = (found.sender, found.recipient)
    return Person(work.services.party_of(called[0]), *called, audio.channel)


async def _fetch(event: Event, audio: AudioReceived, person: Person, work: Work) -> tuple[Recording, list[Piece]]:
    """A recording in the audio store, and its pieces.

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


async def _hear(cut: AudioCut, recording: Recording, work: Work, seconds: float) -> Piece:
    """What is said in a piece.

    Raises:
        DeadlinePassed: it took too long. Poison: the audio is gone.
    """
    from shared.media.audio import decode

    listener = _listener(work.services)
    whisper = await listener.model(cut.model)
    hotwords = await _hotwords(recording.party, work)
    with TemporaryDirectory(prefix="jotline-") as folder:
        path = Path(folder, "recording")
        try:
            await work.services.audio.get(recording.audio or "", path)
        except NotKept as error:
            raise Poison("its audio is not in the store") from error
        samples = await asyncio.to_thread(decode, path, cut.start_seconds, cut.end_seconds)
    language, began = work.services.settings.default_language, time.monotonic()
    heard = await listener.hear(whisper, samples, language=language, hotwords=hotwords, seconds=seconds)
    took = round(time.monotonic() - began, 2)
    facts = {"event_id": recording.id, "version": cut.version, "model": whisper.name, "took_seconds": took}
    log.info("heard", extra={**facts, "piece": f"{cut.piece + 1} of {cut.pieces}", "seconds": round(heard.seconds, 1)})
    count("pieces_heard_total")
    return Piece(
        piece=cut.piece,
        start_seconds=cut.start_seconds,
        end_seconds=cut.end_seconds,
        segments=transcript.as_json(heard.segments, cut.start_seconds),
        language=heard.language,
        model=whisper.name,
        took_seconds=took,
    )


async def _hotwords(party: str, work: Work) -> str:
    """Words that are likely: those of commands, and of what this person has to do."""
    from shared.voice.whisper import HOTWORDS

    found = await work.services.todo.read(party, function=NAME, event_id="")
    titles = [task.title for task in found.person.tasks if task.status == "open"] if found.person else []
    return ", ".join((HOTWORDS, *titles[-TITLES:]))[: len(HOTWORDS) + TITLES_LENGTH]


async def _complete(event: Event, cut: AudioCut, recording: Recording, pieces: Sequence[Piece], work: Work) -> list[Row]:
    """Every piece was heard: the words go on their way, as a message the first time and as a question every other time."""
    versions = {one.version: one for one in await work.services.voice.versions(recording.id)}
    segments = [segment for piece in pieces for segment in transcript.from_json(piece.segments or ())]
    text, stretches = transcript.write(segments)
    whole = replace(
        versions[cut.version],
        text=text,
        heard=[one.model_dump() for one in stretches],
        language=pieces[0].language,
        model=pieces[0].model,
        took_seconds=round(sum(piece.took_seconds or 0.0 for piece in pieces), 2),
    )
    created = TranscriptCreated(
        recording_id=recording.id,
        version=whole.version,
        language=whole.language or "",
        model=whole.model or "",
        seconds=recording.seconds,
        words=sum(len(segment.words) for segment in segments),
        probability=round(transcript.mean_probability(segments), 3),
    )
    told = [_event(event, f"{recording.id}.transcript.{whole.version}", TRANSCRIPT_CREATED, created, work.now)]
    if whole.request is None:
        told.append(_said(event, recording, text, stretches))
    else:
        before = [one.text for one in versions.values() if one.version < whole.version and one.text is not None]
        told.append(_revised(event, recording, whole, stretches, old=before[-1] if before else "", now=work.now))
    return await work.services.voice.finish(event, whole, told, function=NAME, now=work.now)


async def _hear_again(event: Event, wanted: RecordingRequested, person: Person, work: Work) -> list[Row]:
    """Begin one more version of a recording: the one named, else the last one of the day, else the last one."""
    store, zone = work.services.voice, ZoneInfo(wanted.zone)
    since = datetime.combine(wanted.day, datetime.min.time(), zone) if wanted.day else datetime.min.replace(tzinfo=UTC)
    until = since + timedelta(days=1) if wanted.day else datetime.max.replace(tzinfo=UTC)
    recording = await store.last_recording(person.party, wanted.recording_id, since, until)
    if recording is None:
        told = _told(event, wanted, no_recording(wanted.day, event.time.astimezone(zone).date()), person) if wanted.ask else []
        return await store.end(event, told, function=NAME, now=work.now)
    versions = await store.versions(recording.id)
    cuts = await store.pieces(recording.id, 1)
    request = {**wanted.model_dump(mode="json"), "asked_at": event.time.isoformat()}
    version = len(versions) + 1
    events = [_cut(event, recording, version, cut, pieces=len(cuts), wanted=wanted) for cut in cuts]
    return await store.hear_again(
        event, recording.id, version, cuts, events, request=request, wanted_model=wanted.model, function=NAME, now=work.now
    )


def _cut(
    event: Event, recording: Recording, version: int, piece: Piece, *, pieces: int, wanted: RecordingRequested | None = None
) -> Event:
    """A piece is to be heard. Who is not to be asked about a difference is not told either when it cannot be heard."""
    told = wanted is None or wanted.ask
    data = AudioCut(
        recording_id=recording.id,
        version=version,
        piece=piece.piece,
        pieces=pieces,
        start_seconds=piece.start_seconds,
        end_seconds=piece.end_seconds,
        model=wanted.model if wanted else "",
        sender=recording.sender if told else "",
        recipient=recording.recipient if told else "",
        channel=recording.channel,
    )
    return _event(event, f"{recording.id}.{version}.{piece.piece}", AUDIO_CUT, data, event.time)


def _progressed(event: Event, cut: AudioCut, recording: Recording, pieces: Sequence[Piece]) -> Event:
    """So much of a recording is heard."""
    done = sum(piece.end_seconds - piece.start_seconds for piece in pieces if piece.segments is not None)
    log.info("progress", extra={"event_id": recording.id, "seconds_done": round(done, 1), "of": round(recording.seconds, 1)})
    data = AudioProgressed(
        recording_id=recording.id, version=cut.version, seconds_done=round(done, 1), seconds=recording.seconds
    )
    return _event(event, f"{event.id}.progressed", AUDIO_PROGRESSED, data, event.time)


def _said(event: Event, recording: Recording, text: str, stretches: tuple[Heard, ...]) -> Event:
    """The words of a recording, as a message of when they were said; where there are none, the answer to that."""
    person = Person(recording.party, recording.sender, recording.recipient, recording.channel)
    if not text:
        return _answer(event, reply_id(recording.id), HEARD_NOTHING, person, asked_at=recording.said_at)
    data = MessageReceived(
        message_id=recording.id,
        channel=recording.channel,
        sender=recording.sender,
        recipient=recording.recipient,
        text=text,
        origin="voice",
        heard=stretches,
    )
    return _event(event, recording.id, MESSAGE_RECEIVED, data, recording.said_at)


def _revised(
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
    return _event(event, f"{recording.id}.revised.{whole.version}", TRANSCRIPT_REVISED, data, now)


def _told(event: Event, wanted: RecordingRequested, body: str, person: Person) -> list[Event]:
    """The answer to who has asked for something; none where nobody is to be answered."""
    return [_answer(event, reply_id(wanted.request_id), body, person, asked_at=event.time)] if person.sender else []


def _answer(event: Event, notification_id: str, body: str, person: Person, *, asked_at: datetime) -> Event:
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
    return _event(event, notification_id, NOTIFICATION_REQUESTED, data, asked_at)


def _event(cause: Event, id_: str, kind: str, data: Data, at: datetime) -> Event:
    subject = str(getattr(data, "recording_id", "") or getattr(data, "message_id", ""))
    return cause.follow(id=id_, type=kind, source=f"/jotline/{NAME}", subject=subject, data=data, time=at)


@asynccontextmanager
async def _claimed(event: Event, work: Work, lease: timedelta) -> AsyncIterator[bool]:
    """Hold the claim on an event while it is worked on; False when there is nothing (left) to do.

    Raises:
        TryAgain: somebody else is at it. Poison: it has killed its workers, or was too slow for them.
    """
    from shared.voice.whisper import DeadlinePassed

    now = work.services.clock.now()
    begun = await work.services.voice.begin(event, function=NAME, now=now, lease_until=now + lease)
    if begun.finished:
        yield False
        return
    if not begun.attempts:
        wait = (begun.lease_until - now).total_seconds() if begun.lease_until else None
        raise TryAgain("another worker is at it", after_seconds=wait)
    if begun.attempts > WORKERS:
        await _release(event, work, now + lease, "all")  # a replay begins anew
        raise Poison(f"{WORKERS} workers died of it")
    try:
        yield True
    except Poison:
        await _release(event, work, now + lease, "all")
        raise
    except DeadlinePassed as error:
        if begun.attempts < WORKERS:
            await _release(event, work, now + lease, "harm")
            raise TryAgain("it took too long") from error
        await _release(event, work, now + lease, "all")
        raise Poison("it took too long twice") from error
    except (Exception, asyncio.CancelledError):  # cancelled: the process is told to end
        await _release(event, work, now + lease, "nothing")
        raise


async def _release(event: Event, work: Work, lease_until: datetime, counts: Counts) -> None:
    """Let go of a claim; if that cannot be done now, its lease ends by itself."""
    try:
        await work.services.voice.release(event, function=NAME, lease_until=lease_until, counts=counts)
    except DatabaseUnavailable as error:
        log.warning("a claim runs out by itself", extra={"event_id": event.id, "cause": describe(error)})


def _listener(services: Services) -> Listener:
    """Who listens in this process."""
    if not _listening:
        from shared.voice.listener import Listener

        _listening.append(Listener(services.settings.whisper_model, cpu_threads=services.settings.whisper_threads))
    return _listening[0]


handle = serve(
    NAME,
    events={CALL_RECEIVED: remember, AUDIO_RECEIVED: take_in, AUDIO_CUT: listen, RECORDING_REQUESTED: look_after},
    http={"/tick": tick},
    schema="voice",
    apology=apologise,
)
