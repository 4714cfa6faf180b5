"""Repeats every so often: `every 3 days`, `weekly`, `twice a day`, and counted from completion: `3 days after done`.

A repeat is a base ("every friday") with what may stand beside it ("at 9", "starting monday", "until 4 dec", "5 times"); the base is a
`Rule`, the rest is put together by `shared.language.repeating`.
"""

from __future__ import annotations

from datetime import time
from typing import Final

from shared.language.english.clocks import bare_hour
from shared.language.english.forms import form
from shared.language.moments import Clock, Context, Span
from shared.language.recurrence import Rule

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


# Every so often.


@form(
    "repeat",
    "(repeat|repeats|repeating|recurring|recurs|repeated) <repeat>",
    "on a <repeat> basis",
)
def said_to_repeat(_: Context, repeat: Rule) -> Rule:
    """repeating every friday"""
    return repeat


@form(
    "repeat",
    "(daily|everyday|nightly)",
    "(every|each) (day|single day)",
    "each and every day",
    "day in [and] day out",
    "day after day",
    "once (a|per|every|each) day",
    "once daily",
    "per day",
    examples={"vitamins every day": "FREQ=DAILY"},
)
def daily(_: Context) -> Rule:
    """every day"""
    return Rule("DAILY")


@form("repeat", "once (a|per|every|each) <longunit:unit>", examples={"water once a fortnight": "FREQ=WEEKLY;INTERVAL=2"})
def once_a(_: Context, unit: tuple[str, Span]) -> Rule | None:
    """once a fortnight"""
    return _rule(unit)


@form("repeat", "weekly", "each and every week", "once (a|per|every|each) week", "once weekly")
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


@form(
    "repeat",
    "(every|each) half [an] hour",
    "half-hourly",
    "half hourly",
    examples={"stretch every half hour": "FREQ=MINUTELY;INTERVAL=30"},
)
def half_hourly(_: Context) -> Rule:
    """every half hour"""
    return Rule("MINUTELY", 30)


@form("repeat", "every hour and a half", "every one and a half hours")
def every_ninety_minutes(_: Context) -> Rule:
    """every hour and a half"""
    return Rule("MINUTELY", 90)


@form(
    "repeat",
    "twice (a|per|every|each) day",
    "twice daily",
    "(2|two) times (a|per|every|each) day",
    "(2|two) times daily",
    "(2|two) x (a|per) day",
    "(2|two) x daily",
    "(every|each) morning and (evening|night)",
    "(mornings|morning) and (evenings|evening|nights|night)",
    examples={"take the pills twice a day": "FREQ=DAILY;BYHOUR=9,19"},
)
def twice_a_day(context: Context) -> Rule | None:
    """twice a day: in the morning and in the evening"""
    return _daily_at(context.meanings.morning, context.meanings.evening)


@form(
    "repeat",
    "thrice (a|per|every|each) day",
    "thrice daily",
    "(3|three) times (a|per|every|each) day",
    "(3|three) times daily",
    "(3|three) x (a|per) day",
    "(3|three) x daily",
    "(every|each) morning [,] [noon|afternoon] and (evening|night)",
    examples={"take the pills three times a day": "FREQ=DAILY;BYHOUR=9,15,19"},
)
def three_times_a_day(context: Context) -> Rule | None:
    """three times a day: in the morning, the afternoon and the evening"""
    return _daily_at(context.meanings.morning, context.meanings.afternoon, context.meanings.evening)


def _daily_at(*times: time) -> Rule | None:
    hours = sorted(at.hour for at in times)
    return Rule("DAILY", hours=tuple(hours), minute=times[0].minute) if len({at.minute for at in times}) == 1 else None


@form("at_hours", "(at|@) <hour_list:hours>", "<clock_list:hours>", "[at] <num_hour:first> (and|&) <clock:last>")
def at_hours(
    _: Context, hours: tuple[Clock, ...] = (), first: Clock | None = None, last: Clock | None = None
) -> tuple[Clock, ...] | None:
    """at 8am and 8pm: beside a repeat"""
    return (first, last) if first is not None and last is not None else hours


@form("hour_list", "<hour:first> [,] (and|&|+) [at] <hour:last>", "<hour:first> , <hour_list:rest>")
def hour_list(_: Context, first: Clock, last: Clock | None = None, rest: tuple[Clock, ...] = ()) -> tuple[Clock, ...]:
    """8, 12 and 6"""
    return (first, last) if last is not None else (first, *rest)


@form(
    "clock_list",
    "<clock:first> [,] (and|&|+) [at] <clock:last>",
    "<clock:first> , <clock_list:rest>",
    examples={"8am, noon and 8pm every day": "FREQ=DAILY;BYHOUR=8,12,20"},
)
def clock_list(_: Context, first: Clock, last: Clock | None = None, rest: tuple[Clock, ...] = ()) -> tuple[Clock, ...]:
    """8am, noon and 6pm"""
    return (first, last) if last is not None else (first, *rest)


@form("num_hour", "<num>")
def loose_first_hour(context: Context, num: int) -> Clock | None:
    """8, where "8 and 10pm" was said"""
    found: Clock | None = bare_hour(context, num)
    return found


@form("repeat", "hourly")
def hourly(_: Context) -> Rule:
    """hourly"""
    return Rule("HOURLY")


@form("repeat", "quarterly")
def quarterly(_: Context) -> Rule:
    """quarterly"""
    return Rule("MONTHLY", 3)


@form(
    "repeat", "(biweekly|fortnightly|bi - weekly|bi-weekly|bi weekly)", examples={"payroll biweekly": "FREQ=WEEKLY;INTERVAL=2"}
)
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
    "[on] (alternate|alternating) <longunit:unit>",
    examples={"clean every other week": "FREQ=WEEKLY;INTERVAL=2"},
)
def every_other(_: Context, unit: tuple[str, Span]) -> Rule | None:
    """every other week"""
    return _rule(unit, 2)


@form("repeat", "every few <longunit:unit>", examples={"water plants every few days": "FREQ=DAILY;INTERVAL=3"})
def every_few(_: Context, unit: tuple[str, Span]) -> Rule | None:
    """every few days: three"""
    return _rule(unit, 3)


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
    "done",
    "(done|completed|completion|completing|finishing|finished|doing it|the last time|last time)",
    "(it's|it is|its) (done|completed|finished)",
    "[each] time [it's done|it is done|i do it]",
    "(i'm|i am|im) (done|finished|through) [with it]",
    "[i] [last] (finish|complete|do|did|finished|completed) [it|this|that]",
    "(i've|i have|ive) (finished|completed|done) [it|this|that]",
    "when (done|i finish|i finish it|i do it|it's done|i'm done|i complete it|completed|finished)",
    "(the last|last) (completion|one)",
)
def done_phrase(_: Context) -> bool:
    """done, i finish it, it's finished"""
    return True


@form(
    "repeat",
    "[again|repeat] <count:num> <longunit:unit> after [each|every] <done>",
    "(every|each) <count:num> <longunit:unit> (after|from|since|once|counted from|counting from) <done>",
    "(every|each) <longunit:unit> (after|from|since|once|counted from) <done>",
    examples={
        "mow the lawn 10 days after done": "FREQ=DAILY;INTERVAL=10",
        "mow every 3 days once done": "FREQ=DAILY;INTERVAL=3",
    },
)
def after_done(_: Context, unit: tuple[str, Span], done: bool, num: float = 1) -> Rule | None:  # noqa: FBT001 - captured by name
    """3 days after done"""
    rule = _rule(unit, num)
    return rule.after() if rule and done else None
