"""Times of day: `5pm`, `half past five`, `17h30`, `noon`."""

from __future__ import annotations

from datetime import date

from shared.language.english.forms import form, grammar
from shared.language.moments import (
    Clock,
    Context,
    Day,
    Span,
)
from shared.language.states import Meaning


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
        _: Context,
        num: int | None = None,
        colon: tuple[int, int, int, bool] | None = None,
        hhmm: tuple[int, int] | None = None,
        dotted: tuple[str, str] | None = None,
    ) -> Clock | None:
        hour, minute = (colon[0], colon[1]) if colon else hhmm or (num or 0, 0)
        if dotted is not None:
            hour, minute = int(dotted[0]), int(dotted[1]) if len(dotted[1]) == 2 else 60
        if not 1 <= hour <= 12 or minute > 59:
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
            f"<dotted> {_letter} . m [.]",
        ),
        _letter_half(_letter),
        {"5p.m.": "2026-11-25T17:00", "at 7.30 p.m.": "2026-11-25T19:30"} if _letter == "p" else {},
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


@form("clock", "<num> o'clock", "<num> oclock", "<num> o ['] clock", examples={"3 o'clock": "2026-11-25T15:00"})
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


@form("clock", "<num> (minutes|minute|min|mins) (past|after) <hour>", examples={"ten past 4": "2026-11-25T16:10"})
def minutes_past(_: Context, num: int, hour: Clock) -> Clock | None:
    """ten minutes past four"""
    return Clock(hour.hour, num, 0, hour.sure) if 0 < num < 60 and not hour.minute else None


@form("clock", "<num> (minutes|minute|min|mins) (to|till|til|before|of) <hour>")
def minutes_to(_: Context, num: int, hour: Clock) -> Clock | None:
    """ten minutes to four"""
    return _before_hour(hour, num) if 0 < num < 60 and not hour.minute else None


@form("clock", "<num> (past|after) <hour>", examples={"twenty-five past 4": "2026-11-25T16:25"})
def past(context: Context, num: int, hour: Clock) -> Clock | None:
    """ten past four"""
    found: Clock | None = minutes_past(context, num, hour)
    return found


@form(
    "clock",
    "<num> (to|till|til|before|of) <hour>",
    examples={"ten to 4": "2026-11-25T15:50", "at ten to 4": "2026-11-25T15:50"},
)
def to(_: Context, num: int, hour: Clock) -> Clock | None:
    """ten to four; "9 to 5" is a stretch: without the word, minutes are counted in fives"""
    return _before_hour(hour, num) if is_minutes(num) and not hour.minute else None


def is_minutes(num: int) -> bool:
    """True for the numbers people put before "to four"."""
    return num in (5, 10, 20, 25)


@form("hour", "<num>")
def bare_hour(context: Context, num: int) -> Clock | None:
    """5, where only an hour can stand"""
    sure = num > 12 or num == 0 or context.meanings.hours == 24
    return Clock(num % 24, sure=sure) if num <= 24 else None


@form("hour", "<clock>")
def full_hour(_: Context, clock: Clock) -> Clock:
    """5pm"""
    return clock


@form("hour", "<num> <num:minute>", "<word_num:num> - <word_num:minute>")
def spoken_time(_: Context, num: int, minute: int) -> Clock | None:
    """five thirty"""
    if not 1 <= num <= 23 or not 10 <= minute < 60:
        return None
    return Clock(num, minute, sure=num > 12)


@form(
    "clock",
    "(oh|zero) <num> hundred [hours|hrs]",
    "<num> hundred (hours|hrs)",
    examples={"at oh eight hundred": "2026-11-26T08:00"},
)
def spoken_hundred(_: Context, num: int) -> Clock | None:
    """fourteen hundred hours"""
    return Clock(num) if 0 <= num <= 24 else None


@form("hour", "<num> hundred", examples={"at fourteen hundred": "2026-11-25T14:00"})
def bare_hundred(_: Context, num: int) -> Clock | None:
    """fourteen hundred, where only an hour can stand"""
    return Clock(num) if 0 < num <= 24 else None


