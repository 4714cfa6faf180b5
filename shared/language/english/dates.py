"""English forms for numbers, lengths of time, days and times of day.

Every form: patterns, the meaning below them, and examples (text: result at Wednesday 25 November 2026, 10:00, New York).
`docs/language.md` tells how to add one.
"""

# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.language.english.lexicon import SHOUTED_ZONES
from shared.language.english.places import PLACES
from shared.language.grammar import Grammar, Meaning
from shared.language.moments import (
    DAY,
    Clock,
    Context,
    Day,
    Span,
    Stated,
    add_months,
    add_to_day,
    days_in_month,
    say_date,
    say_month,
    shift,
)

grammar: Final = Grammar()
form = grammar.form

_RECENT_DAYS: Final = 183  # a date that passed within half a year may have meant this year: the echo says so

# Numbers.


@form("num", "<tens> <num:ones>", "<tens> - <num:ones>")
def tens_and_ones(_: Context, tens: int, ones: int) -> int | None:
    """twenty five"""
    return tens + ones if 0 < ones < 10 else None


@form("ord", "<tens> <ord:ones>", "<tens> - <ord:ones>")
def ordinal_in_words(_: Context, tens: int, ones: int) -> int | None:
    """twenty first"""
    return tens + ones if 0 < ones < 10 else None


@form("count", "<num>", "<decimal:num>", examples={"in 20 min": "2026-11-25T10:20"})
def counted(_: Context, num: float) -> float:
    """A plain number before a unit."""
    return num


@form("count", "(a|an|another|one more)")
def one(_: Context) -> float:
    """A week."""
    return 1


@form("count", "[a] couple [of]", "(a|the) pair of")
def two(_: Context) -> float:
    """A couple of hours."""
    return 2


@form("count", "[a] few", "several", "[a] few more")
def three(_: Context) -> float:
    """A few days."""
    return 3


@form("count", "half [a|an]", "(a|one) half")
def half(_: Context) -> float:
    """Half an hour."""
    return 0.5


@form("count", "<slash>")
def fraction(_: Context, slash: tuple[int, int]) -> float | None:
    """1/2 an hour"""
    return slash[0] / slash[1] if 0 < slash[0] < slash[1] <= 4 else None


@form("count", "<num> and a half", "<num> 1/2")
def and_a_half(_: Context, num: float) -> float:
    """Two and a half hours."""
    return num + 0.5


# Lengths of time.


@form("single", "<count> <unit>", "<count> - <longunit:unit>", "<count> more <longunit:unit>")
def length(_: Context, count: float, unit: tuple[str, Span]) -> Span | None:
    """3 days"""
    return unit[1].times(count) if count < 100_000 else None


@form("single", "(a|one|an) <longunit:unit> and a half")
def one_and_a_half(_: Context, unit: tuple[str, Span]) -> Span:
    """An hour and a half."""
    return unit[1].times(1.5)


@form("single", "[a] quarter [of] an hour")
def quarter_hour(_: Context) -> Span:
    """A quarter of an hour."""
    return Span(seconds=900)


@form("single", "three quarters of an hour")
def three_quarters(_: Context) -> Span:
    """Three quarters of an hour."""
    return Span(seconds=2700)


@form("single", "<int:hours> h <int:minutes> [m|min|mins]", "<int:hours> hr <int:minutes> [m|min|mins]")
def hours_minutes(_: Context, hours: int, minutes: int) -> Span | None:
    """2h30"""
    return Span(seconds=hours * 3600 + minutes * 60) if minutes < 60 and hours < 1000 else None


@form("length", "<single>")
def plain_length(_: Context, single: Span) -> Span:
    """2 hours"""
    return single


@form(
    "length",
    "<single> [,] [and] <single:second>",
    "<single> [,] <single:second> [,] [and] <single:third>",
    examples={"in 2 hours and 30 minutes": "2026-11-25T12:30", "in 1h 5min": "2026-11-25T11:05"},
)
def joined_length(_: Context, single: Span, second: Span, third: Span | None = None) -> Span:
    """2 hours and 10 minutes"""
    return single + second + (third or Span())


# Times of day.


