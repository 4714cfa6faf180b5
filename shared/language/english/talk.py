"""English words around todos: what they are called, what is only politeness, what is talk and not a task."""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

import re
from typing import Final

#: Before a command: taken off.
LEADS: Final = tuple(
    tuple(phrase.split())
    for phrase in (
        "hi there|hello there|hey there|good morning|great|perfect|cool|nice|awesome|first|firstly|first of all|thanks|thank you|i'd like for you to|it would be nice if you could|it would be great if you could|why don't you|would you mind|do you think you could|i'd appreciate it if you could|do you mind|like|basically|anyway|hmm|yes|yep|i guess|i think|oh yeah|yeah so|um so|please|hey|hi|hello|ok|okay|um|uh|uhm|er|so|well|oh|also|and|then|now|just|actually|alright|right|yeah|but|jotline|hey jotline|"
        "can you|could you|would you|will you|can you please|could you please|would you please|will you please|could you kindly|kindly|"
        "i want you to|i need you to|i would like you to|i'd like you to|i'd like to|i would like to|id like to|i want to|i wanna|please can you|can i know|could i know|may i know|"
        "please could you|can u|let's|lets|go ahead and|and also|oh and|and then|"
        "need you to|want you to|would like to|would like you to|want to|would love to|allow me to|would it be possible to|is it possible to|it would be possible to|is it possible for you to|would it be possible for you to|do me a favor and|do me a favour and|can you help to|can you help me to|could you help me to|please help me to|i mean|you know|you can|you could|please be sure to|be sure to|can we|can i|could we|could i|may i|i need for you to|i want|i wanted to|alexa|siri|google|ok google|okay google|hey google|hey siri|hey alexa|cortana|olly|hey olly|hi olly|ok olly"
    ).split("|")
)
#: After a command: taken off.
TAILS: Final = tuple(
    tuple(phrase.split())
    for phrase in "that's all|that's it|that is all|that's everything|i think that's all|i think that's it|please|thanks|thank you|thx|ty|for me|for me please|ok|okay|please and thank you|now please|cheers|will you|would you".split(
        "|"
    )
)
ARTICLES: Final = frozenset({"the", "a", "an", "my", "our", "your", "this", "that", "some", "any", "all", "of"})
#: Nouns for a todo itself: they say nothing about which one.
TODO_NOUNS: Final = frozenset(
    "one ones thing task tasks todo todos to-do to-dos item items reminder reminders entry entries todo's note notes event events appointment "
    "appointments meeting meetings alarm alarms called named about for titled saying says called with regarding".split()
)
WEAK_NOUNS: Final = frozenset(
    {"event", "events", "appointment", "appointments", "meeting", "meetings", "with", "note", "notes", "alarm", "alarms"}
)
QUESTIONS: Final = frozenset(
    "what what's whats who who's whos when when's whens where where's wheres why why's how how's hows which whose whom is are am was were do does did "
    "can could will would should shall has have had isn't aren't don't doesn't didn't can't couldn't won't wouldn't may might must".split()
)
PRONOUNS: Final = frozenset(
    "i i'm im i've ive i'd id i'll ill you you're youre u we we're were they they're he he's she she's it it's its that's thats there there's theres "
    "this that these those nobody everyone everybody someone something nothing my your".split()
)
#: Others people talk to: what they are asked for is no todo of ours unless it says so.
ASSISTANTS: Final = frozenset({"alexa", "siri", "google", "cortana", "olly"})
#: Words of a heading over a list: "things to do today: ...".
HEADINGS: Final = frozenset(
    "todo todos to-do to-dos tasks task list things to do for my the shopping groceries grocery packing pack buy get need needed stuff chores errands".split()
)
#: Between "my" and "list": all there is, not a list by name.
WHOLE_LISTS: Final = frozenset(
    "todo|to do|to-do|task|tasks|reminder|reminders|whole|entire|full|current|complete|existing|daily|active|open|things to do|to dos|to-dos|entire to do|whole to do|current to do".split(
        "|"
    )
)
#: Words that are no name of a list.
NO_LIST_NAMES: Final = frozenset(
    "a an the of to in on at by for with from and or but is are was my your our his her their next last first previous old new other same another any all every this that these those what which contact contacts mailing email price wait waiting".split()
)
#: Verbs of what is so, not of what to do.
TELLING: Final = frozenset("is was are were got been has have gets had be being".split())
PERSONS: Final = frozenset("i you he she they it we who".split())
FUNCTION_WORDS: Final = frozenset(
    "a an the of to in on at by for with from and or but if so as than then not no yes maybe is are was were be been am do does did have has had can "
    "could will would should may might must i you he she it we they me him her us them my your his its our their this that these those very too "
    "just only also there here".split()
)
#: Four letters that lie side by side on a keyboard.
_KEYBOARD: Final = frozenset(
    row[at : at + 4]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa", "mnbvcxz")
    for at in range(len(row) - 3)
)
_VOWELS: Final = frozenset("aeiouy")
_VOWELLESS: Final = frozenset(
    "hmm mr mrs dr ms tv pc hr vs pm am ok dvd cd pdf url html css sql jpg png mp3 usb gym shh hmmm psst brb nyc ny la uk us dmv irs hvac atm gps "
    "id sms crm nth rhythm myth hymn lynx cry dry fly fry try why shy sky spy my by w/ ppt rsvp fyi tbd tbc wfh ptsd mph km kg lb lbs ft".split()
)
_CLUSTER: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}")

