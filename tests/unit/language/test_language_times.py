"""How people say when: dates, clock times, stretches and repeats, in sentences of our own.

Wednesday 25 November 2026, 10:00 in New York; one line of `meaning` for each (see `saying`). What must not be a date stands at the end.
"""

from __future__ import annotations

import pytest

from shared.language.model import Command, Intent, Meanings
from shared.messages.repeats import say_repeat
from tests.unit.language.saying import NOW, meaning, read

CLOCKS = {
    "at twenty-five to seven": "2026-11-25T18:35",
    "at 20 to 4": "2026-11-25T15:40",
    "at ten till 5": "2026-11-25T16:50",
    "at oh eight hundred hours": "2026-11-26T08:00 (not today)",
    "at fourteen hundred hours": "2026-11-25T14:00",
    "at five oh five pm": "2026-11-25T17:05",
    "at nine forty-five am tomorrow": "2026-11-26T09:45",
    "at 4 o clock": "2026-11-25T16:00",
    "fiveish tomorrow": "2026-11-26T17:00",
    "an hour after 5pm": "2026-11-25T18:00",
    "first thing monday": "2026-11-30T09:00",
    "early tomorrow": "2026-11-26T09:00",
    "late tonight": "2026-11-25T20:00",
    "in the early hours of monday": "2026-11-30T00:00",
    "in the night-time": "2026-11-25T20:00",
    "at the eod": "2026-11-25T17:00",
    "by the end of business day tomorrow": "2026-11-26T17:00",
    "tomorrow morning 11": "2026-11-26T11:00",
    "this time tomorrow": "2026-11-26T10:00",
    "same time next week": "2026-12-02T10:00",
    "after lunch": "2026-11-25T13:00",
    "9am (BST)": "2026-11-26T04:00 (Thu 9am BST)",
    "no later than 5pm": "2026-11-25T17:00",
}
DAYS = {
    "tomrorow": "2026-11-26",
    "on thurday": "2026-11-26",
    "nxt wk": "2026-11-30",
    "12 / 4": "2026-12-04 (not 12 Apr)",
    "friday 4.12": "2026-12-04",
    "dec 4 (friday)": "2026-12-04",
    "the 3rd next month": "2026-12-03",
    "next week's monday": "2026-11-30",
    "on monday coming": "2026-11-30",
    "monday in two weeks": "2026-12-07",
    "two weeks on monday": "2026-12-14",
    "a week tomorrow": "2026-12-03",
    "six weeks today": "2027-01-06",
    "the friday before christmas": "2026-12-18",
    "two days prior to christmas": "2026-12-23",
    "the weekend after christmas": "2026-12-26",
    "the week before christmas": "2026-12-14",
    "in 3 business days": "2026-11-30",
    "the last working day of january": "2027-01-29",
    "in a week or so": "2026-12-02",
    "in 2-3 weeks": "2026-12-09",
    "in less than an hour": "2026-11-25T11:00",
    "in an hour's time": "2026-11-25T11:00",
    "friday at the latest": "2026-11-27",
    "on christmas eve at 5": "2026-12-24T17:00",
    "on nye": "2026-12-31",
    "after the weekend": "2026-11-30",
}
STRETCHES = {
    "early in march": "2027-03-01",
    "mid-march": "2027-03-15",
    "in the middle of next week": "2026-12-02",
    "late in january": "2027-01-21",
    "at the end of next year": "2027-12-31",
    "the rest of the month": "2026-11-25",
    "later in the year": "2026-11-25",
    "within the week": "2026-11-27",
    "in q2": "2027-04-01",
    "in the first quarter of 2028": "2028-01-01",
    "this summer": "2027-06-01",
    "in the next decade": "2030-01-01",
    "the first two weeks of january": "2027-01-01",
    "the second week of next month": "2026-12-07",
    "sometime next week": "2026-11-30",
    "in the next hour": "2026-11-25T11:00",
    "the next three hours": "2026-11-25T10:00 to 2026-11-25T13:00",
    "after 5 but before 7": "2026-11-25T17:00 to 2026-11-25T19:00",
    "for 2 hours from 9": "2026-11-25T21:00 to 2026-11-25T23:00",
    "from 4 to 23 next month": "2026-12-04 to 2026-12-23",
    "tonight 8-10": "2026-11-25T20:00 to 2026-11-25T22:00",
    "9-5 friday": "2026-11-27T09:00 to 2026-11-27T17:00",
    "friday evening to sunday evening": "2026-11-27T19:00 to 2026-11-29T19:00",
}
REPEATS = {
    "8am and 8pm every day": "2026-11-25T20:00 DAILY;BYHOUR=8,20",
    "daily at 10, 12 and 17": "2026-11-25T12:00 DAILY;BYHOUR=10,12,17",
    "every day at 8:30am and 8:30pm": "2026-11-25T20:30 DAILY;BYHOUR=8,20;BYMINUTE=30",
    "twice a day": "2026-11-25T19:00 DAILY;BYHOUR=9,19",
    "every morning and evening": "2026-11-25T19:00 DAILY;BYHOUR=9,19",
    "every hour from 9 to 5": "2026-11-25T11:00 HOURLY;BYHOUR=9,10,11,12,13,14,15,16,17",
    "every hour until 6pm": "2026-11-25T11:00 HOURLY;UNTIL=20261125T230000Z",
    "every 15 minutes for 2 hours": "2026-11-25T10:15 MINUTELY;INTERVAL=15;UNTIL=20261125T170000Z",
    "every day except sunday": "2026-11-25 WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA",
    "daily except weekends": "2026-11-25 WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "every day except christmas day": "2026-11-25 DAILY except 2026-12-25",
    "every day except on 4 december": "2026-11-25 DAILY except 2026-12-04",
    "every day except 24 dec, 25 dec and 31 dec": "2026-11-25 DAILY except 2026-12-24 except 2026-12-25 except 2026-12-31",
    "every day except today": "2026-11-26 DAILY",
    "every monday except next week": "2026-12-07 WEEKLY;BYDAY=MO",
    "every friday except christmas day": "2026-11-27 WEEKLY;BYDAY=FR except 2026-12-25",
    "every mon and wed at 6pm except in july": "2026-11-25T18:00 WEEKLY;BYMONTH=1,2,3,4,5,6,8,9,10,11,12;BYDAY=MO,WE",
    "every day except in november": "2026-12-01 DAILY;BYMONTH=1,2,3,4,5,6,7,8,9,10,12",
    "every other day except in may": "2026-11-25 DAILY;INTERVAL=2;BYMONTH=1,2,3,4,6,7,8,9,10,11,12",
    "every saturday except in the winter": "2026-11-28 WEEKLY;BYMONTH=3,4,5,6,7,8,9,10,11;BYDAY=SA",
    "every week except in july and august until june 2028": "2026-11-25 WEEKLY;BYMONTH=1,2,3,4,5,6,9,10,11,12;UNTIL=20280601",
    "every weekday but not friday": "2026-11-25 WEEKLY;BYDAY=MO,TU,WE,TH",
    "monday mornings": "2026-11-30T09:00 WEEKLY;BYDAY=MO",
    "mon-fri at 6am": "2026-11-26T06:00 WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "every christmas": "2026-12-25 YEARLY;BYMONTH=12;BYMONTHDAY=25",
    "every thanksgiving": "2026-11-26 YEARLY;BYMONTH=11;BYDAY=4TH",
    "every day this week": "2026-11-25 DAILY;UNTIL=20261129",
    "every day in december": "2026-12-01 DAILY;UNTIL=20261231",
    "every friday through march": "2026-11-27 WEEKLY;BYDAY=FR;UNTIL=20270331",
    "for the next 10 days every day": "2026-11-25 DAILY;UNTIL=20261205",
    "every friday x5": "2026-11-27 WEEKLY;BYDAY=FR;COUNT=5",
    "every few days": "2026-11-25 DAILY;INTERVAL=3",
    "once a fortnight": "2026-11-25 WEEKLY;INTERVAL=2",
    "on the last day of every quarter": "2026-12-31 YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
    "3 days after i'm done": "2026-11-25 DAILY;INTERVAL=3 after done",
    "every 3 days from when i finish": "2026-11-25 DAILY;INTERVAL=3 after done",
    "repeating every friday": "2026-11-27 WEEKLY;BYDAY=FR",
    "(every friday)": "2026-11-27 WEEKLY;BYDAY=FR",
}
NO_TIME = (
    "buy christmas presents", "plan the black friday sale", "order the weekend box", "watch the midnight library", "pay the monthly pass",
    "read q2 report", "write h1 heading", "fall protection training", "finish the first half of the essay", "get the rest of the tools",
    "review the last 3 weeks", "send the report from last week", "fix the bug i found earlier this week", "plan 3 weeks of meals",
    "buy 3-5 apples", "the 24/7 support line", "call eve", "buy a hundred balloons", "read the middle of the book", "take the 5 to the 10",
)  # fmt: skip


