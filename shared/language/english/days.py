"""Days by their names: `tomorrow`, `next friday`, `friday week`."""

from __future__ import annotations

from datetime import timedelta

from shared.language.calendar import add_months, add_to_day, days_in_month, say_date
from shared.language.english.forms import form
from shared.language.moments import DAY, Context, Day, Span


def _relative(context: Context, days: int, said: str = "") -> Day:
    return Day(context.today + timedelta(days=days), past=days < 0, today=days == 0, said=said)


@form("day", "today", "the same day", examples={"today": "2026-11-25"})
def today(context: Context) -> Day:
    """today"""
    return _relative(context, 0, "Today")


@form("day", "tomorrow", "[on] the next day", "the following day", examples={"tomorrow": "2026-11-26", "2moro": "2026-11-26"})
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


@form("day", "[on|by] [the] day after tomorrow", "overmorrow", examples={"day after tomorrow": "2026-11-27"})
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
    "on [a|the|this|coming|this coming|the coming|the following|the next] <weekday_one:weekday> [.]",
    "[the] (coming|following|upcoming) <weekday_one:weekday>",
    "[on] <weekday_one:weekday> coming",
    "by [this|the coming] <weekday_one:weekday>",
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


@form(
    "day",
    "[on] <weekday_one:weekday> (of|in) [the] (next|coming|following) week",
    "next week's <weekday_one:weekday>",
    examples={"wednesday of next week": "2026-12-02"},
)
def weekday_of_next_week(context: Context, weekday: int) -> Day:
    """wednesday of next week"""
    return Day(context.today + timedelta(days=7 - context.today.weekday() + weekday), full=True)


@form(
    "day",
    "[on] <weekday_one:weekday> [,] [in] <length> from (now|today)",
    "[on] <weekday_one:weekday> in <length> [time]",
    "in <length> [time] [,] on [a|the] <weekday_one:weekday>",
    "[on] [a] <weekday_one:weekday> in <count:num> <owned_unit> time",
    examples={"monday two weeks from now": "2026-12-07", "monday in two weeks": "2026-12-07"},
)
def weekday_after(
    context: Context,
    weekday: int,
    length: Span | None = None,
    num: float = 1,
    owned_unit: Span | None = None,
) -> Day | None:
    """monday two weeks from now: of the week that is then"""
    length = owned_unit.times(num) if owned_unit is not None else length or Span()
    if length.days < 7 and not length.months:
        return None
    if length.timed or not 0 < length.total_seconds < 86_400 * 3_650:
        return None
    then = add_to_day(context.today, length)
    return Day(then + timedelta(days=weekday - then.weekday()), full=True)


@form("day", "<weekday_one:weekday> (of|in) this week")
def weekday_of_this_week(context: Context, weekday: int) -> Day:
    """friday of this week"""
    return Day(context.today + timedelta(days=weekday - context.today.weekday()), full=True)


@form(
    "day",
    "<length> (on|from|this) [this|next] <weekday_one:weekday>",
    "<length> <weekday_one:weekday>",
    examples={"two weeks on friday": "2026-12-11"},
)
def weeks_on(context: Context, length: Span, weekday: int) -> Day | None:
    """two weeks on friday: counted from the next one"""
    if length.timed or length.months or length.days % 7 or not 7 <= length.days <= 700:
        return None
    ahead = (weekday - context.today.weekday() - 1) % 7 + 1
    return Day(context.today + timedelta(days=ahead) + timedelta(days=length.days), full=True)


@form("day", "<length> today", examples={"six weeks today": "2027-01-06"})
def weeks_today(context: Context, length: Span) -> Day | None:
    """six weeks today"""
    if length.timed or length.days % 7 or not 7 <= length.total_seconds // 86_400 <= 3_650:
        return None
    return Day(add_to_day(context.today, length), full=True)


@form("day", "<length> tomorrow", examples={"a week tomorrow": "2026-12-03"})
def weeks_tomorrow(context: Context, length: Span) -> Day | None:
    """a week tomorrow"""
    found = weeks_today(context, length)
    return Day(found.date + DAY, full=True) if found else None


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