@form("clock", "(oh|zero) <num> <num:minute> [hours|hrs]", "(oh|zero) <num> (oh|zero) <num:minute> [hours|hrs]")
def spoken_nought(_: Context, num: int, minute: int) -> Clock | None:
    """oh seven thirty"""
    return Clock(num, minute) if num < 10 and minute < 60 else None


@form("hour", "<num> (oh|o) <num:minute>", examples={"at five oh five": "2026-11-25T17:05"})
def spoken_oh(_: Context, num: int, minute: int) -> Clock | None:
    """five oh five"""
    return Clock(num, minute, sure=num > 12) if 1 <= num <= 23 and 0 < minute < 10 else None


@form("clock", "<num> (oh|o) <num:minute> <ampm>", examples={"five oh five pm": "2026-11-25T17:05"})
def spoken_oh_half(_: Context, num: int, minute: int, ampm: str) -> Clock | None:
    """five oh five pm"""
    return Clock(num % 12 + (12 if ampm == "pm" else 0), minute) if 1 <= num <= 12 and 0 < minute < 10 else None


@form("hour", "<around>", "<num:around> ish", "<num:around> - ish", examples={"at fiveish": "2026-11-25T17:00"})
def hour_ish(context: Context, around: int) -> Clock | None:
    """fiveish"""
    found: Clock | None = bare_hour(context, around)
    return found


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


@form("clock", "<dotted> (h|hrs|hours)", examples={"at 14.30h": "2026-11-25T14:30"})
def dotted_hours(_: Context, dotted: tuple[str, str]) -> Clock | None:
    """14.30h"""
    hour, minute = dotted
    return Clock(int(hour), int(minute)) if len(minute) == 2 and int(hour) <= 23 and int(minute) <= 59 else None


@form("clock", "<dotted> <ampm>")
def dotted_half(_: Context, dotted: tuple[str, str], ampm: str) -> Clock | None:
    """7.30pm"""
    hour, minute = dotted
    if len(minute) != 2 or not 1 <= int(hour) <= 12 or int(minute) > 59:
        return None
    return Clock(int(hour) % 12 + (12 if ampm == "pm" else 0), int(minute))


@form("clock", "<num> in the (morning|mornin)", examples={"3 in the morning": "2026-11-26T03:00"})
def morning_hour(_: Context, num: int) -> Clock | None:
    """3 in the morning"""
    return Clock(num % 12) if 1 <= num <= 12 else None


@form("clock", "<num> in the (afternoon|evening)")
def afternoon_hour(_: Context, num: int) -> Clock | None:
    """8 in the evening"""
    return Clock(num % 12 + 12) if 1 <= num <= 12 else None


@form("clock", "noon", "(12|twelve|high) noon", "midday", "noonish", examples={"noon tomorrow": "2026-11-26T12:00"})
def noon(_: Context) -> Clock:
    """noon"""
    return Clock(12)


@form(
    "clock",
    "<length> before <clock>",
    examples={"2 hours before 9pm": "2026-11-25T19:00"},
)
def before_clock(_: Context, length: Span, clock: Clock) -> Clock | None:
    """an hour before 9pm"""
    return _moved(clock, length, -1)


@form("clock", "<length> (after|past) <clock>", examples={"an hour and a half after 9pm": "2026-11-25T22:30"})
def after_clock(_: Context, length: Span, clock: Clock) -> Clock | None:
    """an hour after 9pm"""
    return _moved(clock, length, 1)


def _moved(clock: Clock, length: Span, step: int) -> Clock | None:
    if not 0 < length.seconds < 43_200 or length.days or length.months or not clock.sure:
        return None
    minutes = (
        (24 * 60 if clock.midnight and step < 0 else 0) + clock.hour * 60 + clock.minute + step * int(length.seconds) // 60
    )
    return Clock(minutes // 60, minutes % 60) if 0 <= minutes < 24 * 60 else None


@form("clock", "midnight", "(12|twelve) midnight", "mid night", examples={"at midnight": "2026-11-26T00:00"})
def midnight(_: Context) -> Clock:
    """midnight: the end of the day"""
    return Clock(0, midnight=True)