@pytest.mark.parametrize(("when", "meant"), {**CLOCKS, **DAYS, **STRETCHES, **REPEATS}.items())
def test_a_time_is_read(when: str, meant: str) -> None:
    assert meaning(f"call mum {when}") == f"add 'Call mum' {meant}"


@pytest.mark.parametrize("text", NO_TIME)
def test_words_are_not_dates(text: str) -> None:
    command = read(text).commands[0]

    assert (command.when, command.repeat) == (None, None)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("meet in room 4 this afternoon", "add 'Meet in room 4' 2026-11-25T15:00"),
        ("flight BA 12 tomorrow", "add 'Flight BA 12' 2026-11-26 maybe move words=flight ba 12"),
        ("take 2 pills daily", "add 'Take 2 pills' 2026-11-25 DAILY"),
        ("ring gran at 4 about the keys", "add 'Ring gran about the keys' 2026-11-25T16:00"),
        ("oral exam friday 3pm remind me a day before and an hour before", "add 'Oral exam' 2026-11-27T15:00 remind -86400s remind -3600s"),
    ],
)  # fmt: skip
def test_what_is_no_time_stays_in_the_title(text: str, meant: str) -> None:
    assert meaning(text) == meant


@pytest.mark.parametrize(
    "when",
    [
        "every day at 8am and 8pm",
        "twice a day",
        "three times a day",
        "every day except sunday",
        "every day except christmas day",
        "every day except 24 dec, 25 dec and 31 dec",
        "every monday except in july",
        "every mon and wed except june, july and august",
        "every 2 weeks except in may until 4 dec 2027",
        "every hour from 9 to 5",
        "every 2 hours from 9 to 5",
    ],
)
def test_a_repeat_reads_back_as_it_is_told(when: str) -> None:
    told = _told(read(f"stretch {when}").commands[0])
    again = read(f"stretch {told}").commands[0]

    assert _told(again) == told


