"""Log lines lead from one id to everything about it, and never hold a number or words."""

from __future__ import annotations

import json
import logging

import pytest

from shared.runtime.telemetry import JsonLines, correlation, count, describe, exposition, measure


def _line(message: str, **extra: object) -> dict[str, object]:
    record = logging.getLogger("test").makeRecord("test", logging.INFO, "f", 1, message, (), None, extra=extra)
    return dict(json.loads(JsonLines().format(record)))


def test_a_line_carries_the_correlation_id_and_its_facts() -> None:
    token = correlation.set("SM1")
    line = _line("done", function="notify")
    correlation.reset(token)
    assert line["correlation_id"] == "SM1"
    assert line["function"] == "notify"
    assert "correlation_id" not in _line("idle")


@pytest.mark.parametrize(
    "text", ["to +12125550142", "from=12125550142", "whatsapp:+447700900123", "%2B12125550142", "'+12125550142'"]
)
def test_anything_that_looks_like_a_number_is_masked(text: str) -> None:
    line = json.dumps(_line(text, fact=text))
    assert "2125550142" not in line
    assert "7700900123" not in line


def _failure() -> ValueError:
    """An error with a cause, both holding words of a text."""
    try:
        try:
            raise KeyError("buy milk")  # noqa: TRY301 - as the next
        except KeyError as inner:
            raise ValueError("call mum") from inner
    except ValueError as error:
        return error


def test_an_error_is_its_kind_and_place_and_never_its_text() -> None:
    error = _failure()
    told = describe(error)
    exc_info = (type(error), error, error.__traceback__)
    record = logging.getLogger("test").makeRecord("test", logging.ERROR, "f", 1, "failed", (), exc_info)
    line = JsonLines().format(record)
    assert told.startswith("ValueError at test_telemetry.py:")
    assert "from KeyError at test_telemetry.py:" in told
    assert told in line
    assert "mum" not in line


def test_counters_are_in_prometheus_format() -> None:
    count("tests_total", kind="one")
    count("tests_total", kind="one")
    assert "# TYPE jotline_tests_total counter" in exposition()
    assert 'jotline_tests_total{kind="one"} 2' in exposition()


def test_what_is_measured_is_what_it_was_last() -> None:
    count("tests_total", 3, kind="three")
    for value in (2.0, 0.5):
        measure("test_seconds", value, what="this")
    measure("tests_waiting", 4)
    assert 'jotline_tests_total{kind="three"} 3' in exposition()
    assert '# TYPE jotline_test_seconds gauge\njotline_test_seconds{what="this"} 0.5\n' in exposition()
    assert "# TYPE jotline_tests_waiting gauge\njotline_tests_waiting 4\n" in exposition()
