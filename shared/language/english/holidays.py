"""Days people call by name: `christmas`, `easter`, `thanksgiving`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from shared.language.english.calendar_days import month_day, next_date, nth_in_month
from shared.language.english.forms import form, grammar
from shared.language.moments import (
    DAY,
    Context,
    Day,
)
from shared.language.states import Meaning

_HOLIDAYS: Final = {
    (12, 25): ("christmas", "christmas day", "xmas", "xmas day", "x-mas"),
    (12, 26): ("boxing day", "st stephen's day"),
    (12, 24): ("christmas eve", "xmas eve"),
    (12, 31): ("new year's eve", "new years eve", "new year eve", "nye"),
    (1, 1): (
        "new year's day",
        "new years day",
        "new year day",
        "new year's",
        "new years",
        "new year",
        "the new year",
        "in the new year",
    ),
    (2, 14): ("valentine's day", "valentines day", "valentine's"),
    (10, 31): ("halloween", "hallowe'en"),
    (7, 4): ("independence day", "4th of july", "fourth of july"),
    (3, 17): ("st patrick's day", "st patricks day", "saint patrick's day", "st . patrick's day", "st paddy's day"),
    (1, 6): ("epiphany",),
    (2, 2): ("groundhog day",),
    (4, 1): ("april fools", "april fool's day", "april fools day", "april fools' day"),
    (4, 15): ("tax day",),
    (4, 22): ("earth day",),
    (4, 25): ("anzac day",),
    (5, 4): ("star wars day",),
    (5, 5): ("cinco de mayo",),
    (6, 19): ("juneteenth",),
    (7, 1): ("canada day",),
    (1, 26): ("australia day",),
    (11, 5): ("bonfire night", "guy fawkes night"),
    (11, 11): ("veterans day", "veteran's day", "remembrance day", "armistice day"),
}


def _holiday(month: int, day: int) -> Meaning:
    def meaning(context: Context, year: int | None = None) -> Day | None:
        found = month_day(context, month, day, year)
        return replace(found, rule=(month, 0, day)) if found is not None else None

    meaning.__name__ = f"holiday_{month}_{day}"
    return meaning


for (_month_number, _day_number), _names in _HOLIDAYS.items():
    grammar.add(
        "holiday",
        f"holiday_{_month_number}_{_day_number}",
        (*(f"[on|by|over|next|this] {name}" for name in _names), *(f"[on|by] {name} [,|of|in] <year>" for name in _names)),
        _holiday(_month_number, _day_number),
        {},
    )


@form(
    "holiday",
    "[on|by|over|next|this] thanksgiving [day]",
    "[on|by] thanksgiving [day] [,|of|in] <year>",
    examples={"thanksgiving": "2026-11-26", "thanksgiving 2027": "2027-11-25"},
)
def thanksgiving(context: Context, year: int | None = None) -> Day | None:
    """The fourth Thursday of November (United States)."""
    return _nth_to_come(context, 11, 4, 3, year)


_MOVING: Final = {
    (2, 3, 0): ("presidents day", "president's day", "presidents' day"),
    (9, 1, 0): ("labor day", "labour day"),
    (10, 2, 0): ("columbus day", "indigenous peoples' day", "indigenous peoples day"),
    (5, -1, 0): ("memorial day",),
    (5, 2, 6): ("mother's day", "mothers day"),
    (6, 3, 6): ("father's day", "fathers day"),
    (1, 3, 0): ("mlk day", "martin luther king day"),
}


def _moving(month: int, nth: int, weekday: int) -> Meaning:
    def meaning(context: Context, year: int | None = None) -> Day | None:
        return _nth_to_come(context, month, nth, weekday, year)

    meaning.__name__ = f"moving_{month}_{nth}"
    return meaning


def _nth_to_come(context: Context, month: int, nth: int, weekday: int, year: int | None = None) -> Day | None:
    """The nth weekday of a month, this year or next, or of the year that was said."""
    years = (context.today.year, context.today.year + 1) if year is None else (year,)
    days = (nth_in_month(each, month, nth, weekday) for each in years)
    found = next((day for day in days if day is not None and (day >= context.today or year is not None)), None)
    return Day(found, full=month != 11, rule=(month, nth, weekday)) if found is not None else None


for (_month_number, _nth, _weekday), _names in _MOVING.items():
    grammar.add(
        "holiday",
        f"moving_{_month_number}_{_nth}",
        (*(f"[on|by|over|next|this] {name}" for name in _names), *(f"[on|by] {name} [,|of|in] <year>" for name in _names)),
        _moving(_month_number, _nth, _weekday),
        {},
    )


def _easter_sunday(year: int) -> date:
    """Gregorian Easter (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    moon = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * moon) // 451
    month, day = divmod(h + moon - 7 * m + 114, 31)
    return date(year, month, day + 1)


@form("holiday", "[on|by|next|at] easter [sunday]", "[on|by] easter [sunday] [,] <year>", examples={"easter": "2027-03-28"})
def easter(context: Context, year: int | None = None) -> Day | None:
    """easter 2027"""
    if year is not None:
        return Day(_easter_sunday(year), full=True)
    return next(
        Day(day, full=True) for day in map(_easter_sunday, (context.today.year, context.today.year + 1)) if day >= context.today
    )


@form("holiday", "[on|by] good friday", examples={"good friday": "2027-03-26"})
def good_friday(context: Context) -> Day | None:
    """good friday"""
    days = (_easter_sunday(context.today.year + ahead) - 2 * DAY for ahead in (0, 1))
    return next(Day(day, full=True) for day in days if day >= context.today)


def _from_easter(days: int) -> Meaning:
    def meaning(context: Context) -> Day:
        found = (_easter_sunday(context.today.year + ahead) + days * DAY for ahead in (0, 1))
        return next(Day(day, full=True) for day in found if day >= context.today)

    meaning.__name__ = f"easter_{days}"
    return meaning


for _days, _names in {
    -47: ("shrove tuesday", "pancake day", "mardi gras", "fat tuesday"),
    -46: ("ash wednesday",),
    -7: ("palm sunday",),
    1: ("easter monday",),
    39: ("ascension day",),
    49: ("pentecost", "whit sunday"),
}.items():
    grammar.add("holiday", f"easter_{_days}", tuple(f"[on|by] {name}" for name in _names), _from_easter(_days), {})


@form("holiday", "[on|by] black friday", examples={"black friday": "2026-11-27"})
def black_friday(context: Context) -> Day | None:
    """black friday: the day after Thanksgiving"""
    return _behind_thanksgiving(context, 1)


@form("holiday", "[on|by] cyber monday", examples={"cyber monday": "2026-11-30"})
def cyber_monday(context: Context) -> Day | None:
    """cyber monday"""
    return _behind_thanksgiving(context, 4)


def _behind_thanksgiving(context: Context, days: int) -> Day | None:
    for at in (context.today.year, context.today.year + 1):
        thursday = nth_in_month(at, 11, 4, 3)
        if thursday is not None and thursday + days * DAY >= context.today:
            return Day(thursday + days * DAY, full=True)
    return None


@form("holiday", "[on|by] [the] ides of march", examples={"ides of march": "2027-03-15"})
def ides_of_march(context: Context) -> Day | None:
    """the ides of march"""
    return next_date(context, 3, 15)


@form("day", "<holiday>")
def on_holiday(_: Context, holiday: Day) -> Day:
    """christmas"""
    return replace(holiday, kind="holiday")
