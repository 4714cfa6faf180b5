"""The load generator counts right: every fate a text can have, made by small stacks that behave in one way each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from bench.text import twilio, wire
from bench.text.load import Load, Phase, percentiles_ms
from bench.text.servers import free_port

ACCOUNT = twilio.Account()
PATH = f"/2010-04-01/Accounts/{ACCOUNT.sid}/Messages.json".encode()
Behaviour = Callable[[Load, dict[str, str]], wire.Answer]


@asynccontextmanager
async def stack(behave: Behaviour) -> AsyncIterator[Load]:
    """A stack that does with each text what `behave` says, and the generator for it."""
    port = free_port()
    load = Load(f"http://127.0.0.1:{port}/twilio/message", ACCOUNT)

    def respond(_method: bytes, _path: bytes, body: bytes) -> wire.Answer:
        return behave(load, dict(parse_qsl(body.decode(), keep_blank_values=True)))

    async with wire.serve(respond, port):
        yield load
        await load.close()


def reply(load: Load, text: dict[str, str], callback: str = "") -> None:
    """Reply to a text as a stack does: by a POST to the provider."""
    form = {"To": text["From"], "From": text["To"], "Body": "Added #1", **({"StatusCallback": callback} if callback else {})}
    load.messages.respond(b"POST", PATH, twilio.encode(form))


def soon(load: Load, text: dict[str, str]) -> None:
    """Reply after the acknowledgement."""
    asyncio.get_running_loop().call_soon(reply, load, text)


def answer_once(load: Load, text: dict[str, str]) -> wire.Answer:
    soon(load, text)
    return 200, b""


def answer_twice(load: Load, text: dict[str, str]) -> wire.Answer:
    soon(load, text)
    soon(load, text)
    return 200, b""


def stay_silent(_load: Load, _text: dict[str, str]) -> wire.Answer:
    return 200, b""


def refuse(_load: Load, _text: dict[str, str]) -> wire.Answer:
    return 404, b""


async def test_an_open_loop_sends_every_text_and_hears_every_reply() -> None:
    async with stack(answer_once) as load:
        result = await load.run(Phase(seconds=0.2, rate=200, users=5))
    assert (result.texts, result.acknowledged, result.replied) == (40, 40, 40)
    assert (result.errors, result.lost, result.duplicates) == (0, 0, 0)
    assert 0 < result.ack_p50_ms <= result.ack_p99_ms


async def test_a_closed_loop_sends_the_next_text_when_one_was_answered() -> None:
    async with stack(answer_once) as load:
        result = await load.run(Phase(seconds=0.1, concurrency=3))
    assert result.texts == result.replied > 3
    assert result.per_second > 0


async def test_a_reply_that_comes_before_the_acknowledgement_counts() -> None:
    def at_once(load: Load, text: dict[str, str]) -> wire.Answer:
        reply(load, text)
        return 200, b""

    async with stack(at_once) as load:
        result = await load.run(Phase(seconds=0.05, rate=100))
    assert (result.replied, result.duplicates) == (5, 0)


@pytest.mark.parametrize(
    ("behave", "errors", "lost", "duplicates"), [(answer_twice, 0, 0, 5), (stay_silent, 0, 5, 0), (refuse, 5, 0, 0)]
)
async def test_what_goes_wrong_is_counted(behave: Behaviour, errors: int, lost: int, duplicates: int) -> None:
    async with stack(behave) as load:
        result = await load.run(Phase(seconds=0.05, rate=100, drain_seconds=0.05))
    assert (result.errors, result.lost, result.duplicates) == (errors, lost, duplicates)


async def test_a_refusal_is_named() -> None:
    async with stack(refuse) as load:
        result = await load.run(Phase(seconds=0.02, rate=100))
    assert result.error_kinds == {"404": 2}


async def test_a_stack_that_is_not_there_is_an_error_for_each_text() -> None:
    load = Load(f"http://127.0.0.1:{free_port()}/twilio/message", ACCOUNT)
    result = await load.run(Phase(seconds=0.02, rate=100))
    assert result.error_kinds == {"ConnectionRefusedError": 2}


async def test_status_callbacks_go_where_the_reply_said_signed() -> None:
    called: list[dict[str, str]] = []

    def behave(load: Load, text: dict[str, str]) -> wire.Answer:
        if "MessageStatus" in text:
            called.append(text)
        else:
            asyncio.get_running_loop().call_soon(reply, load, text, f"{load.url}?m=1")
        return 200, b""

    async with stack(behave) as load:
        result = await load.run(Phase(seconds=0.02, rate=100, callbacks=2))
    assert [form["MessageStatus"] for form in called if form["MessageSid"] == called[0]["MessageSid"]] == ["sent", "delivered"]
    assert (result.callbacks, result.callback_errors, len(called)) == (4, 0, 4)


def test_signatures_are_those_twilio_makes() -> None:
    form = twilio.incoming(ACCOUNT, "SM1", "+12125550142", "buy milk and call mum tomorrow at 5pm")
    url = "https://example.test/twilio/message?a=1"
    assert RequestValidator(ACCOUNT.token).validate(url, form, twilio.sign(url, form, ACCOUNT.token))


def test_the_provider_takes_messages_and_nothing_else() -> None:
    taken: list[str] = []
    messages = twilio.Messages(ACCOUNT, lambda form, sid: taken.append(f"{form['Body']} {sid[:2]}"))
    assert messages.respond(b"POST", PATH, b"To=%2B1&Body=hello")[0] == 201
    assert messages.respond(b"GET", PATH + b"?To=%2B1", b"")[0] == 200
    assert messages.respond(b"POST", b"/elsewhere", b"")[0] == 404
    assert taken == ["hello SM"]


def test_percentiles_are_in_milliseconds() -> None:
    assert percentiles_ms([n / 1000 for n in range(1, 102)]) == (51.0, 100.0)
    assert percentiles_ms([0.5]) == (500.0, 500.0)
    assert percentiles_ms([]) == (0.0, 0.0)
