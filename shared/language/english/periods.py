"""Weeks, weekends, months and years: `next week`, `end of the month`, `the 3rd week of january`."""

from __future__ import annotations

from datetime import date, timedelta

from shared.language.english.calendar_days import exact, next_date, nth_in_month
from shared.language.english.forms import form
from shared.language.moments import (
    DAY,
    Context,
    Day,
    Span,
    add_months,
    add_to_day,
    days_in_month,
)


@form(
    "day",
    "(this|the|on the|over the|at the|this coming|the coming) weekend",
    "[this] weekend",
    examples={"this weekend": "2026-11-28"},
)
def this_weekend(context: Context) -> Day:
    """this weekend: Saturday; today when it has begun"""
    saturday = context.today + timedelta(days=5 - context.today.weekday())
    start = max(saturday, context.today)
    return Day(start, last=saturday + DAY, grain="weekend")


@form("day", "[the] <ord> weekend (of|in) <month> [<year>]", examples={"the last weekend of january": "2027-01-30"})
def nth_weekend(context: Context, ord: int, month: int, year: int | None = None) -> Day | None:  # noqa: A002 - the class name
    """the last weekend of october: its Saturday"""
    years = [year] if year is not None else [context.today.year, context.today.year + 1]
    saturdays = (nth_in_month(each, month, ord, 5) for each in years)
    found = next((day for day in saturdays if day is not None and (day >= context.today or year is not None)), None)
    return Day(found, last=found + DAY, grain="weekend", full=True) if found is not None else None


@form("day", "[the] weekend of <day>", "<holiday:day> weekend", examples={"labor day weekend": "2027-09-04"})
def weekend_of(_: Context, day: Day) -> Day | None:
    """labor day weekend: the weekend nearest to the day"""
    if day.grain != "day" or day.weekday is not None or not day.full:
        return None
    ahead = 5 - day.date.weekday()
    saturday = day.date + timedelta(days=ahead if ahead < 4 else ahead - 7)
    return Day(saturday, last=saturday + DAY, grain="weekend", full=True)


@form("day", "next weekend", examples={"next weekend": "2026-12-05"})
def next_weekend(context: Context) -> Day:
    """next weekend"""
    saturday = context.today + timedelta(days=12 - context.today.weekday())
    return Day(saturday, last=saturday + DAY, grain="weekend", full=True)


@form(
    "day",
    "(this|the|this current|the current|current) week",
    "later this week",
    "during the week",
    examples={"this week": "2026-11-25"},
)
def this_week(context: Context) -> Day:
    """this week: from today"""
    sunday = context.today + timedelta(days=6 - context.today.weekday())
    return Day(context.today, last=sunday, grain="week", said="This week")


@form(
    "day",
    "[the|my] (next|coming|following|upcoming) week",
    "next (workweek|work week|working week)",
    "[the] week after this",
    "early next week",
    examples={"next week": "2026-11-30"},
)
def next_week(context: Context) -> Day:
    """next week: Monday"""
    monday = context.today + timedelta(days=7 - context.today.weekday())
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True)


@form("day", "[the] week after next")
def week_after_next(context: Context) -> Day:
    """the week after next"""
    monday = context.today + timedelta(days=14 - context.today.weekday())
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True)


@form("day", "(last|past|previous) week", "the (last|past) week")
def last_week(context: Context) -> Day:
    """last week"""
    monday = context.today - timedelta(days=7 + context.today.weekday())
    return Day(monday, last=monday + 6 * DAY, grain="week", past=True, said="Last week")


def _month(context: Context, ahead: int) -> Day:
    first = add_months(context.today.replace(day=1), ahead)
    last = first.replace(day=days_in_month(first.year, first.month))
    return Day(max(first, context.today) if ahead == 0 else first, last=last, grain="month", full=True, past=ahead < 0)


@form("day", "this month", "later this month")
def this_month(context: Context) -> Day:
    """this month"""
    return _month(context, 0)


@form("day", "[the] next month", "[the] (coming|following) month", examples={"next month": "2026-12-01"})
def next_month(context: Context) -> Day:
    """next month: its first day"""
    return _month(context, 1)


@form("day", "(last|past|previous) month", "the (last|past) month")
def last_month(context: Context) -> Day:
    """last month"""
    return _month(context, -1)


@form(
    "day",
    "(in|by|during|this|next|before|until|in the|from|starting|starting in) <month> [<year>]",
    "(early|beginning of|start of) <month> [<year>]",
    examples={"in march": "2027-03-01"},
)
def whole_month(context: Context, month: int, year: int | None = None) -> Day:
    """in march: its first day to come"""
    at = year if year is not None else context.today.year + (month < context.today.month)
    first = date(at, month, 1)
    last = first.replace(day=days_in_month(at, month))
    return Day(max(first, context.today) if last >= context.today else first, last=last, grain="month", full=True)


@form("day", "[in|on|by] <month> [,] <year>", "[in|by] <slash>", examples={"in july 2027": "2027-07-01"})
def month_of_year(
    _: Context, month: int | None = None, year: int | None = None, slash: tuple[int, int] | None = None
) -> Day | None:
    """july 2027, 7/2027"""
    if slash is not None:
        month, year = slash
    if month is None or year is None or not 1 <= month <= 12 or not 1900 <= year <= 2200:
        return None
    return Day(date(year, month, 1), last=date(year, month, days_in_month(year, month)), grain="month", full=True)


