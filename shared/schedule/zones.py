"""Which time zone a number, a city or a country means, and what a zone is called in a text.

A number tells its area's zone (libphonenumber's tables); a place is looked up in the gazetteer. Where several places have a
name, the one meant is the one with far more people (`DOMINANCE`), those in the person's own country counting more (`HOME`);
where none stands out we ask.

A text that is a place and nothing else sets the zone too, so there (`bare`) only large cities and those that zones are named
after count, and no English word: "nice", "reading" and "mobile" are todos.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.schedule import gazetteer
from shared.schedule.gazetteer import Spot, city_of_zone

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

__all__ = ["Ambiguous", "Place", "city_of_zone", "country_of_number", "find_place", "zone_of_number"]

DOMINANCE: Final = 3
"""How many times the people of the next place of the name: Birmingham is in England until somebody in Alabama asks."""
HOME: Final = 4
"""How much more a place in the person's own country counts."""

WELL_KNOWN_THOUSANDS: Final = 300
"""From here on a city is meant by its bare name..."""
SHORT_NAME: Final = 4
SHORT_NAME_THOUSANDS: Final = 1_000
"""...unless the name has four letters or fewer: too many of those are a word somewhere."""
NEAR_THOUSANDS: Final = 150
"""In the person's own country a smaller one is known as well."""

ZONE_NAMES: Final = {
    name: zone
    for zone, names in {
        "America/New_York": "eastern est edt et",
        "America/Chicago": "central cst cdt",
        "America/Denver": "mountain mst mdt",
        "America/Los_Angeles": "pacific pst pdt pt",
        "America/Anchorage": "akst akdt",
        "Pacific/Honolulu": "hst",
        "America/Halifax": "atlantic adt",
        "America/St_Johns": "nst ndt",
        "Europe/London": "british bst",
        "Europe/Paris": "cet cest",
        "Europe/Athens": "eet eest",
        "Asia/Kolkata": "indian ist",
        "Asia/Tokyo": "jst",
        "Asia/Seoul": "kst",
        "Asia/Singapore": "sgt",
        "Asia/Hong_Kong": "hkt",
        "Australia/Sydney": "aest aedt",
        "Australia/Adelaide": "acst acdt",
        "Australia/Perth": "awst",
        "Pacific/Auckland": "nzst nzdt",
        "UTC": "utc gmt greenwich",
    }.items()
    for name in names.split()
}
"""What people call a zone; an abbreviation that several use means the one of English texts."""

