"""When a repeating todo comes next, against an independent look at the calendar."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.language.model import Moment, Repeat
from shared.schedule import repeats
from shared.schedule.repeats import Next, anchor, next_due

ZONE = "America/New_York"
NEW_YORK = ZoneInfo(ZONE)


def local(text: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def moment(text: str, zone: str = ZONE) -> Moment:
    if "T" in text:
        at = local(text, zone)
        return Moment(day=at.date(), at=at)
    return Moment(day=date.fromisoformat(text))


def following(rrule: str, due: str, done: str = "2026-11-25T10:00", *, after_done: bool = False) -> Next | None:
    repeat = Repeat(rrule=rrule, after_done=after_done)
    return next_due(repeat, moment(due), ZONE, after=local(done), done_at=local(done))


def written(found: Next | None) -> str | None:
    """The moment as the tests write it."""
    if found is None:
        return None
    return (
        found.moment.at.replace(tzinfo=None).isoformat(timespec="minutes") if found.moment.at else found.moment.day.isoformat()
    )


def chain(rrule: str, due: str, times: int) -> list[str | None]:
    """The next occurrences, each done at its own time."""
    repeat, at, found = Repeat(rrule=rrule), moment(due), []
    for _ in range(times):
        done = at.at or datetime.combine(at.day, time(10), NEW_YORK)
        upcoming = next_due(repeat, at, ZONE, after=done, done_at=done)
        found.append(written(upcoming))
        if upcoming is None:
            break
        repeat, at = upcoming.repeat, upcoming.moment
    return found


# --- the calendar ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rrule", "due", "done", "upcoming"),
    [
        ("FREQ=WEEKLY", "2026-11-27", "2026-11-27T19:00", "2026-12-04"),
        ("FREQ=DAILY", "2026-11-25T21:00", "2026-11-25T21:05", "2026-11-26T21:00"),
        ("FREQ=DAILY", "2026-11-25T21:00", "2026-11-25T08:00", "2026-11-26T21:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "2026-11-26T07:00", "2026-11-26T08:00", "2026-11-30T07:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-27", "2026-11-27T12:00", "2026-11-30"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "2026-11-26", "2026-11-26T12:00", "2026-12-07"),
        ("FREQ=MONTHLY;BYDAY=3FR", "2026-12-18T12:00", "2026-12-18T12:00", "2027-01-15T12:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30", "2026-11-30T12:00", "2026-12-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-11-30", "2026-11-30T12:00", "2026-12-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,31", "2026-11-15", "2026-11-15T12:00", "2026-11-30"),
        ("FREQ=MONTHLY", "2027-01-31", "2027-01-31T12:00", "2027-02-28"),
        ("FREQ=YEARLY", "2028-02-29", "2028-02-29T12:00", "2029-02-28"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-11-26", "2026-11-26T12:00", "2027-11-25"),
        ("FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0", "2026-11-25T09:00", "2026-11-25T09:01", "2026-11-25T17:00"),
    ],
)
def test_the_next_time_by_the_calendar(rrule: str, due: str, done: str, upcoming: str) -> None:
    found = following(rrule, due, done)
    assert written(found) == upcoming
    assert found is not None
    assert found.missed == 0


def test_a_late_completion_goes_on_after_today_and_counts_what_was_missed() -> None:
    found = following("FREQ=WEEKLY", "2026-11-06")
    assert (written(found), found and found.missed) == ("2026-11-27", 2)


def test_an_all_day_todo_done_today_does_not_come_back_today() -> None:
    found = following("FREQ=DAILY", "2026-11-24")
    assert (written(found), found and found.missed) == ("2026-11-26", 1)


def test_a_timed_todo_done_late_comes_again_later_today() -> None:
    found = following("FREQ=DAILY", "2026-11-24T21:00")
    assert (written(found), found and found.missed) == ("2026-11-25T21:00", 0)


def test_the_31st_comes_back_after_a_short_month() -> None:
    assert chain("FREQ=MONTHLY;BYMONTHDAY=31", "2027-01-31", 4) == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    assert chain("FREQ=MONTHLY", "2027-01-30", 2) == ["2027-02-28", "2027-03-30"]


def test_the_29th_of_february_comes_back_in_a_leap_year() -> None:
    assert chain("FREQ=YEARLY", "2024-02-29", 4) == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


# --- the clock ---------------------------------------------------------------------------------------------------


def test_the_wall_clock_is_kept_when_the_clocks_change() -> None:
    assert chain("FREQ=DAILY", "2027-03-13T09:00", 2) == ["2027-03-14T09:00", "2027-03-15T09:00"]
    assert chain("FREQ=WEEKLY", "2026-10-30T18:30", 1) == ["2026-11-06T18:30"]


def test_an_hour_left_out_by_the_change_comes_an_hour_later_for_once() -> None:
    assert chain("FREQ=DAILY", "2027-03-13T02:30", 3) == ["2027-03-14T03:30", "2027-03-15T02:30", "2027-03-16T02:30"]


def test_every_12_hours_stays_at_its_hours() -> None:
    assert chain("FREQ=HOURLY;INTERVAL=12", "2027-03-13T20:00", 2) == ["2027-03-14T08:00", "2027-03-14T20:00"]


def test_every_hour_is_elapsed_time() -> None:
    assert chain("FREQ=HOURLY", "2027-03-14T01:00", 2) == ["2027-03-14T03:00", "2027-03-14T04:00"]


def test_minutes_are_found_without_walking_through_them() -> None:
    found = following("FREQ=MINUTELY;INTERVAL=5", "2016-11-25T10:00")
    assert written(found) == "2026-11-25T10:05"
    assert found is not None
    assert found.missed == (local("2026-11-25T10:05") - local("2016-11-25T10:00")) // timedelta(minutes=5) - 1


def test_the_zone_given_decides_the_wall_clock() -> None:
    due = moment("2027-03-27T09:00", "Europe/London")
    done = local("2027-03-27T10:00", "Europe/London")
    found = next_due(Repeat(rrule="FREQ=DAILY"), due, "Europe/London", after=done, done_at=done)
    assert found is not None
    assert found.moment.at == datetime(2027, 3, 28, 8, tzinfo=UTC)


# --- after done --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rrule", "due", "done", "upcoming"),
    [
        ("FREQ=DAILY;INTERVAL=3", "2026-11-23", "2026-11-25T10:00", "2026-11-28"),
        ("FREQ=DAILY;INTERVAL=3", "2026-11-23T17:00", "2026-11-25T10:00", "2026-11-28T17:00"),
        ("FREQ=WEEKLY", "2026-11-30", "2026-11-25T10:00", "2026-12-02"),
        ("FREQ=MONTHLY", "2026-11-30", "2027-01-31T10:00", "2027-02-28"),
        ("FREQ=YEARLY", "2026-11-30", "2028-02-29T10:00", "2029-02-28"),
        ("FREQ=HOURLY;INTERVAL=6", "2026-11-25T08:00", "2026-11-25T10:07", "2026-11-25T16:07"),
    ],
)
def test_counting_from_completion(rrule: str, due: str, done: str, upcoming: str) -> None:
    found = following(rrule, due, done, after_done=True)
    assert (written(found), found and found.missed) == (upcoming, 0)


# --- the end of a series -----------------------------------------------------------------------------------------


def test_a_series_ends_after_its_last_day() -> None:
    assert chain("FREQ=DAILY;UNTIL=20261127", "2026-11-25T08:00", 5) == ["2026-11-26T08:00", "2026-11-27T08:00", None]
    assert chain("FREQ=DAILY;UNTIL=20261127", "2026-11-26", 5) == ["2026-11-27", None]


def test_a_series_ends_at_a_utc_time_too() -> None:
    assert chain("FREQ=DAILY;UNTIL=20261127T130000Z", "2026-11-25T08:00", 5) == ["2026-11-26T08:00", "2026-11-27T08:00", None]
    assert chain("FREQ=DAILY;UNTIL=20261127T125959Z", "2026-11-25T08:00", 5) == ["2026-11-26T08:00", None]


def test_a_count_holds_this_occurrence_and_goes_down() -> None:
    assert chain("FREQ=DAILY;COUNT=3", "2026-11-25", 5) == ["2026-11-26", "2026-11-27", None]
    found = following("FREQ=DAILY;COUNT=9", "2026-11-22")
    assert found is not None
    assert repeats.parts_of(found.repeat.rrule)["COUNT"] == "5"


def test_a_count_can_run_out_while_nobody_was_looking() -> None:
    assert following("FREQ=DAILY;COUNT=3", "2026-11-20") is None
    assert following("FREQ=HOURLY;COUNT=3", "2026-11-20T10:00") is None


def test_a_rule_that_never_comes_has_ended() -> None:
    assert following("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO", "2026-11-25") is None


# --- anchors -----------------------------------------------------------------------------------------------------


def test_a_moved_occurrence_moves_alone() -> None:
    bins = anchor(Repeat(rrule="FREQ=WEEKLY"), moment("2026-11-27"))
    found = next_due(bins, moment("2026-11-28"), ZONE, after=local("2026-11-28T12:00"), done_at=local("2026-11-28T12:00"))
    assert written(found) == "2026-12-04"


@pytest.mark.parametrize(
    ("rrule", "pinned"),
    [
        ("FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=27"),
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=27"),
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=MONTHLY;BYDAY=3FR", "FREQ=MONTHLY;BYDAY=3FR"),
    ],
)
def test_what_the_first_date_says_is_pinned(rrule: str, pinned: str) -> None:
    assert anchor(Repeat(rrule=rrule), moment("2026-11-27")).rrule == pinned
    assert anchor(Repeat(rrule=pinned), moment("2026-11-28")).rrule == pinned


def test_a_repeat_after_done_has_nothing_to_pin() -> None:
    repeat = Repeat(rrule="FREQ=WEEKLY", after_done=True)
    assert anchor(repeat, moment("2026-11-27")) == repeat


def test_a_rule_without_a_frequency_is_refused() -> None:
    with pytest.raises(ValueError, match="without FREQ"):
        repeats.parts_of("INTERVAL=2")


# --- against an independent calendar -----------------------------------------------------------------------------

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


def first_day(due: date, done: date, comes: object) -> tuple[date, int]:
    """Walk day by day: the first day after both on which it comes, and how often it came in between."""
    missed, day = 0, due
    while True:
        day += timedelta(days=1)
        if comes(day):  # type: ignore[operator]
            if day > done:
                return day, missed
            missed += 1


@given(DAYS, st.integers(-5, 90), st.sets(st.integers(0, 6), min_size=1), st.integers(1, 4))
def test_weekly_rules_agree_with_counting_days(due: date, late: int, weekdays: set[int], interval: int) -> None:
    monday = due - timedelta(days=due.weekday())
    done = due + timedelta(days=late)
    found = following(
        f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={','.join(repeats.WEEKDAYS[day] for day in sorted(weekdays))}",
        due.isoformat(),
        f"{done}T12:00",
    )
    expected = first_day(due, done, lambda day: day.weekday() in weekdays and (day - monday).days // 7 % interval == 0)
    assert found is not None
    assert (found.moment.day, found.missed) == expected


@given(DAYS, st.integers(-5, 200), st.integers(1, 31))
def test_monthly_rules_agree_with_counting_days(due: date, late: int, day_of_month: int) -> None:
    done = due + timedelta(days=late)
    found = following(f"FREQ=MONTHLY;BYMONTHDAY={day_of_month}", due.isoformat(), f"{done}T12:00")
    expected = first_day(due, done, lambda day: day.day == min(day_of_month, calendar.monthrange(day.year, day.month)[1]))
    assert found is not None
    assert (found.moment.day, found.missed) == expected


@given(DAYS, st.integers(1, 5), st.integers(0, 6))
def test_nth_weekdays_agree_with_counting_days(due: date, nth: int, weekday: int) -> None:
    assume(nth < 5)
    found = following(f"FREQ=MONTHLY;BYDAY={nth}{repeats.WEEKDAYS[weekday]}", due.isoformat(), f"{due}T12:00")
    expected = first_day(due, due, lambda day: day.weekday() == weekday and (day.day - 1) // 7 + 1 == nth)
    assert found is not None
    assert (found.moment.day, found.missed) == expected


@given(
    st.dates(date(2024, 1, 1), date(2029, 1, 1)),
    st.integers(0, 24 * 60 - 1),
    st.timedeltas(timedelta(days=-3), timedelta(days=40)),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "MINUTELY"]),
    st.integers(1, 13),
    st.booleans(),
    st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kolkata"]),
)
def test_the_next_time_is_always_later_and_keeps_its_hour(
    day: date,
    minute: int,
    late: timedelta,
    freq: str,
    interval: int,
    after_done: bool,
    zone: str,
) -> None:
    there = ZoneInfo(zone)
    at = datetime.combine(day, time(minute // 60, minute % 60), there).astimezone(UTC).astimezone(there)
    done = (at.astimezone(UTC) + late).astimezone(there)
    found = next_due(
        Repeat(rrule=f"FREQ={freq};INTERVAL={interval}", after_done=after_done),
        Moment(day=at.date(), at=at),
        zone,
        after=done,
        done_at=done,
    )
    assert found is not None
    assert found.moment.at is not None
    assert found.moment.at > done
    assert found.moment.day == found.moment.at.date()
    if not after_done:
        assert found.moment.at > at
    if freq in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        kept = found.moment.at.replace(tzinfo=None).time() == at.time()
        left_out = found.moment.at.utcoffset() != (found.moment.at - timedelta(days=1)).utcoffset()
        assert kept or left_out
