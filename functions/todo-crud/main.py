"""todo-crud: commands change the todos, and the answer is written.

Consumes   jotline.command.parsed, jotline.transcript.revised
Decides    everything about todos: numbers, which one is meant, rules, undo, questions, and the one reply (`shared.todos.decide`);
           whether what was spoken was heard surely enough; what a recording that was heard again would change
           (`shared.todos.revising`).
Emits      jotline.task.* for every change, jotline.reminder.scheduled, jotline.notification.requested for the reply and for a mail
           with a code, and jotline.recording.requested for what a person wants of their recordings: transcribe has them, and
           answers that. Of somebody who leaves jotline.person.left, and everything about them is deleted (`shared.runtime.leaving`).
           Of a request to the HTTP API, which it serves as well (`shared.web`), jotline.request.made.

A decision is made from the person as they are and written in one statement with the claim on the event, the changes and the
events that tell of them. When somebody else changed the person meanwhile nothing is written, and it is decided again. When their
settings are no longer those the words were read with ("I'm in Tokyo" was on its way), the words are read again.

    in    {"type": "jotline.command.parsed", "data": {"understanding": {"commands": [{"intent": "add", "title": "Buy milk"}]}, ...}}
    out   {"type": "jotline.task.created", "data": {"payload": {"number": 1, "title": "Buy milk", ...}, ...}}
          {"type": "jotline.notification.requested", "data": {"body": "Added #1 Buy milk", ...}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from shared.events.envelope import Event
from shared.events.ids import outgoing_id, reply_id
from shared.events.schemas import (
    COMMAND_PARSED,
    TRANSCRIPT_REVISED,
    CommandParsed,
    NotificationRequested,
    TranscriptRevised,
)
from shared.language import understand
from shared.language.model import Understanding
from shared.runtime.apology import apologise
from shared.runtime.deciding import Asked, settle
from shared.runtime.notifications import answering
from shared.runtime.services import Services
from shared.runtime.serving import Work, serve
from shared.runtime.wishes import Asking, code_mail, of_recordings
from shared.todos.decide import decide, needs_history
from shared.todos.model import Decision, Heard, Person, Revised, Stretch
from shared.todos.newcomer import zone_at
from shared.todos.revising import revise

if TYPE_CHECKING:
    from starlette.types import ASGIApp

NAME = "todo-crud"


async def carry_out(event: Event, work: Work) -> None:
    """Do what was asked, once."""
    parsed = cast(CommandParsed, event.data)
    heard = _heard(parsed, work.services.code_for(parsed.message.message_id), work.services.settings.public_url)

    def decided(person: Person) -> Decision:
        return decide(person, heard, _understanding(person, parsed), now=work.now)

    def answers(person: Person, decision: Decision) -> list[Event]:
        asking = _asking(parsed)
        wishes = [of_recordings(event, asking, person, wish, n, source=NAME) for n, wish in enumerate(decision.wishes)]
        mails = [code_mail(event, asking, mail, source=NAME) for mail in decision.mails]
        return [*([] if decision.reply is None else [_reply(event, parsed, decision)]), *mails, *wishes]

    message = parsed.message
    asked = Asked(message.message_id, message.sender, message.recipient, _channel(message.channel))
    history = needs_history(parsed.understanding)
    await settle(
        work.services,
        event,
        asked,
        decided,
        answers,
        function=NAME,
        now=work.now,
        history=history,
        quoted=message.reply_to,
    )


async def ask_about(event: Event, work: Work) -> None:
    """A recording was heard again: ask whether to change what is different. Nothing where nobody is to be asked."""
    revised = cast(TranscriptRevised, event.data)
    if not revised.ask:
        return

    def decided(person: Person) -> Decision:
        zone, meanings = zone_at(person.settings, revised.said_at), person.settings.meanings
        old, new = (understand(words, revised.said_at, zone, meanings) for words in (revised.old, revised.new))
        return revise(person, _revised(event, revised), old, new, now=work.now)

    def answers(_: Person, decision: Decision) -> list[Event]:
        return [] if decision.reply is None else [_reply_about(event, revised, decision.reply)]

    asked = Asked(event.id, revised.sender, revised.recipient, _channel(revised.channel), said_at=revised.said_at)
    await settle(work.services, event, asked, decided, answers, function=NAME, now=work.now, history=True)


def _channel(channel: str) -> Literal["sms", "whatsapp"]:
    """Where an answer goes: to an MMS by SMS."""
    return "whatsapp" if channel == "whatsapp" else "sms"


def _heard(parsed: CommandParsed, code: str, page: str) -> Heard:
    """The message as the rules see it, with the code for an address that it may name, and the URL of the board."""
    message = parsed.message
    return Heard(
        id=message.message_id,
        text=message.text,
        at=parsed.received_at,
        channel=message.channel,
        origin=message.origin,
        opt_out=message.opt_out,
        reply_to=message.reply_to,
        code=code,
        page=page,
        media=message.media,
        stretches=tuple(Stretch.model_validate(stretch.model_dump()) for stretch in message.heard),
    )


def _revised(event: Event, revised: TranscriptRevised) -> Revised:
    """The new transcript as the rules see it."""
    return Revised(
        id=event.id,
        recording_id=revised.recording_id,
        message_id=revised.message_id,
        said_at=revised.said_at,
        asked_at=revised.asked_at,
        channel=revised.channel,
        old=revised.old,
        new=revised.new,
    )


def _understanding(person: Person, parsed: CommandParsed) -> Understanding:
    """What parse-command read, unless the person's settings have changed since: then the words are read again."""
    zone = zone_at(person.settings, parsed.received_at)
    if (zone, person.settings.meanings) == (parsed.zone, parsed.meanings):
        return parsed.understanding
    return understand(parsed.message.text, parsed.received_at, zone, person.settings.meanings)


