"""Tokens: made, and read as far as they tell by themselves; whom they stand for today is the database's to say (`callers`).

A JSON Web Token is good for a quarter of an hour. Ours are signed with HS256 and JWT_SECRET. Somebody else's are taken when they are
signed with that same secret, or with a key that JWKS_URL publishes (RS256, ES256, EdDSA), and name JWT_ISSUER and JWT_AUDIENCE.
Which key is used follows from the settings and the algorithm alone, never from what else a token says of its key: `jku`, `x5u` and
`jwk` are not looked at (RFC 8725 section 3). A refresh token (`jor_...`) and a personal access token (`jot_...`) are random.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal
from uuid import UUID, uuid4

import jwt

from shared.web.keys import ASYMMETRIC, keys_of

if TYPE_CHECKING:
    from shared.runtime.services import Services

VALID_FOR: Final = timedelta(minutes=15)
REFRESH_FOR: Final = timedelta(days=30)
#: How far another machine's clock may be ahead of ours.
LEEWAY_SECONDS: Final = 60
#: A token longer than this is nobody's.
LONGEST: Final = 8192
PERSONAL: Final = "jot_"
REFRESH: Final = "jor_"

Role = Literal["user", "admin"]


class BadToken(Exception):
    """This is no token, or not one of ours, or its time is over. Whoever shows it is not told which."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a JSON Web Token says, checked."""

    user_id: UUID | None
    phone: str | None  # E.164, verified by its issuer, where it names no user
    session: UUID | None
    role: Role
    issued_at: datetime
    expires_at: datetime


def issue(services: Services, user_id: UUID, role: Role = "user", session: UUID | None = None) -> str:
    """A JSON Web Token for a person, good for `VALID_FOR` from now, or until its session ends.

    Raises:
        BadSettings: JWT_SECRET is not set.
    """
    known = services.settings
    known.require("jwt_secret")
    now = services.clock.now()
    claims = {
        "sub": str(user_id),
        "role": role,
        "iss": known.jwt_issuer,
        "aud": known.jwt_audience,
        "iat": now.timestamp(),
        "exp": (now + VALID_FOR).timestamp(),
    }
    return jwt.encode(claims | ({"sid": str(session)} if session else {}), known.jwt_secret, algorithm="HS256")


async def read(services: Services, token: str) -> Claims:
    """What a JSON Web Token says, once its signature, its time, its issuer and its audience are found good.

    Raises:
        BadToken: it is not. KeysUnavailable: nobody can tell now.
    """
    if len(token) > LONGEST:
        raise BadToken
    known = services.settings
    try:
        algorithm, key = await _key(services, jwt.get_unverified_header(token))
        # Its times are checked here: by the services' own clock, which may be a simulated one.
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=known.jwt_audience,
            issuer=known.jwt_issuer,
            options={"require": ["exp", "iat"], "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        return _claims(claims, services.clock.now())
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError, RecursionError):
        raise BadToken from None


async def _key(services: Services, header: dict[str, Any]) -> tuple[str, Any]:
    """The one algorithm this token may have, and the key for it.

    Raises:
        BadToken: there is none. KeysUnavailable: nobody can tell now.
    """
    known, algorithm = services.settings, header.get("alg")
    if algorithm == "HS256" and known.jwt_secret:
        return algorithm, known.jwt_secret
    if algorithm in ASYMMETRIC and known.jwks_url:
        key = await keys_of(services).find(header.get("kid"), algorithm)
        if key is not None:
            return algorithm, key
    raise BadToken


def _claims(claims: dict[str, Any], now: datetime) -> Claims:
    """The claims, as far as they matter here (RFC 7519 section 4.1, OpenID Connect Core section 5.1).

    Raises:
        BadToken, ValueError, TypeError, OverflowError: they make no sense, or not now.
    """
    issued, expires, begins = claims["iat"], claims["exp"], claims.get("nbf", 0)
    instant = now.timestamp()
    if any(
        isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one) for one in (issued, expires, begins)
    ):
        raise BadToken
    if not (max(issued, begins) - LEEWAY_SECONDS <= instant < expires):
        raise BadToken
    user_id, phone = _named(claims)
    session = claims.get("sid")
    return Claims(
        user_id=user_id,
        phone=phone,
        session=_uuid(session),
        role="admin" if claims.get("role") == "admin" else "user",
        issued_at=datetime.fromtimestamp(issued, UTC),
        expires_at=datetime.fromtimestamp(min(expires, instant + 10 * 366 * 86400), UTC),
    )


def _named(claims: dict[str, Any]) -> tuple[UUID | None, str | None]:
    """Whom a token is about: our id of them in `sub` or `user_id`, else a number that its issuer has verified.

    Raises:
        BadToken: nobody.
    """
    for name in ("sub", "user_id"):
        if found := _uuid(claims.get(name)):
            return found, None
    phone = claims.get("phone_number")
    if isinstance(phone, str) and claims.get("phone_number_verified") is True:
        return None, phone
    raise BadToken


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def random_token(prefix: str) -> str:
    """256 random bits that nobody guesses."""
    return prefix + secrets.token_urlsafe(32)


def refresh_token(session: UUID | None = None) -> tuple[UUID, str]:
    """A refresh token, and the session it names: a new one, unless it goes on."""
    named = session or uuid4()
    return named, random_token(f"{REFRESH}{named.hex}_")


def session_of(token: str) -> UUID | None:
    """The session that a refresh token names; None for what is no refresh token."""
    named, _, rest = token.removeprefix(REFRESH).partition("_")
    return _uuid(named) if token.startswith(REFRESH) and rest and len(token) < LONGEST else None


def digest(token: str) -> str:
    """What a random token is recognised by: there is too much in it to be tried out, so no key and no slow hash is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def code_digest(secret: str, party: str, code: str) -> str:
    """What a code is recognised by: HMAC-SHA-256, for a million codes are soon tried without the key."""
    return hmac.new(secret.encode(), f"sign-in code/{party}/{code}".encode(), hashlib.sha256).hexdigest()
