"""Forty rules in six zones over five years, against a calendar of our own.

What is expected is worked out here from days and instants alone: a rule is a question asked of every day, and the instant of a time
on the wall is found by asking every offset that the zone has around it. Every rule runs at an hour that the clocks leave out once a
year and at one that they pass twice.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.language.model import Moment, Repeat
from shared.schedule.repeats import next_due

FROM, YEARS = date(2026, 1, 1), 5
TO = date(FROM.year + YEARS, 1, 1)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MO, TU, WE, TH, FR, SA, SU = range(7)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

#: The hour that is left out, and one that comes twice, in each zone. Santiago changes at midnight, Lord Howe by half an hour.
ZONES = {
    "America/New_York": (time(2, 30), time(1, 30)),
    "Europe/London": (time(1, 30), time(1, 15)),
    "Australia/Sydney": (time(2, 0), time(2, 45)),
    "Australia/Lord_Howe": (time(2, 15), time(1, 45)),
    "America/Santiago": (time(0, 30), time(23, 30)),
    "Asia/Kathmandu": (time(2, 30), time(9, 0)),
}

Comes = Callable[[date, date], bool]
"""Whether a rule that began on the first day comes on the second."""


# --- a calendar of our own ---------------------------------------------------------------------------------------


def every(days: int) -> Comes:
    return lambda first, day: (day - first).days % days == 0


def weekly(*weekdays: int, weeks: int = 1) -> Comes:
    def comes(first: date, day: date) -> bool:
        apart = (_monday(day) - _monday(first)).days // 7
        return apart % weeks == 0 and (day.weekday() in weekdays if weekdays else day.weekday() == first.weekday())

    return comes


def monthly(*days: int, months: int = 1) -> Comes:
    """On these days of the month, or on the one it began; -1 is the last; a short month has its last day for them."""

    def comes(first: date, day: date) -> bool:
        length = _length(day)
        wanted = {length + 1 + each if each < 0 else min(each, length) for each in days or (first.day,)}
        return _months(first, day) % months == 0 and day.day in wanted

    return comes


def nth(place: int, *weekdays: int, months: int = 1) -> Comes:
    """The first (1), second ... or last (-1) of these weekdays of the month."""

    def comes(first: date, day: date) -> bool:
        from_there = (day.day - 1) // 7 + 1 if place > 0 else -((_length(day) - day.day) // 7 + 1)
        return _months(first, day) % months == 0 and day.weekday() in weekdays and from_there == place

    return comes


def nth_workday(place: int) -> Comes:
    """The first or last day of the month that is a weekday."""

    def comes(_: date, day: date) -> bool:
        month = [day.replace(day=number) for number in range(1, _length(day) + 1)]
        return day == [one for one in month if one.weekday() < SA][place]

    return comes


def yearly(month: int, days: Comes, years: int = 1) -> Comes:
    return lambda first, day: (day.year - first.year) % years == 0 and day.month == month and days(first, day)


def in_months(months: set[int], days: Comes) -> Comes:
    return lambda first, day: day.month in months and days(first, day)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _months(first: date, day: date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clock on the wall shows that: the first time; of one that is left out, as long after as the clocks go forward."""
    wall = datetime.combine(day, at)
    around = {zone.utcoffset(wall - 30 * HOUR), zone.utcoffset(wall + 30 * HOUR)}
    possible = sorted((wall - offset).replace(tzinfo=UTC) for offset in around if offset is not None)
    shown = [one for one in possible if one.astimezone(zone).replace(tzinfo=None) == wall]
    return shown[0] if shown else possible[-1]


# --- forty rules -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A rule as RFC 5545 writes it, and as the calendar of our own asks it."""

    rrule: str
    comes: Comes
    first: date = FROM
    times: int | None = None
    last: date = TO
    but: tuple[date, ...] = ()
    hours: tuple[int, ...] = (0,)
    """Hours after its own: "every 12 hours" comes at two of them."""


