"""Ten thousand inputs that nobody should send: no 500, every accepted message has exactly one outcome, and no log line tells.

Half comes from hypothesis, half are real sentences and valid events that something happened to. The dice have a fixed seed, so a
failure comes again.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from shared.events.envelope import BadEvent, Event
from shared.events.ids import outgoing_id, reply_id
from shared.events.schemas import COMMAND_PARSED, MESSAGE_STATUS, CommandParsed, MessageReceived, MessageStatus
from shared.language import understand
from shared.language.model import Intent, Meanings
from shared.messages.keywords import consent_word
from shared.policy import retries
from shared.providers.signature import form
from shared.runtime.cloudevents_http import from_http
from shared.runtime.serving import MAX_EVENT_BYTES
from tests.asking import request
from tests.end_to_end import nasty
from tests.making import NOW, OURS, event, message, notification
from tests.whole import Whole, listening, our_id, values, whole

SEED = 20261125
WEBHOOKS, EVENTS, TEXTS = 4000, 3000, 3000  # ten thousand
AT_ONCE = 100
ROOT = Path(__file__).parents[2]
#: The program's own words in a log line, of which a text may hold some by chance.
LOGGING = ["shared/runtime", "shared/events", "shared/storage", "shared/policy", "functions", "local"]

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("_soon_given_up")]


@pytest.fixture
def _soon_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many tries as ever, but without the minutes between them."""
    for kind, rule in retries.TABLE.items():
        monkeypatch.setitem(retries.TABLE, kind, retries.Retry((0.0,) * len(rule.delays), in_place=rule.in_place))


