"""Words are not dates by default: what looks like time may be a name, a noun or a number of something.

`stands` holds the reasons: capitals inside a name, a bare "sun" or "may", an ordinal that belongs to a noun, "the weekend box".
"""

# ruff: noqa: PLR0911 - reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence

from shared.language.chains import Time
from shared.language.language import Language
from shared.language.moments import Context
from shared.language.text import Token
from shared.language.words import Doubting


def stands(language: Language, tokens: Sequence[Token], time: Time, start: int, end: int) -> bool:
    """False where the words are a name or a noun rather than a time."""
    known = language.doubting
    words = tokens[time.start : time.end]
    before = tokens[time.start - 1] if time.start > start else None
    after = tokens[time.end] if time.end < end else None
    if _points_away(known, words, before) or _describes(language, words, before, after):
        return False
    if time.rule is not None:
        return before is None or "num" not in before.values or words[0].word in known.every
    if is_holiday(time):
        return not _names_a_noun(language, words, before, after)
    if _is_name(language, words, before, after) or _is_glued(known, words, before):
        return False
    if len(words) == 1:
        return _single_stands(language, words[0], before, after)
    if before is not None and not words[0].spaced and before.kind in ("word", "int", "decimal"):
        return False
    if _counts_a_noun(language, words, before, after) or _numbers_a_noun(language, words, after):
        return False
    if all(word.kind in ("ordinal", "word") and ("ord" in word.values or word.word in language.the) for word in words):
        return (before is None and after is None) or _ordinal_stands(language, words, after)
    return True


def _points_away(known: Doubting, words: Sequence[Token], before: Token | None) -> bool:
    """E.g. "except sunday", "earlier this week", "room 4 this afternoon"."""
    return before is not None and (
        before.word in known.pointing_away or (words[0].kind == "int" and _has_number(known, before))
    )


def _is_glued(known: Doubting, words: Sequence[Token], before: Token | None) -> bool:
    """E.g. "v 1.2", "scale: 4/5/26", "a/b", "[x]5pm"."""
    if before is None:
        return False
    if before.word in known.versions or (before.word == ":" and words[0].kind == "date"):
        return True
    return not words[0].spaced and before.text in ("]", ")", "}", "/", "_")


def _counts_a_noun(language: Language, words: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """E.g. "at 5 guys"."""
    led = len(words) == 2 and words[0].word in language.doubting.prepositions_of_clocks
    return led and "int" in words[1].values and _counts(language, after, before)


def _has_number(known: Doubting, noun: Token) -> bool:
    """E.g. "room (4 this afternoon)", "BA (12 tomorrow)"."""
    return noun.word in known.numbered or (
        noun.kind == "word" and len(noun.text) == 2 and noun.text.isupper() and not noun.values
    )


def _describes(language: Language, words: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """E.g. "pay the monthly pass", "watch the midnight library", "order the weekend box"."""
    if before is None or after is None or after.kind != "word" or after.values or after.word in language.function_words:
        return False
    if len(words) == 1:
        return before.word in language.doubting.owning
    return (
        len(words) == 2
        and words[0].word in language.doubting.owning
        and words[1].kind == "word"
        and (after.word not in language.actions or before.word in language.actions)
    )


def is_bygone(context: Context, tokens: Sequence[Token], time: Time) -> bool:
    """E.g. "review the last 3 weeks", "sales for 2019", "notes from yesterday": what lies behind is never when a todo is due.

    A single day that is over may be a slip ("send invoice yesterday"): it is asked about, unless it says what the todo is about.
    """
    stated = time.stated
    if time.rule is not None or stated is None:
        return False
    if stated.instant is not None:
        return stated.length is not None and stated.instant < context.now
    day = stated.day
    if day is None or stated.timed:
        return False
    last = stated.last_day.date if stated.last_day is not None else day.last or day.date
    if day.grain in ("day", "weekend") and stated.last_day is None:
        return last < context.today and not context.language.doubting.about_it.isdisjoint(_led(tokens, time))
    return last < context.today or (day.past and last == context.today)


def _led(tokens: Sequence[Token], time: Time) -> list[str]:
    """The word before a time, and its first."""
    return [token.word for token in tokens[max(0, time.start - 1) : time.start + 1]]


def is_holiday(time: Time) -> bool:
    """True when a day was called by its name."""
    return time.stated is not None and time.stated.day is not None and time.stated.day.kind == "holiday"


def _names_a_noun(language: Language, words: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """E.g. "buy christmas presents", "watch Black Friday"; "on christmas" and "christmas dinner" at the start are dates."""
    if before is None:
        return False
    plain = words[0].word not in language.doubting.prepositions
    return before.word in language.doubting.watched or (plain and _is_noun(language, after))


def _is_noun(language: Language, word: Token | None) -> bool:
    """A word that is as good as a noun: it has another meaning in none of the tables."""
    plain = word is not None and word.kind == "word" and not word.values
    return word is not None and plain and word.word not in language.function_words and word.word not in language.actions


def _counts(language: Language, after: Token | None, before: Token | None) -> bool:
    """E.g. "at 5 main street", "after 3 beers": the number counts what follows."""
    if after is None or before is None or before.word in language.doubting.uncounted:
        return False
    return _is_noun(language, after) and after.word not in language.doubting.after_date


def _is_name(language: Language, words: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """Friday Night Lights, Black Friday, Meet with Friday's band."""
    if words[-1].word.endswith(language.possessive) or (
        after is not None and after.text == "'" and words[-1].kind == "word" and not after.spaced
    ):
        return True
    single = len(words) <= 2 and all(word.kind == "word" for word in words)
    if not single or not words[-1].capital or words[-1].text.isupper():
        return False
    if after is not None and after.kind == "word" and after.capital and not after.text.isupper() and not after.values:
        return True
    return before is not None and before.word in language.doubting.day_names


def _single_stands(language: Language, word: Token, before: Token | None, after: Token | None) -> bool:
    known = language.doubting
    if word.word in known.no_ordinal or (word.kind == "word" and "ord" in word.values):
        return False
    if word.kind == "ordinal":
        return after is None and (before is None or _dated_noun(language, before))
    if before is not None and before.word in known.name_before and "weekday" in word.values:
        return False
    if word.word in language.ambiguous:
        return after is None or (before is not None and before.word in known.prepositions)
    return word.word not in known.only_at_edges or after is None or before is None or after.kind == "other"


def _numbers_a_noun(language: Language, words: Sequence[Token], after: Token | None) -> bool:
    """E.g. "on the 5th floor"."""
    known = language.doubting
    led = words[-1].kind == "ordinal" and tuple(word.word for word in words[:-1]) == known.ordinal_led
    return led and after is not None and _is_noun(language, after) and after.word not in known.after_date


def _dated_noun(language: Language, before: Token) -> bool:
    """E.g. "rent 25th"; not "finish 3rd", "the 5th", "came in 2nd"."""
    return _is_noun(language, before) and before.word not in language.past


def _ordinal_stands(language: Language, words: Sequence[Token], after: Token | None) -> bool:
    """E.g. "on the 15th" is a date, "the 15th floor" is not."""
    return after is None and words[0].word not in language.the