RULES = (
    Rule("FREQ=DAILY", every(1)),
    Rule("FREQ=DAILY;INTERVAL=2", every(2)),
    Rule("FREQ=DAILY;INTERVAL=3", every(3)),
    Rule("FREQ=DAILY;INTERVAL=10", every(10)),
    Rule("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", weekly(MO, TU, WE, TH, FR)),
    Rule("FREQ=DAILY;BYMONTH=6,7,8", in_months({6, 7, 8}, every(1)), date(2026, 6, 1)),
    Rule("FREQ=DAILY;COUNT=400", every(1), times=400),
    Rule("FREQ=DAILY;UNTIL=20281106", every(1), last=date(2028, 11, 6)),
    Rule("FREQ=DAILY", every(1), but=(date(2026, 3, 8), date(2026, 3, 29), date(2027, 12, 25), date(2028, 2, 29))),
    Rule("FREQ=DAILY;COUNT=90", every(1), times=90, but=(date(2026, 3, 8), date(2026, 3, 9))),
    Rule("FREQ=HOURLY;INTERVAL=12", every(1), hours=(0, 12)),
    Rule("FREQ=HOURLY;INTERVAL=24", every(1)),
    Rule("FREQ=HOURLY;INTERVAL=6;UNTIL=20270430", every(1), last=date(2027, 4, 30), hours=(0, 6, 12, 18)),
    Rule("FREQ=WEEKLY", weekly()),
    Rule("FREQ=WEEKLY;BYDAY=SU", weekly(SU), date(2026, 1, 4)),
    Rule("FREQ=WEEKLY;BYDAY=SA,SU", weekly(SA, SU), date(2026, 1, 3)),
    Rule("FREQ=WEEKLY;BYDAY=MO,WE,FR", weekly(MO, WE, FR), date(2026, 1, 2)),
    Rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", weekly(MO, TU, WE, TH, FR)),
    Rule("FREQ=WEEKLY;INTERVAL=2", weekly(weeks=2), date(2026, 1, 4)),
    Rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", weekly(TU, SU, weeks=2), date(2026, 1, 4)),
    Rule("FREQ=WEEKLY;INTERVAL=3;BYDAY=SA", weekly(SA, weeks=3), date(2026, 1, 3)),
    Rule("FREQ=WEEKLY;INTERVAL=6", weekly(weeks=6)),
    Rule("FREQ=WEEKLY;BYDAY=TH;COUNT=60", weekly(TH), times=60),
    Rule("FREQ=WEEKLY;BYDAY=SU;UNTIL=20290325", weekly(SU), date(2026, 1, 4), last=date(2029, 3, 25)),
    Rule("FREQ=MONTHLY", monthly(), date(2026, 1, 31)),
    Rule("FREQ=MONTHLY;BYMONTHDAY=8", monthly(8), date(2026, 1, 8)),
    Rule("FREQ=MONTHLY;BYMONTHDAY=29", monthly(29), date(2026, 1, 29)),
    Rule("FREQ=MONTHLY;BYMONTHDAY=30", monthly(30), date(2026, 1, 30)),
    Rule("FREQ=MONTHLY;BYMONTHDAY=-1", monthly(-1), date(2026, 1, 31)),
    Rule("FREQ=MONTHLY;BYMONTHDAY=1,15,31", monthly(1, 15, 31)),
    Rule("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=31", monthly(31, months=3), date(2026, 1, 31)),
    Rule("FREQ=MONTHLY;BYDAY=2SU", nth(2, SU), date(2026, 1, 11)),
    Rule("FREQ=MONTHLY;BYDAY=-1SU", nth(-1, SU), date(2026, 1, 25)),
    Rule("FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO,1FR", nth(1, MO, FR, months=2), date(2026, 1, 2)),
    Rule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", nth_workday(-1), date(2026, 1, 30)),
    Rule("FREQ=YEARLY", yearly(3, monthly(28)), date(2026, 3, 28)),
    Rule("FREQ=YEARLY", yearly(2, monthly(29)), date(2024, 2, 29)),
    Rule("FREQ=YEARLY;INTERVAL=2", yearly(11, monthly(1), years=2), date(2026, 11, 1)),
    Rule("FREQ=YEARLY;BYMONTH=10;BYDAY=1SU", yearly(10, nth(1, SU)), date(2026, 10, 4)),
    Rule("FREQ=YEARLY;BYMONTH=2,4,10;BYMONTHDAY=31", in_months({2, 4, 10}, monthly(31)), date(2026, 2, 28)),
)


@cache
def days_of(rule: Rule) -> list[date]:
    """The days on which it comes, the first included."""
    days = (rule.first + number * DAY for number in range((min(TO, rule.last + DAY) - rule.first).days))
    return [day for day in days if rule.comes(rule.first, day)]


def expected(rule: Rule, at: time, zone: ZoneInfo) -> list[datetime]:
    """The occurrences of a rule after its first, until the five years are over."""
    hours = sorted((at.hour + later) % 24 for later in rule.hours)
    times = [(day, at.replace(hour=hour)) for day in days_of(rule) for hour in hours]
    following = times[times.index((rule.first, at)) + 1 :]
    counted = following if rule.times is None else following[: rule.times - 1]
    return [instant(day, at, zone) for day, at in counted if day not in rule.but]


# --- step by step ------------------------------------------------------------------------------------------------


