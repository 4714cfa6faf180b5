"""Recurrence rules as programs write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.model import Moment
from shared.schedule import repeats
from shared.todos import rules
from shared.todos.errors import RepeatUnreadable

START = Moment(day=date(2026, 11, 27))
MOMENT = datetime(2026, 11, 27, 15, tzinfo=UTC)
AT = Moment(day=date(2026, 11, 27), at=MOMENT)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;BYDAY=MO,WE;WKST=SU",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=5MO",
        "FREQ=YEARLY;BYYEARDAY=366",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO",
        "FREQ=DAILY;COUNT=1",
        "FREQ=DAILY;UNTIL=20261127",
        "FREQ=HOURLY;INTERVAL=4",
        "FREQ=MINUTELY;INTERVAL=90",
    ],
)
def test_rules_of_rfc_5545_are_taken(rule: str) -> None:
    assert rules.read(rule, AT, "America/New_York").rrule == rule


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ",
        "FREQ=",
        "NEVER",
        "FREQ=SECONDLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=20261126",
        "FREQ=DAILY;UNTIL=20261399",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # begins on a Friday: never a Monday
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9",
        "FREQ=YEARLY;BYSETPOS=1",
        "FREQ=DAILY;BYEASTER=1",
        "FREQ=MINUTELY;BYMONTH=2",
        "DTSTART=20261127;FREQ=DAILY",
        "FREQ=DAILY;" + "BYHOUR=" + ",".join(["1"] * 300),
    ],
)
def test_what_is_no_rule_or_never_comes_is_refused(rule: str) -> None:
    with pytest.raises(RepeatUnreadable):
        rules.read(rule, START, "America/New_York")


NUMBERS = st.integers(-400, 400).map(str)
PART = st.one_of(
    st.tuples(st.sampled_from(["INTERVAL", "COUNT"]), st.integers(-1, 500).map(str)),
    st.tuples(st.just("UNTIL"), st.sampled_from(["20270101", "20270101T000000Z", "00000000"])),
    st.tuples(st.sampled_from(["BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYHOUR", "BYMINUTE"]), NUMBERS),
    st.tuples(st.just("BYDAY"), st.sampled_from(["MO", "SU,SA", "5FR", "-1TU", "53MO"])),
)


@given(st.sampled_from([*sorted(rules.PARTS), "DAILY", "HOURLY", "YEARLY", "MONTHLY", "WEEKLY"]), st.lists(PART, max_size=4))
def test_whatever_is_taken_leads_to_a_next_time_or_an_end(frequency: str, parts: list[tuple[str, str]]) -> None:
    rule = ";".join([f"FREQ={frequency}", *("=".join(part) for part in parts)])
    try:
        repeat = rules.read(rule, AT, "Europe/Berlin")
    except RepeatUnreadable:
        return
    anchored = repeats.anchor(repeat, AT)
    following = repeats.next_due(anchored, AT, "Europe/Berlin", after=MOMENT, done_at=MOMENT)
    assert following is not None or {"COUNT", "UNTIL"} & repeats.parts_of(rule).keys()
