"""Where the person is, and so which clock is theirs: "denver", "I am in Tokyo this week", "timezone is Pacific"."""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from typing import Final

from shared.language.chains import Time
from shared.language.commands import Reading, stated_period
from shared.language.english.lexicon import LEXICON
from shared.language.english.places import ALSO_WORDS, PLACES, REGIONS, SHARED_NAMES, STATES
from shared.language.english.verbs import ACTIONS
from shared.language.english.wording import commands
from shared.language.model import Setting
from shared.language.parse import Gap


def _place(reading: Reading, gap: Gap, *, loose: bool) -> str | None:
    """The place a stretch names: known, or (where the words around say so) any with a capital."""
    if not 1 <= gap.end - gap.start <= _MOST_PLACE_WORDS:
        return None
    tokens = reading.parse.tokens[gap.start : gap.end]
    if any(token.kind not in ("word", "other") for token in tokens):
        return None
    words = reading.words(gap).strip(" .!?,")
    if not words:
        return None
    key = words.lower().removeprefix("the ")
    if key in PLACES or key.split(",")[0].strip() in PLACES or _town_and_region(words):
        return words
    if (
        loose
        and tokens[0].capital
        and not words.isupper()
        and not any(token.values or token.word in _NOT_PLACES for token in tokens)
    ):
        return words
    return None


_MOST_PLACE_WORDS: Final = 6


def _town_and_region(words: str) -> bool:
    """E.g. "springfield, illinois", "Austin TX", "portland maine"."""
    town, comma, region = words.partition(",")
    town, region = town.strip(), region.strip()
    if comma:
        named = town.lower().split()
        known = region.lower() in REGIONS or region in STATES
        return known and 1 <= len(named) <= 3 and named[0] not in ACTIONS and LEXICON.get(named[0], {}).keys() <= {"place"}
    parts = words.split()
    for size in (1, 2):
        region = " ".join(parts[-size:])
        if region.lower() in REGIONS or region in STATES:
            town = " ".join(parts[:-size]).lower()
            if town in PLACES or town in SHARED_NAMES:
                return True
    return False


_NOT_PLACES: Final = frozenset("a an the my bed love trouble meeting line traffic hospital hurry".split())


@commands.set(
    "zone",
    "[my] (timezone|time zone|zone|tz) [is|to|=|:|in] <place...>",
    "(set|change|switch) [my|the] (timezone|time zone|zone|tz) to <place...>",
    "use <place...> time",
    "(use|set|switch to) <place...> (timezone|time zone)",
    "i (live|am based) in <place...>",
    "[my] (city|town|location|home) [is|:|=] <place...>",
    "(i'm|im|i am) (on|using) <place...> time",
    examples=("timezone is Pacific", "I live in Berlin"),
)
def _zone(reading: Reading, place: Gap) -> Setting | None:
    named = _place(reading, place, loose=True) or _zone_name(reading, place)
    return Setting(what="zone", place=named) if named else None


def _zone_name(reading: Reading, gap: Gap) -> str | None:
    """EST, Europe/Berlin, UTC."""
    words = reading.words(gap).strip()
    if "zone" in LEXICON.get(words.lower(), {}) or ("/" in words and " " not in words):
        return words
    return None


@commands.set(
    "travel",
    "(i'm|im|i am|we're|we are|now|now in|i moved to|i've moved to|i just moved to|i am now in|i'm now in) [in] <place...>",
    "(i'm|im|i am|i will be|i'll be) in <place...> [for|until|till|til] <when>",
    "(i'm|im|i am|i will be|i'll be) [in] <place...> (until|till|til|for) <when>",
    "(i'm|im|i am) (visiting|travelling to|traveling to) <place...>",
    "(i moved to|i've moved to|i just moved to|we moved to|i now live in|i'm moving to|i landed in|i've landed in|i arrived in|just landed in|landed in|just arrived in) <place...>",
    examples=("I'm in Tokyo this week", "I'm in Springfield"),
)
def _travel(reading: Reading, place: Gap, when: Time | None = None) -> Setting | None:
    tokens = reading.parse.tokens
    if tokens[place.start - 1].word not in ("in", "to", "visiting") or place.start == 0:
        return None
    named = _place(reading, place, loose=True)
    until = stated_period(reading.context, when) if when else None
    return Setting(what="zone", place=named, until=until) if named else None


@commands.set("place", "<place...>", bare=True)
def _bare_place(reading: Reading, place: Gap) -> Setting | None:
    named = _place(reading, place, loose=False)
    if named is None or (named.lower() in ALSO_WORDS and named == named.lower()):
        return None
    return Setting(what="zone", place=named)
