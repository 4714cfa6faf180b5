"""How people take back what they have just said, and how they leave out a verb they have said already."""

from __future__ import annotations

from typing import Final

from shared.language.english.nouns import EVENTS
from shared.language.words import Correcting, Sharing, phrases, words

_PARTICLES: Final = words("up off out in on over back down away to with for at the a an my our")

CORRECTING: Final = Correcting(
    anywhere=phrases(
        "no wait sorry|oh no wait|no wait no|no wait make that|no wait make it|no wait i mean|no wait|oh wait no|wait no|wait actually|"
        "no sorry|sorry no|sorry i mean|sorry i meant|or rather|scratch that|no scratch that|no i mean|no i meant"
    ),
    after_pause=phrases(
        "i mean|i meant|make that|make it|correction|rather|no make that|no make it|sorry make that|actually make it"
    ),
    between_pauses=phrases("no|sorry|actually|wait|oops|nope|oh no"),
    at_end=phrases(
        "actually never mind|actually nevermind|never mind|nevermind|nvm|scratch that|forget it|forget that|actually no|no wait|wait no|"
        "no forget it|oh never mind"
    ),
    pauses=words(", - ; : ..."),
    stops=frozenset({".", "!", "?", "\n"}),
    particles=_PARTICLES,
    no_words=words(
        "can't cannot not never forgot don't won't isn't am be been is are was were no yes ok okay thanks if because"
    ),
)

SHARING: Final = Sharing(
    joins=words(", and &"),
    particles=words("up off out in on over back down away to with for at"),
    no_start=words("with for at to of from about in on into by as like versus vs between re or not then"),
    occasions=EVENTS,
)
