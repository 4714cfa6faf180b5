"""Requests for something a todo list is not: a player, a search engine, a light switch, a bank.

People text these to whatever listens. Stored as todos they would be clutter, so free words that are asked of somebody ("tell me",
"play") or are about such a thing ("the volume", "exchange rate") are not taken for a todo unless they carry a date. "add ..." still adds
anything.
"""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.replace("\n", "|").split("|") if phrase.strip())


#: Asked of a listener, never of oneself: not a todo, with or without a date.
ASKED: Final = _phrases(
    """book me|order me|buy me|remind me what|remember how|tell me|tell us|show me|show us|give me|read me|read to me|sing|teach me|inform me|let me hear|let me know|let me see|let me listen|play me|find me|bring me|get me|help me|
spell|pronounce|recite|google|wikipedia|compute|divide|multiply|subtract|add up|count to|
what|how|who|where|when|why|which|whose|alexa|siri|ok google|okay google|hey google|hey siri|cortana|olly|hey olly|
i want you to|i need you to|i would like|i'd like|i want to|i wanna|i wish|i would love|i'd love|i feel|i think|i like|i love|i hate|i am|i'm|i was|i have been|i can't|i cannot|i could|i don't|i do not|i didn't|
if i|if you|if the|if we|if my|if it|if there|as of|in order to|say|talk to me|speak|repeat|repeat that|repeat after|list all|list the|list my|list nearby|list some|generate|name the|name a|name some|
do i|do you|do we|do they|do the|do my|does|did|have i|have you|have they|have we|has|had|is|are|was|were|will|would|could|should i|should we|can|may i|am i|isn't|aren't|don't you|won't|shall|
thanks|thank|appreciate|appreciated|there is|there's|there are|it is|it's|it was|it seems|that is|that's|this is|these are|they are|you are|you're|he is|she is|we are|hear|
what's|who's|where's|when's|how's|whats|wheres|hows|whens|whos"""
)
#: Asked of a machine; with a date it may be a plan ("play tennis at 6").
OF_MACHINES: Final = _phrases(
    """brew|make coffee|make a coffee|make me|make some coffee|start coffee|start the coffee|start the robot|start house|make my usual|loop|disable|reply|send this|send that|send these|post this|post that|post a|post on|post status|show|display|bring up|move to the next|proceed|order me|book me|buy me|take me|lead the|give the|give my|give an|give a|give some|update me|listen to|listen|provide|calculate|never|do not|go backward|go back|go forward|go to the next|go to channel|instruct|share|count|count the|use|generate|make a list|make a chart|make list|write the next|stop the audio|stop play|stop playing|stop the|audio|volume|lets|let us|allow|ignore|comfort|sign me|tell|inform|put in|put into|check to see|check if|see if|transfer|send my|send mom|send a|move money|open contacts|open gallery|open cnn|rate|become|switch|touch|shut down|answer the phone|read my|read list|read text|read the latest|explain|describe|define|translate|convert|suggest|recommend|search|search for|look up|tweet|retweet|roll a|roll the|roll two|roll some|flip a|flip the|toss a|play|replay|pause|resume|shuffle|mute|unmute|un-mute|fast forward|rewind|skip to|skip this song|next song|
dim|brighten|lighten|turn on|turn off|turn up|turn down|turn it|switch on|switch off|switch the|power on|power off|power down|shut off|lights|
increase|decrease|louder|quieter|softer|make it|set volume|set light|set lights|set living|
let me|put on|pull up|web search|open app|set the mood|wake up the|warm up the car|open up|launch|start playing|start music|start radio|start some|start reading|start a|start podcast|begin playing|continue|continue the|continue my"""
)
#: Things in a house that are switched, not done.
_DEVICES: Final = frozenset(
    """blinds blind curtains curtain shades shade shutters shutter garage gate fan fans heater heating ac a/c aircon conditioner conditioning tv television telly stereo radio lamp lamps light lights
door doors plug plugs socket sockets switch outlet alarm-system camera cameras sprinklers sprinkler dishwasher washer dryer hoover roomba vacuum kettle coffee oven microwave projector printer router wifi bluetooth
flashlight torch screen display phone app apps browser youtube netflix spotify pandora hulu instagram whatsapp sound audio volume airplane""".split()
)
_SWITCHING: Final = frozenset(
    "turn switch open close shut lock unlock raise lower dim brighten start stop activate deactivate enable disable set power put pause launch run mute unmute flip kill adjust begin run make".split()
)
_LANGUAGES: Final = frozenset(
    "spanish french german italian english chinese mandarin japanese korean russian portuguese hindi arabic latin greek dutch swedish danish norwegian polish turkish hebrew urdu bengali tamil vietnamese thai".split()
)
#: Sought by a search engine, unless it is a thing of one's own ("find the keys").
_SOUGHT: Final = frozenset(
    "info information names name ways way description reviews review price prices recipe recipes hotel hotels flight flights restaurant restaurants article articles news videos video pictures picture images image song songs movie movies game games out meaning history website websites classes directions route routes address number definition".split()
)
_SEEKING: Final = frozenset("find search look google browse research locate refer".split())
#: About a service when nobody does anything to it ("news", "directions please"); "read the news" is another matter.
BARE_SUBJECTS: Final = frozenset(
    """info information description scores score directions route routes events event happenings contacts contact sound episode chapter channel track playback website internet
business economy economic politics political world sports update updates details instructions knowledge report alternatives steps fare fares flight flights cheapest closest fastest largest biggest
minimum maximum average ticket tickets benefits location coordinates timezone society history science celebrity celebrities gadgets complaint complaints rating""".split()
)
_MAIL: Final = frozenset("mail mails gmail email emails e-mail e-mails inbox outlook".split())
_MAIL_VERBS: Final = frozenset(
    "check read reply respond archive dictate compose forward open show list search start quick prepare answer".split()
)
_MAIL_CONTENT: Final = frozenset("saying subject body following content asking ask stating this that these who which".split())
#: Whole subjects of other services. Words here make free text no todo, unless a date or an action of one's own says otherwise.
SUBJECTS: Final = frozenset(
    """weather forecast temperature humidity raining snowing news headlines headline joke jokes trivia riddle song songs music playlist playlists podcast podcasts radio fm album albums lyrics singer artist
audiobook audiobooks genre jazz volume speaker speakers brightness lights lighting lamp hue wemo thermostat vacuum roomba coffeemaker uber lyft taxi cab traffic commute
stock stocks nasdaq dow euro euros dollars yen pesos currency exchange bitcoin inbox emails tweet tweets twitter facebook instagram hashtag reddit definition synonym antonym meaning
calories nutrition nutritional ingredient substitute recipe recipes apr fico 401k routing payday paycheck paychecks pto vaccination vaccinations vaccine vaccines shots visa horoscope
translation pronunciation population capital timezone coin dice sided pin balance transactions overdraft redeem mileage mpg odometer socket bulb bulbs alexa google olly robot socks' chess poker
intensity mute unmute gossip wikipedia taxis translate subtitles
movie movies theater theatre cinema showtimes concert concerts nearest nearby restaurants takeaway takeout delivery fact facts mpg miles distance""".split()
)
_PAIRS: Final = frozenset(
    _phrases(
        """credit score|credit limit|credit card|debit card|interest rate|exchange rate|stock price|gas station|tire pressure|bank account|savings account|checking account|my account|my accounts|money market|routing number|account number|
direct deposit|insurance plan|insurance policy|health plan|health benefits|order status|flight status|near me|around me|in my area|close by|phone number|address of|my location|my spending|spending history|
rewards points|credit points|carry on|carry-on|the light|the light's|light off|light on|light up|lights off|lights on|the time|the date|current time|current date|local time|time difference|time zone|
coffee maker|coffee machine|robot vacuum|vacuum cleaner|audio book|audio books|this song|that song|the song|the radio|radio station|the music|some music|new email|new emails|any email|any emails|unread email|unread emails|
latest email|last email|recent email|recent emails|my email|my emails|my inbox|an email|email address|email account|email from|to email|email to|email notifications|status on|new status|my status|social media|train ticket|train tickets|bus ticket|
a joke|play store|my contacts|contact list|to contacts|contact number|this note|the game|a game|video game|video games|my reservation|my reservations|the reservation|the reservations|reservation for|reservations for|reservation at|reservations at|
present time|local time|driving time|travel time|arrival time|departure time|time taken|contact detail|contact details|stolen card|lost card|my card|bank card|american express|recent transaction|my password|search history|math issue|current events|local events|web search|web searches|a reservation|a table|day off|days off|vacation days|vacation request|time off|sick days|jump start|change oil|my oil|oil change|apply for|the status|status of|status on|good reviews|the meaning|meaning of|purpose of|definition of"""
    )
)
#: Never a todo, whatever stands beside it.
_ALWAYS: Final = frozenset(
    "weather news forecast podcast podcasts playlist playlists headlines horoscope tweet tweets retweet hashtag audiobook audiobooks humidity".split()
)
#: What a person does to a thing themselves, also to a lamp, a radio or a ticket that a service could be asked about.
_BY_HAND: Final = frozenset(
    """buy get fix repair replace return clean sell charge wash dust pack bring collect donate borrow lend mend install hang assemble paint
    wrap print""".split()
)
_TOLD_ME: Final = frozenset("me us my the".split())  # "get me the weather", "get the news"
#: A question somewhere in the words.
_QUESTION_PAIRS: Final = frozenset(
    _phrases(
        """how much|how many|how long|how far|how do|how to|how is|how are|what is|what are|what does|what time|what kind|what type|what's the|where is|when is|who is|do i|do you|can i|can you|are there|is there|should i|could you|will you|would you"""
    )
)
_LONGEST: Final = max(len(phrase) for phrase in ASKED)
_ASKED: Final = frozenset(ASKED)
_OF_MACHINES: Final = frozenset(OF_MACHINES)


