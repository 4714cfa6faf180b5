"""English words for an order behind a statement: "I am ill cancel my meetings", "jane's party is on friday add it"."""

from __future__ import annotations

from typing import Final

from shared.language.english.nouns import EVENTS
from shared.language.english.talk import PRONOUNS
from shared.language.words import Behind, words

_ADDING: Final = words("add put mark save schedule set note enter include write remind notify alert send create make")
_DELETING: Final = words("delete remove cancel erase clear drop take cross scratch strike")

BEHIND: Final = Behind(
    verbs=_ADDING | _DELETING,
    adding=_ADDING - words("send create make notify alert"),
    deleting=_DELETING,
    governing=(PRONOUNS - words("ill it them there this that these those"))
    | words(
        "to not don't dont didn't didnt can't cant cannot won't wouldn't never will would should must could can shall might may "
        "gonna and or but a an the no some any every each of for in on at by with from into as than if when whether who which "
        "forgot forget did do does just already has have had been be is are was were get got let lets let's make made new old "
        "next first last"
    ),
    between=words("please can could will would you u so and , kindly also then now just - . ; olly jotline"),
    no_statement=words(
        "if when whenever unless before after once while until because although let lets remind don't dont never to"
    ),
    pointers=words("it that this them these those me"),
    onto=words(
        "to on onto in into off of from out down up please the my our a for now thanks about there too as well todo to-do do "
        "shopping grocery"
    ),
    lists=words("list lists calendar calender schedule agenda planner diary todos tasks reminder reminders event events"),
    events=EVENTS,
    idle=words(
        "already just enough more longer anymore need needed want wanted don't dont doesn't cancelled canceled off over done finished "
        "think actually now getting going gone up not isn't wasn't no"
    ),
)
