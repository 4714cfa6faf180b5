"""What Whisper answers, as text with stretches: sure words together, doubtful ones alone, and nothing it repeats."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.voice import transcript
from shared.voice.transcript import DOUBTFUL, STRETCHES_AT_MOST, Segment, Transcript, Word


def words(*said: tuple[str, float]) -> list[Word]:
    return [Word(text, n * 0.5, n * 0.5 + 0.4, probability) for n, (text, probability) in enumerate(said)]


def segment(text: str, probability: float = 0.9, **more: Any) -> Segment:
    made = words(*((f" {word}", probability) for word in text.split()))
    return Segment(0.0, 1.0, tuple(made), more.get("log_probability", -0.2), more.get("no_speech", 0.0))


def stretches(*segments: Segment) -> list[tuple[str, float]]:
    text, found = transcript.write(segments)
    return [(text[one.start : one.end], one.probability) for one in found]


def test_sure_words_are_one_stretch_and_every_doubtful_one_its_own() -> None:
    said = Segment(
        0, 1, tuple(words((" Buy", 0.9), (" milk", 0.95), (" and", 0.85), (" call", 0.7), (" Kim.", 0.3))), -0.2, 0.0
    )
    assert stretches(said) == [("Buy milk and", 0.85), ("call", 0.7), ("Kim.", 0.3)]
    assert transcript.write([said])[0] == "Buy milk and call Kim."


def test_segments_are_kept_apart_and_parts_of_a_word_together() -> None:
    first = Segment(0, 1, tuple(words(("Buy", 0.9), (" milk", 0.9))), -0.2, 0.0)
    second = Segment(1, 2, tuple(words(("to", 0.9), ("day", 0.9), (" ", 0.1), ("", 0.1))), -0.2, 0.0)
    assert transcript.write([first, second])[0] == "Buy milk today"


def test_silence_has_no_text() -> None:
    assert transcript.write([]) == ("", ())
    assert Transcript((), "en", 3.0).silent
    assert not Transcript((segment("hello"),), "en", 3.0).silent


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("no no no", "no no no"),
        ("buy buy buy buy milk", "buy milk"),
        ("call mom call mom", "call mom call mom"),
        ("call mom call mom call mom call mom", "call mom"),
        ("thank you for watching thank you for watching. Thank you for watching", "thank you for watching"),
        ("the boss bosssssssssssss", "the boss bos"),
        ("too good to be true", "too good to be true"),
    ],
)
def test_what_the_model_repeats_is_heard_once(heard: str, kept: str) -> None:
    found = transcript.unrepeated(segment(heard).words)
    assert "".join(word.text for word in found).strip() == kept
    doubted = [word for word in found if word.probability <= DOUBTFUL]
    assert bool(doubted) == (heard != kept)


@given(st.lists(st.sampled_from(["buy", "milk", "call", "mom", "no"]), max_size=40))
def test_nothing_is_heard_that_was_not_said_and_nothing_is_left_to_cut(said: list[str]) -> None:
    once = transcript.unrepeated(segment(" ".join(said)).words)
    assert {word.text for word in once} <= {f" {word}" for word in said}
    assert bool(once) == bool(said)


@pytest.mark.parametrize(("log_probability", "compression"), [(-1.3, 1.0), (-0.2, 3.0)])
def test_a_window_that_was_hardly_understood_is_in_doubt_as_a_whole(log_probability: float, compression: float) -> None:
    weighed = transcript.weighed(segment("buy milk", log_probability=log_probability), compression)
    assert [word.probability for word in weighed.words] == [DOUBTFUL, DOUBTFUL]
    assert transcript.weighed(segment("buy milk"), 1.0) == segment("buy milk")


def test_ten_minutes_of_doubt_fit_an_event() -> None:
    text, found = transcript.write([segment(" ".join(f"word{n}" for n in range(2000)), 0.5)])
    assert len(found) <= STRETCHES_AT_MOST
    assert (found[0].start, found[-1].end) == (0, len(text))


def test_segments_are_kept_with_times_of_the_whole_recording_and_read_back() -> None:
    kept = transcript.as_json([segment("buy milk")], 120.0)
    assert (kept[0]["start"], kept[0]["words"][1]["start"]) == (120.0, 120.5)
    [read] = transcript.from_json(kept)
    assert [word.text for word in read.words] == [" buy", " milk"]
    assert transcript.mean_probability([read]) == pytest.approx(0.9)
    assert transcript.mean_probability([]) == 0.0
