"""Parts of the day: `in the evening`, `first thing`, `late tonight`, `friday evening`, `end of day`, `in the early hours`."""

from __future__ import annotations

from shared.language.english.days import today, tomorrow
from shared.language.english.days import weekday as weekday_of
from shared.language.english.forms import form
from shared.language.moments import DAY, Clock, Context, Day, Stated


@form(
    "piece",
    "this <part>",
    "(in|during|by|before|on|over|through) [the] <part>",
    "in the (late|early|later|middle of the|mid) <part>",
    "at night",
    "(around|about|towards|toward) <part>",
    "at <nightly:part>",
    "(this|in the) late <part>",
    "(early|late|later|mid) [-] [in the|on in the|on] <part>",
    "some time in the <part>",
    "(sometime|anytime|any time) (this|in the) <part>",
    "overnight",
    examples={"in the evening": "2026-11-25T19:00", "this afternoon": "2026-11-25T15:00"},
)
def part_piece(_: Context, part: str = "night") -> Stated:
    """in the morning"""
    return Stated(part=part)


@form("nightly", "(nighttime|night-time|night time|bedtime|bed time)")
def nightly(_: Context) -> str:
    """bedtime"""
    return "night"


@form(
    "piece",
    "at (dusk|sunset|sundown|nightfall)",
    "[at|around|before|by] (dinner time|dinnertime|supper time|suppertime)",
    examples={"at sunset": "2026-11-25T19:00"},
)
def at_dusk(_: Context) -> Stated:
    """at dusk: in the evening"""
    return Stated(part="evening")


@form(
    "piece",
    "[at|around|by] (breakfast time|breakfasttime)",
    "(at|by|in the|around) (midmorning|mid-morning|mid - morning)",
    "(midmorning|mid-morning)",
)
def at_breakfast(_: Context) -> Stated:
    """midmorning"""
    return Stated(part="morning")


@form("piece", "[in|at] [the] (midafternoon|mid-afternoon)")
def mid_afternoon(_: Context) -> Stated:
    """midafternoon"""
    return Stated(part="afternoon")


@form("piece", "after lunch", examples={"after lunch": "2026-11-25T13:00"})
def after_lunch(_: Context) -> Stated:
    """after lunch"""
    return Stated(clock=Clock(13))


@form(
    "piece",
    "(in the|during the|the) (early|small|wee) hours",
    "(in the|during the|the) (early|small|wee) hours of the morning",
    examples={"in the early hours": "2026-11-26T00:00"},
)
def early_hours(_: Context) -> Stated:
    """in the early hours: from midnight"""
    return Stated(clock=Clock(0))


@form(
    "piece",
    "(in the|during the|the) (early|small|wee) hours of <day>",
    examples={"in the early hours of monday": "2026-11-30T00:00"},
)
def early_hours_of(_: Context, day: Day) -> Stated:
    """in the early hours of monday"""
    return Stated(day=day, clock=Clock(0))


@form("piece", "early in the day", "earlier in the day")
def early_in_day(_: Context) -> Stated:
    """early in the day"""
    return Stated(part="morning")


@form("piece", "late in the day")
def late_in_day(_: Context) -> Stated:
    """late in the day"""
    return Stated(part="afternoon")


@form("piece", "[in|at|during] [the] (middle of the day|mid - day|midday)")
def middle_of_day(_: Context) -> Stated:
    """the middle of the day"""
    return Stated(clock=Clock(12))


@form("piece", "mid [-] <day>", examples={"mid today": "2026-11-25T12:00"})
def middle_of(_: Context, day: Day) -> Stated | None:
    """mid today: its noon"""
    return Stated(day=day, clock=Clock(12)) if day.grain == "day" and (day.today or day.weekday is not None) else None


@form("piece", "at (dawn|sunrise|daybreak)", examples={"at dawn": "2026-11-26T06:00"})
def at_dawn(_: Context) -> Stated:
    """at dawn"""
    return Stated(part="dawn")


@form(
    "piece",
    "first thing [in the morning]",
    examples={"first thing": "2026-11-26T09:00", "first thing monday": "2026-11-30T09:00"},
)
def first_thing(_: Context) -> Stated:
    """first thing: in the morning, of the day beside it or the next to come"""
    return Stated(part="morning")


@form("piece", "last thing [at night]", "last thing <day> [night]")
def last_thing(_: Context, day: Day | None = None) -> Stated:
    """last thing at night"""
    return Stated(day=day, part="tonight")


