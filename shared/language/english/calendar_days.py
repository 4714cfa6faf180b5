"""Days of the calendar: `27 nov`, `on the 15th`, `3/12`, `the first monday of march`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from shared.language.calendar import add_months, days_in_month, say_month
from shared.language.english.clocks import colon_alone
from shared.language.english.forms import form
from shared.language.moments import Context, Day, Stated

_LONG_HOURS: Final = 8
_ALWAYS: Final = (24, 7)  # "24/7" is no 24 July
_RECENT_DAYS: Final = 183  # a date that passed within half a year may have meant this year: the echo says so


def next_date(context: Context, month: int, day: int) -> Day | None:
    """The next time this date comes; 29 February waits for a leap year."""
    for year in range(context.today.year, context.today.year + 9):
        if day <= days_in_month(year, month):
            found = date(year, month, day)
            if found >= context.today:
                return Day(found, full=True, aside=_not_this_year(context, month, day, year))
    return None


def _not_this_year(context: Context, month: int, day: int, year: int) -> str | None:
    this_year = context.today.year
    if year == this_year or day > days_in_month(this_year, month):
        return None
    passed = context.today - date(this_year, month, day)
    return "not this year" if passed < timedelta(days=_RECENT_DAYS) else None


def exact(year: int, month: int, day: int) -> Day | None:
    """A date with its year; None when the calendar has no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return Day(date(year, month, day), full=True)


def month_day(context: Context, month: int, day: int, year: int | None = None) -> Day | None:
    """A day of a month, with or without its year."""
    if not 1 <= day <= 31:
        return None
    return exact(year, month, day) if year is not None else next_date(context, month, day)


@form(
    "monthday",
    "<month> [.] [the] <ord>",
    "<month> [.] <int:ord>",
    "<month> [.] [the] <num:ord>",
    "<month> - <int:ord>",
    "<int:ord> [of] <month> [.]",
    "[the] <ord> [of] <month> [.]",
    "<int:ord> - <month>",
    "[the] <ord> day of <month>",
    "<ord> - <month>",
    "<month> , [the] <ord>",
    "<month> / <int:ord>",
    "<int:ord> / <month>",
    "<int:ord> . <month> [.]",
)
def named_month_day(context: Context, month: int, ord: int) -> tuple[int, int] | None:  # noqa: A002 - the class name
    """27 nov, november 27th, the 27th of november"""
    return (month, ord) if 1 <= ord <= 31 else None


@form("year", "' <int>", "<int>", "<num> <num:rest>", "twenty <num:rest>", "two thousand [and] <num:rest>")
def year(_: Context, int: int | None = None, num: int = 20, rest: int | None = None) -> int | None:  # noqa: A002
    """2027, '27, twenty twenty seven"""
    if rest is not None:
        return num * 100 + rest if 19 <= num <= 21 and 1 <= rest <= 99 else None
    if int is None:
        return None
    return int if 1900 <= int <= 2200 else None


@form(
    "day",
    "[on|the|by|this] <monthday>",
    "on the <monthday>",
    "<weekday> [,] [the] <monthday>",
    "on <weekday> [,] [the] <monthday>",
    "[on] [the] <monthday> [,] <weekday>",
    examples={
        "27 nov": "2026-11-27",
        "4 december": "2026-12-04",
        "jan 4": "2027-01-04",
        "3 nov": "2027-11-03",
        "29 feb": "2028-02-29",
        "wed 2nd of december": "2026-12-02",
    },
)
def dated(context: Context, monthday: tuple[int, int], weekday: int | None = None) -> Day | None:
    """27 nov"""
    return month_day(context, *monthday)


@form(
    "day",
    "[on|by] [the] <monthday> [,] <year>",
    "[on] <weekday> [,] [the] <monthday> [,] <year>",
    "[on] [the] <monthday> [,] <year> [,] <weekday>",
    "[on] [the] <monthday> of <year>",
    "[on] <monthday> - <year>",
    "[on] <monthday> [,] ' <year2>",
    examples={"4 jan 2028": "2028-01-04", "march 3rd, 2027": "2027-03-03"},
)
def dated_year(
    context: Context, monthday: tuple[int, int], year: int | None = None, year2: int | None = None, weekday: int | None = None
) -> Day | None:
    """4 jan 2027"""
    return month_day(context, *monthday, year if year is not None else year2)


