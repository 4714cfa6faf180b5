"""What nobody should send: hypothesis strategies, and real sentences mutated by dice (a `random.Random` with a seed of the test)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import quote, quote_plus

from hypothesis import strategies as st

from shared.providers.signature import sign
from tests.asking import ACCOUNT, PUBLIC_URL, TOKEN
from tests.unit.conversations.scenarios import played

LONGEST: Final = 1600
_FILE: Final = Path(__file__).parents[1] / "unit" / "language" / "sentences.txt"
_LINES: Final = [line.partition(" => ")[0] for line in _FILE.read_text(encoding="utf-8").splitlines() if " => " in line]
SENTENCES: Final = [*_LINES, *(turn.text for scenario in played() for turn in scenario.turns)]

INJECTIONS: Final = [
    "'; DROP TABLE todo.tasks; --", '" OR 1=1 --', "%s %d %n %(name)s", "{0.__class__} {missing}", "<script>alert(1)</script>",
    "<b>milk</b>&nbsp;&#x41;", "${jndi:ldap://127.0.0.1/a}", "$(reboot) `id`", "../../../../etc/passwd", "\\u0000\\x00\\", "a\0b\0c",
    "\r\nX-Injected: 1", '{"intent": "delete", "ref": {"everything": true}}', "\u202eetad ruoy\u202c", "\ufeffbuy milk\u200b\u200d",
    "\u05dc\u05e7\u05e0\u05d5\u05ea \u05d7\u05dc\u05d1 \u05de\u05d7\u05e8", "\u0627\u0634\u062a\u0631\u064a \u062d\u0644\u064a\u0628 5pm",
    "\U0001f95b" * 60, "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 dinner tomorrow", "Z\u0351\u036b\u0343a\u0329l\u0358go",
    "9" * 400, "#" * 700, "-1", "1e999", "add " * 400, "delete all", "yes", "no", "STOP", "start", "ok", "\u0661\u0662\u0663",
    "move 99999999999999999999 to 99/99/9999", "every 0 days", "in 99999999999 years", "remind me 10000000000 hours before it",
]  # fmt: skip
_ALPHABETS: Final = [
    st.characters(min_codepoint=0x0590, max_codepoint=0x06FF),
    st.characters(min_codepoint=0x1F300, max_codepoint=0x1FAFF),
    st.characters(min_codepoint=0, max_codepoint=0x7F),
]
TEXTS: Final = st.one_of(
    st.text(max_size=80),
    st.one_of([st.text(alphabet, max_size=80) for alphabet in _ALPHABETS]),
    st.sampled_from(INJECTIONS),
    st.lists(st.sampled_from(" ".join(SENTENCES).split()), max_size=25).map(" ".join),
)

Posted = tuple[bytes, dict[str, str]]
"""A body and its headers."""


def mutated(dice: Random) -> str:
    """A real sentence that something happened to; sometimes nothing."""
    text = dice.choice(SENTENCES)
    for _ in range(dice.randrange(4)):
        text = dice.choice(_MUTATIONS)(dice, text)[:LONGEST]
    return text


def _spliced(dice: Random, text: str) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + dice.choice([*INJECTIONS, "\0", "\n", "  ", ".", "#", '"', "(", "\u2019", "1", ","]) + text[place:]


def _without(dice: Random, text: str) -> str:
    place = dice.randrange(len(text) + 1)
    return text[:place] + text[place + dice.randrange(1, 6) :]


def _shuffled(dice: Random, text: str) -> str:
    return " ".join(dice.sample(words := text.split(), len(words)))


_MUTATIONS: Final[list[Callable[[Random, str], str]]] = [
    _spliced,
    _without,
    _shuffled,
    lambda dice, text: f"{text} {dice.choice(['and', ',', 'then', '.', 'or', 'not'])} {dice.choice(SENTENCES)}",
    lambda dice, text: dice.choice([text.upper(), text.title(), text.swapcase(), text[::-1]]),
    lambda dice, text: "".join(str(dice.randrange(10)) if letter.isdigit() else letter for letter in text),
    lambda dice, text: f"{text} " * dice.choice([2, 5, 60]),
]


def webhook_post(dice: Random, text: str, sender: str, message_id: str) -> Posted:
    """The body of a message webhook with something odd about it, signed over what it is; sometimes signed wrongly."""
    fields = [("MessageSid", message_id), ("AccountSid", ACCOUNT), ("From", sender), ("To", "+14155550100"), ("Body", text)]
    fields += [("NumMedia", dice.choice(["0", "0", "", "1", "-1", "99999999999", "x"]))]
    for _ in range(dice.randrange(3)):
        fields = dice.choice(_FIELD_MUTATIONS)(dice, fields)
    charset = dice.choice(
        ["", "", "", "; charset=utf-8", "; charset=UTF-8", "; charset=iso-8859-1", "; charset=utf-7", "; charset=\u00fc"]
    )
    body = "&".join(
        f"{quote_plus(name)}={quote_plus(value.encode('utf-8', 'surrogatepass'))}" for name, value in fields
    ).encode()
    if dice.random() < 0.1:
        body = _broken(dice, body)
    return body, {"content-type": f"application/x-www-form-urlencoded{charset}"}


Fields = list[tuple[str, str]]
_FIELD_MUTATIONS: Final[list[Callable[[Random, Fields], Fields]]] = [
    lambda dice, fields: dice.sample(fields, len(fields)),
    lambda dice, fields: [*fields, dice.choice(fields)],
    lambda dice, fields: [*fields, (dice.choice(fields)[0], "")],
    lambda dice, fields: [*fields, *((f"Unknown{n}", dice.choice(INJECTIONS)) for n in range(dice.choice([1, 30, 1100])))],
    lambda dice, fields: [
        (name, value) for name, value in fields if name != dice.choice(["To", "Body", "NumMedia", "AccountSid"])
    ],
    lambda _, fields: [(name, f"whatsapp:{value}" if name in ("From", "To") else value) for name, value in fields],
    lambda dice, fields: [*fields, ("OptOutType", dice.choice(["STOP", "start", "HELP", "EVERYTHING", ""]))],
    lambda _, fields: [(name, value + "\udcff\ud800" if name == "Body" else value) for name, value in fields],
    lambda dice, fields: [
        (name, dice.choice(["", "x" * 9000, "\0", "%"]) if name == "MessageSid" else value) for name, value in fields
    ],
    lambda dice, fields: [*fields, ("OriginalRepliedMessageSid", dice.choice(INJECTIONS)), ("NumSegments", "\u0663")],
]


def _broken(dice: Random, body: bytes) -> bytes:
    place = dice.randrange(len(body) + 1)
    return (
        body[:place] + dice.choice([b"%", b"%zz", b"%u1234", b"\xff\xfe", b"\0", b"&&&=&", b";", b"x" * 70_000]) + body[place:]
    )


def signed(path: str, body: bytes, headers: dict[str, str], fields: Fields | None) -> dict[str, str]:
    """The headers with Twilio's signature over `fields`; None leaves it out."""
    if fields is None:
        return headers
    return {**headers, "x-twilio-signature": sign(f"{PUBLIC_URL}{path}", fields, TOKEN)}


