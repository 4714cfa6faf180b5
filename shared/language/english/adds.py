"""English ways to ask for a new todo: "add ...", "remind me to ...", "I need to ...", "put ... on my list".

The words that follow are the todo; `shared.language.adding` takes date, repeat and the rest out of them.
"""


# ruff: noqa: E501 - a pattern is one string; reasons stand one below the other, each with its answer

from __future__ import annotations

from shared.language.chains import Time
from shared.language.commands import AddRequest, Reading
from shared.language.english.bodies import (
    Asked,
    Need,
    action,
    date,
    event,
    for_list,
    for_oneself,
    had,
    kind_after,
    lead_up,
    led_ahead,
    list_name,
    meets,
    needed,
    no_question,
    nudges,
    own,
    recurring,
    reminds,
    repeated,
    said_out,
    takes_place,
    thing,
    without_fillers,
    without_two,
)
from shared.language.english.dates import form, grammar
from shared.language.moments import Span
from shared.language.parse import Gap

form(
    "todonoun",
    "(task|todo|to-do|to do|calendar entry|calendar item|calendar event|todo item|to do item|to-do item|task item|todo task|item|entry|thing|reminder|note|list item|tasks|todos|items)",
)(lambda _: True)
form(
    "mylist",
    "[the|my|our|a] [<listkind>] [<listkind:second>] (list|lists|to-do list|todo list|to do list|to-dos|todos|todo|tasks)",
    "[the|my|our] (list|todos|tasks|to-dos|to-do|to do|todo|agenda|calendar|schedule|planner|diary|groceries|shopping)",
)(lambda _, **__: True)
form(
    "mylist",
    "[the|my|our|a] (list|lists) (for|of) (shopping|groceries|things to do|things to complete|tasks to complete|tasks|chores|errands|things to buy|to dos|to do|todos|reminders|things)",
)(lambda _: "todo")
form(
    "todolist",
    "[the|my|our|a] [<listkind>] [<listkind:second>] (list|lists|to-do list|todo list|to do list|to-dos|todos|todo|tasks|groceries|shopping)",
)(lambda _, **__: True)
form(
    "listkind",
    "(shopping|grocery|groceries|todo|to-do|to do|task|work|home|personal|packing|chore|chores|christmas|wish|bucket|reading|movie|market|food|supermarket|store|household|errands|errand|birthday|daily|weekend|school|reminder|reminders)",
)(lambda _: True)


def _ask(name: str, *patterns: str, remind: bool = False, needs: tuple[Need, ...] = (), examples: tuple[str, ...] = ()) -> None:
    """One way to ask for a todo: `<body...>` is the todo, of which all `needs` must hold."""

    def meaning(
        reading: Reading,
        body: Gap,
        list: Gap | None = None,  # noqa: A002 - as in the patterns
        when: Time | None = None,
        length: Span | None = None,
        **_: object,
    ) -> AddRequest | None:
        words = tuple(token.word for token in reading.parse.tokens[body.start : body.end])
        asked = Asked(reading, body, words, when, list)
        if not all(need(asked) for need in needs):
            return None
        if own in needs:
            body = Gap(body.start - 1, body.end)  # "my flight"
        body = without_two(reading, without_fillers(reading, body))
        clock = None
        led = led_ahead(reading, body) if remind and length is None and when is None else None
        if led is not None:
            body, length, clock = led[0], Span(seconds=led[1]), led[2]
        return AddRequest(body, name, remind, list_name(reading, list) or kind_after(reading, body), when, length, clock)

    grammar.add("command", name, patterns, meaning, dict.fromkeys(examples, "add"))


