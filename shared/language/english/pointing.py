"""English words for which todos are meant, and for pieces of time that belong together."""

from __future__ import annotations

from typing import Final

from shared.language.english.lexicon import SHOUTED_ZONES
from shared.language.english.talk import WEAK_NOUNS
from shared.language.words import Joining, Pointing, whole, words

POINTING: Final = Pointing(
    persons=words("i you he she they we"),
    somebody=words(
        "him her them me us yourself myself himself herself themselves ourselves men women people everyone everybody"
    ),
    separators=words(", and n & + or then"),
    number_nouns=words("number numbers no nr num task tasks todo todos item items # reminder reminders"),
    up_to=words("- to through thru"),
    more=words("and & plus"),
    one=words("one thing task todo"),
    led_by=words(", : - with"),
    idle=words("the my of one thing task todo item reminder i on ones tasks todos items reminders"),
    first=words("first"),
    last=words("last"),
    both=words("both"),
    latest=whole("last|latest|newest|most recent|last added|last i added|i just added|just added|previous"),
    that=whole("it|that|this|same|that again|it again|current"),
    everything=whole(
        "all|everything|them all|all of them|it all|whole list|to do list|to-do list|todo list|shopping list|whole to do list|"
        "entire list|the lot|everything on list|all of these|all of those|list|all on list|them"
    ),
    them=words("them"),
    wide=words("all everything every tasks todos items reminders what's stuff"),
    tagged=words("everything tagged in under"),
    statuses={"overdue": "overdue", "late": "overdue", "done": "done", "completed": "done", "finished": "done"},
    beside_status=words("everything that's which is are i have what's stuff"),
    beside_day=words("everything on for due from 's stuff '"),
    due=words("on at for from"),
    unsaid=words("stuff things everything due"),
    events=WEAK_NOUNS - {"with"},
    strong=WEAK_NOUNS,
    appointed={
        "meeting": "meeting",
        "meetings": "meeting",
        "appointment": "appointment",
        "appointments": "appointment",
        "event": "event",
    },
    gatherings=words("meeting appointment"),
    to_do=("to", "do"),
    lead=words("to for about with"),
    tail=words("task todo item reminder list off on from"),
)

JOINING: Final = Joining(
    connectors=words(", at on in @ - and the by from"),
    until=words("- to until till through"),
    shouted_zones=SHOUTED_ZONES,
    lasting=words("for"),
    up_to=words("by until till"),
    short_of=words("before"),
    own_time=words("same"),
    ending_apart=words("until till til"),
    before_repeat=words(", on"),
)
