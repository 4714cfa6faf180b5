"""Signing in by text: a code is texted to a number, and gives a token to whoever shows it.

    POST /api/v1/login   {"phone": "+12125550142"}                       202, always the same
    POST /api/v1/token   {"phone": "+12125550142", "code": "482913"}     200, an access token and a refresh token
    POST /api/v1/token   {"refresh_token": "jor_..."}                    200, the next two
    POST /api/v1/logout                                                  204, this sign-in ends

Who asks for a code does not learn whether we know the number: the same work is done for one that nobody has (the text alone does
not leave), and the answer comes after the same time.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from shared.events.envelope import Event
from shared.events.ids import outgoing_id
from shared.events.schemas import NOTIFICATION_REQUESTED, NotificationRequested
from shared.messages.phrases import login_code
from shared.runtime.telemetry import count
from shared.storage.sign_in import CODES, Reached
from shared.web import tokens
from shared.web.callers import SIGN_IN, SignedIn, is_admin
from shared.web.describing import answers
from shared.web.problems import Problem

if TYPE_CHECKING:
    from shared.runtime.services import Services
    from shared.storage.outbox import Row

router = APIRouter(prefix="/api/v1", tags=["Sign-in"])

CODE_VALID_FOR: Final = timedelta(minutes=10)
#: No answer to a login comes sooner: what a known number costs more than an unknown one is less.
ANSWER_AFTER_SECONDS = 0.25
#: Tokens are kept by nobody on the way (RFC 6749 section 5.1).
NOT_KEPT: Final = {"cache-control": "no-store"}


def _e164(value: str) -> str:
    """A number as it is dialled, without what people write in between."""
    number = re.sub(r"[\s().-]", "", value)
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise ValueError("must be a phone number with its country, like +12125550142")
    return number


Phone = Annotated[str, Field(max_length=40, examples=["+12125550142"]), AfterValidator(_e164)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LoginAsked(_Asked):
    """Whom to text a code."""

    phone: Phone


class LoginAnswered(BaseModel):
    """What is answered, whoever's number that is."""

    detail: str
    expires_in: int = Field(description="seconds that the code is good for")


class CodeShown(_Asked):
    """The code that was texted."""

    phone: Phone
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["482913"])]


class RefreshShown(_Asked):
    """A refresh token; it is good once."""

    refresh_token: Annotated[str, Field(min_length=1, max_length=200)]


class TokenPair(BaseModel):
    """RFC 6749 section 5.1."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the kind of it
    expires_in: int = Field(description="seconds that the access token is good for")
    refresh_token: str = Field(description="gives the next two; good once, for 30 days")


class SignOut(_Asked):
    """What is to end."""

    everywhere: StrictBool = Field(default=False, description="all sign-ins and personal access tokens, not this sign-in alone")


@router.post("/login", summary="Ask for a code", status_code=202, responses=answers(404))
async def login(request: Request, response: Response, asked: LoginAsked) -> LoginAnswered:
    """Text a code to this number, if it is somebody's here. The answer is the same if it is not."""
    services: Services = request.app.state.services
    response.headers.update(NOT_KEPT)
    answer_at = asyncio.get_running_loop().time() + ANSWER_AFTER_SECONDS
    rows = await _store_code(services, asked.phone)
    if rows is None:
        again = {"retry-after": str(CODES[0][0])}
        raise Problem(429, "Too many codes were asked for with this number. Ask again later.", headers=again)
    await _let_leave(services, rows, answer_at)
    return LoginAnswered(
        detail="If this number is known here, a code is on its way to it.", expires_in=int(CODE_VALID_FOR.total_seconds())
    )


async def _store_code(services: Services, phone: str) -> list[Row] | None:
    """Store a new code, and with it the request to send it, as rows to carry; None when too many were asked for."""
    secret, now, party = _secret(services), services.clock.now(), services.party_of(phone)
    reached = await services.sign_in.reach(party)
    code = f"{secrets.randbelow(1_000_000):06}"
    event = _text(services, party, phone, reached or Reached(), code)
    digest = tokens.code_digest(secret, party, code)
    return await services.sign_in.ask(party, digest, event, now=now, expires_at=now + CODE_VALID_FOR)


