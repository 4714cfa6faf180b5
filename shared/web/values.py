"""Single values that a program may send, read strictly and described as they are read.

pydantic takes "5" for 5, true for 1 and a number for a date. Here a number is a number, a date looks like one, and a text has only
characters that a database and a phone take.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated, Final

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, WithJsonSchema

from shared.todos.stating import Stated

LONGEST_NOTE: Final = 4000
YEAR_SECONDS: Final = 366 * 86_400

#: Without control characters, but for line breaks and tabs: no database and no phone takes them.
TEXT: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
#: Without line breaks, too.
LINE: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"


def _stated(given: object) -> Stated:
    """A date as it was written: `2026-11-27`, `2026-11-27T15:00`, `2026-11-27T15:00:00-05:00`."""
    if isinstance(given, Stated):
        return given
    if not isinstance(given, str) or not _DATE.fullmatch(given):
        raise ValueError(_NO_DATE)
    try:
        if "T" not in given.upper():
            return Stated(day=date.fromisoformat(given))
        at = datetime.fromisoformat(given.upper())
    except ValueError:
        raise ValueError(_NO_DATE) from None
    return Stated(instant=at) if at.tzinfo else Stated(day=at.date(), at=at.time())


_NO_DATE: Final = "is no date: 2026-11-27, or with a time 2026-11-27T15:00 or 2026-11-27T15:00:00-05:00"
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d([Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII)


def number(given: object) -> object:
    """A number of JSON: no text that looks like one, and no true or false."""
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError("is no number")  # noqa: TRY004 - what pydantic reads as a refusal
    return given


def _day(given: object) -> object:
    if isinstance(given, str) and not _DAY.fullmatch(given):
        raise ValueError("is no day like 2026-11-27")
    return given


def _instant(given: object) -> object:
    """An instant with its offset; no number that could be seconds."""
    if isinstance(given, str) and not _INSTANT.fullmatch(given):
        raise ValueError("is no instant like 2026-11-27T15:00:00-05:00")
    return given


_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

#: Behind the limits of a number, so that the description tells these.
NUMBER: Final = BeforeValidator(number)
Day = Annotated[date, BeforeValidator(_day)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]
DueDate = Annotated[
    Stated,
    BeforeValidator(_stated),
    WithJsonSchema(
        {
            "description": "A day; an instant with its offset; or a time on the person's own clock.",
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
                {
                    "type": "string",
                    "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]$",
                },
            ],
            "examples": ["2026-11-27", "2026-11-27T15:00:00-05:00", "2026-11-27T15:00"],
        }
    ),
]
#: How long it may be is the todo list's own rule.
Title = Annotated[
    str, Field(pattern=LINE, json_schema_extra={"minLength": 1, "maxLength": 255}, examples=["Pay rent"], max_length=10_000)
]
Note = Annotated[str, Field(max_length=LONGEST_NOTE, pattern=TEXT, description="The note.")]
#: As `#tag` is read in a text: a letter first.
Tag = Annotated[str, StringConstraints(pattern=r"^[^\W\d_][\w/-]{0,63}$"), Field(examples=["home"])]
Pattern = Annotated[
    str,
    Field(
        max_length=300,
        pattern=LINE,
        description="DAILY, WEEKLY, MONTHLY, YEARLY, or an RRULE (RFC 5545 section 3.3.10) without DTSTART.",
        examples=["WEEKLY", "FREQ=MONTHLY;BYMONTHDAY=1"],
    ),
]
OffsetHours = Annotated[
    float,
    Field(ge=0, le=8784, allow_inf_nan=False, description="One reminder, so many hours before the due time.", examples=[1]),
    NUMBER,
]


def _clock(given: object) -> object:
    """A time of day, to the minute."""
    if isinstance(given, str) and not _CLOCK.fullmatch(given):
        raise ValueError("is no time like 08:30")
    return given if isinstance(given, str | time) else str(given)


_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
Clock = Annotated[
    time,
    BeforeValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["08:30"]}),
]
