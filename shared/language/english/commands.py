"""English command forms: what people text to see, finish, move, change and delete their todos, and to set things.

Each line is one command: its name, its intent, its patterns, and examples that run as tests. `<ref...>` is free text that names
todos, `<numbers>` their numbers, `<when>` a statement of time, `<title...>` words for a title.
"""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from typing import Final

from shared.language.commands import Commands, Reading, clock_time, stated_period
from shared.language.english import repeats as _repeats  # noqa: F401 - registers its forms
from shared.language.english.dates import form, grammar
from shared.language.english.lexicon import LEXICON
from shared.language.english.places import ALSO_WORDS, PLACES, REGIONS, SHARED_NAMES, STATES
from shared.language.english.verbs import ACTIONS
from shared.language.grammar import Gap
from shared.language.model import DigestSetting, Intent, Query, Ref, Setting
from shared.language.moments import Clock
from shared.language.references import read_numbers
from shared.language.timing import Time, read_time

commands: Final = Commands(grammar)
say = commands.say

grammar.readers["numbers"] = read_numbers
grammar.readers["when"] = lambda parse, at: [(time.end, time)] if (time := read_time(parse, at, len(parse.tokens))) else []

_LIST: Final = "(list|lists|to-do list|todo list|to do list|to-do|to-dos|todos|todo|tasks|task list|items|reminders|reminder|agenda|schedule|things to do|stuff)"

# Done and open again.

say(
    "complete",
    Intent.COMPLETE,
    "done",
    "finished",
    "complete",
    "completed",
    "all set",
    "(i'm|im) done",
    examples=("done",),
)
say(
    "complete_that",
    Intent.COMPLETE,
    "[i] (did|done|finished|completed) (it|that|this)",
    "(it is|its|it's|that is|that's|thats) (done|finished|completed)",
    examples=("did it", "it's done"),
    ref=Ref(that=True),
)
for _nth, _ordinal in enumerate(("first", "second", "third", "fourth", "fifth"), start=1):
    say(
        f"complete_the_{_ordinal}",
        Intent.COMPLETE,
        f"(done|complete|completed|finish|finished|did|check off|tick off) [with] the {_ordinal} [one]",
        f"the {_ordinal} [one] [is] (done|finished|completed)",
        examples=(f"done the {_ordinal}",),
        ref=Ref(ordinals=(_nth,)),
    )
say(
    "complete_numbers",
    Intent.COMPLETE,
    "(done|complete|completed|finish|finished|did|check|tick|close|closed|x|✓|✅) [off|with] [task|tasks|item|items|todo|the] <numbers>",
    "<numbers> [is|are] (done|complete|completed|finished|did|closed|✓|✅)",
    "[i|i've|ive|we] (did|finished|completed|done|have done|have finished) <numbers>",
    examples=("done 1", "complete #2", "finish three", "done 1-2 and 4", "3 is done"),
)
say(
    "complete_words",
    Intent.COMPLETE,
    "(done|finished|completed) [with|w] <ref...>",
    "<ref...> (done|✓|✅|✔)",
    "<ref...> (is|are|was|were|got|has been|have been|'s|is now|is all|are all) (done|finished|completed|complete|taken care of|sorted)",
    "[i|i've|ive|i have|we|we've|i'm|im|i am] [already|just] (finished|completed|done) [with] <ref...>",
    "i did <ref...>",
    "check off <ref...>",
    "check <ref...> off [my|the] [list]",
    "(tick|cross) off <ref...>",
    "(tick|cross|check|strike|mark) <ref...> off",
    "(tick|cross|check|mark|strike) <ref...> off [of] [my|the] list",
    "(tick|cross) <ref...>",
    "mark [off] <ref...> [as] (done|complete|completed|finished|checked)",
    "mark [as] (done|complete|completed|finished) <ref...>",
    "set <ref...> [to|as] (done|complete|completed|finished)",
    "(complete|finish|close) the (task|todo|item|reminder) [of|to|called|named] <ref...>",
    "(complete|finish|close) <ref...> (task|todo|item|reminder)",
    examples=(
        "done milk",
        "dentst done",
        "bins done",
        "done last",
        "all done",
        "I finished the report",
        "mark the milk as done",
        "check off stamps",
    ),
)
say(
    "complete_listed",
    Intent.COMPLETE,
    "(mark|finish|complete|check|tick) <ref...> (on|off|off on|off of|off from|in) <mylist>",
    "(task|todo) (completed|done|complete|finished) [:] <ref...>",
    "[i've|i] (completed|finished) the (task|todo) [of|to|:] <ref...>",
    examples=("mark the eggs on my shopping list",),
)
say("complete_wide", Intent.COMPLETE, "(complete|finish|close|check|tick) <ref...>", examples=("complete all overdue",))
say(
    "complete_that",
    Intent.COMPLETE,
    "(it's|its|that's|thats|this is|it is|that is|that one is|it's all) [already|now] (done|finished|completed|✅)",
    "(i'm|im|i am) done with (it|that|this)",
    "(complete|finish|close|check|tick|mark) (it|that|this|that one|this one) [off]",
    ref=Ref(that=True),
)
say("complete_last", Intent.COMPLETE, "(complete|finish|close|check|tick) [the] last [one] [off]", ref=Ref(last=True))
say(
    "complete_all",
    Intent.COMPLETE,
    "(all|everything) [is] (done|finished|complete|completed)",
    "(finish|complete|close|mark|check off) (all|everything) [of them]",
    "done (all|everything|with everything|with all of them|them all)",
    examples=("all done",),
    ref=Ref(everything=True),
)
say(
    "reopen",
    Intent.REOPEN,
    "(reopen|re-open|uncheck|untick|unmark|uncomplete|un-complete|restore|undone|re-add) <ref...>",
    "(not done|not finished) [with|yet] <ref...>",
    "<ref...> (is|are|was) (not|n't) (done|finished|complete|completed) [yet]",
    "<ref...> (isn't|isnt|wasn't|aren't) (done|finished|complete) [yet]",
    "mark <ref...> [as] (not done|undone|incomplete|not complete|open|unfinished|not finished)",
    "<ref...> not done [yet]",
    "i (didn't|did not|haven't|have not) (do|finish|finished|complete|completed|done) <ref...>",
    "open <numbers> [again]",
    "bring back <ref...>",
    examples=("reopen 1", "uncheck the milk", "3 is not done", "mark 2 as not done"),
)

