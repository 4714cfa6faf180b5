"""All English forms of time: importing this module registers them, in the order in which equal readings are preferred."""

from __future__ import annotations

# isort: off
from shared.language.english.forms import form, grammar
from shared.language.english import lengths as _lengths, clocks as _clocks, days as _days  # noqa: F401 - registers
from shared.language.english import calendar_days as _calendar_days, weeks as _weeks, periods as _periods, portions as _portions  # noqa: F401 - registers
from shared.language.english import holidays as _holidays  # noqa: F401 - registers
from shared.language.english import counted as _counted, pieces as _pieces, parts_of_day as _parts_of_day, ranges as _ranges  # noqa: F401 - registers
from shared.language.english import repeat_days as _repeat_days, repeats as _repeats, repeat_dates as _repeat_dates  # noqa: F401 - registers
from shared.language.english import endings as _endings  # noqa: F401 - registers
# isort: on

__all__ = ["form", "grammar"]
