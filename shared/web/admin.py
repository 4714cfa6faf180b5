"""/api/v1/admin: what happened, for whoever runs this: the audit trail, and dead letters to look at, give out again or discard.

An admin is somebody whose number stands in ADMIN_PHONES and who has signed in. What they do here is in the trail as well. What
people wrote is shown: read it only where it has to be (docs/privacy.md).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.runtime import dead_letters
from shared.runtime.dead_letters import NotReplayable
from shared.storage.audit import Kept, LetterQuery
from shared.storage.trail import BadCursor, TrailQuery
from shared.web import problems, trailing
from shared.web.callers import Admin
from shared.web.cursors import Cursor, Limit
from shared.web.describing import answers
from shared.web.history import Since, Until
from shared.web.models import Shape
from shared.web.problems import Problem

if TYPE_CHECKING:
    from shared.runtime.services import Services
    from shared.storage.audit import DeadLetter

router = APIRouter(prefix="/api/v1/admin", tags=["Admin"])
#: The checklist's spelling.
spelled = APIRouter(prefix="/api/admin", tags=["Admin"])

#: Ids are printable and not endless; whatever else comes is none.
PRINTABLE: Final = r"^[!-~]+$"
Topic = Literal["task-events", "reminders", "task-updates", "messages"]
EventId = Annotated[str, Path(min_length=1, max_length=256, pattern=PRINTABLE, description="The event's id.")]
Printable = Annotated[str, Field(min_length=1, max_length=256, pattern=PRINTABLE)]


class AuditIn(BaseModel):
    """Which rows are asked for: each of these narrows."""

    model_config = ConfigDict(extra="forbid")

    user_id: Annotated[UUID | None, Field(description="Of one person, by id,")] = None
    phone: Annotated[str | None, Field(pattern=r"^\+[1-9][0-9]{6,14}$", description="or by number (E.164).")] = None
    type: Annotated[
        list[Annotated[str, Field(pattern=r"^[a-z._]{1,60}$")]],
        Field(max_length=50, description="Of these types; may be said several times.", examples=[["jotline.task.created"]]),
    ] = []
    topic: Annotated[Topic | None, Field(description="Of this topic.")] = None
    task_id: Annotated[UUID | None, Field(description="About one todo.")] = None
    correlation_id: Annotated[Printable | None, Field(description="All that came of one message or request.")] = None
    since: Since = None
    until: Until = None
    text: Annotated[
        str, Field(max_length=200, pattern=r"^[^\x00]*$", description="With these words, as a search engine takes them.")
    ] = ""
    cursor: Cursor = None
    limit: Limit = 50


class LettersIn(BaseModel):
    """Which dead letters are asked for, likewise."""

    model_config = ConfigDict(extra="forbid")

    function: Annotated[str, Field(pattern=r"^[a-z-]{0,40}$", description="Given up by this function.")] = ""
    topic: Annotated[Topic | None, Field(description="Of this topic.")] = None
    waiting: Annotated[bool | None, Field(description="Those that wait for a person, or the others.")] = None
    cursor: Cursor = None
    limit: Limit = 50


class TrailRowOut(Shape):
    """One thing that happened, or was denied."""

    event_id: str
    type: Annotated[str, Field(examples=["jotline.task.created"])]
    topic: str
    source: Annotated[str, Field(description="The function that told of it.")]
    subject: str
    party: Annotated[str, Field(description="Whose it is: an HMAC of their number; an alias once they have left.")]
    user_id: UUID | None
    task_id: str | None
    actor: Annotated[str, Field(description="person, admin, provider, clock or jotline.")]
    correlation_id: Annotated[str, Field(description="The event that all of it began with: the cause.")]
    traceparent: str
    at: AwareDatetime
    recorded_at: AwareDatetime
    data: Annotated[Any, Field(description="The event's data, without codes.")]


class TrailPageOut(Shape):
    """Rows of the trail, the newest first."""

    rows: list[TrailRowOut]
    next_cursor: Annotated[str | None, Field(description="Ask with `cursor` for what follows; null: that was all.")]


class LetterOut(Shape):
    """An event that a function gave up."""

    event_id: str
    function: str
    type: str
    topic: str
    cause: str
    attempts: int
    first_at: AwareDatetime
    last_at: AwareDatetime
    state: Annotated[Literal["waiting", "replayed", "discarded"], Field(description="Whether it waits for a person.")]
    replayed_at: AwareDatetime | None
    discarded_at: AwareDatetime | None
    reason: Annotated[str, Field(description="Why it was discarded.")]


class FullLetterOut(LetterOut):
    """A dead letter with its content."""

    event: Annotated[Any, Field(description="The event in the CloudEvents JSON format; what came as text where that is none.")]
    traceparent: Annotated[str, Field(description="W3C trace context: where to look in the traces.")]


class LetterPageOut(Shape):
    """Dead letters, those given up last first."""

    dead_letters: list[LetterOut]
    next_cursor: Annotated[str | None, Field(description="Ask with `cursor` for what follows; null: that was all.")]


class LettersOut(Shape):
    """The dead letters of one event: one for each function that gave it up."""

    dead_letters: list[FullLetterOut]


class ReplayedOut(Shape):
    """What a replay came to."""

    event_id: str
    replayed: Annotated[bool, Field(description="False: all of it was done before, and nothing happened now.")]
    functions: Annotated[list[str], Field(description="To whom the event goes again, with the same id.")]
    detail: str


class DiscardIn(BaseModel):
    """Why nobody needs to look at it any more."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$", examples=["a test of ours"])]


