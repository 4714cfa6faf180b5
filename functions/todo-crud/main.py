"""todo-crud: commands change the todos, and the answer is written.

Consumes   jotline.command.parsed, jotline.transcript.revised
Decides    everything about todos: numbers, which one is meant, rules, undo, questions, and the one reply (`shared.todos.decide`);
           whether what was spoken was heard surely enough; what a recording that was heard again would change
           (`shared.todos.revising`).
Emits      jotline.task.* for every change, jotline.reminder.scheduled, jotline.notification.requested for the reply and for a mail
           with a code, and jotline.recording.requested for what a person wants of their recordings: transcribe has them, and
           answers that.

A decision is made from the person as they are and written in one statement with the claim on the event, the changes and the
events that tell of them. When somebody else changed the person meanwhile nothing is written, and it is decided again. When their
settings are no longer those the words were read with ("I'm in Tokyo" was on its way), the words are read again.

    in    {"type": "jotline.command.parsed", "data": {"understanding": {"commands": [{"intent": "add", "title": "Buy milk"}]}, ...}}
    out   {"type": "jotline.task.created", "data": {"payload": {"number": 1, "title": "Buy milk", ...}, ...}}
          {"type": "jotline.notification.requested", "data": {"body": "Added #1 Buy milk", ...}}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

from shared.events.envelope import Event
from shared.events.ids import outgoing_id, reply_id, user_id
from shared.events.schemas import (
    COMMAND_PARSED,
    NOTIFICATION_REQUESTED,
    RECORDING_REQUESTED,
    TRANSCRIPT_REVISED,
    CommandParsed,
    NotificationRequested,
    RecordingRequested,
    TranscriptRevised,
)
from shared.language import understand
from shared.language.model import Understanding
from shared.policy.outcomes import TryAgain
from shared.runtime.apology import apologise
from shared.runtime.serving import Work, serve
from shared.runtime.telling import told
from shared.todos.decide import decide, needs_history
from shared.todos.model import CodeMail, Decision, Heard, Person, RecordingWish, Revised, Stretch
from shared.todos.newcomer import settings_for, zone_at
from shared.todos.questions import LAPSES_AFTER
from shared.todos.reminding import replan
from shared.todos.revising import revise

NAME = "todo-crud"
#: A person's changes come one after the other; somebody else winning this often in a row means something is wrong.
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for something, and where: a message, or a recording that was heard again."""

    message_id: str
    sender: str
    ours: str
    channel: Literal["sms", "whatsapp"]


Decide = Callable[[Person], Decision]
Tell = Callable[[Person, Decision], list[Event]]


async def carry_out(event: Event, work: Work) -> None:
    """Do what was asked, once."""
    parsed = cast(CommandParsed, event.data)
    heard = _heard(parsed, work.services.code_for(parsed.message.message_id))

    def decided(person: Person) -> Decision:
        return decide(person, heard, _understanding(person, parsed), now=work.now)

    def answers(person: Person, decision: Decision) -> list[Event]:
        wishes = [_wish(event, parsed, person, wish, number) for number, wish in enumerate(decision.wishes)]
        mails = [_code_mail(event, parsed, mail) for mail in decision.mails]
        return [*([] if decision.reply is None else [_reply(event, parsed, decision)]), *mails, *wishes]

    message = parsed.message
    asked = Asked(message.message_id, message.sender, message.recipient, _channel(message.channel))
    history = needs_history(parsed.understanding)
    await _settle(event, work, asked, decided, answers, history=history, quoted=message.reply_to)


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

    asked = Asked(event.id, revised.sender, revised.recipient, _channel(revised.channel))
    await _settle(event, work, asked, decided, answers, history=True)


