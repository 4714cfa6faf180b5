"""How many SMS segments a text takes, counted as Twilio counts (and bills) them, and plain characters for curly ones.

A text is GSM-7 when every character is in the GSM 03.38 basic table or its extension; one character outside and the *whole*
text is UCS-2, which leaves 70 characters a segment instead of 160. So everything we write ourselves is GSM-7, and a phone's
curly quotes are made plain on the way in (`to_gsm7`).

Sources: 3GPP TS 23.038 section 6.2.1 (the tables); Twilio's `sms-segments-calculator` 1.3.0 is the oracle of the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The GSM 03.38 basic table: one septet each (the escape character itself cannot be sent)."""

EXTENDED: Final = frozenset("^{}\\[~]|€\f")
"""The extension table: an escape and a character, two septets that are never split over two segments."""

PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u02bb\u02bc\u02c8\u0060\u00b4\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u02ba\u02ee\u275d\u275e\u301d\u301e\uff02", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u00ad\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2022\u2023\u25e6\u2219\u00b7", "-"),
        **dict.fromkeys(
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
        ),
        "\t": " ",
        **dict.fromkeys("\u200b\u2060\ufeff", ""),
        **dict.fromkeys("\u2028\u2029\u0085", "\n"),
        "\u2026": "...",
        "\u2025": "..",
        "\u2024": ".",
        "\u2044": "/",
        "\u00d7": "x",
        "\u2039": "<",
        "\u203a": ">",
        "\u2236": ":",
    }
)
"""Typographic characters that a phone puts in for plain ones. Letters are left alone: they are the person's own words."""

CLUSTER: Final = re.compile(r"(?:.\u200d)*.[\ufe0f]?", re.DOTALL)
"""Joined emoji travel together: Twilio never splits them over two segments."""


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text takes on the wire."""

    encoding: Literal["GSM-7", "UCS-2"]
    count: int
    """Segments: what is billed, and what a long code sends one of per second. An empty text is one."""
    units: int
    """Septets (GSM-7) or UTF-16 code units (UCS-2), headers of joined segments apart."""


def count_segments(text: str) -> Segments:
    """Count the segments of `text` as Twilio does: 160 septets or 70 units alone, 153 or 67 each when there are several."""
    if BASIC.issuperset(text):
        return Segments("GSM-7", 1 if len(text) <= 160 else -(-len(text) // 153), len(text))
    if (BASIC | EXTENDED).issuperset(text):
        return _packed("GSM-7", [2 if c in EXTENDED else 1 for c in text], alone=160, joined=153)
    return _packed("UCS-2", [len(c.encode("utf-16-be")) // 2 for c in CLUSTER.findall(text)], alone=70, joined=67)


def is_gsm7(text: str) -> bool:
    """True when every character of `text` can be sent as GSM-7."""
    return (BASIC | EXTENDED).issuperset(text)


def to_gsm7(text: str) -> str:
    """Replace curly quotes, dashes, ellipses, bullets and odd spaces by plain ones; every other character stays as it is."""
    return text.translate(PLAIN)


def _packed(encoding: Literal["GSM-7", "UCS-2"], costs: list[int], *, alone: int, joined: int) -> Segments:
    units = sum(costs)
    if units <= alone:
        return Segments(encoding, 1, units)
    count, room = 1, joined
    for cost in costs:
        if cost > room:
            count, room = count + 1, joined
        room -= cost
    return Segments(encoding, count, units)


def cut_before(text: str, length: int) -> str:
    """The longest start of `text` with at most `length` characters that tears no joined emoji."""
    kept = ""
    for cluster in CLUSTER.findall(text):
        if len(kept) + len(cluster) > length:
            break
        kept += cluster
    return kept or text[:length]
