"""Numbers and lengths of time: `twenty five`, `half an hour`, `1h 5min`."""

from __future__ import annotations

from shared.language.english.forms import form
from shared.language.moments import (
    Context,
    Span,
)


@form("num", "<tens> <num:ones>", "<tens> - <num:ones>")
def tens_and_ones(_: Context, tens: int, ones: int) -> int | None:
    """twenty five"""
    return tens + ones if 0 < ones < 10 else None


@form(
    "num",
    "<word_num:num> hundred [[and] <num:rest>]",
    "a hundred [[and] <num:rest>]",
    examples={"in a hundred days": "2027-03-05", "in two hundred and fifty days": "2027-08-02"},
)
def hundreds(_: Context, num: int = 1, rest: int = 0) -> int | None:
    """two hundred and fifty"""
    return num * 100 + rest if 1 <= num <= 9 and 0 <= rest <= 99 else None


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


@form("single", "<num> (or|to|-) <num:more> <longunit:unit>", "(a|an|one) <longunit:unit> or (two|so)")
def about(_: Context, unit: tuple[str, Span], num: float = 1, more: float = 2) -> Span | None:
    """2 or 3 days: the shorter"""
    return unit[1].times(num) if num < more < 100_000 else None


@form(
    "single",
    "<int:hours> (hour|hours) <int:minutes>",
    "(an|one) hour <num:minutes>",
    examples={"in 1 hour 30": "2026-11-25T11:30"},
)
def hour_and_minutes(_: Context, minutes: int, hours: int = 1) -> Span | None:
    """1 hour 30"""
    return Span(seconds=hours * 3600 + minutes * 60) if minutes < 60 and minutes % 5 == 0 and hours < 24 else None


@form("single", "<colon> (hours|hrs|hour)", examples={"in 1:30 hours": "2026-11-25T11:30"})
def clocked_length(_: Context, colon: tuple[int, int, int, bool]) -> Span:
    """in 1:30 hours"""
    return Span(seconds=colon[0] * 3600 + colon[1] * 60)


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
    return Span(seconds=hours * 3600 + minutes * 60) if minutes < 60 and hours < 8 else None  # 17h30 is a time of day


@form("length", "<single>", "<single> or so", "[a] good <single>")
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
