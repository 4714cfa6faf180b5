"""English ways to ask for a new todo: "add ...", "remind me to ...", "I need to ...", "put ... on my list".

The words that follow are the todo; `shared.language.adding` takes date, repeat and the rest out of them.
"""


# ruff: noqa: E501, PLR0911 - a pattern is one string; reasons stand one below the other, each with its answer

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from shared.language.commands import Reading
from shared.language.english.asking import EVENTS
from shared.language.english.dates import form, grammar
from shared.language.english.elsewhere import SUBJECTS, bare_subject, mailbox, other_subject
from shared.language.english.talk import FUNCTION_WORDS, PRONOUNS, QUESTIONS
from shared.language.english.verbs import ACTIONS
from shared.language.grammar import Gap
from shared.language.moments import Span
from shared.language.timing import Time, find_times


@dataclass(frozen=True, slots=True)
class AddRequest:
    """Words to add, and what was said around them."""

    body: Gap
    rule: str
    remind: bool = False
    list_name: str = ""
    extra: Time | None = None
    ahead: Span | None = None  # how long before to remind


form(
    "todonoun",
    "(task|todo|to-do|to do|todo item|to do item|to-do item|task item|todo task|item|entry|thing|reminder|note|list item|tasks|todos|items)",
)(lambda _: True)
form(
    "mylist",
    "[the|my|our|a] [<listkind>] [<listkind:second>] (list|lists|to-do list|todo list|to do list|to-dos|todos|todo|tasks)",
    "[the|my|our] (list|todos|tasks|to-dos|agenda|calendar|schedule|planner|diary|groceries|shopping)",
)(lambda _, **__: True)
form(
    "mylist",
    "[the|my|our|a] (list|lists) (for|of) (shopping|groceries|things to do|things to complete|tasks to complete|tasks|chores|errands|things to buy|to dos|to do|todos|reminders|things)",
)(lambda _: "todo")
form(
    "listkind",
    "(shopping|grocery|groceries|todo|to-do|to do|task|work|home|personal|packing|chore|chores|christmas|wish|bucket|reading|movie|market|food|supermarket|store|household|errands|errand|birthday|daily|weekend|school|reminder|reminders)",
)(lambda _: True)
_KINDS: Final = (
    "shopping",
    "grocery",
    "work",
    "home",
    "personal",
    "packing",
    "chore",
    "wish",
    "bucket",
    "reading",
    "movie",
    "household",
    "errand",
    "school",
)


def _ask(
    name: str,
    *patterns: str,
    remind: bool = False,
    needs_action: bool = False,
    needs_event: bool = False,
    needs_date: bool = False,
    needs_thing: bool = False,
    examples: tuple[str, ...] = (),
) -> None:
    def meaning(
        reading: Reading,
        body: Gap,
        list: Gap | None = None,  # noqa: A002 - as in the patterns
        when: Time | None = None,
        length: Span | None = None,
        **_: object,
    ) -> AddRequest | None:
        if needs_event and EVENTS.isdisjoint(token.word for token in reading.parse.tokens[body.start : body.start + 4]):
            return None
        if _for_another(reading, name, body, list):
            return None
        if needs_thing and not _is_thing([token.word for token in reading.parse.tokens[body.start : body.end]]):
            return None
        if needs_date and when is None and not find_times(reading.parse, body.start, body.end):
            return None
        first = reading.parse.tokens[body.start]
        if name in ("calendar", "remind_after", "occasion") and (
            first.word in QUESTIONS or first.word in ("to", "for", "know", "find", "check", "look", "tell", "go", "see")
        ):
            return None
        if needs_action and (
            first.word not in ACTIONS or other_subject([token.word for token in reading.parse.tokens[body.start : body.end]])
        ):
            return None
        body = _without_two(reading, body)
        return AddRequest(body, name, remind, _list_name(reading, list) or _kind_after(reading, body), when, length)

    grammar.add("command", name, patterns, meaning, dict.fromkeys(examples, "add"))