@form(
    "clock",
    "<num> <ampm>",
    "<num> - <ampm>",
    "<num> o'clock <ampm>",
    "<num> o'clock in the <part:ampm>",
    "<num> oclock <ampm>",
    "<num> in the <ampm>",
    examples={"5pm": "2026-11-25T17:00", "12pm": "2026-11-25T12:00", "nine am tomorrow": "2026-11-26T09:00"},
)
def hour_half(_: Context, num: int, ampm: str) -> Clock | None:
    """5pm"""
    if not 1 <= num <= 12:
        return None
    pm = ampm in ("pm", "afternoon", "evening", "night")
    return Clock(num % 12 + (12 if pm else 0))


def _letter_half(letter: str) -> Meaning:
    def meaning(
        _: Context, num: int | None = None, colon: tuple[int, int, int, bool] | None = None, hhmm: tuple[int, int] | None = None
    ) -> Clock | None:
        hour, minute = (colon[0], colon[1]) if colon else hhmm or (num or 0, 0)
        if not 1 <= hour <= 12:
            return None
        return Clock(hour % 12 + (12 if letter == "p" else 0), minute)

    meaning.__name__ = f"half_{letter}"
    return meaning


for _letter in "ap":
    grammar.add(
        "clock",
        f"dotted_{_letter}m",
        (
            f"<num> {_letter} . m [.]",
            f"<colon> {_letter} . m [.]",
            f"<int:num> {_letter}",
            f"<colon> {_letter}",
            f"<colon> {_letter} m",
            f"<num> {_letter} m",
            f"<hhmm> {_letter} . m [.]",
        ),
        _letter_half(_letter),
        {"5p.m.": "2026-11-25T17:00"} if _letter == "p" else {},
    )


@form("clock", "<colon> <ampm>", "<colon> - <ampm>", examples={"7:30pm": "2026-11-25T19:30"})
def colon_half(_: Context, colon: tuple[int, int, int, bool], ampm: str) -> Clock | None:
    """7:30pm"""
    hour, minute, second, _zero = colon
    if hour > 12:
        return Clock(hour % 24, minute, second) if ampm == "pm" else None
    return Clock(hour % 12 + (12 if ampm == "pm" else 0), minute, second)


@form("clock", "<colon> [hours|hrs|h]", "<colon> o'clock", examples={"17:00": "2026-11-25T17:00"})
def colon_alone(context: Context, colon: tuple[int, int, int, bool]) -> Clock:
    """17:30; 5:30 leaves the half of the day open"""
    hour, minute, second, zero = colon
    sure = hour > 12 or hour == 0 or zero or context.meanings.hours == 24
    return Clock(hour, minute, second, sure)


@form("clock", "<hhmm> <ampm>", examples={"730pm": "2026-11-25T19:30"})
def run_together(_: Context, hhmm: tuple[int, int], ampm: str) -> Clock | None:
    """730pm"""
    if not 1 <= hhmm[0] <= 12:
        return None
    return Clock(hhmm[0] % 12 + (12 if ampm == "pm" else 0), hhmm[1])


@form("clock", "<military> (hours|hrs|h|hour)", examples={"1700 hours": "2026-11-25T17:00"})
def military(_: Context, military: tuple[int, int]) -> Clock:
    """1700 hours"""
    return Clock(*military)


@form("clock", "<int> h <int:minute>", "<int> h", "<int> (hrs|hours) <int:minute>")
def continental(_: Context, int: int, minute: int = 0) -> Clock | None:  # noqa: A002 - the lexicon's class name
    """17h30"""
    return Clock(int, minute) if int < 24 and minute < 60 else None


@form("clock", "<num> <num:minute> <ampm>", "<num> [:] <num:minute> [o'clock] <ampm>")
def spoken_minutes(_: Context, num: int, minute: int, ampm: str) -> Clock | None:
    """five thirty pm"""
    if not 1 <= num <= 12 or not 0 <= minute < 60:
        return None
    return Clock(num % 12 + (12 if ampm == "pm" else 0), minute)


