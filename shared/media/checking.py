"""What an attachment must be before a decoder sees it: a list of checks, each a function, that `audio.inspect` runs in order.

The default ones look at its size, at the type its sender gave it and at its first bytes. A further one, a virus scanner say, is
written as

    def scan(attachment: Attachment) -> None:
        if subprocess.run(["clamdscan", "--no-summary", attachment.path], check=False).returncode == 1:
            raise MediaRefused("unreadable", "the scanner found something")

and handed over with the default ones: `audio.inspect(path, checks=(*CHECKS, scan))`. A check that cannot do its work raises
`TryAgain`; it never lets the file pass.

Decoders are written in C and read what strangers send: so a file's first bytes choose the one demuxer that may read it (`FORMATS`),
and nothing else is ever tried on it. Sources of the signatures: RFC 4867 section 5 (AMR), RFC 3533 section 6 (Ogg), RFC 9639
section 6 (FLAC), ISO/IEC 14496-12 section 4.3 (ftyp), ISO/IEC 13818-7 section 6.2 (ADTS), ISO/IEC 11172-3 section 2.4.1 (MPEG audio),
id3.org/id3v2.4.0-structure section 3.1, RFC 8794 section 11.2 (EBML), Microsoft's RIFF specification (WAVE).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shared.media.errors import MediaRefused

MAX_BYTES = 16 * 1024 * 1024  # what WhatsApp and RCS carry at most (MMS: 5 MB)
#: What a recording can be, and FFmpeg's name of the demuxer for it.
FORMATS = {
    "aac": "aac",
    "amr": "amr",
    "flac": "flac",
    "mp3": "mp3",
    "mp4": "mp4",
    "ogg": "ogg",
    "wav": "wav",
    "webm": "matroska",
}
_AUDIO_TYPES = ("audio/", "video/", "application/ogg", "application/mp4", "application/octet-stream", "binary/octet-stream")
_MAX_TAG_BYTES = 4 * 1024 * 1024  # an ID3 tag with its cover picture


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file somebody sent."""

    path: Path
    size: int  # bytes
    content_type: str = ""  # as its sender says; "" for unknown


Check = Callable[[Attachment], None]
"""Lets an attachment pass, or raises `MediaRefused`."""


def check_size(attachment: Attachment) -> None:
    """Not empty, and at most 16 MB."""
    if attachment.size == 0:
        raise MediaRefused("unreadable", "it is empty")
    if attachment.size > MAX_BYTES:
        raise MediaRefused("too_large", f"it is {attachment.size} bytes")


def check_type(attachment: Attachment) -> None:
    """Called audio, video, or nothing in particular."""
    kind = attachment.content_type.partition(";")[0].strip().lower()
    if kind and not kind.startswith(_AUDIO_TYPES):
        raise MediaRefused("unreadable", f"it is {kind}")


def check_first_bytes(attachment: Attachment) -> None:
    """Of a format that is read here."""
    if not format_of(attachment.path):
        raise MediaRefused("unreadable", "its first bytes are of no format that is read here")


CHECKS: tuple[Check, ...] = (check_size, check_type, check_first_bytes)


def format_of(path: Path) -> str:
    """The key of `FORMATS` that a file's first bytes tell; "" for none."""
    with path.open("rb") as file:
        head = file.read(16)
        if head[:3] == b"ID3" and len(head) >= 10:
            file.seek(min(_tag_bytes(head), _MAX_TAG_BYTES))
            head = file.read(16)
            return "mp3" if not head else _format_of(head)
        return _format_of(head)


def _format_of(head: bytes) -> str:  # noqa: PLR0911 - one line a format
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return "amr"
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"fLaC"):
        return "flac"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    return _frame_format(head)


def _frame_format(head: bytes) -> str:
    """MPEG audio and ADTS have no name: eleven or twelve bits that are set, and fields that cannot hold every value."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return ""
    if head[1] & 0xF6 == 0xF0:  # layer 0
        return "aac" if (head[2] >> 2) & 0xF < 13 else ""
    version, layer, rate = head[1] & 0x18, head[1] & 0x06, head[2] & 0x0C
    return "mp3" if version != 0x08 and layer != 0 and head[2] & 0xF0 != 0xF0 and rate != 0x0C else ""


def _tag_bytes(head: bytes) -> int:
    """How long an ID3v2 tag is: ten bytes and a length of 7 bits a byte."""
    length = 0
    for byte in head[6:10]:
        length = length << 7 | byte & 0x7F
    return 10 + length
