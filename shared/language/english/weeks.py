"""Weeks and weekends: `next week`, `the week of 14 december`, `week 50`, `the weekend after next`."""

from __future__ import annotations

from datetime import date, timedelta

from shared.language.english.calendar_days import nth_in_month
from shared.language.english.forms import form
from shared.language.moments import DAY, Context, Day


@form(
    "period",
    "(this|the|on the|over the|at the|this coming|the coming|during the) weekend",
    "[this] weekend",
    examples={"this weekend": "2026-11-28"},
)
def this_weekend(context: Context) -> Day:
    """this weekend: Saturday; today when it has begun"""
    saturday = context.today + timedelta(days=5 - context.today.weekday())
    return Day(max(saturday, context.today), last=saturday + DAY, first=saturday, grain="weekend")


@form("period", "[the] next weekend", "[the] following weekend", examples={"next weekend": "2026-12-05"})
def next_weekend(context: Context) -> Day:
    """next weekend"""
    return _weekend(context.today + timedelta(days=12 - context.today.weekday()))


@form("period", "[the] (last|past|previous) weekend")
def last_weekend(context: Context) -> Day:
    """last weekend"""
    saturday = context.today - timedelta(days=context.today.weekday() + 2)
    return Day(saturday, last=saturday + DAY, first=saturday, grain="weekend", past=True, said="Last weekend")


@form("period", "[the] weekend after next", examples={"the weekend after next": "2026-12-12"})
def weekend_after_next(context: Context) -> Day:
    """the weekend after next"""
    return _weekend(context.today + timedelta(days=19 - context.today.weekday()))


@form("day", "[the] <ord> weekend (of|in) <month> [<year>]", examples={"the last weekend of january": "2027-01-30"})
def nth_weekend(context: Context, ord: int, month: int, year: int | None = None) -> Day | None:  # noqa: A002 - the class name
    """the last weekend of october: its Saturday"""
    years = [year] if year is not None else [context.today.year, context.today.year + 1]
    saturdays = (nth_in_month(each, month, ord, 5) for each in years)
    found = next((day for day in saturdays if day is not None and (day >= context.today or year is not None)), None)
    return _weekend(found) if found is not None else None


@form("day", "[the] weekend of <day>", "[over] <holiday:day> weekend", examples={"labor day weekend": "2027-09-04"})
def weekend_of(_: Context, day: Day) -> Day | None:
    """labor day weekend: the weekend nearest to the day"""
    if day.grain != "day" or day.weekday is not None or not day.full:
        return None
    ahead = 5 - day.date.weekday()
    return _weekend(day.date + timedelta(days=ahead if ahead < 4 else ahead - 7))


@form("day", "[the] weekend (after|following) <day>", examples={"the weekend after christmas": "2026-12-26"})
def weekend_after(_: Context, day: Day) -> Day:
    """the weekend after christmas: the first Saturday behind it"""
    last = day.last or day.date
    return _weekend(last + timedelta(days=(5 - last.weekday() - 1) % 7 + 1))


@form("day", "[the] weekend before <day>", examples={"the weekend before christmas": "2026-12-19"})
def weekend_before(_: Context, day: Day) -> Day:
    """the weekend before christmas: the last one that is over by then"""
    return _weekend(day.date - timedelta(days=(day.date.weekday() - 6 - 1) % 7 + 2))


def _weekend(saturday: date) -> Day:
    return Day(saturday, last=saturday + DAY, grain="weekend", full=True)


def week_from(monday: date) -> Day:
    """A week, Monday to Sunday."""
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True)


@form(
    "period",
    "(this|the|this current|the current|current) (week|workweek|work week|working week)",
    "during the week",
    examples={"this week": "2026-11-25"},
)
def this_week(context: Context) -> Day:
    """this week: from today"""
    monday = context.today - timedelta(days=context.today.weekday())
    return Day(context.today, last=monday + 6 * DAY, first=monday, grain="week", said="This week")


@form(
    "period",
    "[the|my] (next|coming|following|upcoming) (week|workweek|work week|working week)",
    "[the] week after this",
    examples={"next week": "2026-11-30"},
)
def next_week(context: Context) -> Day:
    """next week: Monday"""
    return week_from(context.today + timedelta(days=7 - context.today.weekday()))


@form("period", "[the] week after next", examples={"the week after next": "2026-12-07"})
def week_after_next(context: Context) -> Day:
    """the week after next"""
    return week_from(context.today + timedelta(days=14 - context.today.weekday()))


@form("period", "(last|past|previous) week", "the (last|past) week")
def last_week(context: Context) -> Day:
    """last week"""
    monday = context.today - timedelta(days=7 + context.today.weekday())
    return Day(monday, last=monday + 6 * DAY, grain="week", past=True, said="Last week")


@form(
    "day",
    "[the] week (of|beginning|starting|commencing) [on] <day>",
    "w / c <day>",
    examples={"the week of 14 dec": "2026-12-14"},
)
def week_of_day(_: Context, day: Day) -> Day:
    """the week of 14 december: its Monday"""
    return week_from(day.date - timedelta(days=day.date.weekday()))


@form("day", "[the] week (after|following) <day>", examples={"the week after christmas": "2026-12-28"})
def week_after(_: Context, day: Day) -> Day:
    """the week after christmas: the Monday behind it"""
    last = day.last or day.date
    return week_from(last + timedelta(days=7 - last.weekday()))


@form("day", "[the] week before <day>", examples={"the week before christmas": "2026-12-14"})
def week_before(_: Context, day: Day) -> Day:
    """the week before christmas"""
    return week_from(day.date - timedelta(days=7 + day.date.weekday()))


@form("day", "[in] [the] week <int>", "[in] [the] week <int> of <year>", examples={"week 50": "2026-12-07"})
def week_number(context: Context, int: int, year: int | None = None) -> Day | None:  # noqa: A002 - the class name
    """week 50: the calendar week (ISO 8601), the next of that number"""
    if not 1 <= int <= 52:
        return None
    monday = date.fromisocalendar(year or context.today.year, int, 1)
    if year is None and monday + 6 * DAY < context.today:
        monday = date.fromisocalendar(context.today.year + 1, int, 1)
    return week_from(monday)
