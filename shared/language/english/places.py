"""Places a person may be in, with the zone whose clock they follow: enough to know "denver" for a place and "Tokyo time" for a zone.

Zones are IANA names. Which zone a place setting finally gets, and which places share a name, is decided by `shared.schedule`.
"""

# ruff: noqa: E501 - names side by side

from __future__ import annotations

from typing import Final

_BY_ZONE: Final = {
    "America/New_York": (
        "new york, new york city, nyc, boston, philadelphia, atlanta, miami, washington, washington dc, baltimore, charlotte, "
        "pittsburgh, cleveland, columbus, orlando, tampa, raleigh, brooklyn, florida, georgia, new jersey, massachusetts, "
        "pennsylvania, virginia, ohio, maine, vermont, buffalo, richmond, jacksonville, cincinnati, eastern"
    ),
    "America/Detroit": "detroit, michigan",
    "America/Chicago": (
        "chicago, dallas, houston, austin, san antonio, new orleans, minneapolis, milwaukee, st louis, kansas city, memphis, "
        "nashville, texas, illinois, wisconsin, minnesota, iowa, alabama, oklahoma, oklahoma city, omaha, central"
    ),
    "America/Denver": "denver, colorado, salt lake city, utah, albuquerque, new mexico, boulder, montana, wyoming, mountain",
    "America/Phoenix": "phoenix, arizona, tucson",
    "America/Los_Angeles": (
        "los angeles, la, san francisco, sf, seattle, portland, san diego, las vegas, california, oregon, sacramento, san jose, "
        "oakland, nevada, pacific"
    ),
    "America/Anchorage": "anchorage, alaska",
    "Pacific/Honolulu": "honolulu, hawaii",
    "America/Toronto": "toronto, montreal, ottawa, quebec",
    "America/Vancouver": "vancouver",
    "America/Edmonton": "calgary, edmonton",
    "America/Winnipeg": "winnipeg",
    "America/Halifax": "halifax",
    "America/Mexico_City": "mexico city, mexico, guadalajara",
    "America/Bogota": "bogota, colombia",
    "America/Lima": "lima, peru",
    "America/Santiago": "santiago, chile",
    "America/Caracas": "caracas",
    "America/Havana": "havana",
    "America/Panama": "panama",
    "America/Sao_Paulo": "sao paulo, rio, rio de janeiro, brasilia, brazil",
    "America/Argentina/Buenos_Aires": "buenos aires, argentina",
    "Europe/London": "london, uk, england, scotland, wales, edinburgh, glasgow, manchester, birmingham, leeds, liverpool, bristol",
    "Europe/Dublin": "dublin, ireland",
    "Europe/Lisbon": "lisbon, portugal, porto",
    "Europe/Paris": "paris, france, lyon, marseille",
    "Europe/Madrid": "madrid, spain, barcelona, seville, valencia",
    "Europe/Berlin": "berlin, germany, munich, hamburg, frankfurt, cologne",
    "Europe/Vienna": "vienna, austria",
    "Europe/Zurich": "zurich, switzerland, geneva",
    "Europe/Rome": "rome, italy, milan, naples, venice, florence",
    "Europe/Amsterdam": "amsterdam, netherlands, rotterdam",
    "Europe/Brussels": "brussels, belgium",
    "Europe/Copenhagen": "copenhagen, denmark",
    "Europe/Oslo": "oslo, norway",
    "Europe/Stockholm": "stockholm, sweden",
    "Europe/Helsinki": "helsinki, finland",
    "Europe/Prague": "prague",
    "Europe/Warsaw": "warsaw, poland, krakow",
    "Europe/Budapest": "budapest, hungary",
    "Europe/Bucharest": "bucharest, romania",
    "Europe/Sofia": "sofia",
    "Europe/Athens": "athens, greece",
    "Europe/Istanbul": "istanbul, ankara",
    "Europe/Kyiv": "kyiv, kiev, ukraine",
    "Europe/Moscow": "moscow",
    "Africa/Cairo": "cairo, egypt",
    "Africa/Casablanca": "casablanca, morocco",
    "Africa/Lagos": "lagos, nigeria",
    "Africa/Accra": "accra, ghana",
    "Africa/Nairobi": "nairobi, kenya",
    "Africa/Johannesburg": "johannesburg, cape town, south africa",
    "Asia/Jerusalem": "jerusalem, tel aviv, israel",
    "Asia/Beirut": "beirut",
    "Asia/Dubai": "dubai, abu dhabi, uae",
    "Asia/Riyadh": "riyadh, saudi arabia",
    "Asia/Tehran": "tehran",
    "Asia/Karachi": "karachi, pakistan, lahore",
    "Asia/Kolkata": "mumbai, delhi, new delhi, bangalore, kolkata, chennai, hyderabad, india",
    "Asia/Dhaka": "dhaka, bangladesh",
    "Asia/Bangkok": "bangkok, thailand",
    "Asia/Ho_Chi_Minh": "hanoi, ho chi minh city, saigon, vietnam",
    "Asia/Jakarta": "jakarta, indonesia",
    "Asia/Makassar": "bali",
    "Asia/Kuala_Lumpur": "kuala lumpur, malaysia",
    "Asia/Singapore": "singapore",
    "Asia/Manila": "manila, philippines",
    "Asia/Hong_Kong": "hong kong",
    "Asia/Shanghai": "shanghai, beijing, china, shenzhen",
    "Asia/Taipei": "taipei, taiwan",
    "Asia/Seoul": "seoul, korea, south korea",
    "Asia/Tokyo": "tokyo, japan, osaka, kyoto",
    "Australia/Sydney": "sydney, melbourne, canberra",
    "Australia/Brisbane": "brisbane",
    "Australia/Adelaide": "adelaide",
    "Australia/Darwin": "darwin",
    "Australia/Perth": "perth",
    "Pacific/Auckland": "auckland, new zealand, wellington",
    "UTC": "utc, gmt",
}
#: Names of places (lower case) to IANA zones.
PLACES: Final = {place.strip(): zone for zone, places in _BY_ZONE.items() for place in places.split(",")}
#: Names that are other words too: never a place when they stand alone.
ALSO_WORDS: Final = frozenset(
    {
        "la",
        "rio",
        "central",
        "mountain",
        "eastern",
        "pacific",
        "florence",
        "georgia",
        "lima",
        "columbus",
        "china",
        "portland",
        "buffalo",
        "boulder",
        "austin",
        "perth",
        "florida",
        "turkey",
        "reading",
        "bath",
        "wales",
        "sofia",
        "richmond",
        "virginia",
        "bristol",
        "venice",
        "sydney",
        "darwin",
        "phoenix",
    }
)
_REGIONS: Final = (
    "alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, hawaii, idaho, illinois, indiana, iowa, "
    "kansas, kentucky, louisiana, maine, maryland, massachusetts, michigan, minnesota, mississippi, missouri, montana, nebraska, "
    "nevada, new hampshire, new jersey, new mexico, new york, north carolina, north dakota, ohio, oklahoma, oregon, pennsylvania, "
    "rhode island, south carolina, south dakota, tennessee, texas, utah, vermont, virginia, washington, west virginia, wisconsin, "
    "wyoming, ontario, quebec, british columbia, alberta, manitoba, saskatchewan, nova scotia, new brunswick, usa, canada, england, "
    "scotland, wales, ireland, uk, france, germany, spain, italy, portugal, netherlands, belgium, switzerland, austria, sweden, norway, "
    "denmark, finland, poland, greece, india, japan, australia, new zealand, mexico, brazil, argentina, south africa, new south wales"
)
#: States, provinces and countries that stand behind the name of a town: "Springfield, Illinois".
REGIONS: Final = frozenset(region.strip() for region in _REGIONS.split(","))
#: The same shortened, in capitals or where the lower case is no word: "Austin, TX".
STATES: Final = frozenset(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT "
    "VA WA WV WI WY DC ON QC BC AB MB SK NS NB UK".split()
)
#: Towns known only with their state: the name alone is several places, or a word.
SHARED_NAMES: Final = frozenset(
    "springfield aurora arlington lincoln jackson columbia lexington franklin clinton madison salem georgetown fairfield greenville "
    "bloomington burlington manchester rochester albany dover oxford cambridge birmingham charleston concord kingston hamilton windsor".split()
)
