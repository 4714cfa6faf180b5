"""Questions about one's own plans, however they are put: "what time am i supposed to be there", "is there anything on saturday".

A question is taken for ours when its frame says so: the person themselves ("do i have to", "am i free"), something of theirs ("when is
my driving test"), a day of theirs ("how is my day looking"), or something on a day ("is there a party tonight"). What services know
(weather, trains, balances) is kept out by its own words.
"""


# ruff: noqa: E501, PLR0911 - a pattern is one string; reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from shared.language.english.elsewhere import other_subject
from shared.language.english.nouns import EVENTS, OURS, begins, phrases
from shared.language.english.occasions import (
    ELSEWHERE,
    ONESELF,
    TIME_ASKED,
    details_asked,
    is_kind_of_day,
    names_plans,
    on_a_day,
    own_day,
    own_thing,
)

_OPENERS: Final = phrases(
    """tell me|let me know|know|hear|find|i need to check|i need to find out|i need to look up|i have to check|i want to check|i want to find out|i would like to check|i'd like to check|i'm wondering|i am wondering|wondering|inform me|show me|remind me|can i know|could i know|may i know|can i see|check|find out|see|verify|confirm|i want to know|i need to know|i'd like to know|i would like to know|i wanna know|i wonder|i was wondering|let me see|let me hear|read off|read out|read|state|say|show|list|find|look|give me|go over|look for|look up|recall|
do you know|do u know|did you know|you know|i forgot|i forget|i've forgotten|i can't remember|i cannot remember|i can't recall|i don't remember|i don't know|i do not know|i don't recall|i'm not sure|i am not sure|not sure|look up|look"""
)
_WH: Final = frozenset(
    "what what's which when when's where where's who who's whom how how's whats whens wheres whos hows".split()
)
_PREPOSITIONS: Final = frozenset("with at on in for by from until to of about so and but okay also".split())
_AUX_I: Final = frozenset(
    pair
    for verb in "do am should must will did have are shall was were had need".split()
    for pair in ((verb, "i"), (verb, "we"))
)
_MEANT: Final = frozenset("supposed meant scheduled booked expected planned due planning needed".split())
_STATES: Final = frozenset(
    "free busy available working work off meeting seeing going missing forgetting late behind booked open doing having visiting leaving home around on".split()
)
_SHOPS: Final = frozenset(
    "store shop shops supermarket market grocery groceries shopping pharmacy list home school work party trip".split()
)
_SHORT: Final = 14


def asks_about_plans(words: Sequence[str], rest: Sequence[str], *, dated: bool) -> bool:
    """True for a question about one's own plans; `rest` are the words that state no time."""
    if not rest or len(words) > 2 * _SHORT:
        return False
    dated = dated or not {"today's", "tomorrow's", "tonight's"}.isdisjoint(words)
    if names_plans(rest, dated=dated):
        return True
    opener = begins(rest, _OPENERS)
    asked = list(rest[opener:])
    while asked and asked[0] in _PREPOSITIONS and len(asked) > 1:
        asked = asked[1:]
    if asked and asked[0] in ("if", "whether"):
        asked = _turned(asked[1:])
    if not asked:
        return False
    if details_asked(rest) or (dated and is_kind_of_day(asked)):
        return True
    if other_subject(asked):
        return False
    if _asked_short(asked, dated=dated):
        return True
    if asked[0] == "remind" or (opener and rest[0] == "remind" and asked[0] not in _WH):
        return False
    return (
        _own_frame(asked, dated=dated)
        or own_thing(asked, dated=dated)
        or own_day(asked, dated=dated)
        or on_a_day(asked, dated=dated)
    )


def _asked_short(asked: Sequence[str], *, dated: bool) -> bool:
    """E.g. "what's (on for tonight)", "what's next", "what's scheduled", "what is up today"."""
    words = [
        word
        for word in asked
        if word
        not in (
            "is",
            "are",
            "has",
            "been",
            "have",
            "the",
            "else",
            "on",
            "up",
            "all",
            "already",
            "there",
            "down",
            "for",
            "my",
            "list",
            "store",
        )
    ]
    if not words or words[0] not in ("what", "what's", "whats", "which"):
        return False
    if len(words) == 1:
        return dated and (asked[0] != "what" or not {"on", "up", "for"}.isdisjoint(asked))
    return (
        len(words) == 2
        and ("been" not in asked or words[1] in ("scheduled", "planned"))
        and words[1]
        in ("next", "coming", "scheduled", "planned", "listed", "due", "pending", "outstanding", "happening", "upcoming")
        and asked[0] != "which"
    )


def _turned(asked: Sequence[str]) -> list[str]:
    """E.g. "(if) i am free" as the question it stands for: "am i free"."""
    words = list(asked)
    if (
        len(words) > 2
        and words[0] in ("i", "we")
        and words[1] in ("am", "have", "need", "should", "must", "will", "was", "are", "did")
    ):
        first = words[1] if words[1] not in ("have", "need") else "do"
        return [first, words[0], *words[1 if first == "do" else 2 :]]
    if words[:1] in (["i'm"], ["we're"]):
        return ["am", "i", *words[1:]]
    if len(words) > 2 and words[0] == "there" and words[1] in ("is", "are", "was", "will"):
        return [words[1], "there", *words[2:]]
    return words


