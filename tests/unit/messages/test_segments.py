"""Segments, against Twilio's own calculator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messages import segments
from shared.messages.segments import count_segments, is_gsm7, to_gsm7

VECTORS = json.loads((Path(__file__).parent / "segment_vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_segments_are_counted_as_twilio_counts_them(vector: dict[str, Any]) -> None:
    counted = count_segments(vector["text"])
    assert (counted.encoding, counted.count) == (vector["encoding"], vector["segments"])


@pytest.mark.parametrize(("text", "units"), [("", 0), ("abc", 3), ("5€", 3), ("[x]", 5), ("日本", 2), ("🎂", 2)])
def test_units_are_septets_or_utf16_code_units(text: str, units: int) -> None:
    assert count_segments(text).units == units


def test_a_character_of_two_septets_is_not_split_over_two_segments() -> None:
    assert count_segments("a" * 152 + "€" + "a" * 152).count == 3
    assert count_segments("a" * 151 + "€" + "a" * 153).count == 2


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Ana’s “blue” book – tomorrow…", 'Ana\'s "blue" book - tomorrow...'),
        ("5\u00a0pm", "5 pm"),
        ("• milk", "- milk"),
        ("«oui» ‹non›", '"oui" <non>'),
        ("soft\u200bbreak", "softbreak"),
        ("`code`", "'code'"),
    ],
)
def test_a_phones_typographic_characters_become_plain(typed: str, plain: str) -> None:
    assert to_gsm7(typed) == plain
    assert is_gsm7(plain)


@pytest.mark.parametrize("words", ["牛乳を買う", "לקנות חלב", "crème brûlée", "🎂 cake", "garçon"])
def test_the_persons_own_letters_are_left_alone(words: str) -> None:
    assert to_gsm7(words) == words


@given(st.text())
def test_making_plain_twice_changes_nothing_more(text: str) -> None:
    assert to_gsm7(to_gsm7(text)) == to_gsm7(text)


@given(st.text(max_size=700))
def test_a_segment_is_never_overfull_and_never_needlessly_opened(text: str) -> None:
    counted = count_segments(text)
    joined = 153 if counted.encoding == "GSM-7" else 67
    assert counted.units <= (counted.count * joined if counted.count > 1 else 160 if counted.encoding == "GSM-7" else 70)
    assert counted.encoding == ("GSM-7" if is_gsm7(text) else "UCS-2")


@given(st.text(alphabet=st.sampled_from("ab\u200d👩\ufe0f "), max_size=60), st.integers(min_value=1, max_value=60))
def test_a_cut_keeps_a_start_of_whole_characters(text: str, length: int) -> None:
    kept = segments.cut_before(text, length)
    assert text.startswith(kept)
    assert len(kept) <= length


def test_a_cut_tears_no_family_apart() -> None:
    family = "👩\u200d👩\u200d👧"
    assert segments.cut_before(f"for the {family}", 10) == "for the "
