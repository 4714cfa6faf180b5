"""What people say without wanting anything kept: questions without a question word of their own, and statements.

"the team lost", "do fish sleep", "once upon a time" are no todos; "the dishes", "do laundry", "mum's birthday" may be.
"""


# ruff: noqa: E501 - a pattern is one string; reasons stand one below the other, each with its answer

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.english.verbs import ACTIONS, PAST

_WH: Final = ("what", "who", "how", "where", "why", "when", "which", "whose", "whom")
_PEOPLE: Final = frozenset(
    "people fish men women children kids they we you he she it sheep mice deer animals everyone anybody anyone".split()
)
_LIVING: Final = frozenset(
    "sleep prefer like love hate live know feel fly swim die grow eat drink think mean exist cost taste smell hibernate bite lay speak hear dream hurt have need want work believe understand".split()
)
_THIRD: Final = frozenset(verb + "s" for verb in ACTIONS) - frozenset(
    "calls plans lists books orders files parks trains works notes stops checks cooks drinks forms washes plants stores shops tests visits walks waters ropes rents reports seats prints presents photos papers names models meets meals matches marks mails lifts labels jobs irons guides goes glues frames flies fills edits dusts drives dresses dances cuts coaches cleans classes changes cards boxes boards bills bikes bakes answers loads loans locks logs looks maps measures mops moves nails numbers nurses offers oils packs pages paints parts pastes pens pets phones picks places plays plugs points posts pots prices programs pumps questions quizzes races rakes ranks reads records repairs requests researches responds rests reviews rides rings rolls runs sales samples sands saves scans schedules seals searches seeds sells serves services sets shakes shapes ships shoes shots showers shows signs sinks sits skates sketches slices snacks snaps soaks sorts speaks spends spreads squats stamps stands starts steps stitches stocks stretches studies sweeps swims switches tables talks tapes tastes teaches texts thanks things throws ties times tips toasts touches tours tracks trades transfers trays treats trims trips tunes turns types updates upgrades uses videos volunteers votes waits wants watches weeds weighs wipes wires wraps writes zips".split()
)
_OPENINGS: Final = frozenset(
    tuple(phrase.split())
    for phrase in "once upon|not at|not really|not now|not the|not my|not a|congratulations|congrats|blah|haha|ha ha|hahaha|lol|wow|oh wow|so sad|so funny|so cool|too bad|of course|as if|even though|although|because|since i|since we|since my|since the|unless|whatever|be quiet|be careful|be nice|no one|nobody|none of|neither|either way|all of a|it's|in my opinion|in general|by the way|to be honest|to compare|to be|to me|to hear|best way|easiest way|fastest way|cheapest way|quickest way|square root|good morning|good night|good evening|long time|ta mate|sorry about".split(
        "|"
    )
)


def asks(words: Sequence[str]) -> bool:
    """True for questions with another beginning: "what'll it cost", "do ducks sleep", "anyone seen my keys"."""
    first = words[0]
    if first.split("'")[0] in _WH and first != "how-to":
        return first != "when" or len(words) > 1
    if first == "do" and len(words) > 2:
        someone = words[1] in _PEOPLE or (words[1].endswith("s") and not words[1].endswith("ss"))
        return (words[1] in _PEOPLE and len(words) > 3) or (someone and words[2] in _LIVING)
    return (
        first in ("anyone", "anybody", "does", "did", "has", "have", "is", "are", "was", "were")
        and len(words) > 2
        and first != "have"
    )


def states(words: Sequence[str]) -> bool:
    """True for statements: "the team lost", "my dog died", "the bus moves with tyres", "not my cup of tea"."""
    if any(tuple(words[:size]) in _OPENINGS for size in (1, 2, 3)):
        return True
    if (
        words[0] in ("the", "my", "our", "his", "her", "their", "some", "all", "most", "this", "that", "these", "those")
        and len(words) > 2
    ):
        return any(_happens(words, at) for at in range(2, min(len(words), 5)))
    return len(words) > 2 and words[0] in ("i", "he", "she", "they", "we", "it", "you")


def _happens(words: Sequence[str], at: int) -> bool:
    """True when a verb in the past, or of a third person, stands at `at`."""
    word = words[at]
    if word in ("died", "lost", "won", "fell", "said", "thinks", "seems", "tastes", "smells", "sounds"):
        return True
    behind = words[at + 1 : at + 2]
    if word in PAST and PAST[word] != word:
        return not behind or behind[0] not in ("by", "up") or at + 2 < len(words)
    return word in _THIRD and bool(behind)
