"""`jotline text NUMBER "buy milk tomorrow 5pm"`: text the box as NUMBER and print its answer."""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable
from typing import Any

from local.phone.client import Trouble, ask, box_url

_POLL_SECONDS = 0.05


def main(argv: list[str]) -> int:
    """Text and print what comes back; 1 when nothing did, 2 when the words on the command line are wrong."""
    given = _parser().parse_args(argv)
    phone = read_number(given.number)
    if phone is None:
        return 2
    if not given.words.strip():
        sys.stderr.write('there are no words to text: put them in quotes, like "buy milk tomorrow"\n')
        return 2
    try:
        replies = text(box_url(given.url), phone, given.words, "whatsapp" if given.whatsapp else "sms", given.wait)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    sys.stdout.write("".join(f"{reply['body']}\n" for reply in replies))
    return 0


def text(url: str, phone: str, words: str, channel: str, wait_seconds: float) -> list[dict[str, Any]]:
    """Text `words` as `phone` and wait for the answer.

    Raises:
        Trouble: the box is not there, did not take the text, or did not answer in time.
    """
    sent = ask(url, "/phone/api/messages", body={"phone": phone, "body": words, "channel": channel})
    return await_answer(url, sent, wait_seconds)


def read_number(given: str) -> str | None:
    """A phone number as E.164, however it is written; None, and a line on standard error, when it is none."""
    phone = re.sub(r"[\s().-]", "", given)
    if re.fullmatch(r"\+[1-9]\d{6,14}", phone):
        return phone
    sys.stderr.write(f"{given} is no phone number: write it with + and the country, like +14155550100\n")
    return None


def await_answer(
    url: str, sent: dict[str, Any], wait_seconds: float, *, meanwhile: Callable[[], None] = lambda: None
) -> list[dict[str, Any]]:
    """Wait for the answer to what was `sent`; `meanwhile` is called again and again.

    Raises:
        Trouble: the box is not there, did not take it, or did not answer in time.
    """
    deadline = time.monotonic() + wait_seconds
    delivered = False
    while time.monotonic() < deadline:
        changes = ask(url, "/phone/api/messages", {"phone": sent["phone"], "after": sent["changed"]})["messages"]
        if replies := [each for each in changes if not each["mine"] and each["at"] >= sent["at"]]:
            return replies
        mine = next((each for each in changes if each["sid"] == sent["sid"]), sent)
        if mine["state"] == "failed":
            what = "call" if sent["call"] else "recording" if sent["media"] else "text"
            raise Trouble(f"Jotline did not take the {what}. Look at its log.")
        delivered = mine["state"] == "delivered"
        meanwhile()
        time.sleep(_POLL_SECONDS)
    raise Trouble(f"{'Delivered, but no answer' if delivered else 'Not delivered'} within {wait_seconds:g} seconds.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jotline text", description="Text Jotline from a number of your choice and print the answer."
    )
    parser.add_argument("number", metavar="NUMBER", help="who is texting, like +14155550100")
    parser.add_argument("words", metavar="WORDS", help='the text, like "buy milk tomorrow 5pm"')
    parser.add_argument("--whatsapp", action="store_true", help="as a WhatsApp message")
    parser.add_argument("--url", help="where Jotline runs (JOTLINE_URL, else http://127.0.0.1:8080)")
    parser.add_argument("--wait", type=float, default=15.0, metavar="SECONDS", help="for the answer (15)")
    return parser