async def _let_leave(services: Services, rows: list[Row], answer_at: float) -> None:
    """Carry a text, and go on at the time of all answers. Where it takes longer it goes on alone: the rows are committed."""
    count("sign_in_codes_total")
    leaving = asyncio.create_task(services.carrier.carry(rows))
    _leaving.add(leaving)
    leaving.add_done_callback(_leaving.discard)
    left = max(0.0, answer_at - asyncio.get_running_loop().time())
    await asyncio.gather(asyncio.sleep(left), asyncio.wait({leaving}, timeout=left))


#: Texts on their way to the broker: nobody else holds these tasks.
_leaving: set[asyncio.Task[None]] = set()


def _text(services: Services, party: str, phone: str, reached: Reached, code: str) -> Event:
    """The request to send the code, to where they wrote last. A code that comes late is of no use and does not leave."""
    now = services.clock.now()
    name = f"code-{uuid4()}"
    data = NotificationRequested(
        message_id=outgoing_id(name),
        kind="code",
        channel="whatsapp" if reached.channel == "whatsapp" else "sms",
        sender=reached.ours or services.settings.twilio_from,
        recipient=phone,
        body=login_code(code),
        asked_at=now,
        expires_at=now + CODE_VALID_FOR,
    )
    return Event(
        id=name,
        type=NOTIFICATION_REQUESTED,
        source="/jotline/todo-crud",
        subject=str(data.message_id),
        time=now,
        data=data,
        partitionkey=party,
        correlationid=name,
    )


@router.post("/token", summary="Get tokens", responses=answers(401, 404))
async def token(request: Request, response: Response, shown: CodeShown | RefreshShown) -> TokenPair:
    """A code, or a refresh token, for an access token and a refresh token."""
    services: Services = request.app.state.services
    response.headers.update(NOT_KEPT)
    pair = await (_by_code(services, shown) if isinstance(shown, CodeShown) else _by_refresh(services, shown))
    if pair is None:
        count("sign_ins_refused_total", by="code" if isinstance(shown, CodeShown) else "refresh token")
        raise Problem(401, "That is not valid, or not any more. Ask for a new code with POST /api/v1/login.", headers=SIGN_IN)
    return pair


async def _by_code(services: Services, shown: CodeShown) -> TokenPair | None:
    """The tokens that the right code gives, once."""
    now, party = services.clock.now(), services.party_of(shown.phone)
    expected = await services.sign_in.try_code(party, now=now)
    given = tokens.code_digest(_secret(services), party, shown.code)
    if not hmac.compare_digest(expected.encode(), given.encode()):
        return None
    session, refresh = tokens.refresh_token()
    found = await services.sign_in.begin(
        party, given, session=session, digest=tokens.digest(refresh), now=now, valid_for=tokens.REFRESH_FOR
    )
    if found is None:
        return None
    count("sign_ins_total")
    return _pair(services, session, refresh, *found)


async def _by_refresh(services: Services, shown: RefreshShown) -> TokenPair | None:
    """The next tokens of a session."""
    session = tokens.session_of(shown.refresh_token)
    if session is None:
        return None
    _, refresh = tokens.refresh_token(session)
    found = await services.sign_in.renew(
        session,
        tokens.digest(shown.refresh_token),
        replacement=tokens.digest(refresh),
        now=services.clock.now(),
        valid_for=tokens.REFRESH_FOR,
    )
    return _pair(services, session, refresh, *found) if found else None


def _pair(services: Services, session: UUID, refresh: str, user_id: UUID, phone: str) -> TokenPair:
    role: tokens.Role = "admin" if is_admin(services, phone) else "user"
    return TokenPair(
        access_token=tokens.issue(services, user_id, role, session),
        expires_in=int(tokens.VALID_FOR.total_seconds()),
        refresh_token=refresh,
    )


@router.post("/logout", summary="Sign out", status_code=204, responses=answers(403))
async def logout(request: Request, known: SignedIn, asked: SignOut | None = None) -> None:
    """End this sign-in, or everything that was ever given out."""
    services: Services = request.app.state.services
    if asked is not None and asked.everywhere:
        await services.sign_in.revoke_all(known.user_id, services.clock.now())
    elif known.session is not None:
        await services.sign_in.end(known.session)


def _secret(services: Services) -> str:
    """The key of codes.

    Raises:
        Problem: 404, people sign in with another issuer.
    """
    if not services.settings.jwt_secret:
        raise Problem(404, "Nobody signs in here: tokens come from another issuer.")
    return services.settings.jwt_secret