form(
    "setting_up",
    "(set|add|create|make|generate|activate|enable|turn on|start|put|schedule|give me|send me|set up|place|new|i need|i want|get me|make me|set me|put in|prepare|push|i require|i would appreciate|i'd appreciate|i would like|i'd like|can i have|could i have|can i get|could i get|may i have|may i get|let me have|send)",
)(lambda _: True)
form("reminderword", "[a|an|another|the|new|a new] [email|text|phone|calendar] (reminder|reminders|alert|alarm|notification)")(
    lambda _: True
)
_ask(
    "add",
    "add <body...>",
    "add [a|an|another|the|new|a new] <todonoun> [to|called|named|:|for|of|that says|titled|saying] <body...>",
    "(add|put) <body...> (the|my) <listkind> list",
    "add <body...> <listkind> list",
    "(create|make|set up|start|enter|write down|new|insert|log|record|note down|jot down|note) [me] [a|an|another|new|a new] <todonoun> [to|called|named|:|for|that says|titled|saying|that] <body...>",
    "[a] new <todonoun> [:|-] <body...>",
    "(give|ask|assign) [me] a (task|todo|to-do|to do) [to|for|of] <body...>",
    "(new|todo|to-do|task|to do) : <body...>",
    "(todo|task|to-do) <body...>",
    "(write|jot|note|mark|put) down [that] [i have|i've got] <body...>",
    "note to self [:|-|,] <body...>",
    "(make|take) a note [to|that|of|:|about] <body...>",
    "save <body...> as a (todo|task)",
    "(put|add|place|include|throw|stick|write|get|pop|insert|enter|append|note|note down|jot|jot down|write down|put down|record|save|log|keep) <body...> (on|to|onto|in|into|in to) <mylist> [please]",
    "(let me|i'd like to|i'll|let us) (add|put|include|write) <body...> (on|to|onto|in|into) <mylist>",
    "(i|we) (need|have|want|forgot|forget|wanted|would like) to (add|put|include|write|insert|place|enter|append) <body...> (on|to|onto|in|into|in to) <mylist>",
    "(put|add|place|include|append) (on|to|onto|in|into) <mylist> [:] <body...>",
    "(put|add|place|write) <body...> (on|to|onto|in|into) [my|the|our|a] <list...> list",
    "(put|add|place|include) (on|to|onto|in|into) [my|the|our|a] <list...> list [:] <body...>",
    "put down <body...>",
    "(throw|put|add|stick|pop|chuck) <body...> on (there|it) [too|as well|please]",
    "chuck <body...> (on|onto|in) <mylist>",
    needs=(for_list,),
    examples=("add milk to my shopping list", "new task: sharpen the knives", "put eggs on the list", "add milk"),
)
_ask(
    "remind",
    "remind me [to|about|that|of|:|and|for] <body...>",
    "remind (to|about|of) <body...>",
    "remember that i (have to|need to|must|should) <body...>",
    "(buzz|poke|bug|prod|page|yell at|shout at|nag) me [to|about] <body...>",
    "(buzz|poke|prod|remind|ping) <when> (to|about|that) <body...>",
    "(buzz|poke|bug|prod|nag) me <when> (to|about|that) <body...>",
    "(remember|remember to|remember that) <body...>",
    "(don't|dont|do not|never) (forget|let me forget) [to|about|that] <body...>",
    "<setting_up> <reminderword> [to|for|about|that|:|of|for me to|called|on|saying|to remind me to] <body...>",
    "<setting_up> [a|an|my] <when> (reminder|reminders|alert|notification) [to|for|about|that|of] <body...>",
    "[a] reminder [to|for|about|that|:] <body...>",
    "(notify|alert|ping|nudge|tell|wake|text|message|warn|prompt) me to <body...>",
    "(notify|alert|ping|nudge|warn|prompt) me (about|that|of|for) <body...>",
    "get me reminded (of|about|to) <body...>",
    "(get|have) [me] [a|an|the] (reminder|alert|notification|alarm) [set|set up|made] (for|to|about|of) <body...>",
    "when (it's|it is) time (for|to) <body...> [,] [please] (let me know|remind me|alert me|tell me|notify me)",
    "(when|if|whenever) i have [a|an|my|the] <body...> [,] [please] (let me know|remind me|alert me|tell me|notify me)",
    "(alert|notify|remind|tell) me (at the time|on the day|at the start) of <body...>",
    "have (my calendar|jotline|you) remind me (of|about|to) <body...>",
    "make sure [that] [i] [to|don't forget to|remember to] <body...>",
    "i (must|should|need to|have to) remember to <body...>",
    "help me remember (to|about|that) <body...>",
    "i (don't|dont|do not) want to forget [to|about] <body...>",
    "let me know (to|about|of) <body...>",
    "(don't|dont|do not) let me miss <body...>",
    "i (want|need|wish|would like|'d like) to be (notified|alerted|told|warned|informed|pinged|nudged) (about|of|for|before|when|on|that|to) <body...>",
    "i'd like to be (notified|alerted|told|warned|informed|reminded) (about|of|for|before|when|on|that|to) <body...>",
    "(let me know|tell me|alert me|notify me|warn me|call me|text me|message me|ping me|buzz me) (when|once) (it is|it's|its) time (for|to) <body...>",
    "(let me know|tell me|alert me|notify me|warn me|call me|text me|message me|ping me|buzz me) when (to|i have to|i need to|i should|i have|i've got) <body...>",
    "(kindly|please) (note|remember) (to|that) <body...>",
    "note to <body...>",
    "(note|note down|jot down|keep in mind|bear in mind) that <body...>",
    "i (can't|cannot|must not|mustn't|better not|shouldn't) forget [to|about|that] <body...>",
    "(keep|hold) (a|the) reminder (for|of|about|to) <body...>",
    needs=(reminds,),
    remind=True,
    examples=("remind me to call mum", "don't forget the keys", "set a reminder for the oven"),
)
_ask(
    "remind_before",
    "(let me know|tell me|alert me|notify me|warn me|call me|text me|message me|ping me|buzz me) (before|ahead of|prior to) <body...>",
    remind=True,
    examples=("notify me before my next meeting",),
)
_ask(
    "need",
    "i (need|have|ought|got|am supposed|must remember|plan|intend) to <body...>",
    "(i|we) (must|should|gotta|have got to|'ve got to) <body...>",
    "i (really|just|also|still|probably|definitely|actually) (must|should|gotta|need to|have to|ought to) <body...>",
    "i think i (should|need to|have to|must|'ll) <body...>",
    "(i've|ive|we've) (got to|gotta) <body...>",
    "(need|have|got) to <body...>",
    "(gotta|must|should) <body...>",
    "we (need|have) to <body...>",
    "(i'll|i will|we'll) (need to|have to) <body...>",
    "(i'm|im) supposed to <body...>",
    "it's time to <body...>",
    "time to <body...>",
    needs=(needed, action),
    examples=("i need to buy stamps", "gotta call the bank"),
)
_ask(
    "wish",
    "i (want|wish|hope|would like|would love|'d like) to <body...>",
    "(i'd like|i'd love|id like|i wanna|we want) [to] <body...>",
    needs=(needed, date, for_oneself),
    examples=("i want to swim on monday",),
)
_ask(
    "missing",
    "(is|are) [the|there|there any] <body...> (on|in|listed on) <mylist> [,] if not [,] [please|then|can you|could you] (add|put) [it|them|that] [on|on it|on there]",
    "(is|are) [the|there|there any] <body...> (on|in|listed on) <mylist> [,|and] [please|can you] add (it|them)",
    "do (i|we) have [any] <body...> [on|in] <mylist> [,] if not [,] [please|then] (add|put) (it|them) [on]",
    examples=("is milk on my list, if not add it",),
)
_ask(
    "used_up",
    "(i'm|im|i am|we're|we are) [almost] out of <body...> [so|and|,|please] [can you|could you|will you|please|you can] (put|add) (it|that|this|them|some|more) (on|to) <mylist>",
    "(i'm|im|i am|we're|we are) [almost] out of <body...> and need (it|them|that|some|more) [to be] (added|put) (to|on) <mylist>",
    "(put|add) <body...> (on|to) <mylist> (because|since|as|i|i'm|we|it's) <rest...>",
    examples=("i'm out of tape so put that on my list",),
)
_ask(
    "remind",
    "help me (set|create|make|add|set up) <reminderword> (to|for|about) <body...>",
    needs=(reminds,),
    remind=True,
)
_ask(
    "remind_happening",
    "(let me know|tell me|alert me|notify me|warn me|inform me|ping me|text me) when <body...> (is gonna happen|is going to happen|is about to start|is about to begin|is starting|is coming up|comes up|is near|is close|gets close|starts|begins|is approaching|approaches|is going to start|will start|happens|is up|arrives|is due)",
    "(let me know|tell me|alert me|notify me|warn me|ping me|text me) (if|whenever) <body...> (is coming up|comes up|is near|approaches|starts|is about to start)",
    needs=(event,),
    remind=True,
    examples=("let me know when the meeting starts",),
)
_ask(
    "remind_ahead",
    "(let me know|tell me|inform me|alert me|notify me|warn me|text me|message me|call me|ping me) <body...>",
    "i (want|need|wish|would like) to be (notified|alerted|told|warned|informed|pinged|reminded) <body...>",
    "i'd like to be (notified|alerted|told|warned|informed|pinged|reminded) <body...>",
    "<body...> [,] [please] (let me know|alert me|notify me|warn me|text me|ping me|remind me)",
    needs=(lead_up,),
    remind=True,
    examples=("let me know an hour before the meeting",),
)
_ask(
    "repeat",
    "(repeat|recur) (the|my|this|our) <body...>",
    needs=(recurring,),
    examples=("repeat the meeting every monday",),
)
_ask(
    "ahead",
    "(set|activate|create|add|send me|give me|i want|i need) [me] [a|an|the] <length> (notification|reminder|alert|warning|notice) (before|for|ahead of) <body...>",
    remind=True,
    examples=("set a two day reminder before the exam",),
)
_ask(
    "short_of",
    "(i|we|i'll|we'll|i will|we will) [also|still|really|just] need [some|more|some more] <body...> [too|as well|also]",
    "(we're|we are|i'm|i am|im) [almost|nearly|about|all|completely] (out of|running out of|low on|running low on) <body...>",
    "include [some|more] <body...>",
    "(i'm going to|i am going to|i'm gonna|im gonna|we're going to|we're gonna) need [some|more|some more] <body...>",
    "(i|we) could use [some|more|some more] <body...>",
    "(i|we|i've|we've|i have|we have) [just|almost|nearly] (ran|run) out of <body...>",
    "(put|write) in [some|more] <body...>",
    needs=(thing,),
    examples=("i need eggs", "we're out of coffee"),
)
_ask(
    "remind_when",
    "(tell|alert|notify|call|text|ping|wake|message|nudge|remind) me <when> (to|about|that|of) <body...>",
    "let me know <when> (to|that|about) <body...>",
    "(alert|notify) me <when> [:] <body...>",
    needs=(reminds,),
    remind=True,
)
_ask(
    "nudge",
    "(give|send) [me] [a|an] (nudge|notice|heads up|shout|ping|alert|notification|reminder|warning) <body...>",
    "(give|send) me a (message|text) <body...>",
    "i (want|need|would like|wish|would love) to (be|get) reminded <body...>",
    "i'd like to be reminded <body...>",
    "i would like to be reminded <body...>",
    "(set|activate|send|create|make|put) [me] [a|an] (nudge|notice|alert|notification|warning) <body...>",
    "i (want|need|would like|would love|could use|'ll need|will need) (a reminder|an alert|a notification) <body...>",
    "(i'll|i'd) (need|love|like) (a reminder|an alert|a notification) <body...>",
    "(alert|nudge|notify) (about|for|before|when|on|at|to) <body...>",
    "make me remember <body...>",
    "help me [to] remember <body...>",
    needs=(nudges,),
    remind=True,
    examples=("give me a nudge about the bins at 6",),
)
_ask(
    "event",
    "(set|set up|create|make|add|put|put in|enter|insert|schedule|mark|save) [me] [a|an|the|my|another|new|a new] <body...>",
    "(set|set up|create|make|add|put|put in|enter|arrange|organize|insert|mark|save|note) [a|an|the|my|another|new|a new|this] <body...> (on|to|in|into|for) [my|the|our] (calendar|calender|schedule|agenda|planner|diary)",
    needs=(event,),
    examples=("set up a meeting with Fred on monday",),
)
_ask(
    "calendar",
    "(put|add|mark|note|enter|save|place|insert|include|set|get|have) <body...> (on|to|in|into) [my|the|our] (calendar|calender|schedule|agenda|planner|diary)",
    "(put|add|mark|enter|save|place) <body...> (on|to|in|into) [my|the|our] (calendar|calender|schedule|agenda|planner|diary) [for|on|at] <when>",
    "(mark|update|fill) (my|the) (calendar|calender|schedule|agenda) [for|with|that|:] <body...>",
    "(update|change|edit|modify|adjust) <mylist> (with|to include|to add|to have|to show) <body...>",
    "(change|update|edit|modify|adjust) (my|the) (calendar|calender|schedule|agenda|list) (to include|to add|to have|to show|to say|with|for) <body...>",
    "mark <body...> (on|in) (my|the) (calendar|calender|schedule|agenda|planner|diary)",
    "(in|on|to) (my|the) (calendar|schedule|agenda) (put|add|enter|note) [that] <body...>",
    "(note|put|write|mark|write down|note down|put down) (on|in) (my|the) (calendar|calender|schedule|agenda|planner|diary) [that] <body...>",
    "(calendar|calender) (event|entry|reminder) [:|for] <body...>",
    "<body...> (is|are|should|needs|need|has) (to be|be) (added|put|placed) (to|on|in|into) <mylist>",
    "(i|we) (need|want|would like|'d like) <body...> (added|put) (to|on|onto|in) <mylist>",
    "(i'd like|we'd like|id like) <body...> (added|put) (to|on|onto|in) <mylist>",
    "(i|we) (need|want|would like) <body...> on <mylist>",
    "<body...> (should be|needs to be|must be) on <mylist>",
    "(open|go to|find|open up) <mylist> [and|,] (add|put|enter|write|schedule|create|make|set up|set|note) [a|an|the|new|a new] <body...>",
    "<mylist> [:|,] (add|put) <body...>",
    "<mylist> (should|needs to|must) [also] (have|include) <body...> [on it]",
    "(my|the|our) [shopping|grocery|to do] list (needs|is missing|wants) <body...>",
    "(i'd like|we'd like|id like) <body...> on <mylist>",
    needs=(no_question,),
    examples=("put the school play on my calendar for friday",),
)
_ask(
    "booked",
    "(book|reserve|arrange|organize|organise|plan|schedule) [me|us] [a|an|my|the|our|another|new|a new] <body...>",
    "help me [to] (book|schedule|arrange|plan|set up|organize|organise|add|create|make) [a|an|my|the|another|new|a new] <body...>",
    needs=(meets,),
    examples=("book me a haircut for wednesday afternoon",),
)
_ask(
    "have",
    "i (have|got|will have|am having) [a|an|my|the|to attend] <body...>",
    "(i've|ive|we've) got [a|an|my|the] <body...>",
    "(i'm|im) having [a|an] <body...>",
    "i plan on <body...>",
    "(i'm|i am|im|we're|we are) (planning|organizing|organising|throwing|hosting) [a|an|the] <body...>",
    "(i've|i have|ive|we've|we have|i was|i got|i) [been|just been|got] invited to [a|an|the] <body...>",
    "we (have|are having) [a|an|our] <body...>",
    "there (is|will be) [a|an] <body...>",
    "(there's|theres) [a|an] <body...>",
    "(i'm|i am|im|we're|we are) (meeting|seeing|hosting|having|attending|visiting) [with] <body...>",
    "(i'll|i will|i am going to|i'm going to|im going to|i'm gonna) (have|be|attend|go|meet|visit|see|need) [a|an|to] <body...>",
    needs=(had, date),
    examples=("i have a dentist appointment tomorrow at 3",),
)
_ask(
    "arranged",
    "(i've|ive|i have|we've|we have|i|we) [just|already] (made|scheduled|booked|set up|arranged) [a|an|my|the|our] <body...>",
    needs=(had, date, event),
    examples=("i made an appointment with the dentist for tuesday at four",),
)
_ask(
    "remind_after",
    "<body...> [and|so|please|,] (remind me|remind me please|please remind me|set a reminder|set reminder|create reminder|create a reminder|add a reminder|set an alarm|remind me about it|remind me of it|remind me of that|set the event|set it|set a reminder for it|please set it|add it to my calendar|put it on my calendar|mark my calendar|mark it on my calendar|i need to be reminded|i need to be reminded of|add it to my list|put that on my list|put it on my list|add that to my list|add them to my list)",
    needs=(no_question, date),
    remind=True,
    examples=("parents evening thursday at 7 remind me",),
)
_ask(
    "remind_after",
    "<body...> [and|so|please|,] [please] (remind me|notify me|alert me|send me a reminder|send me a notification|set a reminder) <when> [on this date|on this day|on that day|on that date|about it|of it]",
    needs=(no_question, said_out, repeated),
    remind=True,
    examples=("anna's birthday is on 5 may remind me every year",),
)
_ask(
    "occasion",
    "my <body...> (is|are|starts|begins) [on|at] <when>",
    "my <body...> is (due|scheduled|booked|planned) [on|at|for] <when>",
    "my <body...> (is|are) coming [over|to visit|to stay|round] [on|at] <when>",
    needs=(no_question, takes_place, own),
    examples=("my flight is at 6am tomorrow",),
)
_ask(
    "occasion",
    "<when> is <body...>",
    "(it's|it is|its) <body...> [on] <when>",
    "<body...> (is|will be) (on|at) <when>",
    "<body...> (is|will be|starts|begins) <when>",
    "i (need|want|have|'d like|would like) (a|an) <body...>",
    "i'd like (a|an) <body...>",
    "(i've|ive) (a|an|my) <body...>",
    "have (a|an|my|the) <body...>",
    "remind <body...>",
    "inform me (about|of|before|on) <body...>",
    "(notify|alert|tell|text|remind|ping) me when (it is|it's) <body...>",
    "(repeat|recur) [that|this|the|my] <body...>",
    "(i'm|i am|im|we're|we are) going to [a|an|the|my] <body...>",
    needs=(no_question, takes_place, event),
    examples=("4 march is Ana's birthday",),
)
