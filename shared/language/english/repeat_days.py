"""Repeats on days of the week: `every mon and thu`, `weekdays`, `sunday evenings`, `every other friday`, `except sundays`."""

# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from datetime import date
from typing import Final

from shared.language.english.forms import form
from shared.language.moments import DAY, Context, Day
from shared.language.recurrence import Rule

WORKDAYS: Final = (0, 1, 2, 3, 4)
WEEKEND: Final = (5, 6)


# Sets of weekdays.


@form("dayset", "<weekday>")
def one_weekday(_: Context, weekday: int) -> tuple[int, ...]:
    """monday"""
    return (weekday,)


@form(
    "dayset",
    "<weekday:first> (-|to|through|thru) <weekday:last>",
    examples={"gym every mon-fri": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"},
)
def weekday_span(_: Context, first: int, last: int) -> tuple[int, ...]:
    """mon-fri"""
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


@form("through", "<weekday:first> (-|to|through|thru|until|till) <weekday:last>")
def through(_: Context, first: int, last: int) -> tuple[int, ...]:
    """monday to friday"""
    found: tuple[int, ...] = weekday_span(_, first, last)
    return found


@form(
    "dayset",
    "(weekday|weekdays|workday|workdays|work day|work days|week day|week days|business day|business days|working day|working days|school day|school days)",
    examples={"standup every weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"},
)
def workdays(_: Context) -> tuple[int, ...]:
    """weekday"""
    return WORKDAYS


@form("dayset", "(weekend|weekends|weekend day|weekend days)", examples={"sleep in every weekend": "FREQ=WEEKLY;BYDAY=SA,SU"})
def weekends(_: Context) -> tuple[int, ...]:
    """weekend"""
    return WEEKEND


@form("days", "<dayset>")
def one_set(_: Context, dayset: tuple[int, ...]) -> tuple[int, ...]:
    """monday"""
    return dayset


@form(
    "days",
    "<dayset> [,] (and|&|or|+|/) <dayset:second>",
    "<dayset> , <dayset:second>",
    "<dayset> <dayset:second>",
    "<dayset> [,] <dayset:second> [,] [and|&|or] <dayset:third>",
    "<dayset> / <dayset:second> / <dayset:third>",
    "<dayset> [,] <dayset:second> [,] <dayset:third> [,] [and|&|or] <dayset:fourth>",
    "<dayset> [,] <dayset:second> [,] <dayset:third> [,] <dayset:fourth> [,] [and|&|or] <dayset:fifth>",
    "<dayset> [,] <dayset:second> [,] <dayset:third> [,] <dayset:fourth> [,] <dayset:fifth> [,] [and|&|or] <dayset:sixth>",
    examples={"gym every mon, wed and fri": "FREQ=WEEKLY;BYDAY=MO,WE,FR"},
)
def several_sets(_: Context, **sets: tuple[int, ...]) -> tuple[int, ...]:
    """mon, wed and fri"""
    return tuple(sorted({day for days in sets.values() for day in days}))


@form(
    "exception",
    "[,] (except|except for|excepting|excluding|but not|apart from|other than|save|bar|but) [on] [for] <days>",
    "[,] (except|except for|excepting|excluding|but not|apart from|other than) [on] [the] <plural_days:days>",
    "[,] not [on] <plural_days:days>",
    "[,] not [on] <weekdays:one>",
    examples={"water plants every day except sunday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA"},
)
def except_days(_: Context, days: tuple[int, ...] = (), one: int | None = None) -> tuple[int, ...]:
    """except sunday"""
    return days or ((one,) if one is not None else ())


@form("but", "[,] (except|except for|excepting|excluding|but not|apart from|other than|not) [on|in|during]")
def but(_: Context) -> bool:
    """except in"""
    return True


@form("month_list", "<month>", "<month> [,] (and|&|or) [in] <month:second>", "<month> , [in] <month_list:rest>")
def month_list(_: Context, month: int, second: int = 0, rest: tuple[int, ...] = ()) -> tuple[int, ...]:
    """july and august"""
    return (month, *((second,) if second else ()), *rest)


@form("month_list", "<month:first> (-|to|through) <month:last>")
def month_span(_: Context, first: int, last: int) -> tuple[int, ...]:
    """june to august"""
    return tuple((first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1))


@form(
    "exception_months",
    "<but> <month_list:months>",
    examples={
        "yoga every monday except in july": "FREQ=WEEKLY;BYMONTH=1,2,3,4,5,6,8,9,10,11,12;BYDAY=MO",
        "yoga every monday except june to august": "FREQ=WEEKLY;BYMONTH=1,2,3,4,5,9,10,11,12;BYDAY=MO",
    },
)
def except_months(_: Context, months: tuple[int, ...], **__: bool) -> tuple[int, ...]:
    """except in july"""
    return months


@form(
    "exception_months",
    "<but> [the] <season_name:season>",
    examples={"mow the lawn every saturday except in the winter": "FREQ=WEEKLY;BYMONTH=3,4,5,6,7,8,9,10,11;BYDAY=SA"},
)
def except_season(_: Context, season: int, **__: bool) -> tuple[int, ...]:
    """except in the winter: its three months"""
    return tuple((season - 1 + step) % 12 + 1 for step in range(3))


@form("day_list", "<day>", "<day> [,] (and|&) [on] <day:second>", "<day> , [on] <day_list:rest>")
def day_list(_: Context, day: Day, second: Day | None = None, rest: tuple[Day, ...] = ()) -> tuple[Day, ...]:
    """24 december and 25 december"""
    return (day, *((second,) if second else ()), *rest)


@form("exception_date", "<but> <day_list:excepted>", examples={"vitamins every day except christmas day": "FREQ=DAILY"})
def except_dates(_: Context, excepted: tuple[Day, ...], **__: bool) -> tuple[date, ...] | None:
    """except christmas day, except next week: what no RRULE can say"""
    if any(each.weekday is not None or each.past for each in excepted):
        return None
    days = {each.date + step * DAY for each in excepted for step in range(((each.last or each.date) - each.date).days + 1)}
    return tuple(sorted(days)) if len(days) <= _MOST_EXCEPTED else None


_MOST_EXCEPTED: Final = 31


@form("repeat", "every <num> (workdays|weekdays)", "every <num> (business|working|work) days")
def every_so_many_workdays(_: Context, num: int) -> Rule:
    """every 3 workdays: counted on workdays"""
    return Rule("DAILY", num, weekdays=tuple((0, day) for day in WORKDAYS))


@form(
    "repeat",
    "(every|each|ev) [single] <days>",
    "every [single] <days>",
    "every ! <days>",
    "(daily|every day) [from] <through:days>",
    "on <days> (every|each) week",
    "every (week|wk) [on] <days>",
    "weekly [on|every|on a] <days>",
    "<days> (weekly|every week|each week)",
    "(each|every) week [on|on a] <days>",
    "each [and every] <days>",
    "every week on [the] <days>",
    "once a week on <days>",
    "on a weekly basis on <days>",
    examples={"bins every friday": "FREQ=WEEKLY;BYDAY=FR", "gym every mon and thu": "FREQ=WEEKLY;BYDAY=MO,TH"},
)
def every_weekdays(_: Context, days: tuple[int, ...]) -> Rule:
    """every mon and thu"""
    return Rule("WEEKLY", weekdays=tuple((0, day) for day in days))


@form(
    "repeat",
    "[on] <weekdays>",
    "on <plural_days>",
    "<plural_days>",
    "on <unit_days:plural_days>",
    "(weekdays|workdays|weekends) only",
    "<weekends_or_days:plural_days>",
    "<weekdays:first> (through|thru|to|-) <weekdays:last>",
    examples={"yoga on tuesdays": "FREQ=WEEKLY;BYDAY=TU"},
)
def plural_weekdays(
    _: Context, weekdays: int | None = None, plural_days: tuple[int, ...] | None = None, first: int = 0, last: int = 0
) -> Rule | None:
    """tuesdays"""
    days = (
        (weekday_span(_, first, last) if last or first else None)
        or plural_days
        or ((weekdays,) if weekdays is not None else None)
    )
    return Rule("WEEKLY", weekdays=tuple((0, day) for day in days)) if days else None


@form("unit_days", "[the] (weekdays|workdays|work days|working days|business days)")
def on_weekdays(_: Context) -> tuple[int, ...]:
    """on weekdays"""
    return WORKDAYS


@form("weekends_or_days", "(weekdays|workdays)")
def bare_workdays(_: Context) -> tuple[int, ...]:
    """weekdays"""
    return WORKDAYS


@form("weekends_or_days", "weekends")
def bare_weekends(_: Context) -> tuple[int, ...]:
    """weekends"""
    return WEEKEND


@form("unit_days", "[the] weekends")
def on_weekends(_: Context) -> tuple[int, ...]:
    """on weekends"""
    return WEEKEND


@form(
    "repeat",
    "(mornings|evenings|afternoons|nights)",
    "in the (mornings|evenings|afternoons)",
    examples={"stretch mornings": "FREQ=DAILY"},
)
def plural_parts(_: Context) -> Rule:
    """mornings"""
    return Rule("DAILY")


@form(
    "repeat",
    "<weekday_one:a> [,] <weekday_one:b> [,] [and|&] <weekday_one:c>",
    "<weekday_one:a> [,] <weekday_one:b> [,] <weekday_one:c> [,] [and|&] <weekday_one:d>",
    "<weekday_one:a> [,] <weekday_one:b> [,] <weekday_one:c> [,] <weekday_one:d> [,] [and|&] <weekday_one:e>",
    "<weekday_one:a> / <weekday_one:b>",
    "<weekday_one:a> / <weekday_one:b> / <weekday_one:c>",
    examples={"gym mon wed fri": "FREQ=WEEKLY;BYDAY=MO,WE,FR"},
)
def several_weekdays(_: Context, **days: int) -> Rule:
    """mon wed fri: three days in a row are every week's"""
    return Rule("WEEKLY", weekdays=tuple((0, day) for day in sorted(set(days.values()))))


@form(
    "plural_days",
    "<weekdays:a> [,] (and|&) <weekdays:b>",
    "<weekdays:a> , <weekdays:b> [,] (and|&) <weekdays:c>",
    "<weekdays:a> , <weekdays:b>",
)
def plural_set(_: Context, **weekdays: int) -> tuple[int, ...]:
    """tuesdays and thursdays"""
    return tuple(sorted(weekdays.values()))


@form(
    "repeat",
    "every (other|second|alternate) <days>",
    "every (other|second) week on <days>",
    "every <num> weeks on <days>",
    "(biweekly|fortnightly) [on|on a] <days>",
    "every <num> weeks [on] <days>",
    "every other week [on] <days>",
    "alternate <days>",
    "every <num> <days>",
    "every <num> <plural_set:days>",
    "every <ord:num> week on <days>",
    examples={"pay the cleaner every other friday": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"},
)
def every_other_weekday(_: Context, days: tuple[int, ...], num: int = 2) -> Rule | None:
    """every other friday"""
    return Rule("WEEKLY", num, weekdays=tuple((0, day) for day in days)) if 1 <= num <= 52 else None


@form(
    "repeat",
    "[on] <weekday_one:weekday> <parts:part>",
    "[on|in] [the] weekday <parts:part>",
    "[on] <plural_days> <parts:part>",
    examples={"call gran sunday evenings": "FREQ=WEEKLY;BYDAY=SU"},
)
def plural_part(_: Context, part: str, weekday: int | None = None, plural_days: tuple[int, ...] = ()) -> Rule:
    """sunday evenings"""
    days = plural_days or ((weekday,) if weekday is not None else WORKDAYS)
    return Rule("WEEKLY", weekdays=tuple((0, day) for day in days), part=part)


@form("repeat", "(every|each) <part>", "(every|each) day in the <part>", examples={"journal every evening": "FREQ=DAILY"})
def every_part(_: Context, part: str) -> Rule | None:
    """every morning"""
    return Rule("DAILY", part=part)


@form("repeat", "(every|each) <dayset> <part>", "(every|each) <days> <part>", "<weekdays> <part>")
def every_weekday_part(
    _: Context, part: str, dayset: tuple[int, ...] = (), days: tuple[int, ...] = (), weekdays: int | None = None
) -> Rule:
    """every friday evening"""
    chosen = dayset or days or ((weekdays,) if weekdays is not None else ())
    return Rule("WEEKLY", weekdays=tuple((0, day) for day in chosen), part=part)