def leave_me_alone(words: Sequence[str]) -> bool:
    """E.g. "stop texting me in the morning", "no texts after 10": a wish about us, not something to do."""
    if words[0] in ("stop", "quit", "don't", "dont"):
        return words[1:2] != [] and words[1] in _NAGGING and "me" in words[2:4]
    return (
        words[0] == "no"
        and words[1:2] != []
        and words[1] in ("texts", "messages", "reminders", "notifications", "calls", "more")
    )


_NAGGING: Final = frozenset(
    "texting messaging reminding bugging bothering spamming pinging nagging text message remind bother bug".split()
)


def asked_of_someone(words: Sequence[str]) -> bool:
    """True when the words begin as a request to a listener, a question or a statement."""
    return any(tuple(words[:size]) in _ASKED for size in range(1, _LONGEST + 1) if size <= len(words))


def switches(words: Sequence[str]) -> bool:
    """E.g. "turn the sound up", "open the garage", "start the dishwasher": an order to a house."""
    if words[0] in ("turn", "switch", "power", "flip"):
        return words[1:2] != [] and (
            words[1] in ("on", "off", "up", "down")
            or words[-1] in ("on", "off", "up", "down")
            or words[-2:-1] in (["on"], ["off"])
        )
    return (
        words[0] in _SWITCHING
        and len(words) <= _SHORT
        and not _DEVICES.isdisjoint(words[1:])
        and _FOR_ONESELF.isdisjoint(words)
    )


