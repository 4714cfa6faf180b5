"""Everything that is kept of the caller, to take along; and their calendar, for programs that show one.

    GET /api/v1/export?format=json      all of it: settings, todos and their history, reminders, messages, recordings, transcripts
    GET /api/v1/export?format=todotxt   the todos, a line each (`shared.todos.todo_txt`)
    GET /api/v1/export?format=ical      the todos as VTODO (`shared.web.calendars`)
    GET /api/v1/calendar.ics            the open todos that have a date, as VEVENT, with a token
    POST /api/v1/calendar               a secret address of the same, for programs that can send no token

An export is written while it is read from the database. It breaks off where that goes away: what has its end is whole.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from shared.storage.exports import PARTS, Owner
from shared.todos import todo_txt
from shared.todos.preferences import in_force
from shared.web import calendars, trailing
from shared.web.acting import IfNoneMatch, Me, fits
from shared.web.callers import SignedIn
from shared.web.describing import Described, answers
from shared.web.models import Shape
from shared.web.problems import Problem

if TYPE_CHECKING:
    from shared.runtime.services import Services
    from shared.todos.model import Settings

router = APIRouter(prefix="/api/v1", tags=["You"])

CALENDAR: Final = "text/calendar; charset=utf-8"
PRIVATE: Final = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
#: Bytes of a key: nobody guesses 192 bits.
KEY_BYTES: Final = 24
Kind = Literal["json", "todotxt", "ical"]
MEDIA: Final[dict[Kind, tuple[str, str]]] = {
    "json": ("application/json", "json"),
    "todotxt": ("text/plain; charset=utf-8", "txt"),
    "ical": (CALENDAR, "ics"),
}
Parts = list[dict[str, Any]]


class ExportOut(Shape):
    """All that is kept of a person. Rows are as they are stored: fields may be added."""

    exported_at: datetime
    person: Annotated[dict[str, Any], Field(description="Number, settings, and what the conversation is about.")]
    tasks: Annotated[Parts, Field(description="Todos: open, done and deleted.")]
    task_events: Annotated[Parts, Field(description="Every change of every todo, oldest first.")]
    reminders: Parts
    sign_ins: Parts
    access_tokens: Annotated[Parts, Field(description="Personal access tokens, without themselves.")]
    calendar: Annotated[Parts, Field(description="The secret address of the calendar, without itself.")]
    messages: Annotated[Parts, Field(description="Texts both ways, with what the provider reported.")]
    mails: Parts
    consents: Annotated[Parts, Field(description="STOP and START.")]
    recordings: Annotated[Parts, Field(description="Voice notes and calls with their transcripts; the sound is not in it.")]
    calls: Annotated[Parts, Field(description="Of the last week.")]
    recordings_kept: Annotated[Parts, Field(description="For how many days, where that was said.")]


class CalendarOut(Shape):
    """An address that shows your calendar to whoever has it."""

    url: Annotated[str, Field(examples=["https://jotline.example/api/v1/calendar/4Zx0cYq1.ics"])]


_TEXT: Final[dict[str, Any]] = {"schema": {"type": "string"}}
EXPORTED: Final[Described] = {
    200: {"model": ExportOut, "content": {"text/plain": _TEXT, "text/calendar": _TEXT}, "description": "The file."}
}
SHOWN: Final[Described] = {
    200: {"content": {"text/calendar": _TEXT}, "description": "The calendar."},
    304: {"description": "It is as you know it."},
}


@router.get(
    "/export",
    summary="Take everything along",
    operation_id="export",
    response_class=StreamingResponse,
    responses=EXPORTED | answers(401, 404, 422, 429, 503),
)
async def export(
    request: Request, caller: Me, kind: Annotated[Kind, Query(alias="format", description="Which file.")] = "json"
) -> Response:
    """As JSON everything that is kept of you; as todo.txt or iCalendar your todos, for other programs."""
    services: Services = request.app.state.services
    now = services.clock.now()
    person = await services.exports.person(caller.user_id)
    if person is None:
        raise Problem(401, "This needs a token that is valid now: sign in again.")
    known = json.loads(person)
    media, suffix = MEDIA[kind]
    match kind:
        case "json":
            written = _as_json(services, Owner(caller.user_id, caller.party, known["phone"]), person, now)
        case "todotxt":
            written = _as_todo_txt(services, caller.user_id)
        case _:
            written = _as_todos(services, caller.user_id, _settings(known, now), now)
    name = f"jotline-{now.date().isoformat()}.{suffix}"
    return StreamingResponse(written, 200, {**PRIVATE, "content-disposition": f'attachment; filename="{name}"'}, media)


@router.get(
    "/calendar.ics",
    summary="See your calendar",
    operation_id="getCalendar",
    response_class=Response,
    responses=SHOWN | answers(401, 404, 422, 429, 503),
)
async def calendar(request: Request, caller: Me, if_none_match: IfNoneMatch = None) -> Response:
    """Your open todos with a date, as events: programs that show calendars show no todos."""
    return await _calendar(request, caller.user_id, if_none_match)


@router.post(
    "/calendar",
    status_code=201,
    summary="Make a secret address of your calendar",
    operation_id="createCalendarAddress",
    response_model=CalendarOut,
    responses=answers(401, 403, 404, 422, 429, 503),
)
async def make_address(request: Request, response: Response, caller: SignedIn) -> CalendarOut:
    """For Google Calendar, Apple's Calendar, Outlook and others that cannot send a token. Whoever has it sees your open todos with a
    date. It takes the place of the one before; DELETE ends it, and so does REVOKE TOKENS.
    """  # noqa: D205 - the description of the page
    services: Services = request.app.state.services
    key = token_urlsafe(KEY_BYTES)
    if not await services.exports.keep_feed(caller.user_id, _digest(key), services.clock.now()):
        raise Problem(401, "This needs a token that is valid now: sign in again.")
    await trailing.tell(request, caller, 201)
    response.headers.update(PRIVATE)
    base = services.settings.public_url or str(request.base_url)
    return CalendarOut(url=f"{base.rstrip('/')}/api/v1/calendar/{key}.ics")


@router.delete(
    "/calendar",
    status_code=204,
    summary="End the secret address of your calendar",
    operation_id="deleteCalendarAddress",
    response_class=Response,
    responses=answers(401, 403, 404, 422, 429, 503),
)
async def end_address(request: Request, caller: SignedIn) -> Response:
    """From then on it leads nowhere."""
    services: Services = request.app.state.services
    if not await services.exports.end_feed(caller.user_id):
        raise Problem(404, "There is no such address.")
    await trailing.tell(request, caller, 204)
    return Response(status_code=204)


@router.get(
    "/calendar/{key}.ics",
    summary="See a calendar by its secret address",
    operation_id="getCalendarByAddress",
    response_class=Response,
    responses=SHOWN | answers(404, 422, 429, 503),
)
async def calendar_at(
    request: Request,
    key: Annotated[
        str, Path(min_length=16, max_length=64, pattern="^[A-Za-z0-9_-]+$", description="As POST /api/v1/calendar gave it.")
    ],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The same calendar, for whoever has the address."""
    services: Services = request.app.state.services
    whose = await services.exports.whose_feed(_digest(key))
    if whose is None:
        raise Problem(404, "There is nothing here.")
    return await _calendar(request, whose[0], if_none_match)