@form("clock", "<num> o'clock", "<num> oclock", "<num> o ' clock", examples={"3 o'clock": "2026-11-25T15:00"})
def oclock(_: Context, num: int) -> Clock | None:
    """5 o'clock"""
    return Clock(num, sure=num > 12 or num == 0) if num <= 24 else None


@form("clock", "half past <hour>", "half <hour>", examples={"half past five": "2026-11-25T17:30"})
def half_past(_: Context, hour: Clock) -> Clock:
    """half past five"""
    return Clock(hour.hour, 30, 0, hour.sure)


@form("clock", "[a] quarter (past|after) <hour>", examples={"quarter past 6": "2026-11-25T18:15"})
def quarter_past(_: Context, hour: Clock) -> Clock:
    """quarter past six"""
    return Clock(hour.hour, 15, 0, hour.sure)


def _before_hour(hour: Clock, minutes: int) -> Clock:
    total = (hour.hour * 60 - minutes) % 1440
    if not hour.sure and total // 60 == 0:
        total += 720
    return Clock(total // 60, total % 60, 0, hour.sure)


@form("clock", "[a] quarter (to|till|til|of|before) <hour>", examples={"quarter to noon": "2026-11-25T11:45"})
def quarter_to(_: Context, hour: Clock) -> Clock:
    """quarter to nine"""
    return _before_hour(hour, 15)


@form("clock", "half (to|till|til|before) <hour>")
def half_to(_: Context, hour: Clock) -> Clock:
    """half an hour before"""
    return _before_hour(hour, 30)


@form("clock", "<num> [minutes|minute|min|mins] (past|after) <hour>", examples={"ten past 4": "2026-11-25T16:10"})
def minutes_past(_: Context, num: int, hour: Clock) -> Clock | None:
    """ten past four"""
    return Clock(hour.hour, num, 0, hour.sure) if num < 60 and not hour.minute else None


@form("clock", "<num> [minutes|minute|min|mins] (to|till|til|before|of) <hour>", examples={"ten to 4": "2026-11-25T15:50"})
def minutes_to(_: Context, num: int, hour: Clock) -> Clock | None:
    """ten to four"""
    return _before_hour(hour, num) if 0 < num < 60 and not hour.minute else None


@form("hour", "<num>")
def bare_hour(context: Context, num: int) -> Clock | None:
    """5, where only an hour can stand"""
    sure = num > 12 or num == 0 or context.meanings.hours == 24
    return Clock(num % 24, sure=sure) if num <= 24 else None


@form("hour", "<clock>")
def full_hour(_: Context, clock: Clock) -> Clock:
    """5pm"""
    return clock


@form("hour", "<num> <num:minute>", "<num> - <num:minute>")
def spoken_time(_: Context, num: int, minute: int) -> Clock | None:
    """five thirty"""
    if not 1 <= num <= 23 or not 10 <= minute < 60:
        return None
    return Clock(num, minute, sure=num > 12)


@form("hour", "<military>", examples={"at 0730": "2026-11-26T07:30"})
def leading_zero(_: Context, military: tuple[int, int]) -> Clock | None:
    """at 0730: nobody writes the evening with a nought"""
    return Clock(*military) if military[0] < 10 else None


@form("hour", "<hhmm>")
def four_digits(_: Context, hhmm: tuple[int, int]) -> Clock | None:
    """at 1730; 2027 is a year, 2030 a time"""
    if hhmm[0] in (19, 20, 21) and hhmm[1] % 5:
        return None
    return Clock(*hhmm, sure=hhmm[0] > 12 or hhmm[0] == 0)


@form("day", "(before|by) <int>", examples={"before 2028": "2027-12-31"})
def before_year(context: Context, int: int) -> Day | None:  # noqa: A002 - the class name
    """before 2028: the last day that is before it"""
    return Day(date(int - 1, 12, 31), full=True) if context.today.year < int <= 2200 and int % 5 else None


@form("hour", "<dotted>")
def dotted_time(_: Context, dotted: tuple[str, str]) -> Clock | None:
    """at 7.30"""
    hour, minute = dotted
    if len(minute) != 2 or int(hour) > 23 or int(minute) > 59:
        return None
    return Clock(int(hour), int(minute), sure=int(hour) > 12)


@form("clock", "<dotted> <ampm>")
def dotted_half(_: Context, dotted: tuple[str, str], ampm: str) -> Clock | None:
    """7.30pm"""
    hour, minute = dotted
    if len(minute) != 2 or not 1 <= int(hour) <= 12 or int(minute) > 59:
        return None
    return Clock(int(hour) % 12 + (12 if ampm == "pm" else 0), int(minute))


@form("clock", "noon", "12 noon", "midday", "noonish", examples={"noon tomorrow": "2026-11-26T12:00"})
def noon(_: Context) -> Clock:
    """noon"""
    return Clock(12)


@form("clock", "midnight", "12 midnight", "mid night", examples={"at midnight": "2026-11-26T00:00"})
def midnight(_: Context) -> Clock:
    """midnight: the end of the day"""
    return Clock(0, midnight=True)


# Days.


def _relative(context: Context, days: int, said: str = "") -> Day:
    return Day(context.today + timedelta(days=days), past=days < 0, today=days == 0, said=said)


@form("day", "today", "the same day", examples={"today": "2026-11-25"})
def today(context: Context) -> Day:
    """today"""
    return _relative(context, 0, "Today")


@form("day", "tomorrow", "the next day", "the following day", examples={"tomorrow": "2026-11-26", "2moro": "2026-11-26"})
def tomorrow(context: Context) -> Day:
    """tomorrow"""
    return _relative(context, 1)


@form("owned_day", "(today's|todays)")
def todays(context: Context) -> Day:
    """today's meeting: whose day it is"""
    return _relative(context, 0)


@form("owned_day", "(tomorrow's|tomorrows)")
def tomorrows(context: Context) -> Day:
    """tomorrow's meeting"""
    return _relative(context, 1)


@form("owned_day", "tonight's")
def tonights(context: Context) -> Day:
    """tonight's dinner"""
    return _relative(context, 0)


@form("owned_day", "<owned_weekday>")
def weekdays_own(context: Context, owned_weekday: int) -> Day:
    """friday's meeting"""
    return _relative(context, (owned_weekday - context.today.weekday() - 1) % 7 + 1)


@form("day", "yesterday", examples={"yesterday": "2026-11-24"})
def yesterday(context: Context) -> Day:
    """yesterday"""
    return _relative(context, -1, "Yesterday")


@form("day", "[the] day after tomorrow", "overmorrow", examples={"day after tomorrow": "2026-11-27"})
def day_after_tomorrow(context: Context) -> Day:
    """the day after tomorrow"""
    return _relative(context, 2)


@form("day", "[the] day before yesterday")
def day_before_yesterday(context: Context) -> Day:
    """the day before yesterday"""
    return _relative(context, -2)


@form(
    "day",
    "[this|coming|upcoming|this coming|this upcoming] <weekday_one:weekday> [.]",
    "on [a|the|this|coming|this coming] <weekday_one:weekday> [.]",
    "by [this] <weekday_one:weekday>",
    examples={"friday": "2026-11-27", "on mon.": "2026-11-30", "wednesday": "2026-12-02"},
)
def weekday(context: Context, weekday: int) -> Day:
    """friday: the next one to come; on a Friday, the one in seven days"""
    ahead = (weekday - context.today.weekday()) % 7
    if ahead:
        return Day(context.today + timedelta(days=ahead), weekday=weekday)
    return Day(context.today + 7 * DAY, weekday=weekday, aside="not today", other=context.today)


@form(
    "day",
    "next <weekday_one:weekday>",
    "on next <weekday_one:weekday>",
    examples={"next friday": "2026-12-04", "next monday": "2026-11-30"},
)
def next_weekday(context: Context, weekday: int) -> Day:
    """next friday: of next week, or the nearest, as the person has set"""
    nearest = context.today + timedelta(days=(weekday - context.today.weekday() - 1) % 7 + 1)
    if context.meanings.next_weekday == "nearest":
        return Day(nearest, weekday=weekday, full=True)
    monday = context.today - timedelta(days=context.today.weekday())
    following = monday + timedelta(days=7 + weekday)
    if following == nearest:
        return Day(following, weekday=weekday, full=True)
    return Day(following, weekday=weekday, full=True, aside=f"not {say_date(context, nearest)}", other=nearest)


@form("day", "last <weekday_one:weekday>", "(past|previous) <weekday_one:weekday>", "<weekday_one:weekday> last")
def last_weekday(context: Context, weekday: int) -> Day:
    """last friday"""
    back = (context.today.weekday() - weekday - 1) % 7 + 1
    return Day(context.today - timedelta(days=back), past=True, weekday=None)


@form("day", "<weekday_one:weekday> (of|in) [the] (next|coming) week", examples={"wednesday of next week": "2026-12-02"})
def weekday_of_next_week(context: Context, weekday: int) -> Day:
    """wednesday of next week"""
    return Day(context.today + timedelta(days=7 - context.today.weekday() + weekday), full=True)


@form("day", "<weekday_one:weekday> (of|in) this week")
def weekday_of_this_week(context: Context, weekday: int) -> Day:
    """friday of this week"""
    return Day(context.today + timedelta(days=weekday - context.today.weekday()), full=True)


@form("day", "<num> <weekday:day> (from now|from today)", examples={"three fridays from now": "2026-12-11"})
def weekdays_from_now(context: Context, num: int, day: int) -> Day | None:
    """three fridays from now"""
    ahead = (day - context.today.weekday() - 1) % 7 + 1
    return Day(context.today + timedelta(days=ahead + 7 * (num - 1)), full=True) if 1 <= num <= 200 else None


@form(
    "day",
    "[on] <weekday_one:weekday> [,] [the] <ordinal_digits:ord>",
    "[on] <weekday_one:weekday> [,] the <ord>",
    examples={"tue 15th": "2026-12-15", "mon 4th": "2027-01-04"},
)
def weekday_and_day(context: Context, weekday: int, ord: int) -> Day | None:  # noqa: A002 - the class name
    """tue 15th: the next month where they agree"""
    if not 1 <= ord <= 31:
        return None
    first = context.today.replace(day=1)
    for ahead in range(48):
        month = add_months(first, ahead)
        if ord <= days_in_month(month.year, month.month):
            found = month.replace(day=ord)
            if found >= context.today and found.weekday() == weekday:
                return Day(found, full=True)
    return None


@form(
    "day",
    "<weekday_one:weekday> (week|after next)",
    "a week (on|from) [this|next] <weekday_one:weekday>",
    "[the] <weekday_one:weekday> after next",
)
def weekday_week(context: Context, weekday: int) -> Day:
    """friday week: a week after the next friday"""
    ahead = (weekday - context.today.weekday() - 1) % 7 + 1
    return Day(context.today + timedelta(days=ahead + 7), full=True)


def _next_date(context: Context, month: int, day: int) -> Day | None:
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


def _exact(year: int, month: int, day: int) -> Day | None:
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return Day(date(year, month, day), full=True)


def month_day(context: Context, month: int, day: int, year: int | None = None) -> Day | None:
    """A day of a month, with or without its year."""
    if not 1 <= day <= 31:
        return None
    return _exact(year, month, day) if year is not None else _next_date(context, month, day)


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
    return _exact(year, month, day) if 1900 <= year <= 2200 else None


@form("day", "<monthday> [,] <int>")
def two_digit_year(context: Context, monthday: tuple[int, int], int: int) -> Day | None:  # noqa: A002 - the class name
    """14 april 28: a number no hour can be"""
    return month_day(context, *monthday, 2000 + int) if 25 <= int <= 70 else None


@form("year2", "<int>")
def short_year(_: Context, int: int) -> int | None:  # noqa: A002 - the lexicon's class name
    """'27"""
    return 2000 + int if int < 70 else None


@form(
    "day",
    "[on] [the] <ordinal_digits:ord> [of the month]",
    "[on] the <ord> [of the month]",
    "(on|for|by|until) the <int:ord>",
    "on <int:ord>",
    "(for|by) the <ordinal_digits:ord>",
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
            skipped = skipped or f"not {say_month(month)}"
            continue
        found = month.replace(day=ord)
        if found >= context.today:
            return Day(found, full=True, aside=skipped or None, said="ordinal")
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
    return _exact(*iso)


@form("day", "[on|by] <slash>", "<weekday> [,] <slash>", examples={"3/12": "2027-03-12", "12/25": "2026-12-25"})
def numeric_date(context: Context, slash: tuple[int, int], weekday: int | None = None) -> Day | None:
    """3/12: as the person's country writes it; the other reading is named"""
    return _numeric(context, slash[0], slash[1], None)


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


def say_date_short(_: Context, day: date) -> str:
    """3 Dec: the reading not chosen, never with its year."""
    return f"{day.day} {say_month(day)}"


@form(
    "day",
    "[the] <ord> <weekday_one:weekday> (of|in) <month> [,] [<year>]",
    "[the] <ord> <weekday_one:weekday> (of|in) <month:month>",
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


@form("day", "[the] <ord> <weekday_one:weekday> (of|in) (this|the|next) month")
def nth_weekday_near(context: Context, ord: int, weekday: int) -> Day | None:  # noqa: A002 - the class name
    """the second friday of next month"""
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


# Longer times: weeks, months, years, weekends.


@form(
    "day",
    "(this|the|on the|over the|at the|this coming|the coming) weekend",
    "[this] weekend",
    examples={"this weekend": "2026-11-28"},
)
def this_weekend(context: Context) -> Day:
    """this weekend: Saturday; today when it has begun"""
    saturday = context.today + timedelta(days=5 - context.today.weekday())
    start = max(saturday, context.today)
    return Day(start, last=saturday + DAY, grain="weekend")


@form("day", "next weekend", examples={"next weekend": "2026-12-05"})
def next_weekend(context: Context) -> Day:
    """next weekend"""
    saturday = context.today + timedelta(days=12 - context.today.weekday())
    return Day(saturday, last=saturday + DAY, grain="weekend", full=True)


@form("day", "(this|the) week", "later this week", "during the week", examples={"this week": "2026-11-25"})
def this_week(context: Context) -> Day:
    """this week: from today"""
    sunday = context.today + timedelta(days=6 - context.today.weekday())
    return Day(context.today, last=sunday, grain="week", said="This week")


@form(
    "day",
    "[the] (next|coming|following) week",
    "[the] week after this",
    "early next week",
    examples={"next week": "2026-11-30"},
)
def next_week(context: Context) -> Day:
    """next week: Monday"""
    monday = context.today + timedelta(days=7 - context.today.weekday())
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True)


@form("day", "[the] week after next")
def week_after_next(context: Context) -> Day:
    """the week after next"""
    monday = context.today + timedelta(days=14 - context.today.weekday())
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True)


@form("day", "(last|past|previous) week", "the (last|past) week")
def last_week(context: Context) -> Day:
    """last week"""
    monday = context.today - timedelta(days=7 + context.today.weekday())
    return Day(monday, last=monday + 6 * DAY, grain="week", past=True, said="Last week")


def _month(context: Context, ahead: int) -> Day:
    first = add_months(context.today.replace(day=1), ahead)
    last = first.replace(day=days_in_month(first.year, first.month))
    return Day(max(first, context.today) if ahead == 0 else first, last=last, grain="month", full=True, past=ahead < 0)


@form("day", "this month", "later this month")
def this_month(context: Context) -> Day:
    """this month"""
    return _month(context, 0)


@form("day", "[the] next month", "[the] (coming|following) month", examples={"next month": "2026-12-01"})
def next_month(context: Context) -> Day:
    """next month: its first day"""
    return _month(context, 1)


@form("day", "(last|past|previous) month", "the (last|past) month")
def last_month(context: Context) -> Day:
    """last month"""
    return _month(context, -1)


@form(
    "day",
    "(in|by|during|this|next|before|until|in the) <month> [<year>]",
    "(early|beginning of|start of) <month> [<year>]",
    examples={"in march": "2027-03-01"},
)
def whole_month(context: Context, month: int, year: int | None = None) -> Day:
    """in march: its first day to come"""
    at = year if year is not None else context.today.year + (month < context.today.month)
    first = date(at, month, 1)
    last = first.replace(day=days_in_month(at, month))
    return Day(max(first, context.today) if last >= context.today else first, last=last, grain="month", full=True)


@form("day", "[in|on|by] <month> [,] <year>", "[in|by] <slash>", examples={"in july 2027": "2027-07-01"})
def month_of_year(
    _: Context, month: int | None = None, year: int | None = None, slash: tuple[int, int] | None = None
) -> Day | None:
    """july 2027, 7/2027"""
    if slash is not None:
        month, year = slash
    if month is None or year is None or not 1 <= month <= 12 or not 1900 <= year <= 2200:
        return None
    return Day(date(year, month, 1), last=date(year, month, days_in_month(year, month)), grain="month", full=True)


@form("day", "[the] <ord> week (of|in) <month> [<year>]", "[the] <ord> week of (this|next) month")
def week_of_month(context: Context, ord: int, month: int | None = None, year: int | None = None) -> Day | None:  # noqa: A002 - the class name
    """the 3rd week of january: its Monday"""
    first = add_months(context.today.replace(day=1), 0 if month is None else (month - context.today.month) % 12)
    if year is not None and month is not None:
        first = date(year, month, 1)
    monday = nth_in_month(first.year, first.month, ord, 0)
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True) if monday is not None else None


