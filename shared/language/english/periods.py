"""Months, quarters, seasons and years: `next month`, `in march`, `q2 2027`, `this summer`.

A `period` is a date wherever it is said ("next month"); a `stretch` is one only behind a word that makes it so: "march" in "early
in march", "the year" in "the rest of the year" (`portions.py`). A period under way begins today; `first` keeps where it began.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.language.calendar import add_months, add_to_day, days_in_month
from shared.language.english.forms import form
from shared.language.moments import DAY, Context, Day, Grain, Span

_QUARTER: Final = 3  # months
_LONGEST_DAYS: Final = 3_650


def stretch_of(context: Context, first: date, months: int, grain: Grain) -> Day:
    """The `months` from `first`; from today when they are under way."""
    last = add_months(first, months) - DAY
    under_way = first <= context.today <= last
    return Day(context.today if under_way else first, last=last, first=first, grain=grain, full=True, past=last < context.today)


@form("day", "<period>", examples={"next month": "2026-12-01"})
def whole_period(_: Context, period: Day) -> Day:
    """next month: its first day"""
    return period


# Months.


def month_from(context: Context, ahead: int) -> Day:
    """The calendar month so many months away."""
    return stretch_of(context, add_months(context.today.replace(day=1), ahead), 1, "month")


@form("period", "this month")
def this_month(context: Context) -> Day:
    """this month"""
    return month_from(context, 0)


@form("period", "[the] next month", "[the] (coming|following|upcoming) month", examples={"next month": "2026-12-01"})
def next_month(context: Context) -> Day:
    """next month: its first day"""
    return month_from(context, 1)


@form("period", "[the] month after next", examples={"the month after next": "2027-01-01"})
def month_after_next(context: Context) -> Day:
    """the month after next"""
    return month_from(context, 2)


@form("period", "(last|past|previous) month", "the (last|past) month")
def last_month(context: Context) -> Day:
    """last month"""
    return month_from(context, -1)


@form("stretch", "[the month of] <month> [[of] <year>]", "<month> , <year>", "<month> this year", "this <month>")
def named_month(context: Context, month: int, year: int | None = None) -> Day:
    """march: this year's, or next year's when it is over"""
    at = year if year is not None else context.today.year + (month < context.today.month)
    return stretch_of(context, date(at, month, 1), 1, "month")


@form("stretch", "<month> next year", "next year's <month>")
def month_of_next_year(context: Context, month: int) -> Day:
    """march next year"""
    return stretch_of(context, date(context.today.year + 1, month, 1), 1, "month")


@form(
    "day",
    "(in|by|during|this|next|before|until|in the|from|starting|starting in|throughout|over|all through|within) <month> [[of] <year>]",
    "(in|by|during) the month of <month> [[of] <year>]",
    "(in|by|during) <month> (this year|, <year>)",
    examples={"in march": "2027-03-01"},
)
def whole_month(context: Context, month: int, year: int | None = None) -> Day:
    """in march: its first day to come"""
    return replace_past(named_month(context, month, year))


@form("day", "(in|by|during|before) <month> next year", examples={"in december next year": "2027-12-01"})
def whole_month_of_next_year(context: Context, month: int) -> Day:
    """in march next year"""
    return replace_past(month_of_next_year(context, month))


def replace_past(day: Day) -> Day:
    """A month or year that was named points nowhere: whether it is over is seen from its days."""
    return Day(day.date, last=day.last, first=day.first, grain=day.grain, full=True)


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


# Quarters and halves of a year.


def _quarter(context: Context, ahead: int) -> Day:
    first = context.today.replace(month=(context.today.month - 1) // _QUARTER * _QUARTER + 1, day=1)
    return stretch_of(context, add_months(first, _QUARTER * ahead), _QUARTER, "quarter")


@form("period", "(this|the current|current) quarter", "during the quarter")
def this_quarter(context: Context) -> Day:
    """this quarter"""
    return _quarter(context, 0)


@form("period", "[the] (next|coming|following|upcoming) quarter", examples={"next quarter": "2027-01-01"})
def next_quarter(context: Context) -> Day:
    """next quarter: its first day"""
    return _quarter(context, 1)


@form("period", "(last|past|previous) quarter", "the (last|past|previous) quarter")
def last_quarter(context: Context) -> Day:
    """last quarter"""
    return _quarter(context, -1)


@form("quarter", "q <int>", "[the] <ord:int> quarter")
def numbered_quarter(_: Context, int: int) -> int | None:  # noqa: A002 - the class name
    """q2; -1 for the last quarter, which is the one before this unless its year is named"""
    return int if 1 <= int <= 4 or int == -1 else None


@form("stretch", "<quarter>", "<quarter> [of|in|/|-|,] <year>", "<quarter> ' <year2:year>", "<year> [/|-] <quarter>")
def quarter_of_year(context: Context, quarter: int, year: int | None = None) -> Day | None:
    """q2 2027: without its year, the next to come or the one under way"""
    if quarter == -1:
        if year is None:
            return None
        quarter = 4
    at = year if year is not None else context.today.year + (quarter * _QUARTER < context.today.month)
    return stretch_of(context, date(at, (quarter - 1) * _QUARTER + 1, 1), _QUARTER, "quarter")


@form("stretch", "<quarter> of (this|the) year", "<quarter> this year")
def quarter_of_this_year(context: Context, quarter: int) -> Day | None:
    """the last quarter of this year"""
    found: Day | None = quarter_of_year(context, quarter, context.today.year)
    return found


@form("stretch", "<quarter> [of] next year")
def quarter_of_next_year(context: Context, quarter: int) -> Day | None:
    """the first quarter of next year"""
    found: Day | None = quarter_of_year(context, quarter, context.today.year + 1)
    return found


@form("half_year", "h <int>")
def numbered_half(_: Context, int: int) -> int | None:  # noqa: A002 - the class name
    """h2"""
    return int if int in (1, 2) else None


@form("stretch", "<half_year>", "<half_year> [of|in|/|-] <year>", "<year> [/|-] <half_year>")
def half_of_year(context: Context, half_year: int, year: int | None = None) -> Day:
    """h2 2027"""
    at = year if year is not None else context.today.year + (half_year * 6 < context.today.month)
    return stretch_of(context, date(at, half_year * 6 - 5, 1), 6, "half")


@form(
    "day",
    "(in|by|during|before|for|throughout|within) <quartered>",
    "<dated_quarter>",
    examples={"in q2": "2027-04-01", "in the first quarter of 2028": "2028-01-01", "q3 2027": "2027-07-01"},
)
def in_quarter(_: Context, quartered: Day | None = None, dated_quarter: Day | None = None) -> Day | None:
    """in q2; alone only with its year"""
    found = quartered or dated_quarter
    return replace_past(found) if found is not None else None


@form("quartered", "<stretch>")
def only_quarters(_: Context, stretch: Day) -> Day | None:
    """A quarter or half of a year, and nothing else that is a stretch."""
    return stretch if stretch.grain in ("quarter", "half") else None


@form("dated_quarter", "q <int> [of|in|/|-|,] <year>", "<year> [/|-] q <int>", "q <int> ' <year2:year>")
def quarter_and_year(context: Context, int: int, year: int) -> Day | None:  # noqa: A002 - the class name
    """q3 2027"""
    return quarter_of_year(context, int, year) if 1 <= int <= 4 else None


# Years, decades and seasons.


@form("period", "this year", "(the current|current) year")
def this_year(context: Context) -> Day:
    """this year: from today"""
    return stretch_of(context, date(context.today.year, 1, 1), 12, "year")


@form("period", "[the] (next|coming|following|upcoming) year", examples={"next year": "2027-01-01"})
def next_year(context: Context) -> Day:
    """next year: its first day"""
    return stretch_of(context, date(context.today.year + 1, 1, 1), 12, "year")


@form("period", "[the] year after next", examples={"the year after next": "2028-01-01"})
def year_after_next(context: Context) -> Day:
    """the year after next"""
    return stretch_of(context, date(context.today.year + 2, 1, 1), 12, "year")


@form("stretch", "[the year] <year>")
def named_year(context: Context, year: int) -> Day:
    """2028"""
    return stretch_of(context, date(year, 1, 1), 12, "year")


@form("day", "(in|during|throughout) [the year] <year>", examples={"in 2028": "2028-01-01"})
def whole_year(context: Context, year: int) -> Day:
    """in 2028: its first day to come"""
    return replace_past(named_year(context, year))


@form("period", "this decade", "(in|over|during) the [current] decade")
def this_decade(context: Context) -> Day:
    """this decade"""
    return stretch_of(context, date(context.today.year // 10 * 10, 1, 1), 120, "decade")


@form("period", "[the] (next|coming) decade", examples={"in the next decade": "2030-01-01"})
def next_decade(context: Context) -> Day:
    """the next decade: the twenty thirties"""
    return stretch_of(context, date(context.today.year // 10 * 10 + 10, 1, 1), 120, "decade")


@form("day", "(in|during|by) the <int> s", "(in|during|by) the <int> ' s", examples={"in the 2030s": "2030-01-01"})
def named_decade(context: Context, int: int) -> Day | None:  # noqa: A002 - the class name
    """in the 2030s"""
    return stretch_of(context, date(int, 1, 1), 120, "decade") if int % 10 == 0 and 1900 <= int <= 2190 else None


@form("season", "<season_name:season>")
def season_alone(_: Context, season: int) -> int:
    """summer"""
    return season


@form("stretch", "[the] <season> [of|in] [<year>]")
def named_season(context: Context, season: int, year: int | None = None) -> Day:
    """summer: from the first of its three months, in the northern half of the world; the next to come, or the one under way"""
    if year is not None:
        return stretch_of(context, date(year, season, 1), 3, "season")
    found = (stretch_of(context, date(context.today.year + ahead, season, 1), 3, "season") for ahead in (-1, 0, 1))
    return next(each for each in found if not each.past)


@form(
    "day",
    "(this|next|this coming|next year's) <season_name:season>",
    "(in|by|during|before|over) [the] <season_name:season> [[of] <year>]",
    "<season_name:season> [of] <year>",
    examples={"this summer": "2027-06-01", "in the spring": "2027-03-01"},
)
def in_season(context: Context, season: int, year: int | None = None) -> Day:
    """in the spring"""
    return replace_past(named_season(context, season, year))


# The days ahead.


@form(
    "day",
    "(next|following) <length>",
    "[over|for|during] the (next|following|upcoming|coming) <length>",
    "[the] <num> (next|following) <longunit>",
    "[over|for|during|in] the <num> (next|following|upcoming|coming) <longunit>",
)
def next_days(context: Context, length: Span = Span(), num: int = 0, longunit: tuple[str, Span] | None = None) -> Day | None:  # noqa: B008 - a constant
    """the next 3 days: from tomorrow"""
    length = longunit[1].times(num) if longunit is not None and num < 10_000 else length
    if length.timed or not 0 < length.total_seconds <= 86_400 * _LONGEST_DAYS:
        return None
    return Day(context.today + DAY, last=add_to_day(context.today, length), grain="range", full=True)


@form(
    "day",
    "[in|over|during|for|within|from] [the] (last|past|previous) <length>",
    "[in|over|during|for|within|from] [the] <num> (last|past|previous) <longunit>",
)
def past_days(
    context: Context, length: Span | None = None, num: int = 0, longunit: tuple[str, Span] | None = None
) -> Day | None:
    """the last 3 days: to today"""
    span = longunit[1].times(num) if longunit is not None and num < 10_000 else length or Span()
    if span.timed or not 0 < span.total_seconds <= 86_400 * _LONGEST_DAYS:
        return None
    return Day(add_to_day(context.today, -span), last=context.today, grain="range", past=True)


@form("period", "(last|past|previous) year", "the (last|past|previous) year")
def last_year(context: Context) -> Day:
    """last year"""
    return stretch_of(context, date(context.today.year - 1, 1, 1), 12, "year")


@form(
    "day",
    "[in|over|for|during] [the] (next|following|coming|upcoming) <num> quarters",
    "[in|over|for|during] [the] <num> (next|following|coming|upcoming) quarters",
    examples={"the next 2 quarters": "2027-01-01"},
)
def next_quarters(context: Context, num: int) -> Day | None:
    """the next 2 quarters: of the calendar"""
    first = _quarter(context, 1).date
    return stretch_of(context, first, _QUARTER * num, "range") if 1 <= num <= 40 else None


@form("day", "(in|over|during) the (coming|next|upcoming|following) (days|weeks|months|years)")
def coming_days(context: Context) -> Day:
    """in the coming weeks: from tomorrow, nobody says how long"""
    return Day(context.today + DAY, grain="range")
