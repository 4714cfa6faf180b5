"""Stretches of time: `3-5pm`, `12 to 15 dec`, `monday to wednesday`, `for two hours`."""

from __future__ import annotations

from datetime import date

from shared.language.calendar import add_months, days_in_month, shift
from shared.language.english.calendar_days import month_day
from shared.language.english.clocks import colon_alone, is_minutes
from shared.language.english.days import tomorrow as tomorrow_of
from shared.language.english.days import weekday as weekday_of
from shared.language.english.forms import form
from shared.language.moments import DAY, Clock, Context, Day, Span, Stated


@form(
    "piece",
    "<hour> [-] <clock:last>",
    "<hour> (-|to|until|till|til|through) <clock:last>",
    "(around|about|at|@) <hour> (-|to) <clock:last>",
    "from <hour> (to|-|until|till|til|through) <hour:last>",
    "between <hour> (and|-|to) <hour:last>",
    "<clock:hour> (-|to|until|till|til|through) <hour:last>",
    "<colon_hour:hour> (-|to|until|till) <colon_hour:last>",
    examples={"tomorrow 3-5pm": "2026-11-26T15:00", "from 9 to 11": "2026-11-26T09:00"},
)
def hours_between(_: Context, hour: Clock, last: Clock) -> Stated | None:
    """3-5pm"""
    return Stated(clock=hour, last_clock=last)


@form("piece", "at <hour> (-|to|until|till) <hour:last>", examples={"at 9 to 11": "2026-11-26T09:00"})
def hours_from(_: Context, hour: Clock, last: Clock) -> Stated | None:
    """at 9 to 11; "at ten to five" is a time"""
    to_the_hour = is_minutes(hour.hour) and not hour.minute and not last.minute and last.hour <= 12
    return None if to_the_hour else Stated(clock=hour, last_clock=last)


@form(
    "piece",
    "<hour> (-|to|until|till) <hour:last> [on] <weekday_one:weekday>",
    "<hour> (-|to|until|till) <hour:last> <coming:tomorrow> [[in the] <part>]",
    "<hour> (-|to|until|till) <hour:last> [on] <weekday_one:weekday> [in the] <part>",
    examples={"9-5 friday": "2026-11-27T09:00", "11-1 tomorrow": "2026-11-26T11:00"},
)
def hours_on_day(
    context: Context, *, hour: Clock, last: Clock, weekday: int | None = None, tomorrow: Day | None = None, part: str = ""
) -> Stated | None:
    """9-5 friday"""
    day = tomorrow if weekday is None else weekday_of(context, weekday)
    return Stated(day=day, clock=hour, last_clock=last, part=part)


@form("coming", "tomorrow")
def coming(context: Context) -> Day:
    """tomorrow"""
    found: Day = tomorrow_of(context)
    return found


@form("colon_hour", "<colon>")
def colon_hour(context: Context, colon: tuple[int, int, int, bool]) -> Clock:
    """9:30"""
    clock: Clock = colon_alone(context, colon)
    return clock


@form(
    "piece",
    "<int:first> (-|to|until|till|through|thru) <int:last> [of] <month> [<year>]",
    "from [the] <int:first> (-|to|until) [the] <int:last> [of] <month> [<year>]",
    "<month> <int:first> (-|to|until|till|through|thru) <int:last> [,] [<year>]",
    "<month> [the] <ord:first> (-|to|until|till|through|thru) [the] <ord:last> [,] [<year>]",
    "[from] [the] <ord:first> (-|to|until|till|through|thru) [the] <ord:last> [of] <month> [<year>]",
    "from <month> <int:first> (-|to|until) <int:last> [,] [<year>]",
    "between <int:first> and <int:last> [of] <month>",
    "between <month> <int:first> and <int:last>",
    "between [the] <ord:first> and [the] <ord:last> [of] <month>",
    "[from] [the] <ord:first> (-|to|until|till|through) <int:last> [of] <month> [<year>]",
    examples={"12 to 15 dec": "2026-12-12", "jan 12-15": "2027-01-12"},
)
def days_of_month(context: Context, first: int, last: int, month: int, year: int | None = None) -> Stated | None:
    """12 to 15 dec"""
    start = month_day(context, month, first, year)
    if start is None or not first < last <= days_in_month(start.date.year, month):
        return None
    return Stated(day=start, last_day=Day(start.date.replace(day=last), full=True))


@form(
    "piece",
    "<day> (-|to|until|till|til|through|thru) <day:last>",
    "from <day> (-|to|until|till|til|through|thru) <day:last>",
    "between <day> and <day:last>",
    examples={"monday to wednesday": "2026-11-30"},
)
def days_between(_: Context, day: Day, last: Day) -> Stated | None:
    """monday to wednesday"""
    if day.kind == "ordinal" and last.kind != "ordinal" and last.weekday is None:
        return None  # "23rd to 26th oct": both are in October
    start, end = day.date, last.date
    while end < start and last.weekday is not None:
        end += 7 * DAY
    if end < start and day.grain == last.grain == "day" and last.full:
        end = add_months(end, 12 * (start.year - end.year))  # "10 august 2027 - 12 september"
        end = end if end >= start else add_months(end, 12)
    elif end > add_months(start, 12) and day.full and day.weekday is None and day.grain == "day":
        start = add_months(start, 12 * (end.year - start.year))  # "aug 10 - nov 12, 2027"
        start = start if start <= end else add_months(start, -12)
    if end <= start:
        return None
    return Stated(day=day if start == day.date else Day(start, full=True), last_day=Day(end, full=last.full))


