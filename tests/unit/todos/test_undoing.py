"""Undo takes back one message, to any depth; redo does it again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.language.model import Command, Intent, Priority, Ref, Understanding
from shared.todos.decide import needs_history
from shared.todos.model import Status
from tests.unit.todos.talk import Talk


@pytest.fixture
def ada() -> Talk:
    ada = Talk()
    ada.texts_all("add milk", "add call mum today 5pm", "every friday put the bins out")
    return ada


def test_a_whole_message_is_taken_back(ada: Talk) -> None:
    ada.texts("done 1, move 2 to friday and add bake a cake saturday")
    assert ada.texts("undo") == (
        "Undone: #1 Milk is open.\nUndone: #2 Call mum (today 5pm) is as before.\nUndone: #4 Bake a cake is gone."
    )


def test_several_steps_at_once(ada: Talk) -> None:
    ada.texts_all("done 1", "delete 2")
    assert ada.texts("undo twice") == "Undone: #2 Call mum (today 5pm) is back.\nUndone: #1 Milk is open."
    assert ada.texts("redo") == "Redone: #2 Call mum\nRedone: #1 Milk (done today)"


def test_undo_and_redo_in_one_message_come_to_an_end(ada: Talk) -> None:
    ada.texts_all("done 2", "reopen 2, add bread", "move 2 to saturday. undo twice. redo")
    said = [ada.texts("undo") for _ in range(6)]
    assert said[-1] == "Nothing to undo."
    assert len(set(said)) == len(said), "nothing is undone twice"
    assert ada.open == {}


def test_the_last_change_of_one_number(ada: Talk) -> None:
    ada.texts_all("move 2 to friday", "move 2 to saturday", "done 1")
    assert ada.texts("undo 2") == "Undone: #2 Call mum (Fri 5pm) is as before."
    assert ada.texts("undo 2") == "Undone: #2 Call mum (today 5pm) is as before."
    assert ada.texts("undo") == "Undone: #1 Milk is open."


def test_the_last_change_of_the_todo_that_words_name(ada: Talk) -> None:
    ada.texts_all("delete 1", "done 2")
    assert ada.texts("undo milk") == "Undone: #1 Milk is back."
    assert ada.texts("undo milk") == "Undone: #1 Milk is gone."
    assert ada.texts("undo cheese") == 'Nothing with "cheese". Nothing changed. Text LIST to see yours.'


def test_a_number_nobody_ever_had(ada: Talk) -> None:
    assert ada.texts("undo 9") == "There is no #9. Nothing changed. Text LIST to see yours."


def test_a_new_change_ends_what_could_be_redone(ada: Talk) -> None:
    ada.texts_all("done 1", "undo", "add tea")
    assert ada.texts("redo") == "Nothing to redo."


def test_undo_of_a_redo_is_an_undo(ada: Talk) -> None:
    ada.texts_all("done 1", "undo", "redo")
    assert ada.texts("undo") == "Undone: #1 Milk is open."


def test_redo_goes_as_deep_as_undo(ada: Talk) -> None:
    ada.texts_all("done 1", "delete 2", "undo", "undo")
    assert ada.texts("redo") == "Redone: #1 Milk (done today)"
    assert ada.texts("redo") == "Redone: #2 Call mum"
    assert ada.texts("redo") == "Nothing to redo."


def test_undo_in_the_message_that_changed_takes_that_back(ada: Talk) -> None:
    change = Command(intent=Intent.DELETE, ref=Ref(numbers=(1,)))
    ada.says(change, change.model_copy(update={"ref": Ref(numbers=(2,))}), Command(intent=Intent.UNDO))
    assert sorted(ada.open) == [1, 2, 3]
    assert ada.texts("undo") == "Undone: #3 Put the bins out is gone."
    assert ada.texts_all("undo", "undo", "undo") == "Nothing to undo."


def test_a_change_after_an_undo_in_one_message_is_all_that_is_taken_back(ada: Talk) -> None:
    ada.texts("done 2")
    ada.says(Command(intent=Intent.UNDO), Command(intent=Intent.EDIT, ref=Ref(numbers=(2,)), priority=Priority.HIGH))
    assert ada.texts("2") == "#2 Call mum (today 5pm, high)"
    ada.texts("undo")
    assert ada.texts("2") == "#2 Call mum (today 5pm)"
    assert ada.texts("redo") == "Redone: #2 Call mum (today 5pm, high)"


def test_undoing_a_done_repeat_takes_its_next_time_back(ada: Talk) -> None:
    assert ada.texts("done bins") == "Done #3 Put the bins out (next: Fri 4 Dec)"
    assert ada.texts("undo") == "Undone: #3 Put the bins out (Fri, every week) is open."
    assert [task.number for task in ada.tasks.values() if task.status is Status.OPEN] == [1, 2, 3]
    assert ada.texts("redo") == "Redone: #3 Put the bins out (Fri 4 Dec, every week)"


def test_more_than_three_are_counted(ada: Talk) -> None:
    ada.texts_all("milk, eggs, bread and tea")
    assert ada.texts("undo") == "Undone: 4 todos are gone."
    assert ada.texts("redo") == "Redone: 4 todos."


def test_a_todo_that_comes_back_gets_another_number_when_its_own_was_given_away(ada: Talk) -> None:
    ada.texts("delete 1")
    ada.person = ada.person.model_copy(update={"dialogue": ada.person.dialogue.model_copy(update={"next_number": 1})})
    assert ada.texts("add tea", later=timedelta(minutes=2)) == "Added #1 Tea"
    assert ada.texts("undo twice") == "Undone: #1 Tea is gone.\nUndone: #1 Milk is back."
    ada.texts_all("redo")
    assert ada.open[1].title == "Tea"
    ada.texts_all("add bread")
    assert "Undone: #" in (ada.texts("undo 4") or "")


def test_settings_are_taken_back_in_their_turn(ada: Talk) -> None:
    ada.texts_all("my name is Ada", "done 1", "timezone is Pacific")
    assert ada.texts("undo") == "Undone: your settings are as before."
    assert ada.person.settings.zone == "America/New_York"
    assert ada.todo(2).zone == "America/New_York"
    assert ada.texts("undo") == "Undone: #1 Milk is open."
    assert ada.texts("undo") == "Undone: your settings are as before."
    assert ada.person.settings.name == ""
    assert ada.texts("undo") == "Undone: #3 Put the bins out is gone."
    assert ada.texts_all("redo", "redo", "redo") == "Redone: #1 Milk (done today)"
    assert ada.texts("redo") == "Redone: your settings."
    assert (ada.person.settings.name, ada.person.settings.zone) == ("Ada", "America/Los_Angeles")
    assert ada.texts("redo") == "Nothing to redo."


def test_what_an_answer_did_is_undone_like_anything_else(ada: Talk) -> None:
    ada.texts_all("delete everything", "ok")
    assert ada.open == {}
    ada.texts("undo")
    assert sorted(ada.open) == [1, 2, 3]


@pytest.mark.parametrize("intent", [Intent.UNDO, Intent.REDO, Intent.HISTORY])
def test_looking_back_needs_the_history(intent: Intent) -> None:
    assert needs_history(Understanding(text="", commands=(Command(intent=Intent.HELP), Command(intent=intent))))


def test_everything_else_needs_none() -> None:
    others = [intent for intent in Intent if intent not in (Intent.UNDO, Intent.REDO, Intent.HISTORY)]
    assert not any(needs_history(Understanding(text="", commands=(Command(intent=intent),))) for intent in others)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("add buy bread friday", "add #4 Buy bread (Fri 27 Nov)"),
        ("done 1 and 2", "done 2"),
        ("done 1, delete 2", "done #1, delete #2"),
        ("move 2 to friday", "move #2 to Fri 27 Nov, time kept"),
        ("2 is urgent", "change #2 priority"),
    ],
)
def test_why_tells_what_was_read(ada: Talk, words: str, read: str) -> None:
    ada.texts(words)
    assert ada.texts("why?") == f'You sent: "{words}"\nI read: {read}\nWrong? Text UNDO.'
    assert ada.texts("why?") == f'You sent: "{words}"\nI read: {read}\nWrong? Text UNDO.'


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("today", "list today"),
        ("done 99", "done #99"),
        ("delete the dentist one", 'delete "dentist"'),
        ("asdf qwer", "nothing"),
    ],
)
def test_why_offers_to_undo_only_what_was_done(ada: Talk, words: str, read: str) -> None:
    ada.texts(words)

    assert ada.texts("why?") == f'You sent: "{words}"\nI read: {read}'


def test_why_at_the_very_beginning() -> None:
    assert Talk().texts("why?") == "Nothing to explain yet. Text a todo, ? for help."
