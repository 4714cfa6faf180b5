"""Dates, times and todos: every todo of every reply in the guide, and the traps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.model import Moment, Priority, Reminder
from shared.messages import phrases, writing
from shared.messages.writing import cut_title, is_overdue, say_clock, say_day, say_when, todo_line
from shared.todos.model import Task
from tests.unit.messages import guide

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 25, 10, tzinfo=NEW_YORK)  # a Wednesday
TODAY = NOW.date()


def at(text: str) -> Moment:
    moment = guide.moment_of(when(text), NEW_YORK)
    assert moment is not None
    return moment


def when(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def todo(**data: Any) -> Task:
    return guide.task_of({"n": 1, "title": "Buy milk", **data}, "America/New_York")


# --- every todo of every reply in the guide ----------------------------------------------------------------------

ENDINGS = ("", " is gone.", " is back.", " is open.", " is as before.", " as well? Reply OK.", "? Reply OK.")


def shown_todos() -> Iterator[Any]:
    """Every todo line of every reply, with what the todo was before and after that turn."""
    for scene in guide.scenarios():
        now, hours = guide.now_of(scene), scene.get("settings", {}).get("clock", 12)
        state = {data["n"]: data for data in scene.get("tasks", [])}
        for index, turn in enumerate(scene["turns"]):
            if "clock" in turn:
                now = guide.local_of(turn["clock"], scene["zone"])
            before = dict(state)
            for change in turn.get("set", []):
                state[change["n"]] = {**before.get(change["n"], {}), **change}
            for number, line in re.findall(r"#(\d+) (?!is |does |has |and |or |to |in |code)(\S.*)", turn["out"] or ""):
                known = [state[int(number)], before[int(number)]] if int(number) in before else [state[int(number)]]
                yield pytest.param(f"#{number} {line}", known, now, scene["zone"], hours, id=f"{scene['id']}-{index}-{number}")
            state = {n: {k: v for k, v in data.items() if k not in {"aside", "full"}} for n, data in state.items()}


def writings(data: dict[str, Any], now: datetime, zone: str, hours: int) -> Iterator[str]:
    """What we may write after a verb about this todo."""
    task = guide.task_of(data, zone)
    title, due = writing.todo_title(task), writing.due_of(task)
    yield from (title, f"{title} (now)", writing.done_line(task, now), phrases.done(title, last=True).removeprefix("Done "))
    for full in {False, bool(data.get("full"))}:
        yield todo_line(task, now, hours=hours, full=full, aside=data.get("aside"))
        yield todo_line(task, now, hours=hours, full=full, cut=False)
    if due:
        next_when = say_when(due, now, hours=hours)
        yield todo_line(task, now, hours=hours, named=due.day)
        yield from (phrases.done(title, next_when, missed).removeprefix("Done ") for missed in (0, 2))
    if task.remind and task.remind[0].at:
        yield phrases.snoozed(title, say_when(task.remind[0].at, now, hours=hours)).removeprefix("Snoozed ")


@pytest.mark.parametrize(("line", "known", "now", "zone", "hours"), list(shown_todos()))
def test_every_todo_of_the_guide_is_written_as_it_stands_there(
    line: str, known: list[dict[str, Any]], now: datetime, zone: str, hours: int
) -> None:
    written = {text for data in known for text in writings(data, now, zone, hours)}
    assert line in {text + ending for text in written for ending in ENDINGS}


def test_the_guide_shows_enough_todos_to_mean_something() -> None:
    assert len(list(shown_todos())) > 200


# --- times and days ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "minute", "twelve", "twenty_four"),
    [
        (0, 0, "12am", "00:00"),
        (9, 0, "9am", "09:00"),
        (12, 0, "noon", "12:00"),
        (12, 30, "12:30pm", "12:30"),
        (19, 5, "7:05pm", "19:05"),
    ],
)
def test_clock(hour: int, minute: int, twelve: str, twenty_four: str) -> None:
    time = datetime(2026, 11, 25, hour, minute, tzinfo=NEW_YORK)
    assert (say_clock(time), say_clock(time, 24)) == (twelve, twenty_four)


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (-7, "Wed 18 Nov"),
        (-6, "Thu"),
        (-1, "yesterday"),
        (0, "today"),
        (1, "tomorrow"),
        (2, "Fri"),
        (6, "Tue"),
        (7, "Wed 2 Dec"),
    ],
)
def test_days_near_and_far(away: int, said: str) -> None:
    assert say_day(TODAY + timedelta(away), TODAY) == said


def test_a_day_in_full_and_in_another_year() -> None:
    assert say_day(date(2026, 11, 30), TODAY, full=True) == "Mon 30 Nov"
    assert say_day(date(2027, 1, 4), TODAY) == "Mon 4 Jan 2027"
    assert say_day(date(2027, 1, 1), date(2026, 12, 30)) == "Fri"


@given(st.dates(), st.dates())
def test_no_two_days_of_a_fortnight_are_said_alike(today: date, day: date) -> None:
    near = [
        today + timedelta(n) for n in range(-6, 8) if date.min.toordinal() + 7 < today.toordinal() < date.max.toordinal() - 8
    ]
    coming = [say_day(each, today) for each in near if each >= today]
    assert len(coming) == len(set(coming))
    assert say_day(day, today)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-26T15:00", "2026-11-26T17:00", "tomorrow 3-5pm"),
        ("2026-11-26T11:00", "2026-11-26T14:00", "tomorrow 11am-2pm"),
        ("2026-11-26T11:00", "2026-11-26T12:00", "tomorrow 11am-noon"),
        ("2026-11-27T22:00", "2026-11-28T02:00", "Fri 10pm-2am"),
        ("2026-11-27T17:00", "2026-11-29T18:00", "Fri 5pm to Sun 6pm"),
        ("2026-12-12", "2026-12-15", "Sat 12 Dec to Tue 15 Dec"),
        ("2026-11-24", "2026-11-26", "yesterday to tomorrow"),
        ("2026-11-25T09:00", "2026-11-25T11:00", "today 9-11am"),
    ],
)
def test_ranges(start: str, end: str, said: str) -> None:
    assert say_when(at(start), NOW, end=at(end)) == said


def test_midnight_names_the_night_before_it() -> None:
    assert say_when(at("2026-11-26T00:00"), NOW) == "midnight tonight"
    assert say_when(at("2026-11-27T00:00"), NOW) == "Fri 12am, Thu night"
    assert say_when(at("2026-11-26T00:00"), NOW, hours=24) == "tomorrow 00:00, Wed night"


def test_what_is_over_was_due_unless_it_is_settled() -> None:
    assert say_when(at("2026-11-23T09:00"), NOW) == "was due Mon 9am"
    assert say_when(at("2026-11-23T09:00"), NOW, settled=True) == "Mon 9am"
    assert say_when(at("2026-11-25T09:00"), NOW, named=TODAY) == "was due 9am"
    assert say_when(at("2026-11-25"), NOW, named=TODAY) == ""


def test_an_instant_is_said_in_the_persons_zone() -> None:
    utc = datetime(2026, 11, 26, 4, 30, tzinfo=ZoneInfo("UTC"))
    assert say_when(Moment(day=utc.date(), at=utc), NOW) == "today 11:30pm"


# --- titles and lines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("x" * 40, "x" * 40),
        ("Ask Priya for the signed copy of the catering contract", "Ask Priya for the signed copy of the..."),
        ("x" * 60, "x" * 40 + "..."),
        ("牛" * 50, "牛" * 40 + "..."),
    ],
)
def test_long_titles_are_cut_at_a_word(title: str, cut: str) -> None:
    assert cut_title(title) == cut


@given(st.text(min_size=1, max_size=255).map(str.strip).filter(bool))
def test_a_cut_title_is_a_start_of_the_title(title: str) -> None:
    cut = cut_title(title)
    assert cut == title or (len(cut) <= 43 and title.startswith(cut.removesuffix("...")) and cut.removesuffix("..."))


def test_a_line_holds_when_aside_repeat_reminder_priority_note_and_tags_in_this_order() -> None:
    task = todo(
        due="2026-11-27T18:00", every="every week", remind="2026-11-27T15:00", pri="high", note="gate 7", tags=["work", "trip"]
    )
    assert todo_line(task, NOW, aside="not today") == (
        "#1 Buy milk (Fri 6pm, not today, every week, reminder 3pm, high, note) #work #trip"
    )


def test_only_a_reminder_that_differs_from_the_persons_default_is_printed() -> None:
    task = todo(due="2026-11-27T18:00").model_copy(update={"remind": (Reminder(before_seconds=3 * 3600),)})
    assert todo_line(task, NOW) == "#1 Buy milk (Fri 6pm, reminder 3pm)"
    assert todo_line(task, NOW, remind_before_seconds=3 * 3600) == "#1 Buy milk (Fri 6pm)"


def test_reminders_that_came_already_are_not_printed() -> None:
    assert todo_line(todo(due="2026-11-25T15:00", remind="2026-11-25T09:30"), NOW) == "#1 Buy milk (today 3pm)"


def test_several_reminders_come_in_order_and_the_day_is_named_where_it_is_another() -> None:
    reminders = (Reminder(before_seconds=3600), Reminder(before_seconds=86_400))
    task = todo(due="2026-12-01T09:00").model_copy(update={"remind": reminders})
    assert todo_line(task, NOW) == "#1 Buy milk (Tue 9am, reminder Mon 9am and 8am)"


def test_a_medium_priority_is_never_printed() -> None:
    assert todo_line(todo(), NOW) == "#1 Buy milk"
    assert todo_line(todo().model_copy(update={"priority": Priority.LOW}), NOW) == "#1 Buy milk (low)"


@pytest.mark.parametrize(
    ("due", "end", "overdue"),
    [
        (None, None, False),
        ("2026-11-24", None, True),
        ("2026-11-25", None, False),
        ("2026-11-25T09:59", None, True),
        ("2026-11-25T10:01", None, False),
        ("2026-11-25T09:00", "2026-11-25T11:00", False),
        ("2026-11-23", "2026-11-25", False),
    ],
)
def test_overdue_is_what_has_ended(due: str | None, end: str | None, overdue: bool) -> None:
    assert is_overdue(todo(due=due and when(due), end=end and when(end)), NOW) is overdue
