"""Quiet hours: what falls into them waits until they are over."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from shared.schedule.quiet import after_quiet

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = (time(22), time(7))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-11-25T21:59", "2026-11-25T21:59"),
        ("2026-11-25T22:00", "2026-11-26T07:00"),
        ("2026-11-26T03:00", "2026-11-26T07:00"),
        ("2026-11-26T07:00", "2026-11-26T07:00"),
    ],
)
def test_a_night_spans_two_days(at: str, then: str) -> None:
    assert after_quiet(_at(at), *NIGHT, NEW_YORK) == _at(then)


def test_an_afternoon_nap_lies_within_a_day() -> None:
    assert after_quiet(_at("2026-11-25T14:10"), time(13), time(15), NEW_YORK) == _at("2026-11-25T15:00")
    assert after_quiet(_at("2026-11-25T15:10"), time(13), time(15), NEW_YORK) == _at("2026-11-25T15:10")


def test_without_quiet_hours_nothing_waits() -> None:
    assert after_quiet(_at("2026-11-26T03:00"), None, None, NEW_YORK) == _at("2026-11-26T03:00")


def test_an_end_that_the_clocks_leave_out_comes_an_hour_later() -> None:
    # On 8 March 2026 it is 3am after 1:59am in New York.
    assert after_quiet(_at("2026-03-08T01:00"), time(22), time(2, 30), NEW_YORK) == _at("2026-03-08T03:30")