@form("day", "[the] week (of|beginning|starting|commencing) [on] <day>", "w/c <day>")
def week_of_day(_: Context, day: Day) -> Day:
    """the week of 14 december: its Monday"""
    monday = day.date - timedelta(days=day.date.weekday())
    return Day(monday, last=monday + 6 * DAY, grain="week", full=True)


@form("day", "mid [-] <month>", "[the] middle of <month>", "mid <month>")
def mid_month(context: Context, month: int) -> Day | None:
    """mid january"""
    return _next_date(context, month, 15)


@form(
    "day", "(late|end of|[the] end of|by the end of|at the end of) <month> [<year>]", examples={"end of january": "2027-01-31"}
)
def end_of_named_month(context: Context, month: int, year: int | None = None) -> Day | None:
    """end of january"""
    at = year if year is not None else context.today.year + (month < context.today.month)
    return _exact(at, month, days_in_month(at, month))


@form("day", "this year", "later this year", "later in the year")
def this_year(context: Context) -> Day:
    """this year: from today"""
    return Day(context.today, last=date(context.today.year, 12, 31), grain="year", full=True)


@form("day", "next <length>", "the next <length>", "over the next <length>")
def next_days(context: Context, length: Span) -> Day | None:
    """the next 3 days: from tomorrow"""
    if length.timed or not 0 < length.total_seconds <= 86_400 * 3_650:
        return None
    return Day(context.today + DAY, last=add_to_day(context.today, length), grain="range", full=True)


