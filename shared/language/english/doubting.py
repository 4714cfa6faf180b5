"""English words beside which a day, a date or a time of day is none."""

from __future__ import annotations

from typing import Final

from shared.language.words import Doubting, words

_NUMBERED: Final = words(
    "building room gate chapter page platform floor level unit step apartment apt flat terminal lane bus route exit episode "
    "season part act scene lesson section volume track number no suite studio lab hall bay row seat question exercise phase "
    "version box bed table door house block ward zone stage round game match grade class form sprint ticket issue bug pr"
)

DOUBTING: Final = Doubting(
    name_before=words("the a an my with ask tell call text email of watch read play miss mr mrs 's"),
    day_names=words("black good ash cyber freaky casual super big palm easter man ruby"),
    prepositions=words("on by in at this next until till before after from every for coming last since"),
    prepositions_of_clocks=words("at by before after around on in during"),
    pointing_away=words("except excepting excluding earlier since besides not"),
    about_it=words("about from of since"),
    # "bus" and "class" are left out themselves: "bus 5 tomorrow" may be at five.
    numbered=frozenset(noun for noun in _NUMBERED if not noun.endswith("s")) | frozenset(noun + "s" for noun in _NUMBERED),
    versions=words("version v ver % $"),
    owning=words("the a an my our your his her their"),
    every=words("every each ev daily weekly monthly yearly annually"),
    watched=words("watch read play"),
    uncounted=words("me it this"),
    after_date=words(
        "please reminder remind thanks until till because each every around about regarding re if so when with then instead but or"
    ),
    no_ordinal=words("second"),
    only_at_edges=words("now later"),
    ordinal_led=("on", "the"),
)
