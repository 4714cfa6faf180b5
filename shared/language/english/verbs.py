"""English verbs that begin a todo ("call mum"), and how people say that one is done ("called mum").

`ACTIONS` decides two things only: whether a bare message is something to do, and whether "and" joins two todos
("buy milk and call mum") or stays inside one ("cook chicken and rice").
"""

from __future__ import annotations

from typing import Final

_REGULAR: Final = """
accept activate add address adjust adopt advertise allocate analyze announce answer apologize apply approve arrange ask assemble
assign attach attend audit backup bake balance bathe bleach block boil bookmark borrow box brew brush budget call
calculate cancel capture celebrate change charge chase check chop clarify clean clear climb close coach collect
color combine comment commit compare compile complete compose compost confirm congratulate connect consider contact continue
convert cook copy correct cover craft crop cross customize dance deactivate debug declutter decorate defrost deliver deploy deposit
describe design develop dilute discuss dispose document donate download draft dress drop dry dust edit email e-mail empty
enable encourage enroll enter erase estimate evaluate examine exchange exercise explain explore export extend fax
fetch file fill film finalize finish fix flip fold follow forward frame freeze fry gather glue grade
greet grill groom guide hang harvest help hire hug hunt identify implement import improve index inflate inform inspect
install insure interview introduce invest investigate invite invoice iron jog join journal juggle jump knit knock label
laminate launch learn lift link list listen load lock log look lubricate mail manage mark massage measure meditate memorize mend
merge message mix mop move mow negotiate nominate notify number nurse obtain offer oil open order organise organize outline
pack paint park parse pass paste patch peel pester phone photocopy photograph pick ping plan plant plug polish polish
post postpone pour practice practise pray prepare present press price print process program promote proofread propose provide prune
publish pull pump punch purchase push queue question quote race rake reach rearrange reboot record recycle redeem refactor
refill refinance refresh refund register rehearse release remember remove rename renew renovate rent repair repaint repeat replace
reply report repot request reschedule research reserve reset resign resolve respond restart restock restore retrieve return review
revise reward rinse roast rotate sample sand save scan schedule scrub seal search seed select separate serve service
settle sharpen shave ship shop shorten shovel shower sign simplify ski skype slice snooze sort soak spray squeeze stack stain
stamp start steam stitch stock stop store straighten stretch study submit subscribe suggest summarize supervise sweep
swap switch talk taste test text thank tidy tie toast touch trace track trade train transfer translate trash treat
trim troubleshoot try tune turn type unblock unclog unload unpack unplug unsubscribe update upgrade upload use vacuum validate
verify view visit volunteer vote wait walk warm wash watch water wax weigh weed wipe wire work wrap yell zip
pay-off follow-up pick-up drop-off check-in clean-up sign-up
"""
_IRREGULAR: Final = {
    "be": "was", "begin": "began", "book": "booked", "break": "broke", "bring": "brought", "build": "built", "buy": "bought",
    "catch": "caught", "choose": "chose", "come": "came", "cut": "cut", "dig": "dug", "do": "did", "draw": "drew",
    "drink": "drank", "drive": "drove", "eat": "ate", "feed": "fed", "fight": "fought", "find": "found", "fly": "flew",
    "get": "got", "give": "gave", "go": "went", "grab": "grabbed", "grow": "grew", "have": "had", "hide": "hid",
    "hold": "held", "keep": "kept", "lay": "laid", "lead": "led", "leave": "left", "lend": "lent", "make": "made",
    "meet": "met", "pay": "paid", "put": "put", "quit": "quit", "read": "read", "ride": "rode", "run": "ran",
    "see": "saw", "sell": "sold", "send": "sent", "set": "set", "sew": "sewed", "show": "showed", "sing": "sang",
    "sit": "sat", "sleep": "slept", "speak": "spoke", "spend": "spent", "swim": "swam", "take": "took", "teach": "taught",
    "tell": "told", "think": "thought", "throw": "threw", "wake": "woke", "wear": "wore", "win": "won", "write": "wrote",
    "rewrite": "rewrote", "redo": "redid", "build-up": "built-up", "shut": "shut", "stand": "stood", "hand": "handed",
    "stop": "stopped", "drop": "dropped", "shop": "shopped", "plan": "planned", "chop": "chopped", "mop": "mopped",
    "wrap": "wrapped", "trim": "trimmed", "scan": "scanned", "jog": "jogged", "ship": "shipped", "zip": "zipped",
    "swap": "swapped", "submit": "submitted", "transfer": "transferred", "refer": "referred", "commit": "committed",
    "scrub": "scrubbed", "strip": "stripped", "plug": "plugged", "hug": "hugged", "knit": "knitted", "log": "logged",
    "unplug": "unplugged", "format": "formatted", "sweep": "swept", "hang": "hung", "lock": "locked",
}  # fmt: skip


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


#: Base forms that can begin a todo.
ACTIONS: Final = frozenset(_REGULAR.split()) | frozenset(_IRREGULAR)
#: What was done, to what it was: watered -> water.
PAST: Final = (
    {_past(verb): verb for verb in _REGULAR.split()}
    | {past: verb for verb, past in _IRREGULAR.items()}
    | {"done": "do", "taken": "take", "written": "write", "eaten": "eat"}
)
#: At the end of a few words these say that it is done ("milk bought").
PARTICIPLES: Final = frozenset(
    "bought paid sent called booked posted cleaned washed ordered submitted returned sorted fixed mailed emailed collected packed".split()
)
#: Said of a thing one now has: the thing alone is what matters ("got the milk").
OBTAINED: Final = frozenset({"got", "bought", "picked", "grabbed", "purchased", "collected", "have", "found", "did", "done"})
#: After these, "and <verb>" is the purpose of going, not a second todo.
GOING: Final = frozenset(
    {"go", "come", "try", "run", "stop", "drive", "walk", "sit", "head", "swing", "be", "wait", "log", "stay"}
)
#: Verbs that lean on what came before ("call mum and ask about dinner").
LEANING: Final = frozenset({"ask", "tell", "see", "say", "let", "be", "help", "thank", "make", "start", "finish", "repeat"})
#: Words that point back: a clause with one belongs to the clause before.
POINTERS: Final = frozenset({"it", "them", "him", "her", "there", "this", "that", "one", "ones", "some"})
#: Nouns more often than verbs: alone they are no sign of a second todo ("food and water").
OFTEN_NOUNS: Final = frozenset(
    "water plant list book park post mail iron rice fish file box oil paint sand wax stock store shop rent post seed text email "
    "phone label price log number address report record order program present process change charge copy cover check frame "
    "salad dress drink cook sample hand hand stamp glue zip tie lock pass".split()
)
