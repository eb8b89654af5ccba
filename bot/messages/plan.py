"""The rhythm of the daily digest in words: what comes, when, and when next."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import get_day_names, get_timezone_location

from bot.messages.language import Language
from bot.timetable.cities import offset_of
from bot.timetable.schedule import local_day, local_time
from storage.readers import EVERY_DAY, Reader
from storage.states import ReaderState

WORKDAYS = 0b0011111


def tell_plan(language: Language, reader: Reader, now: datetime) -> str:
    """Say what will come and when, the next time as the reader's own clock and calendar have it."""
    if reader.timezone is None or (reader.hour is None and not reader.on_arrival):
        return language.say("No daily digest yet: choose an hour and a time zone.")
    told = [_tell_rhythm(language, reader, city_of(language, reader.timezone))]
    if reader.days != EVERY_DAY:
        told.append(language.say("Only on these days: {days}.", days=name_days(language, reader)))
    today = local_day(now, reader.timezone)
    if reader.quiet_until and reader.quiet_until >= today:
        told.append(language.say("Quiet until {day}.", day=language.day(reader.quiet_until)))
    if reader.state is not ReaderState.ACTIVE:
        told.append(language.say("Paused until you /resume."))
    elif reader.next_due_at and not reader.on_arrival:
        told.append(_tell_next(language, reader.next_due_at, reader.timezone, now))
    return " ".join(told)


def _tell_rhythm(language: Language, reader: Reader, city: str) -> str:
    if reader.on_arrival:
        return language.count(
            "{count} pick as soon as the day's list is out, by the calendar of {city}.",
            "{count} picks as soon as the day's list is out, by the calendar of {city}.",
            reader.picks,
            city=city,
        )
    hour = f"{reader.hour:02}:00"
    if reader.days != EVERY_DAY:
        return language.count(
            "{count} pick at {hour}, {city} time.",
            "{count} picks at {hour}, {city} time.",
            reader.picks,
            hour=hour,
            city=city,
        )
    return language.count(
        "{count} pick every day at {hour}, {city} time.",
        "{count} picks every day at {hour}, {city} time.",
        reader.picks,
        hour=hour,
        city=city,
    )


def _tell_next(language: Language, due: datetime, zone: str, now: datetime) -> str:
    today, day = local_day(now, zone), local_day(due, zone)
    when = {"hour": local_time(due, zone), "city": city_of(language, zone)}
    if day == today:
        return language.say("Next: today at {hour} in {city}.", **when)
    if day == today + timedelta(days=1):
        return language.say("Next: tomorrow at {hour} in {city}.", **when)
    return language.say("Next: {day} at {hour} in {city}.", day=language.day(day), **when)


def name_days(language: Language, reader: Reader) -> str:
    """Name the weekdays that a reader wants digests on."""
    if reader.days == WORKDAYS:
        return language.say("Monday to Friday")
    names = get_day_names("abbreviated", locale=language.locale)
    return ", ".join(names[weekday] for weekday in range(7) if reader.days >> weekday & 1)


def city_of(language: Language, zone: str) -> str:
    """Name the city that a time zone is named after, where CLDR has it in the reader's language."""
    if offset := offset_of(zone):
        return offset
    return get_timezone_location(zone, locale=language.locale, return_city=True).rsplit("/", maxsplit=1)[-1]
