"""Parts of a period: `early in march`, `the middle of next week`, `end of the year`, `the rest of the month`, `the 3rd week of january`.

What is early, mid or late begins there; "the end of" is a deadline, its last day (of a week its Friday). "Later this month" and "the
rest of the month" begin today.
"""

from __future__ import annotations

from datetime import date, timedelta

from shared.language.calendar import add_months, add_to_day
from shared.language.english.calendar_days import next_date
from shared.language.english.forms import form
from shared.language.english.periods import named_year, stretch_of
from shared.language.english.weeks import week_from
from shared.language.moments import DAY, Context, Day, Span


@form("stretch", "<period>")
def period_as_stretch(_: Context, period: Day) -> Day:
    """next week"""
    return period


@form("stretch", "[the] week of <day>")
def week_as_stretch(_: Context, day: Day) -> Day:
    """the week of 14 december"""
    return week_from(day.date - timedelta(days=day.date.weekday()))


@form("stretch", "the month")
@form("bare_stretch", "month")
def the_month(context: Context) -> Day:
    """the month: this one"""
    return stretch_of(context, context.today.replace(day=1), 1, "month")


@form("stretch", "the quarter")
@form("bare_stretch", "quarter")
def the_quarter(context: Context) -> Day:
    """the quarter"""
    return stretch_of(context, date(context.today.year, (context.today.month - 1) // 3 * 3 + 1, 1), 3, "quarter")


@form("stretch", "the decade", examples={"by the end of the decade": "2029-12-31"})
def the_decade(context: Context) -> Day:
    """the decade"""
    return stretch_of(context, date(context.today.year // 10 * 10, 1, 1), 120, "decade")


@form("stretch", "the year")
@form("bare_stretch", "year")
def the_year(context: Context) -> Day:
    """the year"""
    found: Day = named_year(context, context.today.year)
    return found


@form("bare_stretch", "week")
def the_week(context: Context) -> Day:
    """week, in "end of week"; the longer words are periods"""
    monday = context.today - timedelta(days=context.today.weekday())
    return Day(context.today, last=monday + 6 * DAY, first=monday, grain="week")


def _first(stretch: Day) -> date:
    return stretch.first or stretch.date


@form(
    "day",
    "[in|by|before|until] early [in|on|into] <stretch>",
    "[in|by|at|from|before|until|around] [the] (beginning|start) of <stretch>",
    "[in|during] the (early|first) part of <stretch>",
    examples={"at the start of next week": "2026-11-30", "early in march": "2027-03-01", "the beginning of 2028": "2028-01-01"},
)
def early(_: Context, stretch: Day) -> Day:
    """early in march: its first day; of a period under way that is over, and said to be"""
    return Day(_first(stretch), full=True)


@form(
    "day",
    "[in|by|around|until] mid [-] <stretch>",
    "[in|by|around|at] the middle of <stretch>",
    "[in] middle of <stretch>",
    "(halfway|midway) through <stretch>",
    examples={"mid january": "2027-01-15", "in the middle of next week": "2026-12-02", "mid-2027": "2027-07-01"},
)
def middle(context: Context, stretch: Day) -> Day | None:
    """mid january: the 15th; of a week its Wednesday"""
    first, last = _first(stretch), stretch.last
    if stretch.grain == "week":
        return Day(first + 2 * DAY, full=True)
    if stretch.grain == "month":
        day = first.replace(day=15)
        return next_date(context, day.month, 15) if first <= context.today > day else Day(day, full=True)
    if stretch.grain in ("year", "decade", "half", "quarter", "season") and last is not None:
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        return Day(add_months(first, months // 2), full=True)
    return None


@form("day", "[in|by] midweek", "[in|by] mid week", examples={"midweek": "2026-12-02"})
def midweek(context: Context) -> Day:
    """midweek: Wednesday, to come"""
    ahead = (2 - context.today.weekday()) % 7 or 7
    return Day(context.today + timedelta(days=ahead), full=True)


@form(
    "day",
    "[in|by|before|until] late [in] <stretch>",
    "[in|during] the (late|later|latter|last) part of <stretch>",
    examples={"late in january": "2027-01-21", "late next week": "2026-12-03"},
)
def late(_: Context, stretch: Day) -> Day | None:
    """late in march: its last third"""
    first, last = _first(stretch), stretch.last
    if stretch.grain == "week":
        return Day(first + 3 * DAY, full=True)
    if stretch.grain == "month":
        return Day(first.replace(day=21), full=True)
    if last is None or stretch.grain in ("weekend", "range"):
        return None
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return Day(add_months(first, months - max(1, months // 4)), full=True)


@form(
    "day",
    "[by|at|before|until|around|on|towards|toward] [the|the very] end of [around|about] <stretch>",
    "[by|at|before|until|around|on|towards] [the] end of <bare_stretch:stretch>",
    "[by|at|before|until|around|on] [the] close of <stretch>",
    "[on|by] [the] last day of <stretch>",
    examples={
        "end of january": "2027-01-31",
        "end of the week": "2026-11-27",
        "end of next week": "2026-12-04",
        "end of the month": "2026-11-30",
        "end of the year": "2026-12-31",
        "the last day of february": "2027-02-28",
    },
)
def end_of(context: Context, stretch: Day) -> Day | None:
    """end of january: its last day; of a week Friday, or Sunday once Friday is over"""
    if stretch.last is None:
        return None
    if stretch.grain == "week":
        friday = stretch.last - 2 * DAY
        return Day(friday if friday >= context.today or stretch.past else stretch.last, full=friday > context.today + 7 * DAY)
    return Day(stretch.last, full=True, past=stretch.past)


@form("day", "[by|at|before] [the] eow", "[by|at|before] [the] week ' s end", examples={"eow": "2026-11-27"})
def eow(context: Context) -> Day | None:
    """eow"""
    found: Day | None = end_of(context, the_week(context))
    return found


@form("day", "[by|at|before] [the] eom", "[by|at|before] [the] month end", examples={"eom": "2026-11-30"})
def eom(context: Context) -> Day | None:
    """eom"""
    found: Day | None = end_of(context, the_month(context))
    return found


@form("day", "[by|at|before] [the] eoq", examples={"by eoq": "2026-12-31"})
def eoq(context: Context) -> Day | None:
    """eoq"""
    found: Day | None = end_of(context, the_quarter(context))
    return found


@form("day", "[by|at|before] [the] eoy", "[by|at|before] [the] year end", examples={"eoy": "2026-12-31"})
def eoy(context: Context) -> Day | None:
    """eoy"""
    found: Day | None = end_of(context, the_year(context))
    return found


@form(
    "day",
    "[for|over|during|in] [the] (rest|remainder|remaining|balance) of <stretch>",
    "later [on] [in|on] <stretch>",
    "[sometime|some time] later <stretch>",
    examples={"later this week": "2026-11-25", "the rest of the month": "2026-11-25", "later in the year": "2026-11-25"},
)
def rest_of(context: Context, stretch: Day) -> Day | None:
    """the rest of the month: from today"""
    if stretch.first is None or stretch.last is None or stretch.last < context.today:
        return None
    return Day(stretch.date, last=stretch.last, grain=stretch.grain, full=stretch.full)


@form("fortnight", "fortnight", examples={"in the next fortnight": "2026-12-09"})
def fortnight(_: Context) -> tuple[str, Span]:
    """a fortnight"""
    return "week", Span(days=14)


@form(
    "day",
    "within <stretch>",
    "[some time|sometime|any time|anytime|at some point] within <stretch>",
    "within the next <longunit>",
    "in the next <fortnight:longunit>",
    examples={"within the week": "2026-11-27", "within the month": "2026-11-30"},
)
def within(context: Context, stretch: Day | None = None, longunit: tuple[str, Span] | None = None) -> Day | None:
    """within the month: by its end"""
    if longunit is not None:
        return Day(add_to_day(context.today, longunit[1]), full=True) if not longunit[1].timed else None
    return end_of(context, stretch) if stretch is not None and stretch.grain != "weekend" else None


@form(
    "day",
    "(all|throughout|all through) <stretch>",
    "[for] all of <stretch>",
    "[for|during] the (whole|entire) of <stretch>",
    "(any time|anytime|sometime|some time|at some point|some day|any day) [in|during|on|over|of] <stretch>",
    "[for|on] all day <day:stretch>",
    "(any time|anytime|sometime|some time|at some point|all day) [in|during|on|over|by|before] <day:stretch>",
    examples={"sometime next week": "2026-11-30", "all day friday": "2026-11-27"},
)
def throughout(_: Context, stretch: Day) -> Day:
    """sometime next week"""
    return stretch


@form(
    "day",
    "[in|during] [the] <ord> week (of|in) <stretch>",
    examples={"the 3rd week of january": "2027-01-18", "the last week of 2027": "2027-12-27"},
)
def nth_week(_: Context, ord: int, stretch: Day) -> Day | None:  # noqa: A002 - the class name
    """the 3rd week of january: its Monday; a week belongs to the month that has its Thursday (ISO 8601)"""
    if stretch.last is None or stretch.grain not in ("month", "quarter", "year") or not -5 <= ord <= 53:
        return None
    if ord < 0:
        last = stretch.last - timedelta(days=(stretch.last.weekday() - 3) % 7)
        return week_from(last - timedelta(days=3 + 7 * (-ord - 1)))
    first = _first(stretch)
    thursday = first + timedelta(days=(3 - first.weekday()) % 7)
    return week_from(thursday + timedelta(days=7 * (ord - 1) - 3))


@form(
    "day",
    "[in|on|over|during|for] [the] first <length> of <stretch>",
    examples={"the first two weeks of january": "2027-01-01"},
)
def first_days(_: Context, length: Span, stretch: Day) -> Day | None:
    """the first two weeks of january"""
    if length.timed:
        return None
    first = _first(stretch)
    return Day(first, last=add_to_day(first, length) - DAY, grain="range", full=True)


@form(
    "day",
    "[in|on|over|during|for] [the] (last|final) <length> of <stretch>",
    examples={"the last three days of january": "2027-01-29"},
)
def last_days(_: Context, length: Span, stretch: Day) -> Day | None:
    """the last three days of january"""
    if length.timed or stretch.last is None or length.total_seconds > 86_400 * 3_650:
        return None
    return Day(add_to_day(stretch.last + DAY, -length), last=stretch.last, grain="range", full=True)


@form("day", "[on] [the] <ord> day of <stretch>", examples={"the second to last day of december": "2026-12-30"})
def nth_day(_: Context, ord: int, stretch: Day) -> Day | None:  # noqa: A002 - the class name
    """the 100th day of the year"""
    first, last = _first(stretch), stretch.last
    if last is None or stretch.grain == "weekend":
        return None
    day = last + timedelta(days=ord + 1) if ord < 0 else first + timedelta(days=ord - 1)
    return Day(day, full=True) if first <= day <= last and ord else None


@form(
    "day",
    "[on|by] [the] <ord> <working_day> (of|in) <stretch>",
    examples={"the last working day of january": "2027-01-29", "first business day of next month": "2026-12-01"},
)
def nth_working_day(_: Context, ord: int, working_day: bool, stretch: Day) -> Day | None:  # noqa: A002, FBT001 - captured by name
    """the last working day of january: Monday to Friday, holidays are not known"""
    if stretch.last is None or not working_day or stretch.grain in ("weekend", "range", "decade") or not -23 <= ord <= 23:
        return None
    step, day = (DAY, _first(stretch)) if ord > 0 else (-DAY, stretch.last)
    left = abs(ord)
    for _ahead in range(40):
        left -= day.weekday() < 5
        if left == 0:
            return Day(day, full=True)
        day += step
    return None


@form("working_day", "(working|work|business|week) day", "(workday|weekday)")
def working_day(_: Context) -> bool:
    """business day"""
    return True


@form("day", "[in] [the] <ord> month of <stretch>", examples={"in the third month of 2027": "2027-03-01"})
def nth_month(_: Context, ord: int, stretch: Day) -> Day | None:  # noqa: A002 - the class name
    """the third month of 2027"""
    if stretch.last is None or stretch.grain not in ("year", "half", "quarter"):
        return None
    first = add_months(stretch.last.replace(day=1), ord + 1) if ord < 0 else add_months(_first(stretch), ord - 1)
    inside = ord != 0 and _first(stretch) <= first <= stretch.last
    return Day(first, last=add_months(first, 1) - DAY, grain="month", full=True) if inside else None


@form("day", "[on] [the] <ord> <weekday_one:weekday> (of|in) <stretch>")
def nth_weekday_in(_: Context, ord: int, weekday: int, stretch: Day) -> Day | None:  # noqa: A002 - the class name
    """the first monday of next year"""
    if stretch.last is None or stretch.grain in ("week", "weekend", "month", "range"):
        return None
    first, last = _first(stretch), stretch.last
    if ord < 0:
        found = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-ord - 1))
    else:
        found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (ord - 1))
    return Day(found, full=True) if first <= found <= last else None
