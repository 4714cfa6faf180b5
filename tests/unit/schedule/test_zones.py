"""The zone of a number and of a place."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.messages.segments import is_gsm7
from shared.schedule import gazetteer
from shared.schedule.zones import Ambiguous, Place, city_of_zone, country_of_number, find_place, zone_of_number

# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "zone", "country"),
    [
        ("+12125550142", "America/New_York", "US"),
        ("+13035550100", "America/Denver", "US"),
        ("+14155550100", "America/Los_Angeles", "US"),
        ("+14165550100", "America/Toronto", "CA"),
        ("+447700900123", "Europe/London", "GB"),
        ("+4915112345678", "Europe/Berlin", "DE"),
        ("+61412345678", "Australia/Sydney", "AU"),
        ("+79161234567", "Europe/Moscow", "RU"),
        ("+919812345678", "Asia/Kolkata", "IN"),
        ("+541123456789", "America/Argentina/Buenos_Aires", "AR"),
    ],
)
def test_a_number_tells_its_zone_and_country(number: str, zone: str, country: str) -> None:
    assert (zone_of_number(number), country_of_number(number)) == (zone, country)


@pytest.mark.parametrize("number", ["+18005550199", "+15005550006", "+80012345678", "12345", "whatsapp", ""])
def test_a_number_that_belongs_nowhere_has_no_zone(number: str) -> None:
    assert zone_of_number(number) is None


def test_a_toll_free_number_still_has_a_country_and_an_international_one_has_none() -> None:
    assert country_of_number("+18005550199") == "US"
    assert country_of_number("+80012345678") == ""
    assert country_of_number("not a number") == ""


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_whatever_zone_a_number_has_is_one_we_know(number: str) -> None:
    zone = zone_of_number(number)
    assert zone is None or ZoneInfo(zone).key in gazetteer.cities_by_zone()


# --- places ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "zone", "city"),
    [
        ("Denver", "America/Denver", "Denver"),
        ("new york", "America/New_York", "New York"),
        ("NYC", "America/New_York", "NYC"),
        ("Tokyo", "Asia/Tokyo", "Tokyo"),
        ("São Paulo", "America/Sao_Paulo", "Sao Paulo"),
        ("zürich", "Europe/Zurich", "Zurich"),
        ("Munich", "Europe/Berlin", "Munich"),
        ("Köln", "Europe/Berlin", "Koln"),
        ("saint louis, missouri", "America/Chicago", "St. Louis"),
        ("The Hague", "Europe/Amsterdam", "The Hague"),
        ("Nuuk", "America/Nuuk", "Nuuk"),
        ("Pacific", "America/Los_Angeles", "Los Angeles"),
        ("Eastern time", "America/New_York", "New York"),
        ("mountain standard time", "America/Denver", "Denver"),
        ("GMT", "UTC", "UTC"),
        ("JST", "Asia/Tokyo", "Tokyo"),
        ("Japan", "Asia/Tokyo", "Tokyo"),
        ("UK", "Europe/London", "London"),
        ("Germany", "Europe/Berlin", "Berlin"),
        ("Texas", "America/Chicago", "Houston"),
        ("Queensland", "Australia/Brisbane", "Brisbane"),
        ("Malta", "Europe/Malta", "Malta"),
        ("Europe/Berlin", "Europe/Berlin", "Berlin"),
        ("america/new york", "America/New_York", "New York"),
        ("Tokyo time", "Asia/Tokyo", "Tokyo"),
    ],
)
def test_a_place_tells_its_zone(words: str, zone: str, city: str) -> None:
    assert find_place(words) == Place(zone, city)


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Springfield, Illinois", "America/Chicago"),
        ("springfield il", "America/Chicago"),
        ("Springfield MA", "America/New_York"),
        ("Portland, Oregon", "America/Los_Angeles"),
        ("portland me", "America/New_York"),
        ("London, Ontario", "America/Toronto"),
        ("Paris, Texas", "America/Chicago"),
        ("Birmingham, UK", "Europe/London"),
        ("Birmingham, Alabama", "America/Chicago"),
        ("Georgia, USA", "America/New_York"),
    ],
)
def test_a_state_or_country_settles_which(words: str, zone: str) -> None:
    place = find_place(words)
    assert isinstance(place, Place)
    assert place.zone == zone


@pytest.mark.parametrize("name", ["Springfield", "Georgia", "Cambridge", "Richmond"])
def test_several_places_of_a_name_are_asked_about(name: str) -> None:
    assert find_place(name) == Ambiguous(name)


@pytest.mark.parametrize("name", ["Canada", "USA", "Mexico", "Tennessee"])
def test_a_region_with_several_zones_is_asked_about(name: str) -> None:
    assert find_place(name) == Ambiguous(name, several_zones=True)


def test_the_place_in_the_persons_own_country_comes_first() -> None:
    assert find_place("San Jose") == Ambiguous("San Jose")
    assert find_place("San Jose", country="US") == Place("America/Los_Angeles", "San Jose")
    assert find_place("Georgia", country="US") == Place("America/New_York", "Atlanta")


def test_a_world_city_is_meant_wherever_the_person_is_from() -> None:
    for country in ("US", "GB", "DE"):
        assert find_place("Paris", country=country) == Place("Europe/Paris", "Paris")


@pytest.mark.parametrize("words", ["", "Gotham", "the moon", "America/Argentina", "../etc/passwd", "/", "a/b/c", "milk, eggs"])
def test_no_such_place(words: str) -> None:
    assert find_place(words) is None


# --- a place and nothing else ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["denver", "Tokyo", "new york", "NYC", "LA", "london", "san francisco", "est", "pacific time", "Springfield, Illinois",
     "springfield illinois", "Europe/Berlin", "nuuk"],
)  # fmt: skip
def test_a_bare_city_that_everybody_knows_is_a_place(words: str) -> None:
    assert isinstance(find_place(words, bare=True), Place)


@pytest.mark.parametrize(
    "words",
    ["nice", "reading", "bath", "split", "mobile", "orange", "cork", "derby", "buffalo", "surprise", "paradise",
     "turkey", "china", "chad", "jordan", "georgia", "wake", "center", "midway", "easter", "van", "sale", "salt",
     "pest", "perm", "hue", "mesa", "cologne", "roma", "batman", "delta", "enterprise", "central", "mountain",
     "pacific", "et", "pt", "milk", "gym", "dentist", "eggs, milk", "call in", "reading, writing", "oat milk", "rent",
     "plumber", "taxes", "man", "kita"],
)  # fmt: skip
def test_an_ordinary_word_is_no_place(words: str) -> None:
    assert not isinstance(find_place(words, bare=True), Place)


def test_a_smaller_city_is_known_at_home() -> None:
    assert find_place("buffalo", bare=True) is None
    assert find_place("buffalo", bare=True, country="US") == Place("America/New_York", "Buffalo")


# --- the gazetteer -----------------------------------------------------------------------------------------------


def test_every_zone_of_the_gazetteer_exists_and_has_a_name_we_can_write() -> None:
    for zone in gazetteer.cities_by_zone():
        assert ZoneInfo(zone).key == zone
        assert is_gsm7(city_of_zone(zone))


def test_every_name_is_plain_ascii_and_found_by_itself() -> None:
    for name, spots in gazetteer.spots().items():
        assert name.isascii()
        assert all(gazetteer.key(spot.name) == name for spot in spots)


def test_the_gazetteer_names_its_source() -> None:
    for file in ("cities.tsv", "regions.tsv"):
        first = (gazetteer.DATA / file).read_text().split("\n", 1)[0]
        assert "GeoNames" in first
        assert "CC BY 4.0" in first


@given(st.text(max_size=60), st.booleans())
def test_any_words_at_all_are_answered(words: str, bare: bool) -> None:
    assert find_place(words, bare=bare) is None or isinstance(find_place(words, bare=bare), Place | Ambiguous)
