"""The keys of another issuer, fetched over HTTP: how often, how much of it, and what happens while it is away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from shared.web import keys
from shared.web.keys import Keys, KeysUnavailable

EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(kid: str, key: Any = EC, algorithm: str = "ES256", **more: Any) -> dict[str, Any]:
    """A key as it stands in a set."""
    return {**jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True), "kid": kid, **more}


class Issuer:
    """Publishes keys, or whatever it is told to."""

    def __init__(self) -> None:
        self.listed: list[Any] = [published("first")]
        self.answer: web.StreamResponse | None = None
        self.seconds = 0.0
        self.asked = 0
        self.url = ""

    async def get(self, _: web.Request) -> web.StreamResponse:
        """The set of keys."""
        self.asked += 1
        await asyncio.sleep(self.seconds)
        return self.answer or web.json_response({"keys": self.listed})


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    """On a port of its own."""
    made = Issuer()
    application = web.Application()
    application.router.add_get("/keys", made.get)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/keys"
    yield made
    await runner.cleanup()


class Clock:
    """Seconds that only go forward when they are told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        monkeypatch.setattr(Keys, "_now", staticmethod(lambda: self.seconds))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of all keys."""
    return Clock(monkeypatch)


async def test_keys_are_fetched_when_first_needed_and_kept(issuer: Issuer, clock: Clock) -> None:
    found = Keys(issuer.url)
    assert issuer.asked == 0
    assert [await found.find("first", "ES256") is None for _ in range(5)] == [False] * 5
    assert issuer.asked == 1
    clock.seconds += keys.FRESH_SECONDS
    await found.find("first", "ES256")
    assert issuer.asked == 2


async def test_a_new_key_is_found_within_a_minute_and_many_unknown_ones_ask_once(issuer: Issuer, clock: Clock) -> None:
    found = Keys(issuer.url)
    await found.find("first", "ES256")
    issuer.listed.append(published("second"))
    clock.seconds += keys.LOOK_SECONDS
    assert all(await asyncio.gather(*(found.find("second", "ES256") for _ in range(20))))
    assert await asyncio.gather(*(found.find(f"guess {n}", "ES256") for n in range(100))) == [None] * 100
    assert issuer.asked == 2


async def test_a_key_that_is_withdrawn_is_not_taken_any_more(issuer: Issuer, clock: Clock) -> None:
    found = Keys(issuer.url)
    assert await found.find("first", "ES256")
    issuer.listed = [published("second")]
    clock.seconds += keys.FRESH_SECONDS
    assert await found.find("first", "ES256") is None


async def test_while_the_issuer_is_away_its_keys_are_kept_for_an_hour(issuer: Issuer, clock: Clock) -> None:
    found = Keys(issuer.url)
    issuer.answer = web.Response(status=503)
    with pytest.raises(KeysUnavailable):
        await found.find("first", "ES256")
    issuer.answer = None
    clock.seconds += keys.LOOK_SECONDS
    assert await found.find("first", "ES256")
    issuer.answer = web.Response(status=503)
    clock.seconds += keys.KEEP_SECONDS - 1
    assert await found.find("first", "ES256")
    clock.seconds += 2
    with pytest.raises(KeysUnavailable):
        await found.find("first", "ES256")


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(text="not JSON"),
        web.Response(text="[]"),
        web.Response(text='{"keys": 7}'),
        web.Response(text='{"keys": {"kid": "first"}}'),
        web.Response(text="[" * 100_000),
        web.Response(status=404, text='{"keys": []}'),
        web.Response(status=302, headers={"location": "/elsewhere"}),
        web.Response(text=json.dumps({"keys": [], "padding": "x" * keys.MAX_BYTES})),
    ],
    ids=["text", "list", "number", "object", "deep", "status", "elsewhere", "huge"],
)
async def test_what_is_no_set_of_keys(issuer: Issuer, answer: web.Response) -> None:
    issuer.answer = answer
    with pytest.raises(KeysUnavailable):
        await Keys(issuer.url).find("first", "ES256")
    assert issuer.asked == 1


async def test_nobody_waits_long_for_an_issuer(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "TIMEOUT_SECONDS", 0.05)
    issuer.seconds = 5
    with pytest.raises(KeysUnavailable):
        await Keys(issuer.url).find("first", "ES256")


async def test_nobody_is_there() -> None:
    with pytest.raises(KeysUnavailable):
        await Keys("http://127.0.0.1:9/keys").find("first", "ES256")


async def test_only_public_keys_that_check_signatures_are_taken(issuer: Issuer) -> None:
    secret = {"kty": "oct", "k": "AAAA", "kid": "secret", "alg": "HS256"}
    issuer.listed = [
        secret,
        {**secret, "alg": "RS256"},
        published("for encryption", use="enc"),
        {name: value for name, value in published("x").items() if name != "kid"},
        published("another curve", ec.generate_private_key(ec.SECP384R1()), "ES384"),
        published("confused", RSA, "RS256", alg="HS256"),
        {"kty": "RSA", "kid": "broken", "n": "AQAB"},
        7,
        None,
        published("good", RSA, "RS256"),
    ]
    found = Keys(issuer.url)
    assert await found.find("good", "RS256")
    names = ["secret", "for encryption", "another curve", "confused", "broken", "x"]
    algorithms = ["HS256", "RS256", "ES256", "ES384", "EdDSA"]
    assert [await found.find(name, algorithm) for name in names for algorithm in algorithms] == [None] * 30
