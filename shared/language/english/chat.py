"""Small talk, thanks, anger, distress and a phone's reactions: heard, answered, never stored."""


# ruff: noqa: E501, PLR0911 - a pattern is one string; reasons stand one below the other, each with its answer

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from shared.language.english.talk import ANGER, ANGER_SIGNS, DISTRESS, DISTRESS_SIGNS, REACTION
from shared.language.language import Talk

_PHRASES: Final[Mapping[Talk, str]] = {
    "thanks": (
        "thanks|thank you|thx|ty|tysm|thank u|thanks a lot|thanks so much|thank you so much|thank you very much|many thanks|cheers|much appreciated|"
        "appreciate it|great thanks|ok thanks|thanks again|perfect thanks|awesome thanks|thanks jotline|thank you jotline|great|awesome|nice|cool|"
        "good job|well done|love it|you rock|you're the best|you are the best|great job|nice one|brilliant|excellent|amazing|wonderful|good work|"
        "thanks man|thanks buddy|gracias|merci|danke|lovely|super|good bot|nice work|great work|thank you jotline|ok thank you|okay thanks|okay thank you"
    ),
    "hello": (
        "hi|hello|hey|hiya|yo|howdy|hi there|hello there|hey there|good morning|good afternoon|good evening|morning|good day|greetings|sup|"
        "what's up|whats up|how are you|how are you doing|how's it going|hows it going|how do you do|how are things|hi jotline|hello jotline|hey jotline|"
        "gm|good morning jotline|hey how are you|hi how are you|hello how are you|how are you today|how r you|hola|bonjour|nice to meet you|how have you been|"
        "good night|goodnight|bye|goodbye|see you|see ya|later gator|talk later|talk to you later|bye bye|good bye|have a good day|have a nice day|gn|ttyl|night night|"
        "see you later|see you soon|see you tomorrow|take care|farewell|cya|hello?|anyone there|are you there|you there|test|testing|ping|hi hi"
    ),
    "ok": (
        "haha|ha|hahaha|lol|lmao|hehe|hmm|hm|ah|aha|oh|wow|ooh|i see|got it|gotcha|noted|understood|makes sense|interesting|no problem|no worries|np|you're welcome|"
        "welcome|right on|whatever|so what|ugh|meh|oops sorry|sorry|sorry about that|sorry about it|so sorry|my bad|i am sorry|i'm sorry|excuse me|pardon|same here|me too|true|really|seriously|oh well|oh ok|"
        "oh okay|oh no|i know|i understand|good|good to know|very good|not bad|congratulations|congrats|happy birthday|merry christmas|good luck|bless you|ha ha|okie"
    ),
    "person": (
        "are you a person|are you human|are you a human|are you real|are you a bot|are you a robot|are you an ai|is this a bot|is this a person|who are you|what are you|"
        "am i talking to a human|am i talking to a bot|am i talking to a person|is this a real person|are you a real person|who is this|what is this|are you a machine|is anyone there|who made you|"
        "what is your name|what's your name|who am i talking to|are you a computer|are you a program|am i speaking to a human|am i chatting with a bot|am i talking to a robot|do you have a name"
    ),
}
_MORE: Final[Mapping[Talk, str]] = {
    "thanks": "ta|sweet|sweet thank you|kthx|kthxbye|kthanks|kthanksbye|thnx|thanx|tnx|thankyou|grazie|obrigado|obrigada|arigato|arigatou|arigato gozaimasu|arigatou gozaimasu|"
    "spasibo|domo|much obliged|many thanks|god bless you|bless you|preciate it|appreciate that|i appreciate it|i appreciate that|so kind|how kind|you're awesome|you are awesome",
    "hello": "begin|get started|let's begin|let's start|let's get started|let's go|bon jour|guten tag|konnichiwa|namaste|salaam|shalom|buenos dias|howdy partner|gotta go|i gotta go|"
    "got to go|i have to go|i have to go now|i must go|i need to go|peace|peace out|dismissed|so long|over and out|catch you later|later dude|until later|until next time|until tomorrow|buh bye|bye now|i'm off|i'm out|i'm leaving|"
    "talk soon|speak soon|how do|how goes it|how are ya|how's life|how's your day|how is your day|how was your day|what's new|what's happening|what's going on|how have you been doing|are you ok|are you okay|you ok|run a diagnostic",
    "ok": "um|umm|uh|uhh|uhm|erm|er|um okay|that's all|that's it|that is all|that is it|that's everything|let's see|let me see|let me think|okay that's all|okay that's it|ok that's all|ok that's it|copy that|roger that|ten four|understood thanks|righto|true dat|a ok|all good|i'm good|i am good|oh my|whoa|yay|hooray|hurray|woohoo|wooo|woo|yikes",
    "nothing": "don't remind me|dont remind me|do not remind me|mission complete|mission accomplished|brb|afk|gtg|g2g|omw|be right back|one sec|one moment|one second|hold on|hang on|just a sec|just a minute|just a moment|on my way|sorry wrong number|wrong number|wrong person|never mind then|wrong answer|not true|that's not true|that is not true|that's wrong|that's incorrect|hell naw|hell no|"
    "god no|heck no|heck yes|hell yes|hell yeah|oui|si|ja|da|hai|non|nein|nyet|darn|darn it|come on|come on baby|come on now|come on man|oh come on|leave me be|leave me to be|let me be|hell to the no|dang|dang it|oh my god|omg|oh my|good grief|gosh|god help me|for heaven's sake|whoa|yikes|yay|hooray|hurray|woohoo|wooo|woo|boo|huh|eh|"
    "no idea|i don't know|i dont know|idk|dunno|who knows|who cares|i don't care|not sure|i'm not sure|maybe|perhaps|possibly|it depends|could be|sort of|kind of|nothing much|not much|same|anything|whichever|either|any|"
    "whenever|wherever|someone|nobody|nowhere|always|sometimes|please|pardon me|come again|say again|say what|what was that again|speak up|louder|slower|again|return|back|last step|start over|start again|log out|logout|sign out|signout|log off",
}
_TOPICS: Final[Mapping[str, Talk]] = {
    phrase: topic for source in (_MORE, _PHRASES) for topic, phrases in source.items() for phrase in phrases.split("|")
}
_LONGEST: Final = 8
_GREETINGS: Final = frozenset(
    "hi hello hey heya hiya yo sup howdy g'day greetings hola bonjour wassup wazzup whazzup hallo aloha ahoy salut ciao hullo helloo hellooo hii hiii heyy moin servus salve ahoj hej hei oi merhaba privet marhaba salam salaam salaams buongiorno bonsoir buenas jambo namaskar vanakkam annyeong heyo hiho halo helo".split()
)
_FAREWELLS: Final = frozenset(
    "bye goodbye adios ciao cya farewell ttyl ta-ta cheerio toodles arrivederci sayonara g'night nighty toodle-oo byebye adieu goodnight bye-bye bai byee byeee ciaociao tschuss tschüss doei hasta".split()
)
_SWEARING: Final = frozenset(
    "fuck fucking shit bitch asshole damn dammit hell dick bastard idiot stupid dumb moron bullshit ass arse jerk loser sucker screw crap wanker prick twat dumbass fucker motherfucker".split()
)
_FILLERS: Final = frozenset(
    "then mon ami amigo amiga doody doodie yall y'all peeps pal lad lads mister miss ma'am jour la vista luego there you to dude bro man buddy mate bud friend pal all folks everyone guys sir madam bot jotline again my and for now the a so then today very much dear girl boy kind ya old how what are doing is it going up on".split()
)
_HOLIDAYS: Final = frozenset(
    "happy merry holidays thanksgiving christmas xmas easter halloween hanukkah diwali new year years year's eid valentines day friday monday to you all everyone and a".split()
)
_MOODS: Final = frozenset(
    "i'm im i am doing feeling so very really not quite pretty fine good great ok okay well bad sad happy unhappy awful terrible tired bored sick amazing perfect extremely super disappointed wonderful depressed upset miserable lonely hungry".split()
)
_MOOD_WORDS: Final = frozenset(
    "fine good great well bad sad happy unhappy awful terrible tired bored sick amazing perfect disappointed wonderful depressed upset miserable lonely hungry".split()
)
_SHORT: Final = 4
#: "heyyyy", "yesss"
_DRAWN_OUT: Final = re.compile(r"([a-z])\1{2,}", re.IGNORECASE)
_ORDERED: Final = frozenset(
    "and add remind delete remove move cancel put snooze buy call mark show list".split()
)  # "thanks, also add lemons"
_YES_NO: Final = frozenset(
    "yuppers yeppers yessir yesh yas yass yus mhm mmhm uhuh aye okey-dokey okie-dokie alrighty righto indeed bet yups yip nopes naw nuh noway nein nyet nix nay negatory nada nah nahh a-ok roger affirmative oki okies okayy yass kool cancelled canceled".split()
)


