"""What people text to be rid of a todo, of all of them, or of everything we know about them."""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from shared.language.english.wording import form, say
from shared.language.model import Intent, Ref
from shared.language.moments import Day

say(
    "delete_list",
    Intent.DELETE,
    "(delete|remove|erase|clear|take|drop|cross|strike) (everything|all|all of it|all items|all the items|all of the items|all things|every item) (from|on|in|off|off of) [my|the|our] <emptied...> (list|lists)",
    "(clear|empty|wipe|clear out|empty out|wipe out|clean out) [my|the|our] <emptied...> list",
    examples=("remove everything from my packing list", "clear the packing list"),
)
say(
    "delete",
    Intent.DELETE,
    "(delete|del) <ref...>",
    "(remove|erase|trash|discard|get rid of) <one...>",
    "(remove|erase) <item...>",
    "(get rid of|take out|lose|bin|dump|ditch|drop) <ref...> (on|in|from) <mylist>",
    "(drop|scrap|kill|clear|wipe|ditch|bin|lose|dump|chuck|chuck out|axe|nix|zap|rm|forget|throw out|throw away) <numbers>",
    "(drop|scrap|kill|bin|lose|dump|ditch|chuck|chuck out|axe|nix|zap|throw out) (the|my|that|this) <ref...> (one|thing|task|todo|reminder|entry)",
    "(drop|scrap|kill|bin|lose|dump|ditch|chuck|axe|nix|zap|clear) <position:first>",
    "(forget|forget about) (the|my) <one...>",
    "[there is|there's] [no need|no more need] to remind me (of|about|to) <ref...> [anymore|any more]",
    "(no need for|no more) (the|my|a|that) <ref...> (reminder|reminders|alert|alarm)",
    "[i] (need|have|want|wish) to (delete|remove|erase) <ref...> (from|off|on) <mylist>",
    "[i] (need|have|want|wish) to (delete|remove|erase|cancel) (the|my|a|an|all|all my) <ref...> (reminder|reminders|task|tasks|todo|todos|alarm|alarms)",
    "(take|strike|remove|delete|erase|drop|cut|get|pull|lift) <ref...> (off|from|off of|out of|of) <mylist>",
    "(take|strike|remove|delete|erase|drop|cut|get|pull) <ref...> (off|from|off of|out of) [my|the] (calendar|calender|schedule|agenda|diary) [for|on] <when>",
    "(of|off) <mylist> (remove|take|delete|erase) <ref...>",
    "(delete|remove|erase|take|drop) <ref...> (from|off|off of) (it|there)",
    "(strike|strike out|cross off|cross out|scratch|scratch off) [item|items|task] <numbers>",
    "(i|we) (need|want|would like) <ref...> off [of] <mylist>",
    "[i|we] (don't|do not|dont|did not|didn't) (need|want) <ref...> on <mylist> [anymore|any more]",
    "<mylist> (should not|shouldn't|must not|mustn't) (have|include) <ref...>",
    "find and (delete|remove|cancel|erase) <ref...>",
    "(search for|look up|look for|locate) <ref...> [on <mylist>] and (delete|remove|cancel|erase) (it|them)",
    "(remove|delete|erase|drop|omit|strike) <ref...> (on|in) <mylist>",
    "<mylist> [:|,] (delete|remove|erase) <ref...>",
    "(from|off|on|in) <mylist> [,] [please] (remove|delete|erase|take off|cross off|drop) <ref...>",
    "(change|update|edit|modify|adjust|fix) (my|the|our) (plan|plans|calendar|calender|schedule|agenda|list|lists|todos|tasks) [and|by|to|,] (remove|removing|delete|deleting|erase|erasing|taking off|take off|dropping|drop) <ref...>",
    "(change|update|edit|modify|adjust|fix) <mylist> [and|by|to|,] (remove|removing|delete|deleting|erase|erasing|taking off|take off|dropping|drop) <ref...>",
    "(change|update|edit|modify|adjust) <mylist> with <ref...> (removed|deleted|erased|taken off)",
    "(i|we) (need|want|would like|'d like) <ref...> (removed|deleted|erased|taken|taken off|cut|dropped|crossed) [off|from|out of|off of] <mylist>",
    "(i'd like|id like|we'd like) <ref...> (removed|deleted|erased|taken|taken off|crossed) [off|from|out of|off of] <mylist>",
    "(make sure|be sure|see to it) [that] <ref...> (is|are|gets|get) [removed|deleted|erased|taken] (from|off|off of) <mylist>",
    "(make sure|be sure|see to it) [that] <ref...> (is not|are not|isn't|aren't|is no longer|are no longer) (on|in) <mylist>",
    "(make sure|be sure|see to it) [that] <ref...> (is|are|gets|get) (removed|deleted|erased|cancelled|canceled)",
    "(make sure to|make sure you|be sure to) (delete|remove|erase|cancel) <ref...> (reminder|reminders|task|todo|appointment|appointments|meeting|meetings|event|events)",
    "(make sure to|make sure you|be sure to) (delete|remove|erase|cancel) (the|my|that|this) (reminder|appointment|meeting|event) <ref...>",
    "(make sure to|make sure you|be sure to) (delete|remove|erase|cancel) <ref...> (from|off|on) <mylist>",
    "mark <ref...> [as] (cancelled|canceled|called off)",
    "(scratch|cross|cross out|strike out) <ref...> (from|off|off of|on|out of) <mylist>",
    "(scratch|cross out|strike out) <item...>",
    "(find|open|go to|check) <mylist> [and] (delete|remove|erase) <ref...>",
    "find <ref...> [on <mylist>] and (delete|remove|cancel|erase) (it|them)",
    "[the|this|that] <ref...> (should|needs to|must|can) be (removed|deleted) [from <mylist>]",
    "<ref...> (should|needs to|must|can) be (taken|crossed) off <mylist>",
    "strike <ref...> off",
    "take <one...> off",
    "[i] (don't|do not|dont|no longer) need [to] <numbers> (anymore|any more|any longer)",
    "(nix|omit|void|scratch the) <ref...>",
    "scratch <one...>",
    "call off <one...>",
    "strike off <ref...>",
    "take off <one...>",
    "forget <ref...> on <mylist>",
    "no more <ref...> (on|in) <mylist>",
    "rid <mylist> of <ref...>",
    "cancel <numbers>",
    "cancel my next <ref...>",
    "(forget|forget about|never mind|nevermind|nvm) [about] <numbers>",
    "(forget|forget about|never mind|nevermind|nvm) [about] <ref...> (thing|one|reminder|task|todo)",
    "[there's|theres|i have] no need (for|to do) <numbers> [anymore|any more|any longer]",
    "<numbers> (is|are) [no longer|not] (needed|necessary) [anymore|any more]",
    "cancel <ref...> (thing|one|reminder|task|todo|item|reminders|tasks|todos|alarm|meeting|meetings|appointment|appointments|event|events)",
    "cancel (the|my|all|all my) (meeting|meetings|appointment|appointments|event|events) <ref...>",
    "cancel (the|my|all|all my) (reminder|reminders|task|tasks|todo|todos) <ref...>",
    examples=(
        "delete 1",
        "remove 3 and 4",
        "delete the milk one",
        "cancel the gym thing",
        "delete all #shop",
        "delete last",
        "get rid of the dentist one",
    ),
)
say(
    "delete_needless",
    Intent.DELETE,
    "[i|we] (don't|do not|dont|no longer) need [to|any|any more] <ref...> (anymore|any more|any longer)",
    examples=("i don't need the milk anymore",),
    confidence=0.5,
)
say(
    "delete_all",
    Intent.DELETE,
    "(delete|remove|clear|erase|wipe|cancel|empty) [all] (all|everything|my lists|my to-do list|my todo list|the todo list|the to-do list|my tasks|the tasks|my todos|the todos|my reminders|all of my reminders|it all|them all|all of them|the list|my list|the whole list|all my todos|all todos|all tasks|all my tasks|all reminders|all my reminders)",
    examples=("delete everything", "clear my list"),
    ref=Ref(everything=True),
)
say(
    "delete_list",
    Intent.DELETE,
    "(dump|trash|wipe|wipe out|clear out|nuke|purge|bin|rm|rm rf|rm - rf|scrap|chuck) [all|all of|everything on|everything in|everything from] <mylist> [clean|out]",
    "(start|begin) <mylist> (over|again|afresh)",
    examples=("wipe my calendar",),
    ref=Ref(everything=True),
)
say(
    "delete_day",
    Intent.DELETE,
    "(free up|clear up|clear out|clear|empty|wipe|blank|blank out) (my|the) <when:on_day>",
    "(free up|clear up|clear out|clear|empty|wipe|blank out|free) (my|the) [whole|entire] (calendar|calender|schedule|agenda|diary|day) [on|for] <when:on_day>",
    "(cancel|delete|remove|clear|erase|drop|scrap) (everything|all|it all|all of it|all plans|all my plans|my plans) [on|for|from] <when:on_day>",
    "(in|on|from) (my|the) (calendar|calender|schedule|agenda|diary) (delete|remove|erase|clear) [everything|all] [on|for] <when:on_day>",
    "(i|we) (want|need) <when:on_day> (cleared|emptied|wiped)",
    "(wipe|clear) <when:on_day> (clean|out|completely)",
    "make [my] <when:on_day> (free|clear|empty)",
    "leave [my] <when:on_day> (free|empty)",
    "(free up|clear up|clear out|clear|empty|wipe|blank) <when:on_day>",
    "(wipe out|get rid of|take off|cancel|delete|remove|clear|clear away|clear off) (everything|all|anything|whatever|what) [i have|i've got|that i have|that's planned|that is planned|that's scheduled|planned|scheduled|i have planned] [on|for|from] <when:on_day>",
    "(i|we) (need|want|would like|'d like) (my|the|our) (calendar|calender|schedule|agenda|diary|day) (cleared|emptied|wiped|free|clear|empty) [on|for] <when:on_day>",
    examples=("clear my friday", "cancel everything on monday"),
)
say(
    "delete_today",
    Intent.DELETE,
    "(free up|clear up|clear out|clear|empty|wipe|blank out|wipe out) (my|the) [whole|entire|rest of the] <today:own_day>",
    "clear (everything|all) off (my|the) <today:own_day>",
    "(cancel|clear|delete|drop) the rest of (my|the) <today:own_day>",
    examples=("clear my day",),
)
form("today", "day")(lambda context: Day(context.today))
say(
    "delete_which",
    Intent.DELETE,
    "(delete|remove|erase|clear|cancel) [a|an|the|some|any|one] (item|items|task|todo|reminder|event|entry)",
    "[<mylist>] (delete|remove)",
    "(reminder|reminders|alarm|alarms) (off|delete|remove|cancel)",
    examples=("delete item",),
)
say(
    "delete_taken", Intent.DELETE, "(take|strike|cross|change|get|pull) (that|it|this) off (there|<mylist>)", ref=Ref(that=True)
)
say(
    "delete_calendar",
    Intent.DELETE,
    "make <mylist> empty",
    "(calendar|calender|schedule|agenda) (clear|empty|wipe|reset)",
    "(free|free up) (my|the) (calendar|calender|schedule|agenda)",
    "(i|we) (need|want|would like) (my|the|a) [shopping|grocery|to do|todo] (list|lists) (deleted|removed|cleared|erased|emptied|wiped|gone)",
    "(format|reset|purge) [all] [data] [from] <mylist>",
    ref=Ref(everything=True),
)
say(
    "delete_done",
    Intent.DELETE,
    "(clear|purge|wipe|empty|delete|remove|hide|archive) [all|all the|out|the|my] (done|finished|completed) [ones|tasks|todos|items|list|stuff|things|reminders]",
    examples=("clear done",),
    ref=Ref(status="done"),
)
say("delete_at", Intent.DELETE, "(cancel|delete|remove|drop) (my|the) <when:due> [one]", examples=("cancel my 3pm",))
say(
    "delete_last",
    Intent.DELETE,
    "(delete|remove|erase|cancel) (what|the thing|that thing|the one) (i|we) [have] just (typed|said|added|wrote|put in|entered|texted|sent|made)",
    ref=Ref(last=True),
)
say("delete_last", Intent.DELETE, "cancel (last|the last one|the last|my last one)", ref=Ref(last=True))
say(
    "delete_that",
    Intent.DELETE,
    "cancel (it|this|this one|that one)",
    "(delete|remove|erase|cancel) (this|that|these|those) (item|items|entry|entries|ones|thing)",
    ref=Ref(that=True),
)
say(
    "delete_me",
    Intent.DELETE_ME,
    "(delete|erase|remove|forget) (everything about me|all my data|my data|my account|all about me|everything you know about me|everything you have about me|all my information|my information|all data about me)",
    "forget (me|everything about me)",
    examples=("delete everything about me",),
)
say("delete_me_go_on", Intent.DELETE_ME, "delete me", examples=("delete me",), topic="me")
say("delete_me_now", Intent.DELETE_ME, "delete me now", examples=("delete me now",), topic="now")