@pytest.mark.long
async def test_webhook_bodies(database: str) -> None:
    dice, people = Random(SEED), [f"+1212555{n:04}" for n in range(400)]
    accepted: dict[str, bool] = {}
    statuses: Counter[int] = Counter()

    async def post(box: Whole, text: str) -> None:
        body, headers = nasty.webhook_post(dice, text, dice.choice(people), _sid(dice))
        path = dice.choice(["/twilio/message"] * 6 + ["/twilio/status", "/twilio/message?m=%00&x=%zz"])
        fields = _fields(body, headers["content-type"])
        genuine = fields is not None and dice.random() < 0.85
        answer = await box.functions["webhook"](
            request(path, body, headers=nasty.signed(path, body, headers, fields if genuine else None))
        )
        statuses[answer.status_code] += 1
        assert answer.status_code in ((200, 400, 403, 413) if genuine else (403, 413))
        if answer.status_code == 200 and path.startswith("/twilio/message") and fields is not None:
            known = {name: value.replace("\0", "") for name, value in fields}  # nothing can store a NUL
            silence = _silence_is_an_answer(known.get("Body", ""), known.get("OptOutType", ""))
            accepted.setdefault(known["MessageSid"], silence)

    with listening() as lines:
        async with whole(database) as box:
            texts = [*_drawn(nasty.TEXTS, WEBHOOKS // 2), *(nasty.mutated(dice) for _ in range(WEBHOOKS // 2))]
            await _in_turn(texts, lambda text: post(box, text), box)
            counted = await outcomes(box, accepted)
    print(f"\n{len(texts)} webhook bodies, answered {dict(sorted(statuses.items()))}; {_told(counted)}")  # noqa: T201
    assert len(texts) == WEBHOOKS
    assert min(statuses[200], statuses[403]) > WEBHOOKS / 10
    assert leaks(lines, texts, people) == []


@pytest.mark.long
async def test_texts(database: str) -> None:
    dice, people = Random(SEED), [f"+1212556{n:04}" for n in range(150)]
    accepted: dict[str, bool] = {}

    async def send(box: Whole, text: str) -> None:
        sender = dice.choice(people)
        address = f"whatsapp:{sender}" if sender.endswith("7") else sender
        status, message_id = await box.post(text, sender=address, message_id=_sid(dice))
        assert status == 200
        accepted[message_id] = _silence_is_an_answer(text)

    with listening() as lines:
        async with whole(database) as box:
            texts = [*_drawn(nasty.TEXTS, TEXTS // 2), *(nasty.mutated(dice) for _ in range(TEXTS // 2))]
            texts = [text.encode("utf-8", "replace").decode() for text in texts]
            await _in_turn(texts, lambda text: send(box, text), box)
            counted = await outcomes(box, accepted)
    print(f"\n{len(texts)} texts; {_told(counted)}")  # noqa: T201
    assert len(accepted) == len(texts) == TEXTS
    assert leaks(lines, texts, people) == []


async def test_event_bodies(database: str) -> None:
    dice, people = Random(SEED), [f"+1212557{n:04}" for n in range(100)]
    statuses: Counter[int] = Counter()
    unreadable: set[tuple[object, ...]] = set()

    async def post(box: Whole, text: str) -> None:
        valid = _valid_event(dice, text, dice.choice(people))
        body, headers = nasty.event_post(dice, valid.attributes(), json.loads(valid.data_json()), text)
        takers = [name for name, one in box.functions.items() if dice.random() < 0.05 or valid.type in one.events]
        # The webhook takes no events, and the trail takes them with whatever data they have (tests/integration/trail).
        function = dice.choice([name for name in takers if name not in ("webhook", "audit")] or ["todo-crud"])
        answer = await box.functions[function](request("/", body, headers=_latin(headers)))
        statuses[answer.status_code] += 1
        assert answer.status_code in (200, 204), f"{function}: {headers} {body[:2000]!r}"
        if not _readable(box, function, headers, body):
            unreadable.add((function, body if len(body) <= MAX_EVENT_BYTES else b"", *sorted(_attributes(headers))))

    with listening() as lines:
        async with whole(database) as box:
            texts = [*_drawn(nasty.TEXTS, EVENTS // 2), *(nasty.mutated(dice) for _ in range(EVENTS // 2))]
            await _in_turn(texts, lambda text: post(box, text), box)
            letters = Counter(letter.type == "unreadable" for letter in await box.services.audit.dead_letters())
    told = f"dead letters: {letters[True]} unreadable, {letters[False]} others"
    print(f"\n{len(texts)} event bodies, answered {dict(statuses)}; {told}")  # noqa: T201
    assert len(texts) == EVENTS
    assert EVENTS / 4 < len(unreadable) < EVENTS / 2
    assert letters[True] == len(unreadable)
    assert leaks(lines, texts, people) == []


async def outcomes(box: Whole, accepted: dict[str, bool]) -> Counter[str]:
    """What became of every accepted message: exactly one thing each. `accepted`: whether it may have met with silence."""
    sent = Counter(map(our_id, box.provider.taken))
    held_back = {name for [name] in await box.read("SELECT id::text FROM messaging.messages WHERE status = 'canceled'")}
    claims = dict(await box.read("SELECT event_id, state FROM todo.claims WHERE function = 'todo-crud'"))
    letters = {name for [name] in await box.read("SELECT event_id FROM audit.dead_letters")}
    counted: Counter[str] = Counter()
    for message_id, may_be_silent in accepted.items():
        reply, sorry = (str(outgoing_id(reply_id(message_id, kind))) for kind in ("reply", "sorry"))
        found = ["reply"] * sent[reply] + ["apology"] * sent[sorry] + ["held back"] * (reply in held_back or sorry in held_back)
        if not found and may_be_silent and claims.get(f"{message_id}.parsed") == "done":
            found = ["silence"]
        assert len(found) == 1, f"{message_id}: {found}, {claims.get(f'{message_id}.parsed')}, {letters & {message_id}}"
        assert (found == ["apology"]) <= bool(letters & {message_id, f"{message_id}.parsed"})
        counted[found[0]] += 1
    assert sum(sent.values()) == counted["reply"] + counted["apology"]
    return counted


def leaks(lines: list[str], texts: Iterable[str], people: Iterable[str]) -> list[str]:
    """The log lines that hold one of the numbers, or eight characters of one of the texts that are not the program's own words."""
    source = "\n".join(file.read_text(encoding="utf-8") for folder in LOGGING for file in sorted((ROOT / folder).rglob("*.py")))
    secret = {run for text in texts for run in _runs(text)} - set(_runs(source))
    numbers = {phone[1:] for phone in people} | {OURS[1:]}
    assert lines
    told = [values(line) for line in set(lines)]
    return [line for line in told if not secret.isdisjoint(_runs(line)) or any(number in line for number in numbers)]


def _runs(text: str) -> Iterable[str]:
    return (text[place : place + 8] for place in range(len(text) - 7))


def _drawn(strategy: st.SearchStrategy[str], count: int) -> list[str]:
    """Values of a strategy, the same at every run."""
    drawn: list[str] = []

    @given(st.lists(strategy, min_size=20, max_size=20))
    @settings(max_examples=count // 10, derandomize=True, database=None, phases=[Phase.generate])
    def draw(values: list[str]) -> None:
        drawn.extend(values)

    draw()
    assert len(drawn) >= count
    return drawn[:count]


async def _in_turn(texts: list[str], post: Callable[[str], Awaitable[None]], box: Whole) -> None:
    """Post everything, some at once, and wait until it is worked off."""
    for start in range(0, len(texts), AT_ONCE):
        await asyncio.gather(*map(post, texts[start : start + AT_ONCE]))
    await box.idle()


def _sid(dice: Random) -> str:
    """A MessageSid like Twilio's; one of many zeros would look like somebody's "10000000 hours"."""
    return f"SM{dice.getrandbits(128):032x}"


def _fields(body: bytes, content_type: str) -> list[tuple[str, str]] | None:
    try:
        return form(body, content_type)
    except ValueError:
        return None


def _silence_is_an_answer(text: str, opt_out: str = "") -> bool:
    """Whether a text may be met with silence: the carrier answers it, or it is an "ok" or a reaction to what we said."""
    if opt_out.upper() in ("STOP", "START", "HELP") or consent_word(text) is not None:
        return True
    commands = understand(text, NOW, "UTC", Meanings()).commands
    return {command.intent for command in commands} <= {Intent.ANSWER, Intent.CHAT, Intent.STOP, Intent.START}


def _told(counted: Counter[str]) -> str:
    return f"{counted.total()} accepted: " + ", ".join(f"{count} {what}" for what, count in sorted(counted.items()))


def _valid_event(dice: Random, text: str, sender: str) -> Event:
    """An event as the functions make them."""
    received = message(text, sender=sender, message_id=_sid(dice))
    kind = dice.randrange(4)
    if kind == 0:
        return received
    if kind == 1:
        asked, name = notification(text or "x", recipient=sender), f"{_sid(dice)}.reply"
        return replace(asked, id=name, subject=name, correlationid=name)
    if kind == 2:
        status = MessageStatus(provider_id=_sid(dice), message_id=None, status="delivered", raw={"Body": text, "To": sender})
        return event(MESSAGE_STATUS, f"{status.provider_id}.delivered", status, sender=sender)
    words = understand(text, NOW, "UTC", Meanings())
    assert isinstance(received.data, MessageReceived)
    parsed = CommandParsed(message=received.data, received_at=NOW, zone="UTC", meanings=Meanings(), understanding=words)
    return event(COMMAND_PARSED, f"{received.id}.parsed", parsed, sender=sender)


def _latin(headers: dict[str, str]) -> dict[str, str]:
    """Headers as a server passes them on."""
    return {name: value.encode("utf-8", "replace").decode("latin-1") for name, value in headers.items()}


def _attributes(headers: dict[str, str]) -> list[tuple[str, str]]:
    """The attributes that came as headers."""
    return [(name, value) for name, value in headers.items() if name.startswith("ce-")]


def _readable(box: Whole, function: str, headers: dict[str, Any], body: bytes) -> bool:
    try:
        return len(body) <= MAX_EVENT_BYTES and from_http(_latin(headers), body).type in box.functions[function].events
    except BadEvent:
        return False
