"""Series that go on: by text, and where a completion came another way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shared.language.model import Repeat
from shared.todos.model import Decision, Settings, Status, Task, TaskEvent
from shared.todos.recurring import continue_series, rule_of_pattern
from tests import making
from tests.unit.todos.talk import Talk

FRIDAY = date(2026, 11, 27)
DONE_AT = datetime.fromisoformat("2026-11-27T18:00-05:00")


def done(**more: Any) -> Task:
    """A todo that somebody completed, without a next time."""
    fields = {"due_day": FRIDAY, "zone": "America/New_York", "status": Status.DONE, "completed_at": DONE_AT, "version": 2}
    return making.task(4, "Put the bins out", **fields | more)


def following(
    *tasks: Task, pattern: str | None = "WEEKLY", end: str | None = None, version: int = 2, history: Iterable[TaskEvent] = ()
) -> Decision:
    """What is made of the completion of the first of these todos."""
    person = making.person().model_copy(
        update={"known": True, "settings": Settings(zone="America/New_York"), "tasks": tasks, "history": tuple(history)}
    )
    return continue_series(person, tasks[0].id, version, pattern=pattern, end=end, message_id="SM9", now=DONE_AT)


def days(decision: Decision) -> list[date | None]:
    return [task.due_day for task in decision.tasks]


# --- by text -----------------------------------------------------------------------------------------------------


@pytest.fixture
def ada() -> Talk:
    ada = Talk()
    ada.texts("every friday put the bins out")
    return ada


def test_a_late_completion_goes_on_after_today_and_says_what_was_missed(ada: Talk) -> None:
    assert (
        ada.texts("done 1", later=timedelta(days=17)) == "Done #1 Put the bins out (next: Fri, 2 missed)\nNothing left today."
    )


def test_a_time_that_is_skipped_is_over(ada: Talk) -> None:
    assert ada.texts("skip this one") == "Skipped #1 Put the bins out (next: Fri 4 Dec)"
    assert ada.texts("skip it") == "Skipped #1 Put the bins out (next: Fri 11 Dec)"
    assert [task.due_day for task in ada.tasks.values()] == [date(2026, 12, 11)]


def test_another_rule_from_now_on(ada: Talk) -> None:
    assert ada.texts("every other friday from now on") == "Changed #1 Put the bins out (Fri, every 2 weeks)"
    assert ada.texts("done 1") == "Done #1 Put the bins out (next: Fri 11 Dec)"
    assert ada.texts("done 1", later=timedelta(days=16)) == "Done #1 Put the bins out (next: Fri 25 Dec)\nNothing left today."


def test_a_series_that_was_stopped_does_not_go_on(ada: Talk) -> None:
    assert ada.texts("stop repeating 1") == "Changed #1 Put the bins out (Fri)"
    assert ada.texts("done 1") == "Done #1 Put the bins out"
    assert ada.open == {}


def test_a_month_end_does_not_drift() -> None:
    ada = Talk(now=datetime.fromisoformat("2027-01-31T10:00-05:00"))
    ada.texts("pay rent every month on the 31st at 9pm")
    said = [ada.texts("done 1", later=timedelta(days=number)) for number in (0, 28, 31, 30)]
    assert [(line or "").split("next: ")[1].split(")")[0] for line in said] == [
        "Sun 28 Feb 9pm",
        "Wed 31 Mar 9pm",
        "Fri 30 Apr 9pm",
        "Mon 31 May 9pm",
    ]


# --- after a completion that came another way --------------------------------------------------------------------


def test_the_next_time_has_the_number_the_series_and_its_parent() -> None:
    completed = done()
    [made] = following(completed).tasks
    assert (made.due_day, made.number, made.title, made.status) == (date(2026, 12, 4), 4, "Put the bins out", Status.OPEN)
    assert (made.parent_id, made.series_id, made.completed_at) == (completed.id, completed.id, None)
    assert made.repeat == Repeat(rrule="FREQ=WEEKLY;BYDAY=FR")


def test_its_id_is_made_of_the_completion() -> None:
    completed = done()
    assert following(completed).tasks[0].id == following(completed).tasks[0].id
    assert following(completed).tasks[0].id != following(completed.model_copy(update={"version": 4}), version=4).tasks[0].id


def test_its_own_rule_counts_more_than_the_one_told() -> None:
    assert days(following(done(repeat=Repeat(rrule="FREQ=MONTHLY")), pattern="DAILY")) == [date(2026, 12, 27)]


@pytest.mark.parametrize(
    ("pattern", "end", "rule"),
    [
        ("DAILY", None, "FREQ=DAILY"),
        (" weekly ", None, "FREQ=WEEKLY"),
        ("MONTHLY", "20270131", "FREQ=MONTHLY;UNTIL=20270131"),
        ("YEARLY", "2027-01-31", "FREQ=YEARLY;UNTIL=20270131"),
        ("DAILY", "2027-01-31T12:00:00Z", "FREQ=DAILY;UNTIL=20270131T120000Z"),
        ("DAILY", "2027-01-31T12:00:00.5-05:00", "FREQ=DAILY;UNTIL=20270131T170000Z"),
        ("DAILY", "20270131T120000", "FREQ=DAILY;UNTIL=20270131T120000"),
        ("RRULE:FREQ=DAILY;UNTIL=20261201", "20270131", "FREQ=DAILY;UNTIL=20261201"),
        ("freq=weekly;byday=mo", None, "FREQ=WEEKLY;BYDAY=MO"),
    ],
)
def test_a_pattern_may_be_short(pattern: str, end: str | None, rule: str) -> None:
    assert rule_of_pattern(pattern, end) == rule


@pytest.mark.parametrize(
    ("pattern", "end"),
    [
        ("sometimes", None),
        ("FREQ=SOMETIMES", None),
        ("INTERVAL=2", None),
        ("FREQ=DAILY;INTERVAL=0", None),
        ("FREQ=DAILY;INTERVAL=-1", None),
        ("FREQ=DAILY;INTERVAL=99999999999", None),
        ("FREQ=DAILY;INTERVAL=x", None),
        ("FREQ=DAILY;COUNT=x", None),
        ("FREQ=WEEKLY;BYDAY=XX", None),
        ("FREQ=DAILY;UNTIL=never", None),
        ("FREQ", None),
        ("DAILY", "never"),
        ("DAILY", "2027-13-01T00:00:00Z"),
    ],
)
def test_what_is_no_rule_is_refused(pattern: str, end: str | None) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whoever found it says it
        following(done(), pattern=pattern, end=end)


def test_a_series_ends_with_its_last_day() -> None:
    assert days(following(done(), end="20261204")) == [date(2026, 12, 4)]
    assert days(following(done(), end="2026-12-03")) == []
    assert days(following(done(), pattern="FREQ=WEEKLY;COUNT=1")) == []


def test_nothing_follows_a_todo_without_a_date_or_a_rule() -> None:
    assert days(following(done(due_day=None))) == []
    assert days(following(done(), pattern=None)) == []


def test_nothing_follows_what_was_opened_again_or_completed_again() -> None:
    assert days(following(done(status=Status.OPEN, completed_at=None, version=3))) == []
    assert days(following(done(version=4))) == []


def test_a_next_time_that_is_there_is_not_made_again() -> None:
    completed = done()
    [made] = following(completed).tasks
    assert days(following(completed, made)) == []
    assert days(following(completed, made.model_copy(update={"status": Status.DELETED}))) == []


def test_a_next_time_that_was_there_is_not_brought_back() -> None:
    completed = done()
    first = following(completed)
    assert days(following(completed, history=first.events)) == []


def test_a_number_that_was_given_away_stays_where_it_is() -> None:
    [made] = following(done(), making.task(4, "Buy stamps")).tasks
    assert made.number != 4
