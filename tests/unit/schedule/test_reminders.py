"""When a reminder comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.model import Moment, Reminder
from shared.schedule.reminders import instant_of, remind_at

NEW_YORK = ZoneInfo("America/New_York")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[arg-type, misc]


def timed(*parts: int) -> Moment:
    return Moment(day=at(*parts).date(), at=at(*parts))


def test_before_counts_from_the_due_time() -> None:
    assert remind_at(Reminder(before_seconds=3 * 3600), timed(2026, 11, 27, 18), NEW_YORK) == at(2026, 11, 27, 15)


def test_a_day_before_is_at_the_same_time_of_day_also_when_the_clocks_change() -> None:
    assert remind_at(Reminder(before_seconds=86_400), timed(2027, 3, 14, 9), NEW_YORK) == at(2027, 3, 13, 9)
    assert remind_at(Reminder(before_seconds=86_400 + 3600), timed(2027, 3, 14, 9), NEW_YORK) == at(2027, 3, 13, 8)


def test_hours_before_are_elapsed_time() -> None:
    assert remind_at(Reminder(before_seconds=7 * 3600), timed(2027, 3, 14, 9), NEW_YORK) == at(2027, 3, 14, 1)


def test_an_all_day_todo_counts_from_the_persons_morning() -> None:
    due = Moment(day=date(2026, 11, 27))
    assert remind_at(Reminder(before_seconds=0), due, NEW_YORK) == at(2026, 11, 27, 9)
    assert remind_at(Reminder(before_seconds=86_400), due, NEW_YORK, morning=time(7, 30)) == at(2026, 11, 26, 7, 30)


def test_a_stated_moment_needs_no_due_date() -> None:
    stated = Reminder(at=Moment(day=date(2026, 11, 26)))
    assert remind_at(stated, None, NEW_YORK) == at(2026, 11, 26, 9)


def test_without_a_date_there_is_nothing_to_count_from() -> None:
    assert remind_at(Reminder(before_seconds=600), None, NEW_YORK) is None


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_an_instant_stays_the_same_in_every_zone(zone: str) -> None:
    assert instant_of(timed(2026, 11, 27, 18), ZoneInfo(zone)) == datetime(2026, 11, 27, 23, tzinfo=UTC)


@given(st.dates(date(2024, 1, 1), date(2029, 1, 1)), st.times(), st.integers(0, 30 * 86_400))
def test_a_reminder_is_never_after_its_todo(day: date, clock: time, before: int) -> None:
    moment = datetime.combine(day, clock, NEW_YORK).astimezone(UTC).astimezone(NEW_YORK)
    comes = remind_at(Reminder(before_seconds=before), Moment(day=moment.date(), at=moment), NEW_YORK)
    assert comes is not None
    assert comes.astimezone(UTC) <= moment.astimezone(UTC)
