"""How a difference between two hearings reads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from local.reprocess import described, difference
from shared.storage.voice import Recording

SAID = Recording(
    id="RE1",
    party="a" * 32,
    sender="+12125550142",
    recipient="+14155550100",
    channel="sms",
    message_id="",
    call_id="CA1",
    correlation_id="CA1",
    said_at=datetime(2026, 11, 23, 10, 15, tzinfo=UTC),
    audio="a/b",
    content_type="audio/wav",
    codec="pcm_s16le",
    bytes=1,
    sha256="",
    seconds=4.2,
)


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("call Kim at five", "call Tim at five", "call [-Kim-] {+Tim+} at five"),
        ("buy milk", "buy milk and bread", "buy milk {+and bread+}"),
        ("oh buy milk", "buy milk", "[-oh-] buy milk"),
        ("", "buy milk", "{+buy milk+}"),
    ],
)
def test_words_that_differ_are_marked(old: str, new: str, shown: str) -> None:
    assert difference(old, new) == shown


def test_a_recording_is_described_without_its_whole_number() -> None:
    assert list(described(SAID, "call Kim", "call Tim")) == [
        "RE1  Mon 23 Nov 2026 10:15 UTC, 4 s, ...0142",
        "  was  call Kim",
        "  now  call Tim",
        "       call [-Kim-] {+Tim+}",
    ]
    assert list(described(SAID, "", ""))[1:] == ["  no difference: (nothing heard)"]
