"""Texts while functions, dispatchers and RabbitMQ are killed and stopped: each has one effect and one reply.

The everyday form is short; JOTLINE_ENDURANCE="5000 40 2" (texts, kills, restarts) runs it at length, as
`python -m bench.cluster.endurance` does by itself.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.cluster.endurance import Trouble, endure
from bench.cluster.place import place
from tests.database import Server

pytestmark = pytest.mark.asyncio


async def test_every_accepted_text_has_one_effect_and_one_reply(components: None, postgres: Server, tmp_path: Path) -> None:
    texts, kills, restarts = map(int, os.environ.get("JOTLINE_ENDURANCE", "200 6 1").split())
    seed = int.from_bytes(os.urandom(4))
    with postgres.database() as url, place(tmp_path, url) as where:
        tally = await endure(where, texts, Trouble(kills=kills, restarts=restarts, seed=seed))
    print(f"seed {seed}\n{tally}")  # noqa: T201 - the count is what this test is for
    assert (tally.lost, tally.repeated) == ([], [])
