"""English words around orders, lists and headings, and those that are taken out of a todo's words."""

from __future__ import annotations

from typing import Final

from shared.language.english.elsewhere import BOOKINGS
from shared.language.english.talk import HEADINGS, NO_LIST_NAMES, PRONOUNS, QUESTIONS, TODO_NOUNS, WHOLE_LISTS
from shared.language.model import Priority
from shared.language.words import Ordering, Titling, phrases, whole, words

ORDERING: Final = Ordering(
    idioms=phrases(
        "done deal|well done|done my best|did my best|i did my best|done and dusted|finish line|complete waste|complete nonsense|"
        "i'm done with this|im done with this|i am done with this|i did the math|do the math|i did my part|done for|i'm done for|"
        "finished last|i finished last|i finished first|i finished second|i finished third|i finished early"
    ),
    others=words("alexa siri google cortana bixby"),
    stop=whole("stop|stopall|unsubscribe|cancel|end|quit|optout|revoke|stop all|opt out|opt-out"),
    start=words("start unstop"),
    ways=words("open search go find access check pull update change edit"),
    finding=words("find search"),
    found_for=words("me out a an some the us"),
    lists=words("list lists calendar tasks todos"),
    on_lists=("on my", "in my"),
    ours=(TODO_NOUNS - words("note notes for with about")) | words("list calendar schedule agenda"),
    bookings=BOOKINGS,
    questions=QUESTIONS - {"did", "may"},
    no_todo=QUESTIONS | PRONOUNS | words("if whether"),
    unfinished=words("after when before until once not get is be it gets"),
    after=words("after"),
    not_done=words("get have make want need be has had well not"),
    after_day=words(", : - please"),
    headings=HEADINGS,
    heading_names=words("shopping groceries grocery packing work home"),
    no_names=words("list lists for the my our todo todos to-do tasks things to do"),
    whole_lists=WHOLE_LISTS,
    no_list_names=NO_LIST_NAMES,
    same_list={"grocery": "groceries", "the grocery": "groceries", "food": "groceries"},
    between_tags=words("and with as"),
)

TITLING: Final = Titling(
    before_date=words("on by at due for in before until till from around @ is starting scheduled during of"),
    before_own=words("due scheduled is starting"),
    copula=words("is"),
    notes=words("note notes"),
    is_so=words("it's its that's"),
    urgent={"urgent": Priority.URGENT, "urgently": Priority.URGENT, "asap": Priority.URGENT, "important": Priority.HIGH},
    no_priority_behind=words("is very most so not are the an something"),
    led_in=words("to about that of for regarding and i have need"),
    not_first=words("i have need"),
    lead=words("to that and then i"),
    tail=words("on at by and then due @ for - to until"),
)
