"""What each button of the settings changes: its data, read back. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.messages.language import known_codes
from bot.messages.plan import WORKDAYS
from bot.messages.settings import HOURS, PERCENTILES, PICKS, QUIET_DAYS, View
from bot.timetable.schedule import is_zone, local_day
from storage.readers import EVERY_DAY, Reader
from storage.states import Layout


@dataclass(frozen=True, slots=True)
class Choice:
    """What a settings button changes, and which view follows (None: the next unknown, else all)."""

    change: Callable[[Reader], Reader]
    view: View | None = None
    only_shows: bool = False


def read_choice(data: str, now: datetime) -> Choice | None:
    """Read the data of a settings button; None where they are not of our writing."""
    match data.split(":", 2)[1:]:
        case ["view", view] if view in {*View}:
            return Choice(lambda reader: reader, View(view), only_shows=True)
        case ["hour", hour] if hour in HOURS:
            return Choice(lambda reader: replace(reader, hour=int(hour), on_arrival=False))
        case ["arrival", "on"]:
            return Choice(lambda reader: replace(reader, on_arrival=True))
        case ["zone", zone] if is_zone(zone):
            return Choice(lambda reader: replace(reader, timezone=zone))
        case [setting, value]:
            return _read_preference(setting, value, now)
    return None


def _read_preference(setting: str, value: str, now: datetime) -> Choice | None:  # noqa: PLR0911 - one a setting
    """Read what has a view of its own, or none."""
    match setting, value:
        case "picks", picks if picks in map(str, PICKS):
            return Choice(lambda reader: replace(reader, picks=int(picks)), View.HOME)
        case "empty", ("on" | "off"):
            return Choice(lambda reader: replace(reader, tell_empty=value == "on"), View.HOME)
        case "layout", layout if layout in {*Layout}:
            return Choice(lambda reader: replace(reader, layout=Layout(layout)), View.HOME)
        case "language", code if code in known_codes():
            return Choice(lambda reader: replace(reader, language=code), View.HOME)
        case "strength", strength if strength in {"own", *map(str, PERCENTILES)}:
            percentile = None if strength == "own" else int(strength)
            return Choice(lambda reader: replace(reader, percentile=percentile), View.HOME)
        case "quiet", days if days in map(str, (0, *QUIET_DAYS)):
            return Choice(lambda reader: _be_quiet(reader, int(days), now), View.HOME)
        case (("day" | "days"), _):
            return _read_days(value)
    return None


def _read_days(value: str) -> Choice | None:
    if value in {str(EVERY_DAY), str(WORKDAYS)}:
        return Choice(lambda reader: replace(reader, days=int(value)), View.DAYS)
    match value.split(":"):
        case [day, ("on" | "off") as told] if day in set("0123456"):
            return Choice(lambda reader: _switch_day(reader, 1 << int(day), on=told == "on"), View.DAYS)
    return None


def _switch_day(reader: Reader, day: int, *, on: bool) -> Reader:
    """Switch a weekday; the last one stays on, for pausing is another matter."""
    days = reader.days | day if on else reader.days & ~day
    return replace(reader, days=days or reader.days)


def _be_quiet(reader: Reader, days: int, now: datetime) -> Reader:
    """Want nothing for so many days, or, with none, whatever is to come.

    The first of them is today, or tomorrow where nothing more would come today anyway.
    """
    zone = reader.timezone or "UTC"
    today = local_day(now, zone)
    is_over = reader.next_due_at is not None and local_day(reader.next_due_at, zone) > today
    if days and reader.quiet_until == today + timedelta(days=days - 1):
        return reader  # the same wish told again: that nothing comes today is its own doing
    last = today + timedelta(days=days if is_over else days - 1)
    return replace(reader, quiet_until=last if days else None)
