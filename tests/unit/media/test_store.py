"""Keys of recordings, and the URLs of the places where they are kept."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from shared.events.ids import partition_key
from shared.media.folder import FolderStore
from shared.media.s3 import S3Store
from shared.media.store import key_of, open_store

PARTY = partition_key("+15551234567", b"secret")
DAY = date(2026, 3, 1)


def test_a_key_says_whose_when_and_which() -> None:
    assert key_of(PARTY, DAY, "MM1.audio0", ".ogg") == f"{PARTY}/2026-03-01/MM1.audio0.ogg"


@pytest.mark.parametrize(
    "party", ["+15551234567", "15551234567", "whatsapp:+15551234567", "", "..", PARTY.upper(), PARTY + "0"]
)
def test_a_number_is_never_in_a_key(party: str) -> None:
    with pytest.raises(ValueError, match="party"):
        key_of(party, DAY, "RE1", ".wav")


@pytest.mark.parametrize(
    ("recording_id", "suffix"),
    [("../RE1", ".wav"), ("RE1", "/../../x"), ("", ".wav"), (".RE1", ""), ("RE 1", ".wav"), ("R" * 300, "")],
)
def test_nor_anything_that_leads_elsewhere(recording_id: str, suffix: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        key_of(PARTY, DAY, recording_id, suffix)


def test_the_url_chooses_the_store() -> None:
    folder = open_store("file:///var/lib/jotline/audio%20files")
    assert isinstance(folder, FolderStore)
    assert folder.root == Path("/var/lib/jotline/audio files")
    assert isinstance(open_store("s3://bucket/prefix"), S3Store)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/var/audio",
        "file://",
        "file:///",
        "file://host/audio",
        "file:audio/../..",
        "s3:///prefix",
        "s3:bucket",
        "https://bucket.example",
    ],
)
def test_other_urls_choose_none(url: str) -> None:
    with pytest.raises(ValueError, match="AUDIO_STORE_URL"):
        open_store(url)


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    """What only looks up keys, or keeps recordings in a folder, pays neither for boto3 nor for a decoder."""
    code = """
import sys
from shared.media import audio, checking, errors, fetching, places, store
store.open_store("file:///tmp/x"), store.open_store("s3://bucket")
print(*sorted({"aiohttp", "av", "boto3", "botocore", "numpy"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=Path(__file__).parents[3]
    )
    assert done.stdout.strip() == ""