@form(
    "day",
    "<int:year> (/|-) <month> (/|-) <int:day>",
    "<int:day> (/|-) <month> (/|-) <int:year>",
    examples={"2026/dec/4": "2026-12-04"},
)
def year_month_day(_: Context, year: int, month: int, day: int) -> Day | None:
    """2026-dec-4"""
    return exact(year, month, day) if 1900 <= year <= 2200 else None


@form("day", "<monthday> [,] <int>")
def two_digit_year(context: Context, monthday: tuple[int, int], int: int) -> Day | None:  # noqa: A002 - the class name
    """14 april 28: a number no hour can be, or one that only a 24-hour clock knows, of a year to come"""
    hour = int < 13 or (int < 25 and (context.meanings.hours == 24 or 2000 + int < context.today.year))
    return month_day(context, *monthday, 2000 + int) if not hour and int <= 70 else None


@form("year2", "<int>")
def short_year(_: Context, int: int) -> int | None:  # noqa: A002 - the lexicon's class name
    """'27"""
    return 2000 + int if int < 70 else None


@form(
    "day",
    "[on] [the] <ordinal_digits:ord> [of the month]",
    "[on] the <ord> [of the month]",
    "(on|for|by|until|due) the <int:ord>",
    "on <int:ord>",
    "(for|by|due) the <ordinal_digits:ord>",
    "[on] [the] <ord> of (this|the) month",
    "[on] [the] <int:ord> of (this|the) month",
    examples={"on the 15th": "2026-12-15", "on the 31st": "2026-12-31"},
)
def day_of_month(context: Context, ord: int) -> Day | None:  # noqa: A002 - the class name
    """on the 15th: of the first month to come that has it"""
    if not 1 <= ord <= 31:
        return None
    first = context.today.replace(day=1)
    skipped = ""
    for ahead in range(12):
        month = add_months(first, ahead)
        if ord > days_in_month(month.year, month.month):
            skipped = skipped or f"not {say_month(context, month)}"
            continue
        found = month.replace(day=ord)
        if found >= context.today:
            return Day(found, full=True, aside=skipped or None, kind="ordinal")
    return None


@form("day", "[on] [the] <ord> of [the] next month", "[on] [the] <int:ord> of [the] next month")
def day_of_next_month(context: Context, ord: int) -> Day | None:  # noqa: A002 - the class name
    """the 3rd of next month"""
    month = add_months(context.today.replace(day=1), 1)
    if not 1 <= ord <= days_in_month(month.year, month.month):
        return None
    return Day(month.replace(day=ord), full=True)


@form("day", "[on|by] <iso>", examples={"2026-12-04": "2026-12-04"})
def iso_date(_: Context, iso: tuple[int, int, int]) -> Day | None:
    """2026-12-04"""
    return exact(*iso)


@form("piece", "<numeric> : <colon>", examples={"12/4/2026:14:15": "2026-12-04T14:15"})
def stamped(context: Context, numeric: tuple[int, int, int], colon: tuple[int, int, int, bool]) -> Stated | None:
    """05/31/2027:14:15"""
    day = numeric_full(context, numeric)
    return Stated(day=day, clock=colon_alone(context, colon)) if day is not None else None


@form("day", "[on|by] <slash>", "<weekday> [,] <slash>", examples={"3/12": "2027-03-12", "12/25": "2026-12-25"})
def numeric_date(context: Context, slash: tuple[int, int], weekday: int | None = None) -> Day | None:
    """3/12: as the person's country writes it; the other reading is named"""
    return _numeric(context, slash[0], slash[1], None) if slash != _ALWAYS else None


@form("day", "[on|by] <numeric>", "<weekday> [,] <numeric>", examples={"12/4/2026": "2026-12-04", "25.12.2026": "2026-12-25"})
def numeric_full(context: Context, numeric: tuple[int, int, int], weekday: int | None = None) -> Day | None:
    """3/12/2026"""
    first, second, third = numeric
    return _numeric(context, first, second, third + 2000 if third < 100 else third)


def _numeric(context: Context, first: int, second: int, year: int | None) -> Day | None:
    month, day = (second, first) if context.meanings.day_first else (first, second)
    if month > 12:
        month, day = day, month
    if not 1 <= month <= 12 or (year is not None and not 1900 <= year <= 2200):
        return None
    chosen = month_day(context, month, day, year)
    if chosen is None or day > 12 or day == month:
        return chosen
    other = month_day(context, day, month, year)
    if other is None:
        return chosen
    return Day(chosen.date, full=True, aside=f"not {say_date_short(context, other.date)}", other=other.date)


