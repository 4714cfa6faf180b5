"""DELETE /api/v1/me: everything about the caller is deleted, as by text (`shared.runtime.leaving`), and asked for in one request."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.todos import leaving
from shared.todos.model import Decision
from shared.web.acting import Act, Done
from shared.web.describing import answers
from shared.web.models import Shape

router = APIRouter(prefix="/api/v1", tags=["You"])

WORDS: Final = "DELETE ME NOW"


class LeaveIn(BaseModel):
    """That it is meant."""

    model_config = ConfigDict(extra="forbid")

    confirm: Annotated[Literal["DELETE ME NOW"], Field(description="These words: nothing brings back what they delete.")]


class LeftOut(Shape):
    """It is on its way."""

    receipt: Annotated[str, Field(description="The code in the last text, which says what was deleted.", examples=["7F3K"])]


@router.delete(
    "/me",
    status_code=202,
    summary="Delete everything about me",
    operation_id="deleteMe",
    response_model=LeftOut,
    responses=answers(401, 404, 413, 415, 422, 429, 503),
)
async def leave(_: LeaveIn, act: Act) -> Response:
    """Todos, settings and tokens are gone with the answer; recordings, transcripts and messages follow within seconds, and then a last
    text with the receipt. The audit trail keeps what happened, and no longer who it was.
    """  # noqa: D205 - the description of the page

    def answer(decision: Decision) -> Done:
        return Done(202, {"receipt": decision.leaving})

    return await act.settle(lambda person: leaving.at_once(person, act.request_id), answer)