# Away.

say(
    "delete",
    Intent.DELETE,
    "(delete|remove|erase|trash|discard|del) <ref...>",
    "get rid of <ref...>",
    "(drop|scrap|kill|clear|wipe|ditch) <numbers>",
    "(take|strike|remove|delete|erase|drop|cut|get) <ref...> (off|from|off of|out of|of) <mylist>",
    "(remove|delete|erase|drop|omit|strike) <ref...> (on|in) <mylist>",
    "<mylist> [:|,] (delete|remove|erase) <ref...>",
    "(find|open|go to|check) <mylist> [and] (delete|remove|erase) <ref...>",
    "find <ref...> [on <mylist>] and (delete|remove|cancel|erase) (it|them)",
    "[the|this|that] <ref...> (should|needs to|must|can) be (removed|deleted) [from <mylist>]",
    "<ref...> (should|needs to|must|can) be (taken|crossed) off <mylist>",
    "(take|strike|drop) <ref...> off",
    "[i] (don't|do not|dont|no longer) need [to] <ref...> (anymore|any more|any longer)",
    "scratch <ref...>",
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
    "delete_all",
    Intent.DELETE,
    "(delete|remove|clear|erase|wipe|cancel|empty) [all] (all|everything|my lists|my to-do list|my todo list|the todo list|the to-do list|my tasks|the tasks|my todos|the todos|my reminders|all of my reminders|it all|them all|all of them|the list|my list|the whole list|all my todos|all todos|all tasks|all my tasks|all reminders|all my reminders)",
    examples=("delete everything", "clear my list"),
    ref=Ref(everything=True),
)
say(
    "delete_which",
    Intent.DELETE,
    "(delete|remove|erase) [a|an|the|some] (item|items|task|todo|reminder|event|entry)",
    "[<mylist>] (delete|remove)",
    examples=("delete item",),
)
say("delete_taken", Intent.DELETE, "(take|strike|cross) (that|it|this) off (there|<mylist>)", ref=Ref(that=True))
say(
    "delete_calendar",
    Intent.DELETE,
    "make <mylist> empty",
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
say("delete_last", Intent.DELETE, "cancel (last|the last one|the last|my last one)", ref=Ref(last=True))
say("delete_that", Intent.DELETE, "cancel (it|this|this one|that one)", ref=Ref(that=True))
say(
    "delete_me",
    Intent.DELETE_ME,
    "(delete|erase|remove|forget) (everything about me|all my data|my data|my account|all about me|everything you know about me|everything you have about me|all my information|my information|all data about me)",
    "forget (me|everything about me)",
    examples=("delete everything about me",),
)
say("delete_me_go_on", Intent.DELETE_ME, "delete me", examples=("delete me",), topic="me")
say("delete_me_now", Intent.DELETE_ME, "delete me now", examples=("delete me now",), topic="now")

# Other dates.

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
    "<numbers> (to|on|by|is|is now|=) <when>",
    "<numbers> <when>",
    "(change|set|move) [the] (date|time|due date|day|deadline) (of|for|on) <ref...> (to|as) <when>",
    "[the] <ref...> is (now|moved to|now on|now at|rescheduled to|postponed to) <when>",
    "due <numbers> <when>",
    "<numbers> (due|is due) [on|by|at] <when>",
    examples=(
        "move 2 to friday",
        "move all overdue to tomorrow",
        "pls move mum to fri",
        "push the dentist to next week",
        "3 to tomorrow 5pm",
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
    "make (it|that|this) <when>",
    "(no|nope|actually|sorry|no wait|wait) [,] [make it|make that|i meant|i mean] <when>",
    "(move|reschedule|postpone|change) to <when>",
    "(i meant|i mean|i said|make that|better|rather) <when>",
    "(make it|make that|make this) <hour:at_hour>",
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
    "<length> later",
    "give me <length>",
    "[another|one more] <length> more",
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
    "snooze <ref...> (to|until|till|til) <when>",
    "snooze <numbers> <when>",
    "remind me [of|about] (it|this|that) [again] <when>",
    "remind me again [at|on] <when>",
    examples=("snooze until tomorrow", "snooze 2 till 5pm", "remind me again tomorrow"),
)
say("snooze_one", Intent.SNOOZE, "snooze <ref...>", examples=("snooze 2",))
say(
    "skip",
    Intent.SKIP,
    "skip",
    "skip (this week|today|tomorrow|this month)",
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
    "skip (the|my) <ref...> (thing|one)",
    examples=("skip 4",),
)

# Changes.

say("edit_open", Intent.EDIT, "(edit|change|rename|update) <numbers>", examples=("edit 2",))
say(
    "retitle",
    Intent.EDIT,
    "(edit|change|rename|update|correct|retitle|reword|fix) <numbers> [to|:|as|into|=] <title...>",
    "(edit|rename|update|retitle) <ref...> (to|:|as|into) <title...>",
    "change [the] (title|name|text|wording) of <ref...> to <title...>",
    "change <ref...> (to|into) <title...>",
    "<numbers> should (be|say|read) <title...>",
    "replace <ref...> (with|by) <title...>",
    examples=("edit #2 buy oat milk", "rename 3 to call the bank", "change milk to oat milk"),
)
say(
    "rank",
    Intent.EDIT,
    "<numbers> (is|are|as|:|to|=) [now] [a] <level:rank>",
    "(mark|make|set|flag) <ref...> [as|to] [a|an] <level:rank>",
    "<ref...> is [now] <level:rank>",
    "(mark|make|set) [the] priority (of|for) <ref...> [to|as] <level:rank>",
    "priority [of] <numbers> [to|is|:] <level:rank>",
    "<numbers> <level:rank>",
    "(raise|change) [the] priority of <ref...> to <level:rank>",
    "change <ref...> to <level:rank>",
    examples=("2 is urgent", "make 3 high priority", "set priority of 2 to low"),
)
say(
    "tag",
    Intent.EDIT,
    "tag <numbers> [with|as|:] <tags...>",
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
    "reminder for <numbers> <before>",
    "(set|add) a reminder (for|on|to) <numbers> <before>",
    examples=("remind me an hour before 2", "remind me about 2 an hour before"),
)
say("remind_number_at", Intent.SNOOZE, "remind me (of|about) <numbers> [at|on] <when>", examples=("remind me about 2 at 5pm",))

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
form("level", "<rank>", "<priority>", "[very|really] <priority>", "not <priority>")(
    lambda _, rank=None, priority=None: rank or priority
)

# Add, without words: the todo side knows what they were.

say(
    "add_nothing",
    Intent.ADD,
    "add",
    "(add|save|keep) (it|that|this) [as a todo|as a task|to my list|to the list|to list]",
    "new (todo|task|reminder)",
    "(set|set up|create|make|have|get|give) [me|up] [a|another|an] (reminder|todo|task|alert) [set up|set|for something|about something|for me]",
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

# Lists and questions.

form(
    "listnoun",
    "(list|lists|todos|todo|tasks|task|reminders|items|agenda|schedule|calendar|to-dos|to-do|events|appointments|meetings|plans|deadlines|things|stuff|chores|jobs)",
)(lambda _: True)
form(
    "listname",
    "<listwhole>",
    "(my|the|our|all) <listwhole>",
    "(my|the|our|all|all my|all the|all of my) (entire|whole|full|complete|current|open|active|pending|outstanding|remaining|upcoming) <listwhole>",
    "(entire|whole|full|current|open|active|pending|outstanding|upcoming|all) <listwhole>",
)(lambda _, listwhole: listwhole)
form(
    "listwhole",
    "(list|lists|to-do list|todo list|to do list|task list|tasks list|to-do lists|todos|todo|to-dos|to-do|tasks|reminders|items|agenda|schedule|things to do|reminder list|list of todos|list of tasks|list of reminders|open tasks|open items|task)",
)(lambda _: True)
form(
    "show",
    "(show|list|see|view|display|read|give|tell|get|check|open|read out|pull up|bring up|read back|go over|run through|look at|what's|what is|what are|whats|send|read off|recite)",
)(lambda _: True)

say("list_all", Intent.QUERY, "all", bare=True, ref=Ref(everything=True), query=Query(what="open"))
say(
    "list",
    Intent.QUERY,
    "(list|ls|todo|todos|tasks|l|lists|my list|my lists|my todos|my tasks|everything|open|agenda|schedule|my schedule|my agenda|my calendar|my events|my reminders|my plans)",
    "[my|any|the|all] (upcoming|up coming|future|coming|next) (events|reminders|tasks|meetings|appointments|plans) [on <listname>]",
    "<show> [my|the|all] [new] (grocery|groceries|shopping|work|home) (list|lists|notes|note|items|list items)",
    "(let me know about|tell me about) [my|the|any] upcoming (events|meetings|appointments|reminders|plans)",
    "(browse|look at|look through|read) [my|the] (groceries|shopping|list|lists|todos|tasks|reminders)",
    "[get|show] [me] (work|home|grocery|shopping|personal) items (on|in|from) <listname>",
    "[the|my] (list|lists) (contain|contains|has|have) what [on it]",
    "[the|my] (list|lists) [of|for] [my] (reminders|tasks|todos|shopping|groceries) (is|are|has|contains|contain) what [on it]",
    "<show> [me] [all] [of] [on|in] <listname> [again|out loud|to me|out]",
    "what's (on|in) <listname>",
    "what (is|are|do i have|things are|all is|else is|items are|tasks are) (on|in) <listname>",
    "[what] do i have [anything] on <listname>",
    "what do i have [left|still] to do",
    "what (do|should|must) i [have|need|still have|still need] [to] do",
    "what have i got [on|to do]",
    "what's left [to do]",
    "what do i (need|have) to (buy|get|pick up|shop for) [at|from] [the] [store|shop|shops|supermarket|market]",
    "what do i need to get when i go shopping",
    "what do i have [left|next] to do [next]",
    "what (things|tasks|chores|jobs) do i have [left|to do]",
    "am i forgetting anything",
    "what am i forgetting",
    "what is left [to do]",
    "what's open",
    "(show|list|see) [me] (all|everything)",
    "what's [still|all] (pending|outstanding|to do)",
    "what needs (doing|to be done)",
    "anything [left|else] to do",
    "(anything|something) (else|left)",
    "what (reminders|tasks|todos) do i have",
    "what are my (tasks|todos|reminders)",
    "is there anything on <listname>",
    "(all|open) (tasks|todos|reminders)",
    "how many (tasks|todos|reminders|things) [do i have] [left|open|to do]",
    "how many [are|do i have] (left|open)",
    examples=("list", "what's on my list?", "show my todos", "what do I have to do", "what's left"),
    query=Query(what="open"),
)
say(
    "list_day",
    Intent.QUERY,
    "what's [on|up|due|planned|scheduled|happening|going on|coming up] [for|on|in] <when:asked>",
    "what (is|are) [on|due|planned|scheduled|happening|going on] [for|on] <when:asked>",
    "what do i have [to do] [on|for|due|planned|scheduled|going on|coming up] [on|for|in] <when:asked>",
    "what have i got [on|to do|planned] [for|on] <when:asked>",
    "(show|list|see|view|display|give|tell|read) [me] [what's due|what's on|what is on|what i have] [for|on|due] <when:asked>",
    "<show> [me] [all] <listname> [for|on|of|due|from|in] <when:asked>",
    "<show> [me] <when:asked> [list|tasks|todos|agenda|schedule|reminders]",
    "(anything|something) [on|due|planned|for|to do|happening|scheduled] [for|on] <when:asked>",
    "do i have (anything|something|any tasks|any todos|any reminders|things|stuff|plans) [to do|on|due|planned|scheduled|for|going on] [for|on] <when:asked>",
    "(list|todos|tasks|agenda|reminders|due|schedule|plan|plans) [for|on] <when:asked>",
    "<when:asked> (tasks|todos|list|agenda|reminders|schedule)",
    "what (should|must|do) i [need|have] [to] do <when:asked>",
    "(what's|what is|show me|show|read me|what are) <owned_day:owned> (schedule|agenda|list|tasks|todos|plan|reminders|stuff)",
    "what does <owned_day:owned> (schedule|agenda|list|day|plan) look like",
    "<owned_day:owned> (schedule|agenda|list|tasks|todos|reminders)",
    "what about <when:asked>",
    "tell me about <when:asked>",
    "what (is|needs to be) (left|done) [to do|to be done] [for|on] <when:asked>",
    "what's left [to do] [for|on] <when:asked>",
    "how many (things|tasks|todos|meetings|events|appointments|reminders) do i have [planned|scheduled|to do|left|due] [for|on] <when:asked>",
    "what are the (jobs|things|tasks|todos) to be done <when:asked>",
    "how about <when:asked>",
    "how (does|is) <when:asked> [look|looking]",
    "(what does|what's|how does|how's) <when:asked> (look|looking) [like]",
    "what (tasks|todos|reminders|things) (do i have|are due|are there|are on) [for|on|due] <when:asked>",
    "is there anything [on|due|for] <when:asked>",
    "am i free [on|at|for] <when:asked>",
    "am i busy [on|at] <when:asked>",
    examples=(
        "today",
        "what's on friday?",
        "what's on for tomorrow",
        "what do I have on monday",
        "list tomorrow",
        "anything due today",
    ),
)
say(
    "list_overdue",
    Intent.QUERY,
    "[show|list|what's|what is|what are|see|view] [me] [my|all|the] (overdue|late|past due|over due) [ones|tasks|todos|items|reminders|list]",
    "what (am i|did i) (late on|miss|missed)",
    "what have i missed",
    "anything overdue",
    "do i have anything overdue",
    examples=("overdue", "what's overdue"),
    query=Query(what="overdue"),
)
say(
    "list_done",
    Intent.QUERY,
    "what (did i|have i) (get done|got done|do|done|finish|finished|complete|completed|accomplish|accomplished|gotten done) [already|so far]",
    "(show|list|see|view) [me] [my|all|the|what's|what is] (done|completed|finished) [tasks|todos|items|list|ones|things|what i did]",
    "(completed|finished) (tasks|todos|items|list|ones)",
    "what's (done|finished|completed)",
    "(show|list) what i (did|finished|completed)",
    "(history|log|archive|done list)",
    "what (did i|have i) (get done|got done|do|done|finish|finished|complete|completed|accomplish|accomplished|gotten done) <when:during>",
    "(show|list) [me] (done|completed|finished) [tasks|todos|items] [from|in|for] <when:during>",
    "what i (did|finished|completed) <when:during>",
    "done <when:during>",
    examples=("what did I get done", "show done", "completed tasks"),
    query=Query(what="done"),
)
say(
    "list_next",
    Intent.QUERY,
    "what am i (going|supposed) to do next",
    "(next|what's next|what next|whats next|what is next|what's up next|what's my next task|what should i do next|what's coming up|what comes next|what's the next one|what's the next thing|next task|next todo|next one|what do i do next|what's my next reminder|next reminder|what is my next task|when is my next reminder)",
    examples=("what's next", "next"),
    query=Query(what="next"),
)
say(
    "list_untimed",
    Intent.QUERY,
    "[show|list|what's|what has] [me] [all|the|my] [tasks|todos|ones] (without a date|without date|with no date|no date|undated|any time|anytime|someday)",
    examples=("no date", "any time"),
    query=Query(what="untimed"),
)
say(
    "search",
    Intent.QUERY,
    "(find|search|search for|lookup) <search...>",
    "do i have (anything|something|any|any tasks|any todos|any reminders) (about|with|for|on|called|named|related to|regarding|mentioning) <search...>",
    "(show|list) [me] [everything|anything|all|tasks|todos|reminders|what i have] (about|with|regarding|containing|for) <search...>",
    "(anything|everything|something) (about|with|regarding|for) <search...>",
    "when (is|are|was) [my|the|our] <search...> due",
    "is <search...> on (my|the) list",
    "am i supposed to <search...>",
    "how soon is my <search...>",
    "do i (have|need) to <search...>",
    "did i (add|put|write down|note) <search...>",
    "what (do i have|have i got|is there|is) (about|for|with|regarding) <search...>",
    examples=("do I have anything about milk", "find cheese"),
)
say(
    "list_tag",
    Intent.QUERY,
    "<tag_slot:asked_tag>",
    "(show|list|what's|what is|see|find|view|whats) [me] [all|everything|tasks|todos] [with|in|on|under|for|tagged] <tag_slot:asked_tag>",
    "(all|everything) [with|in|tagged] <tag_slot:asked_tag>",
    examples=("#home", "show #work"),
)
say(
    "show",
    Intent.SHOW,
    "(show|view|open|details|detail|info|see|more about|more on|details of|details for|show me|tell me about|read) <numbers>",
    "<numbers> details",
    "(what's|what is|what was) <numbers>",
    examples=("show 3",),
)
say(
    "show_that",
    Intent.SHOW,
    "(details|more details|more info|show details)",
    "(show|view|open) (it|that|this)",
    examples=("details",),
    ref=Ref(that=True),
)
say(
    "more",
    Intent.MORE,
    "(more|next page|show more|see more|more please|the rest|rest|continue|go on|page 2|keep going|and|what else|show me more|show the rest)",
    examples=("more",),
)

# Back and forth.

say(
    "undo",
    Intent.UNDO,
    "(undo|undo that|undo it|undo last|undo this|undo the last one|take that back|take it back|revert|revert that|oops|oops undo|nvm|nevermind|never mind|nm|never mind that|forget it|forget that|cancel that|cancel this|scratch that|go back|undo please|my mistake|put it back|bring it back|i didn't mean that|that's wrong|that was wrong|that was a mistake|wrong|no undo|i take that back|strike that|ignore that|oops wrong one|wrong one|that's the wrong one|not that one|oops sorry|disregard that|disregard|no undo that|undo that last one|undo (that|the|my) last (thing|change|message|text|action))",
    examples=("undo", "never mind", "nvm"),
)
say(
    "undo_steps",
    Intent.UNDO,
    "undo <num:step> (times|steps|changes|more)",
    "undo (the last|last) <num:step> [changes|things|messages|times]",
    examples=("undo 3 times",),
)
say("undo_twice", Intent.UNDO, "undo (twice|two times|both|2 times)", "undo undo", examples=("undo twice",), topic="twice")
say(
    "undo_number",
    Intent.UNDO,
    "undo <numbers>",
    "undo (the|my|that) [last] [change|changes|edit|delete] (of|to|on) <numbers>",
    "revert <numbers>",
    examples=("undo 2",),
)
say("undo_words", Intent.UNDO, "undo <ref...>", examples=("undo the milk",))
say(
    "redo",
    Intent.REDO,
    "(redo|redo that|redo it|undo the undo|undo undo that|do it again|re-do|redo please|unundo)",
    examples=("redo",),
)
say(
    "why",
    Intent.WHY,
    "(why|why that|why though|why did you do that|how come|what did you do|what was that|what did you understand|what happened|explain|explain that|why did you add that|why did you add this|why did you delete that|why did you move that|why did you say that|why did you send me this|why is that|why this|what did you hear|what did you just do|huh why)",
    examples=("why?",),
)

say(
    "try_again",
    Intent.NONE,
    "try (it|that|this|again) [again]",
    "try <ref...> (voicemail|recording|voice note|voice message|message|memo) again",
    examples=("try it again", "try monday's voicemail again"),
)

# Help.

say(
    "help",
    Intent.HELP,
    "(?|help|help me|commands|what can you do|how does this work|how do i use this|info|menu|instructions|how to|options|what can i do|what can i say|how do you work|what do you do|help please|i need help|how does it work|how do i use it|what are the commands|how can you help|how can you help me|what else can you do|what are you able to do|guide|manual|usage|tutorial|what can i text|i need some help|can you help me|can you help|please help|please help me|show me what you can do|tell me what you can do|what things can you do|help help|assist|assist me|assistance|what can i ask you|what can i ask)",
    "? ?",
    "? ? ?",
    examples=("?", "help me", "what can you do"),
)
for _topic, _words in {
    "dates": "date|dates|time|times|dates and times|due dates|time and date",
    "repeat": "repeat|repeats|repeating|recurring|recurrence|repeated|repeating todos",
    "reminders": "reminder|reminders|remind|snooze|alerts",
    "settings": "setting|settings|digest|quiet hours|time zone|timezone|options|name",
}.items():
    say(
        f"help_{_topic}",
        Intent.HELP,
        f"(help|?|how do i set|help with|help me with|help on|help about|more) ({_words})",
        f"({_words}) help",
        f"how do ({_words}) work",
        examples=(f"help {_topic}",),
        topic=_topic,
    )

# Answers that only mean something to an open question.

say(
    "ok",
    Intent.ANSWER,
    "(ok|okay|k|kk|yes|y|ya|yep|yup|yeah|sure|confirm|do it|go ahead|go for it|yes please|ok go|yes do it|ok do it|please do|affirmative|correct|right|that's right|yes that's right|sounds good|ok thanks|of course|definitely|absolutely|sure thing|yes ok|confirmed|agreed|i agree|yes i do|yes i am|yes sure|that is right|exactly|that's correct|that is correct|fine|alright|all right|👍|okey|okey dokey|perfect|yes go ahead)",
    examples=("ok", "yes", "sure"),
    topic="ok",
)
say(
    "no",
    Intent.ANSWER,
    "(no|n|nope|nah|no thanks|no thank you|don't|dont|do not|no don't|not that|leave it|leave them|keep it|keep them|no way|negative|nothing|no please|no leave it|wait no|no never mind|not really|absolutely not|never|no no|no i don't|no i do not|don't do it|of course not|no thx|i don't think so|not at all|👎|no stop|nay|no it's not|no it isn't|incorrect|not correct)",
    examples=("no!", "nope"),
    topic="no",
)
form(
    "yesword",
    "(yes|yeah|yep|yup|ok|okay|sure|yessir|indeed|absolutely|definitely|certainly|totally|alright|right|correct|agreed|yea|yah|uh-huh|u-huh|aye|affirmative|roger|obviously|naturally|precisely|true|positive|deal|fine|cool|good|great|perfect|please|do it|do that|go on|go ahead|go for it|of course|by all means|sounds good|sounds great|why not|for sure|you bet|come on|very well|i guess|i do|i am|it is|that works|works for me)",
)(lambda _: True)
form(
    "noword",
    "(no|nope|nah|never|nuh-uh|uh-uh|nay|negative|not|nix|nada|don't|stop it|no way|not now|not really|not right now|of course not|i don't want that|i don't|i do not|not interested|no more|not at all|out of the question|reject|reject it|decline|refuse|veto|i refuse|i disagree|i'd rather not|no good|hell no|don't do that|don't want to|not that|do nothing|absolutely not|false)",
)(lambda _: True)
form("manner", "(bro|dude|man|please|thanks|sir|it|that|this|then|to me|for me|now|jotline|so much|very much|mate|buddy|sure)")(
    lambda _: True
)
say("yes_words", Intent.ANSWER, "<yesword> [,] <yesword:other> [<manner>]", "<yesword> [<manner>]", topic="ok")
say(
    "yes_to_it",
    Intent.ANSWER,
    "(yes|yeah|yep|yup|sure) [please] [,] [please] (delete|remove|move|add|save|change|cancel|clear|do) (it|that|this|them|all|all of them|everything)",
    examples=("yes delete it",),
    topic="ok",
)
say("no_words", Intent.ANSWER, "<noword> [,] <noword:other> [<manner>]", "<noword> [<manner>]", topic="no")
say(
    "both",
    Intent.ANSWER,
    "(both|both of them|them both|all of them|the both|both please)",
    "(yes|yeah|ok|okay) [do|take|delete|move] both [of them]",
    examples=("both",),
    topic="both",
)
say(
    "neither",
    Intent.ANSWER,
    "(neither|none|none of them|neither of them|neither one|none of these|none of those)",
    examples=("neither",),
    topic="neither",
)

# Settings.


@commands.set(
    "settings",
    "(settings|my settings|show settings|preferences|show my settings|see settings|what are my settings|view settings|show me my settings|my preferences|config)",
    examples=("settings",),
)
def _show_settings(_: Reading) -> Setting:
    return Setting(what="show")


@commands.set(
    "name",
    "my name is <name...>",
    "name <name...>",
    "(call me|i am called|i'm called|my name's|set name to|set my name to|change my name to|name is|change name to|my name :|name :) <name...>",
    examples=("my name is Ada", "name Ada", "call me Bob"),
)
def _name(reading: Reading, name: Gap) -> Setting | None:
    tokens = reading.parse.tokens[name.start : name.end]
    words = reading.words(name).strip(" .!,")
    plain = all(token.kind == "word" or token.word in ("-", ".") for token in tokens)
    known = any(token.word in _NOT_NAMES or token.values for token in tokens if not token.capital)
    if not plain or not 1 <= len(tokens) <= 4 or known:
        return None
    return Setting(what="name", name=words if words != words.lower() else words.title())


_NOT_NAMES: Final = frozenset(
    "a an the when if at on in by later back after before to not so is what how about for now tomorrow maybe whenever when crazy asap".split()
)


def _place(reading: Reading, gap: Gap, *, loose: bool) -> str | None:
    """The place a stretch names: known, or (where the words around say so) any with a capital."""
    tokens = reading.parse.tokens[gap.start : gap.end]
    if not 1 <= len(tokens) <= 6 or any(token.kind not in ("word", "other") for token in tokens):
        return None
    words = reading.words(gap).strip(" .!?,")
    if not words:
        return None
    key = words.lower().removeprefix("the ")
    if key in PLACES or key.split(",")[0].strip() in PLACES or _town_and_region(words):
        return words
    if (
        loose
        and tokens[0].capital
        and not words.isupper()
        and not any(token.values or token.word in _NOT_PLACES for token in tokens)
    ):
        return words
    return None


def _town_and_region(words: str) -> bool:
    """E.g. "springfield, illinois", "Austin TX", "portland maine"."""
    town, comma, region = words.partition(",")
    town, region = town.strip(), region.strip()
    if comma:
        named = town.lower().split()
        known = region.lower() in REGIONS or region in STATES
        return known and 1 <= len(named) <= 3 and named[0] not in ACTIONS and LEXICON.get(named[0], {}).keys() <= {"place"}
    parts = words.split()
    for size in (1, 2):
        town, region = " ".join(parts[:-size]).lower(), " ".join(parts[-size:])
        if (town in PLACES or town in SHARED_NAMES) and (region.lower() in REGIONS or region in STATES):
            return True
    return False


_NOT_PLACES: Final = frozenset("a an the my bed love trouble meeting line traffic hospital hurry".split())


@commands.set(
    "zone",
    "[my] (timezone|time zone|zone|tz) [is|to|=|:|in] <place...>",
    "(set|change|switch) [my|the] (timezone|time zone|zone|tz) to <place...>",
    "use <place...> time",
    "(use|set|switch to) <place...> (timezone|time zone)",
    "i (live|am based) in <place...>",
    "[my] (city|town|location|home) [is|:|=] <place...>",
    "(i'm|im|i am) (on|using) <place...> time",
    examples=("timezone is Pacific", "I live in Berlin"),
)
def _zone(reading: Reading, place: Gap) -> Setting | None:
    named = _place(reading, place, loose=True) or _zone_name(reading, place)
    return Setting(what="zone", place=named) if named else None


def _zone_name(reading: Reading, gap: Gap) -> str | None:
    """EST, Europe/Berlin, UTC."""
    words = reading.words(gap).strip()
    if "zone" in LEXICON.get(words.lower(), {}) or ("/" in words and " " not in words):
        return words
    return None


@commands.set(
    "travel",
    "(i'm|im|i am|we're|we are|now|now in|i moved to|i've moved to|i just moved to|i am now in|i'm now in) [in] <place...>",
    "(i'm|im|i am|i will be|i'll be) in <place...> [for|until|till|til] <when>",
    "(i'm|im|i am|i will be|i'll be) [in] <place...> (until|till|til|for) <when>",
    "(i'm|im|i am) (visiting|travelling to|traveling to) <place...>",
    "(i moved to|i've moved to|i just moved to|we moved to|i now live in|i'm moving to|i landed in|i've landed in|i arrived in|just landed in|landed in|just arrived in) <place...>",
    examples=("I'm in Tokyo this week", "I'm in Springfield"),
)
def _travel(reading: Reading, place: Gap, when: Time | None = None) -> Setting | None:
    tokens = reading.parse.tokens
    if tokens[place.start - 1].word not in ("in", "to", "visiting") or place.start == 0:
        return None
    named = _place(reading, place, loose=True)
    until = stated_period(reading.context, when) if when else None
    return Setting(what="zone", place=named, until=until) if named else None


@commands.set("place", "<place...>", bare=True)
def _bare_place(reading: Reading, place: Gap) -> Setting | None:
    named = _place(reading, place, loose=False)
    if named is None or (named.lower() in ALSO_WORDS and named == named.lower()):
        return None
    return Setting(what="zone", place=named)


form("digestword", "(digest|summary|daily summary|morning summary|daily digest|morning digest|morning text)")(lambda _: True)
form(
    "digest",
    "<digestword>",
    "(my|the|daily|morning|text me the|text me my|send|send me|send me the|send me my|send me a|get me the|give me the|give me a|set|set my|set the|change|change my|change the|i want|i want my|i want the|get|the daily|my daily) <digestword>",
)(lambda _, digestword: digestword)
_DIGEST: Final = "<digest>"


@commands.set(
    "digest_at",
    f"{_DIGEST} [at|to|for] <hour>",
    f"{_DIGEST} (on|every|only on|only|for) (weekdays|weekday|workdays) at <hour>",
    f"{_DIGEST} every day at <hour>",
    f"{_DIGEST} [at] <hour> [only] (on|every|each) (weekdays|weekday|workdays)",
    "<digest> [every day|daily|each day] at <hour>",
    f"{_DIGEST} time [is|to|at] <hour>",
    examples=("digest at 7", "morning digest at 6:30am"),
)
def _digest_at(reading: Reading, hour: Clock) -> Setting:
    words = {token.word for token in reading.parse.tokens}
    days = "every weekday" if words & {"weekdays", "weekday", "workdays"} else None
    return Setting(what="digest", digest=DigestSetting(on=True, at=clock_time(hour, morning=True), days=days))


@commands.set(
    "digest_off",
    "(no|stop|disable|turn off|end|cancel|without|no more|don't send|switch off|i don't want|unsubscribe from) (<digest>|digests|summaries|any digests|the digests)",
    "(digest|digests) (off|no|none|stop)",
    "turn [the|my] (digest|summary) off",
    examples=("no digest", "digest off"),
)
def _digest_off(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=False))


@commands.set(
    "digest_on",
    "(digest|digests) [on|yes|please]",
    "(turn on|enable|start|resume|switch on|send me|i want|send) [the|my|a] [daily|morning] (digest|summary|digests)",
    "turn [the|my] (digest|summary) (on|back on)",
    examples=("digest on",),
)
def _digest_on(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True))


