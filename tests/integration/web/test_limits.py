"""How often the API may be asked, and that every answer tells: with a real PostgreSQL, a clock that is set, and clients at addresses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2 as httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shared.events.envelope import Event
from shared.runtime.asgi import application
from shared.runtime.clock import SimulatedClock
from shared.runtime.services import Services
from shared.runtime.serving import serve
from shared.runtime.settings import Settings
from shared.runtime.telemetry import exposition
from shared.storage.outbox import Row
from shared.web import limits, login, tokens
from shared.web.app import make_app
from tests.making import ADA, BOB, NOW, decision, message, person
from tests.redis import Redis

SECRET = "a key of thirty-two bytes or more for tests"
TOLD = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


class Nobody:
    """A carrier that carries nothing."""

    async def publish(self, event: Event) -> None:
        """Gone."""

    async def carry(self, rows: Sequence[Row]) -> None:
        """They stay in the outbox."""

    async def close(self) -> None:
        """Nothing to release."""


class Door:
    """An API, and clients at any address."""

    def __init__(self, services: Services) -> None:
        self.services, self.app = services, make_app(services)

    async def ask(
        self, path: str = "/api/v1/tokens", *, method: str = "GET", ip: str = "203.0.113.9", **more: Any
    ) -> httpx.Response:
        """A request from an address."""
        transport = httpx.ASGITransport(self.app, client=(ip, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://jotline") as client:
            return await client.request(method, path, **more)

    async def asks(self, times: int, path: str = "/api/v1/tokens", **more: Any) -> list[int]:
        """The statuses of as many requests."""
        return [(await self.ask(path, **more)).status_code for _ in range(times)]


@asynccontextmanager
async def opened(database: str, **settings: Any) -> AsyncIterator[Door]:
    """An API with these settings."""
    clock = SimulatedClock()
    clock.offset = NOW - clock.now()
    known = {"database_url": database, "party_secret": "of tests", "jwt_secret": SECRET, **settings}
    services = Services(Settings(**known), clock)
    services.use_carrier(Nobody())
    try:
        yield Door(services)
    finally:
        await services.close()


@pytest.fixture
async def door(database: str) -> AsyncIterator[Door]:
    """An API that takes three requests within ten seconds."""
    async with opened(database, rate_limit=3, rate_window_seconds=10) as made:
        yield made


async def test_every_answer_tells_how_many_are_left(door: Door) -> None:
    answers = [await door.ask() for _ in range(4)]
    assert [(answer.status_code, answer.headers["x-ratelimit-remaining"]) for answer in answers] == [
        (401, "2"), (401, "1"), (401, "0"), (429, "0"),
    ]  # fmt: skip
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"3"}
    resets = {int(answer.headers["x-ratelimit-reset"]) for answer in answers}
    assert all(0 < reset - NOW.timestamp() < 30 for reset in resets)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/openapi.json", 200),
        ("GET", "/api/v1/tokens", 401),
        ("POST", "/api/v1/login", 422),
        ("GET", "/api/v1/nothing-here", 404),
        ("GET", "/wp-login.php", 404),
        ("PUT", "/api/v1/tokens", 405),
        ("POST", "/api/v1/token", 401),
    ],
)
async def test_answers_of_every_kind_tell(door: Door, method: str, path: str, status: int) -> None:
    body = {"refresh_token": "jor_x"} if path.endswith("/token") else {}
    answer = await door.ask(path, method=method, json=body)
    assert answer.status_code == status
    assert [name for name in TOLD if not answer.headers.get(name, "").isdigit()] == []


async def test_a_refusal_says_when_to_come_again(door: Door) -> None:
    await door.asks(3)
    answer = await door.ask()
    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")
    assert answer.json()["status"] == 429
    wait = int(answer.headers["retry-after"])
    assert 1 <= wait <= 10
    door.services.clock.advance(timedelta(seconds=wait))  # type: ignore[attr-defined]
    assert await door.asks(1) == [401]


async def test_a_hundred_a_minute_unless_it_is_set(database: str) -> None:
    async with opened(database) as door:
        assert set(await door.asks(100)) == {401}
        assert await door.asks(1) == [429]


async def test_two_clients_and_two_endpoints_share_nothing(door: Door) -> None:
    assert await door.asks(4) == [401, 401, 401, 429]
    assert await door.asks(1, ip="203.0.113.10") == [401]
    assert await door.asks(1, "/api/v1/openapi.json") == [200]
    assert await door.asks(1, method="DELETE") == [401]


async def test_what_leads_nowhere_is_one_endpoint(door: Door) -> None:
    paths = ["/api/v1/a", "/api/v1/b", "/.env", "/api/v1/c"]
    assert [(await door.ask(path)).status_code for path in paths] == [404, 404, 404, 429]


async def test_the_ids_in_a_path_are_one_endpoint(door: Door) -> None:
    paths = [f"/api/v1/tokens/00000000-0000-4000-8000-00000000000{n}" for n in range(4)]
    assert [(await door.ask(path, method="DELETE")).status_code for path in paths] == [401, 401, 401, 429]


async def test_who_is_signed_in_is_the_same_client_everywhere(door: Door) -> None:
    ids = [await _known(door.services, phone) for phone in (ADA, BOB)]
    ada, bob = ({"authorization": f"Bearer {tokens.issue(door.services, one)}"} for one in ids)
    assert [(await door.ask(ip=f"203.0.113.{n}", headers=ada)).status_code for n in range(4)] == [200, 200, 200, 429]
    assert await door.asks(1, headers=bob) == [200]


async def test_a_token_that_is_no_good_is_no_client_of_its_own(door: Door) -> None:
    answers = [
        await door.ask(headers={"authorization": f"Bearer {kind}{n}"}) for n, kind in enumerate(("a.b.", "jot_", "", "x"))
    ]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]


async def test_of_ipv6_a_household_is_one_client(door: Door) -> None:
    assert [(await door.ask(ip=f"2001:db8:1:2::{n}")).status_code for n in range(4)] == [401, 401, 401, 429]
    assert await door.asks(1, ip="2001:db8:1:3::1") == [401]
    mapped = [f"::ffff:198.51.100.{n}" for n in range(5)]
    assert [(await door.ask(ip=one)).status_code for one in mapped] == [401] * 5, "IPv4, as a server for both sees it"


async def test_nobody_names_another_address_but_a_proxy_of_ours(database: str, door: Door) -> None:
    forged = [{"x-forwarded-for": f"198.51.100.{n}"} for n in range(4)]
    assert [(await door.ask(headers=one)).status_code for one in forged] == [401, 401, 401, 429]
    async with opened(database, rate_limit=3, trusted_proxies="10.0.0.0/8") as behind:
        assert [(await behind.ask(ip="10.1.2.3", headers=one)).status_code for one in forged] == [401] * 4
        forged = [{"x-forwarded-for": f"198.51.100.{n}, 203.0.113.77"} for n in range(4)]
        assert [(await behind.ask(ip="10.1.2.3", headers=one)).status_code for one in forged] == [401, 401, 401, 429]


async def test_signing_in_has_stricter_limits(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "ANSWER_AFTER_SECONDS", 0.0)
    async with opened(database, rate_limit=1000) as door:
        numbers = [f"+121255501{n:02}" for n in range(30)]
        asked = [(await door.ask("/api/v1/login", method="POST", json={"phone": one})).status_code for one in numbers]
        shown = [
            (await door.ask("/api/v1/token", method="POST", json={"phone": one, "code": "000000"})).status_code
            for one in numbers
        ]
    assert asked == [202] * limits.STRICT["POST /api/v1/login"].limit + [429] * 20
    assert shown == [401] * limits.STRICT["POST /api/v1/token"].limit + [429] * 10


async def test_while_nobody_can_count_everybody_passes_and_that_is_counted(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    before = _counted("jotline_rate_limit_unavailable_total")
    await door.services.database("todo").fetch("DROP TABLE todo.rate_limits")
    answer = await door.ask()
    assert (answer.status_code, answer.headers["x-ratelimit-remaining"]) == (401, "3")
    assert set(await door.asks(9)) == {401}
    assert _counted("jotline_rate_limit_unavailable_total") == before + 10
    assert "nobody counts requests now" in caplog.text


async def test_a_redis_that_is_away_stops_nobody(database: str) -> None:
    async with opened(database, rate_limit=1, redis_url="redis://127.0.0.1:9") as door:
        assert await door.asks(5) == [401] * 5


@pytest.mark.needs("redis")
async def test_in_redis_it_is_the_same(database: str) -> None:
    server = Redis()
    await server.start()
    limited = {"rate_limit": 3, "redis_url": server.url}
    async with opened(database, **limited) as one, opened(database, **limited) as other:
        answers = [await door.ask() for door in (one, other, one, other)]
        assert [(answer.status_code, answer.headers["x-ratelimit-remaining"]) for answer in answers] == [
            (401, "2"), (401, "1"), (401, "0"), (429, "0"),
        ]  # fmt: skip
        assert int(answers[-1].headers["retry-after"]) in range(55, 61)
        assert await one.services.database("todo").fetch("SELECT 1 FROM todo.rate_limits") == []
        await server.stop()
        assert await one.asks(3) == [401] * 3
        assert await one.asks(1, ip="203.0.113.10") == [401]


async def test_two_instances_share_the_budget(database: str) -> None:
    async with opened(database, rate_limit=4) as one, opened(database, rate_limit=4) as other:
        statuses = await asyncio.gather(*(door.asks(4) for door in (one, other)))
        assert sorted(status for several in statuses for status in several) == [401] * 4 + [429] * 4


async def test_health_and_metrics_are_never_limited(database: str) -> None:
    async with opened(database, rate_limit=1) as door:
        served = serve("todo-crud", app=lambda _: door.app).served
        served.bind(door.services)
        transport = httpx.ASGITransport(application(served))
        async with httpx.AsyncClient(transport=transport, base_url="http://jotline") as client:
            for path in ("/health/live", "/health/ready", "/metrics"):
                assert [(await client.get(path)).status_code for _ in range(3)] == [200] * 3
            assert [(await client.get("/api/v1/tokens")).status_code for _ in range(2)] == [401, 429]


async def test_while_an_issuers_keys_are_away_a_token_is_neither_good_nor_bad(database: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = {"sub": str(person().id), "iss": "jotline", "aud": "jotline", "iat": NOW, "exp": NOW + timedelta(minutes=5)}
    theirs = jwt.encode(claims, key, "RS256", {"kid": "first"})
    async with opened(database, jwks_url="http://127.0.0.1:9/keys") as door:
        answer = await door.ask(headers={"authorization": f"Bearer {theirs}"})
        assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
        assert answer.headers["x-ratelimit-limit"] == "100"
        who = await _known(door.services, ADA)
        ours = tokens.issue(door.services, who)
        assert await door.asks(1, headers={"authorization": f"Bearer {ours}"}) == [200]


async def test_refusals_are_counted_by_endpoint(door: Door) -> None:
    name = 'jotline_rate_limit_hits_total{endpoint="GET /api/v1/tokens"}'
    before = _counted(name)
    await asyncio.gather(*(door.ask() for _ in range(8)))
    assert _counted(name) == before + 5


async def test_without_a_limit_nothing_is_counted(database: str) -> None:
    async with opened(database, rate_limit=0) as door:
        assert await door.asks(5) == [401] * 5
        assert await door.services.database("todo").fetch("SELECT 1 FROM todo.rate_limits") == []


async def test_the_description_says_all_that(door: Door) -> None:
    schema = (await door.ask("/api/v1/openapi.json")).json()
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    assert operations
    for operation in operations:
        refusal = operation["responses"]["429"]
        assert refusal["content"].keys() == {"application/problem+json"}
        assert "Retry-After" in refusal["headers"]
        for answer in operation["responses"].values():
            assert answer["headers"].keys() >= limits.HEADERS.keys()
    assert {"ProblemDetails", "FieldError"} <= schema["components"]["schemas"].keys()


async def _known(services: Services, phone: str) -> Any:
    """Somebody is known here; their id."""
    who = person(phone)
    written = await services.todo.commit(who, decision(), [], function="test", cause=message(sender=phone))
    assert written == []
    return who.id


def _counted(name: str) -> int:
    """What a counter stands at."""
    return next((int(line.rpartition(" ")[2]) for line in exposition().splitlines() if line.startswith(f"{name} ")), 0)