@form("day", "next year")
def next_year(context: Context) -> Day:
    """next year: its first day"""
    at = context.today.year + 1
    return Day(date(at, 1, 1), last=date(at, 12, 31), grain="year", full=True)


@form(
    "day",
    "[by|at] [the] end of [the|this|current] week",
    "eow",
    "[by] [the] end of (the|this) week",
    examples={"end of the week": "2026-11-27"},
)
def end_of_week(context: Context) -> Day:
    """end of the week: Friday, or Sunday once Friday is over"""
    ahead = 4 - context.today.weekday()
    return Day(context.today + timedelta(days=ahead if ahead >= 0 else 6 - context.today.weekday()))


@form(
    "day",
    "[by|at] [the] end of [the|this] month",
    "eom",
    "[on] [the] last day of [the|this] month",
    examples={"end of the month": "2026-11-30", "eom": "2026-11-30"},
)
def end_of_month(context: Context) -> Day:
    """end of the month"""
    return Day(context.today.replace(day=days_in_month(context.today.year, context.today.month)), full=True)


@form("day", "[by|at] [the] end of next month", "[on] [the] last day of next month")
def end_of_next_month(context: Context) -> Day:
    """end of next month"""
    month = add_months(context.today.replace(day=1), 1)
    return Day(month.replace(day=days_in_month(month.year, month.month)), full=True)