@commands.set(
    "digest_weekdays",
    f"{_DIGEST} [on|only on|every|only|just] (weekdays|weekday|workdays|working days|week days) [only]",
    examples=("digest weekdays only",),
)
def _digest_weekdays(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True, days="every weekday"))


@commands.set(
    "digest_daily",
    f"{_DIGEST} (every day|daily|each day|all days|weekends too|on weekends too)",
    examples=("digest every day",),
)
def _digest_daily(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True, days="every day"))


@commands.set(
    "digest_email",
    f"{_DIGEST} [by|via|through|to|with] [email|e-mail|mail] [to|at|:] <address...>",
    "(email|e-mail|mail) [me] [the|my] (digest|summary) [to|at] <address...>",
    examples=("digest by email ada@example.com",),
)
def _digest_email(reading: Reading, address: Gap) -> Setting | None:
    tokens = reading.parse.tokens[address.start : address.end]
    if len(tokens) != 1 or tokens[0].kind != "mail":
        return None
    return Setting(what="digest", digest=DigestSetting(on=True, channel="email", email=tokens[0].text))


@commands.set("digest_text", f"{_DIGEST} (by|via|through) (text|sms|message)", examples=("digest by text",))
def _digest_text(_: Reading) -> Setting:
    return Setting(what="digest", digest=DigestSetting(on=True, channel="text"))