_SHORT: Final = 7
_FOR_ONESELF: Final = frozenset("new repair appointment warranty manual bill shop store service for".split())


def in_a_language(words: Sequence[str]) -> bool:
    """E.g. "dog in spanish", "good morning in german": asked of a dictionary."""
    return len(words) <= _SHORT and any(
        first in ("in", "into", "to") and second in _LANGUAGES for first, second in pairwise(words)
    )


def sought(words: Sequence[str]) -> bool:
    """E.g. "find out what it means", "find the names of all rivers", "look on the web for a price": asked of a search engine."""
    if words[0] not in _SEEKING:
        return False
    if any(word in ("what", "which", "how", "where", "why") for word in words[1:4]):
        return True
    return words[0] == "google" or (
        not _SOUGHT.isdisjoint(words[1:4])
        and words[1:3] != ["out", "when"]
        and words[1:3] != ["out", "if"]
        and words[1:3] != ["out", "who"]
    )


def asked_of_machine(words: Sequence[str]) -> bool:
    """True when the words begin as an order to a player or a switch."""
    return any(tuple(words[:size]) in _OF_MACHINES for size in range(1, _LONGEST + 1) if size <= len(words))


#: Arrangements with others that only they can undo.
BOOKINGS: Final = frozenset(
    "reservation reservations booking bookings subscription subscriptions card cards account accounts order orders credit membership photo photos".split()
)


def bare_subject(words: Sequence[str]) -> bool:
    """True when words that do nothing name something another service knows."""
    return not BARE_SUBJECTS.isdisjoint(words)


def mailbox(words: Sequence[str]) -> bool:
    """True for orders to a mail program: "check my mail", "send an email to Bob saying ..."; "send the email" is a todo."""
    if _MAIL.isdisjoint(words):
        return False
    return words[0] in _MAIL_VERBS or not _MAIL_CONTENT.isdisjoint(words) or "new" in words


def other_subject(words: Sequence[str]) -> bool:
    """True when the words are about something another service does, and nothing is done to it by hand ("buy a lamp")."""
    if words[0] in _BY_HAND and len(words) > 1 and (words[0] != "get" or words[1] not in _TOLD_ME):
        return False
    return not SUBJECTS.isdisjoint(words) or any(pair in _PAIRS for pair in pairwise(words))


def always_elsewhere(words: Sequence[str]) -> bool:
    """True when the words speak of something no todo is about."""
    return not _ALWAYS.isdisjoint(words)


def question_inside(words: Sequence[str]) -> bool:
    """True when a question stands within the words."""
    return any(pair in _QUESTION_PAIRS for pair in pairwise(words))
