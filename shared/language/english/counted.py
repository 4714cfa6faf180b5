"""Days and instants counted from another: `in 3 days`, `two days after friday`, `in 20 minutes`, `later`."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.language.calendar import add_to_day, shift
from shared.language.english.forms import form
from shared.language.moments import Context, Day, Span


@form(
    "day",
    "in <length>",
    "in (about|around|approximately|like|roughly|exactly|under|less than|no more than) <length>",
    "in <length> from today",
    "after about <length>",
    "(upcoming|coming) <length>",
    "<num> (upcoming|coming) <longunit>",
    "[exactly] <length> from (now|today)",
    "in <length> (from now|time)",
    "within <length>",
    "after <length>",
    "+ <length>",
    "<length> (hence|later)",
    "in the next <length>",
    "within the next <length>",
    examples={"in 3 days": "2026-11-28", "a week from now": "2026-12-02", "in two months": "2027-01-25"},
)
def days_ahead(
    context: Context, length: Span | None = None, num: int = 0, longunit: tuple[str, Span] | None = None
) -> Day | None:
    """in 3 days"""
    length = length or (longunit[1].times(num) if longunit is not None and num < 10_000 else Span())
    if length.timed or length == Span() or length.total_seconds > 86_400 * 36_500:
        return None
    return Day(add_to_day(context.today, length), full=length.days > 6 or length.months > 0)


@form("day", "in <count> <owned_unit> time", examples={"in a fortnight's time": "2026-12-09"})
def in_some_time(context: Context, count: float, owned_unit: Span) -> Day | None:
    """in two weeks' time"""
    ahead: Day | None = days_ahead(context, owned_unit.times(count))
    return ahead


@form("day", "<length> ago")
def days_ago(context: Context, length: Span) -> Day | None:
    """3 days ago"""
    if length.timed or length.total_seconds > 86_400 * 36_500:
        return None
    return Day(add_to_day(context.today, -length), past=True)


@form(
    "day",
    "<length> (after|from) <day>",
    "in <length> (after|from) <day>",
    "[the] day after <day>",
    examples={"two days after friday": "2026-11-29"},
)
def days_after(_: Context, day: Day, length: Span | None = None) -> Day | None:
    """two days after friday"""
    span = length or Span(days=1)
    if span.timed or span.total_seconds > 86_400 * 36_500 or day.date.year > 2200:
        return None
    return Day(add_to_day(day.date, span), full=True)


@form(
    "day",
    "[on] [the] <ord> <weekday_one:weekday> after <day>",
    "[on] [the] <weekday_one:weekday> (after|following) <day>",
    examples={"the second tuesday after christmas": "2027-01-05", "the monday after christmas": "2026-12-28"},
)
def weekday_behind(_: Context, weekday: int, day: Day, ord: int = 1) -> Day | None:  # noqa: A002 - the class name
    """the second tuesday after christmas"""
    last = day.last or day.date
    if not 1 <= ord <= 5 or last.year > 2200:
        return None
    ahead = (weekday - last.weekday() - 1) % 7 + 1
    return Day(last + timedelta(days=ahead + 7 * (ord - 1)), full=True)


@form("day", "[on] [the] [last] <weekday_one:weekday> before <day>", examples={"the friday before christmas": "2026-12-18"})
def weekday_ahead_of(_: Context, weekday: int, day: Day) -> Day:
    """the friday before christmas"""
    return Day(day.date - timedelta(days=(day.date.weekday() - weekday - 1) % 7 + 1), full=True)


# Working days.


@form("working_days", "(working|work|business|week) (day|days)", "(workdays|workday|weekdays)")
def working_days(_: Context) -> bool:
    """business days"""
    return True


