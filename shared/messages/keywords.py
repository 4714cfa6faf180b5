"""The words that carriers and Twilio take for consent before we see them.

They are exact single words, in any case. Twilio answers them itself on SMS, and after an opt-out refuses every send with error
21610 until an opt-in; nobody else answers on WhatsApp, so there we do. None of them is ever one of our own commands.

Source: Twilio, "Twilio support for opt-out keywords (SMS STOP filtering)": the default opt-out, opt-in and help keywords.
"""

from __future__ import annotations

from typing import Final, Literal

OPT_OUT: Final = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
OPT_IN: Final = frozenset({"START", "UNSTOP", "YES"})
HELP: Final = frozenset({"HELP", "INFO"})

MEANT_FOR_US: Final = frozenset({"CANCEL", "END", "QUIT"})
"""Opt-out words that people also text to take something back: worth explaining when they return."""


def consent_word(text: str) -> Literal["stop", "start", "help"] | None:
    """What a whole text means to a carrier; None for everything else.

    Surrounding blanks do not count, anything more does: "stop it" and "STOP!" are no keyword to Twilio. YES opts in by the
    carriers' rules, but only to somebody who had opted out; to everybody else it answers a question, which is for the caller
    to know.
    """
    word = text.strip().upper()
    if word in OPT_OUT:
        return "stop"
    if word in OPT_IN:
        return "start"
    return "help" if word in HELP else None
