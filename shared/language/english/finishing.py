"""What people text when a todo is done, and when it is open again after all."""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from shared.language.english.wording import say
from shared.language.model import Intent, Ref

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
    "<numbers> [is|are] [all|now|already] (done|complete|completed|finished|did|closed|sorted|✓|✅|✔) [now|already|too|as well]",
    "(consider|call) <numbers> (done|finished|complete)",
    "(doen|dne|doone|dond|don|dome|compelte|finsih|finised) <numbers>",
    "(nailed|smashed|sorted|ticked|ticked off|crossed off|checked off|knocked out|knocked off|wrapped up) [off] <numbers>",
    "[i|i've|ive|we] (did|finished|completed|done|have done|have finished) <numbers>",
    examples=("done 1", "complete #2", "finish three", "done 1-2 and 4", "3 is done"),
)
say(
    "complete_words",
    Intent.COMPLETE,
    "(done|finished|completed) [with|w] <ref...>",
    "<ref...> (done|✓|✅|✔)",
    "<ref...> [is|are] [all] done (✓|✅|✔|☑|👍|🎉|!) [\ufe0f]",
    "<ref...> (✔|☑) [\ufe0f]",
    "[i've|ive|i|i have|we've|all] taken care of <ref...>",
    "<ref...> (complete|completed)",
    "mark <ref...> [as] (paid|bought|sent|called|booked|posted|cleaned|washed|ordered|submitted|returned|received|handled|sorted|closed)",
    "<ref...> (is|are|was|were|got|has been|have been|'s|is now|is all|are all) (done|finished|completed|complete|taken care of|sorted)",
    "[i|i've|ive|i have|we|we've|i'm|im|i am] [already|just] (finished|completed|done) [with] <ref...>",
    "i did <ref...>",
    "check off <ref...>",
    "check <ref...> off [my|the] [list]",
    "(tick|cross) off <ref...>",
    "(tick|cross|check|strike|mark) <ref...> off",
    "(tick|cross|check|mark|strike) <ref...> off [of] [my|the] list",
    "(complete|finish|close|tick|check off) (task|todo|item) <ref...>",
    "(task|todo|item) <ref...> (is|has been|is now) (done|completed|finished)",
    "(task|todo|item) <ref...> (done|completed|finished)",
    "(i|i've|we) (finish|finished|completed) all [of] [my|the] <ref...>",
    "tick (the|my|that) <ref...>",
    "(tick|cross) <ref...> (one|thing|task|todo)",
    "mark off <ref...>",
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
    "(mark|finish|complete|tick) <ref...> (on|off|off on|off of|off from|in) <todolist>",
    "(check|cross) <ref...> (off|off on|off of|off from|off in) <mylist>",
    "(task|todo) (completed|done|complete|finished) [:] <ref...>",
    "[i've|i] (completed|finished) the (task|todo) [of|to|:] <ref...>",
    examples=("mark the eggs on my shopping list",),
)
say(
    "complete_day",
    Intent.COMPLETE,
    "(everything|all) [for|due|on] <when:on_day> (is|are) [all|now] (done|finished|complete|completed)",
    "(done|finished) [with] (everything|all) (for|due|on) <when:on_day>",
    examples=("everything for today is done",),
)
say("complete_wide", Intent.COMPLETE, "(complete|finish|close|check|tick) <ref...>", examples=("complete all overdue",))
say(
    "complete_that",
    Intent.COMPLETE,
    "(it's|its|that's|thats|this is|it is|that is|that one is|it's all) [already|now] (done|finished|completed|✅)",
    "(i'm|im|i am) done with (it|that)",
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
    "(reopen|re-open|reactivate|unfinish|reinstate|revive|uncheck|un-check|untick|un-tick|unmark|un-mark|uncross|uncomplete|un-complete|re-add) <ref...>",
    "(restore|undone|bring back) <one...>",
    "(not done|not finished) [with|yet] <ref...>",
    "<ref...> (is|are|was) (not|n't) (done|finished|complete|completed) [yet]",
    "<ref...> (isn't|isnt|wasn't|wasnt|aren't|arent) [actually|really|quite] (done|finished|complete|completed) [yet|after all|actually|sorry]",
    "<ref...> (is|are|was) (not|n't) (done|finished|complete|completed) after all",
    "mark as (not done|undone|incomplete|not complete|open|unfinished|not finished) <ref...>",
    "(put|set|change|turn) <numbers> back to (open|active|todo|to do|not done|incomplete|undone)",
    "make <numbers> (active|open) again",
    "(put|add) <ref...> back (on|onto|to|in) <mylist>",
    "(bring|put|get) <numbers> back",
    "mark <ref...> [as] (not done|undone|incomplete|not complete|open|unfinished|not finished)",
    "<ref...> not done [yet]",
    "i (didn't|did not|haven't|have not) (do|finish|finished|complete|completed|done) <ref...>",
    "open <numbers> [again]",
    "(set|put|mark|change) <numbers> [to|as] (incomplete|open|undone|unfinished|not done|active)",
    "mark <ref...> [as] (unpaid|unsent|unsorted)",
    "i (ticked|checked|marked|completed|finished|closed|crossed) [off] <ref...> [off] by (mistake|accident|error)",
    "i (didn't|did not|haven't|have not) (actually|really) (do|finish|finished|complete|completed|done|did) <ref...>",
    examples=("reopen 1", "uncheck the milk", "3 is not done", "mark 2 as not done"),
)
