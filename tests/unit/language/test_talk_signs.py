"""A search for anger or distress is only begun where one of its signs stands: none of what it finds may lack them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.language.english.talk import ANGER, ANGER_SIGNS, DISTRESS, DISTRESS_SIGNS


@pytest.mark.parametrize(("pattern", "signs"), [(ANGER, ANGER_SIGNS), (DISTRESS, DISTRESS_SIGNS)], ids=["anger", "distress"])
@given(data=st.data())
@settings(max_examples=500, deadline=None)
def test_whatever_is_found_has_a_sign(pattern: re.Pattern[str], signs: list[str], data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(pattern.pattern, re.IGNORECASE | re.ASCII)))

    assert not text.isascii() or any(sign in text.lower() for sign in signs)
