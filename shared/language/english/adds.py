"""English ways to ask for a new todo: "add ...", "remind me to ...", "I need to ...", "put ... on my list".

The words that follow are the todo; `shared.language.adding` takes date, repeat and the rest out of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.language.commands import Reading
from shared.language.english.dates import form, grammar
from shared.language.english.elsewhere import other_subject
from shared.language.english.verbs import ACTIONS
from shared.language.grammar import Gap


@dataclass(frozen=True, slots=True)
class AddRequest:
    """Words to add, and what was said around them."""

    body: Gap
    rule: str
    remind: bool = False
    list_name: str = ""


form("todonoun", "(task|todo|to-do|to do|item|entry|thing|reminder|note|list item|tasks|todos|items)")(lambda _: True)
form("mylist", "[the|my|our|a] [<listkind>] (list|lists|to-do list|todo list|to do list|to-dos|todos|todo|tasks)", "[the|my|our] (list|todos|tasks|to-dos|agenda|calendar|schedule|planner|diary)")(
    lambda _, listkind="": listkind or "todo"
)
form("listkind", "(shopping|grocery|groceries|todo|to-do|to do|task|work|home|personal|packing|chore|chores|christmas|wish|bucket|reading|movie|market|food|supermarket|store|household|errands|errand|birthday|daily|weekend|school|reminder|reminders)")(
    lambda _, **__: None
)
_KINDS: Final = ("shopping", "grocery", "work", "home", "personal", "packing", "chore", "wish", "bucket", "reading", "movie", "household", "errand", "school")


def _ask(name: str, *patterns: str, remind: bool = False, needs_action: bool = False, examples: tuple[str, ...] = ()) -> None:
    def meaning(reading: Reading, body: Gap, list: Gap | None = None, **_: object) -> AddRequest | None:  # noqa: A002 - as in the patterns
        first = reading.parse.tokens[body.start]
        if needs_action and (first.word not in ACTIONS or other_subject([token.word for token in reading.parse.tokens[body.start : body.end]])):
            return None
        return AddRequest(body, name, remind, _list_name(reading, list))

    grammar.add("command", name, patterns, meaning, dict.fromkeys(examples, "add"))


def _list_name(reading: Reading, gap: Gap | None) -> str:
    if gap is None:
        return ""
    words = [token.word for token in reading.parse.tokens[gap.start : gap.end] if token.word not in ("the", "my", "our", "a")]
    name = " ".join(words)
    return "" if name in ("todo", "to-do", "to do", "task", "tasks") else name


form("setting_up", "(set|add|create|make|put|schedule|give me|send me|set up|place|new|i need|i want|get me|make me|set me)")(lambda _: True)
form("reminderword", "[a|an|another|the|new|a new] (reminder|reminders|alert|alarm|notification)")(lambda _: True)
_ask("add", "add <body...>", "add [a|an|another|the|new|a new] <todonoun> [to|called|named|:|for|that says|titled|saying] <body...>", "(create|make|set up|start|enter|write down|new|insert|log|record|note down|jot down|note) [me] [a|an|another|new|a new] <todonoun> [to|called|named|:|for|that says|titled|saying|that] <body...>",
     "[a] new <todonoun> [:|-] <body...>", "(new|todo|to-do|task|to do) : <body...>", "(todo|task|to-do) <body...>", "(write|jot|note) down [that] <body...>", "note to self [:|-|,] <body...>", "(make|take) a note [to|that|of|:|about] <body...>", "+ <body...>", "save <body...> as a (todo|task)",
     "(put|add|place|include|throw|stick|write|get|pop|insert|enter|append) <body...> (on|to|onto|in|into|in to) <mylist>", "(put|add|place|include|append) (on|to|onto|in|into) <mylist> [:] <body...>", "(put|add|place|write) <body...> (on|to|onto|in|into) [my|the|our|a] <list...> list", "(schedule|plan) <body...>", "(put|add|place|include) (on|to|onto|in|into) [my|the|our|a] <list...> list [:] <body...>", "put down <body...>",
     examples=("add milk to my shopping list", "new task: sharpen the knives", "put eggs on the list", "add milk"))
_ask("remind", "remind me [to|about|that|of|:|and|for] <body...>", "(remember|remember to|remember that) <body...>", "(don't|dont|do not|never) (forget|let me forget) [to|about|that] <body...>", "<setting_up> <reminderword> [to|for|about|that|:|of|for me to|called|on|saying|to remind me to] <body...>",
     "[a] reminder [to|for|about|that|:] <body...>", "(notify|alert|ping|nudge|tell|wake|text|message|warn|prompt) me to <body...>", "(notify|alert|ping|nudge|warn|prompt) me (about|that|of|for) <body...>", "make sure [that] [i] [to|don't forget to|remember to] <body...>", "i (must|should|need to|have to) remember to <body...>", "help me remember (to|about|that) <body...>", "i (don't|dont|do not) want to forget [to|about] <body...>", "let me know (to|about) <body...>", "reming me to <body...>", remind=True,
     examples=("remind me to call mum", "don't forget the keys", "set a reminder for the oven"))
_ask("need", "i (need|have|ought|got|am supposed|must remember|plan|intend) to <body...>", "i (must|should|gotta|have got to|'ve got to) <body...>", "(i've|ive|we've) (got to|gotta) <body...>", "(need|have|got) to <body...>", "(gotta|must|should) <body...>", "we (need|have) to <body...>", "(i'll|i will|we'll) (need to|have to) <body...>", "(i'm|im) supposed to <body...>", "it's time to <body...>", "time to <body...>", needs_action=True,
     examples=("i need to buy stamps", "gotta call the bank"))
