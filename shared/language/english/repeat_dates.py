"""Repeats on days of the month and of the year: `every 1st`, `the last friday of every month`, `every 4 july`, `every christmas`."""

from __future__ import annotations

from shared.language.english.forms import form
from shared.language.moments import Context, Day
from shared.language.recurrence import Rule


@form("ords", "<ord>")
def one_ordinal(_: Context, ord: int) -> tuple[int, ...]:  # noqa: A002 - the class name
    """first"""
    return (ord,)


@form("ords", "<ord:a> [,] (and|&|or) <ord:b>", "<ord:a> , <ord:b> [,] (and|&|or) <ord:c>", "<ord:a> , <ord:b>")
def several_ordinals(_: Context, **ords: int) -> tuple[int, ...]:
    """first and third"""
    return tuple(ords.values())


@form("ord", "(second|2nd|next) (to|from) [the] last", "<ord:nth> (to|from) [the] last", "<ord:nth> last", "last but one")
def from_the_end(_: Context, nth: int = 2) -> int | None:
    """second to last"""
    return -nth if 0 < nth < 6 else None


@form("repeat", "monthly on <days>", "every month on <days>")
def monthly_on(_: Context, days: tuple[int, ...]) -> Rule:
    """monthly on fri"""
    return Rule("MONTHLY", weekdays=tuple((0, day) for day in days))


@form(
    "repeat",
    "[on] [the] <ord> of every <num> months",
    "[on] [the] <ord> of every other month",
    "[on] [the] <ord> every <num> months",
    examples={"pay the fee the 4th of every 3 months": "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=4"},
)
def day_of_months(_: Context, ord: int, num: int = 2) -> Rule | None:  # noqa: A002 - the class name
    """the 4th of every 3 months"""
    return Rule("MONTHLY", num, month_days=(ord,)) if 1 <= ord <= 31 and 1 <= num <= 99 else None


@form("repeat", "[on] [the] <ords> <dayset> and [the] <ords:more> <dayset:second> (of|in) (each|every|the) month")
def several_nth_weekdays(
    _: Context, ords: tuple[int, ...], dayset: tuple[int, ...], more: tuple[int, ...], second: tuple[int, ...]
) -> Rule | None:
    """first and third friday and second tuesday of each month"""
    if len(dayset) != 1 or len(second) != 1:
        return None
    return Rule("MONTHLY", weekdays=tuple((nth, dayset[0]) for nth in ords) + tuple((nth, second[0]) for nth in more))


@form(
    "repeat",
    "(every|each|every year on|yearly on|each year on|annually on) [the] <ords> of <month>",
    "(every|each|every year on|yearly on) <month> [the] <ords>",
    "(every|each|every year on|yearly on) <month> <int:a> and <int:b>",
    examples={"check the roof every 20th and 30th of august": "FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=20,30"},
)
def several_month_days(_: Context, month: int, ords: tuple[int, ...] = (), a: int = 0, b: int = 0) -> Rule | None:
    """every august 20 and 30"""
    days = ords or (a, b)
    return Rule("YEARLY", months=(month,), month_days=days) if min(days) >= 1 and max(days) <= 31 else None


@form("repeat", "(every|each|ev) <ords> <dayset> [in|of] <month>", "once a year on [the] <ords> <dayset> (of|in) <month>")
def nth_in_named_month(_: Context, ords: tuple[int, ...], dayset: tuple[int, ...], month: int) -> Rule | None:
    """every 3rd friday january"""
    rule = every_nth_weekday(_, ords=ords, dayset=dayset)
    return rule.yearly(month) if rule else None


@form("repeat", "(every|each) year on [the] <ords> <dayset>", "(yearly|annually) on [the] <ords> <dayset>")
def nth_of_year(_: Context, ords: tuple[int, ...], dayset: tuple[int, ...]) -> Rule | None:
    """every year on the first friday"""
    return Rule("YEARLY", weekdays=tuple((nth, dayset[0]) for nth in ords)) if len(dayset) == 1 else None


# In the month.


@form(
    "repeat",
    "every [month on] [the] <ordinal_digits:ord> [of the month|of each month|of every month] [or [the] last day]",
    "[on] [the] <ord> of (every|each|the) month",
    "(monthly|every month) [on] [the] <ord>",
    "every <int:ord> of the month",
    "[on] [the] <ord> (every|each) month",
    "(monthly|every month) on day <int:ord>",
    "on the <ord> of every month",
    "[the] <ord> day of (every|each|the) month",
    "every [the] <ord> day of the month",
    "(every|each) <ord> of (the|every|each) month",
    "every month on the <ord> day",
    examples={
        "pay rent every 1st": "FREQ=MONTHLY;BYMONTHDAY=1",
        "pay staff every 31st": "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
    },
)
def every_month_day(_: Context, ord: int) -> Rule | None:  # noqa: A002 - the class name
    """every 1st; a day that some months lack is the last day there"""
    return Rule("MONTHLY", month_days=(ord,)) if 1 <= ord <= 31 or ord == -1 else None


@form(
    "repeat",
    "every [month on] [the] <ord:a> and [the] <ord:b> [of the month]",
    "[on] [the] <ord:a> and [the] <ord:b> of (every|each) month",
    "(monthly|every month) on [the] <ord:a> and [the] <ord:b>",
)
def every_two_month_days(_: Context, a: int, b: int) -> Rule | None:
    """every 1st and 15th"""
    return Rule("MONTHLY", month_days=(a, b)) if min(a, b) >= 1 and max(a, b) <= 31 else None


