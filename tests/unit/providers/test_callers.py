"""Who calls: a number that the phone network shows, or the one by which Twilio has let a SIP phone in."""

from __future__ import annotations

import pytest

from shared.providers.callers import WITHHELD, called_of, caller_of

ADA, OURS = "+12125550142", "+14155550100"


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"From": ADA}, ADA),
        ({"From": "sip:ada@acme.sip.twilio.com", "SipUsername": ADA}, ADA),
        ({"From": "sips:ada@acme.sip.twilio.com", "SipUsername": ADA}, ADA),
        ({"From": f"sip:{ADA}@elsewhere.example"}, ""),
        ({"From": f"sip:{ADA}@acme.sip.twilio.com", "SipUsername": "ada"}, ""),
        ({"From": ADA, "SipUsername": "+13105550199"}, ADA),
        ({"From": "anonymous", "SipUsername": ADA}, ""),
        ({"From": "client:ada"}, ""),
        ({"From": "12345"}, ""),
        ({}, ""),
        *(({"From": number}, "") for number in WITHHELD),
    ],
)
def test_a_caller_is_a_number_that_somebody_vouches_for(fields: dict[str, str], number: str) -> None:
    assert caller_of(fields) == number


@pytest.mark.parametrize(
    ("said", "ours"), [(OURS, OURS), ("sip:todo@acme.sip.twilio.com", "+15005550006"), ("", ""), ("+" + "1" * 40, "")]
)
def test_a_sip_domain_answers_by_the_number_we_text_from(said: str, ours: str) -> None:
    assert called_of({"To": said}, "+15005550006") == ours
