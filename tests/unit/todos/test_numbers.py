"""Numbers rotate, so that an old text's number does not hit a new todo."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.todos.numbers import LAST, allocate


def test_the_first_todo_is_number_one() -> None:
    assert allocate(set(), set(), 1) == (1, 2)


def test_numbers_in_use_are_passed_over() -> None:
    assert allocate({1, 2, 4}, set(), 1) == (3, 4)


def test_a_number_given_back_waits_for_its_turn() -> None:
    number, stands_at = allocate(set(), set(), 1)
    assert allocate(set(), set(), stands_at)[0] == number + 1


def test_a_done_todo_holds_its_number_while_others_are_free() -> None:
    assert allocate({2}, {1}, 1) == (3, 4)
    assert allocate(set(range(2, 100)), {1}, 5) == (1, 2)


def test_after_99_it_begins_again() -> None:
    assert allocate({1, 98}, set(), 99) == (99, 1)
    assert allocate({1, 99}, set(), 99) == (2, 3)


def test_with_1_to_99_in_use_the_lowest_free_one_above_is_taken() -> None:
    taken = {*range(1, 100), 100, 102}
    assert allocate(taken, set(), 40) == (101, 40)


@given(st.sets(st.integers(1, 130)), st.sets(st.integers(1, 130)), st.integers(1, LAST))
def test_a_number_is_always_free_and_small_while_that_is_possible(taken: set[int], held: set[int], stands_at: int) -> None:
    number, stands_next = allocate(taken, held, stands_at)
    assert number not in taken
    assert 1 <= stands_next <= LAST
    assert number <= LAST or set(range(1, LAST + 1)) <= taken