class DiscardedOut(Shape):
    """What discarding came to."""

    event_id: str
    discarded: Annotated[bool, Field(description="False: none of it waited any more.")]
    functions: list[str]


class RetryIn(BaseModel):
    """The event to be given out again."""

    model_config = ConfigDict(extra="forbid")

    event_id: Printable


@router.get("/audit", summary="Ask the audit trail", operation_id="queryAudit", responses=answers(401, 403, 422, 429, 503))
async def query_audit(request: Request, _: Admin, asked: Annotated[AuditIn, Query()]) -> TrailPageOut:
    """What happened, the newest first. Rows that come meanwhile do not move a page."""
    services: Services = request.app.state.services
    wanted = TrailQuery(
        user_id=asked.user_id,
        party=services.party_of(asked.phone) if asked.phone else "",
        types=tuple(asked.type),
        topic=asked.topic or "",
        task_id=asked.task_id or "",
        correlation_id=asked.correlation_id or "",
        since=asked.since,
        until=asked.until,
        text=asked.text,
        cursor=asked.cursor or "",
        limit=asked.limit,
    )
    try:
        page = await services.trail.query(wanted)
    except BadCursor:
        raise problems.named("cursor-unfit") from None
    return TrailPageOut(rows=[TrailRowOut.model_validate(asdict(row)) for row in page.rows], next_cursor=page.cursor or None)


@router.get(
    "/dead-letters", summary="List dead letters", operation_id="listDeadLetters", responses=answers(401, 403, 422, 429, 503)
)
async def list_letters(request: Request, _: Admin, asked: Annotated[LettersIn, Query()]) -> LetterPageOut:
    """What could not be worked off, without its content; what was given up last comes first."""
    services: Services = request.app.state.services
    wanted = LetterQuery(
        function=asked.function, topic=asked.topic or "", waiting=asked.waiting, cursor=asked.cursor or "", limit=asked.limit
    )
    try:
        page = await services.audit.letters(wanted)
    except BadCursor:
        raise problems.named("cursor-unfit") from None
    return LetterPageOut(dead_letters=[LetterOut(**_letter(one)) for one in page.letters], next_cursor=page.cursor or None)


