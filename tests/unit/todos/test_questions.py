"""One question at a time: what answers it, and when it lapses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.todos.talk import Talk

TWO_MINUTES = timedelta(minutes=2)


@pytest.fixture
def ada() -> Talk:
    """Has two todos with milk in them, and has been asked which one is done."""
    ada = Talk()
    ada.texts_all("add bread", "add buy milk", "add tea", "add oat milk for Zoe")
    assert ada.texts("done milk") == "Which one? Reply 2 or 4:\n#2 Buy milk\n#4 Oat milk for Zoe"
    return ada


@pytest.mark.parametrize("words", ["2", "#2", "the first", "1", "buy milk"])
def test_a_todo_is_chosen_by_number_position_or_words(ada: Talk, words: str) -> None:
    assert ada.texts(words) == "Done #2 Buy milk"


def test_a_number_that_was_not_offered_and_is_no_position_is_about_that_todo(ada: Talk) -> None:
    assert ada.texts("3") == "#3 Tea"


@pytest.mark.parametrize("words", ["both", "all"])
def test_all_that_were_offered(ada: Talk, words: str) -> None:
    assert ada.texts(words) == "Done 2:\n#2 Buy milk\n#4 Oat milk for Zoe\nWrong? Text UNDO."


@pytest.mark.parametrize("words", ["no", "neither"])
def test_declined(ada: Talk, words: str) -> None:
    assert ada.texts(words) == "OK, nothing changed."
    assert ada.texts("2") == "#2 Buy milk"


def test_never_mind_to_a_question_declines_it(ada: Talk) -> None:
    assert ada.texts("never mind") == "OK, nothing changed."
    assert ada.texts("never mind") == "Undone: #4 Oat milk for Zoe is gone."


def test_undo_after_a_question_takes_back_what_its_message_did() -> None:
    ada = Talk()
    ada.texts_all("add buy milk", "add tea", "add oat milk for Zoe", "done tea and done milk")
    assert ada.texts("undo") == "Undone: #2 Tea is open."


@pytest.mark.parametrize("between", ["list", "thanks", "?"])
def test_looking_something_up_leaves_the_question(ada: Talk, between: str) -> None:
    ada.texts(between)
    assert ada.texts("2") == "Done #2 Buy milk"


def test_a_command_ends_the_question(ada: Talk) -> None:
    ada.texts("call mum at 6")
    assert ada.texts("2") == "#2 Buy milk"


def test_after_an_hour_the_question_has_lapsed(ada: Talk) -> None:
    assert ada.texts("2", later=timedelta(minutes=61)) == "#2 Buy milk"


def test_a_verb_without_a_todo_takes_any_of_them() -> None:
    ada = Talk()
    ada.texts_all("add bread", "add tea")
    assert ada.texts("done") == "Done with which? Text its number, or LIST to see them."
    assert ada.texts("7") == "There is no #7. Nothing changed. Text LIST to see yours."
    assert ada.texts("tea") == "Done #2 Tea"


def test_two_questions_are_asked_one_after_the_other() -> None:
    ada = Talk()
    ada.texts_all("add call mum", "add call Bob", "add red paint", "add blue paint")
    assert ada.texts("done call, delete paint") == "Which one? Reply 1 or 2:\n#1 Call mum\n#2 Call Bob"
    assert ada.texts("1") == "Done #1 Call mum\nWhich one? Reply 3 or 4:\n#3 Red paint\n#4 Blue paint"
    assert ada.texts("4") == "Deleted #4 Blue paint\nWrong? Text UNDO."


def test_an_ok_that_comes_too_late_for_a_deletion_changes_nothing() -> None:
    ada = Talk()
    ada.texts_all("add call mum", "add call Bob")
    for spoil in ({"words": "list"}, {"words": "thanks", "later": timedelta(minutes=61)}):
        assert ada.texts("delete everything") in ("Delete all 2 open? Reply OK.", "Delete #1 and #2? Reply OK.")
        ada.texts(**spoil)
        assert ada.texts("ok") == "OK, nothing changed."
    assert len(ada.open) == 2


def test_ok_without_a_question_ends_the_exchange() -> None:
    assert Talk().texts("ok") is None


def test_no_without_a_question_is_agreed_to() -> None:
    assert Talk().texts("no") == "OK, nothing changed."


def test_both_without_a_question_is_not_understood() -> None:
    assert (Talk().texts("both") or "").startswith("I did not understand that.")


def test_todos_in_another_script_are_counted_where_they_do_not_fit() -> None:
    ada = Talk()
    for place in ("東京駅の近く", "大阪駅の近く", "京都駅の近く"):
        ada.texts(f"add 牛乳を買って冷蔵庫に入れてからお母さんに電話する牛乳{place}で")
    assert ada.texts("done 牛乳") == '3 with "牛乳". Which one? Text its number or more of its words.'
    assert (ada.texts("2") or "").startswith("Done #2 牛乳を")


def test_a_missing_time_is_given_as_a_date_a_time_or_a_repeat() -> None:
    ada = Talk()
    ada.texts("remind me to call mum")
    assert ada.texts("tomorrow") == "Changed #1 Call mum (tomorrow, reminder 9am)"
    ada.texts("remind me to water the plants")
    assert ada.texts("every day at 9pm") == "Changed #2 Water the plants (today 9pm, every day)"


def test_a_move_without_a_time_asks_for_it() -> None:
    ada = Talk()
    ada.texts_all("add call mum tomorrow 5pm")
    assert ada.texts("move call mum to yesterday") == "Yesterday is over. When instead?"
    assert ada.texts("friday") == "Moved #1 Call mum (Fri 5pm)"


def test_an_offered_reading_is_taken_until_the_next_command() -> None:
    ada = Talk()
    ada.texts_all("dentist next friday 3pm", "thanks")
    assert ada.texts("27 nov") == "Moved #1 Dentist (Fri 27 Nov 3pm)"
    ada.texts_all("plumber next friday 3pm", "list")
    assert ada.texts("27 nov") == "1 on Fri 27 Nov:\n#1 Dentist (3pm)"


def test_an_offer_lapses_after_an_hour() -> None:
    ada = Talk()
    ada.texts("dentist next friday 3pm")
    assert ada.texts("27 nov", later=timedelta(minutes=61)) == "Nothing on Fri 27 Nov."


def test_another_date_than_the_offered_one_lists() -> None:
    ada = Talk()
    ada.texts("dentist next friday 3pm")
    assert ada.texts("28 nov") == "Nothing on Sat 28 Nov."


def test_no_after_a_change_is_told_how_to_take_it_back() -> None:
    ada = Talk()
    ada.texts_all("add milk", "add tea", "done with everything")
    assert ada.texts("no") == "Nothing was asked. To take back the last change, text UNDO."
    assert ada.texts("undo") == "Undone: #1 Milk is open.\nUndone: #2 Tea is open."
    ada.texts("list")
    assert ada.texts("no") == "OK, nothing changed."
