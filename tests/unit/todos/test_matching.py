"""A few words of a todo find it; what is only nearly right is a guess."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

import pytest

from shared.todos.matching import Grade, find, grade, holding, same_title
from shared.todos.model import Task
from tests.unit.todos.memory import NOW


def todo(title: str, *, note: str = "", tags: tuple[str, ...] = ()) -> Task:
    return Task(id=uuid5(NAMESPACE_URL, title), number=1, title=title, note=note, tags=tags, created_at=NOW)


@pytest.mark.parametrize(
    ("words", "title", "expected"),
    [
        ("buy milk", "Buy milk", Grade.WHOLE),
        ("the milk thing", "Milk", Grade.WHOLE),
        ("milk", "Oat milk for Zoe", Grade.WORDS),
        ("watered the plants", "Water the plants", Grade.FORM),
        ("bought milk", "Buy milk", Grade.FORM),
        ("the bin", "Put the bins out", Grade.FORM),
        ("dentst", "Call the dentist", Grade.TYPO),
        ("dnetist", "Call the dentist", Grade.TYPO),
        ("appoint", "Dentist appointment", Grade.TYPO),
        ("the signed catering paper", "Ask Priya for the signed catering contract", Grade.MOST),
        ("dentist", "Buy milk", Grade.NONE),
        ("call kim", "Call mum", Grade.NONE),
        ("mum", "Mud", Grade.NONE),
        ("12", "Room 112", Grade.NONE),
        ("牛乳", "牛乳を買う", Grade.WORDS),
        ("🎂", "🎂 Cake for Tom", Grade.WORDS),
        ("", "Buy milk", Grade.NONE),
    ],
)
def test_how_well_words_fit(words: str, title: str, expected: Grade) -> None:
    assert grade(words, title) is expected


def test_only_the_best_fit_counts() -> None:
    exact, longer = todo("Buy milk"), todo("Buy milk chocolate")
    assert find("buy milk", [longer, exact]).tasks == (exact,)
    assert find("milk", [longer, exact]).tasks == (longer, exact)


def test_a_typo_is_a_guess_and_the_word_itself_is_none() -> None:
    dentist = todo("Call the dentist")
    assert find("dentst", [dentist]).guess
    assert not find("dentist", [dentist]).guess


def test_a_fit_can_be_asked_to_be_sure() -> None:
    assert find("dentst", [todo("Call the dentist")], at_least=Grade.FORM).tasks == ()


def test_a_search_looks_into_notes_and_tags() -> None:
    by_note, by_tag = todo("Fix the tap", note="gate code 4411"), todo("Milk", tags=("home",))
    assert holding("gate code", [by_note, by_tag]) == [by_note]
    assert holding("home", [by_note, by_tag]) == [by_tag]


def test_titles_are_the_same_but_for_case_and_punctuation() -> None:
    assert same_title("Buy milk", "buy milk.")
    assert not same_title("Buy milk", "Buy oat milk")
    assert not same_title("Milk", "Milk 🥛")
