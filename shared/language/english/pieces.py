"""Pieces of time that may stand beside another: `at 5`, `in the evening`, `Tokyo time`."""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.language.english.clocks import bare_hour
from shared.language.english.days import today, tomorrow
from shared.language.english.forms import form, grammar
from shared.language.english.lexicon import SHOUTED_ZONES
from shared.language.english.places import PLACES
from shared.language.moments import (
    DAY,
    Clock,
    Context,
    Day,
    Stated,
)


@form("piece", "<day>")
def day_piece(_: Context, day: Day) -> Stated:
    """friday"""
    return Stated(day=day)


@form("piece", "<instant>")
def instant_piece(_: Context, instant: datetime) -> Stated:
    """in 20 minutes"""
    return Stated(instant=instant)


@form(
    "piece",
    "[at|@|by|before|around|about|approx|approximately|after|from|starting at|no later than|just after|just before|until|till|til|for|exactly at|as of|since] <clock> [sharp|ish|exactly]",
    "(by|before|around|about|after) (about|around) <clock>",
    "at (about|around|approximately|exactly) <clock>",
    examples={"by 5pm": "2026-11-25T17:00"},
)
def clock_piece(_: Context, clock: Clock) -> Stated:
    """at 5pm"""
    return Stated(clock=clock)


@form(
    "piece",
    "(at|@) <hour> [sharp|ish|exactly]",
    "(at|@) (about|around|like|approximately|approx) <hour>",
    "(approximately|approx|circa) <hour>",
    "<hour> ish",
    "(by|before|after|around|until|till) <hour:hour>",
    examples={"at 3": "2026-11-25T15:00", "tomorrow at 7": "2026-11-26T07:00", "at 1730": "2026-11-25T17:30"},
)
def at_hour(_: Context, hour: Clock) -> Stated:
    """at 5"""
    return Stated(clock=hour)


@form("piece", "<zone>", "<zone> time", "( <zone> )")
def zone_piece(_: Context, zone: tuple[str, str]) -> Stated | None:
    """JST"""
    if zone[0] in SHOUTED_ZONES:
        return None
    return Stated(zone=(zone[0].upper(), ZoneInfo(zone[1])))


for _name in PLACES:
    if " " in _name:
        grammar.add("place", "place", (_name,), lambda _, _name=_name: _name, {})


@form("piece", "<place> time", "in <place> time")
def city_time(_: Context, place: str) -> Stated | None:
    """Tokyo time"""
    return Stated(zone=(f"{place.title()} time", ZoneInfo(PLACES[place])))


# Parts of the day.


@form(
    "piece",
    "this <part>",
    "(in|during|by|before|on) the <part>",
    "in the (late|early) <part>",
    "at night",
    "(this|in the) late <part>",
    "during the <part>",
    "first thing [in the morning]",
    "(early|late) [in the] <part>",
    "by <part>",
    examples={"in the evening": "2026-11-25T19:00", "this afternoon": "2026-11-25T15:00"},
)
def part_piece(_: Context, part: str = "night") -> Stated:
    """in the morning"""
    return Stated(part=part)


@form("piece", "at (dawn|sunrise|daybreak)", examples={"at dawn": "2026-11-26T06:00"})
def at_dawn(_: Context) -> Stated:
    """at dawn"""
    return Stated(part="dawn")


@form("piece", "first thing", "first thing in the morning", "first thing tomorrow")
def first_thing(context: Context) -> Stated:
    """first thing: tomorrow morning"""
    return Stated(day=tomorrow(context), part="morning")


@form("piece", "tonight", "later tonight", "this night", examples={"tonight": "2026-11-25T20:00"})
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
    "<day> [,] [the|in the] (early|late) <part>",
    examples={"tomorrow morning": "2026-11-26T09:00", "friday evening": "2026-11-27T19:00"},
)
def day_part(_: Context, day: Day, part: str) -> Stated:
    """friday evening"""
    return Stated(day=day, part=part)


@form("piece", "<part> of <day>", "[in the] <part> (of|on) <day>")
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


@form("piece", "<hour> tonight", "tonight <hour>", "tonight at <hour>", examples={"tonight at 9": "2026-11-25T21:00"})
def hour_tonight(context: Context, hour: Clock) -> Stated:
    """9 tonight"""
    return Stated(day=today(context), clock=hour, part="tonight")


@form(
    "piece",
    "[at|by|before] [the] end of [the] day",
    "eod",
    "[by] close of business",
    "[by] cob",
    "[by] eod",
    "(at|by) [the] end of today",
    examples={"by end of day": "2026-11-25T17:00"},
)
def end_of_day(context: Context) -> Stated:
    """end of day"""
    return Stated(part="end_of_day")


@form("piece", "at lunch", "at lunchtime", "at lunch time", examples={"at lunchtime": "2026-11-25T12:00"})
def at_lunch(_: Context) -> Stated:
    """at lunch"""
    return Stated(clock=Clock(12))


@form("loose_hour", "<num>")
def loose_hour(context: Context, num: int) -> Clock | None:
    """5 beside a day; never a year"""
    return bare_hour(context, num) if num <= 24 else None


@form("spoken", "<num> <num:minute>")
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


@form("piece", "at <hour> on <day>", "<hour> on <day>", "<hour> on <day> <part>")
def hour_then_day(_: Context, hour: Clock, day: Day, part: str = "") -> Stated | None:
    """5 on friday"""
    return Stated(day=day, clock=hour, part=part)


@form(
    "piece",
    "<hour> tomorrow",
    "<hour> tomorrow <part>",
    examples={"9 tomorrow": "2026-11-26T09:00", "five-thirty tomorrow evening": "2026-11-26T17:30"},
)
def hour_tomorrow(context: Context, hour: Clock, part: str = "") -> Stated:
    """9 tomorrow"""
    return Stated(day=tomorrow(context), clock=hour, part=part)
