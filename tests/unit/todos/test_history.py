"""What was changed when, as it is asked by text."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.unit.todos.talk import Talk

DAY = timedelta(days=1)


@pytest.fixture
def ada() -> Talk:
    """On Tuesday she added three, moved one and did one; on Wednesday she takes that back."""
    made = Talk()
    made.now -= DAY
    made.texts("buy milk")
    made.texts("call mum", later=timedelta(minutes=12))
    made.texts("pay rent friday", later=timedelta(minutes=3))
    made.texts("move 3 to monday", later=timedelta(hours=5))
    made.texts("done 1", later=timedelta(hours=1))
    made.texts("undo", later=timedelta(hours=17, minutes=45))
    return made


def test_of_a_day(ada: Talk) -> None:
    assert ada.texts("what did I change yesterday?") == (
        "5 changes yesterday:\n10am added #1 Buy milk\n10:12am added #2 Call mum\n10:15am added #3 Pay rent"
        "\n3:15pm moved #3 Pay rent\n4:15pm done #1 Buy milk"
    )
    assert ada.texts("what did I change today") == "1 change today:\n10am undone #1 Buy milk"
    assert ada.texts("what did I change last week") == "Nothing changed last week."


def test_of_one_kind(ada: Talk) -> None:
    assert ada.texts("what did I add yesterday") == (
        "3 added yesterday:\n10am added #1 Buy milk\n10:12am added #2 Call mum\n10:15am added #3 Pay rent"
    )
    assert ada.texts("what did I delete today") == "Nothing deleted today."


def test_of_days(ada: Talk) -> None:
    said = ada.texts("what changed this week")
    assert said is not None
    assert said.startswith("6 changes this week:\nyesterday 10am added #1 Buy milk")


def test_of_one_todo(ada: Talk) -> None:
    assert ada.texts("history of 3") == "History of #3 Pay rent\nMoved yesterday 3:15pm\nAdded yesterday 10:15am"
    assert (
        ada.texts("what happened to 1")
        == "History of #1 Buy milk\nUndone today 10am\nDone yesterday 4:15pm\nAdded yesterday 10am"
    )
    assert ada.texts("history of 9") == "There is no #9. Nothing changed. Text LIST to see yours."


@pytest.mark.parametrize(
    "words", ["when did I add milk", "when did i add 1", "when was the milk added", "when did i add milk to my list?"]
)
def test_when(ada: Talk, words: str) -> None:
    assert ada.texts(words) == "Yesterday 10am: added #1 Buy milk"


def test_when_it_never_was(ada: Talk) -> None:
    assert ada.texts("when did I finish 3") == "Never done: #3 Pay rent"


def test_when_something_was_deleted(ada: Talk) -> None:
    ada.texts("delete 2", later=timedelta(minutes=5))
    assert ada.texts("when did I delete call mum") == "Today 10:05am: deleted #2 Call mum"


def test_of_several_that_fit(ada: Talk) -> None:
    ada.texts("buy oat milk", later=timedelta(minutes=5))
    assert ada.texts("when did I add milk") == "Yesterday 10am: added #1 Buy milk\nToday 10:05am: added #4 Buy oat milk"


def test_in_answer_to_a_question() -> None:
    """Its events are not at hand then: the todo itself knows when it was added."""
    ada = Talk()
    ada.texts("buy milk")
    assert ada.texts("when did I add it", later=timedelta(minutes=5)) == "Today 10am: added #1 Buy milk"
    ada.person = ada.person.model_copy(update={"dialogue": ada.person.dialogue.model_copy(update={"that": ()})})
    asked = ada.texts("when did I add it")
    assert asked is not None
    assert ada.texts("1") == "Today 10am: added #1 Buy milk"


def test_the_next_time_of_a_repeating_todo_comes_by_itself() -> None:
    ada = Talk()
    ada.texts("take pills every day 9pm")
    ada.texts("done", later=timedelta(minutes=5))
    ada.texts("done 1", later=timedelta(minutes=5))
    said = ada.texts("what did I change today")
    assert said is not None
    assert said.count("added") == 1


def test_what_has_no_place_is_counted() -> None:
    ada = Talk()
    for n in range(30):
        ada.texts(f"buy thing number {n}", later=timedelta(minutes=1))
    said = ada.texts("what did I change today")
    assert said is not None
    assert said.startswith("30 changes today:\n10:01am added #1 Buy thing number 0\n")
    assert said.endswith(f"+{30 - said.count('added')} more.")


def test_looking_it_up_leaves_a_question_open(ada: Talk) -> None:
    assert ada.texts("remind me to stretch") is not None
    ada.texts("history of 3")
    assert ada.texts("8pm") is not None
    assert any(task.title == "Stretch" and task.due_at for task in ada.open.values())
