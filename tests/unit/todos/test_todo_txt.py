"""Todos as lines of todo.txt."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared.language.model import Priority, Repeat
from shared.todos.model import Status
from shared.todos.todo_txt import line
from tests.making import task

NEW_YORK = "America/New_York"


def test_a_plain_one() -> None:
    assert line(task(title="Buy milk")) == "(C) 2026-11-25 Buy milk"


def test_everything_there_is_room_for() -> None:
    made = task(
        title="Pay  rent",
        zone=NEW_YORK,
        priority=Priority.URGENT,
        tags=("home", "two words"),
        due_day=date(2026, 12, 1),
        due_at=datetime(2026, 12, 1, 14, 5, tzinfo=UTC),
        repeat=Repeat(rrule="FREQ=MONTHLY;BYMONTHDAY=1"),
        note="in cash",
    )
    assert line(made) == "(A) 2026-11-25 Pay rent @home @two-words due:2026-12-01 time:0905 rec:+1m"


def test_one_that_is_done() -> None:
    done = task(status=Status.DONE, completed_at=datetime(2026, 11, 27, 3, tzinfo=UTC), zone=NEW_YORK, priority=Priority.LOW)
    assert line(done) == "x 2026-11-26 2026-11-25 Buy milk pri:D"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Repeat(rrule="FREQ=DAILY"), "rec:+1d"),
        (Repeat(rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"), "rec:+2w"),
        (Repeat(rrule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"), "rec:+1y"),
        (Repeat(rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"), "rec:+1b"),
        (Repeat(rrule="FREQ=DAILY;INTERVAL=3", after_done=True), "rec:3d"),
        (Repeat(rrule="FREQ=WEEKLY;BYDAY=MO,TH"), "rrule:FREQ=WEEKLY;BYDAY=MO,TH"),
        (Repeat(rrule="FREQ=MONTHLY;BYDAY=3FR"), "rrule:FREQ=MONTHLY;BYDAY=3FR"),
        (Repeat(rrule="FREQ=DAILY;UNTIL=20261231T235959Z"), "rrule:FREQ=DAILY;UNTIL=20261231T235959Z"),
        (Repeat(rrule="FREQ=DAILY", except_days=(date(2026, 12, 25),)), "rrule:FREQ=DAILY"),
    ],
)
def test_repeats(rule: Repeat, said: str) -> None:
    assert line(task(due_day=date(2026, 11, 27), repeat=rule)).split()[-1] == said


def test_values_have_neither_spaces_nor_colons() -> None:
    made = task(title="Stand up", due_day=date(2026, 11, 27), due_at=datetime(2026, 11, 27, 9, 30, tzinfo=UTC))
    assert [word.count(":") for word in line(made).split() if ":" in word] == [1, 1]
