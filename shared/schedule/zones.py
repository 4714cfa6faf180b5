"""Which time zone a number, a city or a country means, and what a zone is called in a text.

A number tells its area's zone (libphonenumber's tables); a place is looked up among the zones of the tz database and some sixteen
thousand cities of GeoNames (cities.tsv and regions.tsv, made by tools/make_cities.py). Where several places have a name, the one
that people mean is the one with far more people (`DOMINANCE`), those in the person's own country counting more (`HOME`); where none
stands out we ask.

A text that is a place and nothing else sets the zone too, so there (`bare`) only large cities and those that zones are named after
count, and no English word: "nice", "reading" and "mobile" are todos.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DATA: Final = Path(__file__).parent

DOMINANCE: Final = 4
"""How many times the people of all other places of the name: Birmingham is in England until somebody in Alabama asks."""
HOME: Final = 10
"""How much more a place in the person's own country counts."""

ZONE_CITY_THOUSANDS: Final = 1_000
"""People, for this comparison, of a city that a zone is named after."""
COUNTRY_THOUSANDS: Final = 4_000
STATE_THOUSANDS: Final = 400
WELL_KNOWN_THOUSANDS: Final = 300
"""From here on a city is meant by its bare name..."""
SHORT_NAME_THOUSANDS: Final = 1_000
"""...unless the name has four letters or fewer: too many are a word somewhere."""

ZONE_NAMES: Final = {
    "America/New_York": "eastern est edt et",
    "America/Chicago": "central cst cdt ct",
    "America/Denver": "mountain mst mdt mt",
    "America/Los_Angeles": "pacific pst pdt pt",
    "America/Anchorage": "akst akdt",
    "Pacific/Honolulu": "hst",
    "America/Halifax": "atlantic adt",
    "America/St_Johns": "nst ndt",
    "Europe/London": "bst british",
    "Europe/Lisbon": "wet west",
    "Europe/Paris": "cet cest",
    "Europe/Athens": "eet eest",
    "Asia/Kolkata": "ist",
    "Asia/Tokyo": "jst",
    "Asia/Seoul": "kst",
    "Asia/Singapore": "sgt",
    "Asia/Hong_Kong": "hkt",
    "Australia/Sydney": "aest aedt",
    "Australia/Adelaide": "acst acdt",
    "Australia/Perth": "awst",
    "Pacific/Auckland": "nzst nzdt",
    "UTC": "utc gmt zulu z",
}
"""What people call a zone; an abbreviation that several use means the one of English texts."""

BARE_ZONE_NAMES: Final = frozenset("est edt cst cdt mst mdt pst pdt gmt utc".split())

WORDS: Final = frozenset(
    "batman bimbo canary canton center cologne easter erode fez honcho hue madras man mesa midway natal nice oral perm pest queens"
    " reading reunion riverside roma sale salt samba tamale van wake warder".split()
)
"""Names of large cities and of zones' cities that are English words first."""

