"""Logs and counters.

A log line is one JSON object with the correlation id of what it is about, so that one id leads from a webhook to the text that
answered it. No phone number and no words of a message are ever logged: lines carry ids, types, counts and error kinds, and the
formatter masks anything that looks like a number, in exception text too, for the lines that libraries write.
"""

from __future__ import annotations

import contextvars
import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby

#: The id of what this task is about; set for each request and delivery.
correlation: contextvars.ContextVar[str] = contextvars.ContextVar("correlation", default="")

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_NUMBER = re.compile(r"(?<![\w.:-])(?:\+|%2B)?\d{7,15}(?![\w.:-])|(?:\+|%2B)\d{7,15}")


class JsonLines(logging.Formatter):
    """One JSON object a line; phone numbers masked."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON text: time, level, logger, message, correlation id, extra fields, error kind and place."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if correlation.get():
            line["correlation_id"] = correlation.get()
        line.update({key: value for key, value in record.__dict__.items() if key not in _STANDARD})
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe(record.exc_info[1])
        return _NUMBER.sub("[number]", json.dumps(line, default=str, ensure_ascii=False))


def describe(error: BaseException) -> str:
    """The kind of an error and where it came from, without its text: the text may quote a message."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    cause = f" from {describe(error.__cause__)}" if error.__cause__ else ""
    return f"{type(error).__name__} at {place}{cause}"


def start_logging(level: str) -> None:
    """Send every log record of the process to standard error as JSON lines, from `level` (INFO, DEBUG...) up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("psycopg.pool").setLevel("ERROR")  # its warnings quote connection errors many times a second
    for quiet in ("aiohttp.access", "uvicorn.error", "yoyo"):
        logging.getLogger(quiet).setLevel("WARNING")


_Series = tuple[str, tuple[tuple[str, str], ...]]
#: Counters by name and labels: (("events_total", (("function", "webhook"), ("outcome", "done"))), 3).
_counters: Counter[_Series] = Counter()
#: What was measured last, likewise.
_gauges: dict[_Series, float] = {}


def count(name: str, by: int = 1, /, **labels: str) -> None:
    """Add to a counter."""
    _counters[name, tuple(sorted(labels.items()))] += by


def measure(name: str, value: float, /, **labels: str) -> None:
    """Set what is measured."""
    _gauges[name, tuple(sorted(labels.items()))] = value


def exposition() -> str:
    """Everything counted and measured, in Prometheus' text format 0.0.4."""
    return "".join([*_lines("counter", _counters), *_lines("gauge", _gauges)]) or "\n"


def _lines(kind: str, series: Mapping[_Series, float]) -> Iterator[str]:
    """The series of a kind, name by name."""
    for name, found in groupby(sorted(series.items()), key=lambda one: one[0][0]):
        yield f"# TYPE jotline_{name} {kind}\n"
        for (_, labels), value in found:
            inside = ",".join(f'{key}="{text}"' for key, text in labels)
            yield f"jotline_{name}{{{inside}}} {value}\n" if inside else f"jotline_{name} {value}\n"
