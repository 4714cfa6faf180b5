"""Who asks: the bearer token of a request, checked, and the person it stands for as they are now.

    Authorization: Bearer <JSON Web Token, or a personal access token>

What a JSON Web Token says is checked by `shared.web.tokens`. Here is asked whether that person is still there, has not signed out
everywhere since, and whether the session it came of goes on. An admin is who signed in as one and whose number still stands in
ADMIN_PHONES; a personal access token never is. A token is taken from that header alone: an address ends up in logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.web import tokens
from shared.web.problems import Problem
from shared.web.tokens import BadToken, Claims, Role, issue

if TYPE_CHECKING:
    from shared.runtime.services import Services
    from shared.storage.sign_in import Known

__all__ = ["Admin", "Caller", "KnownCaller", "Role", "SignedIn", "issue", "verify"]

#: A use of a personal access token is written down this often at most.
NOTED_EVERY: Final = timedelta(minutes=1)
SIGN_IN: Final = {"www-authenticate": 'Bearer realm="jotline"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks."""

    user_id: UUID
    party: str  # HMAC of the number: the partition key of every event about this person
    role: Role
    phone: str = ""  # E.164
    expires_at: datetime | None = None  # of the token; None: it is good until it is revoked
    session: UUID | None = None  # the sign-in it came of
    by: Literal["session", "access token"] = "session"


async def verify(services: Services, token: str, claims: Claims | None = None) -> Caller:
    """The caller that a token stands for. `claims`: what it says, where that was read before.

    Raises:
        Problem: 401, the token is no good; without saying why. KeysUnavailable, DatabaseUnavailable: nobody can tell now.
    """
    try:
        if token.startswith(tokens.PERSONAL):
            return await _by_access_token(services, token)
        return await _by_claims(services, claims or await tokens.read(services, token))
    except BadToken:
        raise Problem(401, "This needs a token that is valid now: sign in again.", headers=SIGN_IN) from None


async def _by_claims(services: Services, claims: Claims) -> Caller:
    known = await services.sign_in.stands_for(
        now=services.clock.now(),
        user_id=claims.user_id,
        party=services.party_of(claims.phone) if claims.phone else None,
        session=claims.session,
        since=claims.issued_at,
    )
    if known is None:
        raise BadToken
    return Caller(
        known.user_id,
        known.party,
        "admin" if claims.role == "admin" and is_admin(services, known.phone) else "user",
        phone=known.phone,
        expires_at=claims.expires_at,
        session=claims.session,
    )


async def _by_access_token(services: Services, token: str) -> Caller:
    now, digest = services.clock.now(), tokens.digest(token)
    known = await services.sign_in.stands_for(now=now, digest=digest)
    if known is None:
        raise BadToken
    await _note_use(services, known, digest, now)
    return Caller(known.user_id, known.party, "user", phone=known.phone, expires_at=known.expires_at, by="access token")


async def _note_use(services: Services, known: Known, digest: str, now: datetime) -> None:
    if known.used_at is None or abs(now - known.used_at) > NOTED_EVERY:
        await services.sign_in.note_use(digest, now)


def is_admin(services: Services, phone: str) -> bool:
    """Whether the person with this number is an admin."""
    return phone in services.settings.admins


_bearer = HTTPBearer(auto_error=False, description="A token from POST /api/v1/token, or a personal access token.")


async def caller(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Caller:
    """The caller of a request, for routes that need one.

    Raises:
        Problem: 401.
    """
    if given is None:
        raise Problem(401, "This needs a token: sign in with POST /api/v1/login.", headers=SIGN_IN)
    token, claims = request.scope.get("state", {}).get("claims", ("", None))  # as the rate limit has read it
    found = await verify(request.app.state.services, given.credentials, claims if token == given.credentials else None)
    request.state.caller = found  # whoever is denied something later on is known
    return found


KnownCaller = Annotated[Caller, Depends(caller)]


async def admin(known: KnownCaller) -> Caller:
    """The caller of a request, who must be an admin.

    Raises:
        Problem: 401, 403.
    """
    if known.role != "admin":
        raise Problem(403, "This is for admins.")
    return known


async def signed_in(known: KnownCaller) -> Caller:
    """The caller of a request, who must have signed in: a script's token makes no further tokens.

    Raises:
        Problem: 401, 403.
    """
    if known.by != "session":
        raise Problem(403, "This needs a sign-in; a personal access token is not enough.")
    return known


Admin = Annotated[Caller, Depends(admin)]
SignedIn = Annotated[Caller, Depends(signed_in)]
