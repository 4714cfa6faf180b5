"""Words that may be about a todo that is there: "cancel Netflix" cancels it on our list, or is something to do out there.

Nobody can tell from the words. So they are something to do, with a hint what else they may be: the todo side, which knows what is
open, takes the hint when a todo fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.language.adding import content_words
from shared.language.language import Language
from shared.language.model import Command, Intent, Ref
from shared.language.words import Noting

_MOST_SKIPPED: Final = 4
#: What is not ordered outright is taken as told: the todo side asks before it touches more than was said.
_TOLD: Final = 0.5


def hedged(language: Language, command: Command, first: str, *, ordered: bool = True) -> Command:
    """The ADD of such words, with the hint.

    Args:
        language: whose verbs these are.
        command: the ADD.
        first: the word it begins with.
        ordered: False for "I need to cancel lunch".
    """
    known, said = language.noting, command.title.split()
    around = known.hedged_around.get(first, {}).get(said[-1].lower())
    intent, about = (around, said[1:-1]) if around else _ordered(known, said, first)
    if intent is None or (command.when is not None and intent is not Intent.SKIP) or command.quoted:
        return command
    if intent is Intent.SKIP and (len(said) > _MOST_SKIPPED or not known.no_hedge.isdisjoint(said)):
        return command
    words = content_words(language, " ".join(about))
    if not words:
        return command
    confidence = command.confidence if ordered and not around else _TOLD
    return command.model_copy(update={"maybe": Ref(words=words), "maybe_intent": intent, "confidence": confidence})


def _ordered(known: Noting, said: Sequence[str], first: str) -> tuple[Intent | None, Sequence[str]]:
    """What "get rid of the couch" would ask for, and of what."""
    opening = [word.lower() for word in said]
    verb = next((size for size in (3, 2, 1) if " ".join(opening[:size]) in known.hedged), 1)
    return known.hedged.get(first if verb == 1 else " ".join(opening[:verb])), said[verb:]