@form("day", "[by|at] [the] end of next week")
def end_of_next_week(context: Context) -> Day:
    """end of next week: Friday"""
    return Day(context.today + timedelta(days=11 - context.today.weekday()), full=True)


@form("day", "[by|at] [the] end of [the|this] year", "eoy", examples={"end of the year": "2026-12-31"})
def end_of_year(context: Context) -> Day:
    """end of the year"""
    return Day(date(context.today.year, 12, 31), full=True)


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
    def meaning(context: Context) -> Day | None:
        return _next_date(context, month, day)

    meaning.__name__ = f"holiday_{month}_{day}"
    return meaning


for (_month_number, _day_number), _names in _HOLIDAYS.items():
    grammar.add(
        "day",
        f"holiday_{_month_number}_{_day_number}",
        tuple(f"[on|by] {name}" for name in _names),
        _holiday(_month_number, _day_number),
        {},
    )


@form("day", "[on|by] thanksgiving [day]", examples={"thanksgiving": "2026-11-26"})
def thanksgiving(context: Context) -> Day | None:
    """The fourth Thursday of November (United States)."""
    for at in (context.today.year, context.today.year + 1):
        found = nth_in_month(at, 11, 4, 3)
        if found is not None and found >= context.today:
            return Day(found)
    return None


