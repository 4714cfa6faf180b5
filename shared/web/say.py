"""Plain English over HTTP: `understand` says what a text would do, `say` does it.

`say` is one more message of the person's conversation: a question that it asks can be answered by text, and the other way round. The
reply stands in the answer and is not texted; what concerns recordings is answered by text, by whoever has them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from pydantic import Field

from shared.events.envelope import Event
from shared.language import understand
from shared.language.model import Command, Intent, Moment, Priority, Understanding
from shared.runtime import wishes
from shared.todos.decide import decide, needs_history
from shared.todos.model import Decision, Heard, Person
from shared.todos.newcomer import zone_at
from shared.todos.preferences import in_force
from shared.web import inputs
from shared.web.acting import Act, Done, Me
from shared.web.describing import answers
from shared.web.models import Shape, TaskOut, When
from shared.web.problems import Problem, named
from shared.web.trailing import NAME, request_id
from shared.web.values import TEXT

router = APIRouter(prefix="/api/v1", tags=["Plain English"])

#: As long as the longest text a phone sends (Twilio: 1,600 characters).
LONGEST = 1600


class Words(inputs.Body):
    """A text, as it would be texted."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=TEXT, examples=["buy milk tomorrow 5pm #shop"])]


class CommandOut(Shape):
    """One thing that was understood."""

    intent: Intent
    text: Annotated[str, Field(description="The words it came from.")]
    title: str
    due_date: When | None
    end_date: When | None
    recurring_pattern: str | None
    priority: Priority | None
    tags: list[str]
    description: str
    numbers: Annotated[list[int], Field(description="The todos that are meant, by their numbers.")]
    confidence: Annotated[float, Field(ge=0, le=1)]
    echo: Annotated[
        str | None, Field(description="How it alone would be answered.", examples=["Added #1 Buy milk (tomorrow 5pm)"])
    ]


class Understood(Shape):
    """What a text would do."""

    text: str
    commands: list[CommandOut]
    reply: Annotated[str | None, Field(description="What the whole text would be answered.")]


class Said(Shape):
    """What a text did."""

    reply: Annotated[str | None, Field(description="What it would be answered by text.")]
    question: Annotated[bool, Field(description="Whether the reply asks something: say the answer.")]
    tasks: Annotated[list[TaskOut], Field(description="The todos it changed, as they are then; deleted ones too.")]


@router.post(
    "/understand",
    summary="What would this text do?",
    operation_id="understand",
    response_model=Understood,
)
async def dry_run(request: Request, words: Words, caller: Me) -> Response:
    """Nothing is done. Each command is told with the answer it alone would have."""
    services = request.app.state.services
    now = services.clock.now()
    found = await services.todo.read(caller.party, function=NAME, event_id="", history=True)
    if found.person is None:
        raise Problem(401, "This needs a token that is valid now: sign in again.")
    person: Person = found.person
    zone = zone_at(person.settings, now)
    understanding = understand(words.text, now, zone, person.settings.meanings)

    def reply(*commands: Command) -> str | None:
        heard = Heard(id=request_id(request), text=words.text, at=now, channel="api")
        return decide(person, heard, understanding.model_copy(update={"commands": commands}), now=now).reply

    commands = [_command(command, ZoneInfo(zone), reply(command)) for command in understanding.commands]
    shown = Understood(text=understanding.text, commands=commands, reply=reply(*understanding.commands))
    return Response(shown.model_dump_json(), media_type="application/json")


@router.post(
    "/say",
    summary="Do what this text says",
    operation_id="say",
    response_model=Said,
    responses=answers(404, 409),
)
async def say(words: Words, act: Act) -> Response:
    """As if it were texted, but answered here. STOP and START are words to the carrier, and are texted."""
    settings = await act.services.todo.settings_of(act.caller.party)
    if settings is None:
        raise Problem(401, "This needs a token that is valid now: sign in again.")
    first = understand(words.text, act.now, zone_at(settings, act.now), settings.meanings)
    if [command.intent for command in first.commands] in ([Intent.STOP], [Intent.START]):
        raise named("carrier-word")
    code = act.services.code_for(act.request_id)
    heard = Heard(
        id=act.request_id, text=words.text, at=act.now, channel="api", code=code, page=act.services.settings.public_url
    )

    def decided(person: Person) -> Decision:
        same = (zone_at(person.settings, act.now), person.settings.meanings) == (zone_at(settings, act.now), settings.meanings)
        understanding = first if same else _again(words.text, act.now, person)
        return decide(person, heard, understanding, now=act.now)

    def events(cause: Event, person: Person, decision: Decision) -> list[Event]:
        asked = wishes.Asking(id=heard.id, asked_at=act.now, sender=person.phone, recipient=person.ours, channel=person.channel)
        return [
            *(wishes.code_mail(cause, asked, mail, source=NAME) for mail in decision.mails),
            *(wishes.of_recordings(cause, asked, person, wish, n, source=NAME) for n, wish in enumerate(decision.wishes)),
        ]

    def answer(decision: Decision) -> Done:
        after = in_force(decision.settings, act.now)
        said = Said(
            reply=decision.reply,
            question=decision.dialogue.question is not None and decision.dialogue.asked_at == act.now,
            tasks=[act.shown_by(after, task) for task in decision.tasks],
        )
        return Done(200, said.model_dump(mode="json"))

    return await act.settle(decided, answer, events=events, history=needs_history(first))


def _again(text: str, at: datetime, person: Person) -> Understanding:
    """The words, read with the person's settings as they are now."""
    return understand(text, at, zone_at(person.settings, at), person.settings.meanings)


def _command(command: Command, zone: ZoneInfo, echo: str | None) -> CommandOut:
    when = command.when
    return CommandOut(
        intent=command.intent,
        text=command.text,
        title=command.title,
        due_date=_when(when.start, zone) if when else None,
        end_date=_when(when.end, zone) if when and when.end else None,
        recurring_pattern=command.repeat.rrule if command.repeat else None,
        priority=command.priority,
        tags=list(command.tags),
        description=command.note,
        numbers=list(command.ref.numbers),
        confidence=command.confidence,
        echo=echo,
    )


def _when(moment: Moment, zone: ZoneInfo) -> When:
    return moment.at.astimezone(zone) if moment.at else moment.day
