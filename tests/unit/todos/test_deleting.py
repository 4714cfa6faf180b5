"""Few todos go at once; all of a kind, or more than three, only after OK."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.todos.talk import Talk


@pytest.fixture
def ada() -> Talk:
    ada = Talk()
    ada.texts_all("add milk #shop", "add call mum", "add tea #shop", "add bread", "add rice")
    return ada


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("delete everything", "Delete all 5 open? Reply OK."),
        ("delete all #shop", "Delete 2 with #shop? Reply OK."),
        ("delete the shop ones", "Delete 2 with #shop? Reply OK."),
        ("delete 1-4", "Delete #1 to #4? Reply OK."),
        ("delete 1, 2, 4 and 5", "Delete #1, #2, #4 and #5? Reply OK."),
    ],
)
def test_many_are_asked_about(ada: Talk, words: str, asked: str) -> None:
    assert ada.texts(words) == asked
    assert len(ada.open) == 5
    assert (ada.texts("ok") or "").startswith("Deleted ")
    assert len(ada.open) < 5


def test_up_to_three_go_at_once(ada: Talk) -> None:
    assert ada.texts("delete 2, 4 and 5") == "Deleted 3:\n#2 Call mum\n#4 Bread\n#5 Rice\nWrong? Text UNDO."


def test_all_right_after_a_list_is_what_it_showed(ada: Talk) -> None:
    ada.texts("#shop")
    assert ada.texts("delete all") == "Delete #1 and #3? Reply OK."
    assert ada.texts("ok") == "Deleted 2:\n#1 Milk #shop\n#3 Tea #shop\nWrong? Text UNDO."


def test_one_of_a_kind_is_asked_about_by_its_number(ada: Talk) -> None:
    ada.texts("done 1")
    assert ada.texts("delete all #shop") == "Delete #3? Reply OK."


def test_what_changed_in_between_is_not_deleted_twice(ada: Talk) -> None:
    ada.texts("delete 1-4")
    question = ada.person.dialogue
    ada.texts("delete 2")
    ada.person = ada.person.model_copy(update={"dialogue": question})
    assert ada.texts("ok") == "Deleted 3:\n#1 Milk #shop\n#3 Tea #shop\n#4 Bread\nWrong? Text UNDO."


def test_what_went_in_between_is_gone(ada: Talk) -> None:
    ada.texts("delete all #shop")
    question = ada.person.dialogue
    ada.texts("delete 1 and 3")
    ada.person = ada.person.model_copy(update={"dialogue": question})
    assert ada.texts("ok") == "That todo is gone. Nothing changed. Text LIST to see yours."


def test_the_same_text_twice_within_a_minute_asks(ada: Talk) -> None:
    ada.texts("delete last")
    assert ada.texts("delete last", later=timedelta(seconds=30)) == (
        "I did that a moment ago. Delete #4 Bread as well? Reply OK."
    )
    assert ada.texts("no") == "OK, nothing changed."


def test_the_same_text_later_is_meant(ada: Talk) -> None:
    ada.texts("delete last")
    assert ada.texts("delete last", later=timedelta(minutes=2)) == "Deleted #4 Bread\nWrong? Text UNDO."


def test_nothing_to_delete(ada: Talk) -> None:
    assert ada.texts("delete all overdue") == "Nothing overdue."
    assert ada.texts("delete 9") == "There is no #9. Nothing changed. Text LIST to see yours."
    assert Talk().texts("delete everything") == "Nothing open. Text me a todo, like: call mum fri 5pm"


def test_done_ones_can_go(ada: Talk) -> None:
    ada.texts("done 2")
    assert ada.texts("delete 2") == "Deleted #2 Call mum\nWrong? Text UNDO."


def test_what_is_at_a_time_of_day() -> None:
    ada = Talk()
    ada.texts_all("dentist today 3pm", "call mum today 5pm", "gym today 5pm", "buy milk")
    assert ada.texts("cancel my 3pm appointment") == "Deleted #1 Dentist\nWrong? Text UNDO."
    assert "Which one? Reply 2 or 3:" in (ada.texts("cancel my 5pm") or "")
    assert "Nothing " in (ada.texts("cancel my 9pm meeting") or "")


@pytest.mark.parametrize("words", ["milk is no longer needed", "i don't need the milk anymore"])
def test_what_was_only_told_asks_before_it_deletes_more_than_was_said(words: str) -> None:
    ada = Talk()
    ada.texts("buy milk and eggs friday")

    assert ada.texts(words) == "Delete #1 Buy milk and eggs (Fri)? Reply OK."
    assert ada.todo(1).title == "Buy milk and eggs"
    assert ada.texts("ok") == "Deleted #1 Buy milk and eggs\nWrong? Text UNDO."


def test_a_need_to_cancel_is_something_to_do_unless_it_is_of_ours_and_never_takes_more_than_was_said() -> None:
    ada = Talk()
    assert ada.texts("i need to cancel my lunch") == "Added #1 Cancel my lunch"
    ada.texts_all("done 1", "lunch with Sam friday")
    assert ada.texts("i need to cancel my lunch") == "Delete #2 Lunch with Sam (Fri)? Reply OK."
    assert ada.texts("ok") == "Deleted #2 Lunch with Sam\nWrong? Text UNDO."


def test_a_need_to_finish_finishes_nothing() -> None:
    ada = Talk()
    ada.texts("finish the report")
    assert ada.texts("i have to finish the report") == "Added #2 Finish the report\nYou also have #1 Finish the report"
    assert ada.todo(1).status == "open"


def test_what_is_taken_off_is_deleted_where_it_is_on_the_list() -> None:
    ada = Talk()
    assert ada.texts("take eggs off") == "Added #1 Take eggs off"
    ada.texts_all("delete 1", "eggs", "buy milk and bread")
    assert ada.texts("take the eggs off") == "Deleted #2 Eggs\nWrong? Text UNDO."
    assert ada.texts("take bread off") == "Delete #3 Buy milk and bread? Reply OK."


def test_what_was_told_of_a_whole_title_deletes() -> None:
    ada = Talk()
    ada.texts("dinner party friday")

    assert ada.texts("the dinner party is cancelled") == "Deleted #1 Dinner party\nWrong? Text UNDO."


def test_a_verb_that_may_be_a_todo_deletes_one_that_fits_and_asks_which_of_several() -> None:
    ada = Talk()
    ada.texts_all("add milk", "add oat milk for Zoe")

    assert ada.texts("remove the wallpaper") == "Added #3 Remove the wallpaper"
    assert ada.texts("get rid of the wallpaper") == "Deleted #3 Remove the wallpaper\nWrong? Text UNDO."
    assert ada.texts("forget the oat milk") == "Deleted #2 Oat milk for Zoe\nWrong? Text UNDO."


def test_which_of_several_is_asked_before_a_todo_is_made_of_an_order() -> None:
    ada = Talk()
    ada.texts_all("buy milk", "oat milk for Zoe")

    assert ada.texts("remove the milk") == "Which one? Reply 1 or 2:\n#1 Buy milk\n#2 Oat milk for Zoe"