def series(repeat: Repeat, first: Moment, zone: str) -> Iterator[tuple[Moment, int]]:
    """One occurrence after the other, each done at its own time, with how many passed meanwhile."""
    at = first
    while True:
        done = at.at or instant(at.day, time(12), ZoneInfo(zone))
        found = next_due(repeat, at, zone, after=done, done_at=done)
        if found is None:
            return
        repeat, at = found.repeat, found.moment
        yield at, found.missed


def moment_of(at: datetime, zone: ZoneInfo) -> Moment:
    local = at.astimezone(zone)
    return Moment(day=local.date(), at=local)


def test_there_are_forty() -> None:
    assert len(RULES) == 40


@pytest.mark.parametrize("zone", ZONES)
def test_the_hours_are_those_that_the_clocks_leave_out_and_pass_twice(zone: str) -> None:
    there, (gap, overlap) = ZoneInfo(zone), ZONES[zone]
    days = [FROM + number * DAY for number in range((TO - FROM).days)]
    moved = [day for day in days if instant(day, gap, there).astimezone(there).time() != gap]
    twice = [day for day in days if _offset(day, overlap, there) > _offset(day, overlap.replace(fold=1), there)]
    assert (len(moved), len(twice)) == ((0, 0) if zone == "Asia/Kathmandu" else (YEARS, YEARS))


def _offset(day: date, at: time, there: ZoneInfo) -> timedelta:
    return there.utcoffset(datetime.combine(day, at)) or timedelta(0)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("rule", RULES, ids=[f"{number}: {rule.rrule}" for number, rule in enumerate(RULES, 1)])
def test_a_rule_comes_as_the_calendar_has_it(rule: Rule, zone: str) -> None:
    there = ZoneInfo(zone)
    end = instant(TO, time(), there)
    for at in ZONES[zone]:
        repeat = Repeat(rrule=rule.rrule, except_days=rule.but)
        found = []
        for moment, missed in series(repeat, moment_of(instant(rule.first, at, there), there), zone):
            assert moment.at is not None
            if moment.at.astimezone(UTC) >= end:
                break
            assert (moment.day, missed) == (moment.at.astimezone(there).date(), 0)
            found.append(moment.at.astimezone(UTC))
        assert found == expected(rule, at, there)


ALL_DAY = [rule for rule in RULES if not rule.rrule.startswith("FREQ=HOURLY")]


