"""Pieces of time that may stand beside another: `at 5`, `no later than friday`, `Tokyo time`, `same time tomorrow`."""

# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.language.calendar import add_to_day
from shared.language.english.clocks import bare_hour
from shared.language.english.days import today, tomorrow
from shared.language.english.days import weekday as weekday_of
from shared.language.english.forms import form, grammar
from shared.language.english.places import PLACES
from shared.language.moments import DAY, Clock, Context, Day, Span, Stated


@form("piece", "<day>")
def day_piece(_: Context, day: Day) -> Stated:
    """friday"""
    return Stated(day=day)


@form(
    "piece",
    "[by] (no later than|not later than|no later then) [on] <day>",
    "at the latest [by] <day>",
    "<day> (at the latest|latest|the latest|or earlier|or sooner|or before|at the very latest)",
    examples={"no later than friday": "2026-11-27", "friday at the latest": "2026-11-27"},
)
def latest_day(_: Context, day: Day) -> Stated:
    """friday at the latest"""
    return Stated(day=day)


@form("piece", "(through|as of|around|about|towards|toward|beginning) <day>", examples={"as of next week": "2026-11-30"})
def about_day(context: Context, day: Day) -> Stated | None:
    """as of next week; what is over is a subject, no date"""
    return Stated(day=day) if (day.last or day.date) >= context.today else None


@form("piece", "after <day>", examples={"after the weekend": "2026-11-30", "after christmas": "2026-12-26"})
def after_day(_: Context, day: Day) -> Stated | None:
    """after christmas: the day behind it, behind the weekend its Monday"""
    last = day.last or day.date
    return Stated(day=Day(last + DAY, full=True)) if last.year < 2200 and not day.past else None


@form("piece", "<instant>")
def instant_piece(_: Context, instant: datetime) -> Stated:
    """in 20 minutes"""
    return Stated(instant=instant)


@form(
    "piece",
    "[at|@|by|before|around|about|approx|approximately|after|from|starting at|not later than|no later than|by no later than|not before|no earlier than|no sooner than|just after|just before|until|till|til|for|exactly at|as of|since] <clock> [sharp|ish|- ish|exactly|on the dot|precisely|or so|at the latest|latest]",
    "(by|before|around|about|after) (about|around) <clock>",
    "at (about|around|approximately|approx|roughly|exactly|precisely) <clock> [or so]",
    examples={"by 5pm": "2026-11-25T17:00"},
)
def clock_piece(_: Context, clock: Clock) -> Stated:
    """at 5pm"""
    return Stated(clock=clock)


@form(
    "piece",
    "(at|@) <hour> [sharp|ish|- ish|exactly|on the dot|precisely|or so|at the latest|latest]",
    "(at|@) (about|around|like|approximately|approx|roughly|exactly|precisely) <hour> [ish|- ish|or so]",
    "(approximately|approx|circa) <hour>",
    "<hour> [-] ish",
    "<around:ish>",
    "(by|before|after|around|about|until|till|no later than|not later than|by no later than|not before) <hour:hour> [ish|- ish|or so|at the latest|latest]",
    examples={"at 3": "2026-11-25T15:00", "tomorrow at 7": "2026-11-26T07:00", "at 1730": "2026-11-25T17:30"},
)
def at_hour(context: Context, hour: Clock | None = None, ish: int = 0) -> Stated:
    """at 5"""
    return Stated(clock=hour or bare_hour(context, ish))


@form("piece", "<zone>", "<zone> time")
def zone_piece(_: Context, zone: tuple[str, str]) -> Stated:
    """JST"""
    return Stated(zone=(zone[0].upper(), ZoneInfo(zone[1])))


for _name in PLACES:
    if " " in _name:
        grammar.add("place", "place", (_name,), lambda _, _name=_name: _name, {})


@form("piece", "<place> time", "in <place> time")
def city_time(_: Context, place: str) -> Stated | None:
    """Tokyo time"""
    return Stated(zone=(f"{place.title()} time", ZoneInfo(PLACES[place])))


@form(
    "piece",
    "(this|same|the same|at the same) time [on] <day>",
    "<day> [,] [at] (this|the same|same) time",
    examples={"this time tomorrow": "2026-11-26T10:00", "same time next week": "2026-12-02T10:00"},
)
def same_time(context: Context, day: Day) -> Stated | None:
    """this time tomorrow; of next week the same weekday"""
    away = {"week": Span(days=7), "month": Span(months=1), "year": Span(months=12)}.get(day.grain)
    if day.past or (away is None and day.grain != "day"):
        return None
    at = day if away is None else Day(add_to_day(context.today, away), full=True)
    return Stated(day=at, clock=Clock(context.now.hour, context.now.minute))


@form("loose_hour", "<num>")
def loose_hour(context: Context, num: int) -> Clock | None:
    """5 beside a day; never a year"""
    return bare_hour(context, num) if num <= 24 else None


@form("spoken", "<num> <num:minute>", examples={"friday nine thirty": "2026-11-27T09:30"})
def spoken_beside_day(_: Context, num: int, minute: int) -> Clock | None:
    """friday nine thirty"""
    return Clock(num, minute, sure=num > 12) if 1 <= num <= 23 and 10 <= minute < 60 else None


@form("loose_hour", "<clock>")
def sure_hour(_: Context, clock: Clock) -> Clock:
    """5pm beside a day"""
    return clock


@form(
    "beside_day",
    "<loose_hour:hour>",
    "<spoken:hour>",
    "<loose_hour:hour> (-|to|until|till|til) <loose_hour:last>",
    examples={"tomorrow 5": "2026-11-26T17:00", "friday @ 3": "2026-11-27T15:00"},
)
def day_hour(_: Context, hour: Clock, last: Clock | None = None) -> Stated | None:
    """tomorrow 5: a bare hour counts only behind a day"""
    return Stated(clock=hour, last_clock=last)


@form(
    "piece",
    "[at|about|around|by] <hour> on <day>",
    "[at|about|around|by] <hour> on <day> <part>",
    "(at|about|around|by) <hour> <named_day:day> [<part>]",
)
def hour_then_day(_: Context, hour: Clock, day: Day, part: str = "") -> Stated | None:
    """5 on friday"""
    return Stated(day=day, clock=hour, part=part)


@form("named_day", "today", "[on] <weekday_one:weekday>")
def named_day(context: Context, weekday: int | None = None) -> Day:
    """today, friday"""
    found: Day = today(context) if weekday is None else weekday_of(context, weekday)
    return found


@form(
    "piece",
    "[at|about|around|by] <hour> tomorrow",
    "[at|about|around|by] <hour> tomorrow <part>",
    examples={"9 tomorrow": "2026-11-26T09:00", "five-thirty tomorrow evening": "2026-11-26T17:30"},
)
def hour_tomorrow(context: Context, hour: Clock, part: str = "") -> Stated:
    """9 tomorrow"""
    return Stated(day=tomorrow(context), clock=hour, part=part)
