"""What is wished of recordings: understood here, done and answered by transcribe."""

from __future__ import annotations

from datetime import date

import pytest

from shared.todos.model import RecordingWish
from tests.unit.todos.talk import Talk


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("try monday's voicemail again", date(2026, 11, 23)),
        ("try wednesday's voicemail again", date(2026, 11, 18)),
        ("try yesterday's voice note again", date(2026, 11, 24)),
        ("try this morning's recording again", date(2026, 11, 25)),
        ("try the voicemail of november 3 again", date(2026, 11, 3)),
        ("try the voicemail of december 3 again", date(2025, 12, 3)),
    ],
)
def test_a_day_is_in_the_past(words: str, day: date) -> None:
    decision = Talk().decides(words)
    assert decision.reply is None
    assert decision.wishes == (RecordingWish(action="hear_again", day=day),)


def test_it_is_the_last_one_heard() -> None:
    ada = Talk()
    assert ada.decides("try it again").wishes == (RecordingWish(action="hear_again"),)
    ada.says_aloud("buy milk", 0.9)
    said = f"RE{ada.sent:032x}"
    ada.texts("list")
    for words in ("try it again", "listen again", "transcribe that again"):
        assert ada.decides(words).wishes == (RecordingWish(action="hear_again", recording_id=said),)


def test_the_last_one_is_for_transcribe_to_know() -> None:
    ada = Talk()
    ada.says_aloud("buy milk", 0.9)
    assert ada.decides("re-transcribe my last voice note").wishes == (RecordingWish(action="hear_again"),)


def test_the_last_one_of_somebody_who_says_so_is_not_this_one() -> None:
    ada = Talk()
    ada.says_aloud("buy milk", 0.9)
    said = f"RE{ada.sent:032x}"
    decision = ada.decides_aloud("try my last voice note again", 0.9)
    assert decision.wishes == (RecordingWish(action="hear_again", recording_id=said),)


def test_the_rest_of_a_message_is_answered() -> None:
    decision = Talk().decides("add milk. listen again.")
    assert decision.reply == "Added #1 Milk"
    assert len(decision.wishes) == 1


def test_deleting_is_asked_first() -> None:
    ada = Talk()
    ada.says_aloud("buy milk", 0.9)
    decision = ada.decides("delete my recordings")
    assert decision.reply == "Delete all your recordings? UNDO will not bring them back. Reply OK."
    assert decision.wishes == ()
    decision = ada.decides("ok")
    assert decision.reply is None
    assert decision.wishes == (RecordingWish(action="delete"),)
    assert ada.decides("try it again").wishes == (RecordingWish(action="hear_again"),)


def test_deleting_is_declined() -> None:
    ada = Talk()
    ada.texts("delete my recordings")
    decision = ada.decides("no")
    assert (decision.reply, decision.wishes) == ("OK, nothing changed.", ())


@pytest.mark.parametrize(
    ("words", "days"),
    [("keep my recordings 30 days", 30), ("keep my voice notes for 2 weeks", 14), ("keep recordings a year", 365)],
)
def test_keeping(words: str, days: int) -> None:
    decision = Talk().decides(words)
    assert (decision.reply, decision.wishes) == (None, (RecordingWish(action="keep", days=days),))
