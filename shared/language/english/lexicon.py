"""English words of time, number and rank, with what they mean to the grammar.

`LEXICON` gives each word its classes: `<weekday>` in a form matches every word that has the class `weekday`. `SPELLING` maps what
people write (tmrw, wednsday, 2nite) to the word the forms use. `joins` marks words that may stand in a hyphenated pair (mon-fri).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from shared.language.english.places import PLACES
from shared.language.moments import Span
from shared.language.text import TOKEN_FLAGS, token_pattern

#: Figures in words as English writes them: 2nd, 2moro.
TOKENS: Final = re.compile(
    token_pattern("st|nd|rd|th", r"2(?:day|moro\w{0,3}|morrow|mrw|mo|nite|night|nyt)|b4"),
    TOKEN_FLAGS,
)

_WEEKDAYS: Final = {
    0: "monday mon mondays",
    1: "tuesday tue tues tuesdays",
    2: "wednesday wed weds wednesdays",
    3: "thursday thu thur thurs thursdays",
    4: "friday fri fridays",
    5: "saturday sat saturdays",
    6: "sunday sun sundays",
}
_MONTHS: Final = {
    1: "january jan", 2: "february feb", 3: "march mar", 4: "april apr", 5: "may", 6: "june jun", 7: "july jul",
    8: "august aug", 9: "september sep sept", 10: "october oct", 11: "november nov", 12: "december dec",
}  # fmt: skip
_NUMBERS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth"
).split()
_UNITS: Final = {
    "second seconds sec secs s": ("second", Span(seconds=1)),
    "minute minutes min mins m": ("minute", Span(seconds=60)),
    "hour hours hr hrs h": ("hour", Span(seconds=3600)),
    "day days d": ("day", Span(days=1)),
    "week weeks wk wks w": ("week", Span(days=7)),
    "fortnight fortnights": ("week", Span(days=14)),
    "month months mo mos": ("month", Span(months=1)),
    "quarter quarters": ("quarter", Span(months=3)),
    "year years yr yrs y": ("year", Span(months=12)),
    "decade decades": ("year", Span(months=120)),
}
#: The first month of each season, in the northern half of the world.
_SEASONS: Final = {
    "spring": 3,
    "springtime": 3,
    "summer": 6,
    "summertime": 6,
    "autumn": 9,
    "fall": 9,
    "winter": 12,
    "wintertime": 12,
}
_PARTS: Final = {
    "morning mornings": "morning",
    "afternoon afternoons": "afternoon",
    "evening evenings eve eves": "evening",
    "night nights nighttime night-time": "night",
    "lunch lunchtime lunch-time": "lunch",
    "dawn sunrise": "dawn",
}
#: Abbreviations people put beside a time, and the zone whose wall clock they mean.
ZONES: Final = {
    "utc": "UTC", "gmt": "UTC", "zulu": "UTC", "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
    "cst": "America/Chicago", "cdt": "America/Chicago", "mst": "America/Denver", "mdt": "America/Denver",
    "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
    "bst": "Europe/London", "cet": "Europe/Paris", "cest": "Europe/Paris", "eet": "Europe/Athens", "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "nzst": "Pacific/Auckland",
    "nzdt": "Pacific/Auckland", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong", "akst": "America/Anchorage",
    "hst": "Pacific/Honolulu",
}  # fmt: skip
#: Two-letter words that are zones only in capitals ("5pm ET").
SHOUTED_ZONES: Final = frozenset({"et", "pt"})

#: Words that are days or months only in company: "the sun", "may", "I sat", "march on".
AMBIGUOUS: Final = frozenset({"sun", "sat", "mon", "wed", "may", "march", "mar", "dec", "jan", "second", "sec"})


def _build() -> dict[str, dict[str, Any]]:  # noqa: C901, PLR0912 - one line a class of words
    words: dict[str, dict[str, Any]] = {}

    def put(names: str, **classes: Any) -> None:  # noqa: ANN401 - any meaning
        for name in names.split():
            words.setdefault(name, {}).update(classes)

    for number, names in _WEEKDAYS.items():
        first, *rest = names.split()
        put(names, weekday=number, joins=True)
        put(f"{first} {' '.join(name for name in rest if not name.endswith('days'))}", weekday_one=number)
        put(rest[-1], weekdays=number)
        put(f"{first}'s", owned_weekday=number)
    for number, names in _MONTHS.items():
        put(names, month=number, joins=True)
    for number, name in enumerate(_NUMBERS):
        put(name, num=number, word_num=number, joins=True)
    for name, number in _TENS.items():
        put(name, tens=number, num=number, word_num=number, joins=True)
    for number, name in enumerate(_ORDINALS, 1):
        put(name, ord=number, joins=True)
    put("twentieth", ord=20, joins=True)
    put("thirtieth", ord=30, joins=True)
    put("last", ord=-1)
    for names, (unit, span) in _UNITS.items():
        put(names, unit=(unit, span))
        put(" ".join(name for name in names.split() if len(name) > 2), longunit=(unit, span), joins=True)
    for name, span in (
        ("day", Span(days=1)),
        ("week", Span(days=7)),
        ("fortnight", Span(days=14)),
        ("month", Span(months=1)),
        ("year", Span(months=12)),
    ):
        put(f"{name}'s {name}s' {name}s", owned_unit=span)
    put("hour's hours'", owned_hours=Span(seconds=3600))
    put("minute's minutes'", owned_hours=Span(seconds=60))
    for names, part in _PARTS.items():
        put(names, part=part, joins=True)
        put(" ".join(name for name in names.split() if name.endswith("s") and name != names), parts=part)
    for name, month in _SEASONS.items():
        put(name, season_name=month)
    put("mid hundred", joins=True)
    for name, number in [
        (f"{ten}-{one}", tens + ones) for ten, tens in _TENS.items() for ones, one in enumerate(_NUMBERS[1:10], 1)
    ]:
        put(name, num=number)
    for name, number in [
        (f"{ten}-{one}", tens + ones) for ten, tens in _TENS.items() for ones, one in enumerate(_ORDINALS[:9], 1)
    ]:
        put(name, ord=number)
    for number, name in enumerate(_NUMBERS[:13]):
        put(f"{name}ish", around=number)
    put("am a.m a.m. pm p.m p.m.", joins=True)
    put("noon midday midnight", joins=True)
    put("am", ampm="am")
    put("pm", ampm="pm")
    for name, zone in ZONES.items():
        put(name, zone=(name, zone))
    for name in PLACES:
        if " " not in name:
            put(name, place=name)
    put("urgent asap", priority="urgent")
    put("high important", priority="high")
    put("medium normal", priority="medium")
    put("low", priority="low")
    return words


LEXICON: Final[Mapping[str, Mapping[str, Any]]] = _build()

_WRITTEN: Final = {
    "today": "tod 2day todday todya tdy",
    "tomorrow": (
        "tmr tmrw tmrrw tomm tmmrw tmoro tomoro tomorow tommorow tommorrow tomorrw tommorw tmorrow tomrrow "
        "tomor tommoro tomorro tomo tmro tomrw tommrow tomarrow tomorrrow 2moro 2morrow 2mrw 2mo"
    ),
    "tonight": "tonite 2nite 2night tonigh tonihgt tonght 2nyt",
    "yesterday": "yest yday yesterdy",
    "monday": "munday monady mondy",
    "tuesday": "tuseday teusday tuesdy tusday tuesdsay",
    "wednesday": "wednsday wensday wendsday wedensday wednesdy wedneday wednessday wenesday",
    "thursday": "thrusday thursdy thurday thersday thurdsay",
    "friday": "firday fridy frday fridya",
    "saturday": "saterday satruday saturdy satuday",
    "sunday": "sundy sunady",
    "january": "janury januray janaury",
    "february": "febuary feburary febrary",
    "september": "setember septmber",
    "november": "novemeber noveber",
    "december": "decemeber decmber",
    "weekend": "wkend wknd weeknd",
    "weekday": "wkday",
    "minutes": "minuets minuts mintues minutess",
    "hours": "hrous",
    "morning": "mornin moring mornng morn",
    "night": "nite nght",
    "week": "wk",
    "weeks": "wks",
    "next": "nxt",
    "other": "oter othr",
    "afternoon": "aftrnoon afternoo arvo afternon",
    "evening": "evenin evning",
    "appointment": "appt appointmnt apointment appoinment",
    "every": "evry evey ev everry",
    "with": "w/",
    "before": "b4",
    "what's": "whats",
    "today's": "todays",
    "until": "untill",
    "remind": "remid rember remindme remnd reming",
    "reminder": "remider reminer remindr",
    "delete": "delet delte detele dlete deleet",
    "snooze": "snz snoose snoze snoos",
    "remember": "remeber rember",
    "edit": "edt",
    "what": "wat wut",
    "please": "pls plz plse",
    "list": "lsit",
    "you": "u ya",
    "are": "r",
    "noon": "midday",
}
#: Long enough that a slip of the finger makes no other word.
_OFTEN_MISTYPED: Final = (
    "tomorrow yesterday wednesday thursday saturday tuesday january february september october november december "
    "afternoon fortnight midnight weekend weekday minutes"
).split()
_SHORTER: Final = "monday friday sunday tonight".split()


def _slips(word: str, last: int) -> set[str]:
    """The word with a letter left out, doubled, or changed with its neighbour, up to letter `last`."""
    left_out = {word[:at] + word[at + 1 :] for at in range(1, last)}
    doubled = {word[:at] + word[at] + word[at:] for at in range(1, last)}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, last)}
    return (left_out | doubled | swapped) - {word, word + "s"}


SPELLING: Final[Mapping[str, str]] = {
    **{slip: word for word in _OFTEN_MISTYPED for slip in _slips(word, len(word) - 1)},
    **{slip: word for word in _SHORTER for slip in _slips(word, len(word) - 2)},
    **{wrong: right for right, all_wrong in _WRITTEN.items() for wrong in all_wrong.split()},
}