@commands.set(
    "quiet",
    "[set|my] quiet [hours|time] [from|between|is|are|:|to] <hour:first> (to|until|till|til|-|and|through) <hour:last>",
    "(do not|don't|dont|no) (disturb|text|message|texts|messages|reminders|remind) [me] (from|between) <hour:first> (to|until|till|-|and) <hour:last>",
    "quiet [hours|from] <hour:first> - <hour:last>",
    examples=("quiet from 10pm to 7am", "quiet 10pm-7am"),
)
def _quiet(_: Reading, first: Clock, last: Clock) -> Setting:
    return Setting(what="quiet", quiet_from=clock_time(first), quiet_to=clock_time(last, morning=True))


@commands.set(
    "quiet_off",
    "(no|turn off|disable|end|stop|cancel|remove|clear) [the|my] quiet [hours|time]",
    "quiet [hours] (off|none|no)",
    examples=("no quiet hours",),
)
def _quiet_off(_: Reading) -> Setting:
    return Setting(what="quiet", quiet_off=True)


@commands.set(
    "remind_default",
    "always (remind|alert|notify) me <before>",
    "(always|by default) remind [me] <before>",
    "remind me <before> by default",
    "[set] [default|my|all] reminders [are|to|:|always|default] <before>",
    "remind me <before> (always|every time|for everything)",
    examples=("always remind me 30 min before",),
)
def _remind_default(_: Reading, before: int) -> Setting:
    return Setting(what="remind", remind_before_seconds=before)


