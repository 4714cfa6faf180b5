"""Todos as iCalendar: what RFC 5545 asks for, and what its readers make of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from shared.language.model import Moment, Priority, Reminder, Repeat
from shared.todos.model import Settings, Status, Task
from shared.web import calendars
from tests.making import NOW, task

NEW_YORK = ZoneInfo("America/New_York")
FIVE = datetime(2026, 11, 27, 17, tzinfo=NEW_YORK)
TIMED: dict[str, Any] = {"zone": "America/New_York", "due_day": date(2026, 11, 27), "due_at": FIVE.astimezone(UTC)}
ALL_DAY: dict[str, Any] = {"zone": "America/New_York", "due_day": date(2026, 11, 27)}


def read(text: str) -> Any:
    """The one component of a calendar."""
    [found] = Calendar.from_ical(calendars.head("Jotline") + text + calendars.TAIL).subcomponents
    return found


def todo(made: Task, **settings: Any) -> Any:
    return read(calendars.todo(made, Settings(**settings), NOW))


def event(made: Task) -> Any:
    return read(calendars.event(made, NOW))


def test_what_a_todo_has() -> None:
    made = task(
        title="Pay rent; now", note="in cash,\nplease", tags=("home", "flat"), priority=Priority.URGENT, version=3, **TIMED
    )
    found = todo(made)
    assert (str(found["uid"]), str(found["summary"]), str(found["description"])) == (
        f"{made.id}@jotline",
        "Pay rent; now",
        "in cash,\nplease",
    )
    assert (found["priority"], found["sequence"], found["status"]) == (1, 2, "NEEDS-ACTION")
    assert [str(tag) for tag in found["categories"].cats] == ["home", "flat"]
    assert (found.decoded("due"), found.decoded("created"), found.decoded("dtstamp")) == (FIVE, NOW, NOW)
    assert found["due"].params["TZID"] == "America/New_York"
    assert "dtstart" not in found


def test_one_that_is_done() -> None:
    found = todo(task(status=Status.DONE, completed_at=NOW))
    assert (found["status"], found.decoded("completed"), found["percent-complete"]) == ("COMPLETED", NOW, 100)
    assert found.walk("VALARM") == []


def test_one_from_to() -> None:
    made = task(**TIMED, end_day=date(2026, 11, 27), end_at=(FIVE + timedelta(hours=2)).astimezone(UTC))
    assert (todo(made).decoded("dtstart"), todo(made).decoded("due")) == (FIVE, FIVE + timedelta(hours=2))
    assert (event(made).decoded("dtstart"), event(made).decoded("dtend")) == (FIVE, FIVE + timedelta(hours=2))


def test_days_end_with_the_day_after() -> None:
    made = task(**ALL_DAY, end_day=date(2026, 11, 29))
    assert (event(made).decoded("dtstart"), event(made).decoded("dtend")) == (date(2026, 11, 27), date(2026, 11, 30))
    assert (todo(made).decoded("dtstart"), todo(made).decoded("due")) == (date(2026, 11, 27), date(2026, 11, 29))


@pytest.mark.parametrize(
    ("due", "rule", "until"),
    [
        (TIMED, "FREQ=DAILY;UNTIL=20261231T235959Z", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (TIMED, "FREQ=DAILY;UNTIL=20261231", datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC)),
        (ALL_DAY, "FREQ=DAILY;UNTIL=20261231T235959Z", date(2026, 12, 31)),
        (ALL_DAY, "FREQ=DAILY;UNTIL=20261231", date(2026, 12, 31)),
    ],
)
def test_a_rule_ends_as_it_begins(due: dict[str, Any], rule: str, until: date) -> None:
    found = todo(task(**due, repeat=Repeat(rrule=rule)))
    assert found["rrule"]["UNTIL"] == [until]
    assert found.decoded("dtstart") == found.decoded("due")


def test_days_that_are_left_out() -> None:
    left_out = Repeat(rrule="FREQ=DAILY", except_days=(date(2026, 12, 25),))
    assert event(task(**TIMED, repeat=left_out))["exdate"].dts[0].dt == datetime(2026, 12, 25, 17, tzinfo=NEW_YORK)
    assert event(task(**ALL_DAY, repeat=left_out))["exdate"].dts[0].dt == date(2026, 12, 25)


def test_one_that_repeats_after_it_is_done_has_no_rule() -> None:
    found = todo(task(**ALL_DAY, repeat=Repeat(rrule="FREQ=DAILY;INTERVAL=3", after_done=True)))
    assert "rrule" not in found
    assert found["comment"] == "Repeats 3 days after done"


@pytest.mark.parametrize(
    ("due", "remind", "settings", "trigger"),
    [
        (TIMED, (), {}, timedelta(0)),
        (TIMED, (), {"remind_before_seconds": 900}, timedelta(minutes=-15)),
        (TIMED, (Reminder(before_seconds=3600),), {"remind_before_seconds": 900}, timedelta(hours=-1)),
        (ALL_DAY, (Reminder(before_seconds=0),), {}, timedelta(hours=9)),
        (ALL_DAY, (Reminder(before_seconds=86_400),), {}, timedelta(hours=9 - 24)),
        (ALL_DAY, (Reminder(at=Moment(day=FIVE.date(), at=FIVE)),), {}, FIVE),
    ],
)
def test_reminders(due: dict[str, Any], remind: tuple[Reminder, ...], settings: dict[str, Any], trigger: object) -> None:
    [alarm] = todo(task(**due, remind=remind), **settings).walk("VALARM")
    assert (alarm.decoded("trigger"), alarm["action"], alarm["description"]) == (trigger, "DISPLAY", "Buy milk")


def test_what_nobody_reminds_of() -> None:
    assert todo(task(**ALL_DAY)).walk("VALARM") == []


@pytest.mark.parametrize("made", [task(), task(status=Status.DONE, completed_at=NOW, **ALL_DAY)])
def test_what_is_no_event(made: Task) -> None:
    assert calendars.event(made, NOW) == ""


def test_an_event_takes_nobodys_time_and_has_no_alarm() -> None:
    found = event(task(**TIMED, remind=(Reminder(before_seconds=3600),)))
    assert (found["transp"], found.walk("VALARM")) == ("TRANSPARENT", [])


def test_lines_are_folded_at_75_octets_and_end_with_crlf() -> None:
    text = calendars.todo(task(title="\N{GRINNING FACE}" * 100), Settings(), NOW)
    assert all(len(row.encode()) <= 75 for row in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert str(read(text)["summary"]) == "\N{GRINNING FACE}" * 100


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "UTC", "Asia/Kathmandu"])
def test_the_rules_of_a_zone_say_what_the_zone_does(zone: str) -> None:
    rules = read(calendars.zone_rules(zone, NOW)).to_tz()
    for month in range(1, 13):
        there = datetime(2027, month, 15, 12, tzinfo=UTC)
        assert there.astimezone(rules).utcoffset() == there.astimezone(ZoneInfo(zone)).utcoffset()