def _short_talk(words: Sequence[str]) -> Talk | None:
    """Greetings, goodbyes, moods and swearing of a few words."""
    if not words or len(words) > _SHORT:
        return None
    if _DRAWN_OUT.search(" ".join(words)):
        words = [_DRAWN_OUT.sub(r"\1", word) for word in words]
    present = set(words)
    if len(words) == 1 and words[0] in _YES_NO:
        return "ok"
    return _greets(words, present) or _feels(words, present)


def _greets(words: Sequence[str], present: set[str]) -> Talk | None:
    if words[0] in ("happy", "merry") and present <= _HOLIDAYS:
        return "hello"
    if words[0] in _GREETINGS and present <= _GREETINGS | _FILLERS:
        return "hello"
    if present & _FAREWELLS and present <= _FAREWELLS | _FILLERS | _GREETINGS | _PARTING:
        return "hello"
    return "hello" if words[0] in _FAREWELLS and len(words) <= 3 else None


def _feels(words: Sequence[str], present: set[str]) -> Talk | None:
    if words[0] in _STRESSED and words[-1] in _PRAISE:
        return "thanks"
    if " ".join(words) in _RUDE:
        return "anger"
    if present & _MOOD_WORDS and present <= _MOODS and list(words) not in (["perfect"], ["fine"]):
        return "nothing"
    return "anger" if words[0] in _SWEARING and present <= _SWEARING | _FILLERS | _SWORN_AT else None


