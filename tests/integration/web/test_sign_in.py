"""Signing in by text, with the whole box behind it: codes, tokens, what ends them, and whoever tries to get in without."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import httpx2 as httpx
import pytest

from shared.storage.database import Database
from shared.storage.outbox import Row
from shared.storage.sign_in import CODES, TRIES
from shared.web import access_tokens, login
from shared.web.app import make_app
from shared.web.callers import Caller, issue, verify
from shared.web.problems import Problem
from tests.end_to_end.through import Nobody
from tests.integration.web.signing_in import SECRET, Door, another
from tests.making import ADA, BOB
from tests.whole import listening, values, whole

STRANGER = "+12125550199"


@pytest.fixture
async def door(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    """A box that Ada has texted. Its answers to a login come at once, and nobody asks too often."""
    monkeypatch.setattr(login, "ANSWER_AFTER_SECONDS", 0.0)
    async with whole(database) as box:
        box.services.settings = box.services.settings.model_copy(update={"jwt_secret": SECRET, "rate_limit": 0})
        transport = httpx.ASGITransport(make_app(box.services))
        async with httpx.AsyncClient(transport=transport, base_url="http://jotline") as client:
            made = Door(box, client)
            await made.texts("buy milk")
            yield made


# Codes


async def test_a_code_comes_by_text_and_opens(door: Door) -> None:
    answer = await door.login()
    assert (answer.status_code, answer.json()["expires_in"]) == (202, 600)
    [code] = door.codes()
    pair = (await door.shows(code)).json()
    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 900)
    assert "Buy milk" in (await door.ask("GET", "/tasks", pair["access_token"])).text
    assert answer.headers["cache-control"] == "no-store"


async def test_a_number_may_be_written_as_people_write_it(door: Door) -> None:
    assert (await door.login("+1 (212) 555-0142")).status_code == 202
    assert len(door.codes()) == 1


@pytest.mark.parametrize("phone", ["2125550142", "+0125550142", "ada@example.com", "+1212555014x", "", "+" * 41, "\0", None, 7])
async def test_what_is_no_number_is_said_so(door: Door, phone: object) -> None:
    answer = await door.ask("POST", "/login", json={"phone": phone})
    assert answer.status_code == 422
    assert door.codes() == []


async def test_an_unknown_number_gets_the_same_answer_and_no_text(door: Door) -> None:
    known, unknown = await door.login(), await door.login(STRANGER)
    same = ("content-type", "content-length", "cache-control")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.headers.keys() == unknown.headers.keys()
    assert [known.headers[name] for name in same] == [unknown.headers[name] for name in same]
    assert door.box.heard_by(STRANGER) == []


async def test_who_has_opted_out_gets_the_same_answer_and_no_text(door: Door) -> None:
    await door.texts("STOP", OptOutType="STOP")
    assert (await door.login()).status_code == 202
    assert door.codes() == []
    await door.texts("START", OptOutType="START")
    assert len(await door.code()) == 6


async def test_an_unknown_number_is_the_same_work(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not timed: counted. The same statements and the same hashes, in the same order; a measured comparison is in bench/."""
    done: list[str] = []
    run, fetch, digest = Database.run, Database.fetch, hmac.new

    async def ran(self: Database, statement: Any, unit: str) -> str | None:
        done.append(statement.sql)
        return await run(self, statement, unit)

    async def fetched(self: Database, query: str, *parameters: object) -> list[tuple[object, ...]]:
        if ".outbox WHERE seq" not in query:  # the broker's, now and then
            done.append(query)
        return await fetch(self, query, *parameters)

    def hashed(*parts: Any) -> hmac.HMAC:
        done.append(f"HMAC of {len(parts[1])} bytes")
        return digest(*parts)

    async def work(phone: str) -> list[str]:
        await door.ask("POST", "/login", json={"phone": phone})
        await door.shows("000000", phone)
        found, done[:] = list(done), []
        return found

    await door.box.idle()
    door.box.services.use_carrier(Nobody())  # what is done with a text is not the caller's to wait for
    for name, counted in (("run", ran), ("fetch", fetched)):
        monkeypatch.setattr(Database, name, counted)
    monkeypatch.setattr(hmac, "new", hashed)
    await work(ADA), await work(STRANGER)  # what is done once is done
    known, unknown = await work(ADA), await work(STRANGER)
    assert known == unknown
    hashes = [one for one in known if one.startswith("HMAC")]
    assert (len(hashes), len(known) - len(hashes) >= 3) == (4, True), "number and code twice; whereto, a new code, a try"


