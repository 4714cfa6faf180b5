"""Words are not dates by default: what looks like time may be a name, a noun or a number of something.

`stands` holds the reasons: capitals inside a name, a bare "sun" or "may", an ordinal that belongs to a noun, "the weekend box".
"""

# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.chains import Time
from shared.language.english.lexicon import AMBIGUOUS
from shared.language.english.talk import FUNCTION_WORDS
from shared.language.english.verbs import ACTIONS, PAST
from shared.language.moments import Context
from shared.language.text import Token

_NAME_BEFORE: Final = frozenset(
    {
        "the",
        "a",
        "an",
        "my",
        "with",
        "ask",
        "tell",
        "call",
        "text",
        "email",
        "of",
        "watch",
        "read",
        "play",
        "miss",
        "mr",
        "mrs",
        "'s",
    }
)
_PREPOSITIONS: Final = frozenset(
    {
        "on",
        "by",
        "in",
        "at",
        "this",
        "next",
        "until",
        "till",
        "before",
        "after",
        "from",
        "every",
        "for",
        "coming",
        "last",
        "since",
    }
)


#: What follows is not when it is due: "every day except sunday", "what I found earlier this week", "nothing since monday".
_POINTING_AWAY: Final = frozenset({"except", "excepting", "excluding", "earlier", "since", "besides", "not"})
#: Nouns that have numbers: "room 4 this afternoon" is at no four o'clock.
_NUMBERED: Final = frozenset(
    (
        "building room gate chapter page platform floor level unit step apartment apt flat terminal lane bus route exit episode "
        "season part act scene lesson section volume track number no suite studio lab hall bay row seat question exercise phase "
        "version box bed table door house block ward zone stage round game match grade class form sprint ticket issue bug pr"
    ).split()
)
_ARTICLES: Final = frozenset({"the", "a", "an", "my", "our", "your", "his", "her", "their"})
_EVERY: Final = frozenset({"every", "each", "ev", "daily", "weekly", "monthly", "yearly", "annually"})


def stands(tokens: Sequence[Token], time: Time, start: int, end: int) -> bool:
    """False where the words are a name or a noun rather than a time."""
    words = tokens[time.start : time.end]
    before = tokens[time.start - 1] if time.start > start else None
    after = tokens[time.end] if time.end < end else None
    if _points_away(words, before) or _describes(words, before, after):
        return False
    if time.rule is not None:
        return before is None or "num" not in before.values or words[0].word in _EVERY
    if is_holiday(time):
        return not _names_a_noun(words, before, after)
    if _is_name(words, before, after) or _is_glued(words, before):
        return False
    if len(words) == 1:
        return _single_stands(words[0], before, after)
    if before is not None and not words[0].spaced and before.kind in ("word", "int", "decimal"):
        return False
    if _counts_a_noun(words, before, after) or _numbers_a_noun(words, after):
        return False
    if all(word.kind in ("ordinal", "word") and ("ord" in word.values or word.word == "the") for word in words):
        return (before is None and after is None) or _ordinal_stands(words, after)
    return True


def _points_away(words: Sequence[Token], before: Token | None) -> bool:
    """E.g. "except sunday", "earlier this week", "room 4 this afternoon"."""
    return before is not None and (before.word in _POINTING_AWAY or (words[0].kind == "int" and _has_number(before)))


def _is_glued(words: Sequence[Token], before: Token | None) -> bool:
    """E.g. "v 1.2", "scale: 4/5/26", "a/b", "[x]5pm"."""
    if before is None:
        return False
    if before.word in ("version", "v", "ver", "%", "$") or (before.word == ":" and words[0].kind == "date"):
        return True
    return not words[0].spaced and before.text in ("]", ")", "}", "/", "_")