async def _settle(
    event: Event, work: Work, asked: Asked, decided: Decide, answers: Tell, *, history: bool, quoted: str = ""
) -> None:
    """Decide from the person as they are and write it down, again where somebody else was faster."""
    store = work.services.todo
    for _ in range(ROUNDS):
        found = await store.read(event.partitionkey, function=NAME, event_id=event.id, history=history, quoted=quoted)
        if found.claimed:
            return
        person = found.person or _newcomer(event, asked.sender, work.services.settings.default_timezone)
        decision = decided(person)
        replanned = replan(person, decision, work.now)
        events = told(event, person, decision, replanned, function=NAME, message_id=asked.message_id) + answers(
            person, decision
        )
        rows = await store.commit(
            person,
            decision,
            events,
            function=NAME,
            cause=event,
            replanned=replanned,
            channel=asked.channel,
            ours=asked.ours,
        )
        if rows is not None:
            await work.services.carrier.carry(rows)
            return
    raise TryAgain("this person's todos keep changing")


def _channel(channel: str) -> Literal["sms", "whatsapp"]:
    """Where an answer goes: to an MMS by SMS."""
    return "whatsapp" if channel == "whatsapp" else "sms"


def _newcomer(event: Event, sender: str, default_zone: str) -> Person:
    """Someone who texts for the first time."""
    settings = settings_for(sender, default_zone)
    return Person(id=user_id(event.partitionkey), party=event.partitionkey, phone=sender, settings=settings)


def _heard(parsed: CommandParsed, code: str) -> Heard:
    """The message as the rules see it, with the code for an address that it may name."""
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
    return event.follow(
        id=notification_id,
        type=NOTIFICATION_REQUESTED,
        source=f"/jotline/{NAME}",
        subject=str(data.message_id),
        data=data,
    )


def _code_mail(event: Event, parsed: CommandParsed, mail: CodeMail) -> Event:
    """The request to mail a code. A message asks for one at most."""
    from shared.messages.mails import letters

    message = parsed.message
    notification_id = reply_id(message.message_id, "code")
    letter = letters.code(mail.code, ours=message.recipient if message.recipient.startswith("+") else "")
    data = NotificationRequested(
        message_id=outgoing_id(notification_id),
        kind="code",
        channel="email",
        sender="",
        recipient=mail.address,
        subject=letter.subject,
        body=letter.text,
        html=letter.html,
        asked_at=parsed.received_at,
        expires_at=parsed.received_at + LAPSES_AFTER,
    )
    return event.follow(
        id=notification_id,
        type=NOTIFICATION_REQUESTED,
        source=f"/jotline/{NAME}",
        subject=str(data.message_id),
        data=data,
    )


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
    return event.follow(
        id=notification_id,
        type=NOTIFICATION_REQUESTED,
        source=f"/jotline/{NAME}",
        subject=str(data.message_id),
        data=data,
    )


def _wish(event: Event, parsed: CommandParsed, person: Person, wish: RecordingWish, number: int) -> Event:
    """What the person wants of their recordings, for transcribe."""
    message = parsed.message
    data = RecordingRequested(
        request_id=message.message_id,
        action=wish.action,
        recording_id=wish.recording_id,
        day=wish.day,
        zone=zone_at(person.settings, parsed.received_at),
        days=wish.days,
        sender=message.sender,
        recipient=message.recipient,
        channel=message.channel,
    )
    return event.follow(
        id=f"{message.message_id}.recordings{number}",
        type=RECORDING_REQUESTED,
        source=f"/jotline/{NAME}",
        subject=wish.recording_id or message.message_id,
        data=data,
    )


def _understood(parsed: CommandParsed, decision: Decision) -> dict[str, object]:
    """What was heard, understood and done, for whoever asks later (the phone page, support)."""
    commands = decision.commands or parsed.understanding.commands
    return {
        "heard": parsed.message.text,
        "understood": [command.model_dump(mode="json", exclude_defaults=True) for command in commands],
        "done": [{"type": change.type, "changed": change.changed} for change in decision.events],
    }


handle = serve(NAME, events={COMMAND_PARSED: carry_out, TRANSCRIPT_REVISED: ask_about}, schema="todo", apology=apologise)
