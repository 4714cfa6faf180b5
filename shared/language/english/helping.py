"""Calls for help, freely worded: what we can do, how something is done, what may be asked."""

# ruff: noqa: E501 - a pattern is one string; reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.english.nouns import OURS, begins, phrases

_HELP_WORDS: Final = frozenset(
    "help ask asked asking capable able programmed abilities ability skills capabilities features functions subjects subject topics questions commands duties job answer answering knowledgeable knowledgable function purpose work works".split()
)
_HELP_STARTS: Final = frozenset(
    tuple(phrase.split())
    for phrase in (
        "how do i|how can i|how to|how does|how should i|show me around|show me how you|show me how it|show me how this|show me what you|tell me how you|tell me how it|tell me how this|tell me about you|tell me about yourself|give me a hint|give me a tour|give me the tour|give me a walkthrough|give me a rundown|give me some help|give me examples|"
        "i need assistance|i need some assistance|i'm confused|i am confused|i'm lost|i am lost|is there any help|is there help|user help|user tour|open help|walk me through the|show introduction|help me understand|i'm new|i am new|"
        "what to do for|help me set|can you explain how you|i want to get to know you|i'm using you|best practice|correct usage|show help|tutorial please|introduction|you are making me confused|you confuse me"
    ).split("|")
)
_YOU: Final = frozenset({"you", "u", "your", "you're", "youre", "ya"})


_OURS_OR_US: Final = OURS | {"reminder", "this", "you", "it", "app", "alarm", "event"}


def asks_for_help(words: Sequence[str]) -> bool:
    """True for questions about what we can do and how."""
    if not words or len(words) > 16:
        return False
    start = begins(words, _HELP_STARTS)
    if start and {"list", "lists", "items"} & set(words) and "my" in words and words[0] not in ("how", "help", "i'm"):
        return False  # a walk through one's list, not through the product
    ours = not _OURS_OR_US.isdisjoint(words)
    if start and (ours or len(words) <= start + (1 if words[0] in ("how", "help") else 2)):
        return "much" not in words and "many" not in words
    ways = bool(start) and words[0] == "how" and _about_our_ways(words[start:])
    return ways or _asks_what_we_do(words) or _asks_what_we_know(words) or _asks_of_us(words)


def _asks_of_us(words: Sequence[str]) -> bool:
    """E.g. "what kinds of things can you help with", "tell me which topics you know"."""
    if tuple(words) in _WHAT_DO_YOU_DO:
        return True
    aimed = words[0] in _ASKING and not _YOU.isdisjoint(words) and not _HELP_WORDS.isdisjoint(words)
    ending = words[-2:] if words[-1] == "for" else words
    return aimed and not _KINDS.isdisjoint(words) and _PERSONAL.isdisjoint(ending)


_WHAT_DO_YOU_DO: Final = phrases("what all can you do|what things do you know|what do you know|what do you do|what you do")
_ASKING: Final = frozenset("what what's which how tell can i give let please whats who inform ai".split())
_KINDS: Final = frozenset("what what's which how types things kinds kind type subjects whats examples".split())
_PERSONAL: Final = frozenset("name hobbies old feel boss".split())


def _asks_what_we_do(words: Sequence[str]) -> bool:
    """E.g. "are you able to do recurring tasks", "do you support tags"."""
    start = begins(words, _ABLE)
    return bool(start) and len(words) <= start + 3 and not _DONE_BY_US.isdisjoint(words[start:])


_ABLE: Final = frozenset(
    tuple(phrase.split())
    for phrase in "are you able to do|are you able to|can you do|do you do|do you support|do you handle|do you have".split("|")
)
_DONE_BY_US: Final = frozenset(
    "recurring repeating reminders tasks todos lists tags notes priorities recurrence repeats snooze undo".split()
)


def _about_our_ways(words: Sequence[str]) -> bool:
    """E.g. "(how do i) delete something", "mark something as done", "change a due date"."""
    said = set(words)
    return (
        bool(said & _WAYS)
        and bool(said & _THINGS)
        and not said & {"card", "pin", "password", "account", "oil", "tire", "bank", "flight", "my"}
    )


_WAYS: Final = frozenset(
    "delete remove mark change add edit move snooze undo complete rename set see list show finish tick reopen skip repeat stop create make save tag find".split()
)
_THINGS: Final = frozenset(
    "something things thing items item date dates time priority tag tags one ones everything done note notes digest message messages text texts repeating recurring due".split()
)


def _asks_what_we_know(words: Sequence[str]) -> bool:
    """E.g. "what sort of things do you know", "what am i able to ask"."""
    if words[0] not in ("what", "what's", "which", "tell", "i", "can") or not {
        "what",
        "which",
        "type",
        "types",
        "kind",
        "kinds",
        "sort",
    } & set(words):
        return False
    asks = (
        "ask" in words
        and "i" in words
        and bool({"can", "able", "should", "could"} & set(words))
        and not {"for", "him", "her", "boss", "them"} & set(words)
    )
    knows = (
        bool({"things", "thing", "stuff", "subjects", "topics", "types", "type", "kinds"} & set(words))
        and "you" in words
        and (words[-1] in ("know", "do", "about", "with") or "familiar" in words)
        and bool({"know", "familiar", "help"} & set(words))
    )
    return asks or knows