def _is_thing(words: list[str]) -> bool:
    """E.g. "eggs", "oat milk": short, and nothing that is asked of somebody."""
    return (
        len(words) <= 3
        and FUNCTION_WORDS.isdisjoint(words)
        and QUESTIONS.isdisjoint(words)
        and PRONOUNS.isdisjoint(words)
        and not other_subject(words)
        and not bare_subject(words)
        and not mailbox(words)
        and _NO_THINGS.isdisjoint(words)
        and all(word.isalpha() for word in words)
    )


_NO_THINGS: Final = frozenset(
    "help assistance advice ideas idea sleep rest time money love friends reminding reminder reminders work luck options suggestions control space context patience alone you cash glasses answers more list".split()
)


def _for_another(reading: Reading, name: str, body: Gap, list_gap: Gap | None) -> bool:
    """True when what is asked for is no todo: a contact, news as they come, an answer to a question."""
    tokens = reading.parse.tokens
    words = [token.word for token in tokens[body.start : body.end]]
    named = {token.word for token in tokens[list_gap.start : list_gap.end]} if list_gap else set()
    if name == "add":
        return bool(_OTHER_LISTS & (set(words[-3:]) | named)) and words[0] not in ACTIONS
    if name == "remind" and (
        words[0] in ("what", "which", "who") or (words[0] == "how" and words[1:2] != ["to"]) or words[:2] in _THINGS
    ):
        return True
    if name == "nudge" and (words[:2] in (["me", "when"], ["me", "if"]) or not SUBJECTS.isdisjoint(words) or "topic" in words):
        return True
    return name == "need" and words[:2] in (["ask", "you"], ["tell", "you"], ["talk", "to"], ["know", "what"])


_OTHER_LISTS: Final = frozenset("contact contacts playlist playlists favorites favourites".split())
_THINGS: Final = (["the", "things"], ["the", "items"], ["things", "i"], ["the", "stuff"])


def _without_two(reading: Reading, body: Gap) -> Gap:
    """E.g. "dont forget 2 buy milk": a figure for a word."""
    tokens = reading.parse.tokens
    figure = body.end - body.start > 2 and tokens[body.start].text == "2" and tokens[body.start + 1].word in ACTIONS
    return Gap(body.start + 1, body.end) if figure else body


def _kind_after(reading: Reading, body: Gap) -> str:
    """shopping, of "... to my shopping list"."""
    tokens = reading.parse.tokens[body.end : body.end + 6]
    for token, following in pairwise(tokens):
        if token.word in _KINDS and following.word in ("list", "lists"):
            return token.word
    plain = [token.word for token in tokens if token.word not in ("my", "the", "our")]
    return plain[1] if len(plain) == 2 and plain[0] in ("to", "on", "onto") and plain[1] in ("groceries", "shopping") else ""


def _list_name(reading: Reading, gap: Gap | None) -> str:
    if gap is None:
        return ""
    words = [token.word for token in reading.parse.tokens[gap.start : gap.end] if token.word not in ("the", "my", "our", "a")]
    name = " ".join(words)
    return "" if name in ("todo", "to-do", "to do", "task", "tasks") else name