async def _calendar(request: Request, user_id: UUID, if_none_match: str | None) -> Response:
    """A person's calendar, unless it is as it was."""
    services: Services = request.app.state.services
    now = services.clock.now()
    person = await services.exports.person(user_id)
    settings = _settings(json.loads(person or '{"settings": {}}'), now)
    text = "".join([part async for part in _as_events(services, user_id, settings, now)])
    etag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"cache-control": "private, max-age=300", "etag": etag, "x-content-type-options": "nosniff"}
    if if_none_match is not None and fits(if_none_match, etag, weakly=True):
        return Response(status_code=304, headers=headers)
    return Response(text, 200, headers, CALENDAR)


async def _as_json(services: Services, owner: Owner, person: str, now: datetime) -> AsyncIterator[str]:
    """One object, a row a line."""
    yield f'{{"exported_at": {json.dumps(now.isoformat())},\n"person": {person}'
    for part in PARTS:
        yield f',\n"{part}": ['
        first = True
        async for row in services.exports.rows(part, owner):
            yield f"{'' if first else ','}\n{row}"
            first = False
        yield "]"
    yield "}\n"


async def _as_todo_txt(services: Services, user_id: UUID) -> AsyncIterator[str]:
    async for one in services.exports.tasks(user_id):
        yield f"{todo_txt.line(one.task)}\n"


async def _as_todos(services: Services, user_id: UUID, settings: Settings, now: datetime) -> AsyncIterator[str]:
    """A calendar of VTODOs. The rules of zones come last: by then it is known which. No calendar is empty (RFC 5545 section 3.6)."""
    zones = {settings.zone: None}
    yield calendars.head("Jotline")
    async for one in services.exports.tasks(user_id):
        zones |= dict.fromkeys(calendars.zones_of(one.task))
        yield calendars.todo(one.task, settings, one.changed_at)
    for zone in zones:
        yield calendars.zone_rules(zone, now)
    yield calendars.TAIL


async def _as_events(services: Services, user_id: UUID, settings: Settings, now: datetime) -> AsyncIterator[str]:
    """A calendar of VEVENTs, likewise."""
    zones = {settings.zone: None}
    yield calendars.head("Jotline")
    async for one in services.exports.tasks(user_id, with_a_date=True):
        zones |= dict.fromkeys(calendars.zones_of(one.task))
        yield calendars.event(one.task, one.changed_at)
    for zone in zones:
        yield calendars.zone_rules(zone, now)
    yield calendars.TAIL


def _settings(known: dict[str, Any], now: datetime) -> Settings:
    from shared.todos.model import Settings

    return in_force(Settings.model_validate(known["settings"], strict=False), now)


def _digest(key: str) -> str:
    """What a key is recognised by."""
    return sha256(key.encode()).hexdigest()
