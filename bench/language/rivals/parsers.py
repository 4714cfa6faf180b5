"""Parsers of dates and repeats from PyPI, each called as its own documentation says for texts that people send.

Each is given the sender's wall-clock time, told to prefer the future where it can be told, and its first finding counts. A finding
is `due`, `due_end` (ISO 8601, wall clock unless the text names a zone), `rrule`, and `spans`, the words it came from;
Recognizers' findings go out as it names them (`entities`), as do those of its JavaScript twin.
"""

from __future__ import annotations

import importlib.metadata
import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

Answer = Callable[[str, datetime, str, str], object]
Finding = dict[str, Any]


def finding(start: object, end: object, span: tuple[int, int] | None) -> Finding:
    """A date, or a range, and where it stands."""
    return {"due": _iso(start), "due_end": _iso(end), "spans": [span] if span and span[0] >= 0 else []}


def dateparser() -> tuple[str, Answer]:
    """Its `search_dates`, with the default strategy (the other, `ngram`, is a little better and takes four times as long)."""
    from dateparser.search import search_dates  # type: ignore[import-untyped]

    def answer(text: str, now: datetime, zone: str, _corpus: str) -> Finding:
        settings = {"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "future", "TIMEZONE": zone}
        found = search_dates(text, languages=["en"], settings=settings)
        if not found:
            return {}
        words, at = found[0]
        start = text.find(words)
        return finding(at, None, (start, start + len(words)))

    return _named("dateparser"), answer


def parsedatetime() -> tuple[str, Answer]:
    """Its `nlp`, made for dates inside sentences."""
    from parsedatetime import Calendar  # type: ignore[import-not-found]

    calendar = Calendar()

    def answer(text: str, now: datetime, _zone: str, _corpus: str) -> Finding:
        found = calendar.nlp(text, sourceTime=now.replace(tzinfo=None))
        return finding(found[0][0], None, (found[0][2], found[0][3])) if found else {}

    return _named("parsedatetime"), answer


def timefhuman() -> tuple[str, Answer]:
    """With inferred dates, as is its default, and the matched text."""
    from timefhuman import tfhConfig, timefhuman  # type: ignore[import-not-found]

    def answer(text: str, now: datetime, _zone: str, _corpus: str) -> Finding:
        found = timefhuman(text, config=tfhConfig(now=now.replace(tzinfo=None), return_matched_text=True))
        if not found:
            return {}
        _words, span, value = found[0]
        value = value[0] if isinstance(value, list) else value
        start, end = value if isinstance(value, tuple) else (value, None)
        return finding(start, end, span)

    return _named("timefhuman"), answer


def ctparse() -> tuple[str, Answer]:
    """The resolution with the highest score, within a second."""
    from ctparse import ctparse  # type: ignore[import-not-found]
    from ctparse.types import Interval, Time  # type: ignore[import-not-found]

    logging.disable(logging.WARNING)

    def answer(text: str, now: datetime, _zone: str, _corpus: str) -> Finding:
        found = ctparse(text, ts=now.replace(tzinfo=None), timeout=1.0)
        what = found.resolution if found else None
        if isinstance(what, Interval):
            start, end = (time.dt if time and time.hasDate else None for time in (what.start, what.end))
            return finding(start or end, end if start else None, (what.mstart, what.mend))
        if isinstance(what, Time) and what.hasDate:
            return finding(what.dt, None, (what.mstart, what.mend))
        return {}

    return _named("ctparse"), answer


def recurrent() -> tuple[str, Answer]:
    """A repeat or a date; it does not say where it stood."""
    from recurrent import RecurringEvent  # type: ignore[import-not-found]

    def answer(text: str, now: datetime, _zone: str, _corpus: str) -> Finding:
        found = RecurringEvent(now_date=now.replace(tzinfo=None)).parse(text)
        if not isinstance(found, str):
            return finding(found, None, None)
        starts = [line.removeprefix("DTSTART:") for line in found.splitlines() if line.startswith("DTSTART:")]
        return finding(datetime.fromisoformat(starts[0]) if starts else None, None, None) | {"rrule": found}

    return _named("recurrent"), answer


def recognizers() -> tuple[str, Answer]:
    """Microsoft's Recognizers-Text as last published for Python."""
    from recognizers_date_time import recognize_datetime  # type: ignore[import-not-found]

    def answer(text: str, now: datetime, _zone: str, _corpus: str) -> Finding:
        found = recognize_datetime(text, "en-us", reference=now.replace(tzinfo=None))
        return {"entities": [[each.start, each.end + 1, (each.resolution or {}).get("values") or []] for each in found]}

    return _named("recognizers-text-suite"), answer


SIDES: dict[str, Callable[[], tuple[str, Answer]]] = {
    "dateparser": dateparser,
    "parsedatetime": parsedatetime,
    "timefhuman": timefhuman,
    "ctparse": ctparse,
    "recurrent": recurrent,
    "recognizers-py": recognizers,
}


def _named(package: str) -> str:
    return f"{package} {importlib.metadata.version(package)}"


def _iso(moment: object) -> str | None:
    return moment.isoformat() if isinstance(moment, date) else None