def _own_frame(asked: Sequence[str], *, dated: bool) -> bool:
    """The person asks about themselves: "when do i have to", "am i free", "who am i meeting"."""
    present = set(asked)
    pairs = set(pairwise(asked))
    if not pairs & _AUX_I:
        return _reversed_frame(asked, present)
    if present & _MEANT and len(asked) <= _SHORT:
        return not present & {"feel", "know", "think", "eat", "cost"}
    if present & ELSEWHERE and not present & (OURS | EVENTS):
        return False
    if begins(asked, TIME_ASKED):
        past = not pairs.isdisjoint({("did", "i"), ("have", "i"), ("did", "we")})
        return "you" not in present and (not past or bool(present & (EVENTS | OURS)))
    if asked[0] in ("what", "what's", "which", "whats"):
        return _what_of_mine(asked, present, pairs, dated=dated)
    if tuple(asked[:2]) in _AUX_I:
        return _of_myself(asked, present, dated=dated)
    return _of_others(asked, present, dated=dated)


def _of_others(asked: Sequence[str], present: set[str], *, dated: bool) -> bool:
    """E.g. "who am i meeting", "where do i have to be", "how busy am i"."""
    if asked[0] in ("who", "whom", "who's"):
        return bool(present & {"meeting", "meet", "see", "seeing", "with", "visiting", "having", "have", "call"})
    if asked[0] in ("where", "where's"):
        going = bool(present & {"need", "have", "be", "going", "meeting", "meet"})
        return going and (dated or bool(present & {"be", "meeting"}))
    return asked[0] == "how" and (
        asked[1:2] in (["busy"], ["free"], ["booked"]) or asked[1:3] in (["much", "free"], ["much", "time"], ["many", "free"])
    )


def _of_myself(asked: Sequence[str], present: set[str], *, dated: bool) -> bool:
    """E.g. "am i free", "will i be home tonight", "have i got anything", "do i have to work"."""
    first = asked[0]
    if first in ("am", "are"):
        return bool(present & (_STATES if dated else _FREE))
    if first in ("will", "should", "must"):
        return dated and bool(present & (_STATES | {"be", "anywhere", "have"})) and not present & {"buy", "invest", "bring"}
    if first in ("have", "had"):
        return bool(
            present
            & {
                "got",
                "anything",
                "plans",
                "planned",
                "added",
                "put",
                "set",
                "missed",
                "forgotten",
                "booked",
                "scheduled",
                "made",
            }
        )
    if first == "do":
        return _do_i(asked, present, dated=dated)
    return first == "did" and dated and bool(present & {"have", "schedule", "plan", "miss", "forget"})


_FREE: Final = frozenset("free busy available behind forgetting missing late".split())


def _reversed_frame(asked: Sequence[str], present: set[str]) -> bool:
    """E.g. "when i have to be there", "what i need to do": asked in the order of a statement."""
    if asked[0] not in _WH or len(asked) < 3 or present & ELSEWHERE:
        return False
    at = next((place for place, word in enumerate(asked[:6]) if word in ONESELF), 0)
    if not at or list(asked[1:]) == ["i", "am"]:
        return False
    return (
        asked[at] in ("i've", "we've")
        or asked[at : at + 2] in (["i'm", "doing"], ["we're", "doing"])
        or asked[at + 1 : at + 2] in _BOUND
    )


_BOUND: Final = (["have"], ["need"], ["am"], ["should"], ["must"], ["planned"], ["got"], ["want"], ["wanted"])


def _what_of_mine(asked: Sequence[str], present: set[str], pairs: set[tuple[str, str]], *, dated: bool) -> bool:
    """E.g. "what else do i have to do", "what do i need at the supermarket", "what did i say i needed"."""
    if present & {"mean", "think", "call", "say"} and not present & {"need", "needed", "wanted", "list"}:
        return False
    if ("to", "do") in pairs and present & {"have", "need", "left", "got", "supposed"}:
        return asked[-1] not in ("if", "it") and ("to", "do", "to") not in zip(asked, asked[1:], asked[2:], strict=False)
    if present & _ARRANGED:
        return True
    if present & {"need", "needed", "have", "want", "wanted"} and present & (
        _SHOPS | {"buy", "get", "pick", "purchase", "grab"}
    ):
        return not present & {"recipe", "order"}
    return (
        dated
        and bool(present & {"have", "doing", "need", "got", "on", "going", "do", "free", "busy", "off", "available"})
        and not present & {"order", "buy"}
    )


_ARRANGED: Final = frozenset(
    "planned scheduled set lined got left promised forgotten missed promise plan missing forget".split()
)


def _do_i(asked: Sequence[str], present: set[str], *, dated: bool) -> bool:
    """E.g. "do i have to work on saturday", "do i still need cat food", "do i have time for lunch tomorrow"."""
    if present & (OURS | {"remainder", "remainders", "remind"}):
        return True
    following = [word for word in asked[2:] if word not in ("still", "also", "even", "really", "already")]
    if following[:2] in (["have", "to"], ["need", "to"]) or following[:1] in (["need"], ["owe"]):
        return dated or "still" in present or following[2:3] == ["be"]
    if following[:1] in (["have"], ["got"]):
        return (
            dated
            or bool(
                present
                & {"busy", "full", "anything", "plans", "anywhere", "something", "guests", "visitors", "coming", "upcoming"}
            )
            or bool(present & EVENTS)
        )
    return dated and following[:1] in (["work"], ["meet"], ["see"], ["go"], ["get"])
