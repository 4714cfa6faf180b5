"""`jotline say NUMBER FILE`: send the box a voice note as NUMBER, or call it and say that, and print its answer."""

from __future__ import annotations

import argparse
import mimetypes
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.phone.client import Trouble, ask, box_url
from local.text import await_answer, read_number

#: What phones send, where the standard library's table has it otherwise or not at all.
_TYPES = {".opus": "audio/ogg", ".oga": "audio/ogg", ".amr": "audio/amr", ".3gp": "audio/3gpp", ".m4a": "audio/mp4"}
_LOOK_SECONDS = 1.0


def main(argv: list[str]) -> int:
    """Send a recording and print what comes back; 1 when nothing did, 2 when the words on the command line are wrong."""
    given = _parser().parse_args(argv)
    phone = read_number(given.number)
    if phone is None:
        return 2
    try:
        data, kind = _read(given.file, call=given.call)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    channel = "call" if given.call else "whatsapp" if given.whatsapp else "sms"
    url = box_url(given.url)
    try:
        sent = ask(url, "/phone/api/recordings", {"phone": phone, "channel": channel}, file=(data, kind))
        replies = await_answer(url, sent, given.wait, meanwhile=_progress(url, sent["recordings"][0]))
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    sys.stdout.write("".join(f"{reply['body']}\n" for reply in replies))
    return 0


def _read(file: Path, *, call: bool) -> tuple[bytes, str]:
    """The bytes and the type of what is said.

    Raises:
        Trouble: it cannot be read, or a telephone cannot carry it.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}") from None
    if not call:
        return data, _TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    from local.phone.sound import NotWav, as_telephone

    try:
        return as_telephone(data), "audio/wav"
    except NotWav:
        raise Trouble(f"there is no sound in {file} that a telephone could carry") from None


def _progress(url: str, recording: str) -> Callable[[], None]:
    """Tell on standard error how far a long recording is heard, whenever that changes."""
    told, next_look = 0.0, time.monotonic() + _LOOK_SECONDS

    def look() -> None:
        nonlocal told, next_look
        if time.monotonic() < next_look:
            return
        next_look = time.monotonic() + _LOOK_SECONDS
        try:
            found: dict[str, Any] = ask(url, "/phone/api/heard", {"recording": recording})
        except Trouble:
            return  # a stand-in without the box behind it
        if found["known"] and told < found["seconds_heard"] < found["seconds"]:
            told = found["seconds_heard"]
            sys.stderr.write(f"heard {told:.0f} of {found['seconds']:.0f} seconds\n")

    return look


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jotline say",
        description="Send Jotline a voice note from a number of your choice, or call it, and print the answer.",
    )
    parser.add_argument("number", metavar="NUMBER", help="who is speaking, like +14155550100")
    parser.add_argument("file", metavar="FILE", type=Path, help="the recording: ogg, mp3, m4a, amr, 3gp, wav")
    parser.add_argument("--call", action="store_true", help="call the number and say it after the beep")
    parser.add_argument("--whatsapp", action="store_true", help="as a WhatsApp voice note")
    parser.add_argument("--url", help="where Jotline runs (JOTLINE_URL, else http://127.0.0.1:8080)")
    parser.add_argument("--wait", type=float, default=120.0, metavar="SECONDS", help="for the answer (120)")
    return parser