def _reply(event: Event, parsed: CommandParsed, decision: Decision) -> Event:
    """The request to send the answer."""
    message = parsed.message
    notification_id = reply_id(message.message_id)
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        channel=_channel(message.channel),
        sender=message.recipient,
        recipient=message.sender,
        body=decision.reply or "",
        asked_at=parsed.received_at,
        even_if_stopped=decision.even_if_stopped,
        in_reply_to=message.message_id,
        metadata={"understood": _understood(parsed, decision)},
    )
    return answering(event, notification_id, data, source=f"/jotline/{NAME}")


def _reply_about(event: Event, revised: TranscriptRevised, body: str) -> Event:
    """The request to say what hearing a recording again came to. One request may be about several recordings."""
    notification_id = reply_id(event.id)
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        channel=_channel(revised.channel),
        sender=revised.recipient,
        recipient=revised.sender,
        body=body,
        asked_at=revised.asked_at,
        in_reply_to=revised.request_id,
        metadata={"understood": {"heard": revised.new, "heard_before": revised.old}},
    )
    return answering(event, notification_id, data, source=f"/jotline/{NAME}")


def _asking(parsed: CommandParsed) -> Asking:
    """Who asks for what others do, and where that is answered."""
    message = parsed.message
    return Asking(
        id=message.message_id,
        asked_at=parsed.received_at,
        sender=message.sender,
        recipient=message.recipient,
        channel=message.channel,
    )


def _understood(parsed: CommandParsed, decision: Decision) -> dict[str, object]:
    """What was heard, understood and done, for whoever asks later (the phone page, support)."""
    commands = decision.commands or parsed.understanding.commands
    return {
        "heard": parsed.message.text,
        "understood": [command.model_dump(mode="json", exclude_defaults=True) for command in commands],
        "done": [{"type": change.type, "changed": change.changed} for change in decision.events],
    }


def api(services: Services) -> ASGIApp:
    """The HTTP API, which the Service of that name serves from this image."""
    from shared.web.app import make_app

    return make_app(services)


handle = serve(
    NAME,
    events={COMMAND_PARSED: carry_out, TRANSCRIPT_REVISED: ask_about},
    schema="todo",
    apology=apologise,
    app=api,
)
