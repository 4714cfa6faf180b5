"""Nothing lost, nothing twice: the same webhook many times over, and a box that is killed again and again.

The box and somebody else's Twilio stand-in are processes of their own, as on a machine that crashes.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from pathlib import Path

import psycopg
import pytest

from local.postgres import find_url
from tests.box import Town, town
from tests.making import sid

pytestmark = pytest.mark.asyncio

PEOPLE = 50
MESSAGES = 500
KILLS = 20
#: Long enough for every kill to fall among messages: a restart takes a second or two.
SPREAD_SECONDS = 60.0


async def test_the_same_webhook_twenty_times_at_once_is_one_todo_and_one_reply(tmp_path: Path) -> None:
    async with town(tmp_path) as running:
        message_id = sid()
        statuses = await asyncio.gather(*(running.post("buy milk tomorrow 5pm", message_id=message_id) for _ in range(20)))
        await running.replies(1)
        await running.quiet()
        assert statuses == [200] * 20
        [reply] = await running.sent()
        assert reply["body"].startswith("Added #1 Buy milk (tomorrow 5pm)")
        assert await running.post("buy milk tomorrow 5pm", message_id=message_id) == 200
        await running.post("list")
        await running.replies(2)
        await running.quiet()
        assert (await running.sent())[1]["body"].startswith("1 open:")
        assert len(await running.sent()) == 2


async def test_a_wrong_signature_stores_nothing(tmp_path: Path) -> None:
    async with town(tmp_path) as running:
        assert await running.post("buy milk", token="a guess") == 403
        await running.post("list")
        [reply] = await running.replies(1)
        assert reply["body"].startswith("Nothing open.")


async def test_a_polite_stop_finishes_or_keeps_everything(tmp_path: Path) -> None:
    async with town(tmp_path) as running:
        posted = [asyncio.create_task(running.post(f"todo number {n}", sender=f"+1212555{n:04}")) for n in range(40)]
        await asyncio.gather(*posted[:20])
        assert await running.box.stop() == 0
        accepted = sum(status == 200 for status in await asyncio.gather(*posted))
        assert accepted >= 20
        await running.box.start()
        await running.replies(accepted)
        await running.quiet()
        assert len(await running.sent()) == accepted


@pytest.mark.long
async def test_killed_twenty_times_every_accepted_message_has_one_effect_and_one_reply(tmp_path: Path) -> None:
    dice = random.Random(20261122)
    people = [f"+1212555{n:04}" for n in range(PEOPLE)]
    accepted: dict[str, list[str]] = defaultdict(list)
    uncertain = 0

    async def texting(running: Town, phone: str, words: list[str]) -> None:
        nonlocal uncertain
        for text in words:
            await asyncio.sleep(dice.uniform(0, SPREAD_SECONDS / len(words)))
            message_id = sid()
            while (status := await running.post(text, sender=phone, message_id=message_id)) != 200:
                uncertain += status == 0
                await asyncio.sleep(dice.uniform(0.01, 0.2))  # Twilio waits before it tries again, too
            accepted[phone].append(text)

    async def killing(running: Town) -> None:
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(0.05, 1.5))
            await running.box.kill()
            await running.box.start()

    async with town(tmp_path, environment={"LOG_LEVEL": "INFO"}) as running:
        each = MESSAGES // PEOPLE
        killer = asyncio.create_task(killing(running))
        rounds = [texting(running, phone, [f"polish spoon {'abcdefghij'[n]}" for n in range(each)]) for phone in people]
        await asyncio.gather(*rounds)
        await killer
        replies = await running.replies(MESSAGES, seconds=120)
        await running.quiet(seconds=120)
        replies = await running.sent()
        home = running.box_log.parent / "home"
        with psycopg.connect(find_url(home / "postgres")) as connection:
            titles = connection.execute(
                "SELECT u.phone, t.title FROM todo.tasks t JOIN todo.users u ON u.id = t.user_id ORDER BY t.number"
            ).fetchall()
            doubtful = connection.execute(
                "SELECT count(*) FROM messaging.messages WHERE metadata ->> 'possible_duplicate' = 'true'"
            ).fetchone()
            dead = connection.execute("SELECT count(*) FROM audit.dead_letters").fetchone()

    per_person: dict[str, list[str]] = defaultdict(list)
    for phone, title in titles:
        per_person[phone].append(title.lower())
    heard: dict[str, list[str]] = defaultdict(list)
    for reply in replies:
        heard[reply["phone"]].append(reply["body"].splitlines()[0])
    print(  # noqa: T201 - what was counted
        f"\n{sum(map(len, accepted.values()))} accepted, {uncertain} posts cut off by {KILLS} kills, {len(titles)} todos, "
        f"{len(replies)} replies, {doubtful} sent again after no answer, {dead} dead letters"
    )
    assert dead == (0,)
    for phone in people:
        assert per_person[phone] == accepted[phone], "one effect each, in the order they were sent"
        expected = [f"Added #{n + 1} {text.capitalize()}" for n, text in enumerate(accepted[phone])]
        assert heard[phone] == expected, "one reply each, in order"
