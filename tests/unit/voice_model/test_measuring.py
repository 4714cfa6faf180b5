"""Word error rates."""

import pytest

from tools.voice_model import evaluate


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("call Kim.", "call Kim", 0),
        ("call Kim.", "call Tim.", 1),
        ("buy milk and call Kim.", "buy milk.", 3),
        ("what's on for tomorrow?", "what's on tomorrow", 1),
        ("undo.", "", 1),
        ("list.", "list it all", 2),
    ],
)
def test_words_changed_left_out_or_added_are_counted(said: str, heard: str, errors: int) -> None:
    assert evaluate.distance(evaluate.words(said), evaluate.words(heard)) == errors