def event_post(dice: Random, attributes: dict[str, str], data: dict[str, Any], text: str) -> Posted:
    """An event over HTTP, in one of the two content modes, with something odd about it."""
    attributes, data = dict(attributes), json.loads(json.dumps(data))
    for _ in range(dice.choice([0, 0, 1])):
        _spoil(dice, data, text)
    if dice.random() < 0.1:
        attributes[dice.choice([*attributes, "time", "partitionkey", "specversion", "Bad-Name"])] = dice.choice(_ODD_ATTRIBUTES)
    if dice.random() < 0.05:
        del attributes[dice.choice(list(attributes))]
    if dice.random() < 0.5:
        headers = {"content-type": dice.choice(["application/cloudevents+json", "application/cloudevents+json; charset=utf-8"])}
        body = json.dumps({**attributes, "data": data}).encode()
    else:
        headers = {
            f"ce-{name}": quote(value.encode("utf-8", "surrogatepass"), safe=" :/+") for name, value in attributes.items()
        }
        headers["content-type"] = dice.choice(["application/json"] * 8 + ["application/json; charset=utf-8", "text/plain", ""])
        body = json.dumps(data).encode()
    return (_broken(dice, body) if dice.random() < 0.05 else body), headers


_ODD_ATTRIBUTES: Final = [
    "",
    "x",
    "\u00fc\u4e2d",
    "a\nb",
    "0" * 3000,
    "9999-99-99T99:99:99Z",
    "2026-11-25T10:00:00",
    "zzzzzzzz",
    "a\0b",
    "\ud800",
]


def _spoil(dice: Random, data: Any, text: str) -> None:
    """Replace one value somewhere inside; containers are entered as often as not."""
    if not data or not isinstance(data, (dict, list)):
        return
    key = dice.choice(list(data)) if isinstance(data, dict) else dice.randrange(len(data))
    if isinstance(data[key], (dict, list)) and dice.random() < 0.7:
        _spoil(dice, data[key], text)
        return
    text = "" if str(key).endswith("_id") else text  # ids are logged
    data[key] = dice.choice(
        [None, 0, -1, 10**30, 1.5, True, "", text, [], {}, [[]], {"a": "\0"}, "\ud800", "x\0y", ["x"] * 300, _deep(900)]
    )


def _deep(depth: int) -> Any:
    inner: Any = []
    for _ in range(depth):
        inner = [inner]
    return inner