def _told(command: Command) -> str:
    assert command.repeat is not None
    assert command.when is not None
    return say_repeat(command.repeat, command.when.start, NOW.date())


def test_twice_a_day_follows_the_persons_own_hours() -> None:
    from datetime import time

    command = read("take the drops twice a day", meanings=Meanings(morning=time(7), evening=time(22))).commands[0]

    assert command.repeat is not None
    assert command.repeat.rrule == "FREQ=DAILY;BYHOUR=7,22"


def test_a_dotted_date_needs_a_country_that_writes_so() -> None:
    there = read("call mum on 4.12", meanings=Meanings(day_first=True)).commands[0]
    here = read("call mum on 4.12").commands[0]

    assert there.when is not None
    assert there.when.start.day.isoformat() == "2026-12-04"
    assert here.when is None


@pytest.mark.parametrize(
    "text",
    [
        "report sales for last quarter",
        "Sales for last quarter",
        "read about 2019 q1",
        "review last month's numbers",
        "photos from last summer",
        "photos of last weekend",
        "sort invoices since 2019",
        "file the taxes for 2024",
        "chase the invoice for october 2025",
        "call mum about last friday",
        "type up the notes from yesterday",
        "check the figures from 2023 to 2024",
    ],
)
def test_a_bygone_time_stays_in_the_title(text: str) -> None:
    [command] = read(text).commands

    assert (command.intent, command.when, command.repeat) == (Intent.ADD, None, None)
    assert command.title.casefold() == text.casefold()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("what did i do last quarter", "query done 2026-07-01 to 2026-09-30"),
        ("what did i do last weekend", "query done 2026-11-21 to 2026-11-22"),
        ("send the invoice last weekend", "add 'Send the invoice' over Last weekend"),
        ("study from 2024 to 2028", "add 'Study' 2024-01-01 to 2028-12-31"),
        ("plan the report for next quarter", "add 'Plan the report' 2027-01-01"),
    ],
)
def test_but_not_where_it_is_asked_about_or_not_over(text: str, meant: str) -> None:
    assert meaning(text) == meant