@pytest.mark.parametrize("rule", ALL_DAY, ids=[rule.rrule for rule in ALL_DAY])
def test_all_day_it_comes_on_the_same_days(rule: Rule) -> None:
    found = []
    for moment, _ in series(Repeat(rrule=rule.rrule, except_days=rule.but), Moment(day=rule.first), "Europe/London"):
        if moment.day >= TO:
            break
        found.append(moment.day)
    assert found == [at.date() for at in expected(rule, time(12), ZoneInfo("UTC"))]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("rrule", "minutes"), [("FREQ=HOURLY", 60), ("FREQ=HOURLY;INTERVAL=5", 300), ("FREQ=MINUTELY;INTERVAL=90", 90)]
)
def test_hours_and_minutes_are_elapsed_time(rrule: str, minutes: int, zone: str) -> None:
    first = instant(FROM, time(0, 15), ZoneInfo(zone))
    found = list(islice(series(Repeat(rrule=rrule), moment_of(first, ZoneInfo(zone)), zone), 366 * 24 * 60 // minutes))
    assert [(moment.at and moment.at.astimezone(UTC), missed) for moment, missed in found] == [
        (first + number * timedelta(minutes=minutes), 0) for number in range(1, len(found) + 1)
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("rrule", "later"),
    [
        ("FREQ=DAILY", lambda day: day + DAY),
        ("FREQ=DAILY;INTERVAL=3", lambda day: day + 3 * DAY),
        ("FREQ=WEEKLY;INTERVAL=2", lambda day: day + 14 * DAY),
        ("FREQ=MONTHLY", lambda day: _months_later(day, 1)),
        ("FREQ=MONTHLY;INTERVAL=6", lambda day: _months_later(day, 6)),
        ("FREQ=YEARLY", lambda day: _months_later(day, 12)),
    ],
    ids=["day", "3 days", "2 weeks", "month", "6 months", "year"],
)
def test_after_done_it_counts_from_the_day_it_was_done(rrule: str, later: Callable[[date], date], zone: str) -> None:
    there = ZoneInfo(zone)
    for at in ZONES[zone]:
        repeat, due, number = Repeat(rrule=rrule, after_done=True), moment_of(instant(FROM, at, there), there), 0
        while due.day < TO:
            assert due.at is not None
            done, number = due.at.astimezone(UTC) + timedelta(hours=number * 7 % 50), number + 1
            found = next_due(repeat, due, zone, after=done, done_at=done)
            assert found is not None
            assert found.moment.at is not None
            assert found.moment.at.astimezone(UTC) == instant(later(done.astimezone(there).date()), at, there)
            repeat, due = found.repeat, found.moment


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def test_after_done_goes_past_the_days_left_out() -> None:
    repeat = Repeat(rrule="FREQ=DAILY;INTERVAL=3", after_done=True, except_days=(date(2026, 12, 25), date(2026, 12, 28)))
    done = datetime(2026, 12, 22, 9, tzinfo=UTC)
    found = next_due(repeat, Moment(day=done.date()), "UTC", after=done, done_at=done)
    assert found is not None
    assert (found.moment.day, found.missed) == (date(2026, 12, 31), 0)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("rrule", ["FREQ=DAILY;BYHOUR=2,14", "FREQ=HOURLY;BYHOUR=2,14", "FREQ=HOURLY;INTERVAL=12;BYHOUR=2,14"])
def test_hours_that_are_listed_stay(rrule: str, zone: str) -> None:
    there, found = ZoneInfo(zone), []
    first = instant(FROM, time(2), there)
    for moment, missed in islice(series(Repeat(rrule=rrule), moment_of(first, there), zone), 2 * 366):
        assert moment.at is not None
        assert missed == 0
        found.append(moment.at.astimezone(UTC))
    days = (FROM + number * DAY for number in range(400))
    assert found == [instant(day, time(hour), there) for day in days for hour in (2, 14)][1 : len(found) + 1]


def test_a_day_that_a_zone_left_out_is_no_second_time() -> None:
    """Samoa went from 29 to 31 December 2011."""
    there = ZoneInfo("Pacific/Apia")
    for rrule, days in (("FREQ=DAILY", [29, 31, 1, 2]), ("FREQ=DAILY;INTERVAL=2", [30, 1, 3, 5])):
        first = moment_of(instant(date(2011, 12, 28), time(9), there), there)
        found = list(islice(series(Repeat(rrule=rrule), first, "Pacific/Apia"), 4))
        assert [moment.day.day for moment, _ in found] == [day if day != 30 else 31 for day in days]
        assert {missed for _, missed in found} == {0}


# --- any rule ----------------------------------------------------------------------------------------------------


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A rule of those that people say."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "MINUTELY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 13))}"]
    days = ",".join(draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True)))
    month_days = ",".join(map(str, draw(st.lists(st.integers(1, 31) | st.just(-1), min_size=1, max_size=3, unique=True))))
    by = {
        "DAILY": ["", f"BYDAY={days}", "BYHOUR=2,14;BYMINUTE=30"],
        "WEEKLY": ["", f"BYDAY={days}"],
        "MONTHLY": ["", f"BYMONTHDAY={month_days}", f"BYDAY={draw(st.sampled_from([1, 2, 4, -1]))}{days[:2]}"],
        "YEARLY": ["", f"BYMONTH={draw(st.integers(1, 12))};BYMONTHDAY={month_days}"],
    }
    parts.append(draw(st.sampled_from(by.get(freq, [""]))))
    parts.append(draw(st.sampled_from(["", "", "COUNT=9", "UNTIL=20271231"])))
    return ";".join(part for part in parts if part)


@given(
    rules(),
    st.dates(date(2024, 1, 1), date(2029, 1, 1)),
    st.integers(0, 24 * 60 - 1),
    st.sampled_from([*ZONES, "Pacific/Apia", "America/Nuuk", "Asia/Kolkata", "UTC"]),
    st.booleans(),
    st.floats(0, 0.99),
)
@settings(max_examples=200)
def test_it_goes_on_never_back_and_leaves_nothing_out(
    rrule: str, day: date, minute: int, zone: str, all_day: bool, late: float
) -> None:
    there = ZoneInfo(zone)
    at = instant(day, time(minute // 60, minute % 60), there)
    first = Moment(day=day) if all_day and not rrule.startswith(("FREQ=HOURLY", "FREQ=MINUTELY")) else moment_of(at, there)
    repeat = Repeat(rrule=rrule)
    walked = [first, *(moment for moment, missed in islice(series(repeat, first, zone), 8) if missed == 0)]
    instants = [moment.at.astimezone(UTC) if moment.at else instant(moment.day, time(12), there) for moment in walked]
    assert all(one < other for one, other in pairwise(instants))
    for place, (one, other) in enumerate(pairwise(instants)):
        within = other - one if walked[1].at else timedelta(hours=11)
        found = next_due(repeat, first, zone, after=one + late * within, done_at=one + late * within)
        assert found is not None
        assert (found.moment, found.missed) == (walked[place + 1], place)
