"""transcribe: recordings become words.

Consumes   jotline.call.received         somebody calls: remembered, for their recording will name only the call
           jotline.audio.received        a recording is to be fetched, checked, kept and cut
           jotline.audio.cut             a piece of at most two minutes is to be heard
           jotline.recording.requested   a person, or who runs this, wants one heard again, all deleted, or kept so long; or they left
           POST /tick                    what was kept long enough is deleted, and what came late of who left
Decides    whether a file is taken, which model hears it, and what of its answer counts as heard. Not what the words mean.
Emits      jotline.message.received (the words, as if they were texted when they were said), jotline.transcript.created, .revised,
           jotline.audio.cut, .progressed, .refused, jotline.notification.requested (nothing was heard, the file is none, what was
           deleted, and the farewell to who left)

Only one piece is heard at a time. Fetching and hearing are claimed with a lease before they begin; who finds a claim whose holder died
tries once more, and a recording that has killed two workers, or was too slow for two, is set aside and its sender told. The last piece
to be heard completes the transcript. What was heard again changes nothing by itself: todo-crud compares, and asks.

    in    {"type": "jotline.audio.received", "id": "MM4f...audio0", "data": {"recording_id": "MM4f...audio0", "sender": "+1212...",
           "url": "https://api.twilio.com/2010-04-01/Accounts/AC.../Messages/MM.../Media/ME..."}}
    out   {"type": "jotline.audio.cut", "data": {"recording_id": "MM4f...audio0", "version": 1, "piece": 0, "pieces": 1, ...}}
    then  {"type": "jotline.message.received", "id": "MM4f...audio0", "data": {"text": "Buy milk.", "origin": "voice", ...}}
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from shared.events.envelope import Event
from shared.events.ids import reply_id
from shared.events.schemas import (
    AUDIO_CUT,
    AUDIO_RECEIVED,
    CALL_RECEIVED,
    RECORDING_REQUESTED,
    AudioCut,
    AudioReceived,
    CallReceived,
    RecordingRequested,
)
from shared.media.errors import MediaRefused
from shared.messages.phrases import CANNOT_READ_FILE, RECORDING_TOO_LONG, no_recording, recordings_deleted, recordings_kept
from shared.policy.outcomes import Poison, TryAgain
from shared.runtime.apology import apologise
from shared.runtime.leases import claimed
from shared.runtime.recordings import drop_samples, keep, samples_of
from shared.runtime.serving import Work, serve
from shared.runtime.spoken import Person, answered, created, farewell, piece_cut, progressed, refused, revised, said, told
from shared.runtime.telemetry import count
from shared.storage.outbox import Row
from shared.storage.voice import Piece, Recording
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
#: A call's recording comes within minutes of it.
CALLS_KEPT = timedelta(days=7)
#: Recordings deleted at once.
AT_ONCE = 100
#: The titles of so many open todos are expected to be spoken of.
TITLES, TITLES_LENGTH = 12, 300

log = logging.getLogger("jotline")
#: Who listens in this process, once somebody has to.
_listening: list[Listener] = []


async def remember(event: Event, work: Work) -> None:
    """Somebody calls: their recording will be here in a minute, so the model is loaded meanwhile."""
    await work.services.voice.keep_call(event, cast(CallReceived, event.data), function=NAME, now=work.now)
    with suppress(TryAgain):
        await _listener(work.services).model()


async def take_in(event: Event, work: Work) -> None:
    """Fetch a recording, look at it, keep it, and have its pieces heard."""
    audio, store = cast(AudioReceived, event.data), work.services.voice
    async with claimed(event, work, FETCH_LEASE, function=NAME) as mine:
        if not mine:
            return
        person = await _person_of(event, audio, work)
        event = replace(event, partitionkey=person.party)
        if await _has_left(event, work):
            return
        try:
            recording, cuts = await keep(event, audio, person, work)
        except MediaRefused as refusal:
            log.info("recording refused", extra={"event_id": event.id, "why": refusal.reason, "cause": str(refusal)})
            count("recordings_refused_total", why=refusal.reason)
            # What is larger than 16 MB is longer, too, but for music; and a shorter one is what helps.
            body = RECORDING_TOO_LONG if refusal.reason in ("too_long", "too_large") else CANNOT_READ_FILE
            reply = answered(event, reply_id(audio.recording_id), body, person, asked_at=event.time)
            ends = [refused(event, audio.recording_id, refusal), reply]
            rows = await store.end(event, ends, function=NAME, now=work.now)
        else:
            events = [piece_cut(event, recording, 1, cut, pieces=len(cuts)) for cut in cuts]
            rows = await store.keep_recording(event, recording, cuts, events, function=NAME, now=work.now)
            log.info(
                "recording kept", extra={"event_id": event.id, "seconds": round(recording.seconds, 1), "pieces": len(cuts)}
            )
        await work.services.carrier.carry(rows)
    await _delete_if_left(event, audio.recording_id, work)


async def listen(event: Event, work: Work) -> None:
    """Hear a piece; whoever hears the last one completes the transcript."""
    cut, store, listener = cast(AudioCut, event.data), work.services.voice, _listener(work.services)
    seconds = HEAR_SECONDS + HEAR_FACTOR * (cut.end_seconds - cut.start_seconds)
    async with listener.turn:
        await listener.model(cut.model)  # before the claim: a model that has to be fetched takes minutes
        async with claimed(event, work, timedelta(seconds=seconds + AROUND_SECONDS), function=NAME) as mine:
            if not mine:
                return
            recording = await store.recording(cut.recording_id)
            pieces = await store.pieces(cut.recording_id, cut.version)
            gone = recording is None or recording.audio is None or cut.piece >= len(pieces)
            if recording is None or gone or await work.services.departed_voices.gone(recording.party, recording.said_at):
                drop_samples(cut.recording_id)
                await store.end(event, (), function=NAME, now=work.now)
                return
            if pieces[cut.piece].segments is None:
                await store.keep_piece(cut.recording_id, cut.version, await _hear(cut, recording, work, seconds))
                pieces = await store.pieces(cut.recording_id, cut.version)
            if any(piece.segments is None for piece in pieces):
                rows = await store.end(event, [progressed(event, cut, recording, pieces)], function=NAME, now=work.now)
            else:
                rows = await _complete(event, cut, recording, pieces, work)
            await work.services.carrier.carry(rows)


async def look_after(event: Event, work: Work) -> None:
    """Do what is wanted of recordings that are kept."""
    wanted, store = cast(RecordingRequested, event.data), work.services.voice
    person = Person(event.partitionkey, wanted.sender, wanted.recipient, wanted.channel)
    async with claimed(event, work, FETCH_LEASE, function=NAME) as mine:
        if not mine or (wanted.left is None and await _has_left(event, work)):
            return
        match wanted.action:
            case "forget":
                rows = await _forget(event, wanted, person, work)
            case "hear_again":
                rows = await _hear_again(event, wanted, person, work)
            case "delete":
                found = [one for one, _ in await store.audio_of(person.party)]
                await work.services.audio.delete_all(person.party)
                answer = told(event, wanted, recordings_deleted(len(found)), person)
                rows = await store.delete(event, found, answer, function=NAME, now=work.now)
            case _:
                days = wanted.days if wanted.days is not None else work.services.settings.keep_audio_days
                answer = told(event, wanted, recordings_kept(days), person)
                rows = await store.keep_days(event, person.party, wanted.days, answer, function=NAME, now=work.now)
        await work.services.carrier.carry(rows)


async def _forget(event: Event, wanted: RecordingRequested, person: Person, work: Work) -> list[Row]:
    """Somebody left: all they said goes, audio first, and what else is known here; then notify has the last word."""
    if wanted.left is None:
        raise Poison("it is not said who left")
    departed = work.services.departed_voices
    found = await departed.depart(person.party, wanted.left)
    new = {one for one, _ in await work.services.voice.audio_of(person.party)} - {one for one, _ in found}
    if work.services.settings.audio_store_url:  # else nothing was ever kept
        await work.services.audio.delete(key for _, key in found if key)
        if not new:  # then what a worker left behind goes too that died before it was written down
            await work.services.audio.delete_all(person.party)
    await departed.forget_rest(person.party, person.sender, wanted.left)
    left = wanted.left.model_copy(update={"recordings": len(found)})
    last = [farewell(event, left, person)]
    return await work.services.voice.delete(event, [one for one, _ in found], last, function=NAME, now=work.now)


async def _has_left(event: Event, work: Work) -> bool:
    """Whether whoever this is about has left since; then there is nothing to be done about it, and that is written down."""
    if not await work.services.departed_voices.gone(event.partitionkey, event.time):
        return False
    await work.services.voice.end(event, (), function=NAME, now=work.now)
    return True


async def _delete_if_left(event: Event, recording_id: str, work: Work) -> None:
    """Delete a recording that was being kept when its person left: whoever forgets them may not have seen it."""
    services = work.services
    kept = await services.voice.recording(recording_id)
    if kept is not None and await services.departed_voices.gone(kept.party, event.time):
        await services.audio.delete([kept.audio] if kept.audio else [])
        await services.departed_voices.delete([recording_id])


async def tick(request: Request, services: Services) -> Response:
    """Delete the audio that was kept long enough. What was heard in it stays, as the texts do."""
    from starlette.responses import Response

    now, store = services.clock.now(), services.voice
    while found := await store.expired(now, days=services.settings.keep_audio_days, limit=AT_ONCE):
        await services.audio.delete(key for _, key in found)
        await store.forget_audio([one for one, _ in found])
        log.info("recordings kept long enough are deleted", extra={"recordings": len(found)})
    while late := await services.departed_voices.late(AT_ONCE):  # being kept when their person left
        await services.audio.delete(key for _, key in late if key)
        await services.departed_voices.delete([one for one, _ in late])
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


async def _hear(cut: AudioCut, recording: Recording, work: Work, seconds: float) -> Piece:
    """What is said in a piece.

    Raises:
        DeadlinePassed: it took too long. Poison: the audio is gone.
    """
    listener = _listener(work.services)
    whisper = await listener.model(cut.model)
    hotwords = await _hotwords(recording.party, work)
    samples = await samples_of(cut, recording, work)
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
    words, probability = sum(len(segment.words) for segment in segments), transcript.mean_probability(segments)
    events = [created(event, recording, whole, words=words, probability=probability, now=work.now)]
    if whole.request is None:
        events.append(said(event, recording, text, stretches))
    else:
        before = [one.text for one in versions.values() if one.version < whole.version and one.text is not None]
        events.append(revised(event, recording, whole, stretches, old=before[-1] if before else "", now=work.now))
    return await work.services.voice.finish(event, whole, events, function=NAME, now=work.now)


async def _hear_again(event: Event, wanted: RecordingRequested, person: Person, work: Work) -> list[Row]:
    """Begin one more version of a recording: the one named, else the last one of the day, else the last one."""
    store, zone = work.services.voice, ZoneInfo(wanted.zone)
    since = datetime.combine(wanted.day, datetime.min.time(), zone) if wanted.day else datetime.min.replace(tzinfo=UTC)
    until = since + timedelta(days=1) if wanted.day else datetime.max.replace(tzinfo=UTC)
    recording = await store.last_recording(person.party, wanted.recording_id, since, until)
    if recording is None:
        answer = told(event, wanted, no_recording(wanted.day, event.time.astimezone(zone).date()), person) if wanted.ask else []
        return await store.end(event, answer, function=NAME, now=work.now)
    versions = await store.versions(recording.id)
    cuts = await store.pieces(recording.id, 1)
    request = {**wanted.model_dump(mode="json"), "asked_at": event.time.isoformat()}
    version = len(versions) + 1
    events = [piece_cut(event, recording, version, cut, pieces=len(cuts), wanted=wanted) for cut in cuts]
    return await store.hear_again(
        event, recording.id, version, cuts, events, request=request, wanted_model=wanted.model, function=NAME, now=work.now
    )


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
