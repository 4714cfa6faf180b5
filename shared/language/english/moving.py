"""Another date for a todo, its reminder again later, one occurrence left out."""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from shared.language.english.wording import say
from shared.language.model import Intent, Ref

say(
    "move",
    Intent.MOVE,
    "(move|push|shift|bump|reschedule|postpone|delay|defer|change|bring forward|carry|rearrange|switch|put off|put back|push back) <ref...> (to|until|till|til|forward to|back to|off to|off until|off till|over to) <when> [instead]",
    "(reschedule|postpone|rearrange) <ref...> (for|on|at) <when>",
    "(move|push|shift|bump|delay|defer|change|set|put|bring|switch) <numbers> (to|until|till|til|for|on|by|@|at|forward to|back to|off to|off until) <when>",
    "(move|push|shift|bump|delay|defer|change|set|put|bring|switch) <numbers> (to|until|for|on|at) <when> instead",
    "(move|push|bump|reschedule|postpone) (my|the) <ref...> to <hour:at_hour>",
    "(move|push|shift|bump|reschedule|postpone|delay|defer) <numbers> <when>",
    "(reschedule|postpone|delay|defer) <ref...> <when>",
    "<numbers> (to|on|by|is|is now|=|<arrow>|until|till) <when>",
    "mv <numbers> [to|until] <when>",
    "[the] <ref...> one is [now] due [on|by|at] <when>",
    "<numbers> <when>",
    "(change|set|move) [the] (date|time|due date|day|deadline) (of|for|on) <ref...> (to|as) <when>",
    "[the] <ref...> is (now|moved to|now on|now at|rescheduled to|postponed to) <when>",
    "due <numbers> <when>",
    "(make|set|have) <numbers> due [on|by|at|for] <when>",
    "(prepone|advance) <ref...> to <when>",
    "<numbers> (due|is due) [on|by|at] <when>",
    examples=(
        "move 2 to friday",
        "move all overdue to tomorrow",
        "pls move mum to fri",
        "push the dentist to next week",
        "3 to tomorrow 5pm",
        "3 -> friday",
        "postpone 4 until monday",
    ),
)
say(
    "move_open",
    Intent.MOVE,
    "(move|reschedule|postpone|push|delay|defer) <numbers>",
    "(reschedule|postpone) (the|my) <ref...>",
    examples=("move 2", "reschedule the dentist"),
)
say(
    "move_that",
    Intent.MOVE,
    "(make|set|move|push|change|put|reschedule|postpone|shift) (it|that|this) (to|for|at|on|until|till) <when>",
    "make (it|that|this) <when> [instead]",
    "(it|that|this) (should be|should have been|was meant to be|is meant to be|was supposed to be|is supposed to be) [on|at|for] <when>",
    "(no|nope|actually|sorry|no wait|wait) [,] [make it|make that|i meant|i mean] <when>",
    "(move|reschedule|postpone|change) to <when>",
    "(i meant|i mean|i said|make that|better|rather) <when>",
    "(make it|make that|make this) <hour:at_hour>",
    "(no|nope|actually|sorry|no wait|wait) [,] [make it|make that|i meant|i mean] <hour:at_hour>",
    "<hour:at_hour> instead",
    "<when> instead",
    "[the] same time [on] <when>",
    "not <day> [,] [but] <when>",
    examples=("make it tomorrow 5pm", "move it to friday"),
    ref=Ref(that=True),
)
say(
    "push_back",
    Intent.MOVE,
    "(push|move|put|shift|bump|delay|postpone) <ref...> (back|forward|out|later|on|off) [by|for] <length>",
    "(push|move|delay|postpone|shift|bump|defer) <ref...> (by|for) <length>",
    "(push|move|delay|postpone|shift|bump) (back|off|out) <ref...> [by|for] <length>",
    "(push|move|delay|shift|bump|postpone) <ref...> <length> [later|back|out]",
    "(delay|postpone|push|defer) <numbers> <length>",
    "<numbers> <length> later",
    examples=("push 2 back an hour", "delay 3 by 2 days", "move the dentist 30 minutes later"),
)
say(
    "bring_forward",
    Intent.MOVE,
    "(move|push|bring|shift|pull) <ref...> (up|ahead|earlier|in) [by] <length>",
    "(move|bring|shift|pull) <ref...> <length> (earlier|up|ahead|sooner)",
    "(bring|pull|move) forward <ref...> [by] <length>",
    examples=("move 2 up an hour", "bring 3 2 days earlier"),
    earlier=True,
)
say(
    "earlier_that",
    Intent.MOVE,
    "<length> (earlier|sooner)",
    examples=("an hour earlier",),
    earlier=True,
    ref=Ref(that=True),
)
say(
    "snooze",
    Intent.SNOOZE,
    "(snooze|later|not now|remind me later|snooze it|snooze this|snooze that|remind me again|again later|remind me again later|ask me later|ping me later)",
    examples=("snooze", "later"),
)
say(
    "snooze_length",
    Intent.SNOOZE,
    "snooze [it|this|that|for] <length>",
    "snooze (it|this|that) for <length>",
    "(remind|ask|ping|nudge) me [again] in <length>",
    "again in <length>",
    "(not now|wait|not yet|later) [,|but] [again] in <length>",
    "<length> later",
    "give me <length>",
    "[another|one more] <length> more",
    "another <length>",
    examples=("snooze 1h", "snooze for 20 minutes", "remind me again in an hour"),
)
say(
    "snooze_ref",
    Intent.SNOOZE,
    "snooze <ref...> [for] <length>",
    "snooze <numbers> <length>",
    examples=("snooze 2 for an hour",),
)
say(
    "snooze_until",
    Intent.SNOOZE,
    "snooze [it|this|that] [to|until|till|til] <when>",
    "(hold off|hold it|wait|not now|not) (until|till|til) <when>",
    "(ping|ask|nudge|buzz|bug|tell|text|alert|prod) me [of|about] [it|this|that] again [at|on|in] <when>",
    "snooze <ref...> (to|until|till|til) <when>",
    "snooze <numbers> <when>",
    "remind me [of|about] (it|this|that) [again] <when>",
    "[remind me] again [at|on] <when>",
    examples=("snooze until tomorrow", "snooze 2 till 5pm", "remind me again tomorrow"),
)
say(
    "snooze_one",
    Intent.SNOOZE,
    "snooze <numbers>",
    "snooze (the|my|that) <ref...>",
    "snooze <ref...> (one|thing|reminder|task)",
    examples=("snooze 2",),
)
say(
    "skip",
    Intent.SKIP,
    "skip",
    "skip [it|this|that] [for] (this week|today|tomorrow|this month)",
    "skip (this time|once|next|next one|the next one)",
    examples=("skip",),
)
say("skip_that", Intent.SKIP, "skip (it|this|that|this one|that one)", examples=("skip it",), ref=Ref(that=True))
say(
    "skip_one",
    Intent.SKIP,
    "skip <numbers>",
    "skip <numbers> (this time|once|this week|today|tomorrow|next time)",
    "skip [the] next <ref...>",
    "skip (the|my) <one...>",
    "skip (the|my) <ref...> (thing|one)",
    "skip (the|my) <ref...> (this week|today|tomorrow|this month|this time|once|tonight|next time)",
    "skip (the|my) (this|today's|tomorrow's|tonight's|this week's|next week's) <ref...>",
    "skip (today's|tomorrow's|tonight's|this week's|next week's) <ref...>",
    examples=("skip 4",),
)