# Days counted from another.


@form(
    "day",
    "in <length>",
    "in (about|around|approximately|like|roughly) <length>",
    "in <length> from today",
    "(upcoming|coming) <length>",
    "<length> from (now|today)",
    "in <length> (from now|time)",
    "within <length>",
    "after <length>",
    "+ <length>",
    "<length> (hence|later)",
    "in the next <length>",
    "within the next <length>",
    examples={"in 3 days": "2026-11-28", "a week from now": "2026-12-02", "in two months": "2027-01-25"},
)
def days_ahead(context: Context, length: Span) -> Day | None:
    """in 3 days"""
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


@form("day", "<length> before <day>", "[the] day before <day>", examples={"a week before christmas": "2026-12-18"})
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
    "in (about|around|approximately|like|roughly|just|under) <length>",
    "<length> (later|hence)",
    "about <length> from now",
    "<length> from now",
    "in <length> (from now|time)",
    "+ <length>",
    "within <length>",
    "in the next <length>",
    "after <length>",
    examples={"in 2 hours": "2026-11-25T12:00", "half an hour from now": "2026-11-25T10:30"},
)
def from_now(context: Context, length: Span) -> datetime | None:
    """in 20 minutes"""
    if not length.timed or length.total_seconds > 86_400 * 36_500:
        return None
    return shift(context.now, length)


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


