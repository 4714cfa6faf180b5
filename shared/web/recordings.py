"""A person's recordings, what was heard in them each time, and hearing one again."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import uuid5

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime, Field

from shared.events.schemas import RECORDING_REQUESTED, RecordingRequested
from shared.storage import conversations
from shared.storage.conversations import Heard
from shared.web import cursors, trailing
from shared.web.account import Paged
from shared.web.acting import Act, Me
from shared.web.describing import answers
from shared.web.models import Shape
from shared.web.problems import named

router = APIRouter(prefix="/api/v1/recordings", tags=["Recordings"])

RecordingId = Annotated[
    str, Path(description="The recording's `id`.", pattern="^[A-Za-z0-9._-]+$", min_length=1, max_length=100)
]
_PLACE: Final = "recordings"


class RecordingOut(Shape):
    """Something that was spoken."""

    id: str
    said_at: AwareDatetime
    seconds: float
    channel: Annotated[str, Field(examples=["whatsapp"])]
    content_type: str
    kept: Annotated[bool, Field(description="Whether the sound itself is still kept: then it can be heard again.")]
    text: Annotated[str | None, Field(description="What was heard in it last; null: it was not heard yet.")]


class RecordingPage(Shape):
    """A page of recordings, the newest first."""

    recordings: list[RecordingOut]
    next_cursor: str | None


class TranscriptOut(Shape):
    """One hearing of a recording."""

    version: Annotated[int, Field(ge=1)]
    text: Annotated[str | None, Field(description="Null: it is being heard.")]
    language: str | None
    model: str | None
    finished_at: AwareDatetime | None


class Transcripts(Shape):
    """Every hearing of a recording, the first one first."""

    transcripts: list[TranscriptOut]


class Asked(Shape):
    """A recording is to be heard again."""

    request_id: str


@router.get(
    "",
    summary="List the recordings",
    operation_id="listRecordings",
    response_model=RecordingPage,
)
async def list_recordings(request: Request, caller: Me, page: Annotated[Paged, Query()]) -> Response:
    """The caller's own, the newest first."""
    database = request.app.state.services.voice.database
    before = None
    if page.cursor:
        key, name = cursors.read(page.cursor, _PLACE, cursors.instant)
        before = cursors.instant(key), name
    found = await conversations.recordings(database, caller.party, before=before, limit=page.limit + 1)
    more, found = len(found) > page.limit, found[: page.limit]
    shown = RecordingPage(
        recordings=[_shown(one) for one in found],
        next_cursor=cursors.write(_PLACE, found[-1].said_at.isoformat(), found[-1].id) if more else None,
    )
    return Response(shown.model_dump_json(), media_type="application/json")


@router.get(
    "/{recording_id}",
    summary="Read a recording",
    operation_id="getRecording",
    response_model=RecordingOut,
    responses=answers(404),
)
async def read_recording(request: Request, caller: Me, recording_id: RecordingId) -> Response:
    """With what was heard in it last."""
    return Response(_shown(await _own(request, caller.party, recording_id)).model_dump_json(), media_type="application/json")


@router.get(
    "/{recording_id}/transcripts",
    summary="List what was heard in a recording",
    operation_id="listTranscripts",
    response_model=Transcripts,
    responses=answers(404),
)
async def list_transcripts(request: Request, caller: Me, recording_id: RecordingId) -> Response:
    """Every time it was heard."""
    own = await _own(request, caller.party, recording_id)
    versions = await request.app.state.services.voice.versions(own.id)
    shown = Transcripts(
        transcripts=[
            TranscriptOut(
                version=one.version, text=one.text, language=one.language, model=one.model, finished_at=one.finished_at
            )
            for one in versions
        ]
    )
    return Response(shown.model_dump_json(), media_type="application/json")


@router.post(
    "/{recording_id}/reprocess",
    status_code=202,
    summary="Hear a recording again",
    operation_id="reprocessRecording",
    response_model=Asked,
    responses=answers(404, 409),
)
async def reprocess(request: Request, act: Act, recording_id: RecordingId) -> Response:
    """It takes a while; the person is asked by text about what is heard differently, and nothing changes until they agree."""
    own = await _own(request, act.caller.party, recording_id)
    if not own.kept:
        raise named("recording-gone")
    whole = await act.services.voice.recording(own.id)
    if whole is None:
        raise named("recording-unknown")
    cause = trailing.request_made(request, act.caller, act.now, 202)
    # The same key asks once: transcribe takes a request of one id once.
    wanted = f"reprocess-{uuid5(act.caller.user_id, act.key)}" if act.key else f"{act.request_id}.recording"
    data = RecordingRequested(
        request_id=wanted,
        action="hear_again",
        recording_id=own.id,
        sender=whole.sender,
        recipient=whole.recipient,
        channel=whole.channel,
    )
    event = cause.follow(id=wanted, type=RECORDING_REQUESTED, source=f"/jotline/{trailing.NAME}", subject=own.id, data=data)
    rows = await act.services.voice.outbox.append(event)
    rows += await act.services.todo.outbox.append(cause)
    await act.services.carrier.carry(rows)
    return Response(Asked(request_id=wanted).model_dump_json(), 202, media_type="application/json")


async def _own(request: Request, party: str, recording_id: str) -> Heard:
    """The caller's recording of that id.

    Raises:
        Problem: 404, they have none.
    """
    database = request.app.state.services.voice.database
    found = await conversations.recordings(database, party, recording_id=recording_id)
    if not found:
        raise named("recording-unknown")
    return found[0]


def _shown(one: Heard) -> RecordingOut:
    return RecordingOut(
        id=one.id,
        said_at=one.said_at,
        seconds=one.seconds,
        channel=one.channel,
        content_type=one.content_type,
        kept=one.kept,
        text=one.text,
    )
