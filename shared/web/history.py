"""GET /api/v1/history: what the caller changed, and when: what "what did I change yesterday" tells by text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.storage.history import Change, HistoryQuery
from shared.web import cursors
from shared.web.acting import Me
from shared.web.cursors import Cursor, Limit
from shared.web.describing import answers
from shared.web.models import Shape
from shared.web.values import Instant

if TYPE_CHECKING:
    from shared.runtime.services import Services

router = APIRouter(prefix="/api/v1", tags=["You"])

ABOUT: Final = "history"

Type = Literal["created", "completed", "reopened", "updated", "deleted", "restored"]
Since = Annotated[Instant | None, Field(description="From then on.")]
Until = Annotated[Instant | None, Field(description="Before then.")]


class HistoryIn(BaseModel):
    """Which changes are asked for: each of these narrows."""

    model_config = ConfigDict(extra="forbid")

    task: Annotated[UUID | None, Field(description="Of one todo, by its `id`.")] = None
    type: Annotated[list[Type], Field(max_length=6, description="Of these kinds; may be said several times.")] = []
    since: Since = None
    until: Until = None
    cursor: Cursor = None
    limit: Limit = 50


class ChangeOut(Shape):
    """One change of one todo."""

    id: Annotated[str, Field(examples=["task.completed-5b0c0a6e-8f0e-5a44-9a0e-6a5d6c5f3f10-2"])]
    at: AwareDatetime
    type: Type
    task_id: UUID
    number: Annotated[int, Field(description="Of the todo, as it is now.")]
    title: Annotated[str, Field(description="Likewise.")]
    version: Annotated[int, Field(description="Of the todo, after the change.")]
    cause: Annotated[str, Field(description="The message or the request that asked for it; one undo takes back one cause.")]
    undoes: Annotated[str | None, Field(description="The cause that this took back.")]
    changed: Annotated[dict[str, Any], Field(description="The fields that differ, after it.")]
    before: Annotated[dict[str, Any], Field(description="The same fields before it.")]


class HistoryPage(Shape):
    """Changes, the newest first."""

    changes: list[ChangeOut]
    next_cursor: Annotated[str | None, Field(description="Ask with `cursor` for what follows; null: that was all.")]


@router.get("/history", summary="What did I change?", operation_id="listHistory", responses=answers(401, 404, 422, 429, 503))
async def history(request: Request, caller: Me, asked: Annotated[HistoryIn, Query()]) -> HistoryPage:
    """Every change of your todos, by text, voice, program or clock. Todos that were deleted are in it, too."""
    services: Services = request.app.state.services
    wanted = HistoryQuery(
        task_id=asked.task,
        types=tuple(asked.type),
        since=asked.since,
        until=asked.until,
        before=int(cursors.read(asked.cursor, ABOUT, _sequence)[0]) if asked.cursor else None,
        limit=asked.limit,
    )
    found, last = await services.history.page(caller.user_id, wanted)
    coming = None if last is None else cursors.write(ABOUT, str(last), "")
    return HistoryPage(changes=[_shown(change) for change in found], next_cursor=coming)


def _sequence(key: str) -> None:
    """See to it that a key is the number of a change.

    Raises:
        ValueError: it is none.
    """
    if not 0 < int(key) < 2**63:
        raise ValueError(key)


def _shown(change: Change) -> ChangeOut:
    return ChangeOut(
        id=change.id,
        at=change.at,
        type=cast("Type", change.type),  # the table has no others
        task_id=change.task_id,
        number=change.number,
        title=change.title,
        version=change.version,
        cause=change.message_id,
        undoes=change.undoes,
        changed=change.changed,
        before=change.before,
    )
