"""What a number tells about somebody new, and which zone holds while they travel."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared.todos.model import Settings
from shared.todos.newcomer import settings_for, zone_at
from tests.unit.todos.memory import NOW, ZONE


@pytest.mark.parametrize(
    ("phone", "zone", "country", "day_first"),
    [
        ("+12125550142", ZONE, "US", False),
        ("+447700900123", "Europe/London", "GB", True),
        ("+18005550199", "UTC", "US", False),
    ],
)
def test_the_number_tells_zone_country_and_order_of_dates(phone: str, zone: str, country: str, day_first: bool) -> None:
    settings = settings_for(phone)
    assert (settings.zone, settings.country, settings.meanings.day_first) == (zone, country, day_first)


def test_a_number_without_a_zone_takes_the_default() -> None:
    assert settings_for("+18005550199", "Europe/Paris").zone == "Europe/Paris"


def test_a_journey_holds_to_the_end_of_its_last_day_there() -> None:
    travelling = Settings(zone="Asia/Tokyo", zone_home=ZONE, zone_until=date(2026, 11, 26))
    assert zone_at(travelling, NOW) == "Asia/Tokyo"  # Thursday 26 November, half past midnight in Tokyo
    assert zone_at(travelling, NOW + timedelta(days=1)) == ZONE
