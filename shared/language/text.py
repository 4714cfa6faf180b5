"""From what a phone sends to tokens the grammar can match.

`normalise` makes curly quotes, dashes and ellipses plain and collapses spaces, so that one spelling reaches the rules and one
segment of 160 characters carries the answer. `tokenise` then cuts the text once, left to right: quoted text, links and addresses
become one opaque token each (nothing inside is ever read as a date), numbers keep their shape (`3/12`, `10:20`, `2nd`), and
every word carries the meanings its lexicon gives it. Every alternative of the pattern is bounded or excludes its own end, so
cutting 1,600 characters takes time in proportion to their number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

_PLAIN = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "ʼ": "'", "`": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\ufeff": "", "\u00ad": "",
        "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " ", "\v": " ", "\f": " ", "\0": "",
        "！": "!", "？": "?", "，": ",", "：": ":", "；": ";",
    }
)  # fmt: skip

_TOKENS: Final = r"""
    [ ]*+(?:
    (?P<plain>[a-z]++(?=[ ,!?\n]|\Z))
  | (?P<quote>"[^"\n]{1,1600}"|\A'[^'\n]{1,1600}'\Z)
  | (?P<link>https?://[^\s"]{1,1600}|www\.[^\s"]{1,1600})
  | (?P<mail>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})
  | (?P<tag>\#[^\W\d_][\w/-]{0,63})
  | (?P<stamp>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,6})?Z?(?!\d))
  | (?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))
  | (?P<phone>\+?\d{3,4}[-. ]\d{3}[-. ]\d{4}(?!\d)|\d{3}-\d{4}(?!\d))
  | (?P<date>\d{1,2}(?P<between>[/.-])\d{1,2}(?P=between)(?:\d{4}|\d{2})(?!\d|[/.-]\d))
  | (?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?![:\d]))
  | (?P<version>\d{1,6}(?:[./:]\d{1,6}){2,9})
  | (?P<slash>\d{1,2}/\d{1,4}(?!\d|\.\d))
  | (?P<cipher>(?:CIPHERS)(?!\w))
  | (?P<ordinal>\d{1,3}(?:ORDINALS)(?![^\W_]))
  | (?P<decimal>\d{1,9}[.,]\d{1,9}(?!\d))
  | (?P<int>\d{1,30})
  | (?P<word>[^\W\d_]++(?:['*-]{1,3}[^\W\d_]++)*+'?)
  | (?P<other>[^ ])
    )
    """
TOKEN_FLAGS: Final = re.VERBOSE | re.IGNORECASE | re.DOTALL

_HYPHEN_PARTS = re.compile(r"[^-]+|-")
_FIGURES = re.compile(r"\d{1,3}")
_FIGURES_APART = re.compile(r"\d \d")
_BETWEEN_NUMBERS = re.compile(r"[/.-]")


@dataclass(slots=True)
class Token:
    """One piece of the text. `word` is what the grammar compares; `values` are the meanings the lexicon knows."""

    text: str
    word: str
    start: int
    end: int
    kind: str
    values: Mapping[str, Any]
    spaced: bool = True  # white space (or nothing) stands before it

    @property
    def capital(self) -> bool:
        """True for a word that begins with a capital letter."""
        return self.text[:1].isupper()


def token_pattern(ordinals: str, ciphers: str) -> str:
    """The pattern of a language's tokens, to be compiled with `TOKEN_FLAGS`.

    `ordinals` is what follows the figures of an ordinal ("st|nd|rd|th"), `ciphers` words that begin with a figure ("2moro|b4"): each a
    choice of a pattern, of which no part may be without end.
    """
    return _TOKENS.replace("ORDINALS", ordinals).replace("CIPHERS", ciphers)


Lexicon = Mapping[str, Mapping[str, Any]]
_NOTHING: Mapping[str, Any] = {}


def normalise(text: str) -> str:
    """Return `text` with plain quotes and dashes, single spaces, single newlines, and no trailing ellipsis."""
    if text.isascii() and text.isprintable() and "`" not in text:  # most texts: one line, nothing to make plain
        joined = " ".join(text.split())
        return joined.rstrip(" .") if joined.endswith("..") else joined
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN)
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    joined = "\n".join(line for line in lines if line)
    return joined.rstrip(" .") if joined.endswith("..") else joined


def tokenise(text: str, pattern: re.Pattern[str], lexicon: Lexicon, spelling: Mapping[str, str]) -> list[Token]:
    """Cut normalised `text` by a language's `pattern` (see `token_pattern`).

    `spelling` maps a written word to the one the lexicon and the forms know (tmrw: tomorrow).
    """
    tokens: list[Token] = []
    start = 0
    for piece in [text] if _has_spaces_within(text) else text.split(" "):
        end = start + len(piece)
        if piece.isalpha() and piece.isascii():  # most words, and the quickest to see
            word = piece.lower()
            word = spelling.get(word, word)
            tokens.append(Token(piece, word, start, end, "word", lexicon.get(word, _NOTHING)))
        else:
            for found in pattern.finditer(text, start, end):
                tokens += _found(found, lexicon, spelling)
        start = end + 1
    return tokens


def _has_spaces_within(text: str) -> bool:
    """True where a space may stand within a token: quoted text, a telephone number."""
    return '"' in text or text.startswith("'") or _FIGURES_APART.search(text) is not None


def _found(found: re.Match[str], lexicon: Lexicon, spelling: Mapping[str, str]) -> list[Token]:
    """The token of a match, or the several that hyphens join (mon-fri)."""
    kind = str(found.lastgroup)
    piece, start = found[kind], found.start(kind)
    spaced = start == 0 or found.string[start - 1] == " "
    if kind == "word" and "-" in piece and piece.lower() not in lexicon and _parts_known(piece, lexicon, spelling):
        parts = [(part.group(), part.start()) for part in _HYPHEN_PARTS.finditer(piece)]
        return [_token(part, start + at, kind, spaced and at == 0, lexicon, spelling) for part, at in parts]
    return [_token(piece, start, kind, spaced, lexicon, spelling)]


def _parts_known(word: str, lexicon: Lexicon, spelling: Mapping[str, str]) -> bool:
    """True for mon-fri and twenty-five; False for second-hand."""
    parts = [part.lower() for part in word.split("-")]
    return all(lexicon.get(spelling.get(part, part), _NOTHING).get("joins") for part in parts)


def _token(  # noqa: PLR0917 - called for every token
    piece: str,
    start: int,
    kind: str,
    spaced: bool,  # noqa: FBT001 - as above
    lexicon: Lexicon,
    spelling: Mapping[str, str],
) -> Token:
    word = piece.lower()
    values: Mapping[str, Any] = _NOTHING
    if kind in ("word", "plain", "cipher"):
        kind = "word"  # 2moro is a word that begins with a digit
        word = spelling.get(word, word)
        values = lexicon.get(word, _NOTHING)
    elif kind == "int":
        values = _whole_number(piece)
    elif kind != "other":
        reader = _READERS.get(kind)
        values = reader(piece if kind == "tag" else word) if reader else _NOTHING
    return Token(piece, word, start, start + len(piece), kind, values, spaced)


def _whole_number(piece: str) -> Mapping[str, Any]:
    # int() of thousands of digits is quadratic and refused by Python; nobody counts beyond nine digits.
    if len(piece) > 9:
        return _NOTHING
    values: dict[str, Any] = {"int": int(piece), "num": int(piece)}
    if len(piece) in (3, 4) and int(piece) % 100 < 60 and int(piece) < 2400:
        values["hhmm"] = (int(piece) // 100, int(piece) % 100)
        if len(piece) == 4 and piece[0] in "012":
            values["military"] = values["hhmm"]
    if len(piece) == 8 and piece[:2] in ("19", "20") and "01" <= piece[4:6] <= "12" and "01" <= piece[6:] <= "31":
        values["iso"] = (int(piece[:4]), int(piece[4:6]), int(piece[6:]))
    if len(piece) == 4 and 1900 <= int(piece) <= 2200:
        values["year"] = int(piece)
    return values


def _clock(piece: str) -> Mapping[str, Any]:
    hour, minute, *second = (int(part) for part in piece.split(":"))
    if hour > 24 or minute > 59 or (second and second[0] > 59):
        return _NOTHING
    return {"colon": (hour, minute, second[0] if second else 0, piece.startswith("0"))}


def _numbers(key: str) -> Callable[[str], Mapping[str, Any]]:
    return lambda piece: {key: tuple(int(part) for part in _BETWEEN_NUMBERS.split(piece))}


def _ordinal(piece: str) -> Mapping[str, Any]:
    place = int(_FIGURES.findall(piece)[0])
    return {"ord": place, "ordinal_digits": place}


_READERS: Mapping[str, Any] = {
    "tag": lambda piece: {"tag_slot": piece[1:]},
    "stamp": lambda piece: {"stamp": piece.upper()},
    "iso": _numbers("iso"),
    "date": _numbers("numeric"),
    "slash": _numbers("slash"),
    "clock": _clock,
    "ordinal": _ordinal,
    "decimal": lambda piece: {"decimal": float(piece.replace(",", ".")), "dotted": tuple(piece.replace(",", ".").split("."))},
}