@form(
    "piece",
    "[sometime|later|late|early|earlier] tonight",
    "this night",
    "last thing tonight",
    "tonight late",
    examples={"tonight": "2026-11-25T20:00"},
)
def tonight(context: Context) -> Stated:
    """tonight"""
    return Stated(day=today(context), part="tonight")


@form("piece", "this <part>", "later this <part>", "(early|late) this <part>")
def this_part(context: Context, part: str) -> Stated:
    """this evening"""
    return Stated(day=Day(context.today, today=True, said=f"This {part}"), part=part)


@form(
    "piece",
    "<day> [in the] <part>",
    "<day> at <part>",
    "<day> [,] [the|in the] (early|late|mid) <part>",
    "(early|late|later) <day> <part>",
    "(early|late|later) <day> in the <part>",
    examples={"tomorrow morning": "2026-11-26T09:00", "friday evening": "2026-11-27T19:00"},
)
def day_part(_: Context, day: Day, part: str) -> Stated:
    """friday evening"""
    return Stated(day=day, part=part)


@form("piece", "early <stated_day:day>", "<stated_day:day> early", examples={"early tomorrow": "2026-11-26T09:00"})
def early_on(_: Context, day: Day) -> Stated:
    """early tomorrow: in the morning"""
    return Stated(day=day, part="morning")


@form("piece", "late <stated_day:day>")
def late_on(_: Context, day: Day) -> Stated:
    """late tomorrow: in the evening"""
    return Stated(day=day, part="evening")


@form("piece", "(later|later on|sometime|some time|anytime|any time|at some point) today")
def later_today(context: Context) -> Stated:
    """later today"""
    return Stated(day=today(context))


@form("stated_day", "tomorrow", "[on] <weekday_one:weekday>")
def stated_day(context: Context, weekday: int | None = None) -> Day:
    """tomorrow, friday: days that have an early and a late"""
    found: Day = tomorrow(context) if weekday is None else weekday_of(context, weekday)
    return found


@form("piece", "[on|in] [the] <part> before <day>", examples={"the night before christmas": "2026-12-24T20:00"})
def part_before(_: Context, part: str, day: Day) -> Stated | None:
    """the night before christmas"""
    return Stated(day=Day(day.date - DAY, full=True), part=part) if day.date.year > 1 else None


@form("piece", "[on|in] [the] <part> (of|on) <day>", examples={"the evening of 4 december": "2026-12-04T19:00"})
def part_of(_: Context, part: str, day: Day) -> Stated:
    """the evening of 4 december"""
    return Stated(day=day, part=part)


@form("piece", "last night")
def last_night(context: Context) -> Stated:
    """last night"""
    return Stated(day=Day(context.today - DAY, past=True, said="Last night"), part="tonight")


@form(
    "piece",
    "<hour> [in] (the|this) <part>",
    "at <hour> [in] (the|this) <part>",
    "<hour> at night",
    "at <hour> at night",
    "<part> at <hour>",
    examples={"5 in the afternoon": "2026-11-25T17:00", "at 8 in the evening": "2026-11-25T20:00"},
)
def hour_in_part(_: Context, hour: Clock, part: str = "night") -> Stated | None:
    """5 in the afternoon"""
    if part == "lunch":
        return None
    return Stated(clock=hour, part=part)


@form(
    "piece",
    "<hour> tonight",
    "tonight [at|around|about|by|@] <hour>",
    "tonight [from|between] <hour> (-|to|until|till|and) <hour:last>",
    examples={"tonight at 9": "2026-11-25T21:00", "tonight 8-10": "2026-11-25T20:00"},
)
def hour_tonight(context: Context, hour: Clock, last: Clock | None = None) -> Stated:
    """9 tonight"""
    return Stated(day=today(context), clock=hour, part="tonight", last_clock=last)


@form(
    "piece",
    "[at|by|before|until] [the] end of [the] [business|working|work] day",
    "[at|by|before|until] [the] end of business [day]",
    "[at|by|before|until] [the] close of (business|play|day)",
    "[at|by|before|until] [the] (cob|eod|eob)",
    "[at|by|before|until] [the] end of today",
    "late in the working day",
    examples={"by end of day": "2026-11-25T17:00"},
)
def end_of_day(context: Context) -> Stated:
    """end of day"""
    return Stated(part="end_of_day")


@form("piece", "at lunch", "at lunchtime", "at lunch time", examples={"at lunchtime": "2026-11-25T12:00"})
def at_lunch(_: Context) -> Stated:
    """at lunch"""
    return Stated(clock=Clock(12))
