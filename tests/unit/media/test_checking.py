"""What a file's first bytes tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.media import checking
from shared.media.checking import Attachment
from shared.media.errors import MediaRefused


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"#!AMR\n\x3c", "amr"),
        (b"#!AMR-WB\n\x04", "amr"),
        (b"#!AMR_MC1.0\n", ""),
        (b"OggS\0\x02", "ogg"),
        (b"fLaC\0\0\0\x22", "flac"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "wav"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", ""),
        (b"\0\0\0\x1cftypM4A ", "mp4"),
        (b"\0\0\0\x14ftyp3gp4", "mp4"),
        (b"\x1a\x45\xdf\xa3\x9f", "webm"),
        (b"\xff\xfb\x90\x64", "mp3"),
        (b"\xff\xe3\x18\xc4", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"\xff\xf9\x6c\x40", "aac"),
        (b"\xff\xf1\xfc\x80", ""),  # a rate that does not exist
        (b"\xff\xfb\xf0\x64", ""),  # nor such a bit rate
        (b"\xff\xfb\x9c\x64", ""),  # nor this sampling rate
        (b"\xff\xeb\x90\x64", ""),  # nor this version
        (b"\xff\xd8\xff\xe0\0\x10JFIF", ""),
        (b"\xff\xfe<\0h\0t\0m\0l\0", ""),  # a text in UTF-16
        (b"\xff\xff\xff\xff", ""),
        (b"PK\x03\x04", ""),
        (b"%PDF-1.7", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_the_format_is_told_by_the_first_bytes(tmp_path: Path, head: bytes, told: str) -> None:
    (path := tmp_path / "note.ogg").write_bytes(head)
    assert checking.format_of(path) == told


@pytest.mark.parametrize(
    ("behind", "told"), [(b"\xff\xfb\x90\x64", "mp3"), (b"\xff\xf1\x50\x80", "aac"), (b"fLaC", "flac"), (b"PK\x03\x04", "")]
)
def test_behind_a_tag_those_that_follow(tmp_path: Path, behind: bytes, told: str) -> None:
    (path := tmp_path / "note.mp3").write_bytes(b"ID3\x04\0\0\0\0\x02\x01" + bytes(257) + behind)
    assert checking.format_of(path) == told


def test_what_is_read_here_has_a_demuxer() -> None:
    assert {"ogg", "amr", "mp3", "mp4", "wav", "webm", "flac", "aac"} == set(checking.FORMATS)


@pytest.mark.parametrize(
    "content_type", ["", "audio/ogg; codecs=opus", "Audio/AMR", "video/3gpp", "application/ogg", "application/octet-stream"]
)
def test_types_that_may_be_audio(content_type: str) -> None:
    checking.check_type(Attachment(Path("note"), 1, content_type))


@pytest.mark.parametrize("content_type", ["text/html", "image/png", "application/zip", "application/json", "nonsense"])
def test_types_that_may_not(content_type: str) -> None:
    with pytest.raises(MediaRefused) as caught:
        checking.check_type(Attachment(Path("note"), 1, content_type))
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize(("size", "reason"), [(0, "unreadable"), (checking.MAX_BYTES + 1, "too_large")])
def test_sizes(size: int, reason: str) -> None:
    checking.check_size(Attachment(Path("note"), checking.MAX_BYTES))
    with pytest.raises(MediaRefused) as caught:
        checking.check_size(Attachment(Path("note"), size))
    assert caught.value.reason == reason
