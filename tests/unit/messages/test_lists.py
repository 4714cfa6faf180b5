"""Lists: their order, heads and pages, against the guide and as invariants."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.model import Priority
from shared.messages import lists, segments
from shared.messages.lists import order_done, order_tasks, write_page
from shared.messages.writing import done_line, todo_line
from shared.todos.model import Task
from tests.unit.messages import guide

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 25, 10, tzinfo=NEW_YORK)
TODAY = NOW.date()


def tasks_of(name: str) -> list[Task]:
    scene = guide.scenario(name)
    return [guide.task_of(data, scene["zone"]) for data in scene["tasks"]]


def answers_of(name: str) -> list[str]:
    return [turn["out"] for turn in guide.scenario(name)["turns"]]


def lines_of(tasks: list[Task], named: date | None = None) -> list[str]:
    return [todo_line(task, NOW, named=named) for task in order_tasks(tasks, NOW)]


# --- the guide's lists -------------------------------------------------------------------------------------------


def test_the_whole_list() -> None:
    tasks = tasks_of("list-all")
    assert write_page(lines_of(tasks), head=lists.head(len(tasks))).text == answers_of("list-all")[0]


def test_todays_list_does_not_repeat_its_day() -> None:
    assert write_page(lines_of(tasks_of("list-today"), TODAY), head=lists.head_today(2, 2)).text == answers_of("list-today")[0]


def test_another_days_list_names_the_day() -> None:
    friday = date(2026, 11, 27)
    bins = [task for task in tasks_of("list-tomorrow-weekday-week") if task.due_day == friday]
    page = write_page(lines_of(bins, friday), head=lists.head(1, lists.on_day(friday, TODAY)))
    assert page.text == answers_of("list-tomorrow-weekday-week")[1]


def test_done_todos_come_latest_first() -> None:
    done = [task for task in tasks_of("list-overdue-and-done") if task.completed_at]
    page = write_page([done_line(task, NOW) for task in order_done(done)], head=lists.head(2, "done this week"))
    assert page.text == answers_of("list-overdue-and-done")[1]


def test_a_tag_and_words_head_their_lists() -> None:
    assert lists.head(1, lists.with_tag("home")) == "1 with #home:"
    assert lists.head(2, lists.with_words("milk")) == '2 with "milk":'


def test_a_long_list_goes_on_page_by_page() -> None:
    tasks = tasks_of("list-long")
    pages, start = [], 0
    for _ in range(3):
        page = write_page(lines_of(tasks), head=lists.head(12), start=start)
        pages.append(page.text)
        start = page.stop
    assert pages == answers_of("list-long")


# --- heads -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "overdue", "head"), [(2, 1, "2 today, 1 overdue:"), (2, 0, "2 today:"), (0, 1, "1 overdue:"), (1, 0, "1 today:")]
)
def test_a_count_of_zero_is_left_out(today: int, overdue: int, head: str) -> None:
    assert lists.head_today(today, overdue) == head


@pytest.mark.parametrize(
    ("away", "where"), [(-1, "yesterday"), (0, "today"), (1, "tomorrow"), (2, "on Fri 27 Nov"), (40, "on Mon 4 Jan 2027")]
)
def test_where_a_days_list_is(away: int, where: str) -> None:
    assert lists.on_day(TODAY + timedelta(away), TODAY) == where


def test_a_range_is_named_in_full() -> None:
    assert lists.from_to(date(2026, 11, 27), date(2026, 11, 29), TODAY) == "from Fri 27 Nov to Sun 29 Nov"


# --- invariants --------------------------------------------------------------------------------------------------

TITLES = st.text(alphabet=st.sampled_from("abcdefgh 日€{}é🎂ツ'"), min_size=1, max_size=120).map(str.strip).filter(bool)
WORDS = st.text(alphabet=st.sampled_from("abcxyz日é"), min_size=1, max_size=30)


@st.composite
def open_tasks(draw: st.DrawFn) -> list[Task]:
    tasks = []
    for number in draw(st.lists(st.integers(1, 99), min_size=1, max_size=25, unique=True)):
        day = draw(st.none() | st.dates(date(2026, 11, 1), date(2027, 2, 1)))
        hour = draw(st.none() | st.integers(0, 23))
        timed = datetime(day.year, day.month, day.day, hour, tzinfo=NEW_YORK) if day and hour is not None else None
        tasks.append(
            guide.task_of({"n": number, "title": draw(TITLES)}, "America/New_York").model_copy(
                update={
                    "due_day": day,
                    "due_at": timed,
                    "priority": draw(st.sampled_from(Priority)),
                    "tags": tuple(draw(st.lists(WORDS, max_size=12))),
                }
            )
        )
    return tasks


@given(open_tasks())
def test_no_page_takes_three_segments_and_every_todo_stands_on_one(tasks: list[Task]) -> None:
    lines = lines_of(tasks)
    shown, start = [], 0
    while start < len(lines):
        page = write_page(lines, head=lists.head(len(lines)), start=start)
        assert segments.count_segments(page.text).count <= 2
        assert page.start == start < page.stop
        assert (page.more > 0) == page.text.endswith(f"+{page.more} more: text MORE")
        shown += [line for line in page.text.split("\n") if line.startswith("#")]
        start = page.stop
    assert len(shown) == len(lines)
    assert all(line.split(" ")[0] == full.split(" ")[0] for line, full in zip(shown, lines, strict=True))
    assert write_page(lines, head="", start=start).text == f"That was all {len(lines)}."


@given(open_tasks(), st.randoms(use_true_random=False))
def test_the_order_depends_on_the_todos_alone(tasks: list[Task], random: Random) -> None:
    shuffled = list(tasks)
    random.shuffle(shuffled)
    assert order_tasks(shuffled, NOW) == order_tasks(tasks, NOW)


@given(open_tasks())
def test_what_is_dated_comes_before_what_is_not_and_days_do_not_go_back(tasks: list[Task]) -> None:
    ordered = order_tasks(tasks, NOW)
    days = [task.due_day for task in ordered]
    dated = [day for day in days if day is not None]
    assert days[: len(dated)] == sorted(dated)
    undated = [task.number for task in ordered[len(dated) :]]
    assert undated == sorted(undated)


def test_within_a_day_timed_ones_come_first_then_all_day_ones_by_priority_and_number() -> None:
    scene = guide.scenario("digest-long")
    now = datetime(2026, 11, 25, 8, tzinfo=NEW_YORK)
    ordered = order_tasks((guide.task_of(data, scene["zone"]) for data in scene["tasks"]), now)
    assert [task.number for task in ordered] == [2, 1, 3, 4, 5, 6, 8, 7, 9, 10, 11, 12]
