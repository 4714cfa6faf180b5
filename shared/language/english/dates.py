"""All English forms of time: importing this module registers them, in the order in which equal readings are preferred."""

from __future__ import annotations

# isort: off
from shared.language.english.forms import form, grammar
from shared.language.english import lengths as _lengths, clocks as _clocks, days as _days  # noqa: F401 - registers
from shared.language.english import calendar_days as _calendar_days, periods as _periods, holidays as _holidays  # noqa: F401 - registers
from shared.language.english import counted as _counted, pieces as _pieces, ranges as _ranges  # noqa: F401 - registers
# isort: on

__all__ = ["form", "grammar"]
