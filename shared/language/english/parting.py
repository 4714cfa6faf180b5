"""English words for where one command ends and the next begins, and which words are several todos."""

from __future__ import annotations

from typing import Final

from shared.language.english.verbs import ACTIONS, GOING, LEANING, OFTEN_NOUNS, POINTERS
from shared.language.words import Parting, by_word, phrases, words

PARTING: Final = Parting(
    cuts=words(", and & then also plus but oh so -"),
    links=words(", and then also oh plus but & please so um uh yeah well next after finally additionally"),
    counting=words("first firstly second secondly third thirdly fourth fifth lastly"),
    therefore=words("so"),
    therefore_asked=words("delete remove cancel erase remind"),
    heads=by_word(
        phrases(
            "add|remind me|don't forget|dont forget|i need to|i have to|i also need to|i also have to|i've got to|i gotta|i should|"
            "i must|i want to|put|set a reminder|create a|make a|new task|new todo|note to self|done|complete|mark|check off|"
            "cross off|tick off|delete|remove|cancel|move|reschedule|postpone|push|snooze|skip|undo|reopen|list|show|what's|tag|"
            "rename|edit|remind|gotta|i think i should|i think i need to|i really need to|we need to|need to|change|schedule|"
            "i'm done with|i finished|i did|put off|delay|remember to|get rid of|note that|set"
        )
    ),
    heads_of_more=words("set put change list show mark move check note tag schedule make done"),
    heads_of_numbers=words("tag check change set"),
    numbered=words("done complete finish did delete remove move push snooze postpone reschedule mark skip reopen delay"),
    moved_to=words("to until"),
    before_settled=words(", and & is are"),
    settled=words("done finished complete completed"),
    can=words("can could would will"),
    you=words("you u"),
    abbreviations=words("dr mr mrs ms st no vs etc approx ave"),
    actions=ACTIONS | {"ring"},  # alone it is a thing, beside another action it is a call
    next_action=words(", and & then also plus"),
    passed_over=words(", and & then also to plus oh um uh after afterwards that later finally"),
    purpose=GOING,
    leaning=LEANING,
    pointing_back=POINTERS,
    often_nouns=OFTEN_NOUNS,
    behind_noun=words(", and or for with in on at to from of ."),
    in_a_row=words(", and or ."),
    talk=words("yes no yeah yep nope ok okay hi hello hey thanks thank sorry well oh please wow sure nah bye"),
    for_someone=words("for"),
    no_item=words("with for at to of from about in on into by as like versus vs between re i you he she we they is are")
    | words("today tomorrow tonight"),
)
