"""Who calls, by the fields of Twilio's request: always a phone number, for the answer is a text.

A number is as the network shows it. What a SIP phone says of itself (`From`: `sip:+12125550142@...`) it may say as it likes: only the
user name by which Twilio has let it in (`SipUsername`, of the SIP domain's credential list) counts, where that is a number.
Sources: twilio.com/docs/voice/twiml#request-parameters, twilio.com/docs/voice/api/sip-twiml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
#: What Twilio gives for a caller who does not show their number: these words on a keypad.
WITHHELD = {
    "+266696687": "ANONYMOUS",
    "+2562533": "BLOCKED",
    "+7378742833": "RESTRICTED",
    "+8656696": "UNKNOWN",
    "+86282452253": "UNAVAILABLE",
}


def caller_of(fields: Mapping[str, str]) -> str:
    """The number (E.164) of a caller who can be answered by a text; empty for the others, who hide it or have none."""
    said = fields.get("From", "")
    number = fields.get("SipUsername", "") if said.startswith(("sip:", "sips:")) else said
    return number if _NUMBER.fullmatch(number) and number not in WITHHELD else ""


def called_of(fields: Mapping[str, str], ours: str) -> str:
    """The number that was called; of a call to a SIP domain, which has none, `ours`: the one that we text from."""
    said = fields.get("To", "")
    if said.startswith(("sip:", "sips:")):
        return ours
    return said if len(said) <= 40 else ""