form("setting_up", "(set|add|create|make|put|schedule|give me|send me|set up|place|new|i need|i want|get me|make me|set me)")(
    lambda _: True
)
form("reminderword", "[a|an|another|the|new|a new] (reminder|reminders|alert|alarm|notification)")(lambda _: True)
_ask(
    "add",
    "add <body...>",
    "add [a|an|another|the|new|a new] <todonoun> [to|called|named|:|for|of|that says|titled|saying] <body...>",
    "(add|put) <body...> (the|my) <listkind> list",
    "add <body...> <listkind> list",
    "(create|make|set up|start|enter|write down|new|insert|log|record|note down|jot down|note) [me] [a|an|another|new|a new] <todonoun> [to|called|named|:|for|that says|titled|saying|that] <body...>",
    "[a] new <todonoun> [:|-] <body...>",
    "(new|todo|to-do|task|to do) : <body...>",
    "(todo|task|to-do) <body...>",
    "(write|jot|note) down [that] <body...>",
    "note to self [:|-|,] <body...>",
    "(make|take) a note [to|that|of|:|about] <body...>",
    "save <body...> as a (todo|task)",
    "(put|add|place|include|throw|stick|write|get|pop|insert|enter|append) <body...> (on|to|onto|in|into|in to) <mylist>",
    "(put|add|place|include|append) (on|to|onto|in|into) <mylist> [:] <body...>",
    "(put|add|place|write) <body...> (on|to|onto|in|into) [my|the|our|a] <list...> list",
    "(put|add|place|include) (on|to|onto|in|into) [my|the|our|a] <list...> list [:] <body...>",
    "put down <body...>",
    examples=("add milk to my shopping list", "new task: sharpen the knives", "put eggs on the list", "add milk"),
)
_ask(
    "remind",
    "remind me [to|about|that|of|:|and|for] <body...>",
    "remind (to|about|of) <body...>",
    "(buzz|poke|bug|prod|page|yell at|shout at|nag) me [to|about] <body...>",
    "(buzz|poke|prod|remind|ping) <when> (to|about|that) <body...>",
    "(buzz|poke|bug|prod|nag) me <when> (to|about|that) <body...>",
    "(remember|remember to|remember that) <body...>",
    "(don't|dont|do not|never) (forget|let me forget) [to|about|that] <body...>",
    "<setting_up> <reminderword> [to|for|about|that|:|of|for me to|called|on|saying|to remind me to] <body...>",
    "[a] reminder [to|for|about|that|:] <body...>",
    "(notify|alert|ping|nudge|tell|wake|text|message|warn|prompt) me to <body...>",
    "(notify|alert|ping|nudge|warn|prompt) me (about|that|of|for) <body...>",
    "make sure [that] [i] [to|don't forget to|remember to] <body...>",
    "i (must|should|need to|have to) remember to <body...>",
    "help me remember (to|about|that) <body...>",
    "i (don't|dont|do not) want to forget [to|about] <body...>",
    "let me know (to|about) <body...>",
    "reming me to <body...>",
    remind=True,
    examples=("remind me to call mum", "don't forget the keys", "set a reminder for the oven"),
)
_ask(
    "need",
    "i (need|have|ought|got|am supposed|must remember|plan|intend) to <body...>",
    "i (must|should|gotta|have got to|'ve got to) <body...>",
    "(i've|ive|we've) (got to|gotta) <body...>",
    "(need|have|got) to <body...>",
    "(gotta|must|should) <body...>",
    "we (need|have) to <body...>",
    "(i'll|i will|we'll) (need to|have to) <body...>",
    "(i'm|im) supposed to <body...>",
    "it's time to <body...>",
    "time to <body...>",
    needs_action=True,
    examples=("i need to buy stamps", "gotta call the bank"),
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
    "(i'm|im|i am|we're|we are) [almost] out of <body...> (so|and|,) [can you|could you|will you|please|you can] (put|add) (it|that|this|them|some|more) (on|to) <mylist>",
    "(i'm|im|i am|we're|we are) [almost] out of <body...> and need (it|them|that|some|more) [to be] (added|put) (to|on) <mylist>",
    "(put|add) <body...> (on|to) <mylist> (because|since|as|i|i'm|we|it's) <rest...>",
    examples=("i'm out of tape so put that on my list",),
)
_ask(
    "remind",
    "help me (set|create|make|add|set up) <reminderword> (to|for|about) <body...>",
    remind=True,
)
_ask(
    "ahead",
    "(set|activate|create|add|send me|give me|i want|i need) [me] [a|an|the] <length> (notification|reminder|alert|warning|notice) (before|for|ahead of) <body...>",
    remind=True,
    examples=("set a two day reminder before the exam",),
)
_ask(
    "short_of",
    "(i|we) need [some|more|some more] <body...>",
    "(we're|we are|i'm|i am) (out of|running out of|low on|running low on) <body...>",
    needs_thing=True,
    examples=("i need eggs", "we're out of coffee"),
)
_ask(
    "remind_when",
    "(tell|alert|notify|call|text|ping|wake|message|nudge|remind) me <when> (to|about|that|of) <body...>",
    "let me know <when> (to|that|about) <body...>",
    "(alert|notify) me <when> [:] <body...>",
    remind=True,
)
_ask(
    "nudge",
    "(give|send) [me] [a|an] (nudge|notice|heads up|shout|ping|alert|notification|reminder|warning) <body...>",
    "(give|send) me a (message|text) <body...>",
    "i (want|need|would like) to (be|get) reminded <body...>",
    "i'd like to be reminded <body...>",
    "i would like to be reminded <body...>",
    "(set|activate|send|create|make|put) [me] [a|an] (nudge|notice|alert|notification|warning) <body...>",
    "i (want|need|would like) (a reminder|an alert|a notification) <body...>",
    "(alert|nudge|notify) <body...>",
    "make me remember <body...>",
    "help me [to] remember <body...>",
    remind=True,
    examples=("give me a nudge about the bins at 6",),
)
_ask(
    "event",
    "(set|set up|create|make|add|put|put in|enter|insert|schedule|mark|save) [me] [a|an|the|my|another|new|a new] <body...>",
    "(set|set up|create|make|add|put|put in|enter|arrange|organize|insert|mark|save|note) [a|an|the|my|another|new|a new|this] <body...> (on|to|in|into|for) [my|the|our] (calendar|calender|schedule|agenda|planner|diary)",
    needs_event=True,
    examples=("set up a meeting with Fred on monday",),
)
_ask(
    "calendar",
    "(put|add|mark|note|enter|save|place|insert|include|set) <body...> (on|to|in|into) [my|the|our] (calendar|calender|schedule|agenda|planner|diary)",
    "(put|add|mark|enter|save|place) <body...> (on|to|in|into) [my|the|our] (calendar|calender|schedule|agenda|planner|diary) [for|on|at] <when>",
    "(mark|update|fill) (my|the) (calendar|calender|schedule|agenda) [for|with|that|:] <body...>",
    "(in|on|to) (my|the) (calendar|schedule|agenda) (put|add|enter|note) [that] <body...>",
    "<body...> (is|are|should|needs|need|has) (to be|be) (added|put|placed) (to|on|in|into) <mylist>",
    "i need <body...> (added|put) (to|on|onto|in) <mylist>",
    "i need <body...> on <mylist>",
    "<body...> (should be|needs to be|must be) on <mylist>",
    "(open|go to|find|open up) <mylist> [and] (add|put|enter|write) <body...>",
    "<mylist> [:|,] (add|put) <body...>",
    "<mylist> (should|needs to|must) [also] (have|include) <body...> [on it]",
    examples=("put the school play on my calendar for friday",),
)
_ask(
    "have",
    "i (have|got|will have|am having) [a|an|my|the|to attend] <body...>",
    "(i've|ive|we've) got [a|an|my|the] <body...>",
    "(i'm|im) having [a|an] <body...>",
    "we (have|are having) [a|an|our] <body...>",
    "there (is|will be) [a|an] <body...>",
    "(there's|theres) [a|an] <body...>",
    "(i'll|i will|i am going to|i'm going to|im going to|i'm gonna) (have|be|attend|go|meet|visit|see|need) [a|an|to] <body...>",
    needs_date=True,
    examples=("i have a dentist appointment tomorrow at 3",),
)
_ask(
    "remind_after",
    "<body...> [and|so|please|,] (remind me|remind me please|please remind me|set a reminder|set reminder|create reminder|create a reminder|add a reminder|set an alarm|remind me about it|remind me of it|remind me of that|set the event|set it|set a reminder for it|please set it|add it to my calendar|put it on my calendar|mark my calendar|mark it on my calendar|i need to be reminded|i need to be reminded of|add it to my list|put that on my list|put it on my list|add that to my list|add them to my list)",
    remind=True,
    needs_date=True,
    examples=("parents evening thursday at 7 remind me",),
)
_ask(
    "occasion",
    "<when> is <body...>",
    "<body...> (is|will be) (on|at) <when>",
    "<body...> (is|will be|starts|begins) <when>",
    "i (need|want) (a|an) <body...>",
    "remind <body...>",
    needs_event=True,
    examples=("4 march is Ana's birthday",),
)
