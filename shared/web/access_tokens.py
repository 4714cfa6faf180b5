"""/api/v1/tokens: personal access tokens, for scripts. One is shown when it is made, and never again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.web import tokens
from shared.web.callers import SignedIn
from shared.web.describing import answers
from shared.web.login import NOT_KEPT
from shared.web.problems import Problem

if TYPE_CHECKING:
    from shared.runtime.services import Services

router = APIRouter(prefix="/api/v1", tags=["Sign-in"])

MOST: Final = 50


class TokenAsked(BaseModel):
    """A token to be made."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["backup script"])]
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] | None = None


class TokenOut(BaseModel):
    """A token, without itself."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="to the minute")


class TokenMade(TokenOut):
    """A token that was just made."""

    token: str = Field(description="the token; it is not shown again")


class TokenList(BaseModel):
    """A person's tokens."""

    tokens: list[TokenOut]


@router.get("/tokens", summary="List access tokens", responses=answers(403))
async def list_tokens(request: Request, known: SignedIn) -> TokenList:
    """The caller's personal access tokens."""
    services: Services = request.app.state.services
    found = await services.sign_in.tokens(known.user_id, services.clock.now())
    return TokenList(
        tokens=[
            TokenOut(id=one.id, name=one.name, created_at=one.created_at, expires_at=one.expires_at, last_used_at=one.used_at)
            for one in found
        ]
    )


@router.post("/tokens", summary="Make an access token", status_code=201, responses=answers(403, 409))
async def make_token(request: Request, response: Response, known: SignedIn, asked: TokenAsked) -> TokenMade:
    """Make a personal access token."""
    services: Services = request.app.state.services
    response.headers.update(NOT_KEPT)
    now, made, token_id = services.clock.now(), tokens.random_token(tokens.PERSONAL), uuid4()
    until = now + timedelta(days=asked.expires_in_days) if asked.expires_in_days else None
    kept = await services.sign_in.make_token(
        known.user_id, token_id, asked.name, tokens.digest(made), now=now, until=until, most=MOST
    )
    if not kept:
        raise Problem(409, f"There are {MOST} tokens already. Revoke one first.")
    return TokenMade(id=token_id, name=asked.name, created_at=now, expires_at=until, last_used_at=None, token=made)


@router.delete("/tokens/{token_id}", summary="Revoke an access token", status_code=204, responses=answers(403, 404))
async def revoke_token(request: Request, known: SignedIn, token_id: UUID) -> None:
    """Revoke a personal access token."""
    services: Services = request.app.state.services
    if not await services.sign_in.revoke(known.user_id, token_id):
        raise Problem(404, "There is no such token.")


@router.delete("/tokens", summary="Revoke all access tokens", status_code=204, responses=answers(403))
async def revoke_tokens(request: Request, known: SignedIn) -> None:
    """Revoke all of the caller's personal access tokens."""
    services: Services = request.app.state.services
    await services.sign_in.revoke_tokens(known.user_id)
