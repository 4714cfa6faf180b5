"""A person's settings, the reminders to come, and the texts both ways."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BeforeValidator, Field, StrictBool

from shared.language.model import DigestSetting, Setting
from shared.storage import conversations
from shared.todos import operating
from shared.todos.model import Settings
from shared.todos.preferences import TIMES_OF_DAY, in_force
from shared.web import cursors, inputs, values
from shared.web.acting import Act, Done, Me
from shared.web.cursors import Cursor, Limit
from shared.web.describing import answers
from shared.web.models import Shape, TaskOut, task_out
from shared.web.problems import Problem

router = APIRouter(prefix="/api/v1", tags=["Account"])


def _hours(given: object) -> object:
    return None if given is None else values.number(given)


Said = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["08:30"])]


class DigestOut(Shape):
    """The morning digest."""

    on: bool
    at: Said
    days: Literal["every day", "every weekday"]
    channel: Literal["text", "email"]
    email: Annotated[str, Field(description="The address it goes to by mail, once it was confirmed by text.")]


class SettingsOut(Shape):
    """How a person wants it."""

    name: str
    time_zone: Annotated[str, Field(examples=["America/New_York"])]
    time_zone_until: Annotated[date | None, Field(description="Travelling: the last day there.")]
    country: Annotated[str, Field(examples=["US"])]
    clock_hours: Literal[12, 24]
    day_first: Annotated[bool, Field(description="3/12 is 3 December.")]
    next_weekday: Annotated[
        Literal["following", "nearest"], Field(description='"next friday": of next week, or the nearest one.')
    ]
    remind_before_seconds: Annotated[int, Field(description="So long before its time a todo reminds, unless it says else.")]
    quiet_from: Said | None
    quiet_to: Said | None
    morning: Said
    afternoon: Said
    evening: Said
    tonight: Said
    end_of_day: Said
    digest: DigestOut


class DigestPatch(inputs.Body):
    """Changes of the digest."""

    on: StrictBool | None = None
    at: values.Clock | None = None
    days: Literal["every day", "every weekday"] | None = None
    channel: Annotated[
        Literal["text", "email"] | None, Field(description="By mail only to an address that was confirmed by text.")
    ] = None


class SettingsPatch(inputs.Body):
    """Changes of settings (JSON merge patch). Null: quiet hours end; of the others it changes nothing."""

    name: Annotated[str, Field(max_length=100, pattern=values.LINE)] | None = None
    time_zone: (
        Annotated[
            str,
            Field(max_length=100, pattern=values.LINE, description="An IANA zone, or a place.", examples=["Europe/Berlin"]),
        ]
        | None
    ) = None
    clock_hours: Annotated[Literal[12, 24] | None, BeforeValidator(_hours)] = None
    next_weekday: Literal["following", "nearest"] | None = None
    remind_before_seconds: Annotated[int, Field(ge=0, le=values.YEAR_SECONDS), values.NUMBER] | None = None
    quiet_from: values.Clock | None = None
    quiet_to: values.Clock | None = None
    morning: values.Clock | None = None
    afternoon: values.Clock | None = None
    evening: values.Clock | None = None
    tonight: values.Clock | None = None
    end_of_day: values.Clock | None = None
    digest: DigestPatch | None = None

    def wanted(self, now: Settings) -> list[Setting]:
        """One setting after the other, as a text would change them. `now`: as they are."""
        found: list[Setting] = []
        if self.name is not None:
            found.append(Setting(what="name", name=self.name.strip()))
        if self.time_zone is not None and self.time_zone != now.zone:
            found.append(Setting(what="zone", place=self.time_zone))
        if self.clock_hours:
            found.append(Setting(what="clock", hours=self.clock_hours))
        if self.next_weekday:
            found.append(Setting(what="next_weekday", next_weekday=self.next_weekday))
        if self.remind_before_seconds is not None:
            found.append(Setting(what="remind", remind_before_seconds=self.remind_before_seconds))
        found += [Setting(what="meaning", word=word, at=at) for word in TIMES_OF_DAY if (at := getattr(self, word)) is not None]
        if self.digest:
            found.append(Setting(what="digest", digest=_digest(self.digest, now)))
        return found + self._quiet(now)

    def _quiet(self, now: Settings) -> list[Setting]:
        """Quiet hours have a begin and an end, or there are none."""
        if not self.model_fields_set & {"quiet_from", "quiet_to"}:
            return []
        start = self.quiet_from if "quiet_from" in self.model_fields_set else now.quiet_from
        end = self.quiet_to if "quiet_to" in self.model_fields_set else now.quiet_to
        if start is None or end is None:
            return [Setting(what="quiet", quiet_off=True)]
        return [Setting(what="quiet", quiet_from=start, quiet_to=end)]


def _digest(patch: DigestPatch, now: Settings) -> DigestSetting:
    on = now.digest.on if patch.on is None else patch.on  # by text any word about the digest turns it on
    return DigestSetting(on=on, at=patch.at, days=patch.days, channel=patch.channel)


@router.get(
    "/settings",
    summary="Read the settings",
    operation_id="getSettings",
    response_model=SettingsOut,
)
async def read_settings(request: Request, caller: Me) -> Response:
    """As they are in force now."""
    services = request.app.state.services
    found = await services.todo.settings_of(caller.party)
    if found is None:
        raise Problem(401, "This needs a token that is valid now: sign in again.")
    shown = _settings_out(in_force(found, services.clock.now()))
    return Response(shown.model_dump_json(), media_type="application/json")


@router.patch(
    "/settings",
    summary="Change settings",
    operation_id="updateSettings",
    response_model=SettingsOut,
    responses=answers(404, 409),
)
async def change_settings(patch: SettingsPatch, act: Act) -> Response:
    """As if they were texted one after the other: another zone keeps what the clock on the wall says. One undo takes all back."""
    return await act.carry_out(
        lambda turn: operating.configure(turn, patch.wanted(turn.settings)),
        lambda turn: Done(200, _settings_out(turn.settings).model_dump(mode="json")),
    )


def _settings_out(settings: Settings) -> SettingsOut:
    digest, meanings = settings.digest, settings.meanings
    times: dict[str, Any] = {word: _say(getattr(meanings, word)) for word in TIMES_OF_DAY}
    return SettingsOut(
        name=settings.name,
        time_zone=settings.zone,
        time_zone_until=settings.zone_until,
        country=settings.country,
        clock_hours=meanings.hours,
        day_first=meanings.day_first,
        next_weekday=meanings.next_weekday,
        remind_before_seconds=settings.remind_before_seconds,
        quiet_from=_say(settings.quiet_from),
        quiet_to=_say(settings.quiet_to),
        digest=DigestOut(on=digest.on, at=f"{digest.at:%H:%M}", days=digest.days, channel=digest.channel, email=digest.email),
        **times,
    )


def _say(at: time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"


class ReminderOut(Shape):
    """A reminder to come."""

    id: UUID
    at: AwareDatetime
    task: TaskOut


class ReminderPage(Shape):
    """A page of reminders, the next first."""

    reminders: list[ReminderOut]
    next_cursor: str | None


class Paged(inputs.Body):
    """Which page."""

    limit: Limit = 50
    cursor: Cursor = None


@router.get(
    "/reminders",
    summary="List the reminders to come",
    operation_id="listReminders",
    response_model=ReminderPage,
)
async def list_reminders(request: Request, caller: Me, page: Annotated[Paged, Query()]) -> Response:
    """Each at its second, with its todo."""
    services = request.app.state.services
    now = services.clock.now()
    after = datetime.min.replace(tzinfo=UTC), UUID(int=0)
    if page.cursor:
        key, id_ = cursors.read_uuid(page.cursor, "reminders", cursors.instant)
        after = cursors.instant(key), id_
    settings = await services.todo.settings_of(caller.party)
    found = await services.lists.reminders(caller.user_id, after=after, limit=page.limit + 1)
    more, found = len(found) > page.limit, found[: page.limit]
    in_use = in_force(settings or Settings(), now)
    shown = ReminderPage(
        reminders=[
            ReminderOut(id=one.id, at=one.at, task=task_out(one.task, caller.user_id, in_use, one.reminder_at, now))
            for one in found
        ],
        next_cursor=cursors.write("reminders", found[-1].at.isoformat(), found[-1].id) if more else None,
    )
    return Response(shown.model_dump_json(), media_type="application/json")


class MessageOut(Shape):
    """A text, theirs or ours."""

    id: UUID
    direction: Literal["inbound", "outbound"]
    channel: Annotated[str, Field(examples=["sms"])]
    kind: Annotated[str, Field(description="Of ours: reply, reminder, digest; the words of a code are not shown.")]
    text: str
    status: Annotated[str, Field(examples=["delivered"])]
    media: Annotated[list[str], Field(description="Content types of what was attached.")]
    created_at: AwareDatetime
    sent_at: AwareDatetime | None
    delivered_at: AwareDatetime | None


class MessagePage(Shape):
    """A page of texts, the newest first."""

    messages: list[MessageOut]
    next_cursor: str | None


@router.get(
    "/messages",
    summary="List the texts both ways",
    operation_id="listMessages",
    response_model=MessagePage,
)
async def list_messages(request: Request, caller: Me, page: Annotated[Paged, Query()]) -> Response:
    """The caller's own conversation, the newest first."""
    services = request.app.state.services
    before = None
    if page.cursor:
        key, id_ = cursors.read_uuid(page.cursor, "messages", cursors.instant)
        before = cursors.instant(key), id_
    database = services.messaging.database
    found = await conversations.messages(database, caller.phone, before=before, limit=page.limit + 1)
    more, found = len(found) > page.limit, found[: page.limit]
    shown = MessagePage(
        messages=[
            MessageOut(
                id=one.id,
                direction="inbound" if one.direction == "inbound" else "outbound",
                channel=one.channel,
                kind=one.kind,
                text=one.text,
                status=one.status,
                media=[str(kind) for kind in one.media],
                created_at=one.created_at,
                sent_at=one.sent_at,
                delivered_at=one.delivered_at,
            )
            for one in found
        ],
        next_cursor=cursors.write("messages", found[-1].created_at.isoformat(), found[-1].id) if more else None,
    )
    return Response(shown.model_dump_json(), media_type="application/json")