@form(
    "repeat",
    "[on] [the] <ord:a> , <ord:b> [,] and [the] <ord:c> of (every|each|the) month",
    "every <ord:a> , <ord:b> [,] and [the] <ord:c> [of the month]",
)
def every_three_month_days(_: Context, a: int, b: int, c: int) -> Rule | None:
    """the 10th, 20th and 30th of every month"""
    return Rule("MONTHLY", month_days=(a, b, c)) if min(a, b, c) >= 1 and max(a, b, c) <= 31 else None


@form(
    "repeat",
    "[on] [the] <ord> day of (every|each|the) quarter",
    "(every|each) quarter on the <ord> day",
    "quarterly on the <ord> day",
)
def day_of_quarter(_: Context, ord: int) -> Rule | None:  # noqa: A002 - the class name
    """the last day of every quarter"""
    if ord == 1:
        return Rule("YEARLY", months=(1, 4, 7, 10), month_days=(1,))
    return Rule("YEARLY", months=(3, 6, 9, 12), month_days=(-1,)) if ord == -1 else None


@form(
    "repeat",
    "every last day [of the month|of each month|of every month]",
    "[on] [the] last day of (every|each|the) month",
    "(every|each) month on the last day",
    "monthly on the last day",
    "(every|each) (end of [the] month|month end)",
    "[at|on] [the] end of (every|each) month",
    "(every|each) month at the end",
    examples={"backup every last day of the month": "FREQ=MONTHLY;BYMONTHDAY=-1"},
)
def every_last_day(_: Context) -> Rule:
    """every last day"""
    return Rule("MONTHLY", month_days=(-1,))


@form(
    "repeat",
    "(every|each) <ords> <dayset> [of the month|of each month|of every month|in the month]",
    "[on] [the] <ords> <dayset> (of|in) (every|each|the) month",
    "(monthly|every month) [on] [the] <ords> <dayset>",
    "[the] <ords> <dayset> (every|each) month",
    "[the] <ords> <dayset> monthly",
    "on the <ords> <dayset> of every month",
    "[on] [the] <ords> <dayset> (of|in) the month (every|each) month",
    "(monthly|every month) [on] [the] <ords> <dayset> of the month",
    examples={
        "team lunch every 3rd friday": "FREQ=MONTHLY;BYDAY=3FR",
        "backup last friday of every month": "FREQ=MONTHLY;BYDAY=-1FR",
    },
)
def every_nth_weekday(_: Context, ords: tuple[int, ...], dayset: tuple[int, ...]) -> Rule | None:
    """every 3rd friday"""
    if any(not -5 <= nth <= 5 and len(dayset) == 1 for nth in ords):
        return None
    if len(dayset) == 1:
        return Rule("MONTHLY", weekdays=tuple((nth, dayset[0]) for nth in ords))
    return Rule("MONTHLY", weekdays=tuple((0, day) for day in dayset), positions=ords)


@form("repeat", "every <num> months on [the] <ord>", "every other month on [the] <ord>")
def every_months_on(_: Context, ord: int, num: int = 2) -> Rule | None:  # noqa: A002 - the class name
    """every 3 months on the 1st"""
    return Rule("MONTHLY", num, month_days=(ord,)) if 1 <= ord <= 31 and 1 <= num <= 99 else None


@form("repeat", "every <num> months on [the] <ords> <dayset>", "every other month on [the] <ords> <dayset>")
def every_months_weekday(_: Context, ords: tuple[int, ...], dayset: tuple[int, ...], num: int = 2) -> Rule | None:
    """every 2 months on the first monday"""
    rule = every_nth_weekday(_, ords=ords, dayset=dayset)
    return rule.every(num) if rule else None


# In the year.


@form(
    "repeat",
    "every <monthday>",
    "(yearly|annually|every year|each year) [on] [the] <monthday>",
    "[on] [the] <monthday> (every|each) year",
    "every year on [the] <monthday>",
    "<monthday> (yearly|annually)",
    "every [the] <monthday>",
    examples={"birthday card every 4 july": "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4"},
)
def every_date(_: Context, monthday: tuple[int, int]) -> Rule:
    """every 4 july"""
    return Rule("YEARLY", months=(monthday[0],), month_days=(monthday[1],))


@form(
    "repeat",
    "(every|each) <holiday>",
    "(yearly|annually|every year) (on|at) <holiday>",
    examples={"call gran every christmas": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"},
)
def every_holiday(_: Context, holiday: Day) -> Rule | None:
    """every christmas; of a holiday that moves, its weekday in the month"""
    if holiday.rule is not None:
        month, nth, weekday = holiday.rule
        return (
            Rule("YEARLY", months=(month,), weekdays=((nth, weekday),))
            if nth
            else Rule("YEARLY", months=(month,), month_days=(weekday,))
        )
    return None


@form("repeat", "every <month>", "every year in <month>", "(yearly|annually|every year) in <month>")
def every_named_month(_: Context, month: int) -> Rule:
    """every january"""
    return Rule("YEARLY", months=(month,))


@form(
    "repeat",
    "(every|each) year on [the] <ords> <dayset> (of|in) <month>",
    "[on] [the] <ords> <dayset> (of|in) <month> (every|each) year",
    "(yearly|annually) on [the] <ords> <dayset> (of|in) <month>",
    "every <ords> <dayset> (of|in) <month>",
    "(yearly|annually|every year) [on] [the] <ords> <dayset> (of|in) <month>",
)
def every_nth_of_month(_: Context, ords: tuple[int, ...], dayset: tuple[int, ...], month: int) -> Rule | None:
    """the fourth thursday of november every year"""
    rule = every_nth_weekday(_, ords=ords, dayset=dayset)
    return rule.yearly(month) if rule else None
