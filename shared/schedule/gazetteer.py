"""The places whose zone we know: cities.tsv and regions.tsv, read once, when somebody first names a place.

Both files are made by tools/make_cities.py from GeoNames (CC BY 4.0) and the tz database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent

WEIGHT_THOUSANDS: Final = 1_000
"""When places are compared: the people of a country or state, and the bonus of a city that a zone is named after."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that has a name."""

    name: str
    city: str
    """What its time is called: a country's or state's largest city."""
    region: str
    """ISO 3166: a country (`FR`), or country and state (`US-IL`); "" for a city that a zone is named after."""
    zone: str
    """IANA name; "" for a country or state with several."""
    thousands: int
    is_city: bool = True


@lru_cache(maxsize=1)
def cities_by_zone() -> dict[str, tuple[Spot, ...]]:
    """The cities of every inhabited zone, the largest first."""
    cities: dict[str, list[Spot]] = {}
    zone = ""
    for name, *rest in _rows("cities.tsv"):
        if rest:
            cities[zone].append(Spot(name, name, rest[0], zone, int(rest[1])))
        else:
            zone = name
            cities[zone] = []
    return {zone: tuple(spots) for zone, spots in cities.items()}


@lru_cache(maxsize=1)
def people_by_zone() -> dict[str, int]:
    """Thousands of city people in every inhabited zone."""
    return {zone: sum(spot.thousands for spot in spots) for zone, spots in cities_by_zone().items()}


@lru_cache(maxsize=1)
def regions() -> dict[str, tuple[str, ...]]:
    """The codes of the countries and states of a name (as `key`); "georgia" is GE and US-GA."""
    codes: dict[str, tuple[str, ...]] = {}
    for code, name, _ in _rows("regions.tsv"):
        codes[key(name)] = (*codes.get(key(name), ()), code)
    return codes


@lru_cache(maxsize=1)
def spots() -> dict[str, tuple[Spot, ...]]:
    """Every place by its name (as `key`)."""
    found: dict[str, list[Spot]] = {}
    for name, spot in (*_cities(), *_zone_cities(), *_regions()):
        found.setdefault(key(name), []).append(spot)
    return {name: tuple(same) for name, same in found.items()}


def key(words: str) -> str:
    """A name as names are compared: ASCII, lower case, no punctuation, "Saint" as "St"."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    spaced = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['.]", "", plain)).strip()
    return re.sub(r"\bsaint\b", "st", spaced)


def city_of_zone(zone: str) -> str:
    """A zone as we write it: "New York" for America/New_York, "UTC" for UTC."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _cities() -> Iterator[tuple[str, Spot]]:
    return ((spot.name, spot) for spots in cities_by_zone().values() for spot in spots)


def _zone_cities() -> Iterator[tuple[str, Spot]]:
    """The cities that zones are named after; "America/Argentina/San_Juan" is not the San Juan that people mean."""
    for zone in cities_by_zone():
        if zone.count("/") == 1:
            city = city_of_zone(zone)
            yield city, Spot(city, city, "", zone, WEIGHT_THOUSANDS)


def _regions() -> Iterator[tuple[str, Spot]]:
    for code, name, zone in _rows("regions.tsv"):
        yield name, Spot(name, _largest_city(code, zone), code, zone, WEIGHT_THOUSANDS, is_city=False)


def _largest_city(region: str, zone: str) -> str:
    spots = cities_by_zone().get(zone, ())
    return next((spot.city for spot in spots if spot.region.startswith(region)), city_of_zone(zone))


def _rows(file: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in (DATA / file).read_text(encoding="ascii").splitlines() if not line.startswith("#"))