@form(
    "day",
    "(in|within|after) <num> <working_days>",
    "<num> <working_days> from (now|today|tomorrow)",
    "in <num> <working_days> time",
    examples={"in 3 business days": "2026-11-30"},
)
def working_days_ahead(context: Context, num: int, working_days: bool) -> Day | None:  # noqa: FBT001 - captured by name
    """in 3 business days: Monday to Friday, holidays are not known"""
    if not working_days or not 1 <= num <= 400:
        return None
    weeks, rest = divmod(num, 5)
    day = context.today + timedelta(days=7 * weeks - max(0, context.today.weekday() - 4))
    for _ in range(rest):
        day += timedelta(days=3 if day.weekday() >= 4 else 1)
    return Day(day, full=num > 5)


@form("day", "[on|by] [the] (next|following) (working|work|business) day", examples={"next business day": "2026-11-26"})
def next_working_day(context: Context) -> Day | None:
    """next business day"""
    found: Day | None = working_days_ahead(context, 1, working_days=True)
    return found


@form(
    "day",
    "<length> (before|prior to|ahead of) <day>",
    "[the] day (before|prior to) <day>",
    examples={"a week before christmas": "2026-12-18"},
)
def days_before(_: Context, day: Day, length: Span | None = None) -> Day | None:
    """a week before christmas"""
    span = length or Span(days=1)
    if span.timed or span.total_seconds > 86_400 * 36_500 or day.date.year > 2200:
        return None
    return Day(add_to_day(day.date, -span), full=True)


# Instants.


@form(
    "instant",
    "in <length>",
    "in (about|around|approximately|like|roughly|exactly|just|just under|just over|under|less than|no more than|at most) <length>",
    "<length> (later|hence)",
    "about <length> from now",
    "<length> from now",
    "in <length> (from now|time)",
    "+ <length>",
    "within [the next] <length>",
    "in the next <length>",
    "in the next <hour_unit:length>",
    "within the <hour_unit:length>",
    "within the next <hour_unit:length>",
    "after <length>",
    examples={"in 2 hours": "2026-11-25T12:00", "half an hour from now": "2026-11-25T10:30"},
)
def from_now(context: Context, length: Span) -> datetime | None:
    """in 20 minutes"""
    if not length.timed or length.total_seconds > 86_400 * 36_500:
        return None
    return shift(context.now, length)


@form("instant", "in <count> <owned_hours> time", examples={"in an hour's time": "2026-11-25T11:00"})
def in_some_hours(context: Context, count: float, owned_hours: Span) -> datetime | None:
    """in an hour's time"""
    at: datetime | None = from_now(context, owned_hours.times(count)) if count < 10_000 else None
    return at


@form("hour_unit", "hour")
def the_hour(_: Context) -> Span:
    """within the hour"""
    return Span(seconds=3600)


@form("instant", "in <int>", examples={"in 15": "2026-11-25T10:15"})
def in_some_minutes(context: Context, int: int) -> datetime | None:  # noqa: A002 - the class name
    """in 15: minutes, as everybody counts them"""
    return shift(context.now, Span(seconds=60 * int)) if int in {10, 15, 20, 30, 40, 45, 90} else None


@form("instant", "<length> ago")
def time_ago(context: Context, length: Span) -> datetime | None:
    """2 hours ago"""
    if not length.timed or length.total_seconds > 86_400 * 3_650:
        return None
    return shift(context.now, -length)


@form("instant", "in <int> '")
def in_minutes(context: Context, int: int) -> datetime | None:  # noqa: A002 - the class name
    """in 15'"""
    return shift(context.now, Span(seconds=60 * int)) if int < 1000 else None


@form("instant", "[on|at|by] <stamp>", examples={"2026-12-16T12:23:00": "2026-12-16T12:23"})
def time_stamp(context: Context, stamp: str) -> datetime | None:
    """2026-12-16T12:23, in the person's zone unless it ends in Z"""
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=context.zone)


@form("instant", "now", "right now", "immediately", "at the moment", "atm", "at this time")
def now(context: Context) -> datetime:
    """now"""
    return context.now


@form("instant", "later", "later on", "in a bit", "in a while", examples={"later": "2026-11-25T11:00"})
def later(context: Context) -> datetime:
    """later: the person's own meaning, an hour by default"""
    return shift(context.now, Span(seconds=context.meanings.later_seconds))