_PARTING: Final = frozenset("ok okay thanks see later say".split())
_STRESSED: Final = frozenset("mega super totally very so really absolutely".split())
_PRAISE: Final = frozenset("cool sweet nice good awesome great kind helpful".split())
_RUDE: Final = frozenset(
    "kill me|kill yourself|just work|do your job|just do your job|just work already|work dammit|leave me alone|leave me be|go away|try harder|darn it|eat shit".split(
        "|"
    )
)
_SWORN_AT: Final = frozenset("off yourself me this that your it mom face eat".split())


def chat_of(text: str, words: Sequence[str]) -> Talk | None:
    """The topic of a message that is only talk: thanks, hello, person, anger, distress, reaction, ok.

    "nothing" is talk we have no answer to; None is anything else.
    """
    if REACTION.match(text):
        return "reaction"
    if _finds(DISTRESS, DISTRESS_SIGNS, text):
        return "distress"
    if len(words) <= _LONGEST * 2:
        plain = " ".join([word for word in words if word[0].isalnum() or word[0] == "'"])
        if plain in _TOPICS:
            return _TOPICS[plain]
    short = _two_topics(words) or _short_talk([word for word in words if word[0].isalpha()])
    if short is not None:
        return short
    if (
        1 < len(words) <= _LONGEST
        and words[0] in ("thanks", "thank", "thx", "appreciate", "appreciated")
        and _ORDERED.isdisjoint(words)
        and "," not in words
    ):
        return "thanks"
    if len(words) <= _LONGEST * 2 and _finds(ANGER, ANGER_SIGNS, text) and '"' not in text:
        return "anger"
    return None


def _two_topics(words: Sequence[str]) -> Talk | None:
    """E.g. "ok thanks", "hi how are you"."""
    for cut in range(1, len(words) if len(words) <= _SHORT + 1 else 1):
        first = _TOPICS.get(" ".join(words[:cut]))
        both = {first, _TOPICS.get(" ".join(words[cut:]))} if first is not None else {None}
        if None not in both and both & {"thanks", "ok", "hello"}:
            return "thanks" if "thanks" in both else "ok" if "ok" in both else "hello"
    return None


def _finds(pattern: re.Pattern[str], signs: Sequence[str], text: str) -> bool:
    """Whether the pattern is in the text. Without one of its signs it is not, in letters whose case is plain."""
    signed = not text.isascii() or any(map(text.lower().__contains__, signs))
    return signed and pattern.search(text) is not None
