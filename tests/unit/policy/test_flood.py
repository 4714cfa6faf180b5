"""Too many texts of one number: compared with the plainest window there is; told once a minute; forgotten after it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.policy import flood
from shared.policy.flood import Flood


def test_the_101st_within_a_minute_is_not_taken() -> None:
    taken = Flood(100, 60.0)
    assert all(taken.take("a", second / 2) for second in range(100))
    assert not taken.take("a", 59.9)
    assert taken.take("b", 59.9)
    assert taken.take("a", 60.0), "the first is a minute ago"
    assert not taken.take("a", 60.1)


@given(st.integers(1, 5), st.lists(st.tuples(st.integers(0, 40), st.sampled_from("ab")), max_size=80))
def test_it_is_the_plainest_window_there_is(limit: int, steps: list[tuple[int, str]]) -> None:
    watched, now = Flood(limit, 60.0), 0.0
    passed: dict[str, list[float]] = {"a": [], "b": []}
    for seconds, number in steps:
        now += seconds
        allowed = sum(at > now - 60.0 for at in passed[number]) < limit
        assert watched.take(number, now) is allowed
        passed[number] += [now] * allowed


def test_somebody_is_told_once_a_minute() -> None:
    watched = Flood(1, 60.0)
    assert [watched.tell("a", second) for second in (0.0, 1.0, 59.9, 60.0, 61.0)] == [True, False, False, True, False]
    assert watched.tell("b", 1.0)
    watched.untell("a")
    assert watched.tell("a", 62.0), "it had not reached them"


def test_a_text_that_comes_again_counts_once() -> None:
    watched = Flood(1, 60.0)
    for _ in range(3):
        assert watched.take("a", 0.0)
        watched.give_back("a")
    assert watched.take("a", 0.0)
    assert not watched.take("a", 0.0)


def test_without_a_limit_everything_is_taken() -> None:
    assert all(Flood(0, 60.0).take("a", 0.0) for _ in range(1000))


def test_numbers_that_are_quiet_are_forgotten() -> None:
    watched = Flood(100, 60.0)
    for number in range(3 * flood.SWEEP):
        watched.take(f"+{number}", number / 10)
        watched.tell(f"+{number}", number / 10)
    assert len(watched._taken) <= flood.SWEEP + 601  # noqa: SLF001 - what it holds is the point
    assert len(watched._told) <= flood.SWEEP + 601  # noqa: SLF001 - likewise