@form("day", "[on|by] [the] <int:first> / <int:second> [/ <int:third>]", examples={"12 / 4": "2026-12-04"})
def spaced_date(context: Context, first: int, second: int, third: int | None = None) -> Day | None:
    """12 / 4"""
    year = third if third is None or third > 99 else third + 2000
    return _numeric(context, first, second, year) if (first, second) != _ALWAYS else None


@form("day", "[on|by] <int:first> (-|.) <int:second> (-|.) <int:third>", examples={"12 - 4 - 2026": "2026-12-04"})
def spaced_full_date(context: Context, first: int, second: int, third: int) -> Day | None:
    """12 - 4 - 2026"""
    return _numeric(context, first, second, third) if third > 1900 else None


@form("day", "(on|by|due) <dotted>", "<dotted> .")
def dotted_date(context: Context, dotted: tuple[str, str]) -> Day | None:
    """on 4.12: where the day comes first"""
    return _numeric(context, int(dotted[0]), int(dotted[1]), None) if context.meanings.day_first else None


@form("day", "on <int:first> - <int:second>", examples={"on 12-4": "2026-12-04"})
def dashed_date(context: Context, first: int, second: int) -> Day | None:
    """on 12-4: behind "on" it is a date; elsewhere it is hours"""
    return _numeric(context, first, second, None)


@form(
    "day",
    "[on] <weekday_one:weekday> [,] <int:first> - <int:second>",
    "[on] <weekday_one:weekday> [,] <dotted>",
    examples={"friday 4.12": "2026-12-04"},
)
def weekday_and_numbers(
    context: Context, weekday: int, first: int = 0, second: int = 0, dotted: tuple[str, str] | None = None
) -> Day | None:
    """friday 7-6: a date when the calendar agrees and the hours would be too long a stretch"""
    if dotted is not None:
        first, second = int(dotted[0]), int(dotted[1])
    elif (second - first) % 12 <= _LONG_HOURS:
        return None
    readings = [_numeric(context, *pair, None) for pair in ((first, second), (second, first))]
    return next((Day(day.date, full=True) for day in readings if day is not None and day.date.weekday() == weekday), None)


def say_date_short(context: Context, day: date) -> str:
    """3 Dec: the reading not chosen, never with its year."""
    return f"{day.day} {say_month(context, day)}"


@form(
    "day",
    "[on|by] [the] <ord> <weekday_one:weekday> (of|in) <month> [,] [<year>]",
    examples={"first monday of march": "2027-03-01", "the last friday in december": "2026-12-25"},
)
def nth_weekday(context: Context, ord: int, weekday: int, month: int, year: int | None = None) -> Day | None:  # noqa: A002
    """the first monday of march"""
    years = [year] if year is not None else [context.today.year, context.today.year + 1]
    for each in years:
        found = nth_in_month(each, month, ord, weekday)
        if found is not None and (found >= context.today or year is not None):
            return Day(found, full=True)
    return None


@form("day", "[the] <ord> <weekday_one:weekday> (of|in) next month", examples={"the first friday of next month": "2026-12-04"})
def nth_weekday_of_next_month(context: Context, ord: int, weekday: int) -> Day | None:  # noqa: A002 - the class name
    """the second friday of next month"""
    month = add_months(context.today.replace(day=1), 1)
    found = nth_in_month(month.year, month.month, ord, weekday)
    return Day(found, full=True) if found is not None else None


@form("day", "[the] <ord> <weekday_one:weekday> (of|in) (this|the) month")
def nth_weekday_near(context: Context, ord: int, weekday: int) -> Day | None:  # noqa: A002 - the class name
    """the second friday of the month"""
    first = context.today.replace(day=1)
    for ahead in (0, 1, 2):
        month = add_months(first, ahead)
        found = nth_in_month(month.year, month.month, ord, weekday)
        if found is not None and found >= context.today:
            return Day(found, full=True)
    return None


def nth_in_month(year: int, month: int, nth: int, weekday: int) -> date | None:
    """The nth (or, from -1, the nth last) weekday of a month; None where there is none."""
    if nth > 0:
        first = date(year, month, 1)
        day = 1 + (weekday - first.weekday()) % 7 + 7 * (nth - 1)
    else:
        size = days_in_month(year, month)
        day = size - (date(year, month, size).weekday() - weekday) % 7 + 7 * (nth + 1)
    return date(year, month, day) if 1 <= day <= days_in_month(year, month) else None