async def test_an_answer_never_comes_sooner_than_others(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "ANSWER_AFTER_SECONDS", 0.2)
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(door.ask("POST", "/login", json={"phone": phone}) for phone in (ADA, STRANGER)))
    assert asyncio.get_running_loop().time() - began >= 0.2


async def test_a_broker_that_is_slow_tells_nothing(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only to a known number something is carried: nobody who asks may wait for that."""
    going, gone = asyncio.Event(), asyncio.Event()

    class Slow(Nobody):
        async def carry(self, rows: Sequence[Row]) -> None:
            await going.wait()
            gone.set()

    await door.box.idle()
    monkeypatch.setattr(login, "ANSWER_AFTER_SECONDS", 0.05)
    door.box.services.use_carrier(Slow())
    assert (await door.ask("POST", "/login", json={"phone": ADA})).status_code == 202
    assert not gone.is_set()
    going.set()
    await asyncio.wait_for(gone.wait(), 30)


async def test_asked_for_many_times_at_once_a_number_gets_as_many_codes_as_ever(door: Door) -> None:
    answers = await asyncio.gather(*(door.ask("POST", "/login", json={"phone": ADA}) for _ in range(12)))
    most = CODES[0][1]
    assert sorted(answer.status_code for answer in answers) == [202] * most + [429] * (12 - most)


async def test_it_goes_where_they_wrote_last(door: Door) -> None:
    await door.texts("hello", phone=f"whatsapp:{ADA}", To="whatsapp:+14155550100")
    await door.code()
    assert [one.to for one in door.box.provider.taken if "Jotline code" in one.body] == [f"whatsapp:{ADA}"]


async def test_a_code_is_good_once(door: Door) -> None:
    code = await door.code()
    assert [(await door.shows(code)).status_code for _ in range(3)] == [200, 401, 401]


async def test_shown_twice_at_once_it_opens_once(door: Door) -> None:
    code = await door.code()
    answers = await asyncio.gather(*(door.shows(code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_a_code_is_its_numbers_alone(door: Door) -> None:
    await door.texts(phone=BOB)
    adas, bobs = await door.code(), await door.code(BOB)
    assert (await door.shows(adas, BOB)).status_code == (401 if adas != bobs else 200)
    assert (await door.shows(adas)).status_code == 200


async def test_a_new_code_ends_the_old_one(door: Door) -> None:
    old, new = await door.code(), await door.code()
    assert (await door.shows(old)).status_code == (401 if old != new else 200)
    assert (await door.shows(new)).status_code == 200


async def test_a_code_is_good_for_ten_minutes(door: Door) -> None:
    code = await door.code()
    door.box.clock.advance(timedelta(minutes=10))
    assert (await door.shows(code)).status_code == 401


async def test_after_five_wrong_ones_the_right_one_is_refused_too(door: Door) -> None:
    code = await door.code()
    assert [(await door.shows(another(code))).status_code for _ in range(TRIES)] == [401] * TRIES
    assert (await door.shows(code)).status_code == 401
    assert (await door.shows(await door.code())).status_code == 200


async def test_many_wrong_ones_at_once_are_no_more_tries(door: Door) -> None:
    code = await door.code()
    guesses = [f"{n:06}" for n in range(40) if f"{n:06}" != code]
    await asyncio.gather(*(door.shows(guess) for guess in guesses))
    assert (await door.shows(code)).status_code == 401
    [(tries,)] = await door.box.read("SELECT tries FROM todo.sign_ins")
    assert tries == TRIES


async def test_without_having_asked_no_code_opens(door: Door) -> None:
    assert (await door.shows("000000")).status_code == 401


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", " 12345", None, 123456, ["123456"]])
async def test_what_is_no_code_is_said_so(door: Door, code: object) -> None:
    assert (await door.ask("POST", "/token", json={"phone": ADA, "code": code})).status_code == 422


@pytest.mark.parametrize("phone", [ADA, STRANGER])
async def test_codes_are_asked_for_only_so_often(door: Door, phone: str) -> None:
    seconds, most = CODES[0]
    statuses = [(await door.login(phone)).status_code for _ in range(most + 1)]
    assert statuses == [202] * most + [429]
    assert int((await door.login(phone)).headers["retry-after"]) == seconds
    assert (await door.login(BOB)).status_code == 202
    door.box.clock.advance(timedelta(seconds=seconds + 1))
    assert (await door.login(phone)).status_code == 202


async def test_codes_are_asked_for_only_so_often_in_a_day(door: Door) -> None:
    seconds, most = CODES[1]
    for _ in range(most):
        assert (await door.login()).status_code == 202
        door.box.clock.advance(timedelta(seconds=CODES[0][0] + 1))
    assert (await door.login()).status_code == 429
    door.box.clock.advance(timedelta(seconds=seconds))
    assert (await door.login()).status_code == 202


async def test_a_code_that_comes_too_late_does_not_come(door: Door) -> None:
    door.box.provider.down = True
    await door.ask("POST", "/login", json={"phone": ADA})
    async with asyncio.timeout(30):
        while not door.box.provider.refused:
            await asyncio.sleep(0.01)
    door.box.clock.advance(timedelta(minutes=11))
    door.box.provider.down = False
    await door.box.idle()
    assert door.codes() == []


# Refresh tokens


async def test_a_refresh_token_gives_the_next_two_and_is_good_once(door: Door) -> None:
    first = await door.enter()
    second = (await door.refreshes(first["refresh_token"])).json()
    assert first["refresh_token"] != second["refresh_token"]
    assert await door.tasks(second["access_token"]) == 200


async def test_a_refresh_token_that_was_used_ends_everything_that_came_of_it(door: Door) -> None:
    stolen = await door.enter()
    elsewhere = await door.enter()
    theirs = (await door.refreshes(stolen["refresh_token"])).json()
    assert (await door.refreshes(stolen["refresh_token"])).status_code == 401
    assert (await door.refreshes(theirs["refresh_token"])).status_code == 401
    assert [await door.tasks(pair["access_token"]) for pair in (stolen, theirs, elsewhere)] == [401, 401, 200]


async def test_shown_twice_at_once_it_gives_one_pair(door: Door) -> None:
    pair = await door.enter()
    answers = await asyncio.gather(*(door.refreshes(pair["refresh_token"]) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    [given] = [answer.json() for answer in answers if answer.status_code == 200]
    assert (await door.refreshes(given["refresh_token"])).status_code == 401, "whoever else had it is out, and so are we"


async def test_a_refresh_token_lasts_thirty_days_from_its_last_use(door: Door) -> None:
    pair = await door.enter()
    door.box.clock.advance(timedelta(days=29))
    pair = (await door.refreshes(pair["refresh_token"])).json()
    door.box.clock.advance(timedelta(days=29))
    pair = (await door.refreshes(pair["refresh_token"])).json()
    door.box.clock.advance(timedelta(days=30))
    assert (await door.refreshes(pair["refresh_token"])).status_code == 401


async def test_an_access_token_lasts_a_quarter_of_an_hour(door: Door) -> None:
    token = (await door.enter())["access_token"]
    door.box.clock.advance(timedelta(minutes=14))
    assert await door.tasks(token) == 200
    door.box.clock.advance(timedelta(minutes=1))
    assert await door.tasks(token) == 401


@pytest.mark.parametrize("token", ["", "jor_", "jor_x_y", "jor_00000000000000000000000000000000_x", "jot_x", "x" * 201, None])
async def test_what_is_no_refresh_token(door: Door, token: object) -> None:
    assert (await door.ask("POST", "/token", json={"refresh_token": token})).status_code in (401, 422)


# The end of it


async def test_signing_out_ends_this_sign_in_alone(door: Door) -> None:
    here, there = await door.enter(), await door.enter()
    assert (await door.ask("POST", "/logout", here["access_token"])).status_code == 204
    assert [await door.tasks(pair["access_token"]) for pair in (here, there)] == [401, 200]
    assert (await door.refreshes(here["refresh_token"])).status_code == 401


async def test_signing_out_everywhere(door: Door) -> None:
    here, there = await door.enter(), await door.enter()
    script = await door.script(here["access_token"])
    answer = await door.ask("POST", "/logout", here["access_token"], json={"everywhere": True})
    assert answer.status_code == 204
    assert [await door.tasks(one) for one in (here["access_token"], there["access_token"], script["token"])] == [401] * 3
    assert await door.tasks((await door.enter())["access_token"]) == 200


@pytest.mark.parametrize("words", ["revoke tokens", "sign me out everywhere"])
async def test_a_text_ends_every_token_and_undo_brings_none_back(door: Door, words: str) -> None:
    pair = await door.enter()
    script = await door.script(pair["access_token"])
    bare = issue(door.box.services, (await verify(door.box.services, pair["access_token"])).user_id)
    every = [pair["access_token"], script["token"], bare]
    assert [await door.tasks(one) for one in every] == [200] * 3
    assert (await door.texts(words)).startswith("Signed out everywhere; scripts too. UNDO does not take this back.")
    assert [await door.tasks(one) for one in every] == [401] * 3
    assert (await door.refreshes(pair["refresh_token"])).status_code == 401
    await door.texts("undo")
    assert [await door.tasks(one) for one in every] == [401] * 3
    assert await door.tasks((await door.enter())["access_token"]) == 200


async def test_who_is_gone_has_no_tokens(door: Door) -> None:
    pair = await door.enter()
    script = await door.script(pair["access_token"])
    await door.box.read("DELETE FROM todo.users")
    assert [await door.tasks(one) for one in (pair["access_token"], script["token"])] == [401] * 2
    assert (await door.refreshes(pair["refresh_token"])).status_code == 401
    assert await door.box.read("SELECT 1 FROM todo.sessions UNION ALL SELECT 1 FROM todo.access_tokens") == []


# Personal access tokens


async def test_a_script_has_a_token_that_is_shown_once(door: Door) -> None:
    token = (await door.enter())["access_token"]
    made = await door.script(token)
    assert made["token"].startswith("jot_")
    [listed] = (await door.ask("GET", "/tokens", token)).json()["tokens"]
    assert (listed["name"], listed["last_used_at"]) == ("a script", None)
    assert "token" not in listed
    assert await door.tasks(made["token"]) == 200
    [listed] = (await door.ask("GET", "/tokens", token)).json()["tokens"]
    assert listed["last_used_at"] is not None
    stored = await door.box.read("SELECT to_jsonb(t)::text FROM todo.access_tokens t")
    assert made["token"] not in str(stored)


async def test_a_scripts_token_makes_no_tokens_and_signs_nobody_out(door: Door) -> None:
    script = (await door.script((await door.enter())["access_token"]))["token"]
    asked = [("GET", "/tokens"), ("POST", "/tokens"), ("DELETE", "/tokens"), ("POST", "/logout")]
    body = {"name": "another"}
    assert [(await door.ask(method, path, script, **({"json": body} if path == "/tokens" and method == "POST" else {}))).status_code
            for method, path in asked] == [403] * 4  # fmt: skip


async def test_one_token_is_revoked_or_all_of_them(door: Door) -> None:
    token = (await door.enter())["access_token"]
    first, second, third = [await door.script(token) for _ in range(3)]
    assert (await door.ask("DELETE", f"/tokens/{first['id']}", token)).status_code == 204
    assert (await door.ask("DELETE", f"/tokens/{first['id']}", token)).status_code == 404
    assert [await door.tasks(one["token"]) for one in (first, second, third)] == [401, 200, 200]
    assert (await door.ask("DELETE", "/tokens", token)).status_code == 204
    assert [await door.tasks(one) for one in (second["token"], third["token"], token)] == [401, 401, 200]


async def test_another_persons_token_is_not_there(door: Door) -> None:
    await door.texts(phone=BOB)
    adas, bobs = (await door.enter())["access_token"], (await door.enter(BOB))["access_token"]
    script = await door.script(adas)
    assert (await door.ask("DELETE", f"/tokens/{script['id']}", bobs)).status_code == 404
    assert (await door.ask("GET", "/tokens", bobs)).json() == {"tokens": []}
    assert await door.tasks(script["token"]) == 200


async def test_a_token_can_have_an_end(door: Door) -> None:
    script = await door.script((await door.enter())["access_token"], expires_in_days=30)
    door.box.clock.advance(timedelta(days=29))
    assert await door.tasks(script["token"]) == 200
    door.box.clock.advance(timedelta(days=1))
    assert await door.tasks(script["token"]) == 401


async def test_there_are_only_so_many(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_tokens, "MOST", 2)
    token = (await door.enter())["access_token"]
    statuses = [(await door.ask("POST", "/tokens", token, json={"name": "n"})).status_code for _ in range(3)]
    assert statuses == [201, 201, 409]


# Who asks


async def test_admins_are_those_whose_number_is_in_the_settings(door: Door) -> None:
    async def role(token: str) -> str:
        return (await verify(door.box.services, token)).role

    user = (await door.enter())["access_token"]
    settings = door.box.services.settings
    door.box.services.settings = settings.model_copy(update={"admin_phones": f"+12125550100, {ADA}"})
    admin = (await door.enter())["access_token"]
    script = (await door.script(admin))["token"]
    assert [await role(one) for one in (user, admin, script)] == ["user", "admin", "user"]
    door.box.services.settings = settings
    assert await role(admin) == "user", "who is none any more is none at once"


async def test_nobody_but_an_admin_reaches_what_is_for_admins(door: Door) -> None:
    app = make_app(door.box.services)
    routes = [route for route in app.router.routes if "/admin/" in getattr(route, "path", "")]  # type: ignore[attr-defined]
    assert len(routes) >= 5
    asked = [(method, re.sub(r"{\w+}", "x", route.path)) for route in routes for method in route.methods]
    pair = await door.enter()
    me = await verify(door.box.services, pair["access_token"])
    claimed = issue(door.box.services, me.user_id, "admin")  # as if they had been one
    script = (await door.script(pair["access_token"]))["token"]
    body: dict[str, Any] = {"event_id": "x", "reason": "x"}
    for method, path in asked:
        sent = body if method == "POST" else None
        statuses = [
            (await door.client.request(method, path, headers={"authorization": f"Bearer {one}"}, json=sent)).status_code
            for one in (pair["access_token"], claimed, script, "x")
        ]
        assert (method, path, statuses) == (method, path, [403, 403, 403, 401])
    settings = door.box.services.settings
    door.box.services.settings = settings.model_copy(update={"admin_phones": ADA})
    assert (await door.ask("GET", "/admin/audit", (await door.enter())["access_token"])).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"authorization": "Basic YTpi"},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "jot_x"},
    ],
)
async def test_a_token_is_taken_from_its_header_alone(door: Door, header: dict[str, str]) -> None:
    token = (await door.enter())["access_token"]
    assert (await door.ask("GET", "/tasks", headers=header)).status_code == 401
    for name in ("access_token", "token", "authorization", "jwt"):
        assert (await door.ask("GET", f"/tasks?{name}={token}", headers=header)).status_code == 401
        assert (await door.ask("GET", "/tasks", headers={**header, "cookie": f"{name}={token}"})).status_code == 401


async def test_whoever_is_refused_is_told_how_to_come_in(door: Door) -> None:
    answer = await door.ask("GET", "/tasks", "x.y.z")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 401


async def test_another_issuers_token_names_a_person_by_their_number(door: Door) -> None:
    import jwt

    now = door.box.clock.now()
    claims = {"sub": "auth0|7", "iss": "jotline", "aud": "jotline", "iat": now, "exp": now + timedelta(minutes=5)}
    for phone, status in ((ADA, 200), (STRANGER, 401)):
        token = jwt.encode({**claims, "phone_number": phone, "phone_number_verified": True}, SECRET)
        assert await door.tasks(token) == status


async def test_verifying_says_who_asks(door: Door) -> None:
    caller = await verify(door.box.services, (await door.enter())["access_token"])
    assert isinstance(caller, Caller)
    assert (caller.phone, caller.role, caller.by) == (ADA, "user", "session")
    assert caller.expires_at is not None
    with pytest.raises(Problem):
        await verify(door.box.services, "jot_nobody's")


# What is left behind


async def test_no_token_no_code_and_no_number_is_logged_or_stored_as_it_is(door: Door) -> None:
    with listening() as lines:
        code = await door.code()
        await door.shows(another(code))
        pair = (await door.shows(code)).json()
        script = (await door.script(pair["access_token"]))["token"]
        await door.tasks(script)
        await door.tasks(pair["access_token"])
        await door.tasks(pair["access_token"] + "x")
        after = (await door.refreshes(pair["refresh_token"])).json()
        await door.refreshes(pair["refresh_token"])
        await door.texts("revoke tokens")
    assert lines
    secrets = [code, script, ADA, ADA[1:], *(one[kind] for one in (pair, after) for kind in ("access_token", "refresh_token"))]
    told = [(secret, line) for secret in secrets for line in lines if secret in values(line)]
    assert told == []
    tables = [name for (name,) in await door.box.read("SELECT tablename FROM pg_tables WHERE schemaname = 'todo'")]
    kept = ("sign_ins", "sessions", "access_tokens")
    assert set(kept) <= set(tables)
    for table in kept:
        rows = str(await door.box.read(f"SELECT to_jsonb(t)::text FROM todo.{table} t"))  # noqa: S608 - of this list
        assert [secret for secret in secrets if secret in rows] == []


async def test_a_code_stays_in_no_conversation_and_in_no_trail(door: Door) -> None:
    code = await door.code()
    await door.box.idle()
    [kept] = await door.box.read("SELECT body FROM messaging.messages WHERE direction = 'outbound' AND body LIKE '%%code%%'")
    assert kept == ("(a code)",)
    tables = await door.box.read(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('todo', 'messaging', 'voice', 'audit')"
    )
    for table in (name for (name,) in tables if not name.endswith(".outbox")):  # there it is until it has left
        rows = str(await door.box.read(f"SELECT to_jsonb(t)::text FROM {table} t"))  # noqa: S608 - of this list
        assert code not in re.sub(r"\d{4}-\d\d-\d\dT[\d:.+]*|[0-9a-f]{12,}|[0-9a-f-]{36}", "", rows), table


async def test_what_is_over_is_forgotten(door: Door) -> None:
    await door.enter()
    await door.login(STRANGER)
    store, now = door.box.services.sign_in, door.box.clock.now()
    assert await store.forget(now, 100) == 0
    assert await store.forget(now + timedelta(days=2), 100) == 2
    assert await store.forget(now + timedelta(days=31), 100) == 1
    assert await door.box.read("SELECT 1 FROM todo.sign_ins UNION ALL SELECT 1 FROM todo.sessions") == []
