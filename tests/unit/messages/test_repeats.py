"""Repeats are said as they would be typed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language import understand
from shared.language.model import Moment, Repeat
from shared.messages.repeats import say_repeat
from shared.messages.segments import is_gsm7
from shared.schedule import repeats
from tests.unit.messages import guide

NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("America/New_York"))  # a Wednesday
TODAY = NOW.date()
FRIDAY = date(2026, 11, 27)


def said(rrule: str, due: date | None = FRIDAY, *, after_done: bool = False) -> str:
    return say_repeat(Repeat(rrule=rrule, after_done=after_done), Moment(day=due) if due else None, TODAY)


def times(repeat: Repeat) -> list[datetime]:
    """The next times of a todo that is due on that Friday at 9am."""
    due = Moment(day=FRIDAY, at=datetime.combine(FRIDAY, time(9), NOW.tzinfo))
    rule = repeats.anchor(repeat, due)
    found: list[datetime] = []
    while due.at and len(found) < 6:
        upcoming = repeats.next_due(rule, due, "America/New_York", after=due.at, done_at=due.at)
        if upcoming is None or upcoming.moment.at is None:
            break
        rule, due = upcoming.repeat, upcoming.moment
        found.append(upcoming.moment.at)
    return found


TYPED = [
    ("FREQ=DAILY", "every day"),
    ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
    ("FREQ=WEEKLY", "every week"),
    ("FREQ=WEEKLY;BYDAY=FR", "every week"),
    ("FREQ=WEEKLY;BYDAY=MO", "every Mon"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "every 2 weeks"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "every 2 weeks on Mon and Thu"),
    ("FREQ=WEEKLY;BYDAY=TH,MO", "every Mon and Thu"),
    ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "every Mon, Wed and Fri"),
    ("FREQ=WEEKLY;BYDAY=SA,SU", "every Sat and Sun"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "every day"),
    ("FREQ=MONTHLY", "every month"),
    ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=27", "every 3 months"),
    ("FREQ=MONTHLY;BYMONTHDAY=27", "every month"),
    ("FREQ=MONTHLY;BYMONTHDAY=1", "every 1st"),
    ("FREQ=MONTHLY;BYMONTHDAY=1,15", "every 1st and 15th"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "every last day"),
    ("FREQ=MONTHLY;BYMONTHDAY=-2", "every 2nd last day"),
    ("FREQ=MONTHLY;BYMONTHDAY=31", "every 31st or last day"),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "every 31st or last day"),
    ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "every 30th or last day"),
    ("FREQ=MONTHLY;BYDAY=3FR", "every 3rd Fri"),
    ("FREQ=MONTHLY;BYDAY=+3FR", "every 3rd Fri"),
    ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=3", "every 3rd Fri"),
    ("FREQ=MONTHLY;BYDAY=-1FR", "every last Fri"),
    ("FREQ=MONTHLY;BYDAY=1MO,3MO", "every 1st and 3rd Mon"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every last weekday"),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO", "every 2 months on the 1st Mon"),
    ("FREQ=YEARLY", "every year"),
    ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=27", "every year"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "every 29 Feb"),
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "every 4th Thu of Nov"),
    ("FREQ=HOURLY", "every hour"),
    ("FREQ=HOURLY;INTERVAL=12", "every 12 hours"),
    ("FREQ=MINUTELY;INTERVAL=20", "every 20 minutes"),
    ("FREQ=DAILY;BYHOUR=9,17", "every day at 9am and 5pm"),
    ("FREQ=DAILY;BYHOUR=9,17;BYMINUTE=30", "every day at 9:30am and 5:30pm"),
    ("FREQ=DAILY;UNTIL=20261204", "every day until Fri 4 Dec"),
    ("FREQ=DAILY;UNTIL=20261127T235959", "every day until Fri"),
    ("FREQ=WEEKLY;UNTIL=20270108", "every week until Fri 8 Jan 2027"),
    ("FREQ=DAILY;COUNT=10", "every day 10 times"),
]

NOT_TYPED = {"every 2nd last day", "every day at 9am and 5pm", "every day at 9:30am and 5:30pm"}
"""Rules that no text makes; they can only come from elsewhere."""


@pytest.mark.parametrize(("rrule", "words"), TYPED)
def test_a_rule_is_said_as_it_would_be_typed(rrule: str, words: str) -> None:
    assert said(rrule) == words


@pytest.mark.parametrize(("rrule", "words"), [(rrule, words) for rrule, words in TYPED if words not in NOT_TYPED])
def test_what_we_print_is_read_back_to_the_same_times(rrule: str, words: str) -> None:
    commands = understand(f"mow the lawn {words}", NOW, "America/New_York").commands
    assert [command.title for command in commands] == ["Mow the lawn"]
    assert commands[0].repeat is not None
    assert times(commands[0].repeat) == times(Repeat(rrule=rrule))


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("FREQ=DAILY;INTERVAL=3", "3 days after done"),
        ("FREQ=DAILY", "1 day after done"),
        ("FREQ=WEEKLY;INTERVAL=2", "2 weeks after done"),
        ("FREQ=HOURLY;INTERVAL=6", "6 hours after done"),
    ],
)
def test_a_repeat_that_counts_from_completion(rrule: str, words: str) -> None:
    assert said(rrule, after_done=True) == words


def test_an_occurrence_moved_off_its_day_names_the_rules_day() -> None:
    assert said("FREQ=WEEKLY;BYDAY=FR", FRIDAY + timedelta(days=1)) == "every Fri"
    assert said("FREQ=MONTHLY;BYMONTHDAY=1", date(2026, 12, 2)) == "every 1st"
    assert said("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", FRIDAY + timedelta(days=1)) == "every 2 weeks on Fri"


def test_without_a_date_the_day_is_named() -> None:
    assert said("FREQ=WEEKLY;BYDAY=FR", None) == "every Fri"


@pytest.mark.parametrize("words", sorted(guide.RULES))
def test_pinning_a_rule_to_its_first_date_does_not_change_how_it_is_said(words: str) -> None:
    repeat = guide.repeat_of(words)
    assert repeat is not None
    due = Moment(day=date(2026, 12, 18))
    assert say_repeat(repeats.anchor(repeat, due), due, TODAY) == say_repeat(repeat, due, TODAY)


@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "MINUTELY"]),
    st.integers(1, 40),
    st.lists(st.sampled_from(repeats.WEEKDAYS), max_size=7, unique=True),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.booleans(),
)
def test_every_rule_can_be_said(freq: str, interval: int, days: list[str], due: date, after_done: bool) -> None:
    byday = f";BYDAY={','.join(days)}" if days and freq == "WEEKLY" else ""
    words = said(f"FREQ={freq};INTERVAL={interval}{byday}", due, after_done=after_done)
    assert is_gsm7(words)
    assert words.startswith(("every ", f"{interval} "))
