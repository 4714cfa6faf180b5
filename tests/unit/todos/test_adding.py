"""What becomes a todo, and what is asked about it."""

from __future__ import annotations

import pytest

from shared.language.model import Command, Intent, Priority
from shared.todos.adding import checked_title
from shared.todos.errors import TitleEmpty, TitleTooLong, TodoRefused
from tests.unit.todos.talk import Talk


def test_a_title_has_at_most_255_characters() -> None:
    assert checked_title("x" * 255) == "x" * 255
    with pytest.raises(TitleTooLong) as refused:
        checked_title("x" * 256)
    assert refused.value.characters == 256
    assert refused.value.reply.startswith("That is 256 characters; a todo can have 255.")


@pytest.mark.parametrize("title", ["", "   "])
def test_a_title_has_words(title: str) -> None:
    with pytest.raises(TitleEmpty):
        checked_title(title)


def test_every_refusal_answers_the_person() -> None:
    assert TodoRefused("No.").brief == "No."
    assert issubclass(TitleTooLong, TodoRefused)


def test_a_refused_part_stops_no_other() -> None:
    ada = Talk()
    long = Command(intent=Intent.ADD, title="x" * 300)
    assert ada.says(long, Command(intent=Intent.ADD, title="Milk")) == (
        "Added #1 Milk\nThat is 300 characters; a todo can have 255. Text it shorter, or put the rest after NOTE."
    )


def test_a_title_that_is_too_long_to_be_renamed_to() -> None:
    ada = Talk()
    ada.texts("add milk")
    reply = ada.texts("rename 1 to " + "very " * 60 + "long") or ""
    assert reply.startswith("That is 304 characters;")
    assert ada.todo(1).title == "Milk"


def test_a_reminder_for_a_day_comes_in_the_persons_morning() -> None:
    ada = Talk()
    ada.texts_all("morning is 7am", "remind me to call mum tomorrow")
    assert ada.texts("1") == "#1 Call mum (tomorrow, reminder 7am)"


def test_a_todo_of_the_same_words_is_mentioned() -> None:
    ada = Talk()
    ada.texts("add buy milk")
    assert ada.texts("add Buy milk!") == "Added #2 Buy milk\nYou also have #1 Buy milk"


def test_priority_is_medium_unless_it_is_said() -> None:
    ada = Talk()
    ada.texts_all("add milk", "add tea low priority")
    assert (ada.todo(1).priority, ada.todo(2).priority) == (Priority.MEDIUM, Priority.LOW)


def test_many_are_named_as_far_as_one_text_holds() -> None:
    ada = Talk()
    assert ada.texts("milk, eggs, bread and tea") == "Added 4:\n#1 Milk\n#2 Eggs\n#3 Bread\n#4 Tea"


def test_ids_come_from_the_message() -> None:
    one, same = Talk(), Talk()
    one.texts("milk, eggs and bread")
    same.texts("milk, eggs and bread")
    assert list(one.tasks) == list(same.tasks)
    assert len(one.tasks) == 3
    same.texts("tea")
    assert len(same.tasks) == 4


def test_how_long_before_is_not_enough_without_a_time() -> None:
    ada = Talk()

    assert ada.texts("remind me an hour before the concert") == "Added #1 The concert\nRemind you when?"
    assert ada.texts("friday at 8pm") == "Changed #1 The concert (Fri 8pm, reminder 7pm)"


def test_the_same_twice_in_one_message_is_no_surprise() -> None:
    ada = Talk()

    assert ada.texts("gym on friday and saturday") == "Added 2:\n#1 Gym (Fri)\n#2 Gym (Sat)"