@form(
    "piece",
    "between now and <day:last>",
    "[from] now (until|till|til|to|through) <day:last>",
    examples={"between now and 4 december": "2026-11-25"},
)
def from_now_until(context: Context, last: Day) -> Stated | None:
    """between now and 15 november"""
    return Stated(day=Day(context.today, today=True), last_day=last) if last.date > context.today else None


@form(
    "piece",
    "[from|between] <month> (-|to|until|till|and|through|thru) <month:last> [<year>]",
    "between <int:first> and <int:second>",
    "(from|between) <int:first> (-|to|~) <int:second>",
    "<int:first> ~ <int:second>",
)
def months_between(
    context: Context, *, month: int = 0, last: int = 0, year: int | None = None, first: int = 0, second: int = 0
) -> Stated | None:
    """nov to march; 2026 to 2028"""
    if not month:
        if not 1900 <= first < second <= 2200:
            return None
        return Stated(day=Day(date(first, 1, 1), grain="year", full=True), last_day=Day(date(second, 12, 31), full=True))
    at = year if year is not None else context.today.year + (month < context.today.month)
    until = at + (last < month)
    return Stated(
        day=Day(date(at, month, 1), grain="month", full=True),
        last_day=Day(date(until, last, days_in_month(until, last)), full=True),
    )


@form(
    "piece",
    "(after|later than|from|not before) <hour> [but|and] (before|by|not later than|no later than|until) <hour:last>",
    "(after|later than|from|not before) <hour> [but|and] (before|by|not later than|no later than|until) <hour:last> on <day>",
    examples={"after 5 but before 7": "2026-11-25T17:00"},
)
def after_but_before(_: Context, hour: Clock, last: Clock, day: Day | None = None) -> Stated | None:
    """after 5 but before 7"""
    return Stated(day=day, clock=hour, last_clock=last)


@form(
    "piece",
    "for <length> (from|starting|starting at|beginning at|starting from) <hour>",
    examples={"for 2 hours from 9": "2026-11-25T21:00"},
)
def lasting_from(_: Context, length: Span, hour: Clock) -> Stated | None:
    """for 2 hours from 9"""
    return Stated(clock=hour, length=length) if length.timed and length.total_seconds < 86_400 else None


@form(
    "piece",
    "[for|over|during] [the] (next|coming) <length>",
    "[for|over|during] the next <longunit>",
    "next <hour_unit:length>",
    examples={"the next three hours": "2026-11-25T10:00"},
)
def next_hours(context: Context, length: Span | None = None, longunit: tuple[str, Span] | None = None) -> Stated | None:
    """the next three hours: from now"""
    span = length or (longunit[1] if longunit else Span())
    if not span.timed or span.total_seconds > 86_400 * 366:
        return None
    return Stated(instant=context.now, length=span)


@form(
    "piece",
    "[in|over|during|for|within|from] the (last|past|previous) <length>",
    "[in|over|during|for|within|from] [the] (past|previous) <length>",
    "[in|over|during|for|within|from] [the] <num> (last|past|previous) <longunit>",
    "(in|over|during|for|within) the (last|past|previous) <longunit>",
)
def past_hours(
    context: Context, length: Span | None = None, num: int = 1, longunit: tuple[str, Span] | None = None
) -> Stated | None:
    """the last 20 minutes: to now"""
    span = longunit[1].times(num) if longunit is not None and num < 10_000 else length or Span()
    if not span.timed or not 0 < span.total_seconds <= 86_400 * 366:
        return None
    return Stated(instant=shift(context.now, -span), length=span)


@form(
    "piece",
    "from [the] <int:first> (-|to|until) [the] <int:last> [of|in] <period>",
    "[from] [the] <ord:first> (-|to|until|till|through|thru) [the] <ord:last> [of|in] <period>",
    "between [the] <ord:first> and [the] <ord:last> [of|in] <period>",
    examples={"from the 4th to the 23rd of next month": "2026-12-04"},
)
def days_of_period(_: Context, first: int, last: int, period: Day) -> Stated | None:
    """from the 4th to the 23rd of next month"""
    if period.grain != "month" or period.last is None or not 1 <= first < last <= period.last.day:
        return None
    return Stated(day=Day(period.last.replace(day=first), full=True), last_day=Day(period.last.replace(day=last), full=True))


@form("piece", "for [the next] <length>")
def lasting(_: Context, length: Span) -> Stated | None:
    """for two hours: only beside a start"""
    return Stated(length=length) if 0 < length.total_seconds < 86_400 * 366 else None