def _counts_a_noun(words: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """E.g. "at 5 guys"."""
    prepositions = ("at", "by", "before", "after", "around", "on", "in", "during")
    return len(words) == 2 and words[0].word in prepositions and "int" in words[1].values and _counts(after, before)


def _has_number(noun: Token) -> bool:
    """E.g. "room (4 this afternoon)", "BA (12 tomorrow)"."""
    return noun.word.removesuffix("s") in _NUMBERED or (
        noun.kind == "word" and len(noun.text) == 2 and noun.text.isupper() and not noun.values
    )


def _describes(words: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """E.g. "pay the monthly pass", "watch the midnight library", "order the weekend box"."""
    if before is None or after is None or after.kind != "word" or after.values or after.word in FUNCTION_WORDS:
        return False
    if len(words) == 1:
        return before.word in _ARTICLES
    return (
        len(words) == 2
        and words[0].word in _ARTICLES
        and words[1].kind == "word"
        and (after.word not in ACTIONS or before.word in ACTIONS)
    )


def is_bygone(context: Context, time: Time) -> bool:
    """E.g. "review the last 3 weeks": what lies behind as a whole is never when a todo is due."""
    stated = time.stated
    if time.rule is not None or stated is None:
        return False
    if stated.instant is not None:
        return stated.length is not None and stated.instant < context.now
    return stated.day is not None and stated.day.past and stated.day.grain not in ("day", "weekend") and not stated.timed


def is_holiday(time: Time) -> bool:
    """True when a day was called by its name."""
    return time.stated is not None and time.stated.day is not None and time.stated.day.kind == "holiday"


def _names_a_noun(words: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """E.g. "buy christmas presents", "watch Black Friday"; "on christmas" and "christmas dinner" at the start are dates."""
    if before is not None and before.word in ("watch", "read", "play"):
        return True
    return (
        before is not None
        and after is not None
        and after.kind == "word"
        and not after.values
        and words[0].word not in _PREPOSITIONS
        and after.word not in FUNCTION_WORDS
        and after.word not in ACTIONS
    )


def _counts(after: Token | None, before: Token | None) -> bool:
    """E.g. "at 5 main street", "after 3 beers": the number counts what follows."""
    if after is None or after.kind != "word" or before is None or before.word in ("me", "it", "this"):
        return False
    return after.word not in FUNCTION_WORDS and after.word not in ACTIONS and after.word not in _AFTER_DATE and not after.values


def _is_name(words: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """Friday Night Lights, Black Friday, Meet with Friday's band."""
    if words[-1].word.endswith("'s") or (
        after is not None and after.text == "'" and words[-1].kind == "word" and not after.spaced
    ):
        return True
    single = len(words) <= 2 and all(word.kind == "word" for word in words)
    if not single or not words[-1].capital or words[-1].text.isupper():
        return False
    if after is not None and after.kind == "word" and after.capital and not after.text.isupper() and not after.values:
        return True
    return before is not None and before.word in (
        "black",
        "good",
        "ash",
        "cyber",
        "freaky",
        "casual",
        "super",
        "big",
        "palm",
        "easter",
        "man",
        "ruby",
    )


def _single_stands(word: Token, before: Token | None, after: Token | None) -> bool:
    if word.word == "second" or (word.kind == "word" and "ord" in word.values):
        return False
    if word.kind == "ordinal":
        return after is None and (before is None or _dated_noun(before))
    if before is not None and before.word in _NAME_BEFORE and "weekday" in word.values:
        return False
    if word.word in AMBIGUOUS:
        return after is None or (before is not None and before.word in _PREPOSITIONS)
    if word.word in ("now", "later"):
        return after is None or before is None or after.kind == "other"
    if word.kind in ("slash", "decimal") and word.word.count("/") == 1:
        return True
    return True


def _numbers_a_noun(words: Sequence[Token], after: Token | None) -> bool:
    """E.g. "on the 5th floor"."""
    return (
        words[-1].kind == "ordinal"
        and len(words) == 3
        and [word.word for word in words[:2]] == ["on", "the"]
        and after is not None
        and after.kind == "word"
        and not after.values
        and after.word not in FUNCTION_WORDS
        and after.word not in ACTIONS
        and after.word not in _AFTER_DATE
    )


_AFTER_DATE: Final = frozenset(
    "please reminder remind thanks until till because each every around about regarding re if so when with then instead but or".split()
)


def _dated_noun(before: Token) -> bool:
    """E.g. "rent 25th"; not "finish 3rd", "the 5th", "came in 2nd"."""
    return (
        before.kind == "word"
        and not before.values
        and before.word not in FUNCTION_WORDS
        and before.word not in ACTIONS
        and before.word not in PAST
    )


def _ordinal_stands(words: Sequence[Token], after: Token | None) -> bool:
    """E.g. "on the 15th" is a date, "the 15th floor" is not."""
    return after is None and words[0].word != "the"
