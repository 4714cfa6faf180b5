"""English forms for repeats and early reminders: `every friday`, `1st of every month`, `3 days after done`, `an hour before`.

A repeat is a base ("every friday") with what may follow it ("at 9", "starting monday", "until 4 dec", "5 times"); the base is a
`Rule`, the rest is put together by `shared.language.timing`.
"""


# ruff: noqa: E501 - a pattern is one string, and people say things in many ways

from __future__ import annotations

from datetime import date
from typing import Final

from shared.language.english.dates import form
from shared.language.moments import Context, Day, Span, add_to_day
from shared.language.recurrence import Ending, Rule

WORKDAYS: Final = (0, 1, 2, 3, 4)
WEEKEND: Final = (5, 6)
_FREQUENCIES: Final = {
    "second": "SECONDLY",
    "minute": "MINUTELY",
    "hour": "HOURLY",
    "day": "DAILY",
    "week": "WEEKLY",
    "month": "MONTHLY",
    "year": "YEARLY",
}


def _rule(unit: tuple[str, Span], count: float = 1) -> Rule | None:
    name, span = unit
    if count != int(count) or not 1 <= count <= 999:
        return None
    interval = int(count)
    if name == "quarter":
        return Rule("MONTHLY", 3 * interval)
    if name == "week":
        return Rule("WEEKLY", interval * (span.days // 7))
    if name == "year":
        return Rule("YEARLY", interval * (span.months // 12))
    return Rule(_FREQUENCIES[name], interval)


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


# Every so often.


@form(
    "repeat",
    "(daily|everyday|nightly)",
    "(every|each) (day|single day)",
    "day after day",
    "once (a|per|every|each) day",
    "once daily",
    "per day",
    examples={"vitamins every day": "FREQ=DAILY"},
)
def daily(_: Context) -> Rule:
    """every day"""
    return Rule("DAILY")


@form("repeat", "weekly", "once (a|per|every|each) week", "once weekly")
def weekly(_: Context) -> Rule:
    """weekly"""
    return Rule("WEEKLY")


@form("repeat", "monthly", "once (a|per|every|each) month", "once monthly")
def monthly(_: Context) -> Rule:
    """monthly"""
    return Rule("MONTHLY")


@form("repeat", "(yearly|annually|annual)", "once (a|per|every|each) year", "every year on [the] same day")
def yearly(_: Context) -> Rule:
    """yearly"""
    return Rule("YEARLY")


@form("repeat", "hourly")
def hourly(_: Context) -> Rule:
    """hourly"""
    return Rule("HOURLY")


@form("repeat", "quarterly")
def quarterly(_: Context) -> Rule:
    """quarterly"""
    return Rule("MONTHLY", 3)


@form("repeat", "(biweekly|fortnightly|bi - weekly|bi-weekly)", examples={"payroll biweekly": "FREQ=WEEKLY;INTERVAL=2"})
def biweekly(_: Context) -> Rule:
    """biweekly"""
    return Rule("WEEKLY", 2)


@form("repeat", "(bimonthly|bi-monthly)")
def bimonthly(_: Context) -> Rule:
    """every other month"""
    return Rule("MONTHLY", 2)


@form("repeat", "(semiannually|semi-annually|biannually|bi-annually|twice a year|half-yearly|half yearly)")
def half_yearly(_: Context) -> Rule:
    """twice a year"""
    return Rule("MONTHLY", 6)


@form("repeat", "(biennially|bi-yearly)")
def biennially(_: Context) -> Rule:
    """every second year"""
    return Rule("YEARLY", 2)


@form(
    "repeat",
    "(every|each|ev) <longunit:unit>",
    "(every|each|ev) single <longunit:unit>",
    examples={"review every month": "FREQ=MONTHLY"},
)
def every_unit(_: Context, unit: tuple[str, Span]) -> Rule | None:
    """every week"""
    return _rule(unit)


@form(
    "repeat",
    "(every|each|ev) <num> <longunit:unit>",
    "every <num> <unit>",
    "once every <num> <longunit:unit>",
    "(every|each) <ord:num> <longunit:unit>",
    "every <num> - <longunit:unit>",
    examples={"water plants every 3 days": "FREQ=DAILY;INTERVAL=3"},
)
def every_so_many(_: Context, num: float, unit: tuple[str, Span]) -> Rule | None:
    """every 3 days"""
    return _rule(unit, num)


@form(
    "repeat",
    "(every|each|ev) (other|second|alternate|2nd) <longunit:unit>",
    "once every other <longunit:unit>",
    "every couple [of] <longunit:unit>",
    examples={"clean every other week": "FREQ=WEEKLY;INTERVAL=2"},
)
def every_other(_: Context, unit: tuple[str, Span]) -> Rule | None:
    """every other week"""
    return _rule(unit, 2)


@form("repeat", "every <num> (workdays|weekdays)", "every <num> (business|working|work) days")
def every_so_many_workdays(_: Context, num: int) -> Rule:
    """every 3 workdays: counted on workdays"""
    return Rule("DAILY", num, weekdays=tuple((0, day) for day in WORKDAYS))


@form(
    "repeat",
    "(every|each|ev) [single] <days>",
    "every [single] <days>",
    "on <days> (every|each) week",
    "every (week|wk) [on] <days>",
    "weekly [on|every] <days>",
    "<days> (weekly|every week|each week)",
    "(each|every) week [on] <days>",
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
    "<unit_days:plural_days>",
    examples={"yoga on tuesdays": "FREQ=WEEKLY;BYDAY=TU"},
)
def plural_weekdays(_: Context, weekdays: int | None = None, plural_days: tuple[int, ...] | None = None) -> Rule | None:
    """tuesdays"""
    days = plural_days or ((weekdays,) if weekdays is not None else None)
    return Rule("WEEKLY", weekdays=tuple((0, day) for day in days)) if days else None


@form("unit_days", "[the] (weekdays|workdays|work days|working days|business days)")
def on_weekdays(_: Context) -> tuple[int, ...]:
    """on weekdays"""
    return WORKDAYS


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
    "(biweekly|fortnightly) [on] <days>",
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


# After it is done.


@form(
    "repeat",
    "every ! <num> <unit>",
    "every ! <longunit:unit>",
    "every ! other <longunit:unit>",
    examples={"water the plants every! 3 days": "FREQ=DAILY;INTERVAL=3"},
)
def after_bang(_: Context, unit: tuple[str, Span], num: float = 1) -> Rule | None:
    """every! 3 days"""
    rule = _rule(unit, num)
    return rule.after() if rule else None


@form(
    "repeat",
    "[repeat] <count:num> <longunit:unit> after (done|completion|completing|[it's|it is] done|[i] finish [it]|[i've] finished|[i] complete [it]|[i've] done [it]|[each] time|i do it|i did it|finishing|it's finished)",
    "every <num> <longunit:unit> after (done|completion|i finish|i complete it|finishing)",
    "every <num> <longunit:unit> (from|since) (completion|done|when done)",
    examples={"mow the lawn 10 days after done": "FREQ=DAILY;INTERVAL=10"},
)
def after_done(_: Context, num: float, unit: tuple[str, Span]) -> Rule | None:
    """3 days after done"""
    rule = _rule(unit, num)
    return rule.after() if rule else None


# What ends a repeat.


@form(
    "ending",
    "[,] (until|till|til|ending|ends|through|thru|up to|to|up until) [on] [the end of] <day>",
    examples={"antibiotics every day until 4 dec": "FREQ=DAILY;UNTIL=20261204"},
)
def until(_: Context, day: Day) -> Ending:
    """until 4 dec"""
    return Ending(until=day.date)


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
    "[,] [for] <num> (times|x|occurrences|repetitions)",
    "[,] [for] <int:num> x",
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
    "! <length>",
    "[,] [and] [set|send] [me] (a reminder|an alert) <before>",
    "[,] [and] set (a|the) reminder (for|to) <before>",
)
def remind_before(_: Context, before: int | None = None, length: Span | None = None) -> int | None:
    """remind me an hour before"""
    return before if before is not None else (length.total_seconds if length else None)