@router.get(
    "/dead-letters/{event_id}",
    summary="Show the dead letters of an event",
    operation_id="getDeadLetters",
    responses=answers(401, 403, 404, 422, 429, 503),
)
async def show_letters(request: Request, _: Admin, event_id: EventId) -> LettersOut:
    """With what people wrote: the event as it will be given out again, and the trace to look for."""
    found = await _found(request, event_id)
    return LettersOut(dead_letters=[_in_full(kept) for kept in found])


@router.post(
    "/dead-letters/{event_id}/replay",
    summary="Give an event out again",
    operation_id="replayDeadLetters",
    responses=answers(401, 403, 404, 409, 422, 429, 503),
)
async def replay(request: Request, caller: Admin, event_id: EventId) -> ReplayedOut:
    """To each function that gave it up, with the same id, and to no other. What is on its way already stays so."""
    return await _replayed(request, caller, event_id)


@spelled.post(
    "/dlq/retry",
    summary="Give an event out again",
    operation_id="retryDeadLetter",
    responses=answers(401, 403, 404, 409, 413, 415, 422, 429, 503),
)
async def retry(request: Request, caller: Admin, wanted: RetryIn) -> ReplayedOut:
    """The same as `POST /api/v1/admin/dead-letters/{event_id}/replay`. Asked again it does nothing, and says so."""
    return await _replayed(request, caller, wanted.event_id)


@router.post(
    "/dead-letters/{event_id}/discard",
    summary="Discard the dead letters of an event",
    operation_id="discardDeadLetters",
    responses=answers(401, 403, 404, 413, 415, 422, 429, 503),
)
async def discard(request: Request, caller: Admin, event_id: EventId, wanted: DiscardIn) -> DiscardedOut:
    """Nobody has to look after it any more. It stays to be seen, with the reason, for its topic's time."""
    services: Services = request.app.state.services
    now = services.clock.now()
    done = [
        kept.letter.function
        for kept in await _found(request, event_id)
        if await services.audit.discard(kept, wanted.reason, now)
    ]
    if done:
        await trailing.tell(request, caller, 200)
    return DiscardedOut(event_id=event_id, discarded=bool(done), functions=done)


async def _replayed(request: Request, caller: Admin, event_id: str) -> ReplayedOut:
    """Give an event to each function that gave it up.

    Raises:
        Problem: 404, there is no such letter; 409, none of them can be given out.
    """
    services: Services = request.app.state.services
    now, done, refused = services.clock.now(), [], []
    found = await _found(request, event_id)
    for kept in found:
        try:
            if await dead_letters.replay(services, kept.letter, kept.text, now):
                done.append(kept.letter.function)
        except NotReplayable as error:
            refused.append(f"{kept.letter.function}: {error}")
    if len(refused) == len(found):
        raise problems.named("not-replayable", "; ".join(refused))
    if done:
        await trailing.tell(request, caller, 200)
    detail = f"It goes to {', '.join(done)} again." if done else "It was given out again before; nothing happened now."
    return ReplayedOut(event_id=event_id, replayed=bool(done), functions=done, detail=detail)


async def _found(request: Request, event_id: str) -> list[Kept]:
    """The dead letters of an event.

    Raises:
        Problem: 404, there are none.
    """
    services: Services = request.app.state.services
    found = await services.audit.find(event_id)
    if not found:
        raise Problem(404, "There is no dead letter of that event.")
    return found


def _letter(letter: DeadLetter) -> dict[str, Any]:
    state = "waiting" if letter.waits else "discarded" if letter.discarded_at else "replayed"
    return {**asdict(letter), "state": state}


def _in_full(kept: Kept) -> FullLetterOut:
    try:
        event = json.loads(kept.text)
    except (ValueError, RecursionError):
        event = kept.text
    trace = event.get("traceparent", "") if isinstance(event, dict) else ""
    return FullLetterOut(**_letter(kept.letter), event=event, traceparent=str(trace))