# Pieces: what may stand beside another piece in one statement of time.


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
    "at (dawn|sunrise)",
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


# Ranges.


@form(
    "piece",
    "<hour> [-] <clock:last>",
    "<hour> (-|to|until|till|til|through) <clock:last>",
    "(around|about|at|@) <hour> (-|to) <clock:last>",
    "from <hour> (to|-|until|till|til|through) <hour:last>",
    "between <hour> (and|-|to) <hour:last>",
    "<clock:hour> (-|to|until|till|til|through) <hour:last>",
    "at <hour> (-|to|until|till) <hour:last>",
    "<colon_hour:hour> (-|to|until|till) <colon_hour:last>",
    examples={"tomorrow 3-5pm": "2026-11-26T15:00", "from 9 to 11": "2026-11-26T09:00"},
)
def hours_between(_: Context, hour: Clock, last: Clock) -> Stated | None:
    """3-5pm"""
    return Stated(clock=hour, last_clock=last)


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
    end = last.date
    while end < day.date and last.weekday is not None:
        end += 7 * DAY
    if end <= day.date:
        return None
    return Stated(day=day, last_day=Day(end, full=last.full))


@form(
    "piece",
    "[from|between] <month> (-|to|until|till|and|through|thru) <month:last> [<year>]",
    "between <int:first> and <int:second>",
    "(from|between) <int:first> (-|to) <int:second>",
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


@form("piece", "for [the next] <length>")
def lasting(_: Context, length: Span) -> Stated | None:
    """for two hours: only beside a start"""
    return Stated(length=length) if 0 < length.total_seconds < 86_400 * 366 else None
