"""Someone who texts for the first time: what their number tells; and the zone that holds at a given time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.language.model import Meanings
from shared.schedule.zones import country_of_number, zone_of_number
from shared.todos.model import Settings

#: Countries that write the month first (Unicode CLDR, short date format): everywhere else 3/12 is 3 December.
MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "VI", "AS", "MP", "UM", "PW", "FM", "MH"})


def settings_for(phone: str, default_zone: str = "UTC") -> Settings:
    """Settings a new person starts with, from their number (E.164): country, time zone, the order of numeric dates."""
    country = country_of_number(phone) or "US"
    return Settings(
        zone=zone_of_number(phone) or default_zone,
        country=country,
        meanings=Meanings(day_first=country not in MONTH_FIRST),
    )


def zone_at(settings: Settings, instant: datetime) -> str:
    """The IANA zone that holds for a person at `instant` (aware): the one they travel in, until that is over."""
    if settings.zone_until and settings.zone_home and instant.astimezone(ZoneInfo(settings.zone)).date() > settings.zone_until:
        return settings.zone_home
    return settings.zone