@commands.set(
    "remind_at_due",
    "always remind me (at the due time|on time|at the time|when it's due|when due)",
    "reminders [at|on] (the due time|due time|time)",
    "no early reminders",
    examples=("reminders at the due time",),
)
def _remind_at_due(_: Reading) -> Setting:
    return Setting(what="remind", remind_before_seconds=0)


_MEANINGS: Final = {
    "tonight": "tonight",
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "tonight",
    "end of day": "end_of_day",
    "eod": "end_of_day",
    "the end of the day": "end_of_day",
}
for _said, _field in _MEANINGS.items():

    def _meaning_setting(_: Reading, hour: Clock, _field: str = _field) -> Setting:
        return Setting(what="meaning", word=_field, at=clock_time(hour, morning=_field == "morning"))

    commands.set(
        f"meaning_{_said.replace(' ', '_')}",
        f"[by|my|the] {_said} (means|is|=|starts at|should be|should mean|i mean) [at] <hour>",
        f"(set|change|make) [my|the] {_said} [to|at|as] <hour>",
        examples=(f"{_said} means 9pm",) if _said == "tonight" else (),
    )(_meaning_setting)


@commands.set(
    "next_nearest",
    "next <weekday> (is|means|should be|should mean) (the nearest|nearest|the nearest one|the coming one|the coming|this coming one|the first one|the next one|this coming|the nearest <weekday:other>|the coming <weekday:other>)",
    examples=("next friday is the nearest one",),
)
def _next_nearest(_: Reading) -> Setting:
    return Setting(what="next_weekday", next_weekday="nearest")


@commands.set(
    "next_following",
    "next <weekday> (is|means|should be|should mean) (the following|the following one|next week's|of next week|in next week|the one in next week|the week after|the second one|the one after|the one of next week)",
    examples=("next friday is the following one",),
)
def _next_following(_: Reading) -> Setting:
    return Setting(what="next_weekday", next_weekday="following")


@commands.set(
    "clock_24",
    "[use|set] [clock|time] [to] <int> (h|hr|hour|hours) [clock|time|format]",
    "(use|set|switch to) [the|a] <int> hour (clock|time|format)",
    "<int> - (hour|h) [clock|time|format]",
    examples=("24h", "12 hour clock"),
)
def _clock(_: Reading, int: int) -> Setting | None:  # noqa: A002 - the class name
    return Setting(what="clock", hours=24 if int == 24 else 12) if int in (12, 24) else None