BARE_ZONE_NAMES: Final = frozenset(["est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "gmt", "utc"])

TIME: Final = re.compile(r"( standard| daylight| summer| mean)? (time zone|timezone|time)$")

WORDS: Final = frozenset(
    "barking bath batman billings bimbo boulder canary canton center chad china cologne corona cypress delta derby easter"
    " enterprise erode fez garland guinea harrow honcho hue independence jersey limerick madras mesa midway mobile natal nice"
    " oral orange paradise perm pest queens reading reunion riverside roma sale salt samba surprise tamale turkey van vista"
    " wake wales warder".split()
)
"""Names of large cities, zones and countries that are English words first."""

OLD_ZONE_NAMES: Final = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Choibalsan": "Asia/Ulaanbaatar",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Truk": "Pacific/Chuuk",
}
"""Names that libphonenumber keeps and the tz database has replaced (its file `backward`)."""

NOWHERE: Final = frozenset({"TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "VOIP", "PERSONAL_NUMBER", "PAGER", "UAN", "VOICEMAIL"})
"""Types of numbers (libphonenumber's names) that belong to no area."""


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


def zone_of_number(e164: str) -> str | None:
    """The IANA zone of a phone number's area; of most people in its country when the number tells no area (a mobile).

    None when it belongs nowhere (toll-free), when its country is open, or when it is no number at all.
    """
    import phonenumbers
    from phonenumbers import timezone

    number = _parsed(e164)
    if number is None:
        return None
    if phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(number)) in NOWHERE:
        return None
    zones = [OLD_ZONE_NAMES.get(zone, zone) for zone in timezone.time_zones_for_geographical_number(number)]
    people = Counter({zone: gazetteer.people_by_zone().get(zone, 0) for zone in zones})
    zone, most = people.most_common(1)[0]
    country_known = phonenumbers.region_code_for_number(number) is not None
    return zone if most and (country_known or _stands_out(people)) else None


@lru_cache(maxsize=16)  # who asks for the country of a number asks for its zone next
def _parsed(e164: str) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return None


def country_of_number(e164: str) -> str:
    """The ISO 3166 alpha-2 country of a phone number; the calling code's largest where that is open; "" for none."""
    import phonenumbers

    number = _parsed(e164)
    if number is None:
        return ""
    region = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return "" if region in {None, "ZZ", "001"} else region


def find_place(words: str, *, bare: bool = False, country: str = "") -> Place | Ambiguous | None:
    """The place meant by "Denver", "Pacific", "Springfield, Illinois", "Europe/Berlin" or "Japan"; None when we know none.

    Args:
        words: what was said, as it was said.
        bare: the words were the whole text, with no "I'm in" before them: only well-known cities count then.
        country: the person's own, ISO 3166 alpha-2: its places come first.
    """
    if "/" in words:
        return _zone_itself(words.strip())
    key = gazetteer.key(words)
    name = TIME.sub("", key)
    if name in ZONE_NAMES and (not bare or name != key or name in BARE_ZONE_NAMES):
        return Place(ZONE_NAMES[name], city_of_zone(ZONE_NAMES[name]))
    if bare and "," not in words and not _is_well_known(name, country):
        return _in_region(name, abbreviated=False)
    return _most_likely(gazetteer.spots().get(name, ()), country) or _in_region(name)


def _most_likely(spots: Sequence[Spot], country: str = "") -> Place | Ambiguous | None:
    """The zone most people of that name live in, if it stands out."""
    if not spots:
        return None
    weights: Counter[str] = Counter()
    for spot in spots:
        weights[spot.zone] += spot.thousands * (HOME if country and spot.region.startswith(country) else 1)
    zone, _ = weights.most_common(1)[0]
    best = next(spot for spot in spots if spot.zone == zone)
    if not _stands_out(weights):
        return Ambiguous(best.name)
    return Place(zone, best.city) if zone else Ambiguous(best.name, several_zones=True)


def _stands_out(weights: Counter[str]) -> bool:
    most, *others = sorted(weights.values(), reverse=True)
    return not others or others[0] * DOMINANCE <= most


def _in_region(name: str, *, abbreviated: bool = True) -> Place | Ambiguous | None:
    """A city with its state or country behind it: "springfield illinois", "portland or", "london ontario"."""
    words = name.split()
    for split in range(len(words) - 1, 0, -1):
        codes = _region_codes(" ".join(words[split:]), abbreviated=abbreviated)
        same_name = gazetteer.spots().get(" ".join(words[:split]), ())
        inside = [spot for spot in same_name if codes & {spot.region, spot.region[:2]}]
        if inside:
            return _most_likely(inside)
    return None


def _region_codes(region: str, *, abbreviated: bool) -> set[str]:
    """The countries and states meant by a name or an abbreviation: "il" may be Illinois or Israel."""
    codes = set(gazetteer.regions().get(region, ()))
    if abbreviated:
        known = {code for same in gazetteer.regions().values() for code in same}
        codes |= {code for code in known if region in {code.lower(), code.lower().partition("-")[2]}}
    return codes


def _is_well_known(name: str, country: str) -> bool:
    if name in WORDS:
        return False
    return any(
        spot.is_city and spot.thousands >= _least_thousands(name, spot, country) for spot in gazetteer.spots().get(name, ())
    )


def _least_thousands(name: str, spot: Spot, country: str) -> int:
    if len(name) <= SHORT_NAME:
        return SHORT_NAME_THOUSANDS
    return NEAR_THOUSANDS if country and spot.region.startswith(country) else WELL_KNOWN_THOUSANDS


def _zone_itself(words: str) -> Place | None:
    """An IANA name, in any case and with blanks for underscores."""
    wanted = words.replace(" ", "_")
    zone = next((zone for zone in gazetteer.cities_by_zone() if zone.casefold() == wanted.casefold()), wanted)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones ("America/Argentina") is an OSError
        return None
    return Place(zone, city_of_zone(zone))