ANGER: Final = re.compile(
    r"\b(f{1,3}[u*]{1,6}[c*]{0,3}k{0,3}(ing|in|ed)? ?(you|off|this|useless|stupid|hell)|f\*{1,6}\w{0,12} (useless|stupid)|you suck|this sucks|(you are|you're|this is|ur|u r) (\S{1,20} )?(so )?"
    r"(useless|stupid|terrible|awful|garbage|crap|rubbish|shit|bullshit|annoying|an idiot|dumb|the worst|worthless|broken)|i hate (you|this)|screw (you|this)|shut up|"
    r"piss off|go to hell|damn (you|it)|wtf|stupid (bot|app|machine|program|thing)|useless (bot|app|machine|program|thing)|for fuck'?s? sake)\b",
    re.IGNORECASE,
)
#: Letters of which some stand in whatever `ANGER` finds: few messages need that search.
ANGER_SIGNS: Final = "fu|f*|suck|hate|screw|shut up|piss|hell|damn|wtf|stupid|useless|terrible|awful|garbage|crap|rubbish|shit|annoying|idiot|dumb|the worst|worthless|broken".split(
    "|"
)
DISTRESS: Final = re.compile(
    r"\b(i ?(want|wanna|am going|'m going|m going|'m gonna|am gonna|'ll|will|need) ?(to )?(die|kill my ?self|end my life|end it all|hurt my ?self|harm my ?self)|kill my ?self|suicid(e|al)|"
    r"(don't|do not|dont) want to (live|be alive|exist)|end my life|better off dead|self harm|hurting myself|no reason to live|want to be dead)\b",
    re.IGNORECASE,
)
#: The same for `DISTRESS`.
DISTRESS_SIGNS: Final = "die|kill|hurt|harm|suicid|end my life|end it all|live|exist|dead".split("|")
REACTION: Final = re.compile(
    # A face or a gesture alone is one too; food and things in pictures may be a todo.
    r"^(?:\s|[\u2639\u263a\u2764\ufe0f\u200d\u270a-\u270d\U0001f389\U0001f38a\U0001f3fb-\U0001f3ff\U0001f440-\U0001f44f\U0001f493-\U0001f49f]"
    r"|[\U0001f4af\U0001f525\U0001f600-\U0001f64f\U0001f90c-\U0001f92f\U0001f970-\U0001f97a])+$|"
    r'^(liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted \S{1,8} to|removed an? (like|heart|laugh|dislike|exclamation|question mark|emphasis) from) (".*"?|an? (image|attachment|audio message|movie))\s*$',
    re.IGNORECASE | re.DOTALL,
)


def gibberish(words: list[str]) -> bool:
    """True for keyboard mash: most words are no words of any tongue."""
    latin = [word for word in words if word.isascii() and word.isalpha()]
    if not latin or len(latin) < len(words):
        return False
    bad = sum(_mashed(word.lower()) for word in latin)
    return bad * 2 > len(latin)


def _mashed(word: str) -> bool:
    if (
        len(word) >= 4
        and not _KEYBOARD.isdisjoint([word[at : at + 4] for at in range(len(word) - 3)])
        and word not in ("were", "poor", "power", "property", "tree")
    ):
        return True
    if len(word) > 2 and word not in _VOWELLESS and _VOWELS.isdisjoint(word):
        return True
    return bool(_CLUSTER.search(word)) or (len(word) > 4 and len(set(word)) <= 2)
