"""Days people call by name: `christmas`, `easter`, `thanksgiving`."""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.language.english.calendar_days import month_day, next_date, nth_in_month
from shared.language.english.forms import form, grammar
from shared.language.grammar import Meaning
from shared.language.moments import (
    DAY,
    Context,
    Day,
)

_HOLIDAYS: Final = {
    (12, 25): ("christmas", "christmas day", "xmas", "xmas day"),
    (12, 24): ("christmas eve", "xmas eve"),
    (12, 31): ("new year's eve", "new years eve", "new year eve"),
    (1, 1): ("new year's day", "new years day", "new year's", "new year"),
    (2, 14): ("valentine's day", "valentines day", "valentine's"),
    (10, 31): ("halloween",),
    (7, 4): ("independence day", "4th of july", "fourth of july"),
    (3, 17): ("st patrick's day", "st patricks day"),
}


def _holiday(month: int, day: int) -> Meaning:
    def meaning(context: Context, year: int | None = None) -> Day | None:
        return month_day(context, month, day, year)

    meaning.__name__ = f"holiday_{month}_{day}"
    return meaning


for (_month_number, _day_number), _names in _HOLIDAYS.items():
    grammar.add(
        "holiday",
        f"holiday_{_month_number}_{_day_number}",
        (*(f"[on|by] {name}" for name in _names), *(f"[on|by] {name} [,] <year>" for name in _names)),
        _holiday(_month_number, _day_number),
        {},
    )


@form("holiday", "[on|by] thanksgiving [day]", examples={"thanksgiving": "2026-11-26"})
def thanksgiving(context: Context) -> Day | None:
    """The fourth Thursday of November (United States)."""
    for at in (context.today.year, context.today.year + 1):
        found = nth_in_month(at, 11, 4, 3)
        if found is not None and found >= context.today:
            return Day(found)
    return None


_MOVING: Final = {
    (9, 1, 0): ("labor day", "labour day"),
    (5, -1, 0): ("memorial day",),
    (5, 2, 6): ("mother's day", "mothers day"),
    (6, 3, 6): ("father's day", "fathers day"),
    (1, 3, 0): ("mlk day", "martin luther king day"),
}


def _moving(month: int, nth: int, weekday: int) -> Meaning:
    def meaning(context: Context) -> Day | None:
        days = (nth_in_month(context.today.year + ahead, month, nth, weekday) for ahead in (0, 1))
        return next((Day(day, full=True) for day in days if day is not None and day >= context.today), None)

    meaning.__name__ = f"moving_{month}_{nth}"
    return meaning


for (_month_number, _nth, _weekday), _names in _MOVING.items():
    grammar.add(
        "holiday",
        f"moving_{_month_number}_{_nth}",
        tuple(f"[on|by] {name}" for name in _names),
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


@form("holiday", "[on|by] [the] ides of march", examples={"ides of march": "2027-03-15"})
def ides_of_march(context: Context) -> Day | None:
    """the ides of march"""
    return next_date(context, 3, 15)


@form("day", "<holiday>")
def on_holiday(_: Context, holiday: Day) -> Day:
    """christmas"""
    return holiday