@form("day", "[the] <ord> week (of|in) <month> [<year>]", "[the] <ord> week of (this|next) month")
def week_of_month(context: Context, ord: int, month: int | None = None, year: int | None = None) -> Day | None:  # noqa: A002 - the class name
    """the 3rd week of january: its Monday"""
    first = add_months(context.today.replace(day=1), 0 if month is None else (month - context.today.month) % 12)
    if year is not None and month is not None:
        first = date(year, month, 1)
    return _week_with(nth_in_month(first.year, first.month, ord, 3))


@form("day", "[the] last week of <year>", examples={"the last week of 2027": "2027-12-27"})
def last_week_of_year(_: Context, year: int) -> Day | None:
    """the last week of 2027"""
    return _week_with(nth_in_month(year, 12, -1, 3))


@form("day", "[in] [the] week <int>", "[in] [the] week <int> of <year>", examples={"week 50": "2026-12-07"})
def week_number(context: Context, int: int, year: int | None = None) -> Day | None:  # noqa: A002 - the class name
    """week 50: the calendar week (ISO 8601), the next of that number"""
    if not 1 <= int <= 52:
        return None
    monday = date.fromisocalendar(year or context.today.year, int, 1)
    if year is None and monday + 6 * DAY < context.today:
        monday = date.fromisocalendar(context.today.year + 1, int, 1)
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True)


def _week_with(thursday: date | None) -> Day | None:
    """A week belongs to the month that has its Thursday (ISO 8601)."""
    if thursday is None:
        return None
    monday = thursday - 3 * DAY
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True)


@form("day", "(in|during) <year>", examples={"in 2028": "2028-01-01"})
def whole_year(context: Context, year: int) -> Day:
    """in 2028: its first day to come"""
    last = date(year, 12, 31)
    first = date(year, 1, 1)
    return Day(max(first, context.today) if last >= context.today else first, last=last, grain="year", full=True)


@form(
    "day",
    "[at|in|by] [the] (beginning|start) of <day>",
    "[at] [the] (beginning|start) of <year>",
    examples={"at the start of next week": "2026-11-30"},
)
def start_of(_: Context, day: Day | None = None, year: int | None = None) -> Day | None:
    """the start of next month"""
    if year is not None:
        return Day(date(year, 1, 1), grain="day", full=True)
    return Day(day.date, full=True) if day is not None and day.grain != "day" else None


@form("day", "[the] week (of|beginning|starting|commencing) [on] <day>", "w / c <day>")
def week_of_day(_: Context, day: Day) -> Day:
    """the week of 14 december: its Monday"""
    monday = day.date - timedelta(days=day.date.weekday())
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True)


@form("day", "mid [-] <month>", "[the] middle of <month>", "mid <month>")
def mid_month(context: Context, month: int) -> Day | None:
    """mid january"""
    return next_date(context, month, 15)


@form(
    "day", "(late|end of|[the] end of|by the end of|at the end of) <month> [<year>]", examples={"end of january": "2027-01-31"}
)
def end_of_named_month(context: Context, month: int, year: int | None = None) -> Day | None:
    """end of january"""
    at = year if year is not None else context.today.year + (month < context.today.month)
    return exact(at, month, days_in_month(at, month))


@form("day", "this year", "later this year", "later in the year")
def this_year(context: Context) -> Day:
    """this year: from today"""
    return Day(context.today, last=date(context.today.year, 12, 31), grain="year", full=True)


@form(
    "day", "(next|following) <length>", "the (next|following) <length>", "over the next <length>", "[the] <num> next <longunit>"
)
def next_days(context: Context, length: Span = Span(), num: int = 0, longunit: tuple[str, Span] | None = None) -> Day | None:  # noqa: B008 - a constant
    """the next 3 days: from tomorrow"""
    length = longunit[1].times(num) if longunit is not None and num < 10_000 else length
    if length.timed or not 0 < length.total_seconds <= 86_400 * 3_650:
        return None
    return Day(context.today + DAY, last=add_to_day(context.today, length), grain="range", full=True)


@form("day", "next year")
def next_year(context: Context) -> Day:
    """next year: its first day"""
    at = context.today.year + 1
    return Day(date(at, 1, 1), last=date(at, 12, 31), grain="year", full=True)


@form(
    "day",
    "[by|at] [the] end of [the|this|current] week",
    "[by|at] [the] eow",
    "[by] [the] end of (the|this) week",
    examples={"end of the week": "2026-11-27"},
)
def end_of_week(context: Context) -> Day:
    """end of the week: Friday, or Sunday once Friday is over"""
    ahead = 4 - context.today.weekday()
    return Day(context.today + timedelta(days=ahead if ahead >= 0 else 6 - context.today.weekday()))


@form(
    "day",
    "[by|at] [the] end of [the|this] month",
    "[by|at] [the] eom",
    "[on] [the] last day of [the|this] month",
    examples={"end of the month": "2026-11-30", "eom": "2026-11-30"},
)
def end_of_month(context: Context) -> Day:
    """end of the month"""
    return Day(context.today.replace(day=days_in_month(context.today.year, context.today.month)), full=True)


@form("day", "[by|at] [the] end of next month", "[on] [the] last day of next month")
def end_of_next_month(context: Context) -> Day:
    """end of next month"""
    month = add_months(context.today.replace(day=1), 1)
    return Day(month.replace(day=days_in_month(month.year, month.month)), full=True)


@form("day", "[by|at] [the] end of [the] (next|coming|upcoming) week")
def end_of_next_week(context: Context) -> Day:
    """end of next week: Friday"""
    return Day(context.today + timedelta(days=11 - context.today.weekday()), full=True)


@form("day", "[by|at] [the] end of [the|this] year", "[by|at] [the] eoy", examples={"end of the year": "2026-12-31"})
def end_of_year(context: Context) -> Day:
    """end of the year"""
    return Day(date(context.today.year, 12, 31), full=True)
