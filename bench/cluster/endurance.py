"""`python -m bench.cluster.endurance`: 5,000 texts while everything is killed, and then a count of what came of each.

Many people text at once, each person one text after the other, each text a todo with a title of its own. Meanwhile functions,
dispatchers and the ingress are killed with -9 or told to stop at random moments, and RabbitMQ is restarted, once politely and once
with -9. A text is posted until it is accepted, as Twilio would. In the end every accepted text must have had exactly one effect (one
todo of that title) and one reply (one text of ours that names it).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench.cluster.place import Place, place
from local.postgres import Postgres
from shared.storage.migrations import migrate

PEOPLE = 100
CONNECTIONS = 100
#: Texts are sent over so much of the run that trouble meets them on their way; it is spread over as long.
TEXTS_A_SECOND = 14.0
POLL_SECONDS = 1.0
_TITLE = re.compile(r"thing (\d{6})", re.IGNORECASE)


@dataclass(slots=True)
class Tally:
    """What was done, and what came of it."""

    texts: int
    posts: int = 0
    kills: list[str] = field(default_factory=list)
    restarts: list[str] = field(default_factory=list)
    effects: Counter[int] = field(default_factory=Counter)
    replies: Counter[int] = field(default_factory=Counter)
    seconds_to_accept: float = 0.0
    seconds: float = 0.0
    others: int = 0  # apologies
    dead_letters: list[str] = field(default_factory=list)

    @property
    def lost(self) -> list[int]:
        """Texts without an effect or without a reply."""
        return [number for number in range(self.texts) if not self.effects[number] or not self.replies[number]]

    @property
    def repeated(self) -> list[int]:
        """Texts with more than one."""
        return [number for number in range(self.texts) if self.effects[number] > 1 or self.replies[number] > 1]

    def __str__(self) -> str:
        once = sum(1 for number in range(self.texts) if self.effects[number] == self.replies[number] == 1)
        lines = [
            f"texts accepted {self.texts}, posted {self.posts} times, over {self.seconds_to_accept:.0f} s",
            f"killed or stopped {len(self.kills)}: {_counted(self.kills)}",
            f"RabbitMQ restarted {len(self.restarts)}: {', '.join(self.restarts) or 'never'}",
            f"exactly one effect and one reply {once}, lost {len(self.lost)}, repeated {len(self.repeated)}, after {self.seconds:.0f} s",
            f"other texts sent {self.others}, dead letters {len(self.dead_letters)}: {_counted(self.dead_letters)}",
        ]
        if self.lost or self.repeated:
            lines.append(f"lost {self.lost[:20]}, repeated {self.repeated[:20]}")
        return "\n".join(lines)


def _counted(words: list[str]) -> str:
    return ", ".join(f"{word} {times}" for word, times in sorted(Counter(words).items())) or "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What happens while texts come. The seed makes the moments and the victims."""

    kills: int
    restarts: int
    seed: int


async def endure(where: Place, texts: int, trouble: Trouble, *, patience_seconds: float = 180.0) -> Tally:
    """Text, hurt, wait, count.

    Args:
        where: a cluster that nobody texted yet.
        texts: how many, by `PEOPLE` people, `TEXTS_A_SECOND`.
        trouble: what happens meanwhile.
        patience_seconds: how long nothing may happen before what is open counts as lost.
    """
    tally, began = Tally(texts), time.monotonic()
    timeout = aiohttp.ClientTimeout(total=20)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
        ticking = asyncio.create_task(where.tick(session))
        hurting = asyncio.create_task(_hurt(where, tally, texts / TEXTS_A_SECOND, trouble))
        await asyncio.gather(*(_person(where, session, tally, first) for first in range(min(PEOPLE, texts))))
        tally.seconds_to_accept = time.monotonic() - began
        await hurting
        await _settle(where, tally, patience_seconds)
        tally.seconds = time.monotonic() - began
        ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticking
    return tally


