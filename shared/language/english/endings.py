"""What bounds a repeat (`until 4 dec`, `5 times`, `starting monday`) and reminders ahead of time (`an hour before`)."""

# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from datetime import date

from shared.language.calendar import add_to_day
from shared.language.english.forms import form
from shared.language.moments import DAY, Clock, Context, Day, Span
from shared.language.recurrence import Ending

# What ends a repeat.


@form(
    "ending",
    "[,] (until|till|til|ending|ends|through|thru|up to|to|up until) [on] [the end of] <day>",
    examples={"antibiotics every day until 4 dec": "FREQ=DAILY;UNTIL=20261204"},
)
def until(_: Context, day: Day) -> Ending:
    """until 4 dec"""
    return Ending(until=day.date)


@form(
    "ending",
    "[,] (through|thru) <month>",
    examples={"water plants every friday through march": "FREQ=WEEKLY;BYDAY=FR;UNTIL=20270331"},
)
def through_month(context: Context, month: int) -> Ending:
    """through march: to its last day"""
    year = context.today.year + (month < context.today.month)
    return Ending(until=add_to_day(date(year, month, 1), Span(months=1)) - DAY)


@form("ending", "[,] between <day> and <day:last>", "[,] from <day> (to|until|till|through|thru) <day:last>")
def between_days(_: Context, day: Day, last: Day) -> Ending:
    """between 1 dec and 10 dec"""
    return Ending(start=day.date, until=last.date)


@form(
    "ending",
    "[,] (until|till|til|up to) <hour>",
    examples={"stretch every hour until 6pm": "FREQ=HOURLY;UNTIL=20261125T230000Z"},
)
def until_clock(_: Context, hour: Clock) -> Ending:
    """until 6pm: of a repeat within the day"""
    return Ending(clock=hour)


@form("ending", "[,] (until|till|til|ending in) <month>")
def until_month(context: Context, month: int) -> Ending:
    """until november: its first day"""
    return Ending(until=date(context.today.year + (month < context.today.month), month, 1))


@form("ending", "[,] (from|starting|starting in|beginning|beginning in) <month>")
def from_month(context: Context, month: int) -> Ending:
    """from november"""
    return Ending(start=date(context.today.year + (month < context.today.month), month, 1))


@form("ending", "[,] for (a|one) <longunit>")
def for_unit(_: Context, longunit: tuple[str, Span]) -> Ending | None:
    """for a month"""
    return Ending(span=longunit[1]) if not longunit[1].timed else None


@form("ending", "[,] for [the] next <longunit>", "[,] for the next <single>")
def for_the_next(context: Context, longunit: tuple[str, Span] | None = None, single: Span | None = None) -> Ending | None:
    """for the next month: from today to the same day of it"""
    span = single or (longunit[1] if longunit else Span())
    if span.timed or not 0 < span.total_seconds < 86_400 * 36_500:
        return None
    return Ending(until=add_to_day(context.today, span))


@form(
    "ending",
    "[,] for <single>",
    "[,] for <length>",
    examples={"exercises every day for 3 weeks": "FREQ=DAILY;UNTIL=20261215"},
)
def for_length(_: Context, single: Span | None = None, length: Span | None = None) -> Ending | None:
    """for 3 weeks"""
    span = single or length
    return Ending(span=span) if span and not span.timed and span.total_seconds < 86_400 * 36_500 else None


@form(
    "ending",
    "[,] [for] [a total of] <num> (times|x|occurrences|repetitions) [in total|total|altogether|only]",
    "[,] [for] <int:num> x",
    "[,] x <int:num>",
    examples={"physio every week 6 times": "FREQ=WEEKLY;COUNT=6"},
)
def so_many_times(_: Context, num: int = 1) -> Ending | None:
    """5 times"""
    return Ending(count=int(num)) if 1 <= num <= 999 else None


@form("ending", "[,] [for a total of] twice", "[,] for two times")
def twice(_: Context) -> Ending:
    """twice"""
    return Ending(count=2)


@form(
    "ending",
    "[,] (starting|start|starts|beginning|begins|from|as of|effective) [on|from|at|in] <day>",
    examples={"water plants every 3 days starting monday": "FREQ=DAILY;INTERVAL=3"},
)
def starting(_: Context, day: Day) -> Ending:
    """starting monday"""
    return Ending(start=day.date)


@form("ending", "[,] from now on", "[,] going forward")
def from_now_on(_: Context) -> Ending:
    """from now on"""
    return Ending()


# Early reminders.


@form(
    "before",
    "<length> (before|beforehand|early|earlier|ahead|in advance|prior|before it|ahead of time|before that|before then|before due|before the due date|prior to it|before hand|before the event|before the time)",
    "! <length> [before]",
    examples={},
)
def length_before(_: Context, length: Span) -> int:
    """30 min before, in seconds"""
    return length.total_seconds


@form("before", "the (day|night|evening) before", "a day (before|ahead|earlier)", "the day prior")
def day_before(_: Context) -> int:
    """the day before"""
    return 86_400


@form("before", "[the|a] (hour|hr) before")
def hour_before(_: Context) -> int:
    """an hour before"""
    return 3_600


@form("before", "the week before", "a week (before|ahead|earlier)")
def week_before(_: Context) -> int:
    """a week before"""
    return 604_800


@form(
    "earlier",
    "[,] [and] [please] (remind|alert|notify|ping|nudge|warn|text|tell) me [about it|of it|again|too] <before>",
    "[,] [with] [a] (reminder|alert|alarm|notification) <before>",
    "[,] reminder : <before>",
    "[,] [and] [please] remind <before>",
    "! <length> [before]",
    "[,] [and] [set|send] [me] (a reminder|an alert) <before>",
    "[,] [and] set (a|the) reminder (for|to) <before>",
)
def remind_before(_: Context, before: int | None = None, length: Span | None = None) -> int | None:
    """remind me an hour before"""
    return before if before is not None else (length.total_seconds if length else None)


@form("lead", "<before> [about|of|for|to|that]", "<length> (ahead of|prior to)")
def lead(_: Context, before: int | None = None, length: Span | None = None) -> tuple[int, Clock | None] | None:
    """30 min before (the dentist ...): how long before what follows"""
    return (before, None) if before is not None else (length.total_seconds, None) if length else None


@form("lead", "<before> at <hour> [about|of|for|to|that]", "at <hour> <before> [about|of|for|to|that]")
def lead_at(_: Context, before: int, hour: Clock) -> tuple[int, Clock | None] | None:
    """the day before at 6pm (about the trip ...)"""
    return (before, hour) if before % 86_400 == 0 else None