NON_GEOGRAPHIC: Final = frozenset({"TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "VOIP", "PERSONAL_NUMBER", "PAGER", "UAN", "VOICEMAIL"})
"""Types of numbers (libphonenumber's names) that are nowhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place whose zone is known."""

    zone: str
    """IANA name."""
    city: str
    """As we write it: plain ASCII."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The name leaves the zone open."""

    name: str
    several_zones: bool = False
    """True: it is one country or state with several zones. False: there are several places of that name."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that has the name."""

    name: str
    region: str
    """ISO 3166: a country, or country and state (`US-IL`); "" for a city that a zone is named after."""
    zone: str
    """IANA name; "" for a region with several."""
    thousands: int

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2."""
        return self.region[:2]


def zone_of_number(e164: str) -> str | None:
    """The IANA zone of a phone number's area; of its country's most people when the number tells no area.

    None when it is nowhere (toll-free), or no number at all.
    """
    import phonenumbers
    from phonenumbers import timezone

    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(number)) in NON_GEOGRAPHIC:
        return None
    zones = [zone for zone in timezone.time_zones_for_geographical_number(number) if zone in _people_by_zone()]
    people = sorted((_people_by_zone()[zone], zone) for zone in zones)
    certain = phonenumbers.region_code_for_number(number) is not None or sum(count for count, _ in people[:-1]) * DOMINANCE <= (
        people[-1][0] if people else 0
    )
    return people[-1][1] if people and certain else None


def country_of_number(e164: str) -> str:
    """The ISO 3166 alpha-2 country of a phone number, the calling code's largest where the number leaves it open; "" for none."""
    import phonenumbers

    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return ""
    region = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return region if region and region.isalpha() and region != "ZZ" else ""


def city_of_zone(zone: str) -> str:
    """A zone as we write it: "New York" for America/New_York, "UTC" for UTC."""
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return "St " + city[3:] if city.startswith("St ") else city


def find_place(words: str, *, bare: bool = False, country: str = "") -> Place | Ambiguous | None:
    """The place meant by "Denver", "Pacific", "Springfield, Illinois", "Europe/Berlin" or "Japan"; None when we know none.

    Args:
        words: what was said, as it was said.
        bare: the words were the whole text, with no "I'm in" before them: only well-known cities count then.
        country: the person's own, ISO 3166 alpha-2: its places come first.
    """
    if "/" in words:
        return _zone_itself(words.strip())
    key = _key(words)
    name = re.sub(r" (time zone|timezone|time)$", "", key)
    zone = _zones_by_name().get(name)
    if zone and (not bare or name != key or name in BARE_ZONE_NAMES):
        return Place(zone, city_of_zone(zone))
    if bare and "," not in words:
        return _chosen(name, country) if _is_well_known(name) else None
    return _chosen(name, country) or _qualified(name)


def _chosen(name: str, country: str, within: str = "") -> Place | Ambiguous | None:
    """The candidate that stands out, if one does."""
    candidates = [c for c in _candidates().get(name, ()) if c.region.startswith(within) or (within and not c.region)]
    if within:
        candidates = [c for c in candidates if c.region]
    weights: dict[str, int] = {}
    for candidate in candidates:
        home = HOME if country and candidate.country == country else 1
        weights[candidate.zone] = weights.get(candidate.zone, 0) + candidate.thousands * home
    if not candidates:
        return None
    best = max(weights, key=lambda zone: weights[zone])
    named = next(c for c in candidates if c.zone == best)
    if sum(weights.values()) - weights[best] > weights[best] / DOMINANCE:
        return Ambiguous(named.name)
    return _place(named)


def _place(candidate: Candidate) -> Place | Ambiguous:
    if not candidate.zone:
        return Ambiguous(candidate.name, several_zones=True)
    is_region = _regions().get(_key(candidate.name), {}).get(candidate.region) == candidate.zone
    return Place(candidate.zone, city_of_zone(candidate.zone) if is_region else candidate.name)


def _qualified(name: str) -> Place | Ambiguous | None:
    """A city with its state or country behind it: "springfield illinois", "portland or", "london ontario"."""
    words = name.split(" ")
    for split in range(len(words) - 1, 0, -1):
        city, region = " ".join(words[:split]), " ".join(words[split:])
        for code in (*_regions().get(region, {}), *_codes(region)):
            place = _chosen(city, "", code)
            if place is not None:
                return place
    return None


def _codes(region: str) -> list[str]:
    """The codes that an abbreviation may stand for: "il" is US-IL and IL."""
    return [code for code in _region_codes() if code.lower() == region or code.lower().endswith(f"-{region}")]


def _is_well_known(name: str) -> bool:
    if name in WORDS:
        return False
    least = SHORT_NAME_THOUSANDS if len(name) <= 4 else WELL_KNOWN_THOUSANDS
    cities = (c for c in _candidates().get(name, ()) if c.zone)
    return any(c.thousands >= least and name not in _regions() for c in cities)


def _zone_itself(words: str) -> Place | None:
    """An IANA name, in any case and with blanks for underscores."""
    wanted = words.replace(" ", "_").casefold()
    zone = next((zone for zone in _cities_by_zone() if zone.casefold() == wanted), words.replace(" ", "_"))
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones ("America/Argentina") is an OSError
        return None
    return Place(zone, city_of_zone(zone))


def _key(words: str) -> str:
    """The words as they are compared: ASCII, lower case, no punctuation, "Saint" as "St"."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    spaced = re.sub(r"[^a-z0-9]+", " ", re.sub(r"['.]", "", plain)).strip()
    return re.sub(r"\bsaint\b", "st", spaced)


@lru_cache(maxsize=1)
def _zones_by_name() -> dict[str, str]:
    return {name: zone for zone, names in ZONE_NAMES.items() for name in names.split()}


@lru_cache(maxsize=1)
def _cities_by_zone() -> dict[str, list[Candidate]]:
    """cities.tsv: read once, at the first place somebody names."""
    cities: dict[str, list[Candidate]] = {}
    zone = ""
    for line in (DATA / "cities.tsv").read_text(encoding="ascii").splitlines()[1:]:
        name, *rest = line.split("\t")
        if rest:
            cities[zone].append(Candidate(name, rest[0], zone, int(rest[1])))
        else:
            zone = name
            cities[zone] = []
    return cities


@lru_cache(maxsize=1)
def _people_by_zone() -> dict[str, int]:
    return {zone: sum(city.thousands for city in cities) for zone, cities in _cities_by_zone().items()}


@lru_cache(maxsize=1)
def _regions() -> dict[str, dict[str, str]]:
    """regions.tsv: by name, the codes of the regions that have it, and their zones."""
    regions: dict[str, dict[str, str]] = {}
    for code, name, zone in (line.split("\t") for line in (DATA / "regions.tsv").read_text(encoding="ascii").splitlines()[1:]):
        regions.setdefault(_key(name), {})[code] = zone
    return regions


@lru_cache(maxsize=1)
def _region_codes() -> list[str]:
    return sorted({code for codes in _regions().values() for code in codes})