async def _person(where: Place, session: aiohttp.ClientSession, tally: Tally, first: int) -> None:
    """One person: every hundredth text, each when the one before was accepted."""
    began = time.monotonic()
    for number in range(first, tally.texts, PEOPLE):
        await asyncio.sleep(max(0.0, began + number / TEXTS_A_SECOND - time.monotonic()))
        posts = await where.text(session, f"buy thing {number:06}", sender=f"+1212555{first:04}")
        tally.posts += posts


async def _hurt(where: Place, tally: Tally, seconds: float, trouble: Trouble) -> None:
    """Kill, stop and restart at random moments of the time in which texts come."""
    chance, kills, restarts = random.Random(trouble.seed), trouble.kills, trouble.restarts  # noqa: S311 - to be repeated
    victims = [part.name for part in where.simulation.parts if part.kind in ("function", "dispatcher", "ingress")]
    moments = sorted(chance.uniform(0.05, 0.95) * seconds for _ in range(kills))
    plan = [(moment, chance.choice(victims), chance.choice(("kill", "stop"))) for moment in moments]
    # Politely first, then not.
    plan += [((turn + 1) / (restarts + 1) * seconds, "rabbitmq", ("stop", "kill")[turn % 2]) for turn in range(restarts)]
    began, under_way = time.monotonic(), []
    for moment, victim, manner in sorted(plan):
        await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
        (tally.restarts if victim == "rabbitmq" else tally.kills).append(f"{manner} {victim}")
        under_way.append(asyncio.create_task(where.kill(victim) if manner == "kill" else where.stop(victim)))
    await asyncio.gather(*under_way)


async def _settle(where: Place, tally: Tally, patience_seconds: float) -> None:
    """Wait until every text has its effect and its reply and nobody is at work any more, or nothing has happened for long."""
    seen, deadline = -1, 0.0
    while True:
        _count(where, tally)
        if not tally.lost and not _open(where):
            return
        if (come := tally.effects.total() + tally.replies.total()) != seen:
            seen, deadline = come, time.monotonic() + patience_seconds
        if time.monotonic() > deadline:
            return
        await asyncio.sleep(POLL_SECONDS)


def _open(where: Place) -> int:
    """How many claims are held: somebody is at it, or has died over it."""
    held = "(SELECT count(*) FROM {}.claims WHERE state = 'working')"
    return int(where.read(f"SELECT {held.format('todo')} + {held.format('messaging')}")[0][0])


def _count(where: Place, tally: Tally) -> None:
    titles = [str(title) for (title,) in where.read("SELECT title FROM todo.tasks")]
    tally.effects = Counter(int(match[1]) for title in titles if (match := _TITLE.search(title)))
    heard = where.heard()
    tally.replies = Counter(int(match[1]) for body in heard if (match := _TITLE.search(body)))
    tally.others = sum(1 for body in heard if not _TITLE.search(body))
    letters = where.read("SELECT function, cause, replayed_at IS NOT NULL FROM audit.dead_letters")
    tally.dead_letters = [f"{function}: {cause}{' (given out again)' if again else ''}" for function, cause, again in letters]


def main(argv: list[str]) -> int:
    """Run it in a folder that is removed; 1 when a text was lost or repeated."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster.endurance", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--texts", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--folder", type=Path, help="keep everything here instead")
    given = parser.parse_args(argv)
    postgres = Postgres()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="jotline-endurance-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)  # PostgreSQL runs as another account when we are root
    try:
        database = postgres.start(folder / "postgres", durable=True, connections=CONNECTIONS)
        migrate(database)
        with place(folder / "cluster", database) as where:
            print(f"seed {given.seed}, logs in {where.simulation.logs}", flush=True)
            trouble = Trouble(kills=given.kills, restarts=given.restarts, seed=given.seed)
            tally = asyncio.run(endure(where, given.texts, trouble))
    finally:
        postgres.stop()
    print(tally)
    return 1 if tally.lost or tally.repeated else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
