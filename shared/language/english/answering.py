"""Back and forth: undo, why, help, and answers that only mean something to an open question."""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from shared.language.english.wording import form, say
from shared.language.model import Intent

say(
    "undo",
    Intent.UNDO,
    "(undo|undo that|undo it|undo last|undo this|undo the last one|take that back|take it back|revert|revert that|oops|oops undo|nvm|nevermind|never mind|nm|never mind that|forget it|forget about it|forget about that|no cancel it|no cancel that|no cancel|cancel it please|forget that|cancel that|cancel this|scratch that|go back|undo please|ctrl z|ctrl - z|undu|undoo|unod|udno|uundo|reverse that|reverse it|reverse|put that back|wrong , undo|wrong undo|oh no undo|no wait undo|whoops|whoops undo|oops undo that|roll it back|roll back|rollback|change it back|change that back|my mistake|put it back|bring it back|i didn't mean that|that's wrong|that was wrong|that was a mistake|wrong|no undo|i take that back|strike that|ignore that|oops wrong one|wrong one|that's the wrong one|not that one|oops sorry|disregard that|disregard|no undo that|undo that last one|undo (that|the|my) last (thing|change|message|text|action))",
    examples=("undo", "never mind", "nvm"),
)
say(
    "help_consent",
    Intent.HELP,
    "[please] (stop|quit) (texting|messaging|contacting|spamming|bothering) [me] [please|now|anymore|any more|again]",
    "[please] (stop|quit) (sending|with) [me] [all] (these|this|the|any|your|more) (texts|messages|text|message|sms|spam) [please|now|anymore]",
    "[please] (stop|quit) (these|the|all|your) (texts|messages|sms) [please|now]",
    "(don't|dont|do not|never) (text|message|contact|sms) me [again|anymore|any more|ever again|please]",
    "(unsubscribe|opt out|opt me out|take me off|remove me) [me] [from] [this|the|your] [list|service|number|everything|texts|messages] [please]",
    "(i want to|i'd like to|i would like to|how do i|how can i|how to) (unsubscribe|opt out|stop these texts|stop the texts|stop the messages|stop texts|stop messages|stop this)",
    "(remove|delete) my (number|phone number) [please]",
    "(no more) (texts|messages|sms) [please|ever]",
    "leave me alone [,] no more (texts|messages)",
    "(subscribe|resubscribe|re-subscribe|opt in|opt me in|opt back in|opt me back in) [me] [again|please]",
    "(i want to|i'd like to) (subscribe|resubscribe|opt in|get texts again|get messages again|get your texts again)",
    "(start|resume) (texting|messaging|sending messages|sending texts|sending me messages|sending me texts) [me] [again]",
    "turn (messages|texts|messaging|texting) (on|back on|on again)",
    "(sign me up|you can text me|text me) again",
    examples=("stop texting me", "don't text me again"),
)
say(
    "undo_regret",
    Intent.UNDO,
    "[sorry|oops|no|wait] [,] i (didn't|didnt|did not) mean (to|to do|to delete|to add|to move|to change|to remove|to complete|to mark) (that|it|this) [as done|off]",
    "[sorry|oops|no|wait] [,] i (didn't|didnt|did not) mean to (do|delete|add|move|change|remove|say|send) (that|it|this)",
    "(that|it|this) was [sent] (by|in) (mistake|accident|error)",
    examples=("i didn't mean to delete that",),
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

# Help.

say(
    "help",
    Intent.HELP,
    "(?|help|help me|commands|what can you do|how does this work|how do i use this|info|menu|instructions|how to|options|what can i do|what can i say|how do you work|what do you do|help please|i need help|how does it work|how do i use it|what are the commands|how can you help|how can you help me|what else can you do|what are you able to do|guide|manual|usage|tutorial|what can i text|what can i text you|what commands are there|what commands do you have|which commands are there|what are my options|what are the options|what do you do exactly|what exactly do you do|what is it you do|can you remind me of things|can you remind me about things|can you send reminders|can you set reminders|do you do reminders|what do i text you|explain how this works|explain how it works|explain yourself|show me how|how does this thing work|how does all this work|what is all this|what does this do|i need some help|can you help me|can you help|please help|please help me|show me what you can do|tell me what you can do|what things can you do|help help|assist|assist me|assistance|what can i ask you|what can i ask)",
    "? ?",
    "? ? ?",
    examples=("?", "help me", "what can you do"),
)
for _topic, _words in {
    "dates": "date|dates|time|times|dates and times|due dates|time and date",
    "repeat": "repeat|repeats|repeating|recurring|recurrence|repeated|repeating todos",
    "reminders": "reminder|reminders|remind|snooze|alerts",
    "settings": "setting|settings|digest|quiet hours|time zone|timezone|options|name",
    "copy": "copy|copies|export|exports|exporting|download|downloads|downloading|backup|backups|my data",
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

say(
    "get_copy",
    Intent.HELP,
    "export",
    "export [all] [of] [my] (list|lists|todos|to-dos|tasks|data|everything)",
    "download [all] [of] my (list|lists|todos|to-dos|tasks|data)",
    "(can i|how do i|how can i|let me) (export|download) [all] [of] my (list|lists|todos|to-dos|tasks|data)",
    "(send|give|get|mail|email|can i have|can i get|i want) [me] a copy of [all] [of] my (list|lists|todos|to-dos|tasks|data)",
    examples=("export my list", "how do i download my data", "send me a copy of my todos"),
    topic="copy",
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
