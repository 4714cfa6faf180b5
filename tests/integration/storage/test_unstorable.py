"""What the database can never take is given up at once, and only that: an outage is something else."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator

import pytest

from shared.storage.database import Database, Statement, UnstorableData

pytestmark = pytest.mark.asyncio

KEEP = Statement(
    """
WITH unit AS (SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (word text)) WITH ORDINALITY AS unit (word, n)),
kept AS (INSERT INTO words SELECT word FROM unit)
SELECT n, 'true' FROM unit
"""
)


@pytest.fixture
async def words(empty_database: str) -> AsyncIterator[Database]:
    made = Database(empty_database)
    await made.fetch("CREATE TABLE words (word text PRIMARY KEY)")
    yield made
    await made.close()


@pytest.mark.parametrize(
    "word", ["a\0b", "\ud800", secrets.token_hex(5000)], ids=["NUL", "half a character", "over-long for an index"]
)
async def test_what_can_never_be_stored_is_no_outage(words: Database, word: str) -> None:
    with pytest.raises(UnstorableData):
        await words.run(KEEP, json.dumps({"word": word}))
    assert await words.run(KEEP, json.dumps({"word": "milk"})) == "true"
