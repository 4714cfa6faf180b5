"""Todos changed by a program: fields instead of words, the same rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.language.model import Priority, Reminder, Repeat
from shared.todos import operating
from shared.todos.errors import (
    AlreadyDone,
    DateTooFar,
    EndUnfit,
    NothingToUndo,
    ReminderUnfit,
    RepeatUnreadable,
    TimeIsOver,
    TitleEmpty,
    TitleTooLong,
    TodoGone,
)
from shared.todos.model import Decision, Person, Settings, Status, Task
from shared.todos.operating import Wanted, WantedReminder
from shared.todos.stating import Stated
from shared.todos.turn import Turn
from tests.making import NOW, person, task

NEW_YORK = "America/New_York"


def at(text: str) -> Stated:
    """An instant."""
    return Stated(instant=datetime.fromisoformat(text))


def someone(*tasks: Task, **settings: Any) -> Person:
    """Ada with these todos, in New York."""
    return person().model_copy(update={"known": True, "tasks": tasks, "settings": Settings(zone=NEW_YORK, **settings)})


def decided(who: Person, operation: Any, *, now: datetime = NOW, name: str = "api-1") -> Decision:
    """What an operation leads to."""
    _, decision = operating.carry_out(who, name, operation, now=now)
    return decision


def created(who: Person | None = None, **fields: Any) -> Task:
    """The todo that is made of these fields."""
    fields.setdefault("title", "Buy milk")
    decision = decided(who or someone(), lambda turn: operating.create(turn, Wanted(**fields)))
    return decision.tasks[0]


def updated(one: Task, **fields: Any) -> Task:
    """A todo after these fields were wanted of it."""
    turn, _ = operating.carry_out(
        someone(one), "api-1", lambda turn: void(operating.update(turn, one.id, Wanted(**fields))), now=NOW
    )
    return turn.tasks[one.id]


def void(_: object) -> None:
    """Nothing of a value."""


def test_a_new_todo_has_a_number_and_an_event_that_names_the_request() -> None:
    decision = decided(someone(task(1)), lambda turn: operating.create(turn, Wanted(title=" Buy milk ")))
    [made], [event] = decision.tasks, decision.events
    assert (made.number, made.title, made.zone) == (2, "Buy milk", NEW_YORK)
    assert (event.type, event.message_id, event.version) == ("created", "api-1", 1)
    assert decision.reply is None
    assert decision.dialogue.last_added == made.id


def test_the_same_request_makes_the_same_todo() -> None:
    assert created(title="A").id == created(title="A").id


@pytest.mark.parametrize(("title", "refusal"), [("", TitleEmpty), (" \t", TitleEmpty), ("x" * 256, TitleTooLong)])
def test_a_title_that_cannot_be_is_refused_by_name(title: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        created(title=title)


@pytest.mark.parametrize(
    ("stated", "day", "instant"),
    [
        (Stated(day=date(2026, 11, 27)), date(2026, 11, 27), None),
        (Stated(day=date(2026, 11, 27), at=time(17)), date(2026, 11, 27), "2026-11-27T17:00-05:00"),
        (at("2026-11-27T23:00+01:00"), date(2026, 11, 27), "2026-11-27T17:00-05:00"),
        (at("2026-11-28T03:00+01:00"), date(2026, 11, 27), "2026-11-27T21:00-05:00"),  # the day it is where the person is
    ],
)
def test_a_date_is_a_day_an_instant_or_a_time_on_the_persons_clock(stated: Stated, day: date, instant: str | None) -> None:
    made = created(due=stated)
    assert made.due_day == day
    assert made.due_at == (datetime.fromisoformat(instant) if instant else None)


def test_an_instant_stays_what_it_is_for_somebody_who_is_back_home_by_then() -> None:
    away = someone(zone_until=date(2026, 11, 26), zone_home="Europe/Berlin")
    made = created(away, due=at("2026-11-30T09:00-05:00"))
    assert made.due_at == datetime.fromisoformat("2026-11-30T09:00-05:00")
    assert made.zone == "Europe/Berlin"


def test_a_time_that_the_clocks_leave_out_comes_an_hour_later() -> None:
    made = created(due=Stated(day=date(2027, 3, 14), at=time(2, 30)))
    assert made.due_at == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "due", [at("2026-11-25T14:59Z"), Stated(day=date(2026, 11, 24)), Stated(day=date(2026, 11, 25), at=time(9, 59))]
)
def test_a_due_date_that_is_over_is_refused_by_name(due: Stated) -> None:
    with pytest.raises(TimeIsOver):
        created(due=due)


def test_today_is_not_over() -> None:
    assert created(due=Stated(day=date(2026, 11, 25))).due_day == date(2026, 11, 25)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(3000, 1, 1), date(9999, 12, 31)])
def test_a_date_beyond_the_calendar_is_refused_by_name(day: date) -> None:
    with pytest.raises((DateTooFar, TimeIsOver)):
        created(due=Stated(day=day, at=time(12)))


@pytest.mark.parametrize(
    ("due", "end"),
    [
        (None, Stated(day=date(2026, 12, 1))),
        (Stated(day=date(2026, 12, 2)), Stated(day=date(2026, 12, 1))),
        (Stated(day=date(2026, 12, 1)), at("2026-12-01T12:00Z")),
        (at("2026-12-01T12:00Z"), at("2026-12-01T11:59Z")),
    ],
)
def test_an_end_that_fits_no_begin_is_refused_by_name(due: Stated | None, end: Stated) -> None:
    with pytest.raises(EndUnfit):
        created(due=due, end=end)


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        ("DAILY", "FREQ=DAILY"),
        ("weekly", "FREQ=WEEKLY;BYDAY=FR"),
        ("MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=27"),
        ("YEARLY", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=27"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=6", "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=6"),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=-1FR"),
    ],
)
def test_a_todo_repeats_by_a_short_name_or_a_whole_rule(pattern: str, rule: str) -> None:
    made = created(due=Stated(day=date(2026, 11, 27)), pattern=pattern)
    assert made.repeat == Repeat(rrule=rule)
    assert made.series_id == made.id


def test_a_todo_that_is_to_repeat_without_a_date_begins_today() -> None:
    assert created(pattern="DAILY").due_day == date(2026, 11, 25)


def test_a_rule_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(RepeatUnreadable):
        created(pattern="sometimes")


def test_a_reminder_counts_from_the_date() -> None:
    made = created(due=at("2026-11-27T15:00-05:00"), remind=(WantedReminder(before_seconds=3600),))
    assert made.remind == (Reminder(before_seconds=3600),)
    with pytest.raises(ReminderUnfit):
        created(remind=(WantedReminder(before_seconds=3600),))


def test_a_reminder_at_a_moment_that_is_over_is_refused() -> None:
    with pytest.raises(TimeIsOver):
        created(remind=(WantedReminder(at=at("2026-11-25T10:00Z")),))


def test_what_is_not_given_stays_and_null_clears() -> None:
    one = task(note="two litres", tags=("shop",), priority=Priority.HIGH, due_day=date(2026, 11, 27), zone=NEW_YORK)
    assert updated(one, title="Buy oat milk") == one.model_copy(update={"title": "Buy oat milk", "version": 2})
    cleared = updated(one, note="", tags=(), priority=Priority.MEDIUM, due=None)
    assert (cleared.note, cleared.tags, cleared.priority, cleared.due_day) == ("", (), Priority.MEDIUM, None)


def test_what_is_so_already_is_no_change() -> None:
    one = task(title="Buy milk", due_day=date(2026, 11, 20), zone=NEW_YORK)  # over, and yet as it is
    decision = decided(
        someone(one),
        lambda turn: void(operating.update(turn, one.id, Wanted(title="Buy milk", due=Stated(day=date(2026, 11, 20))))),
    )
    assert decision.events == ()


def test_a_todo_that_loses_its_date_repeats_and_reminds_no_more() -> None:
    one = task(
        due_day=date(2026, 11, 27),
        repeat=Repeat(rrule="FREQ=DAILY"),
        remind=(Reminder(before_seconds=60),),
        zone=NEW_YORK,
    )
    after = updated(one, due=None)
    assert (after.due_day, after.repeat, after.remind) == (None, None, ())


def test_another_date_takes_the_end_and_the_rule_along() -> None:
    one = task(
        due_day=date(2026, 11, 27),
        end_day=date(2026, 11, 29),
        repeat=Repeat(rrule="FREQ=WEEKLY;BYDAY=FR"),
        zone=NEW_YORK,
    )
    after = updated(one, due=Stated(day=date(2026, 12, 5)))
    assert (after.due_day, after.end_day) == (date(2026, 12, 5), date(2026, 12, 7))
    assert after.repeat == one.repeat


def test_the_rule_it_has_keeps_what_it_knows() -> None:
    repeat = Repeat(rrule="FREQ=DAILY", except_days=(date(2026, 12, 25),), said="every day except christmas")
    one = task(due_day=date(2026, 11, 27), repeat=repeat, zone=NEW_YORK)
    assert updated(one, pattern="DAILY").repeat == repeat
    assert updated(one, pattern=None).repeat is None


def test_a_done_todo_is_reopened_before_it_is_changed() -> None:
    one = task(status=Status.DONE, completed_at=NOW)
    with pytest.raises(AlreadyDone):
        updated(one, title="Buy oat milk")


def test_done_and_open_again() -> None:
    one = task()
    done = decided(someone(one), lambda turn: void(operating.set_completed(turn, one.id, done=True))).tasks[0]
    assert (done.status, done.completed_at) == (Status.DONE, NOW)
    assert decided(someone(done), lambda turn: void(operating.set_completed(turn, one.id, done=True))).events == ()
    opened = decided(someone(done), lambda turn: void(operating.set_completed(turn, one.id, done=False))).tasks[0]
    assert (opened.status, opened.completed_at, opened.version) == (Status.OPEN, None, 3)


def test_a_repeating_todo_that_is_done_comes_back() -> None:
    one = task(due_day=date(2026, 11, 27), repeat=Repeat(rrule="FREQ=WEEKLY;BYDAY=FR"), zone=NEW_YORK)
    done, following = decided(someone(one), lambda turn: void(operating.set_completed(turn, one.id, done=True))).tasks
    assert done.status is Status.DONE
    assert (following.due_day, following.parent_id, following.number) == (date(2026, 12, 4), one.id, one.number)


def test_nobody_reaches_what_is_not_theirs_or_is_gone() -> None:
    for operation in (
        lambda turn: operating.update(turn, uuid4(), Wanted(title="x")),
        lambda turn: operating.delete(turn, uuid4()),
        lambda turn: operating.set_completed(turn, uuid4(), done=True),
    ):
        with pytest.raises(TodoGone):
            decided(someone(task()), operation)
    gone = task(status=Status.DELETED)
    with pytest.raises(TodoGone):
        decided(someone(gone), lambda turn: operating.delete(turn, gone.id))


def test_one_undo_takes_back_all_that_a_request_did() -> None:
    def several(turn: Turn) -> None:
        for turn.command_index, title in enumerate(("A", "B")):
            turn.item_index = 0
            operating.create(turn, Wanted(title=title))

    first = decided(someone(), several)
    known = someone(*first.tasks).model_copy(update={"dialogue": first.dialogue, "history": tuple(reversed(first.events))})
    second = decided(known, lambda turn: operating.undo(turn, 1), name="api-2", now=NOW + timedelta(minutes=1))
    assert [one.status for one in second.tasks] == [Status.DELETED, Status.DELETED]
    with pytest.raises(NothingToUndo):
        decided(someone(), lambda turn: operating.undo(turn, 1))
