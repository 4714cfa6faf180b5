"""English words of what is said without a command: something to do, something done, a question, talk."""

from __future__ import annotations

from typing import Final

from shared.language.english.nouns import OURS
from shared.language.english.talk import ASSISTANTS, PERSONS, TELLING
from shared.language.english.unlisting import DELETING
from shared.language.english.verbs import OBTAINED, PARTICIPLES
from shared.language.model import Intent
from shared.language.words import Noting, phrases, words

NOTING: Final = Noting(
    put_off=words("moved rescheduled postponed pushed delayed"),
    shown_by=phrases("show me|show|when is|when are|when's|whens|what about|how about"),
    hedged={
        "complete": Intent.COMPLETE,
        "finish": Intent.COMPLETE,
        "close": Intent.COMPLETE,
        "cancel": Intent.DELETE,
        "drop": Intent.DELETE,
        "clear": Intent.DELETE,
        "skip": Intent.SKIP,
        "remove": Intent.DELETE,
        "forget": Intent.DELETE,
        "forget about": Intent.DELETE,
        "erase": Intent.DELETE,
        "discard": Intent.DELETE,
        "get rid of": Intent.DELETE,
    },
    hedged_needs=words("cancel"),
    hedged_around={"take": {"off": Intent.DELETE}, "knock": {"off": Intent.DELETE}},
    no_hedge=words("for to with"),
    subjects=words("i we i've ive we've"),
    doing=words("have just already finally also now went and"),
    did=words("did"),
    asked_persons=words("i we you u he she they anyone"),
    need_subject=words("cut put read set quit shut"),
    no_news=words("left lost set found was"),
    obtained=OBTAINED,
    particles={"picked": "up"},
    participles=PARTICIPLES,
    considered=words("consider"),
    telling=TELLING,
    persons=PERSONS,
    called_off=phrases("cancelled|canceled|called off|no longer needed"),
    dates=words("date day time"),
    by_oneself=words("complete finish fill submit renew collect fix return repair pack sign print mail wrap iron"),
    own=words("the my our"),
    own_event=words("my the"),
    pointed=words("it that this them"),
    mailed=words("saying subject body asking stating"),
    asking=words(
        "what which how why what's who whose is are was were isn't aren't do does did can could will would don't doesn't didn't "
        "can't i you he she they we i'm it's he's she's has had been got should"
    ),
    asking_undated=words("am"),  # beside a date it may be of the clock
    please_before=words("please kindly"),
    please_behind=phrases("please|for me"),
    asked=words("you u can could may want wanna possible") | ASSISTANTS,
    for_me=phrases(
        "wake me|get me up|wake us|block out|block off|pencil in|pencil me|save the date|save a date|save a spot|book me in|"
        "hold the date|keep the date|invite|send an invite|send an invitation|send out invitations|send invitations|"
        "schedule a|schedule an|schedule my|schedule it|set a reminder|set reminder|create a reminder|add a reminder|make a reminder|"
        "start a reminder|set an alarm|set a alarm|create a to do|create a todo|create a task|create an event|add an event|"
        "new event|new meeting|new appointment|new reminder"
    ),
    visiting=phrases(
        "is coming|are coming|is visiting|are visiting|is arriving|are arriving|is staying|are staying|is flying|are flying|"
        "comes over|will be visiting|will come|will visit|will arrive|will be here|will be in town|is in town|are in town|"
        "is moving|are moving|i'm going|i am going|im going|i'm working|i am working|i'm picking|i am picking|i'm flying|"
        "i am flying|i'm traveling|i'm driving|i'm taking|i am taking|i'm leaving|i am leaving|we're going|we are going|"
        "we're flying|we're leaving|i will be in|i'll be in|we'll be in|i'll be at|i will be at|is getting married|"
        "are getting married|is graduating|is performing|is turning|i am planning|i'm planning|we're planning|i plan on|"
        "starts|begins|is leaving|are leaving|is playing|are playing|is due for"
    ),
    longed_for=words(
        "buy sell paint clean fix repair bake plant sew knit renovate declutter tidy organise organize visit mow hike swim jog "
        "read finish"
    ),
    wished=words("like to"),
    before_length=words("in for"),
    before_day=words("on by"),
    complete=words("complete"),
    when_is=phrases("when is|when's|what time is|what day is|where is|where's"),
    which_one=words("next first last my the our"),
    no=words("no"),
    deleting=DELETING,
    ours=OURS,
)
