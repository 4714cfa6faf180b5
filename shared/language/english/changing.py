"""Changes to a todo that is there: its words, priority, tags, note, repeat and reminder; and an ADD without words."""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from shared.language.english.wording import form, say
from shared.language.model import Intent, Ref

say("edit_open", Intent.EDIT, "(edit|change|rename|update) <numbers>", examples=("edit 2",))
say(
    "retitle",
    Intent.EDIT,
    "(edit|change|rename|update|correct|retitle|reword|fix) <numbers> (to|:|as|into|=) <title...>",
    "(rename|retitle|reword) <numbers> <title...>",
    "(edit|change|update|correct|fix) <numbers> <other_title...>",
    "(edit|rename|update|retitle) <ref...> (to|:|as|into) <title...>",
    "change [the] (title|name|text|wording) of <ref...> to <title...>",
    "change <item...> (to|into) <title...>",
    "change <one...> (to|into) <title...>",
    "<numbers> should (be|say|read) <title...>",
    "replace <item...> (with|by) <title...>",
    "replace <one...> (with|by) <title...>",
    examples=("edit #2 buy oat milk", "rename 3 to call the bank", "change milk to oat milk"),
)
say(
    "rank",
    Intent.EDIT,
    "<numbers> (is|are|as|:|to|=) [now] [a] <level:rank>",
    "<numbers> (isn't|is not|isnt|is no longer|no longer|aren't|are not) [that|so|very] <unranked:rank> [anymore|any more]",
    "(mark|make|set|flag) <ref...> [as|to] [a|an] <level:rank>",
    "<ref...> is [now] <level:rank>",
    "(mark|make|set) [the] priority (of|for) <ref...> [to|as] <level:rank>",
    "priority [of] <numbers> [to|is|:] <level:rank>",
    "(bump|raise|drop|lower|push|move|put) <numbers> [up|down] to <level:rank>",
    "<numbers> <level:rank>",
    "(raise|change) [the] priority of <ref...> to <level:rank>",
    "change <ref...> to <level:rank>",
    examples=("2 is urgent", "make 3 high priority", "set priority of 2 to low"),
)
say(
    "tag",
    Intent.EDIT,
    "tag <numbers> (with|as|:) <tags...>",
    "tag <numbers> <hashtags...>",
    "tag <ref...> [with|as] <tag_slot:tagged>",
    "(add|put) [the] [tag] <tag_slot:tagged> (to|on) <numbers>",
    "<numbers> <tag_slot:tagged>",
    "tag (it|that|this) [with|as] <tags...>",
    examples=("tag 2 #shop", "tag 3 and 4 as work"),
)
say(
    "note",
    Intent.EDIT,
    "[add] [a] note (on|to|for) <numbers> [:|that|saying] <note...>",
    "<numbers> note : <note...>",
    "[add] [a] note (on|to|for) the <ref...> one [:|that|saying] <note...>",
    "note <numbers> [:] <note...>",
    "add to <numbers> : <note...>",
    examples=("note on 2: the blue carton",),
)
say(
    "note_that",
    Intent.EDIT,
    "note : <note...>",
    "(add|with) [a] note : <note...>",
    examples=("note: ring twice",),
    ref=Ref(that=True),
)
say(
    "no_date",
    Intent.EDIT,
    "(no|remove|clear|delete|drop) [the] (date|time|due date|due|deadline) (for|on|from|of) <ref...>",
    "<numbers> (no date|without date|without a date|someday|undated|no due date)",
    "no date <numbers>",
    "take the (date|time|due date|due|deadline) off <ref...>",
    "(unschedule|undate) <ref...>",
    examples=("no date for 5", "remove the due date from 3"),
    no_date=True,
)
say(
    "no_repeat",
    Intent.EDIT,
    "(stop|no|end|cancel|quit|don't|dont|do not) (repeating|repeat|repeats|the repeat|the repeating|recurring) [for|on|of|from] <ref...>",
    "<numbers> (no repeat|once|only once|one time|just once|does not repeat)",
    "(unrepeat|un-repeat) <ref...>",
    "<numbers> (shouldn't|should not|doesn't|does not|needn't|doesn't need to|won't) repeat [anymore|any more]",
    "make <numbers> (one-time|one time|once)",
    examples=("stop repeating 4", "no repeat 4"),
    no_repeat=True,
)
say(
    "no_repeat_that",
    Intent.EDIT,
    "(stop|no|don't|end) (repeating|repeat|repeats)",
    "stop repeating it",
    examples=("no repeat",),
    no_repeat=True,
    ref=Ref(that=True),
)
say(
    "repeat",
    Intent.EDIT,
    "(repeat|make) <numbers> [repeat|recur|repeating] <when>",
    "<numbers> repeats <when>",
    "repeat (it|that|this) <when>",
    examples=("repeat 2 every friday",),
)
say("remind_before", Intent.EDIT, "<earlier:before>", examples=("remind me 1h before",), ref=Ref(that=True))
say(
    "remind_number",
    Intent.EDIT,
    "(remind|alert|notify|ping) me <before> <numbers>",
    "remind me (of|about|for) <numbers> <before>",
    "(remind|alert|notify|ping) me <before> (for|of|on|about) <numbers>",
    "reminder for <numbers> <before>",
    "(set|add|put) a reminder (for|on|to) <numbers> [for] <before>",
    examples=("remind me an hour before 2", "remind me about 2 an hour before"),
)
say("remind_number_at", Intent.SNOOZE, "remind me (of|about) <numbers> [at|on] <when>", examples=("remind me about 2 at 5pm",))
say("remind_at", Intent.SNOOZE, "remind me [at|on] <when>", examples=("remind me tomorrow at 9",))

form(
    "rank",
    "<priority> priority",
    "priority [:|is|=] <priority>",
    "<priority> prio",
    "! <priority>",
    "with <priority> priority",
    "of <priority> importance",
    "<priority> importance",
)(lambda _, priority: priority)
form("rank", "! ! !")(lambda _: "urgent")
form("rank", "! !")(lambda _: "high")
form("rank", "p <int:level>", "! p <int:level>")(lambda _, level: f"p{level}" if 1 <= level <= 4 else None)
form("unranked", "<priority>", "a priority", "important")(lambda _, **__: "medium")
form("level", "not <priority>")(lambda _, **__: "medium")
form("level", "<rank>", "<priority>", "[very|really] <priority>")(lambda _, rank=None, priority=None: rank or priority)

# Add, without words: the todo side knows what they were.

say(
    "add_nothing",
    Intent.ADD,
    "add",
    "(add|save|keep|include|insert) (it|that|this) [as a todo|as a task|to my list|to the list|to list]",
    "new (todo|task|reminder)",
    "(set|set up|create|make|have|get|give) [me|up] [a|another|an] (reminder|todo|task|alert) [set up|set|for something|about something|for me]",
    "(input|enter|create|start|begin|put in) [a|an|another] [new] (event|calendar entry|entry|calendar event)",
    "remind me (about|of) something",
    "are you able to (remind me|set a reminder) [about something|of something]",
    "(add|create|set|make) a (todo|task|reminder)",
    examples=("add",),
)

say(
    "timer",
    Intent.ADD,
    "[set|start|create] [a|an|the] [new] timer [for|of] <length>",
    "[set|start|create] [a|an|the] <length> timer",
    examples=("set a timer for 10 minutes",),
    title="Timer",
    remind_asked=True,
)
